package intake

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// ProgramWagnerPeyser has no test beyond the right to work.
const ProgramWagnerPeyser = "wagner_peyser"

// Programs are those that are decided here, in the order of the page.
var Programs = []string{ProgramAdult, ProgramDislocatedWorker, ProgramYouth, ProgramWagnerPeyser}

// EvidenceKinds are the ways in which a fact may be shown.
var EvidenceKinds = []string{"cross_match", "electronic_record", "document", "case_note", "self_attestation"}

// Evidence says how a fact was shown.
type Evidence struct {
	Kind   string     `json:"kind" validate:"required,oneof=cross_match electronic_record document case_note self_attestation"`
	Note   string     `json:"note" validate:"max=300"`
	SeenOn civil.Date `json:"seen_on"`
}

// EligibilityInput asks for a decision on one program.
type EligibilityInput struct {
	Program   string     `json:"program" validate:"required,oneof=adult dislocated_worker youth wagner_peyser"`
	DecidedOn civil.Date `json:"decided_on"`
	Evidence  []Evidence `json:"evidence" validate:"max=20,dive"`
	FactsInput
}

// DecisionRow is the phantom type of a decision's id.
type DecisionRow struct{}

// Determination is a decision as it is shown and stored.
type Determination struct {
	ID                 id.Of[DecisionRow] `json:"id"`
	Program            string             `json:"program"`
	Decision           Outcome            `json:"decision"`
	Basis              []string           `json:"basis"`
	Missing            []string           `json:"missing"`
	Reasons            []string           `json:"reasons"`
	PriorityGroup      *int               `json:"priority_group"`
	LowIncome          bool               `json:"low_income"`
	LowIncomeBasis     []string           `json:"low_income_basis"`
	Barriers           []int              `json:"barriers"`
	CoveredPerson      bool               `json:"covered_person"`
	Age                *int               `json:"age"`
	LongTermUnemployed bool               `json:"long_term_unemployed"`
	DecidedOn          civil.Date         `json:"decided_on"`
	ExpiresOn          civil.Date         `json:"expires_on"`
	DecidedBy          string             `json:"decided_by"`
}

// DecideWagnerPeyser asks for the right to work only; there is no income test.
func DecideWagnerPeyser(f Facts, r Rules) Decision {
	d := begin(ProgramWagnerPeyser, f, r)
	d.authorized(f)
	d.Basis = append(d.Basis, "job_seeker")
	return d.close()
}

func decide(program string, f Facts, r Rules) Decision {
	switch program {
	case ProgramDislocatedWorker:
		return DecideDislocatedWorker(f, r)
	case ProgramYouth:
		return DecideYouth(f, r)
	case ProgramWagnerPeyser:
		return DecideWagnerPeyser(f, r)
	}
	return DecideAdult(f, r)
}

// determine applies the rules of the day to the facts.
func determine(program string, in FactsInput, on civil.Date, r Rules) Determination {
	f := in.facts(on)
	d := decide(program, f, r)
	made := Determination{
		Program: program, Decision: d.Decision, Basis: d.Basis, Missing: d.Missing, Reasons: d.Reasons, LowIncome: d.LowIncome,
		LowIncomeBasis: d.LowIncomeBasis, Barriers: d.Barriers, CoveredPerson: d.CoveredPerson, LongTermUnemployed: f.longTermUnemployed(r), DecidedOn: on,
	}
	if d.PriorityGroup > 0 {
		made.PriorityGroup = &d.PriorityGroup
	}
	if !f.Born.IsZero() {
		age := f.Age()
		made.Age = &age
	}
	if d.Decision == Eligible {
		made.ExpiresOn = on.AddDays(r.DecisionDays)
	}
	return made
}

// Eligibility is what the page shows: the facts known, what they would decide today, and the history.
type Eligibility struct {
	Case casefile.Case
	// PriorityNote is what the agency tells its staff about priority of service.
	PriorityNote string
	Known        FactsInput
	Preview      []Determination
	History      []Determination
}

