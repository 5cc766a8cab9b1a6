// Package draft keeps what somebody has typed and not yet saved: one draft a person and form,
// for 30 days. It never goes into the browser's own storage.
package draft

import (
	"net/url"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// MaxBytes bounds one draft.
const MaxBytes = 64 << 10

// Draft is one form that was begun. Title is a key of the catalogue; Name is the person it is
// about, looked up when the list is read.
type Draft struct {
	Form    string        `db:"form" json:"form"`
	Title   string        `db:"title" json:"title"`
	CaseID  access.CaseID `db:"case_id" json:"case_id"`
	Name    string        `db:"name" json:"name"`
	SavedAt time.Time     `db:"saved_at" json:"saved_at"`
}

// CaseOf is the case that a key like "checkin:<case id>" names, if any.
func CaseOf(key string) access.CaseID {
	_, text, _ := strings.Cut(key, ":")
	c, err := id.Parse[access.Case](text)
	if err != nil {
		return access.CaseID{}
	}
	return c
}

// Save keeps the fields of a form, without its token, its own key and passwords.
func Save(tx *pg.Tx, by access.Actor, key, titleKey string, typed url.Values) error {
	if key == "" || len(key) > 200 {
		return errs.New(errs.NotFound, "not_found")
	}
	kept := url.Values{}
	for name, values := range typed {
		if name != "form_token" && name != "draft" && !strings.Contains(name, "password") {
			kept[name] = values
		}
	}
	if len(kept.Encode()) > MaxBytes {
		return errs.New(errs.TooLarge, "too_large")
	}
	return pg.Insert(tx, `insert into drafts (agency_id, user_id, form, case_id, title, values, saved_at)
		values (:agency, :user, :form, :case_id, :title, :values, :now)
		on conflict (agency_id, user_id, form) do update set values = excluded.values, saved_at = excluded.saved_at, title = excluded.title`,
		pg.Args{"agency": by.Agency, "user": by.ID, "form": key, "case_id": CaseOf(key), "title": titleKey, "values": pg.AsJSON(kept), "now": tx.Now})
}

type saved struct {
	Values pg.JSON[url.Values] `db:"values"`
	At     time.Time           `db:"saved_at"`
}

// oldest is the instant before which a draft counts no more.
func oldest(tx *pg.Tx) time.Time { return tx.Now.AddDate(0, 0, -30) }

// Load finds what the actor typed into a form before.
func Load(tx *pg.Tx, by access.Actor, key string) (url.Values, time.Time, bool, error) {
	d, found, err := pg.Find[saved](tx, `select values, saved_at from drafts where user_id = :user and form = :form and saved_at > :oldest`,
		pg.Args{"user": by.ID, "form": key, "oldest": oldest(tx)})
	return d.Values.V, d.At, found, err
}

// Clear forgets a draft, and whatever the actor has left for longer than it counts.
func Clear(tx *pg.Tx, by access.Actor, key string) error {
	return pg.Insert(tx, `delete from drafts where user_id = :user and (form = :form or saved_at <= :oldest)`,
		pg.Args{"user": by.ID, "form": key, "oldest": oldest(tx)})
}

// List is what the actor has begun, newest first. When a case has gone out of reach, what was typed stays
// hidden, and so does the name.
func List(tx *pg.Tx, by access.Actor, scope access.Scope) ([]Draft, error) {
	return pg.List[Draft](tx, `select d.form, d.title, d.case_id, d.saved_at,
			coalesce(case when p.preferred_name <> '' then p.preferred_name else p.first_name end || ' ' || p.last_name, '') as name
		from drafts d
		left join cases c on c.agency_id = d.agency_id and c.id = d.case_id
			and `+scope.Where()+`
		left join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
		where d.user_id = :user and d.saved_at > :oldest and (d.case_id is null or c.id is not null)
		order by d.saved_at desc limit 50`, pg.Args{"user": by.ID, "oldest": oldest(tx)}.In(scope, tx))
}
