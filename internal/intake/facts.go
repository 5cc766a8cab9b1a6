package intake

import "waymark/internal/civil"

// Answer is what somebody said to a yes-or-no question; the zero Answer is "not known".
type Answer int8

// The answers.
const (
	Unknown Answer = iota
	No
	Yes
)

// AnswerOf turns a bool into an answer.
func AnswerOf(yes bool) Answer {
	if yes {
		return Yes
	}
	return No
}

// Facts is what a decision may rest on, as of the day On (domain.md 1.1, 1.2). Where a fact
// is also asked in the equal-opportunity block it is asked again here for this purpose and
// never copied from there (decisions.md "Equal opportunity"). Money is in cents.
type Facts struct {
	On   civil.Date // day of the decision
	Born civil.Date

	WorkAuthorized   Answer
	WorkAuthVerified civil.Date // zero: nobody has seen the document
	WorkAuthExpires  civil.Date // zero: it does not
	MaleAtBirth      Answer     // asked for selective service only
	SelectiveService string     // registered, not_required, exempt, failed_not_knowing, failed_knowing; "" not known

	Veteran, EligibleSpouse Answer

	Household       int    // members; 0 not known
	SixMonthIncome  *int64 // family income of 26 weeks, included lines only
	OwnSixMonths    *int64 // the person's own, for the test of a disabled person
	Aid             []Aid
	HighPovertyArea Answer // youth only

	// Basis of a barrier, domain.md 1.1.
	DisplacedHomemaker, NativeAmerican, Disability, Offender, Homeless Answer
	FosterCare, FosterSupported, EnglishLearner, LowLiteracy, Cultural Answer
	Farmworker                                                         int // PIRL 808: 0 none, 1 to 5
	TANFExhausting, SingleParent, GovernorDefined, PregnantOrParenting Answer
	UnemployedSince                                                    civil.Date // zero: working, or not known
	LowestEFL                                                          int        // lowest NRS level on any subject; 0 not tested
	BasicSkillsDeficient                                               Answer     // a finding without a test; tests come first

	// School, PIRL 408 (0 to 8) and 409 (1 to 6; 0 not known).
	Education                       int
	School                          int
	NeedsAssistance, IncomeExcepted Answer // additional assistance; within the 5 % without the low-income test
	Dislocation                     Dislocation
}

// Aid is income-based help: snap, tanf, ssi, other_aid, or free_lunch. Until is the last
// day, zero when it goes on.
type Aid struct {
	Kind        string
	From, Until civil.Date
}

// Dislocation holds the facts of the five ways to be a dislocated worker (domain.md 1.2,
// a to e). UCStatus is PIRL 401 or nil: 1, 2, 3 and 5 claim, 4 has exhausted, 0 neither.
type Dislocation struct {
	LaidOff, UnlikelyToReturn, AttachedNotCovered Answer
	UCStatus                                      *int
	Closure                                       Answer // permanent closure, substantial layoff, general announcement
	SelfEmployedLost                              Answer
	MilitarySpouse                                Answer // lost a job by relocation, or un- or underemployed and struggling
}

// Age is full years on the day of the decision.
func (f Facts) Age() int { return f.Born.AgeOn(f.On) }

// CoveredPerson reports a veteran or an eligible spouse: priority of service.
func (f Facts) CoveredPerson() bool { return f.Veteran == Yes || f.EligibleSpouse == Yes }

// BSD is basic-skills deficient: any subject at the rule's level or below, else the finding.
func (f Facts) BSD(r Rules) Answer {
	if f.LowestEFL > 0 {
		return either(AnswerOf(f.LowestEFL <= r.BSDLevel), f.BasicSkillsDeficient)
	}
	return f.BasicSkillsDeficient
}

// aided reports aid of the kind on the day, or at any time in the months before it.
func (f Facts) aided(kind string, months int) bool {
	since := f.On.AddMonths(-months)
	for _, a := range f.Aid {
		if a.Kind == kind && !a.From.After(f.On) && (a.Until.IsZero() || !a.Until.Before(since)) {
			return true
		}
	}
	return false
}

// either is Yes if one is, No if all are, else Unknown.
func either(answers ...Answer) Answer {
	all := No
	for _, a := range answers {
		if a == Yes {
			return Yes
		}
		if a == Unknown {
			all = Unknown
		}
	}
	return all
}

// both is No if one is, Yes if all are, else Unknown.
func both(answers ...Answer) Answer {
	all := Yes
	for _, a := range answers {
		if a == No {
			return No
		}
		if a == Unknown {
			all = Unknown
		}
	}
	return all
}
