package team

import (
	"context"
	"sync"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/casefile"
	"waymark/internal/caseload"
	"waymark/internal/pg"
)

// Service answers the supervisor's page.
type Service struct {
	db     *pg.DB
	policy *access.Policy
	mu     sync.Mutex
	trends map[trendKey]Trend
	// measures are kept for a while as the trends are.
	measures map[trendKey]Measures
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service {
	return &Service{db: db, policy: policy, trends: map[trendKey]Trend{}, measures: map[trendKey]Measures{}}
}

// Overview reads the team in reach: the agency's rules, and one statement for every number.
func (s *Service) Overview(ctx context.Context, by access.Actor) (o Overview, err error) {
	scope, err := s.policy.Scope(by, access.ReadTeam)
	if err != nil {
		return o, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		o.Day = by.Today(tx.Now)
		rules, err := agency.SettingsOn(tx, o.Day)
		if err != nil {
			return err
		}
		args := casefile.RulesOf(rules, by.Role).Args(o.Day)
		o.OnTimeTarget = rules.OnTimePercent
		o.Limit, o.StalledDays = rules.CaseloadLimit, rules.StalledDays
		found, err := pg.Get[row](tx, Query(scope), args.In(scope, tx))
		if err != nil {
			return err
		}
		o.Managers, o.Steps, o.Stalled = found.Managers.V, found.Steps.V, found.Stalled.V
		o.filled(rules.StepTargets)
		return nil
	})
	return o, err
}

type row struct {
	Managers pg.JSON[[]Load]  `db:"managers"`
	Steps    pg.JSON[[]Dwell] `db:"steps"`
	Stalled  pg.JSON[[]Stuck] `db:"stalled"`
}

// Query reads the open cases of the scope once and counts them in three ways. A test holds its plan
// against sequential scans.
func Query(scope access.Scope) string {
	return `with mine as materialized (
			select c.id, c.case_manager_id, c.step, c.step_since, greatest(c.progress_on, c.last_reached_on, c.step_since) as moved_on, ` + caseload.Urgency + ` as urgency
			from cases c where ` + casefile.OpenStates + ` and ` + scope.Where() + `
		), held as (
			select case_manager_id, count(*) as n, count(*) filter (where urgency = 'on_track') as on_track, count(*) filter (where urgency = 'due') as due,
				count(*) filter (where urgency = 'overdue') as overdue, count(*) filter (where urgency = 'stalled') as stalled, count(*) filter (where urgency = 'unplanned') as unplanned, count(*) filter (where urgency = 'paused') as paused
			from mine group by case_manager_id
		), load as (
			select u.id, u.first_name, u.last_name, u.active, coalesce(h.n, 0) as n, h.on_track, h.due, h.overdue, h.stalled, h.unplanned, h.paused
			from users u left join held h on h.case_manager_id = u.id
			where u.id in (select case_manager_id from held) or u.active and u.role = 'case_manager' and u.office_id = :scope_office
		), dwell as (
			select step, count(*) as n, percentile_cont(0.5) within group (order by cast(:today as date) - step_since) as days from mine group by step
		), stuck as (
			select id, moved_on from mine where urgency = 'stalled' order by moved_on, id limit 5
		)
		select (select coalesce(json_agg(json_build_object('id', id, 'first_name', first_name, 'last_name', last_name, 'active', active, 'all', n, 'on_track', coalesce(on_track, 0),
				'due', coalesce(due, 0), 'overdue', coalesce(overdue, 0), 'stalled', coalesce(stalled, 0), 'unplanned', coalesce(unplanned, 0), 'paused', coalesce(paused, 0)) order by n desc, last_name, id), '[]') from load) as managers,
			(select coalesce(json_agg(json_build_object('step', step, 'people', n, 'days', round(days))), '[]') from dwell) as steps,
			(select coalesce(json_agg(json_build_object('case_id', k.id, 'first_name', coalesce(nullif(p.preferred_name, ''), p.first_name), 'last_name', p.last_name,
				'case_manager', u.first_name || ' ' || u.last_name, 'pathway_code', c.pathway_code, 'unanswered', c.unanswered,
				'milestone_due_on', case when c.plan_state = 'in_force' then c.milestone_due_on end, 'since', k.moved_on) order by k.moved_on, k.id), '[]')
				from stuck k join cases c on c.id = k.id
				join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
				join users u on u.agency_id = c.agency_id and u.id = c.case_manager_id) as stalled`
}
