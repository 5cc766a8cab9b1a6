package outbox

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/pg"
)

// Way is one way out of the outbox, of letters or of texts.
type Way[T any] struct {
	// Take gives up what is too old in an agency and takes what is due.
	Take func(tx *pg.Tx) ([]T, error)
	// Hand hands one over, in no transaction, and returns whether it was sent and what notes how it went.
	Hand func(ctx context.Context, by access.Actor, one T) (sent bool, settle func(*pg.Tx) error)
}

// Sweep sends what is due in every agency that way, and counts it.
func (w Way[T]) Sweep(ctx context.Context, db *pg.DB) (sent int, err error) {
	type agency struct {
		ID access.AgencyID `db:"id"`
	}
	agencies, err := pg.AskAll[agency](ctx, db, `select id from app.agencies()`, nil)
	if err != nil {
		return 0, err
	}
	for _, a := range agencies {
		n, err := w.sweep(ctx, db, access.Actor{Agency: a.ID, Role: access.System})
		if sent += n; err != nil {
			return sent, err
		}
	}
	return sent, nil
}

func (w Way[T]) sweep(ctx context.Context, db *pg.DB, by access.Actor) (sent int, err error) {
	var due []T
	if err := db.Write(ctx, by, func(tx *pg.Tx) error {
		due, err = w.Take(tx)
		return err
	}); err != nil {
		return 0, err
	}
	for _, one := range due {
		taken, settle := w.Hand(ctx, by, one)
		if taken {
			sent++
		}
		if err := db.Write(ctx, by, settle); err != nil {
			return sent, err
		}
	}
	return sent, nil
}
