package seed

import (
	"context"
	"fmt"

	"waymark/internal/access"
	"waymark/internal/pg"
)

// Load is how large a made-up agency is to be. Eighty open cases a case manager, ten case managers
// an office; the other participants have left (design/decisions.md, "Bench data").
type Load struct {
	Participants int
	CaseManagers int
}

// Shape gives N participants as many case managers as 100,000 have 200, two at least.
func Shape(participants int) Load {
	return Load{participants, max(2, participants/500)}
}

// Bulk fills a new agency with made-up people by set-based statements: too many to go through the services
// one by one. One of them, the model, does; the others have copies of what it was given in the first four
// steps, a plan, and five check-ins each. One open case in four is still in one of the first five steps.
func Bulk(ctx context.Context, s Seeder, made Made, l Load, hash string) error {
	open := min(l.Participants, l.CaseManagers*80)
	args := pg.Args{
		"agency": made.ID, "n": l.Participants, "managers": l.CaseManagers, "offices": (l.CaseManagers + 9) / 10, "open": open,
		"hash": hash, "slug": made.ID.String()[:8], "today": made.Staff[0].Today(s.Owner.Now()),
	}
	system := access.Actor{Agency: made.ID, Role: access.System}
	for i, b := range bulkStatements {
		s.Say(fmt.Sprintf("  %d of %d: %s", i+1, len(bulkStatements)+1, b.what))
		err := s.Owner.Long(ctx, system, func(tx *pg.Tx) error { return pg.Insert(tx, b.sql, args) })
		if err != nil {
			return fmt.Errorf("seed: %s: %w", b.what, err)
		}
	}
	s.Say(fmt.Sprintf("  %d of %d: the first four steps", len(bulkStatements)+1, len(bulkStatements)+1))
	if err := s.firstSteps(ctx, made, system); err != nil {
		return err
	}
	return s.Owner.Long(ctx, system, func(tx *pg.Tx) error { return pg.Insert(tx, `analyze`, pg.Args{}) })
}

// firstSteps has the first case manager take the model in, and everybody else have what it has.
func (s Seeder) firstSteps(ctx context.Context, made Made, system access.Actor) error {
	by := made.Staff[0]
	by.Role = access.CaseManager
	err := s.Owner.Read(ctx, system, func(tx *pg.Tx) (err error) {
		if by.ID, err = pg.Get[access.UserID](tx, `select `+bulkID("user", "1"), pg.Args{"agency": made.ID}); err != nil {
			return err
		}
		by.Office, err = pg.Get[access.OfficeID](tx, `select `+bulkID("office", "1"), pg.Args{"agency": made.ID})
		return err
	})
	if err != nil {
		return err
	}
	from, err := model(ctx, s, by)
	if err != nil {
		return err
	}
	if err := noticed(ctx, s.Owner, system, by.Today(s.Owner.Now()).AddDays(-modelDays)); err != nil {
		return err
	}
	return copies(ctx, s.Owner, system, from)
}

type bulkStatement struct{ what, sql string }

// stepOf is the step of the case with a number: one in four open ones is still on the way to a plan, with every
// case manager alike.
const stepOf = `(case when p > cast(:open as int) then 6 when (p / cast(:managers as int)) % 20 < 5 then 1 + (p / cast(:managers as int)) % 20 else 6 end)`

// bulkID derives an id from a kind and a number, so that later statements find what earlier ones made.
func bulkID(kind, number string) string {
	return "cast(md5(cast(:agency as text) || '" + kind + "' || cast(" + number + " as text)) as uuid)"
}

