package server_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/account"
	"waymark/internal/pg"
	"waymark/internal/world"
)

// tries signs Dana in from a new browser, or from one that has been there, and gives the answer.
func (b *browser) tries(password string) reply {
	b.t.Helper()
	b.get("/sign-in").is(200)
	return b.post("/sign-in", url.Values{"email": {"dana@rivervalley.test"}, "password": {password}, "next": {"/"}})
}

// overdue makes every wait that goes on now be over.
func (s *site) overdue(t *testing.T) {
	t.Helper()
	if err := s.Owner.Write(t.Context(), s.Dana, func(tx *pg.Tx) error {
		return pg.Insert(tx, `update throttle set until = now() - interval '1 second', last_at = now() - interval '2 minutes'`, nil)
	}); err != nil {
		t.Fatal(err)
	}
}

func TestWhoGuessesElsewhereDoesNotKeepTheOwnerOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	own := s.browse(t, "dana@rivervalley.test")
	own.get("/account").is(200)
	own.post("/sign-out", nil).is(303)
	other := s.browse(t, "")
	for range 6 {
		other.tries("a wrong guess for sure")
	}
	other.tries(world.Password).is(429)
	own.tries(world.Password).is(303)
	own.get("/account")
	own.post("/sign-out", nil).is(303)
	own.tries("a wrong guess for sure").is(401) // the mark opens nothing
}

func TestAHundredFailuresInARowCloseTheAccountUntilANewPassword(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	own := s.browse(t, "dana@rivervalley.test")
	own.get("/account")
	own.post("/sign-out", nil).is(303)
	guesser := s.browse(t, "")
	guesser.tries("a wrong guess for sure").is(401)
	if err := s.Owner.Write(t.Context(), s.Dana, func(tx *pg.Tx) error { return pg.Insert(tx, `update sign_in_failures set failures = 99`, nil) }); err != nil {
		t.Fatal(err)
	}
	guesser.tries("a wrong guess for sure").is(401)
	s.overdue(t)
	if r := own.tries(world.Password).is(401); !strings.Contains(string(r.Body), "too many wrong tries") {
		t.Errorf("%.600s", r.Body)
	}
	// Nobody is told whether there is such an account.
	for range 2 {
		guesser.post("/sign-in", url.Values{"email": {"nobody@nowhere.test"}, "password": {"a wrong guess for sure"}}).is(401)
	}
	s.comesBackWithANewPassword(t, "dana@rivervalley.test")
}

// comesBackWithANewPassword follows the link of a forgotten password and signs in.
func (s *site) comesBackWithANewPassword(t *testing.T, email string) {
	t.Helper()
	const fresh = "seven quiet herons over the marsh"
	b := s.browse(t, "")
	b.get("/password/forgot").is(200)
	b.post("/password/forgot", url.Values{"email": {email}})
	s.Settle()
	letters := strings.Join(s.outbox(t, email), "\n")
	at := letters[strings.Index(letters, "/password/reset/"):]
	at = at[:strings.Index(at, "\n")]
	b.get(at).is(200)
	b.post(at, url.Values{"new_password": {fresh}, "again": {fresh}}).is(303)
	b.get("/sign-in").is(200)
	b.post("/sign-in", url.Values{"email": {email}, "password": {fresh}, "next": {"/"}}).is(303)
}

func TestAFloodOfFailuresSlowsEveryTryButThoseOfKnownDevices(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	own := s.browse(t, "dana@rivervalley.test")
	own.get("/account")
	own.post("/sign-out", nil).is(303)
	if err := s.Owner.Write(t.Context(), s.Dana, func(tx *pg.Tx) error {
		return pg.Insert(tx, `insert into throttle (key, failures, until, last_at) select sha256(convert_to(cast(n as text), 'UTF8')), 1, now(), clock_timestamp() from generate_series(1, 300) n`, nil)
	}); err != nil {
		t.Fatal(err)
	}
	other := s.browse(t, "")
	if wait := other.tries(world.Password).is(429).Header.Get("Retry-After"); wait != "10" {
		t.Errorf("told to wait %q seconds", wait)
	}
	own.tries(world.Password).is(303)
	s.overdue(t)
	other.tries(world.Password).is(303)
}

func TestAPasswordThatIsGuessedFirstIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for _, p := range []string{
		"passwordpassword1", "correct horse battery staple", "Correct-Horse battery staple", "monkeydragon1234", "qwertyuiopasdfgh", "december november",
		"princessprincess1", "minionminionminion", "p4ssw0rd p4ssw0rd", "whitfield whitfield", "aaaaaaaaaaaaaaaaaaaa", "zzzzyyyyzzzzyyyy", "waymarkwaymark2026",
	} {
		if account.Acceptable("password", p, "Whitfield") == nil {
			t.Errorf("%q may be used", p)
		}
	}
	for _, p := range []string{"seven quiet herons over the marsh", "tejado azul con once gatos", "xK9!vR2#mQ7pL4sT", strings.Repeat("aB3$x", 3) + "tail of mine"} {
		if err := account.Acceptable("password", p, "Whitfield"); err != nil {
			t.Errorf("%q may not be used: %v", p, err)
		}
	}
	began := time.Now()
	_ = account.Acceptable("password", strings.Repeat("aB3$", 32))
	t.Logf("128 characters took %v", time.Since(began))
}
