package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/mail"
	"waymark/internal/msg"
	"waymark/internal/pg"
	"waymark/internal/sms"
)

// CodeLife is how long a code and the link beside it work.
const (
	CodeLife    = 10 * time.Minute
	codesPerDay = 20 // of one address; five tries each keep guessing at a hundred a day
)

// AskInput is where a code goes: an e-mail or a telephone.
type AskInput struct {
	Where string `json:"where" validate:"required,max=254"`
}

// place is an address that can be looked for: one of the two.
type place struct{ email, digits string }

func (p place) key() []byte { return throttleKey("code", p.email+"\x00"+p.digits) }

// place reads what was typed.
func (in AskInput) place() (p place, err error) {
	typed := strings.ToLower(strings.TrimSpace(in.Where))
	if err := check.Struct(AskInput{typed}); err != nil {
		return p, err
	}
	if p.digits = sms.Digits(typed); p.digits != "" && !strings.Contains(typed, "@") {
		return p, nil
	}
	p = place{email: typed}
	if check.Struct(InvitationInput{Email: typed}) != nil {
		return p, errs.At("where", "where")
	}
	return p, nil
}

// AskCode sends a code and a link to whoever may have the address, and gives what the asking browser
// has to keep. The answer is always the same and does not wait for the work.
func (s *Service) AskCode(ctx context.Context, in AskInput, ip string) (ask string, err error) {
	p, err := in.place()
	if err != nil {
		return "", err
	}
	keys := [][]byte{p.key(), throttleKey("code_ip", ip)}
	if err := s.held(ctx, keys); err != nil {
		return "", err
	}
	if _, err := pg.Ask[int](ctx, s.db, `select app.failed(:keys)`, pg.Args{"keys": pg.Array(keys)}); err != nil {
		return "", err
	}
	ask, _ = newToken()
	s.after(ctx, func(ctx context.Context) error { return s.sendCode(ctx, p, ask) })
	return ask, nil
}

// codePerson is somebody whom an address may mean.
type codePerson struct {
	Agency   access.AgencyID `db:"agency_id"`
	User     access.UserID   `db:"user_id"`
	Language string          `db:"language"`
	Born     civil.Date      `db:"birth_date"`
	Stopped  bool            `db:"stopped"`
}

// sendCode keeps a code for each person who may be meant, or one for nobody, and sends it once.
func (s *Service) sendCode(ctx context.Context, p place, ask string) error {
	people, err := pg.AskAll[codePerson](ctx, s.db, `select agency_id, user_id, language, birth_date, stopped from app.code_people(:email, :digits)`,
		pg.Args{"email": p.email, "digits": p.digits})
	if err != nil {
		return err
	}
	if p.digits != "" { // whoever wrote STOP gets no text
		people = slices.DeleteFunc(people, func(c codePerson) bool { return c.Stopped })
	}
	if len(people) == 0 {
		people = []codePerson{{}}
	}
	one := newCode(ask)
	made := 0
	for _, person := range people {
		if made, err = s.putCode(ctx, one, p.key(), person); err != nil {
			return err
		}
	}
	to := people[0]
	if to.User.IsZero() || made > codesPerDay {
		return nil
	}
	by := access.Actor{Agency: to.Agency, ID: to.User, Role: access.System}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error { return s.tellCode(tx, by, p, to.Language, one) })
}

// code is one asking: the six digits, the link, and what the browser holds.
type code struct{ ask, digits, link string }

func newCode(ask string) code {
	n, _ := rand.Int(rand.Reader, big.NewInt(1_000_000)) // never fails since Go 1.24
	link, _ := newToken()
	return code{ask: ask, digits: fmt.Sprintf("%06d", n), link: link}
}

// codeHash binds the digits to what only the asking browser holds.
func codeHash(ask, digits string) []byte {
	h := sha256.Sum256([]byte("code\x00" + ask + "\x00" + digits))
	return h[:]
}

func (s *Service) putCode(ctx context.Context, one code, address []byte, to codePerson) (made int, err error) {
	digits := one.digits
	if to.User.IsZero() {
		digits = "" // no code is the right one
	}
	return pg.Ask[int](ctx, s.db, `select app.put_code(:ask, :link, :code, :address, :agency, :user, :born, :seconds)`,
		pg.Args{
			"ask": hashToken(one.ask), "link": hashToken(one.link), "code": codeHash(one.ask, digits), "address": address, "agency": to.Agency, "user": to.User,
			"born": to.Born, "seconds": int(CodeLife.Seconds()),
		})
}

