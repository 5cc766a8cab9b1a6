package account_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"waymark/internal/account"
	"waymark/internal/mail"
	"waymark/internal/pg"
	"waymark/internal/world"
)

// postbox is a mail server that fails while it is told to.
type postbox struct {
	down    bool
	letters []mail.Letter
}

func (p *postbox) Send(_ context.Context, l mail.Letter) error {
	if p.down {
		return errors.New("down")
	}
	p.letters = append(p.letters, l)
	return nil
}

func TestAForgottenPasswordIsSentThreeTimesAnHourAndNamesNobody(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := account.New(w.DB, w.Policy, "https://waymark.example.org/")
	for i := range 5 {
		if err := s.Forgot(t.Context(), " DANA@rivervalley.test", string(rune('a'+i))); err != nil {
			t.Fatal(err)
		}
		s.Settle()
	}
	if err := s.Forgot(t.Context(), "nobody@nowhere.test", "z"); err != nil {
		t.Fatal(err)
	}
	s.Settle()
	box := &postbox{down: true}
	if sent, err := mail.Sweep(t.Context(), w.DB, box); err != nil || sent != 0 {
		t.Fatal(sent, err)
	}
	box.down = false
	if sent, err := mail.Sweep(t.Context(), w.DB, box); err != nil || sent != 0 {
		t.Fatalf("a failed letter waits: %d %v", sent, err)
	}
	due(t, w)
	if sent, err := mail.Sweep(t.Context(), w.DB, box); err != nil || sent != 3 {
		t.Fatalf("%d letters, want 3: %v", sent, err)
	}
	for _, l := range box.letters {
		if l.Recipient != "dana@rivervalley.test" || strings.Contains(l.Body, "Dana") || strings.Contains(l.Body, "Whitfield") || !strings.Contains(l.Body, "https://waymark.example.org/password/reset/") {
			t.Errorf("%+v", l)
		}
	}
	// Only the newest link works, and it is forgotten by the outbox once sent.
	usable := 0
	for _, l := range box.letters {
		_, after, _ := strings.Cut(l.Body, "/password/reset/")
		token, _, _ := strings.Cut(after, "\n")
		found, err := s.FindLink(t.Context(), token, account.Reset)
		if err != nil {
			t.Fatal(err)
		}
		if found.Usable {
			usable++
		}
		if other, err := s.FindLink(t.Context(), token, account.Invitation); err != nil || other.Usable {
			t.Error("a link is good for one purpose")
		}
	}
	if usable != 1 {
		t.Errorf("%d links work, want 1", usable)
	}
	err := w.Owner.Read(t.Context(), w.Dana, func(tx *pg.Tx) error {
		n, err := pg.Get[int](tx, `select count(*) from outbox where body <> ''`, nil)
		if n != 0 {
			t.Errorf("%d letters keep their link", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func due(t *testing.T, w *world.World) {
	t.Helper()
	if err := w.Owner.Write(t.Context(), w.Dana, func(tx *pg.Tx) error {
		return pg.Insert(tx, `update outbox set next_at = clock_timestamp()`, nil)
	}); err != nil {
		t.Fatal(err)
	}
}

func TestSweepWithoutAMailServerLeavesLetters(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := account.New(w.DB, w.Policy, "http://localhost")
	if err := s.Forgot(t.Context(), "walt@rivervalley.test", "x"); err != nil {
		t.Fatal(err)
	}
	s.Settle()
	if sent, err := mail.Sweep(t.Context(), w.DB, nil); err != nil || sent != 0 {
		t.Fatal(sent, err)
	}
	box := &postbox{}
	if sent, err := mail.Sweep(t.Context(), w.DB, box); err != nil || sent != 1 {
		t.Fatal(sent, err)
	}
}

func TestNewPasswordsMustBeGood(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{
		"short":                           "password_short",
		"passwordpassword1":               "password_common",
		"qwertyuiopasdfghjkl":             "password_common",
		"whitfield river stone":           "password_own",
		strings.Repeat("ab1", 50):         "max",
		"lantern orchard violet":          "",
		"ñandú azul entre las nubes 2026": "",
	} {
		err := account.Acceptable("p", password, "Dana", "Whitfield")
		got := ""
		if err != nil {
			_, got, _ = strings.Cut(err.Error(), "p=")
		}
		if got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}
