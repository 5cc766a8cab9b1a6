package pg_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/pg/pgtest"
)

func clock() time.Time { return pgtest.Monday }

// two agencies with one office each, made by the owner.
func two(t *testing.T) (*pg.DB, [2]access.Actor) {
	t.Helper()
	name := pgtest.Database(t)
	owner, err := pg.Open(pgtest.DSN(t, "postgres", name), clock)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = owner.Close() }()
	var actors [2]access.Actor
	err = owner.Write(t.Context(), access.Actor{}, func(tx *pg.Tx) error {
		for i, slug := range []string{"one", "two"} {
			actors[i] = access.Actor{Agency: id.New[access.Agency](), ID: id.New[access.User](), Role: access.CaseManager}
			if err := pg.Insert(tx, `insert into agencies (id, slug, name, time_zone, state) values (:id, :slug, :slug, 'America/New_York', 'ME')`,
				pg.Args{"id": actors[i].Agency, "slug": slug}); err != nil {
				return err
			}
			if err := pg.Insert(tx, `insert into offices (agency_id, id, name) values (:agency, :id, 'Main')`,
				pg.Args{"agency": actors[i].Agency, "id": id.New[access.Office]()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	db, err := pg.Open(pgtest.DSN(t, "waymark_app", name), clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db, actors
}

func offices(t *testing.T, db *pg.DB, by access.Actor) int {
	t.Helper()
	var n int
	err := db.Read(t.Context(), by, func(tx *pg.Tx) (err error) {
		n, err = pg.Get[int](tx, "select count(*) from offices where name <> :none", pg.Args{"none": ""})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWithoutAnActorNothingIsVisible(t *testing.T) {
	t.Parallel()
	db, _ := two(t)
	if n := offices(t, db, access.Actor{}); n != 0 {
		t.Errorf("saw %d offices", n)
	}
}

func TestPooledConnectionsNeverMixAgencies(t *testing.T) {
	t.Parallel()
	db, actors := two(t)
	var wg sync.WaitGroup
	for i := range 400 {
		wg.Go(func() {
			if n := offices(t, db, actors[i%2]); n != 1 {
				t.Errorf("saw %d offices", n)
			}
		})
	}
	wg.Wait()
}

func TestARowOfAnotherAgencyCannotBeWritten(t *testing.T) {
	t.Parallel()
	db, actors := two(t)
	err := db.Write(t.Context(), actors[0], func(tx *pg.Tx) error {
		return pg.Insert(tx, `insert into offices (agency_id, id, name) values (:agency, :id, 'Theirs')`,
			pg.Args{"agency": actors[1].Agency, "id": id.New[access.Office]()})
	})
	if !errs.Is(err, errs.NotFound) {
		t.Errorf("got %v", err)
	}
}

func TestReadingTransactionsCannotWrite(t *testing.T) {
	t.Parallel()
	db, actors := two(t)
	err := db.Read(t.Context(), actors[0], func(tx *pg.Tx) error {
		return pg.Insert(tx, `insert into offices (agency_id, id, name) values (:agency, :id, 'New')`,
			pg.Args{"agency": actors[0].Agency, "id": id.New[access.Office]()})
	})
	if !errs.Is(err, errs.Unavailable) {
		t.Errorf("got %v", err)
	}
}

func TestAFailedUseCaseLeavesNothing(t *testing.T) {
	t.Parallel()
	db, actors := two(t)
	failed := errors.New("no")
	err := db.Write(t.Context(), actors[0], func(tx *pg.Tx) error {
		if err := pg.Insert(tx, `insert into offices (agency_id, id, name) values (:agency, :id, 'New')`,
			pg.Args{"agency": actors[0].Agency, "id": id.New[access.Office]()}); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) || offices(t, db, actors[0]) != 1 {
		t.Errorf("got %v", err)
	}
}

func TestTheSameNameTwiceIsAConflictThatNamesItsRule(t *testing.T) {
	t.Parallel()
	db, actors := two(t)
	err := db.Write(t.Context(), actors[0], func(tx *pg.Tx) error {
		return pg.Insert(tx, `insert into offices (agency_id, id, name) values (:agency, :id, 'MAIN')`,
			pg.Args{"agency": actors[0].Agency, "id": id.New[access.Office]()})
	})
	if e, ok := errors.AsType[*errs.Error](err); !ok || e.Code != "constraint.offices_by_name" {
		t.Errorf("got %v", err)
	}
}
