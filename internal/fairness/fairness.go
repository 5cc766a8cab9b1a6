// Package fairness shows where people get stuck and who gets which pathway. The equal-opportunity answers
// come through one door of the database, which gives counts only and hides the small ones itself.
package fairness

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/pg"
)

// Dimensions of the equal-opportunity block, in its order.
var Dimensions = []string{"sex", "ethnicity", "race", "disability"}

// Dwell is the median of the days that people spent in a step before they left it, over the last year.
// Days is nil where fewer than ten left it.
type Dwell struct {
	Step   int  `db:"step" json:"step"`
	People int  `db:"n" json:"people"`
	Days   *int `db:"days" json:"days"`
	Target int  `db:"-" json:"target"`
}

// Share is how many of a group were first recommended a pathway, chose it, and finished something on it.
// Nil is fewer than ten, or hidden beside them.
type Share struct {
	Dimension   string `db:"dimension" json:"dimension"`
	Group       string `db:"grp" json:"group"`
	Pathway     string `db:"pathway" json:"pathway_code"`
	Recommended *int   `db:"recommended" json:"recommended"`
	Chosen      *int   `db:"chosen" json:"chosen"`
	Completed   *int   `db:"completed" json:"completed"`
}

// Override is how often a case manager's people chose something that was not among the recommended.
type Override struct {
	CaseManager string `db:"name" json:"case_manager"`
	Chosen      int    `db:"chosen" json:"chosen"`
	Percent     *int   `db:"percent" json:"override_percent"`
}

// View is the whole page.
type View struct {
	Steps     []Dwell    `json:"steps"`
	Shares    []Share    `json:"shares"`
	Overrides []Override `json:"overrides"`
}

// Of are the shares of a dimension.
func (v View) Of(dimension string) (list []Share) {
	for _, s := range v.Shares {
		if s.Dimension == dimension {
			list = append(list, s)
		}
	}
	return list
}

// Service answers the page.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// Read counts for the whole agency: an office is too small to hide anybody in.
func (s *Service) Read(ctx context.Context, by access.Actor) (v View, err error) {
	if err := s.policy.Require(by, access.ReadFairness); err != nil {
		return v, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		today := by.Today(tx.Now)
		rules, err := agency.SettingsOn(tx, today)
		if err != nil {
			return err
		}
		if v.Steps, err = pg.List[Dwell](tx, `select g.step, count(s.id) as n,
				case when count(s.id) >= 10 then cast(round(percentile_cont(0.5) within group (order by s.until_on - s.from_on)) as int) end as days
			from generate_series(1, 5) g (step) left join step_stays s on s.step = g.step and s.until_on > cast(:today as date) - 365
			group by g.step order by g.step limit 6`, pg.Args{"today": today}); err != nil {
			return err
		}
		for i := range v.Steps {
			v.Steps[i].Target = rules.StepTargets[v.Steps[i].Step-1]
		}
		if v.Shares, err = pg.List[Share](tx, `select dimension, grp, pathway, recommended, chosen, completed from app.fair_shares() limit 1000`, nil); err != nil {
			return err
		}
		v.Overrides, err = pg.List[Override](tx, `select u.first_name || ' ' || u.last_name as name, count(*) as chosen,
				case when count(*) >= 10 then cast(round(100.0 * count(*) filter (where not s.in_snapshot) / count(*)) as int) end as percent
			from selections s join users u on u.agency_id = s.agency_id and u.id = s.recorded_by
			where s.chosen_on > cast(:today as date) - 365 group by u.id, u.first_name, u.last_name order by u.last_name, u.id limit 500`, pg.Args{"today": today})
		return err
	})
	return v, err
}
