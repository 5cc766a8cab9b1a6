package result

import (
	"slices"
	"strings"

	"waymark/internal/civil"
	"waymark/internal/equity"
	"waymark/internal/intake"
	"waymark/internal/participation"
)

// facts are what intake and eligibility know, as the file writes it. Where a decision rested on an
// answer, the answer of that decision stands.
var facts = map[string]func(p *period) string{
	"employment":           func(p *period) string { return string(p.Said.V.Work.Employment) },
	"uc_status":            func(p *period) string { return figure(p.Facts.V.UCStatus, p.Said.V.Work.UCStatus) },
	"long_term_unemployed": func(p *period) string { return found(p.Result.V.LongTermUnemployed) },
	"low_income":           func(p *period) string { return found(p.Result.V.LowIncome) },
	"school_grade":         func(p *period) string { return string(p.Said.V.Education.SchoolGrade) },
	"education":            func(p *period) string { return figure(p.Said.V.Education.Education, p.Facts.V.Education) },
	"school_status":        func(p *period) string { return figure(p.Said.V.Education.SchoolStatus, p.Facts.V.SchoolStatus) },
	"veteran":              (*period).veteran,
	"eligible_veteran":     (*period).eligibleVeteran,
	"homeless":             func(p *period) string { return said(p.Facts.V.Homeless, p.Said.V.Money.Homeless) },
	"offender":             func(p *period) string { return said(p.Facts.V.Offender, p.Said.V.Money.Offender) },
	"english_learner":      func(p *period) string { return said(p.Facts.V.EnglishLearner, p.Said.V.Money.EnglishLearner) },
	"cultural":             func(p *period) string { return said(p.Facts.V.Cultural, p.Said.V.Money.Cultural) },
	"single_parent":        func(p *period) string { return said(p.Facts.V.SingleParent, p.Said.V.Money.SingleParent) },
	"displaced_homemaker":  func(p *period) string { return said(p.Facts.V.DisplacedHomemaker, p.Said.V.Money.DisplacedHomemaker) },
	"farmworker":           func(p *period) string { return figure(p.Facts.V.Farmworker, p.Said.V.Money.Farmworker) },
	"tanf_exhausting":      func(p *period) string { return said(p.Facts.V.TANFExhausting, p.Said.V.Money.TANFExhausting) },
	"foster_care":          func(p *period) string { return said(p.Facts.V.FosterCare, p.Said.V.Money.FosterCare) },
	"parenting":            func(p *period) string { return said(p.Facts.V.Parenting, p.Said.V.Money.Parenting) },
	"needs_assistance":     func(p *period) string { return said(p.Facts.V.NeedsAssistance) },
}

func (p *period) fact(name string) string {
	if of := facts[name]; of != nil {
		return of(p)
	}
	return ""
}

// said is the first answer that was given; "unknown" is none.
func said(answers ...intake.Said) string {
	for _, a := range answers {
		switch a {
		case intake.SaidYes:
			return "1"
		case intake.SaidNo:
			return "0"
		}
	}
	return ""
}

func figure(answers ...intake.Figure) string {
	for _, a := range answers {
		if a != "" {
			return string(a)
		}
	}
	return ""
}

func found(is *bool) string {
	if is == nil {
		return ""
	}
	return oneZero(*is)
}

func (p *period) veteran() string { return said(p.Facts.V.Veteran, p.Said.V.About.Veteran) }

// eligibleVeteran is element 301: 1 served 180 days or less, 2 a veteran, 3 an eligible spouse, 0 neither.
func (p *period) eligibleVeteran() string {
	spouse := said(p.Facts.V.EligibleSpouse, p.Said.V.About.EligibleSpouse)
	switch veteran := p.veteran(); {
	case veteran == "1" && p.Said.V.About.ShortServiceUnder == intake.SaidYes:
		return "1"
	case veteran == "1":
		return "2"
	case spouse == "1":
		return "3"
	case veteran == "0":
		return "0"
	}
	return ""
}

// aidMonths is how long before the entry help still counts (domain.md 1.1).
const aidMonths = 6

// benefit reports help of one of the kinds at entry or in the six months before; nothing when the
// section on money was never answered.
func (p *period) benefit(kinds []string) string {
	list := p.Facts.V.Benefits
	if len(list) == 0 {
		list = p.Said.V.Money.Benefits
	}
	if len(list) == 0 && p.Said.V.Money.HouseholdSize == 0 && p.Facts.V.HouseholdSize == 0 {
		return ""
	}
	return oneZero(slices.ContainsFunc(list, func(b intake.Benefit) bool {
		return slices.Contains(kinds, b.Kind) && !b.From.After(p.StartedOn) && (b.Until.IsZero() || !b.Until.Before(p.StartedOn.AddMonths(-aidMonths)))
	}))
}

// basicSkills is element 804: a test at level 4 or below, or a finding.
func (p *period) basicSkills() string {
	if level, tested := p.Facts.V.LowestEFL.Int(); tested {
		return oneZero(level <= bsdLevel || p.Facts.V.BasicSkills == intake.SaidYes)
	}
	return said(p.Facts.V.BasicSkills)
}

// bsdLevel is the highest functioning level that is basic-skills deficient.
const bsdLevel = 4

// lastOccupation is the code of the last job in eight digits.
func (p *period) lastOccupation() string {
	if len(p.Said.V.Work.Jobs) == 0 {
		return ""
	}
	return occupation(p.Said.V.Work.Jobs[0].SOC)
}

func occupation(soc string) string {
	digits := strings.NewReplacer("-", "", ".", "").Replace(soc)
	if len(digits) == 6 {
		digits += "00"
	}
	return digits
}

// industryBefore is that of the job held in the n-th quarter before entry.
func (p *period) industryBefore(n int) string {
	q := participation.QuarterOf(p.StartedOn).Add(-n)
	for _, j := range p.Said.V.Work.Jobs {
		if !j.StartedOn.IsZero() && !j.StartedOn.After(q.Last()) && (j.EndedOn.IsZero() || !j.EndedOn.Before(q.First())) {
			return j.NAICS
		}
	}
	return ""
}

// dislocatedOn is the last day of the job that a dislocated worker lost.
func (p *period) dislocatedOn() civil.Date {
	if !slices.Contains(p.Programs, "dislocated_worker") {
		return civil.Date{}
	}
	for _, j := range p.Said.V.Work.Jobs {
		if !j.EndedOn.IsZero() && !j.EndedOn.After(p.StartedOn) {
			return j.EndedOn
		}
	}
	return p.Facts.V.UnemployedSince
}

// equityCode is an answer of the equal-opportunity block: 9 where it was not disclosed. Without the
// answers, as everywhere but in the file itself, it is empty.
func (p *period) equityCode(question string) string {
	if p.equity == nil {
		return ""
	}
	switch question {
	case "sex":
		return code(p.equity.Sex, map[string]string{"male": "1", "female": "2"})
	case "disability":
		return code(p.equity.Disability, map[string]string{"yes": "1", "no": "0"})
	case "hispanic":
		return code(p.equity.Ethnicity, map[string]string{"hispanic": "1", "not_hispanic": "0"})
	}
	if slices.Contains(p.equity.Race, equity.NotDisclosed) {
		return "9"
	}
	return oneZero(slices.Contains(p.equity.Race, question))
}

func code(answer string, codes map[string]string) string {
	if c, known := codes[answer]; known {
		return c
	}
	return "9"
}
