// Package world is what tests live in: two agencies with offices and staff in a database of their
// own, on Monday 2026-11-23. People and their cases are made through the services.
package world

import (
	"sync/atomic"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/civil"
	"waymark/internal/pg"
	"waymark/internal/pg/pgtest"
	"waymark/internal/seed"
	"waymark/policies"
)

// Password is everybody's.
const Password = "waymark-demo-2026"

var hash = func() string {
	h, err := account.Hash(Password)
	if err != nil {
		panic(err)
	}
	return h
}()

// World has one agency to work in and one whose people are strangers.
type World struct {
	DB     *pg.DB
	Owner  *pg.DB // bypasses row-level security: for looking, never for doing
	Policy *access.Policy
	Key    []byte

	Agency, Other                      seed.Made
	Dana, Walt, Marcus, Admin, Auditor access.Actor
	Priya                              access.Actor // a colleague of Dana's at the same office
	Kim, Noor                          access.Actor // of the other agency
	MainStreet, Harbor                 access.OfficeID

	now atomic.Pointer[time.Time]
}

// New makes a world of its own for a test.
func New(t testing.TB) *World {
	t.Helper()
	w := &World{Key: make([]byte, 32)}
	w.now.Store(&pgtest.Monday)
	name := pgtest.Database(t)
	open := func(user string, connect func(string, func() time.Time) (*pg.DB, error)) *pg.DB {
		db, err := connect(pgtest.DSN(t, user, name), w.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	w.Owner, w.DB = open("postgres", pg.OpenOwner), open("waymark_app", pg.Open)
	var err error
	if w.Policy, err = access.Load(policies.Model, policies.Policy); err != nil {
		t.Fatal(err)
	}
	w.Agency = create(t, w.Owner, seed.RiverValley())
	w.Other = create(t, w.Owner, seed.NorthCoast())
	s := w.Agency.Staff
	w.Dana, w.Walt, w.Marcus, w.Admin, w.Auditor, w.Priya = s[0], s[1], s[2], s[3], s[4], s[5]
	w.Kim, w.Noor = w.Other.Staff[0], w.Other.Staff[1]
	w.MainStreet, w.Harbor = w.Agency.Offices[0], w.Agency.Offices[1]
	return w
}

func create(t testing.TB, owner *pg.DB, a seed.Agency) seed.Made {
	t.Helper()
	made, err := seed.Create(t.Context(), owner, a, hash)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// Now is the world's time; it stands still until Set.
func (w *World) Now() time.Time { return *w.now.Load() }

// Set moves the world to 9 in the morning, New York, of a day.
func (w *World) Set(day string) {
	t := civil.MustParse(day).Time().Add(14 * time.Hour)
	w.now.Store(&t)
}

// SetTime moves the world to a moment.
func (w *World) SetTime(t time.Time) { w.now.Store(&t) }

// Today is the civil date at the agency.
func (w *World) Today() civil.Date { return w.Dana.Today(w.Now()) }
