package result

import (
	"iter"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/equity"
	"waymark/internal/intake"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// period is everything that a row of the file is derived from. What the indicators count (wages, gains,
// schooling, credentials) comes from the very rows that they count.
type period struct {
	Observation  int                        `db:"-"`
	CaseID       access.CaseID              `db:"case_id"`
	Participant  access.ParticipantID       `db:"participant_id"`
	Number       string                     `db:"number"`
	Name         string                     `db:"name"`
	Manager      string                     `db:"case_manager"`
	ExportID     string                     `db:"export_id"`
	State        string                     `db:"state"`
	County       string                     `db:"county_fips"`
	ZIP          string                     `db:"zip"`
	BirthDate    civil.Date                 `db:"birth_date"`
	StartedOn    civil.Date                 `db:"started_on"`
	ExitOn       civil.Date                 `db:"exit_on"`
	Programs     pg.Strings                 `db:"programs"`
	Exclusion    string                     `db:"exclusion"`
	SameEmployer *bool                      `db:"same_employer"`
	Facts        pg.JSON[intake.FactsInput] `db:"facts"`
	Said         pg.JSON[intake.Sections]   `db:"sections"`
	Result       pg.JSON[decision]          `db:"result"`
	Services     pg.JSON[[]pirlService]     `db:"services"`
	Made         pg.JSON[[]pirlMade]        `db:"made"`
	Gains        pg.JSON[[]pirlGain]        `db:"gains"`
	Quarters     pg.JSON[[]pirlQuarter]     `db:"quarters"`
	// equity is only there while the file itself is made; nothing else may show it.
	equity *equity.Answers
	until  civil.Date
}

// decision is what eligibility found.
type decision struct {
	LowIncome          *bool    `json:"low_income"`
	LongTermUnemployed *bool    `json:"long_term_unemployed"`
	Basis              []string `json:"basis"`
}

type pirlService struct {
	Code     string     `json:"code"`
	On       civil.Date `json:"given_on"`
	Ends     civil.Date `json:"ends_on"`
	Ongoing  bool       `json:"ongoing"`
	Provider string     `json:"provider"`
}

// last is the day on which the service was over; open that it goes on.
func (s pirlService) last() (on civil.Date, open bool) {
	return civil.Later(s.On, s.Ends), s.Ongoing && s.Ends.IsZero()
}

// pirlMade is a credential, a job or an enrolment.
type pirlMade struct {
	Kind       string     `json:"kind"`
	On         civil.Date `json:"on_date"`
	Until      civil.Date `json:"until_on"`
	Credential string     `json:"credential"`
	Level      string     `json:"level"`
	SOC        string     `json:"soc"`
}

// pirlGain is a skill gain that counts.
type pirlGain struct {
	Gain  string     `json:"gain"`
	Level string     `json:"level"`
	On    civil.Date `json:"on_date"`
}

// pirlQuarter is one of the four quarters after the exit; State is as the indicators see it.
type pirlQuarter struct {
	N          int    `json:"n"`
	State      string `json:"state"`
	Source     string `json:"source"`
	Employment string `json:"employment"`
	Wages      *int64 `json:"wages_cents"`
	NAICS      string `json:"naics"`
}

const periodSelect = `
	, made_of as (
		select case_id, jsonb_agg(jsonb_build_object('kind', kind, 'on_date', on_date, 'until_on', nullif(until_on, 'infinity'), 'credential', coalesce(credential, ''), 'level', coalesce(level, ''), 'soc', soc)
			order by on_date, kind, credential, level) as list from made group by case_id
	), gains_of as (
		select case_id, jsonb_agg(jsonb_build_object('gain', gain, 'level', coalesce(level, ''), 'on_date', on_date)) as list from gain group by case_id
	), services_of as (
		select x.id, jsonb_agg(jsonb_build_object('code', s.code, 'given_on', s.given_on, 'ends_on', s.ends_on, 'ongoing', s.ongoing, 'provider', s.provider) order by s.given_on, s.code, s.id) as list
		from period x join services s on s.agency_id = x.agency_id and s.case_id = x.id where s.given_on <= cast(:until as date) and ` + standingService + ` group by x.id
	), quarters_of as (
		select id, jsonb_agg(jsonb_build_object('n', n, 'state', state, 'source', source, 'employment', employment, 'wages_cents', wages_cents, 'naics', coalesce(naics, '')) order by n) as list
		from after_exit group by id
	)
	select x.id as case_id, x.participant_id, p.number, coalesce(nullif(p.preferred_name, ''), p.first_name) || ' ' || p.last_name as name, u.first_name || ' ' || u.last_name as case_manager,
		p.export_id, p.state, p.county_fips, p.zip, p.birth_date, x.started_on, case when x.exit_on <= cast(:until as date) then x.exit_on end as exit_on, x.programs,
		case when x.exit_on <= cast(:until as date) then x.exclusion else '00' end as exclusion,
		case when k.q2 <> 'not_yet' and k.q4 <> 'not_yet' then k.q2 = 'employed' and k.q4 = 'employed' and k.same_employer end as same_employer,
		coalesce(e.facts, '{}') as facts, coalesce(e.result, '{}') as result,
		coalesce((select jsonb_object_agg(i.section, i.answers) from (
			select distinct on (section) section, answers from intake_sections i where i.agency_id = x.agency_id and i.case_id = x.id and i.section in ('about', 'education', 'work', 'money') order by section, version desc) i), '{}') as sections,
		coalesce(s.list, '[]') as services, coalesce(m.list, '[]') as made, coalesce(g.list, '[]') as gains, coalesce(q.list, '[]') as quarters
	from period x join ` + casefile.From + ` on c.id = x.id
	left join known k on k.id = x.id left join made_of m on m.case_id = x.id left join gains_of g on g.case_id = x.id left join quarters_of q on q.id = x.id left join services_of s on s.id = x.id
	left join lateral (select v.facts, v.result from eligibility_decisions v where v.agency_id = x.agency_id and v.case_id = x.id and v.decision = 'eligible' order by v.recorded_at desc, v.id desc limit 1) e on true
	order by p.export_id, x.started_on, x.id limit 1000000`

// eachPeriod reads what the file of a quarter is made of, one after the other, in an order that never
// changes. Answers are none but for whom makes the whole file.
func eachPeriod(tx *pg.Tx, scope access.Scope, q question, report participation.Quarter, answers map[access.ParticipantID]*equity.Answers) iter.Seq2[period, error] {
	rows := pg.Each[period](tx, rowsQuery(scope, periodSelect), q.ofPeriods(report).In(scope, tx))
	return func(yield func(period, error) bool) {
		n := 0
		for p, err := range rows {
			n++
			p.Observation, p.until, p.equity = n, report.Last(), answers[p.Participant]
			if !yield(p, err) {
				return
			}
		}
	}
}

// countPeriods is how many they are.
func countPeriods(tx *pg.Tx, scope access.Scope, q question, report participation.Quarter) (int, error) {
	return pg.Get[int](tx, rowsQuery(scope, `select count(*) from period x join `+casefile.From+` on c.id = x.id`), q.ofPeriods(report).In(scope, tx))
}

func (q question) ofPeriods(report participation.Quarter) pg.Args {
	q.reports = []participation.Quarter{report}
	args := q.args()
	args["until"] = report.Last()
	return args
}
