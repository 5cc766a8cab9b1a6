package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/draft"
	"waymark/internal/pg"
)

func TestADraftIsKeptAndTheTokenStaysGood(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browse(t, "dana@rivervalley.test")
	b.get("/account").is(200)
	token := b.token()
	typed := url.Values{"form_token": {token}, "first_name": {"Da"}, "password": {"secret"}, "version": {"1"}}
	for range 2 {
		b.post("/drafts/profile?title=account.title", typed).is(http.StatusNoContent)
	}
	b.post("/drafts/profile", url.Values{"form_token": {"not ours"}}).is(403)
	b.post("/drafts/profile", url.Values{"form_token": {token}, "x": {strings.Repeat("x", draft.MaxBytes)}}).is(413)
	err := s.DB.Read(t.Context(), s.Dana, func(tx *pg.Tx) error {
		values, _, found, err := draft.Load(tx, s.Dana, "profile")
		if !found || values.Get("first_name") != "Da" || values.Has("password") || values.Has("form_token") {
			t.Errorf("kept %v", values)
		}
		scope, serr := s.Policy.Scope(s.Dana, access.ReadCaseload)
		if serr != nil {
			return serr
		}
		list, lerr := draft.List(tx, s.Dana, scope)
		if lerr != nil || len(list) != 1 || list[0].Title != "account.title" {
			t.Errorf("%v %v", list, lerr)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// The same token still saves the form itself.
	b.post("/account", url.Values{"form_token": {token}, "first_name": {"Dana"}, "last_name": {"W"}, "email": {"dana@rivervalley.test"}, "language": {"en"}, "version": {"1"}}).is(303)
	b.get("/account")
	b.post("/drafts/profile/discard", nil).is(303)
	found := true
	_ = s.DB.Read(t.Context(), s.Dana, func(tx *pg.Tx) (err error) {
		_, _, found, err = draft.Load(tx, s.Dana, "profile")
		return err
	})
	if found {
		t.Error("a discarded draft is gone")
	}
}

func TestADraftCountsForThirtyDaysAndOnlyForItsWriter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browse(t, "dana@rivervalley.test")
	b.get("/account")
	b.post("/drafts/goal:x", url.Values{"form_token": {b.token()}, "what": {"a"}}).is(204)
	has := func(by access.Actor) (found bool) {
		_ = s.DB.Read(t.Context(), by, func(tx *pg.Tx) (err error) {
			_, _, found, err = draft.Load(tx, by, "goal:x")
			return err
		})
		return found
	}
	if !has(s.Dana) || has(s.Priya) || has(s.Kim) {
		t.Error("a draft is its writer's alone")
	}
	s.Set("2026-12-24")
	if has(s.Dana) {
		t.Error("after 30 days a draft counts no more")
	}
}

func TestAutosaveDoesNotKeepASessionAlive(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browse(t, "dana@rivervalley.test")
	b.get("/account")
	token := b.token()
	age := func(minutes int) {
		if err := s.Owner.Write(t.Context(), s.Dana, func(tx *pg.Tx) error {
			return pg.Insert(tx, `update sessions set seen_at = clock_timestamp() - make_interval(mins => :n)`, pg.Args{"n": minutes})
		}); err != nil {
			t.Fatal(err)
		}
	}
	idle := func() (minutes float64) {
		_ = s.Owner.Read(t.Context(), s.Dana, func(tx *pg.Tx) (err error) {
			minutes, err = pg.Get[float64](tx, `select extract(epoch from clock_timestamp() - max(seen_at)) / 60 from sessions`, nil)
			return err
		})
		return minutes
	}
	age(20)
	b.post("/drafts/profile", url.Values{"form_token": {token}, "a": {"b"}}).is(204)
	if idle() < 19 {
		t.Error("autosave is not activity")
	}
	b.post("/session/touch", url.Values{"form_token": {token}}).is(204)
	if idle() > 1 {
		t.Error("Stay signed in is activity")
	}
	b.post("/session/touch", url.Values{"form_token": {token}}).is(204)
	age(31)
	b.post("/drafts/profile", url.Values{"form_token": {token}, "a": {"b"}}).is(303)
}
