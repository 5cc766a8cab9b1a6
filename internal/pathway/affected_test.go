package pathway_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/revision"
	"waymark/internal/world"
)

// staked is somebody as the tables will hold them, and whether they ought to be on the list.
type staked struct {
	Person   string  `json:"person"`
	Case     string  `json:"case"`
	State    string  `json:"state"`
	Choices  []stake `json:"choices"` // oldest first; the last one counts
	Plans    []plan  `json:"plans"`
	Answered bool    `json:"answered"`
}

type stake struct {
	ID      string `json:"id"`
	Code    string `json:"code"`
	Version int    `json:"version"`
	Area    string `json:"area"`
	Entry   int    `json:"entry"`
	Target  int    `json:"target"`
}

type plan struct {
	stake
	State  string `json:"state"`
	Number int    `json:"number"`
}

// listed is the plain definition: an open case, no answer yet, and a choice that stands or a plan that is
// in force or being made, on an earlier version, whose way reads differently now.
func (p staked) listed(code string, versions []pathway.Pathway) bool {
	if p.Answered || slices.Contains([]string{"ineligible", "exited", "follow_up", "closed"}, p.State) {
		return false
	}
	stands := []stake{}
	if len(p.Choices) > 0 {
		stands = append(stands, p.Choices[len(p.Choices)-1])
	}
	for _, q := range p.Plans {
		if slices.Contains([]string{"in_force", "draft", "submitted", "returned"}, q.State) {
			stands = append(stands, q.stake)
		}
	}
	now := len(versions)
	return slices.ContainsFunc(stands, func(s stake) bool {
		return s.Code == code && s.Version < now && touched(versions[s.Version-1], versions[now-1], pathway.Stake{Area: s.Area, Entry: s.Entry, Target: s.Target})
	})
}

// crowd makes people at every turn of the process.
func crowd(r *rand.Rand, code string, first pathway.Pathway, n int) []staked {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	at := func(code string) stake {
		entry := 1 + r.IntN(len(first.Steps))
		return stake{id.New[access.Case]().String(), code, 1 + r.IntN(3), first.Areas[r.IntN(len(first.Areas))].Code, entry, entry + r.IntN(len(first.Steps)-entry+1)}
	}
	people := []staked{}
	for range n {
		p := staked{
			Person: id.New[access.Participant]().String(), Case: id.New[access.Case]().String(), Answered: r.IntN(8) == 0,
			State: pick("applicant", "eligible", "participant", "planned", "active", "hold", "active", "planned", "ineligible", "exited", "follow_up", "closed"),
		}
		for range r.IntN(3) {
			p.Choices = append(p.Choices, at(pick(code, code, code, "OTHER")))
		}
		number := 0
		for _, state := range [][]string{{"superseded", "withdrawn", ""}, {"in_force", "superseded", ""}, {"draft", "submitted", "returned", "", "", ""}} {
			if s := pick(state...); s != "" {
				number++
				p.Plans = append(p.Plans, plan{at(pick(code, code, "OTHER")), s, number})
			}
		}
		people = append(people, p)
	}
	return people
}

