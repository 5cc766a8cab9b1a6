// Package sweep does what is due, again and again: mail, the audit chain, the agencies' clean-up.
// Every sweep is idempotent and takes no harm from running twice.
package sweep

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/digest"
	"waymark/internal/document"
	"waymark/internal/mail"
	"waymark/internal/participation"
	"waymark/internal/pg"
	"waymark/internal/reminder"
	"waymark/internal/sms"
	"waymark/internal/transfer"
)

// Sweeper is what a sweep works with.
type Sweeper struct {
	DB     *pg.DB
	Sender mail.Sender
	Texts  sms.Sender
	// BaseURL is where the links of reminders lead.
	BaseURL string
	Log     *slog.Logger
	// Transfers carries out the moves of people whose day has come.
	Transfers *transfer.Service
	// Digests are the morning letters; nil writes none.
	Digests *digest.Service
	// Files are papers on the disk, and DiskTime is the disk's time; nil leaves them alone.
	Files    *document.Files
	DiskTime func() time.Time
	// Done is told after every sweep that went without a fault; nil tells nobody.
	Done func()
}

type agency struct {
	ID   access.AgencyID `db:"id"`
	Slug string          `db:"slug"`
	Zone string          `db:"time_zone"`
}

// Report says what a sweep did for an agency.
type Report struct {
	Agency string
	AsOf   civil.Date
	Exits  int // fixed
}

// Once sweeps every agency as of a day, each agency's today when that is zero; one agency's fault does
// not keep the others waiting.
func (s Sweeper) Once(ctx context.Context, asOf civil.Date) (done []Report, err error) {
	agencies, err := pg.AskAll[agency](ctx, s.DB, `select id, slug, time_zone from app.agencies()`, pg.Args{})
	if err != nil {
		return nil, err
	}
	var faults []error
	for _, a := range agencies {
		zone, err := account.Zone(a.Zone)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		by := access.Actor{Agency: a.ID, Role: access.System, Zone: zone}
		r := Report{Agency: a.Slug, AsOf: asOf}
		if r.AsOf.IsZero() {
			r.AsOf = by.Today(s.DB.Now())
		}
		if r.Exits, err = participation.FixDue(ctx, s.DB, by, r.AsOf); err != nil {
			faults = append(faults, err)
		}
		if err := casefile.Roll(ctx, s.DB, by, r.AsOf); err != nil {
			faults = append(faults, err)
		}
		if err := casefile.Age(ctx, s.DB, by, r.AsOf); err != nil {
			faults = append(faults, err)
		}
		done = append(done, r)
		if _, err := audit.Chain(ctx, s.DB, by); err != nil {
			faults = append(faults, err)
		}
		if s.Transfers != nil {
			if err := s.Transfers.Due(ctx, by); err != nil {
				faults = append(faults, err)
			}
		}
		if _, err := reminder.Sweep(ctx, s.DB, by, s.BaseURL); err != nil {
			faults = append(faults, err)
		}
		if s.Digests != nil {
			if err := s.Digests.Due(ctx, by); err != nil {
				faults = append(faults, err)
			}
		}
		if err := s.forget(ctx, by); err != nil {
			faults = append(faults, err)
		}
		if s.Files != nil {
			if _, err := s.Files.Sweep(ctx, s.DB, by, s.DiskTime()); err != nil {
				faults = append(faults, err)
			}
		}
	}
	if _, err := pg.Ask[int](ctx, s.DB, `select app.forget_failures()`, pg.Args{}); err != nil {
		faults = append(faults, err)
	}
	return done, errors.Join(append(faults, s.Post(ctx))...)
}

// Post sends what waits in the outboxes.
func (s Sweeper) Post(ctx context.Context) error {
	_, letters := mail.Sweep(ctx, s.DB, s.Sender)
	_, texts := sms.Sweep(ctx, s.DB, s.Texts)
	return errors.Join(letters, texts)
}

// forget drops what is only kept for a while: ended sessions, old submissions, drafts after 30 days.
func (s Sweeper) forget(ctx context.Context, by access.Actor) error {
	return s.DB.Write(ctx, by, func(tx *pg.Tx) error {
		for _, q := range []string{
			`delete from sessions where created_at < clock_timestamp() - interval '1 day' and agency_id = :agency`,
			`delete from submissions where created_at < clock_timestamp() - interval '2 days' and agency_id = :agency`,
			`delete from digests where made_at < clock_timestamp() - interval '60 days' and agency_id = :agency`,
			`delete from drafts where saved_at < clock_timestamp() - interval '30 days' and agency_id = :agency`,
		} {
			if err := pg.Insert(tx, q, pg.Args{"agency": by.Agency}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Every sweeps until ctx ends, and posts more often: somebody waits for a code.
func Every(ctx context.Context, pause, post time.Duration, s Sweeper) {
	go again(ctx, post, s.Log, s.Post)
	again(ctx, pause, s.Log, func(ctx context.Context) error {
		_, err := s.Once(ctx, civil.Date{})
		if err == nil && s.Done != nil {
			s.Done()
		}
		return err
	})
}

func again(ctx context.Context, pause time.Duration, log *slog.Logger, do func(context.Context) error) {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := do(ctx); err != nil && ctx.Err() == nil {
				log.WarnContext(ctx, "sweep", "err", err.Error())
			}
		}
	}
}