// Eligibility reads the facts known and the decisions made.
func (s *Service) Eligibility(ctx context.Context, by access.Actor, caseID access.CaseID) (e Eligibility, err error) {
	err = s.read(ctx, by, access.ReadRecord, caseID, func(tx *pg.Tx, c casefile.Case) error {
		e.Case = c
		if e.Known, err = knownFacts(tx, caseID); err != nil {
			return err
		}
		rules, err := rulesOn(tx, by.Today(tx.Now))
		if err != nil {
			return err
		}
		e.PriorityNote = rules.PriorityNote
		for _, p := range Programs {
			e.Preview = append(e.Preview, determine(p, e.Known, by.Today(tx.Now), rules))
		}
		e.History, err = decisionsOf(tx, caseID)
		return err
	})
	return e, err
}

func knownFacts(tx *pg.Tx, caseID access.CaseID) (FactsInput, error) {
	r, err := confirmedOf(tx, caseID)
	if err != nil {
		return FactsInput{}, err
	}
	results, err := liveResults(tx, caseID)
	return Known(r.Sections, results), err
}

// Decide records a decision with the facts that it rests on.
func (s *Service) Decide(ctx context.Context, by access.Actor, caseID access.CaseID, in EligibilityInput) (made Determination, err error) {
	if err := check.Struct(in); err != nil {
		return made, err
	}
	err = s.write(ctx, by, access.DecideEligibility, caseID, func(tx *pg.Tx, c casefile.Case) error {
		switch today := by.Today(tx.Now); {
		case in.DecidedOn.IsZero():
			in.DecidedOn = today
		case in.DecidedOn.After(today):
			return errs.At("decided_on", "in_future")
		}
		known, err := knownFacts(tx, caseID)
		if err != nil {
			return err
		}
		facts := in.Over(known)
		rules, err := rulesOn(tx, in.DecidedOn)
		if err != nil {
			return err
		}
		made = determine(in.Program, facts, in.DecidedOn, rules)
		made.ID, made.DecidedBy = id.New[DecisionRow](), by.Name()
		if err := insertDecision(tx, by, c.ID, made, facts, in.Evidence); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{
			Action: "eligibility.decided", Case: c.ID, Subject: made.ID.String(),
			Detail: map[string]any{"program": in.Program, "decision": string(made.Decision)},
		})
	})
	return made, err
}

func insertDecision(tx *pg.Tx, by access.Actor, caseID access.CaseID, d Determination, facts FactsInput, evidence []Evidence) error {
	stored := struct {
		FactsInput
		Evidence []Evidence `json:"evidence"`
	}{facts, evidence}
	return pg.Insert(tx, `
		insert into eligibility_decisions (agency_id, id, case_id, program, decision, basis, missing, priority_group, facts, result, decided_on, decided_by, expires_on, recorded_at)
		values (:agency, :id, :case_id, :program, :decision, :basis, :missing, :priority, :facts, :result, :on, :by, :expires, :now)`,
		pg.Args{
			"agency": by.Agency, "id": d.ID, "case_id": caseID, "program": d.Program, "decision": string(d.Decision), "basis": pg.Strings(d.Basis),
			"missing": pg.Strings(d.Missing), "priority": d.PriorityGroup, "facts": pg.AsJSON(stored), "result": pg.AsJSON(d), "on": d.DecidedOn,
			"by": by.ID, "expires": d.ExpiresOn, "now": tx.Now,
		})
}

func decisionsOf(tx *pg.Tx, caseID access.CaseID) ([]Determination, error) {
	rows, err := pg.List[struct {
		Result    pg.JSON[Determination] `db:"result"`
		DecidedBy string                 `db:"decided_by"`
	}](tx, `
		select e.result, u.first_name || ' ' || u.last_name as decided_by
		from eligibility_decisions e join users u on u.agency_id = e.agency_id and u.id = e.decided_by
		where e.case_id = :case_id order by e.recorded_at desc, e.id desc limit 50`, pg.Args{"case_id": caseID})
	list := make([]Determination, 0, len(rows))
	for _, r := range rows {
		r.Result.V.DecidedBy = r.DecidedBy
		list = append(list, r.Result.V)
	}
	return list, err
}
