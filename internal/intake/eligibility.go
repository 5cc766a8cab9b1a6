package intake

import "slices"

// Outcome of a decision.
type Outcome string

// The outcomes. PendingDocs: nothing speaks against it, but something in Missing is not known.
const (
	Eligible    Outcome = "eligible"
	Ineligible  Outcome = "ineligible"
	PendingDocs Outcome = "pending_docs"
)

// Programs that are decided here (decisions.md "Codes").
const (
	ProgramAdult            = "adult"
	ProgramDislocatedWorker = "dislocated_worker"
	ProgramYouth            = "youth"
)

// Decision is the answer for one program, all as codes. Basis: what makes the person
// eligible (adult; closure, laid_off_unlikely_to_return, ...; osy.<x> or isy.<x>). Missing:
// facts that are not known and matter. Reasons: what speaks against it. PriorityGroup is 1
// to 4 for Adult (domain.md 1.2, never applied to basic career services), else 0.
type Decision struct {
	Program        string
	Decision       Outcome
	Basis          []string
	Missing        []string
	PriorityGroup  int
	LowIncome      bool
	LowIncomeBasis []string
	Barriers       []int
	CoveredPerson  bool
	Reasons        []string
}

// DecideAdult applies domain.md 1.2 to title I Adult: 18 or older, authorized to work,
// selective service met. Income plays no part but for the priority group.
func DecideAdult(f Facts, r Rules) Decision {
	d := begin(ProgramAdult, f, r)
	d.ageFrom(f, r.AdultAge, 0)
	d.authorized(f)
	d.selectiveService(f, r)
	d.Basis = append(d.Basis, "adult")
	d.PriorityGroup = PriorityGroup(f, r)
	return d.close()
}

// DecideDislocatedWorker applies domain.md 1.2, ways a to e; b needs no further test.
func DecideDislocatedWorker(f Facts, r Rules) Decision {
	d := begin(ProgramDislocatedWorker, f, r)
	d.ageFrom(f, r.AdultAge, 0)
	d.authorized(f)
	d.selectiveService(f, r)
	w := f.Dislocation
	uc := either(ucCovered(w.UCStatus), w.AttachedNotCovered)
	d.oneOf([]way{
		{"laid_off_unlikely_to_return", both(w.LaidOff, uc, w.UnlikelyToReturn)},
		{"closure", w.Closure},
		{"self_employed", w.SelfEmployedLost},
		{"displaced_homemaker", f.DisplacedHomemaker},
		{"military_spouse", w.MilitarySpouse},
	}, "no_dislocation")
	return d.close()
}

// PriorityGroup is the Adult order of domain.md 1.2 on what is known: 1 covered person with
// public assistance, low income or a basic-skills deficiency; 2 others with these; 3 covered
// person without; 4 everyone else.
func PriorityGroup(f Facts, r Rules) int {
	low, _ := f.LowIncome(r, false)
	need := low == Yes || f.PublicAssistance(r) || f.BSD(r) == Yes
	switch covered := f.CoveredPerson(); {
	case covered && need:
		return 1
	case need:
		return 2
	case covered:
		return 3
	}
	return 4
}

// SelectiveServiceMet reports whether the requirement is met, is not, or is not known.
func SelectiveServiceMet(f Facts, r Rules) Answer {
	rule := r.SelectiveService
	switch {
	case f.MaleAtBirth == No, !f.Born.IsZero() && (f.Born.Before(rule.BornFrom) || f.Age() < rule.From):
		return Yes
	case slices.Contains([]string{"registered", "not_required", "exempt"}, f.SelectiveService):
		return Yes
	case !rule.AutomaticFrom.IsZero() && !f.On.Before(rule.AutomaticFrom) && !f.Born.IsZero() && f.Age() <= rule.To:
		return Yes
	case f.SelectiveService == "failed_knowing":
		return No
	case f.SelectiveService == "failed_not_knowing":
		return AnswerOf(f.Age() > rule.To)
	}
	return Unknown
}

// way is one alternative that makes somebody eligible.
type way struct {
	code  string
	holds Answer
}

func begin(program string, f Facts, r Rules) Decision {
	low, limbs := f.LowIncome(r, program == ProgramYouth)
	return Decision{
		Program: program, Basis: []string{}, Missing: []string{}, Reasons: []string{},
		LowIncome: low == Yes, LowIncomeBasis: limbs,
		Barriers: f.Barriers(r, program == ProgramYouth), CoveredPerson: f.CoveredPerson(),
	}
}

// must notes a requirement: missing when not known, a reason against when it fails.
func (d *Decision) must(holds Answer, missing, reason string) {
	switch holds {
	case Unknown:
		d.Missing = append(d.Missing, missing)
	case No:
		d.Reasons = append(d.Reasons, reason)
	}
}

// ageFrom asks for an age from least to greatest, both included; 0 is no upper limit.
func (d *Decision) ageFrom(f Facts, least, greatest int) {
	holds := Unknown
	if !f.Born.IsZero() {
		holds = AnswerOf(f.Age() >= least && (greatest == 0 || f.Age() <= greatest))
	}
	d.must(holds, "birth_date", "age")
}

// authorized asks for a document seen by the day and not run out (TEGL 10-23 Ch. 2).
func (d *Decision) authorized(f Facts) {
	d.must(f.WorkAuthorized, "work_authorization", "not_authorized_to_work")
	if f.WorkAuthorized != Yes {
		return
	}
	switch {
	case f.WorkAuthVerified.IsZero() || f.WorkAuthVerified.After(f.On):
		d.Missing = append(d.Missing, "work_authorization_verified")
	case !f.WorkAuthExpires.IsZero() && f.WorkAuthExpires.Before(f.On):
		d.Missing = append(d.Missing, "work_authorization_expired")
	}
}

func (d *Decision) selectiveService(f Facts, r Rules) {
	d.must(SelectiveServiceMet(f, r), "selective_service", "selective_service")
}

// oneOf takes every way that holds as a basis; with none, those not known are missing.
func (d *Decision) oneOf(ways []way, none string) {
	for _, w := range ways {
		if w.holds == Yes {
			d.Basis = append(d.Basis, w.code)
		}
	}
	if len(d.Basis) > 0 {
		return
	}
	for _, w := range ways {
		if w.holds == Unknown {
			d.Missing = append(d.Missing, w.code)
		}
	}
	if len(d.Missing) == 0 {
		d.Reasons = append(d.Reasons, none)
	}
}

// close settles the outcome: a reason against decides, then what is missing.
func (d Decision) close() Decision {
	switch {
	case len(d.Reasons) > 0:
		d.Decision = Ineligible
	case len(d.Missing) > 0:
		d.Decision = PendingDocs
	default:
		d.Decision = Eligible
	}
	if d.Decision != Eligible {
		d.Basis = []string{}
	}
	return d
}

// ucCovered: claims unemployment compensation or has exhausted it (PIRL 401: 1 to 5).
func ucCovered(status *int) Answer {
	if status == nil {
		return Unknown
	}
	return AnswerOf(*status >= 1 && *status <= 5)
}
