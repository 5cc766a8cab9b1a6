package caseload

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/pg"
)

// Picked is somebody chosen in a list.
type Picked struct {
	CaseID access.CaseID `db:"case_id" json:"case_id"`
	Name   string        `db:"name" json:"name"`
	Number string        `db:"number" json:"number"`
}

// Pick reads who was chosen, as far as they are in the actor's lists.
func (s *Service) Pick(ctx context.Context, by access.Actor, cases []access.CaseID) (list []Picked, err error) {
	scope, err := s.policy.Scope(by, access.ReadCaseload)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(cases))
	for i, c := range cases {
		ids[i] = c.String()
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Picked](tx, `select c.id as case_id, p.last_name || ', ' || coalesce(nullif(p.preferred_name, ''), p.first_name) as name, p.number
			from cases c join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
			where c.id = any (:ids) and `+scope.Where()+` order by p.search_key, c.id limit 200`, pg.Args{"ids": pg.Array(ids)}.In(scope, tx))
		return err
	})
	return list, err
}

// Found counts the people of a filtered list, by the list's own condition.
func (s *Service) Found(ctx context.Context, by access.Actor, f Filter) (n int, err error) {
	scope, err := s.policy.Scope(by, access.ReadCaseload)
	if err != nil {
		return 0, err
	}
	if err := f.check(); err != nil {
		return 0, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		today := by.Today(tx.Now)
		rules, err := casefile.RulesFor(tx, by)
		if err != nil {
			return err
		}
		n, err = pg.Get[int](tx, f.foundQuery(scope), f.args(scope, tx, today, rules, cursor{}))
		return err
	})
	return n, err
}

// foundQuery counts the rows of a list.
func (f Filter) foundQuery(scope access.Scope) string {
	return `select count(*) from ` + f.from() + `
		where ` + f.where() + ` and ` + scope.Where()
}

// Manager is somebody whose cases stand in the actor's lists.
type Manager struct {
	ID   access.UserID `db:"id"`
	Name string        `db:"name"`
}

// Named is whom and which office a filter names, in words.
type Named struct {
	Manager string `db:"manager"`
	Office  string `db:"office"`
}

// Named reads the names of the case manager and the office of a filter, empty for those it does not have.
func (s *Service) Named(ctx context.Context, by access.Actor, f Filter) (n Named, err error) {
	if err := s.policy.Require(by, access.ReadCaseload); err != nil {
		return n, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		n, err = pg.Get[Named](tx, `select coalesce((select first_name || ' ' || last_name from users where id = :manager and role in ('case_manager', 'supervisor')), '') as manager,
			coalesce((select name from offices where id = :office), '') as office`, pg.Args{"manager": f.CaseManager, "office": f.Office})
		return err
	})
	return n, err
}

// Managers lists whose open cases the actor's lists hold.
func (s *Service) Managers(ctx context.Context, by access.Actor) (list []Manager, err error) {
	scope, err := s.policy.Scope(by, access.ReadCaseload)
	if err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Manager](tx, `select u.id, u.first_name || ' ' || u.last_name as name from users u
			where u.id in (select c.case_manager_id from cases c where `+casefile.OpenStates+` and `+scope.Where()+`) order by u.last_name, u.id limit 500`, pg.Args{}.In(scope, tx))
		return err
	})
	return list, err
}
