package seed

import (
	"context"
	"fmt"

	"waymark/internal/access"
	"waymark/internal/id"
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
// one by one. The rows are those that the services write, five check-ins a person.
func Bulk(ctx context.Context, owner *pg.DB, made Made, l Load, hash string, say func(string)) error {
	open := min(l.Participants, l.CaseManagers*80)
	args := pg.Args{
		"agency": made.ID, "n": l.Participants, "managers": l.CaseManagers, "offices": (l.CaseManagers + 9) / 10, "open": open,
		"hash": hash, "slug": made.ID.String()[:8], "today": made.Staff[0].Today(owner.Now()), "batch": id.New[access.Agency](),
	}
	for i, s := range bulkStatements {
		say(fmt.Sprintf("  %d of %d: %s", i+1, len(bulkStatements), s.what))
		err := owner.Long(ctx, access.Actor{Agency: made.ID, Role: access.System}, func(tx *pg.Tx) error { return pg.Insert(tx, s.sql, args) })
		if err != nil {
			return fmt.Errorf("seed: %s: %w", s.what, err)
		}
	}
	return owner.Long(ctx, access.Actor{Agency: made.ID, Role: access.System}, func(tx *pg.Tx) error { return pg.Insert(tx, `analyze`, pg.Args{}) })
}

type bulkStatement struct{ what, sql string }

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
			next_on, next_kind, next_place, last_contact_on, last_reached_on, milestone_key, milestone_title, milestone_due_on, milestones_done, milestones_total,
			progress_on, plan_state, started_on, last_qualifying_on, left_on, exit_on, step_since)
		select cast(:agency as uuid), ` + bulkID("case", "p") + `, ` + bulkID("person", "p") + `, ` + bulkID("office", "(p % cast(:managers as int)) / 10 + 1") + `, ` + bulkID("user", "p % cast(:managers as int) + 1") + `,
			case when p <= cast(:open as int) then 'active' else 'exited' end, 6, '{adult}', cast(:today as date) - 200 - p % 100, 'MFG', 'M1', 2,
			case when p <= cast(:open as int) then cast(:today as date) + (p % 37 - 6) end, 'check_in', 'phone', cast(:today as date) - p % 45, cast(:today as date) - p % 45,
			'certificate', 'Certificate', cast(:today as date) + (p % 90 - 4), 2, 6, cast(:today as date) - p % 45,
			'in_force', cast(:today as date) - 190, cast(:today as date) - p % 60,
			case when p > cast(:open as int) then cast(:today as date) - 120 end, case when p > cast(:open as int) then cast(:today as date) - 120 end, cast(:today as date) - 150
		from generate_series(1, cast(:n as int)) p`},
	{"assignments", `insert into assignments (agency_id, id, case_id, user_id, office_id, from_on)
		select agency_id, id, id, case_manager_id, office_id, opened_on from cases where agency_id = cast(:agency as uuid)`},
	{"appointments", `insert into appointments (agency_id, id, case_id, kind, on_date, place)
		select agency_id, id, id, 'check_in', next_on, 'phone' from cases where agency_id = cast(:agency as uuid) and next_on is not null`},
	{"goals", `insert into goals (agency_id, id, case_id, horizon, title, target_kind, target_code, measure, target_on, smart, agreed_on, status, recorded_by)
		select c.agency_id, cast(md5(cast(c.id as text) || h.horizon) as uuid), c.id, h.horizon, h.title, 'occupation', '51-9161.00', 'job', c.opened_on + h.days, true, c.opened_on, 'agreed', c.case_manager_id
		from cases c cross join (values ('immediate', 'Assembler', 120), ('mid', 'Machine operator', 400), ('long', 'CNC operator', 900)) h (horizon, title, days)
		where c.agency_id = cast(:agency as uuid) and c.exit_on is null`},
	{"plans", `insert into plan_versions (agency_id, id, case_id, number, kind, state, start_on, end_on, pathway_code, pathway_version, area_code, entry_step, target_step, author_id, document, sha256, frozen_at, in_force_on)
		select agency_id, cast(md5(cast(id as text) || 'plan') as uuid), id, 1, 'iep', 'in_force', opened_on + 10, opened_on + 500, 'MFG', 1, 'M1', 2, 3, case_manager_id, '', sha256(cast(cast(id as text) as bytea)), now(), opened_on + 20
		from cases where agency_id = cast(:agency as uuid) and exit_on is null`},
	{"milestones", `insert into milestones (agency_id, id, case_id, plan_id, key, position, kind, title, starts_on, due_on)
		select c.agency_id, cast(md5(cast(c.id as text) || 'm' || k) as uuid), c.id, cast(md5(cast(c.id as text) || 'plan') as uuid), 'm' || k, k, 'custom', 'Milestone ' || k, c.opened_on + 20 * k, c.opened_on + 60 * k
		from cases c cross join generate_series(1, 6) k where c.agency_id = cast(:agency as uuid) and c.exit_on is null`},
	{"milestone states", `insert into milestone_states (agency_id, case_id, key, status, done_on)
		select c.agency_id, c.id, 'm' || k, case when k < 3 then 'done' when k = 3 then 'in_progress' else 'not_started' end, case when k < 3 then c.opened_on + 60 * k end
		from cases c cross join generate_series(1, 6) k where c.agency_id = cast(:agency as uuid) and c.exit_on is null`},
	{"check-ins", `insert into check_ins (agency_id, id, case_id, held_on, method, result, note, next_on, recorded_by)
		select c.agency_id, cast(md5(cast(c.id as text) || 'k' || k) as uuid), c.id, c.last_contact_on - 14 * k, 'phone', 'talked', 'Going well. Classes on time, ride is fine.', c.last_contact_on - 14 * k + 14, c.case_manager_id
		from cases c cross join generate_series(0, 4) k where c.agency_id = cast(:agency as uuid)`},
	{"services", `insert into services (agency_id, id, case_id, code, given_on, recorded_on, recorded_by)
		select agency_id, cast(md5(cast(id as text) || 'service') as uuid), id, 'B11', last_qualifying_on, last_qualifying_on, case_manager_id from cases where agency_id = cast(:agency as uuid)`},
}
