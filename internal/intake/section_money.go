package intake

import (
	"fmt"

	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/money"
)

// Money is the household, its income and benefits, and what stands in the way of work. The two
// barriers that only the equal-opportunity store may hold are not here; they are given, if at
// all, with a decision (decisions.md "Equal opportunity").
type Money struct {
	HouseholdSize     int          `json:"household_size" validate:"gte=0,lte=30"`
	Income            []Income     `json:"income" validate:"max=10,dive"`
	SixMonthIncome    *money.Cents `json:"six_month_income" validate:"omitempty,gte=0"`
	OwnSixMonthIncome *money.Cents `json:"own_six_month_income" validate:"omitempty,gte=0"`
	Benefits          []Benefit    `json:"benefits" validate:"max=10,dive"`
	TANFMonthsLeft    Figure       `json:"tanf_months_left" validate:"omitempty,numeric,max=3"`

	DisplacedHomemaker Said   `json:"displaced_homemaker" validate:"omitempty,oneof=yes no unknown"`
	SingleParent       Said   `json:"single_parent" validate:"omitempty,oneof=yes no unknown"`
	Parenting          Said   `json:"pregnant_or_parenting" validate:"omitempty,oneof=yes no unknown"`
	Homeless           Said   `json:"homeless" validate:"omitempty,oneof=yes no unknown"`
	Offender           Said   `json:"offender" validate:"omitempty,oneof=yes no unknown"`
	FosterCare         Said   `json:"foster_care" validate:"omitempty,oneof=yes no unknown"`
	EnglishLearner     Said   `json:"english_learner" validate:"omitempty,oneof=yes no unknown"`
	LowLiteracy        Said   `json:"low_literacy" validate:"omitempty,oneof=yes no unknown"`
	Cultural           Said   `json:"cultural" validate:"omitempty,oneof=yes no unknown"`
	Farmworker         Figure `json:"farmworker" validate:"omitempty,oneof=0 1 2 3 4 5"`
	TANFExhausting     Said   `json:"tanf_exhausting" validate:"omitempty,oneof=yes no unknown"`
}

// BarrierFields are the yes-or-no barriers of the section, in the order of the form.
var BarrierFields = []string{
	"displaced_homemaker", "single_parent", "pregnant_or_parenting", "homeless", "offender", "foster_care",
	"english_learner", "low_literacy", "cultural", "tanf_exhausting",
}

// Income is one line of family income before taxes.
type Income struct {
	Source   string       `json:"source" validate:"max=120"`
	Period   string       `json:"period" validate:"omitempty,oneof=week two_weeks twice_month month once"`
	Gross    *money.Cents `json:"gross" validate:"omitempty,gte=0"`
	Excluded bool         `json:"excluded"`
}

// IncomePeriods say how often a line is paid.
var IncomePeriods = []string{"week", "two_weeks", "twice_month", "month", "once"}

// inHalfYear is how often a line counts in 26 weeks.
var inHalfYear = map[string]money.Cents{"week": 26, "two_weeks": 13, "twice_month": 12, "month": 6, "once": 1}

// Benefit is income-based help, from and until a day; no last day means that it goes on.
type Benefit struct {
	Kind  string     `json:"kind" validate:"omitempty,oneof=snap tanf ssi other_aid free_lunch ssdi"`
	From  civil.Date `json:"from_on"`
	Until civil.Date `json:"until_on"`
}

// BenefitKinds are the kinds of benefit that are asked.
var BenefitKinds = []string{"snap", "tanf", "ssi", "ssdi", "other_aid", "free_lunch"}

// Section is the section's name.
func (Money) Section() Section { return SectionMoney }

func (a Money) missing() []string {
	m := asked{}
	m.need("household_size", a.HouseholdSize > 0)
	m.need("six_month_income", a.HalfYear() != nil)
	for i, s := range a.barriers() {
		m.need(BarrierFields[i], s != "")
	}
	m.need("farmworker", a.Farmworker != "")
	return m.list()
}

func (a Money) barriers() []Said {
	return []Said{a.DisplacedHomemaker, a.SingleParent, a.Parenting, a.Homeless, a.Offender, a.FosterCare, a.EnglishLearner, a.LowLiteracy, a.Cultural, a.TANFExhausting}
}

// HalfYear is family income of 26 weeks: the figure given, else the lines that count.
func (a Money) HalfYear() *money.Cents {
	if a.SixMonthIncome != nil || len(a.Income) == 0 {
		return a.SixMonthIncome
	}
	var sum money.Cents
	for _, l := range a.Income {
		if !l.Excluded && l.Gross != nil {
			sum += *l.Gross * inHalfYear[l.Period]
		}
	}
	return &sum
}

func (a Money) check(today civil.Date, c *errs.Collector) {
	for i, l := range a.Income {
		if l.Gross != nil && l.Period == "" {
			c.Add(fmt.Sprintf("income.%d.period", i), "required")
		}
		if l.Gross == nil {
			c.Add(fmt.Sprintf("income.%d.gross", i), "required")
		}
	}
	for i, b := range a.Benefits {
		if b.Kind == "" {
			c.Add(fmt.Sprintf("benefits.%d.kind", i), "required")
		}
		notFuture(c, fmt.Sprintf("benefits.%d.from_on", i), b.From, today)
		if !b.Until.IsZero() && b.Until.Before(b.From) {
			c.Add(fmt.Sprintf("benefits.%d.until_on", i), "before_start")
		}
	}
}

func (a Money) aid() []Aid {
	list := make([]Aid, 0, len(a.Benefits))
	for _, b := range a.Benefits {
		list = append(list, Aid(b))
	}
	return list
}
