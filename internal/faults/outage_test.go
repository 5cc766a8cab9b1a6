package faults

import (
	"bytes"
	"database/sql"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/lib/pq" // a foreign program's connections
)

func TestWhileTheDatabaseIsGoneNothingTypedIsLostAndItCountsOnceAfterwards(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.signedIn()
	token := signIn(t, h.http.URL+"/api/v1", h.Email)
	path, note := "/cases/"+h.Case+"/check-ins", "Typed while the database was gone"
	typed := b.form(path+"/new", path, url.Values{"note": {note}})
	h.databaseStops()

	refused := b.post(path, typed)
	h.busy("a form", refused, 2*time.Second)
	h.busy("a page", b.get("/today"), 2*time.Second)
	h.busy("the API", b.api("/me", token), 2*time.Second)
	if a := b.get("/readyz"); a.Status != 503 {
		t.Errorf("/readyz says %d", a.Status)
	}
	if a := b.get("/healthz"); a.Status != 200 {
		t.Errorf("/healthz says %d", a.Status)
	}
	if row := b.part(path, typed); row.Header.Get("HX-Retarget") != "body" {
		t.Errorf("in a row of Today the busy page would stand in the row: %v", row.Header)
	}
	kept, found := formIn(t, refused.Body, path)
	if !found || kept.Encode() != typed.Encode() {
		t.Fatalf("typed %v, kept %v", typed, kept)
	}

	h.databaseStarts()
	h.programStarts() // whoever restarts one restarts the other: the form is still ours
	h.comesBack(b, "/today")
	var sent sync.WaitGroup
	for range 20 {
		sent.Go(func() {
			if a := b.post(path, kept); a.Status != 303 {
				t.Errorf("sent again: %d %.500s", a.Status, a.Body)
			}
		})
	}
	sent.Wait()
	if n := h.checkIns(note); n != 1 {
		t.Errorf("the check-in is there %d times", n)
	}
}

func TestATransactionWhoseFirstQuestionsFailedIsNotHandedOutAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.signedIn()
	h.comesBack(b, "/today")
	h.exec(`revoke select on cases from waymark_app`) // so what is asked with the beginning fails
	if a := b.get("/today"); a.Status == 200 {
		t.Error("a page was made of nothing")
	}
	h.exec(`grant select on cases to waymark_app`)
	for range 5 {
		if a := b.get("/today"); a.Status != 200 {
			t.Errorf("%d %.300s", a.Status, a.Body)
		}
	}
}

func TestAPasswordIsNeverWrittenIntoTheBusyPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browse()
	typed := b.form("/sign-in", "/sign-in", url.Values{"email": {h.Email}, "password": {"a secret phrase"}})
	h.databaseStops()
	a := b.post("/sign-in", typed)
	h.busy("signing in", a, 2*time.Second)
	if strings.Contains(a.Body, "a secret phrase") {
		t.Error("the page repeats the password")
	}
}

func TestWithoutAFreeConnectionTheAnswerIsBusyAndItRecovers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.signedIn()
	h.programStarts() // an empty pool
	foreign, err := sql.Open("postgres", h.base.DSN("waymark_app", "waymark"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = foreign.Close() })
	var held []*sql.Conn
	for {
		c, err := foreign.Conn(t.Context())
		if err != nil {
			break
		}
		held = append(held, c)
	}
	t.Logf("a foreign program holds %d connections", len(held))
	h.busy("a page", b.get("/today"), time.Second)
	for _, c := range held {
		_ = c.Close()
	}
	_ = foreign.Close()
	h.comesBack(b, "/today")
}

func TestWhenTheDatabaseFreezesEveryRequestIsAnsweredAndItRecovers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.signedIn()
	h.comesBack(b, "/today")
	signalAll(t, h.dir, syscall.SIGSTOP)
	t.Cleanup(func() { signalAll(t, h.dir, syscall.SIGCONT) })
	a := b.get("/today")
	t.Logf("answered with %d after %s", a.Status, a.Took.Round(time.Millisecond))
	h.busy("a page", a, 6*time.Second)
	signalAll(t, h.dir, syscall.SIGCONT)
	h.comesBack(b, "/today")
}

func TestWhenTheAnswerCannotBeKeptTheChangeIsAcknowledgedWholeAndOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.exec(`create function refuse() returns trigger language plpgsql as 'begin raise exception ''the disk is full'' using errcode = ''53100''; end'`)
	h.exec(`create trigger refuse before update on submissions for each row execute function refuse()`)
	l := &ledger{t: t, base: h.http.URL + "/api/v1"}
	c := &client{ledger: l, name: "a", token: signIn(t, l.base, h.Email), caseID: h.Case}
	e := &entry{Key: "ledger-a-000000", Case: h.Case}
	long := bytes.Replace(c.body(e, 0), []byte(e.Key), []byte(e.Key+strings.Repeat(" and so on", 200)), 1) // long enough to be compressed
	for _, named := range []bool{true, false} {
		id, err := c.send(e.Key, long)
		if err != nil || named != (id != "") {
			t.Errorf("answered %q, %v", id, err)
		}
	}
	if n := h.checkIns(e.Key + "%"); n != 1 {
		t.Errorf("the check-in is there %d times", n)
	}
}

func (h *house) exec(query string) {
	h.t.Helper()
	db, err := sql.Open("postgres", h.dsn())
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(h.t.Context(), query); err != nil {
		h.t.Fatal(err)
	}
}
