package review

import (
	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

const reviewQuery = `select r.id, r.office_id, r.kind, r.seed, r.drawn, r.checklist, u.first_name || ' ' || u.last_name as made_by, r.made_at, r.closed_at, r.version,
		(select count(*) from file_review_cases k where k.agency_id = r.agency_id and k.review_id = r.id) as files,
		(select count(*) from file_findings f where f.agency_id = r.agency_id and f.review_id = r.id) as answered,
		(select count(*) from file_findings f where f.agency_id = r.agency_id and f.review_id = r.id and f.result = 'not_met' and f.corrected_at is null) as open
	from file_reviews r join users u on u.agency_id = r.agency_id and u.id = r.made_by
	where `

const fileQuery = `select k.case_id, p.last_name || ', ' || coalesce(nullif(p.preferred_name, ''), p.first_name) as name, p.number, u.first_name || ' ' || u.last_name as case_manager,
		(select count(*) from file_findings f where f.agency_id = k.agency_id and f.review_id = k.review_id and f.case_id = k.case_id) as answered,
		(select count(*) from file_findings f where f.agency_id = k.agency_id and f.review_id = k.review_id and f.case_id = k.case_id and f.result = 'not_met' and f.corrected_at is null) as open
	from file_review_cases k
	join cases c on c.agency_id = k.agency_id and c.id = k.case_id
	join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
	join users u on u.agency_id = c.agency_id and u.id = c.case_manager_id
	where k.review_id = :id order by k.position limit 100`

const findingQuery = `select f.review_id, f.case_id, coalesce(nullif(p.preferred_name, ''), p.first_name) || ' ' || p.last_name as name, f.item,
		coalesce(i.en, f.item) as en, coalesce(i.es, f.item) as es, f.result, f.note,
		a.first_name || ' ' || a.last_name as found_by, f.correction, coalesce(b.first_name || ' ' || b.last_name, '') as corrected_by, f.corrected_at, f.version
	from file_findings f
	join file_reviews r on r.agency_id = f.agency_id and r.id = f.review_id
	join cases c on c.agency_id = f.agency_id and c.id = f.case_id
	join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
	join users a on a.agency_id = f.agency_id and a.id = f.found_by
	left join users b on b.agency_id = f.agency_id and b.id = f.corrected_by
	left join lateral (select o ->> 'en' as en, o ->> 'es' as es from jsonb_array_elements(r.checklist) o where o ->> 'key' = f.item limit 1) i on true
	where `

// lockOpen holds a review of the actor's office that is not closed.
func lockOpen(tx *pg.Tx, by access.Actor, of ID) error {
	closed, err := pg.Get[bool](tx, `select closed_at is not null from file_reviews where id = :id and office_id = :office for update`, pg.Args{"id": of, "office": by.Office})
	if err == nil && closed {
		return errs.New(errs.Conflict, "review.closed")
	}
	return err
}

// says holds the items against the record, as far as the record can tell.
func says(tx *pg.Tx, c casefile.Case, today civil.Date, list []Item) (map[string]string, error) {
	if !c.ExitOn.IsZero() { // a file that is over is held against its last day
		today = c.ExitOn
	}
	steps, err := casefile.Steps(tx, c.ID)
	if err != nil {
		return nil, err
	}
	missing := map[string]bool{}
	for _, s := range steps {
		for _, m := range s.Missing {
			missing[m] = true
		}
	}
	type facts struct {
		AssessedOn civil.Date `db:"assessed_on"`
		PlanOn     civil.Date `db:"plan_on"`
		InForce    bool       `db:"in_force"`
		Rhythm     int        `db:"rhythm"`
		Bare       int        `db:"bare"`
	}
	f, err := pg.Get[facts](tx, `select (select min(taken_on) from assessments where case_id = :case_id) as assessed_on,
			(select min(in_force_on) from plan_versions where case_id = :case_id) as plan_on,
			exists (select from plan_versions where case_id = :case_id and state = 'in_force') as in_force,
			coalesce((select rhythm_days from plan_versions where case_id = :case_id and state = 'in_force' limit 1), 0) as rhythm,
			(select count(*) from services s where s.case_id = :case_id and s.cancels is null and not s.planned and s.note = '' and s.provider = ''
				and not exists (select from check_ins k where k.agency_id = s.agency_id and k.case_id = s.case_id and k.service_id = s.id and k.note <> '')) as bare`, pg.Args{"case_id": c.ID})
	if err != nil {
		return nil, err
	}
	checks := map[string]bool{
		"assessed_first": !f.AssessedOn.IsZero() && (f.PlanOn.IsZero() || !f.AssessedOn.After(f.PlanOn)),
		"plan_in_force":  f.InForce,
		"contact":        f.Rhythm == 0 || !c.LastReachedOn.IsZero() && today.DaysSince(c.LastReachedOn) <= f.Rhythm,
		"services":       f.Bare == 0,
	}
	said := map[string]string{}
	for _, i := range list {
		ok, known := checks[i.Check]
		if i.Step != "" {
			ok, known = !missing[i.Step], true
		}
		if known {
			said[i.Key] = map[bool]string{true: "yes", false: "no"}[ok]
		}
	}
	return said, nil
}
