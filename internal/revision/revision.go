// Package revision is what a new version of a pathway means for the people on it: whose steps
// changed, where each one would stand, and what their case manager answered.
package revision

import (
	"slices"
	"time"

	"waymark/internal/access"
	"waymark/internal/pathway"
	"waymark/internal/pg"
)

// Person is somebody with a stake in an earlier version.
type Person struct {
	Case      access.CaseID `db:"case_id" json:"case_id"`
	First     string        `db:"first_name" json:"first_name"`
	Last      string        `db:"last_name" json:"last_name"`
	Manager   string        `db:"case_manager" json:"case_manager"`
	Version   int           `db:"pathway_version" json:"pathway_version"`
	Area      string        `db:"area_code" json:"area"`
	Entry     int           `db:"entry_step" json:"entry_step"`
	Target    int           `db:"target_step" json:"target_step"`
	InPlan    bool          `db:"in_plan" json:"in_plan"`
	InReach   bool          `db:"in_reach" json:"in_reach"`
	MayAnswer bool          `db:"may_answer" json:"may_answer"`
}

// Affected is somebody whose steps are not as they were, with what happened to them and where
// they would stand in the new version.
type Affected struct {
	Person
	Changes []pathway.StepChange `json:"changes"`
	// Proposed is false when nothing in the new version takes the place of what they chose.
	Proposed bool `json:"proposed"`
	ToEntry  int  `json:"to_entry_step"`
	ToTarget int  `json:"to_target_step"`
}

// Answer is what was decided about somebody's move.
type Answer struct {
	Answer     string    `db:"answer" json:"answer"`
	Reason     string    `db:"reason" json:"reason"`
	By         string    `db:"by" json:"by"`
	RecordedAt time.Time `db:"recorded_at" json:"recorded_at"`
}

// List is what a version means for people: those whose steps changed, in the reader's reach with
// their names, the others as a number.
type List struct {
	Code    string `json:"code"`
	Version int    `json:"version"`
	// All is how many are affected in the whole agency and not yet answered.
	All    int        `json:"all"`
	People []Affected `json:"people"`
	// ByManager counts all of them by whose case they are.
	ByManager []Count `json:"by_manager"`
}

// Count is a number of people.
type Count struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// affected holds each person's stake against the new version. Stakes of one person, the choice and
// the plan, are told together.
func affected(people []Person, now pathway.Pathway, old func(version int) (pathway.Pathway, error)) ([]Affected, error) {
	diffs := map[int]pathway.Changes{}
	list := []Affected{}
	for _, p := range people {
		d, ok := diffs[p.Version]
		if !ok {
			was, err := old(p.Version)
			if err != nil {
				return nil, err
			}
			d = pathway.Diff(was, now)
			diffs[p.Version] = d
		}
		stake := pathway.Stake{Area: p.Area, Entry: p.Entry, Target: p.Target}
		changes := d.Of(stake)
		if len(changes) == 0 || slices.ContainsFunc(list, func(a Affected) bool { return a.Case == p.Case }) {
			continue
		}
		a := Affected{Person: p, Changes: changes}
		var to pathway.Stake
		if to, a.Proposed = d.Move(stake); a.Proposed {
			a.ToEntry, a.ToTarget = to.Entry, to.Target
		}
		list = append(list, a)
	}
	return list, nil
}

func counts(list []Affected) []Count {
	out := []Count{}
	for _, a := range list {
		i := slices.IndexFunc(out, func(c Count) bool { return c.Name == a.Manager })
		if i < 0 {
			out = append(out, Count{a.Manager, 0})
			i = len(out) - 1
		}
		out[i].Count++
	}
	return out
}

// stakes reads everybody with an open case who has chosen the pathway, or has a plan for it, on a
// version before the given one and has not been asked about it yet: the choice first.
func stakes(tx *pg.Tx, reads, answers access.Scope, code string, before int) ([]Person, error) {
	return people(tx, reads, answers, code, before, "", pg.Args{})
}

func people(tx *pg.Tx, reads, answers access.Scope, code string, before int, only string, args pg.Args) ([]Person, error) {
	all := pg.Args{"code": code, "before": before}
	for k, v := range args {
		all[k] = v
	}
	return pg.List[Person](tx, `
		with staked as (
			select n.case_id, n.pathway_version, n.area_code, n.entry_step, n.target_step, false as in_plan
			from (select distinct on (s.agency_id, s.case_id) s.case_id, s.pathway_code, s.pathway_version, s.area_code, s.entry_step, s.target_step
				from selections s order by s.agency_id, s.case_id, s.recorded_at desc, s.id desc) n
			where n.pathway_code = :code and n.pathway_version < :before
			union all
			select v.case_id, v.pathway_version, v.area_code, v.entry_step, v.target_step, true
			from plan_versions v where v.pathway_code = :code and v.pathway_version < :before and v.state in ('in_force', 'draft', 'submitted', 'returned'))
		select k.case_id, k.pathway_version, k.area_code, k.entry_step, k.target_step, k.in_plan,
			coalesce(nullif(p.preferred_name, ''), p.first_name) as first_name, p.last_name, u.first_name || ' ' || u.last_name as case_manager,
			`+reads.Where()+` as in_reach, `+answers.Where()+` as may_answer
		from staked k
		join cases c on c.id = k.case_id
		join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
		join users u on u.agency_id = c.agency_id and u.id = c.case_manager_id
		where c.state not in ('ineligible', 'exited', 'follow_up', 'closed') `+only+`
			and not exists (select from pathway_moves m where m.case_id = c.id and m.code = :code and m.to_version = :before)
		order by p.last_name, p.first_name, k.case_id, k.in_plan, k.pathway_version desc
		limit 20000`, all.In(reads, tx))
}
