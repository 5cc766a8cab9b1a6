package audit_test

import (
	"context"
	"testing"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/pg"
	"waymark/internal/world"
)

func TestTheChainNamesARowThatWasTamperedWith(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	ctx := t.Context()
	for range 3 {
		note(t, ctx, w, w.Dana, "note.written")
	}
	note(t, ctx, w, w.Kim, "note.written")
	system := access.Actor{Agency: w.Agency.ID, Role: access.System}
	head, err := audit.Chain(ctx, w.DB, system)
	if err != nil || head.Seq != 3 || len(head.Hash) != 64 {
		t.Fatalf("%+v %v", head, err)
	}
	note(t, ctx, w, w.Walt, "plan.drafted")
	verify(t, ctx, w, system, 3, "", 1)
	if head, err = audit.Chain(ctx, w.DB, system); err != nil || head.Seq != 4 {
		t.Fatalf("%+v %v", head, err)
	}
	if again, err := audit.Chain(ctx, w.DB, system); err != nil || again != head {
		t.Fatalf("chaining again changed the head: %+v %v", again, err)
	}
	verify(t, ctx, w, system, 4, "", 0)

	// The program itself cannot change a row.
	if err := w.DB.Write(ctx, w.Dana, func(tx *pg.Tx) error { return pg.Insert(tx, `update audit_log set action = 'x'`, nil) }); err == nil {
		t.Error("the program may only add to the trail")
	}
	var second string
	err = w.Owner.Write(ctx, system, func(tx *pg.Tx) (err error) {
		if second, err = pg.Get[string](tx, `select cast(audit_id as text) from audit_chain where agency_id = :agency and seq = 2`, pg.Args{"agency": system.Agency}); err != nil {
			return err
		}
		for _, q := range []string{`alter table audit_log disable trigger keep`, `update audit_log set detail = jsonb_build_object('count', 2) where id = cast(:id as uuid)`, `alter table audit_log enable trigger keep`} {
			if err := pg.Insert(tx, q, pg.Args{"id": second}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	verify(t, ctx, w, system, 1, second, 0)
}

func note(t *testing.T, ctx context.Context, w *world.World, by access.Actor, action string) {
	t.Helper()
	err := w.DB.Write(ctx, by, func(tx *pg.Tx) error {
		return audit.Append(tx, by, audit.Entry{Action: action, Detail: map[string]any{"count": 1}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func verify(t *testing.T, ctx context.Context, w *world.World, by access.Actor, checked int, broken string, tail int) {
	t.Helper()
	c, b, n, err := audit.Verify(ctx, w.DB, by)
	if err != nil || c != checked || b != broken || n != tail {
		t.Fatalf("checked %d broken %q tail %d err %v, want %d %q %d", c, b, n, err, checked, broken, tail)
	}
}
