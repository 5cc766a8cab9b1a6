package goal

import (
	"waymark/internal/access"
	"waymark/internal/pg"
)

const columns = `id, case_id, horizon, title, title_es, target_kind, target_code, measure, unit, target_value,
	coalesce(pay_cents, 0) as pay_cents, coalesce(pay_max_cents, 0) as pay_max_cents, pay_per, employer, target_on, baseline, rationale, fits, fits_es, owner,
	income_bridge, smart, agreed_on, status, met_on, version, created_at, updated_at`

// Of lists the goals of a case, nearest first, without their letters.
func Of(tx *pg.Tx, caseID access.CaseID) ([]Goal, error) {
	return pg.List[Goal](tx, `select `+columns+` from goals where case_id = :case_id order by target_on, id limit 100`, pg.Args{"case_id": caseID})
}

func find(tx *pg.Tx, caseID access.CaseID, goalID ID) (Goal, error) {
	return pg.Get[Goal](tx, `select `+columns+` from goals where case_id = :case_id and id = :id`, pg.Args{"case_id": caseID, "id": goalID})
}

func (g Goal) args(by access.Actor, tx *pg.Tx) pg.Args {
	return pg.Args{
		"agency": by.Agency, "id": g.ID, "case_id": g.CaseID, "horizon": string(g.Horizon), "title": g.Title, "title_es": g.TitleES, "kind": g.TargetKind, "code": g.TargetCode,
		"measure": g.Measure, "unit": g.Unit, "value": g.TargetValue, "pay": int64(g.Pay), "pay_max": int64(g.PayMax), "per": g.PayPer, "employer": g.Employer,
		"target_on": g.TargetOn, "baseline": g.Baseline, "rationale": g.Rationale, "fits": g.Fits, "fits_es": g.FitsES, "owner": g.Owner, "bridge": g.IncomeBridge,
		"smart": g.Complete, "agreed_on": g.AgreedOn, "status": string(g.Status), "met_on": g.MetOn, "by": by.ID, "now": tx.Now, "version": g.Version,
	}
}

func insert(tx *pg.Tx, by access.Actor, g Goal) error {
	return pg.Insert(tx, `
		insert into goals (agency_id, id, case_id, horizon, title, title_es, target_kind, target_code, measure, unit, target_value, pay_cents, pay_max_cents, pay_per,
			employer, target_on, baseline, rationale, fits, fits_es, owner, income_bridge, smart, agreed_on, status, met_on, recorded_by, created_at, updated_at)
		values (:agency, :id, :case_id, :horizon, :title, :title_es, :kind, :code, :measure, :unit, :value, nullif(cast(:pay as bigint), 0), nullif(cast(:pay_max as bigint), 0), :per,
			:employer, :target_on, :baseline, :rationale, :fits, :fits_es, :owner, :bridge, :smart, :agreed_on, :status, :met_on, :by, :now, :now)`, g.args(by, tx))
}

// keep writes down how the goal stood before a change.
func keep(tx *pg.Tx, by access.Actor, was Goal) error {
	return pg.Insert(tx, `insert into goal_history (agency_id, goal_id, version, was, changed_by, changed_at)
		values (:agency, :id, :version, :was, :by, :now)`,
		pg.Args{"agency": by.Agency, "id": was.ID, "version": was.Version, "was": pg.AsJSON(was), "by": by.ID, "now": tx.Now})
}

func update(tx *pg.Tx, by access.Actor, g Goal) error {
	return pg.ExecOne(tx, `
		update goals set horizon = :horizon, title = :title, title_es = :title_es, target_kind = :kind, target_code = :code, measure = :measure, unit = :unit, target_value = :value,
			pay_cents = nullif(cast(:pay as bigint), 0), pay_max_cents = nullif(cast(:pay_max as bigint), 0), pay_per = :per, employer = :employer,
			target_on = :target_on, baseline = :baseline, rationale = :rationale, fits = :fits, fits_es = :fits_es, owner = :owner, income_bridge = :bridge, smart = :smart,
			agreed_on = :agreed_on, status = :status, met_on = :met_on, recorded_by = :by, updated_at = :now, version = version + 1
		where id = :id and version = :version`, g.args(by, tx))
}

// Checked lists the goals of a case with their letters.
func Checked(tx *pg.Tx, caseID access.CaseID) ([]Goal, error) {
	goals, err := Of(tx, caseID)
	if err != nil {
		return nil, err
	}
	on, err := groundOf(tx, caseID)
	for i := range goals {
		goals[i] = goals[i].shownOn(on)
	}
	return goals, err
}

// Recheck brings the goals of a case up to date after another choice of step 3. The caller refreshes the case.
func Recheck(tx *pg.Tx, caseID access.CaseID) error {
	all, err := Of(tx, caseID)
	if err != nil {
		return err
	}
	on, err := groundOf(tx, caseID)
	if err != nil {
		return err
	}
	return recheck(tx, all, on)
}

// recheck brings the kept answer of the SMART check up to date with the choice of today.
func recheck(tx *pg.Tx, all []Goal, on ground) error {
	for _, g := range all {
		now := g.shownOn(on)
		if now.Complete == g.Complete {
			continue
		}
		if err := pg.ExecOne(tx, `update goals set smart = :smart where id = :id`, pg.Args{"smart": now.Complete, "id": g.ID}); err != nil {
			return err
		}
	}
	return nil
}