var bulkStatements = []bulkStatement{
	{"offices", `insert into offices (agency_id, id, name, address, phone)
		select cast(:agency as uuid), ` + bulkID("office", "o") + `, 'Office ' || o, o || ' Made-up Street', '(207) 555-0100' from generate_series(1, cast(:offices as int)) o`},
	{"case managers and supervisors", `insert into users (agency_id, id, email, first_name, last_name, role, office_id, password_hash)
		select cast(:agency as uuid), ` + bulkID("user", "m") + `, 'cm' || m || '@' || :slug || '.test', 'Manager', 'Number ' || m, 'case_manager', ` + bulkID("office", "(m - 1) / 10 + 1") + `, :hash
		from generate_series(1, cast(:managers as int)) m
		union all
		select cast(:agency as uuid), ` + bulkID("lead", "o") + `, 'lead' || o || '@' || :slug || '.test', 'Lead', 'Number ' || o, 'supervisor', ` + bulkID("office", "o") + `, :hash
		from generate_series(1, cast(:offices as int)) o`},
	{"participants", `insert into participants (agency_id, id, number, export_id, first_name, last_name, birth_date, phone, language, office_id)
		select cast(:agency as uuid), ` + bulkID("person", "p") + `, 'CP-' || (30000 + p), lpad(cast(p as text), 12, '0'),
			(array['Ana','Ben','Carla','Dev','Elif','Farid','Grace','Hugo','Ines','Jamal','Kofi','Lena','Mai','Noor','Omar','Pia','Rosa','Samir','Tyler','Uma'])[1 + p % 20],
			(array['Abbott','Boudreau','Carter','Dumas','Eaton','Ferreira','Gagnon','Haddad','Ito','Jones','Kim','Lopes','Mensah','Nguyen','Ouellette','Perez','Quinn','Rivera','Tibbetts','Yusuf'])[1 + (p / 20) % 20] || ' ' || (p / 400),
			cast(:today as date) - (18 * 365 + p % 12000), '207555' || lpad(cast(p % 10000 as text), 4, '0'), (array['en','en','en','es','so'])[1 + p % 5],
			` + bulkID("office", "(p % cast(:managers as int)) / 10 + 1") + `
		from generate_series(1, cast(:n as int)) p`},
	{"cases", `insert into cases (agency_id, id, participant_id, office_id, case_manager_id, state, step, programs, opened_on, pathway_code, area_code, pathway_step,
			next_on, next_kind, next_place, last_contact_on, last_reached_on, last_reached_by, milestone_key, milestone_title, milestone_due_on, milestones_done, milestones_total,
			progress_on, plan_state, started_on, last_qualifying_on, left_on, exit_on, step_since)
		select cast(:agency as uuid), ` + bulkID("case", "p") + `, ` + bulkID("person", "p") + `, ` + bulkID("office", "(p % cast(:managers as int)) / 10 + 1") + `, ` + bulkID("user", "p % cast(:managers as int) + 1") + `,
			case when p > cast(:open as int) then 'exited' when ` + stepOf + ` = 1 then 'applicant' when ` + stepOf + ` = 6 then 'active' else 'participant' end, ` + stepOf + `, '{adult}', cast(:today as date) - 200 - p % 100,
			case when ` + stepOf + ` > 3 then 'MFG' else '' end, case when ` + stepOf + ` > 3 then 'M1' else '' end, case when ` + stepOf + ` > 3 then 2 end,
			case when p <= cast(:open as int) then cast(:today as date) + (p % 37 - 6) end, 'check_in', 'phone', cast(:today as date) - p % 45, cast(:today as date) - p % 45, 'phone',
			case when ` + stepOf + ` = 6 then 'm3' else '' end, case when ` + stepOf + ` = 6 then 'Milestone 3' else '' end, case when ` + stepOf + ` = 6 then cast(:today as date) + (p % 90 - 4) end,
			case when ` + stepOf + ` = 6 then 2 else 0 end, case when ` + stepOf + ` = 6 then 6 else 0 end, cast(:today as date) - p % 45,
			case when ` + stepOf + ` = 6 then 'in_force' else '' end, cast(:today as date) - 190, cast(:today as date) - p % 60,
			case when p > cast(:open as int) then cast(:today as date) - 120 end, case when p > cast(:open as int) then cast(:today as date) - 120 end, cast(:today as date) - 150
		from generate_series(1, cast(:n as int)) p`},
	{"assignments", `insert into assignments (agency_id, id, case_id, user_id, office_id, from_on)
		select agency_id, id, id, case_manager_id, office_id, opened_on from cases where agency_id = cast(:agency as uuid)`},
	{"appointments", `insert into appointments (agency_id, id, case_id, kind, on_date, place)
		select agency_id, id, id, 'check_in', next_on, 'phone' from cases where agency_id = cast(:agency as uuid) and next_on is not null`},
	{"plans", `insert into plan_versions (agency_id, id, case_id, number, kind, state, start_on, end_on, pathway_code, pathway_version, area_code, entry_step, target_step, author_id, document, sha256, frozen_at, in_force_on)
		select agency_id, cast(md5(cast(id as text) || 'plan') as uuid), id, 1, 'iep', 'in_force', opened_on + 10, opened_on + 500, 'MFG', 1, 'M1', 2, 3, case_manager_id, '', sha256(cast(cast(id as text) as bytea)), now(), opened_on + 20
		from cases where agency_id = cast(:agency as uuid) and exit_on is null and step = 6`},
	{"signatures", `insert into signatures (agency_id, id, case_id, plan_id, role, signer_id, name, method, signed_on, signed_at, sha256)
		select v.agency_id, cast(md5(cast(v.id as text) || r) as uuid), v.case_id, v.id, r, v.author_id, 'Made up', 'in_person', v.in_force_on, v.frozen_at, v.sha256
		from plan_versions v cross join (values ('participant'), ('case_manager')) marks (r) where v.agency_id = cast(:agency as uuid)`},
	{"milestones", `insert into milestones (agency_id, id, case_id, plan_id, key, position, kind, title, starts_on, due_on)
		select c.agency_id, cast(md5(cast(c.id as text) || 'm' || k) as uuid), c.id, cast(md5(cast(c.id as text) || 'plan') as uuid), 'm' || k, k, 'custom', 'Milestone ' || k, c.opened_on + 20 * k, c.opened_on + 60 * k
		from cases c cross join generate_series(1, 6) k where c.agency_id = cast(:agency as uuid) and c.exit_on is null and c.step = 6`},
	{"milestone states", `insert into milestone_states (agency_id, case_id, key, status, done_on)
		select c.agency_id, c.id, 'm' || k, case when k < 3 then 'done' when k = 3 then 'in_progress' else 'not_started' end, case when k < 3 then c.opened_on + 60 * k end
		from cases c cross join generate_series(1, 6) k where c.agency_id = cast(:agency as uuid) and c.exit_on is null and c.step = 6`},
	{"check-ins", `insert into check_ins (agency_id, id, case_id, held_on, method, result, note, next_on, recorded_by)
		select c.agency_id, cast(md5(cast(c.id as text) || 'k' || k) as uuid), c.id, c.last_contact_on - 14 * k, 'phone', 'talked', 'Going well. Classes on time, ride is fine.', c.last_contact_on - 14 * k + 14, c.case_manager_id
		from cases c cross join generate_series(0, 4) k where c.agency_id = cast(:agency as uuid)`},
	{"services", `insert into services (agency_id, id, case_id, code, given_on, recorded_on, recorded_by)
		select agency_id, cast(md5(cast(id as text) || 'service') as uuid), id, 'B11', last_qualifying_on, last_qualifying_on, case_manager_id from cases where agency_id = cast(:agency as uuid)`},
}
