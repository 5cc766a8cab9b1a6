package server

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"waymark/internal/errs"
	"waymark/internal/pg"
)

// tokens makes form tokens: random, bound to the session by a keyed hash. One token has two
// duties: it proves that the form is ours, and it is the key that lets a form count once.
type tokens struct{ key []byte }

// newTokens derives the key from the program's own, so that a form opened before a restart is
// still ours after it and still counts once.
func newTokens(from []byte) (tokens, error) {
	if len(from) == 0 {
		from = make([]byte, 32)
		_, _ = rand.Read(from)
	}
	key, err := hkdf.Key(sha256.New, from, nil, "waymark form tokens", 32)
	return tokens{key}, err
}

func (t tokens) make(session string) string {
	n := make([]byte, 16)
	_, _ = rand.Read(n)
	nonce := base64.RawURLEncoding.EncodeToString(n)
	return nonce + "." + t.sign(session, nonce)
}

func (t tokens) sign(session, nonce string) string {
	h := hmac.New(sha256.New, t.key)
	h.Write([]byte(session + "\x00" + nonce))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

func (t tokens) holds(session, token string) bool {
	nonce, mac, ok := strings.Cut(token, ".")
	return ok && hmac.Equal([]byte(mac), []byte(t.sign(session, nonce)))
}

// submission finds the key under which a change is sent, and refuses forms that are not ours.
func (r *request) submission() error {
	route := r.c.Request.Method + " " + r.c.Request.URL.Path
	if r.isAPI {
		if key := r.c.GetHeader("Idempotency-Key"); key != "" {
			if len(key) < 8 || len(key) > 200 || strings.ContainsFunc(key, func(c rune) bool { return c < '!' || c > '~' }) {
				return errs.At("Idempotency-Key", "value")
			}
			r.send = &pg.Submission{Key: key, Route: route, BodyHash: r.bodyHash()}
		}
		return nil
	}
	token := r.posted.Get("form_token")
	if !r.s.tokens.holds(r.session.ID.String(), token) {
		return errs.New(errs.Forbidden, "form.token")
	}
	r.send = &pg.Submission{Key: token, Route: route, BodyHash: r.bodyHash()}
	return nil
}

type stored struct {
	Route    string `db:"route"`
	Hash     []byte `db:"body_hash"`
	Status   int    `db:"status"`
	Location string `db:"location"`
	Body     []byte `db:"body"`
}

// repeated answers a submission that was already taken as it was answered then. While the first
// is still being answered, or if the program died between commit and answer, it says that it is done.
func (r *request) repeated() error {
	var s stored
	for range 20 {
		err := r.s.db.Read(r.c.Request.Context(), r.by, func(tx *pg.Tx) (err error) {
			s, err = pg.Get[stored](tx, `select route, body_hash, status, location, coalesce(body, '') as body from submissions where user_id = :user and key = :key`,
				pg.Args{"user": r.by.ID, "key": r.send.Key})
			return err
		})
		if err != nil {
			return err
		}
		if s.Status != 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if s.Route != r.send.Route || r.isAPI && !bytes.Equal(s.Hash, r.send.BodyHash) {
		refused := errs.At("Idempotency-Key", "submission.key_reused")
		refused.Code = "submission.key_reused"
		return refused
	}
	if !r.isAPI {
		if s.Location == "" {
			s.Location = "/"
		}
		return r.go303(s.Location)
	}
	if s.Status == 0 {
		s.Status, s.Body = http.StatusCreated, []byte(`{"recorded":true}`)
	}
	if s.Location != "" {
		r.c.Header("Location", s.Location)
	}
	r.c.Data(s.Status, "application/json", s.Body)
	return nil
}

// remember keeps the answer of a submission that was stored. What was done is on the disk already and
// is answered: when this fails or is lost, a repetition learns only that it was recorded.
func (r *request) remember() {
	if !r.send.Stored() || r.answer.status == 0 {
		return
	}
	err := r.s.db.Soon(r.c.Request.Context(), r.by, func(tx *pg.Tx) error {
		return pg.Insert(tx, `update submissions set status = :status, location = :location, body = :body where user_id = :user and key = :key`,
			pg.Args{"status": r.answer.status, "location": r.answer.location, "body": r.answer.body, "user": r.by.ID, "key": r.send.Key})
	})
	if err != nil {
		slog.WarnContext(r.c.Request.Context(), "answer not remembered", "err", scrub(err), "request", r.by.RequestID)
	}
}

func isRepeated(err error) bool {
	e, ok := errors.AsType[*errs.Error](err)
	return ok && e.Code == "submission.repeated"
}
