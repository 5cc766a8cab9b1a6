package pg_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// odd is a row of every kind of column that the program reads.
type odd struct {
	Text    string                  `db:"text"`
	None    *string                 `db:"none"`
	Number  int                     `db:"number"`
	Share   float64                 `db:"share"`
	Yes     bool                    `db:"yes"`
	Day     civil.Date              `db:"day"`
	Never   civil.Date              `db:"never"`
	Clock   civil.Clock             `db:"clock"`
	At      time.Time               `db:"at"`
	Bytes   []byte                  `db:"bytes"`
	Person  access.UserID           `db:"person"`
	Detail  pg.JSON[map[string]any] `db:"detail"`
	Matches bool                    `db:"matches"`
}

func TestWhatIsGatheredIsAnsweredAsIfAskedAlone(t *testing.T) {
	db, actors := two(t)
	by := actors[0]
	args := pg.Args{
		"text": `it's "odd" \ $1 ñ`, "number": 3, "share": 0.25, "yes": true, "day": civil.Of(clock()), "never": civil.Date{}, "at": clock(),
		"bytes": []byte{0, 1, 254, '\\'}, "person": by.ID, "detail": `{"a": [1, null, "x"]}`, "list": pg.Array([]string{"1", "3", `quo"te`}),
	}
	const query = `select cast(:text as text) as text, cast(null as text) as none, cast(:number as int) as number, cast(:share as float8) as share,
			cast(:yes as bool) as yes, cast(:day as date) as day, cast(:never as date) as never, cast(:text as text) = 'x' as matches,
			make_time(9, 30, 0) as clock, cast(:at as timestamptz) as at, cast(:bytes as bytea) as bytes, cast(:person as uuid) as person, cast(:detail as jsonb) as detail
		from generate_series(1, cast(:number as int)) n where cast(n as text) = any (cast(:list as text[])) order by n`
	const empty = `select name from offices where name = :name`
	for round := range 2 { // the second finds the statements prepared
		var alone, ahead []odd
		var rows, found int
		read(t, db, by, func(tx *pg.Tx) (err error) {
			alone, err = pg.List[odd](tx, query, args)
			return err
		})
		read(t, db, by, func(tx *pg.Tx) error {
			return pg.Gather(tx, func(tx *pg.Tx) (err error) {
				if ahead, err = pg.List[odd](tx, query, args); err != nil {
					return err
				}
				none, err := pg.List[string](tx, empty, pg.Args{"name": "none"})
				if err != nil || len(none) != 0 {
					t.Errorf("nothing comes back as %v", none)
				}
				if rows, err = pg.Get[int](tx, count, nil); err != nil || rows == 0 {
					return err
				}
				main, err := pg.List[string](tx, empty, pg.Args{"name": "Main"}) // is only asked for good
				found = len(main)
				return err
			})
		})
		if !reflect.DeepEqual(alone, ahead) || len(alone) != 2 {
			t.Errorf("round %d, alone:\n%+v\nahead:\n%+v", round, alone, ahead)
		}
		if rows != 1 || found != 1 {
			t.Errorf("round %d: %d offices, %d called Main", round, rows, found)
		}
	}
}

const count = `select count(*) from offices`