func TestTheListOfThoseAffectedIsThePlainDefinition(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	system := w.Dana
	system.Role = access.System
	args := func(more pg.Args) pg.Args {
		more["agency"], more["dana"], more["office"] = w.Dana.Agency, w.Dana.ID, w.MainStreet
		return more
	}
	r := rand.New(rand.NewPCG(5, 20261123))
	service := revision.New(w.DB, w.Policy)
	yes, no := 0, 0
	for round := range 12 {
		code := fmt.Sprintf("R%d", round)
		versions := []pathway.Pathway{clone(t, crowded(3+r.IntN(4), 1+r.IntN(3), 1).Pathway)}
		versions[0].Code = code
		for i := range versions[0].Steps {
			versions[0].Steps[i].Key = fmt.Sprintf("k%d", i+1)
		}
		for range 2 {
			versions = append(versions, shuffled(t, r, versions[len(versions)-1]))
		}
		people := crowd(r, code, versions[0], 40)
		if err := w.Owner.Write(t.Context(), system, func(tx *pg.Tx) error {
			for i, v := range versions {
				state := "retired"
				if i == 2 {
					state = "published"
				}
				if err := pg.Insert(tx, `insert into pathway_versions (agency_id, id, code, version, state, document, sha256, published_at)
					values (:agency, :id, :code, :version, :state, jsonb_build_object('data', cast(:doc as jsonb), 'sources', cast(:none as jsonb)), sha256(''), :now)`,
					args(pg.Args{"id": id.New[pathway.VersionRow](), "code": code, "version": i + 1, "state": state, "doc": pg.AsJSON(v), "none": "[]", "now": w.Now()})); err != nil {
					return err
				}
			}
			for _, q := range []string{
				`insert into participants (agency_id, id, number, export_id, first_name, last_name, office_id)
					select cast(:agency as uuid), cast(p ->> 'person' as uuid), right(p ->> 'person', 12), right(p ->> 'person', 12), 'Per', 'Son', cast(:office as uuid) from jsonb_array_elements(cast(:people as jsonb)) p`,
				`insert into cases (agency_id, id, participant_id, office_id, case_manager_id, opened_on, step_since, state, pathway_code, exit_on)
					select cast(:agency as uuid), cast(p ->> 'case' as uuid), cast(p ->> 'person' as uuid), cast(:office as uuid), cast(:dana as uuid), '2026-09-01', '2026-09-01', p ->> 'state', :code, case when p ->> 'state' in ('exited', 'follow_up', 'closed') then cast('2026-10-01' as date) end
					from jsonb_array_elements(cast(:people as jsonb)) p`,
				`insert into selections (agency_id, id, case_id, in_snapshot, pathway_code, pathway_version, area_code, entry_step, target_step, informed, chosen_on, recorded_by, recorded_at)
					select cast(:agency as uuid), cast(c ->> 'id' as uuid), cast(p ->> 'case' as uuid), true, c ->> 'code', cast(c ->> 'version' as int), c ->> 'area', cast(c ->> 'entry' as int), cast(c ->> 'target' as int), '{}', '2026-09-10', cast(:dana as uuid), cast('2026-09-10' as timestamptz) + n * interval '1 day'
					from jsonb_array_elements(cast(:people as jsonb)) p, jsonb_array_elements(case jsonb_typeof(p -> 'choices') when 'array' then p -> 'choices' else '[]' end) with ordinality as x(c, n)`,
				`insert into plan_versions (agency_id, id, case_id, number, kind, state, start_on, end_on, pathway_code, pathway_version, area_code, entry_step, target_step, author_id)
					select cast(:agency as uuid), cast(c ->> 'id' as uuid), cast(p ->> 'case' as uuid), cast(c ->> 'number' as int), 'iep', c ->> 'state', '2026-09-18', '2027-12-01', c ->> 'code', cast(c ->> 'version' as int), c ->> 'area', cast(c ->> 'entry' as int), cast(c ->> 'target' as int), cast(:dana as uuid)
					from jsonb_array_elements(cast(:people as jsonb)) p, jsonb_array_elements(case jsonb_typeof(p -> 'plans') when 'array' then p -> 'plans' else '[]' end) c`,
				`insert into pathway_moves (agency_id, id, case_id, code, from_version, to_version, answer, reason, recorded_by)
					select cast(:agency as uuid), gen_random_uuid(), cast(p ->> 'case' as uuid), :code, 1, 3, 'declined', 'No', cast(:dana as uuid) from jsonb_array_elements(cast(:people as jsonb)) p where cast(p ->> 'answered' as boolean)`,
			} {
				if _, err := pg.Exec(tx, q, args(pg.Args{"people": pg.AsJSON(people), "code": code})); err != nil {
					return fmt.Errorf("%.40s: %w", q, err)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		list, err := service.Affected(t.Context(), w.Marcus, code, 0)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for _, a := range list.People {
			got[a.Case.String()] = true
		}
		if list.All != len(got) || len(list.People) != len(got) {
			t.Errorf("%s: %d in all, %d named, %d different", code, list.All, len(list.People), len(got))
		}
		for _, p := range people {
			want := p.listed(code, versions)
			if got[p.Case] != want {
				t.Errorf("%s: listed %v, ought to be %v: %+v", code, got[p.Case], want, p)
			}
			if want {
				yes++
			} else {
				no++
			}
		}
	}
	if yes < 50 || no < 250 {
		t.Errorf("%d affected and %d not: the people are too much alike", yes, no)
	}
	t.Logf("%d people affected, %d not", yes, no)
}
