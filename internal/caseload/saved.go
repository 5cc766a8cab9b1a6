package caseload

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Columns that the page can show beside the name, in their order.
var Columns = []string{"step", "pathway", "milestone", "since", "next", "exit", "flag", "manager"}

// usual are the columns of a list that names none. A list of several people's cases shows whose each is.
func usual(by access.Actor) []string {
	if by.Role == access.CaseManager {
		return Columns[:7]
	}
	return Columns
}

// Shows reports whether the list has a column.
func (f Filter) Shows(by access.Actor, column string) bool {
	list := f.Columns
	if len(list) == 0 {
		list = usual(by)
	}
	return slices.Contains(list, column)
}

// Saved is a list's address under a name of one's own.
type Saved struct {
	ID    id.Of[Saved] `db:"id" json:"id"`
	Name  string       `db:"name" json:"name"`
	Query string       `db:"query" json:"query"`
}

// SavedInput names an address: what stands behind its question mark.
type SavedInput struct {
	Name  string `json:"name" validate:"required,max=60"`
	Query string `json:"query" validate:"max=1000"`
}

// mostSaved is how many views somebody may keep.
const mostSaved = 20

// keys are what an address of a list may carry; the page of a long list is not part of a view.
var keys = []string{"view", "q", "step", "pathway", "language", "urgency", "flag", "case_manager", "office", "sort", "columns", "limit"}

// Kept reports whether a view keeps a field of the address.
func Kept(name string) bool { return slices.Contains(keys, name) }

// Normal is the address without what a view does not keep, in one order.
func Normal(query string) (string, error) {
	q, err := url.ParseQuery(query)
	if err != nil {
		return "", errs.At("query", "value")
	}
	for k, v := range q {
		if !Kept(k) || strings.Join(v, "") == "" {
			delete(q, k)
		}
	}
	return q.Encode(), nil
}

// savedQuery reads the views of :scope_user, in the order in which they were saved.
const savedQuery = `select id, name, query from saved_views where user_id = :scope_user order by created_at, id limit 50`

// SavedViews lists the actor's own, in the order in which they were saved.
func (s *Service) SavedViews(ctx context.Context, by access.Actor) (list []Saved, err error) {
	if err := s.policy.Require(by, access.ReadCaseload); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Saved](tx, savedQuery, pg.Args{"scope_user": by.ID})
		return err
	})
	return list, err
}

// SaveView keeps an address under a name; the same name again takes the new address.
func (s *Service) SaveView(ctx context.Context, by access.Actor, in SavedInput) (made Saved, err error) {
	in.Name = strings.TrimSpace(in.Name)
	if err := check.Struct(in); err != nil {
		return made, err
	}
	if err := s.policy.Require(by, access.ReadCaseload); err != nil {
		return made, err
	}
	if in.Query, err = Normal(in.Query); err != nil {
		return made, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		n, err := pg.Get[int](tx, `select count(*) from saved_views where user_id = :me and lower(name) <> lower(:name)`, pg.Args{"me": by.ID, "name": in.Name})
		if err != nil {
			return err
		}
		if n >= mostSaved {
			return errs.AtArgs("name", "too_many_views", map[string]any{"param": mostSaved})
		}
		made, err = pg.Get[Saved](tx, `insert into saved_views (agency_id, id, user_id, name, query, created_at) values (:agency, :id, :me, :name, :query, :now)
			on conflict (agency_id, user_id, lower(name)) do update set name = excluded.name, query = excluded.query returning id, name, query`,
			pg.Args{"agency": by.Agency, "id": id.New[Saved](), "me": by.ID, "name": in.Name, "query": in.Query, "now": tx.Now})
		return err
	})
	return made, err
}

// RemoveView forgets one of the actor's own; any other is NotFound.
func (s *Service) RemoveView(ctx context.Context, by access.Actor, of id.Of[Saved]) error {
	if err := s.policy.Require(by, access.ReadCaseload); err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		n, err := pg.Exec(tx, `delete from saved_views where id = :id and user_id = :me`, pg.Args{"id": of, "me": by.ID})
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "not_found")
		}
		return err
	})
}