func TestGatheredAnswersEndWithTheTransactionAndAreOnlyOfReadings(t *testing.T) {
	db, actors := two(t)
	for i, by := range actors {
		ask := func(tx *pg.Tx) error {
			_, err := pg.Get[int](tx, count, nil)
			if err == nil {
				_, err = pg.List[string](tx, `select name from offices`, nil)
			}
			return err
		}
		read(t, db, by, func(tx *pg.Tx) error { return pg.Gather(tx, ask) })
		err := db.Write(t.Context(), by, func(tx *pg.Tx) error {
			if err := pg.Gather(tx, ask); err != nil {
				return err
			}
			if err := pg.Insert(tx, `insert into offices (agency_id, id, name) values (:agency, gen_random_uuid(), 'Second')`, pg.Args{"agency": by.Agency}); err != nil {
				return err
			}
			n, err := pg.Get[int](tx, count, nil)
			if n != 2 {
				t.Errorf("agency %d: a write sees %d offices after adding one, want 2", i, n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := offices(t, db, by); n != 2 {
			t.Errorf("agency %d: %d offices, want 2", i, n)
		}
	}
}

func TestAQuestionThatCannotBeGatheredFailsTheReadingAndNothingElse(t *testing.T) {
	db, actors := two(t)
	for _, bad := range []string{`select nothing from offices`, `select 1 / (count(*) - 1) from offices`} {
		err := db.Read(t.Context(), actors[0], func(tx *pg.Tx) error {
			return pg.Gather(tx, func(tx *pg.Tx) error {
				for _, q := range []string{count, bad, `select count(name) from offices`} {
					if _, err := pg.Get[int](tx, q, nil); err != nil {
						return err
					}
				}
				return nil
			})
		})
		if err == nil {
			t.Errorf("%s was answered", bad)
		}
		for range 5 {
			if n := offices(t, db, actors[0]); n != 1 {
				t.Errorf("after %s: %d offices, want 1", bad, n)
			}
		}
	}
}

func read(t *testing.T, db *pg.DB, by access.Actor, fn func(*pg.Tx) error) {
	t.Helper()
	if err := db.Read(t.Context(), by, fn); err != nil {
		t.Fatal(err)
	}
}

const instant = `select clock_timestamp()`

// Several services read each by itself; the database hears all of them at once.
func TestReadingsTogetherAreAskedAtOnceForTheirActorAndAnsweredForEach(t *testing.T) {
	db, actors := two(t)
	const pause = 60 * time.Millisecond
	for round, before := range []bool{false, false, true} { // statements to be prepared, prepared, a transaction that is open already
		ctx, s := pg.Reading(t.Context())
		if before {
			if n := officesIn(ctx, t, db, actors[0]); n != 1 {
				t.Fatalf("%d offices", n)
			}
		}
		var first, last time.Time
		var own, other int
		runs := 0
		if err := pg.Together(ctx, func() (err error) {
			runs++
			if err = db.Read(ctx, actors[0], func(tx *pg.Tx) (err error) {
				first, err = pg.Get[time.Time](tx, instant+` as first`, nil)
				return err
			}); err != nil {
				return err
			}
			time.Sleep(pause)
			own = officesIn(ctx, t, db, actors[0])
			return db.Read(ctx, actors[0], func(tx *pg.Tx) (err error) {
				last, err = pg.Get[time.Time](tx, instant+` as last`, nil)
				return err
			})
		}); err != nil {
			t.Fatal(err)
		}
		if apart := last.Sub(first); runs != 2 || own != 1 || first.IsZero() || apart < 0 || apart >= pause {
			t.Errorf("round %d: asked %v apart in %d runs, %d offices", round, apart, runs, own)
		}
		if other = officesIn(ctx, t, db, actors[1]); other != 1 {
			t.Errorf("round %d: the other agency has %d offices", round, other)
		}
		s.Close()
	}
}

func TestWhatIsReadForSomebodyElseOrAsksWronglyIsNoMatterForTheRest(t *testing.T) {
	db, actors := two(t)
	for range 2 {
		ctx, s := pg.Reading(t.Context())
		ids := map[string]bool{}
		if err := pg.Together(ctx, func() error {
			for _, by := range []access.Actor{actors[0], actors[1], actors[0]} {
				if err := db.Read(ctx, by, func(tx *pg.Tx) error {
					id, err := pg.Get[string](tx, `select cast(id as text) from offices`, nil)
					if _, err2 := pg.Get[int](tx, count, nil); err == nil {
						err = err2
					}
					if !tx.Hears() {
						ids[id+" of "+tx.Agency()] = true
					}
					return err
				}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if len(ids) != 2 {
			t.Errorf("two agencies read %v", ids)
		}
		err := pg.Together(ctx, func() error {
			officesIn(ctx, t, db, actors[0])
			return db.Read(ctx, actors[0], func(tx *pg.Tx) error {
				_, err := pg.Get[int](tx, `select 1 / (count(*) - 1) from offices`, nil)
				return err
			})
		})
		if err == nil {
			t.Error("a division by zero was answered")
		}
		if n := officesIn(ctx, t, db, actors[0]); n != 1 {
			t.Errorf("after a failure: %d offices", n)
		}
		s.Close()
		if n := officesIn(t.Context(), t, db, actors[1]); n != 1 {
			t.Errorf("after all: %d offices", n)
		}
	}
}

func officesIn(ctx context.Context, t *testing.T, db *pg.DB, by access.Actor) (n int) {
	t.Helper()
	if err := db.Read(ctx, by, func(tx *pg.Tx) (err error) {
		n, err = pg.Get[int](tx, count, nil)
		return err
	}); err != nil {
		t.Error(err)
	}
	return n
}

// What one actor was told is no answer for another, nor for anybody after the transaction.
func TestWhatWasAskedAheadIsKnownToItsTransactionAlone(t *testing.T) {
	db, actors := two(t)
	const whose = `select cast(agency_id as text) from offices`
	ask := func(tx *pg.Tx) error {
		return pg.Gather(tx, func(tx *pg.Tx) error {
			if _, err := pg.List[string](tx, whose, nil); err != nil {
				return err
			}
			_, err := pg.Get[int](tx, count, nil)
			return err
		})
	}
	ctx, snapshot := pg.Reading(t.Context())
	defer snapshot.Close()
	err := db.Read(ctx, actors[0], func(first *pg.Tx) error {
		if err := db.Read(ctx, actors[1], ask); err != nil {
			t.Errorf("the second actor: %v", err)
		}
		if told, err := pg.List[string](first, whose, nil); err == nil {
			t.Errorf("the first actor, whose transaction is over, is told %v; agency %s", told, actors[0].Agency)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var kept *pg.Tx
	read(t, db, actors[0], func(tx *pg.Tx) error {
		kept = tx
		return ask(tx)
	})
	if told, err := pg.List[string](kept, whose, nil); err == nil {
		t.Errorf("after its end a transaction tells %v", told)
	}
}

// Runs by itself: others open transactions as well.
func TestAfterAWholeReadingOthersAreOfTheSameActorAndOfALaterMoment(t *testing.T) {
	db, actors := two(t)
	ctx, snapshot := pg.Reading(t.Context())
	defer snapshot.Close()
	count := func(query string) (n int) {
		t.Helper()
		if err := db.Read(ctx, actors[0], func(tx *pg.Tx) (err error) {
			n, err = pg.Get[int](tx, query, nil)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const first, second = `select count(*) from offices`, `select count(*) from offices where name <> ''`
	if err := pg.Whole(ctx, func() error {
		count(first)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), actors[0], func(tx *pg.Tx) error {
		return pg.Insert(tx, `insert into offices (agency_id, id, name) values (:agency, gen_random_uuid(), 'Second')`, pg.Args{"agency": actors[0].Agency})
	}); err != nil {
		t.Fatal(err)
	}
	before := pg.Transactions()
	if n := count(first); n != 1 || pg.Transactions() != before {
		t.Errorf("what was asked as a whole: %d offices, want 1 and no other transaction", n)
	}
	for range 2 {
		if n := count(second); n != 2 || pg.Transactions() != before+1 {
			t.Errorf("what is asked afterwards: %d offices of the actor's agency, want 2, in one other transaction", n)
		}
	}
	snapshot.Close()
	if n := offices(t, db, actors[1]); n != 1 {
		t.Errorf("afterwards the other agency has %d offices, want 1", n)
	}
}

// Filters make more statements than a connection keeps. Runs by itself, so that it finds the same connection again.
func TestAConnectionKeepsABoundedNumberOfStatementsThatAreAskedAhead(t *testing.T) {
	db, actors := two(t)
	kept := 0
	for i := range 1300 {
		ctx, snapshot := pg.Reading(t.Context())
		if err := pg.Whole(ctx, func() error {
			return db.Read(ctx, actors[0], func(tx *pg.Tx) error {
				n, err := pg.Get[int](tx, fmt.Sprintf(`select count(*) + %d from offices`, i), nil)
				if err == nil && !tx.Hears() && n != 1+i {
					t.Errorf("question %d is answered with %d", i, n)
				}
				return err
			})
		}); err != nil {
			t.Fatal(err)
		}
		snapshot.Close()
		if i%100 == 99 {
			ctx, snapshot := pg.Reading(t.Context())
			if err := db.Read(ctx, actors[0], func(tx *pg.Tx) error {
				n, err := pg.Get[int](tx, `select count(*) from pg_prepared_statements where name like 'ahead%'`, nil)
				kept = max(kept, n)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			snapshot.Close()
		}
	}
	if kept < 100 || kept > 600 {
		t.Errorf("a connection kept %d statements, want hundreds and at most 600", kept)
	}
}