// tellCode puts the letter or the text into the outbox. It names nobody. Its last line lets a phone fill
// the code in by itself.
func (s *Service) tellCode(tx *pg.Tx, by access.Actor, p place, lang string, one code) error {
	words := msg.For(lang)
	host := s.baseURL
	if u, err := url.Parse(s.baseURL); err == nil {
		host = u.Hostname()
	}
	args := msg.Args{"code": one.digits, "host": host}
	if one.link != "" {
		args["link"] = s.baseURL + "/sign-in/link/" + one.link
	}
	if p.digits != "" {
		_, err := sms.Queue(tx, by, p.digits, sms.Text{Kind: sms.Code, Body: words.T("text.code", args)})
		return err
	}
	return mail.Queue(tx, by, mail.Letter{Kind: sms.Code, Recipient: p.email, Subject: words.T("mail.code.subject", args), Body: words.T("mail.code.body", args)})
}

// CodeInput is the code as it came, and the birth date when several people share the address.
type CodeInput struct {
	Code string     `json:"code" validate:"required,max=20"`
	Born civil.Date `json:"birth_date"`
}

// digits are those of a code, however it was typed or pasted.
func (in CodeInput) digits() string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, in.Code)
}

// UseCode starts a session for whoever has the code in the browser that asked for it. Unknown, wrong,
// old and used ones answer alike; of several uses at once exactly one counts.
func (s *Service) UseCode(ctx context.Context, ask string, in CodeInput, ip string) (token string, err error) {
	if err := check.Struct(in); err != nil {
		return "", err
	}
	right := string(codeHash(ask, in.digits()))
	return s.enter(ctx, hashToken(ask), in.Born, ip, func(r codeRow) bool { return string(r.Code) == right })
}

// LinkInput is what the page of a link asks when several people share the address.
type LinkInput struct {
	Born civil.Date `json:"birth_date"`
}

// UseSignInLink is UseCode for the link beside the code, which works in any browser.
func (s *Service) UseSignInLink(ctx context.Context, link string, in LinkInput, ip string) (token string, err error) {
	return s.enter(ctx, hashToken(link), in.Born, ip, func(codeRow) bool { return true })
}

type codeRow struct {
	Code    []byte          `db:"code_hash"`
	Address []byte          `db:"address_key"`
	Agency  access.AgencyID `db:"agency_id"`
	User    access.UserID   `db:"user_id"`
	Born    civil.Date      `db:"birth_date"`
}

var errCode = errs.At("code", "code_wrong")

// claim counts a try, finds the one person who is meant, and takes the code out of use.
func (s *Service) claim(ctx context.Context, key []byte, born civil.Date, right func(codeRow) bool) (meant codeRow, err error) {
	rows, err := pg.AskAll[codeRow](ctx, s.db, `select code_hash, address_key, agency_id, user_id, birth_date from app.try_code(:key)`, pg.Args{"key": key})
	if err != nil {
		return meant, err
	}
	meant, err = whom(rows, born, right)
	if err != nil {
		if len(rows) > 0 {
			_, failed := pg.Ask[int](ctx, s.db, `select app.failed(:keys)`, pg.Args{"keys": pg.Array([][]byte{rows[0].Address})})
			if failed != nil {
				return meant, failed
			}
		}
		return meant, err
	}
	used, err := pg.Ask[int](ctx, s.db, `select app.use_code(:key)`, pg.Args{"key": key})
	if err == nil && used == 0 {
		err = errCode
	}
	return meant, err
}

// whom finds the one person whom a right code means; those who share an address are told apart by their
// birth date, which is asked for only after the code was right.
func whom(rows []codeRow, born civil.Date, right func(codeRow) bool) (meant codeRow, err error) {
	var left []codeRow
	for _, r := range rows {
		if !r.User.IsZero() && right(r) {
			left = append(left, r)
		}
	}
	switch {
	case len(left) == 0:
		return meant, errCode
	case len(left) == 1:
		return left[0], nil
	case born.IsZero():
		return meant, errs.At("birth_date", "birth_needed")
	}
	n := 0
	for _, r := range left {
		if r.Born == born {
			meant, n = r, n+1
		}
	}
	if n != 1 {
		return codeRow{}, errs.At("birth_date", "birth_differs")
	}
	return meant, nil
}

// enter starts the session of whoever a code or a link belongs to.
func (s *Service) enter(ctx context.Context, key []byte, born civil.Date, ip string, right func(codeRow) bool) (token string, err error) {
	meant, err := s.claim(ctx, key, born, right)
	if err != nil {
		return "", err
	}
	by := access.Actor{Agency: meant.Agency, ID: meant.User, Role: access.System}
	if token, err = s.begin(ctx, by, "code"); err != nil {
		return "", err
	}
	if _, err := pg.Ask[int](ctx, s.db, `select app.forgiven(:keys)`, pg.Args{"keys": pg.Array([][]byte{meant.Address, throttleKey("code_ip", ip)})}); err != nil {
		slog.WarnContext(ctx, "code: forgiven", "err", err.Error())
	}
	return token, nil
}
