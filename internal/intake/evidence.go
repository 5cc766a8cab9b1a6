package intake

import (
	"reflect"

	"waymark/internal/civil"
	"waymark/internal/money"
)

// FactsInput are the facts of a decision by name. What a request leaves out comes from the
// intake record; "unknown" says that it must not.
type FactsInput struct {
	BirthDate          civil.Date   `json:"birth_date"`
	WorkAuthorized     Said         `json:"work_authorized" validate:"omitempty,oneof=yes no unknown"`
	WorkAuthVerified   civil.Date   `json:"work_auth_verified_on"`
	WorkAuthExpires    civil.Date   `json:"work_auth_expires"`
	MaleAtBirth        Said         `json:"male_at_birth" validate:"omitempty,oneof=yes no unknown"`
	SelectiveService   string       `json:"selective_service" validate:"omitempty,oneof=registered not_required exempt failed_not_knowing failed_knowing unknown"`
	Veteran            Said         `json:"veteran" validate:"omitempty,oneof=yes no unknown"`
	EligibleSpouse     Said         `json:"eligible_spouse" validate:"omitempty,oneof=yes no unknown"`
	HouseholdSize      int          `json:"household_size" validate:"gte=0,lte=30"`
	SixMonthIncome     *money.Cents `json:"six_month_income" validate:"omitempty,gte=0"`
	OwnSixMonthIncome  *money.Cents `json:"own_six_month_income" validate:"omitempty,gte=0"`
	Benefits           []Benefit    `json:"benefits" validate:"max=10,dive"`
	HighPovertyArea    Said         `json:"high_poverty_area" validate:"omitempty,oneof=yes no unknown"`
	DisplacedHomemaker Said         `json:"displaced_homemaker" validate:"omitempty,oneof=yes no unknown"`
	NativeAmerican     Said         `json:"native_american" validate:"omitempty,oneof=yes no unknown"`
	Disability         Said         `json:"disability" validate:"omitempty,oneof=yes no unknown"`
	Offender           Said         `json:"offender" validate:"omitempty,oneof=yes no unknown"`
	Homeless           Said         `json:"homeless" validate:"omitempty,oneof=yes no unknown"`
	FosterCare         Said         `json:"foster_care" validate:"omitempty,oneof=yes no unknown"`
	FosterSupported    Said         `json:"foster_supported" validate:"omitempty,oneof=yes no unknown"`
	EnglishLearner     Said         `json:"english_learner" validate:"omitempty,oneof=yes no unknown"`
	LowLiteracy        Said         `json:"low_literacy" validate:"omitempty,oneof=yes no unknown"`
	Cultural           Said         `json:"cultural" validate:"omitempty,oneof=yes no unknown"`
	Farmworker         Figure       `json:"farmworker" validate:"omitempty,oneof=0 1 2 3 4 5"`
	TANFExhausting     Said         `json:"tanf_exhausting" validate:"omitempty,oneof=yes no unknown"`
	SingleParent       Said         `json:"single_parent" validate:"omitempty,oneof=yes no unknown"`
	GovernorDefined    Said         `json:"governor_defined" validate:"omitempty,oneof=yes no unknown"`
	Parenting          Said         `json:"pregnant_or_parenting" validate:"omitempty,oneof=yes no unknown"`
	UnemployedSince    civil.Date   `json:"unemployed_since"`
	LowestEFL          Figure       `json:"lowest_efl" validate:"omitempty,oneof=1 2 3 4 5 6"`
	BasicSkills        Said         `json:"basic_skills_deficient" validate:"omitempty,oneof=yes no unknown"`
	Education          Figure       `json:"education" validate:"omitempty,oneof=0 1 2 3 4 5 6 7 8"`
	SchoolStatus       Figure       `json:"school_status" validate:"omitempty,oneof=1 2 3 4 5 6"`
	NeedsAssistance    Said         `json:"needs_assistance" validate:"omitempty,oneof=yes no unknown"`
	IncomeExcepted     Said         `json:"income_excepted" validate:"omitempty,oneof=yes no unknown"`
	LaidOff            Said         `json:"laid_off" validate:"omitempty,oneof=yes no unknown"`
	UnlikelyReturn     Said         `json:"unlikely_to_return" validate:"omitempty,oneof=yes no unknown"`
	AttachedNotCovered Said         `json:"attached_not_covered" validate:"omitempty,oneof=yes no unknown"`
	UCStatus           Figure       `json:"uc_status" validate:"omitempty,oneof=0 1 2 3 4 5"`
	Closure            Said         `json:"closure" validate:"omitempty,oneof=yes no unknown"`
	SelfEmployed       Said         `json:"self_employed_lost" validate:"omitempty,oneof=yes no unknown"`
	MilitarySpouse     Said         `json:"military_spouse" validate:"omitempty,oneof=yes no unknown"`
}

// Known are the facts that the intake record and the assessments hold.
func Known(s Sections, results []Scored) FactsInput {
	a, m, w := s.About, s.Money, s.Work
	f := FactsInput{
		BirthDate: a.BirthDate, WorkAuthorized: a.WorkAuthorized, WorkAuthVerified: a.WorkAuthVerified, WorkAuthExpires: a.WorkAuthExpires,
		SelectiveService: a.SelectiveService, Veteran: a.Veteran, EligibleSpouse: a.EligibleSpouse,
		HouseholdSize: m.HouseholdSize, SixMonthIncome: m.HalfYear(), OwnSixMonthIncome: m.OwnSixMonthIncome, Benefits: m.Benefits,
		DisplacedHomemaker: m.DisplacedHomemaker, Offender: m.Offender, Homeless: m.Homeless, FosterCare: m.FosterCare,
		EnglishLearner: m.EnglishLearner, LowLiteracy: m.LowLiteracy, Cultural: m.Cultural, Farmworker: m.Farmworker,
		TANFExhausting: m.TANFExhausting, SingleParent: m.SingleParent, Parenting: m.Parenting,
		Education: s.Education.Education, SchoolStatus: s.Education.SchoolStatus,
		LaidOff: w.LaidOff, UnlikelyReturn: w.UnlikelyReturn, UCStatus: w.UCStatus, Closure: w.Closure, SelfEmployed: w.SelfEmployed,
	}
	if w.Employment != "1" {
		f.UnemployedSince = w.UnemployedSince
	}
	if low := lowestLevel(results, ""); low != nil {
		f.LowestEFL = FigureOf(*low)
	}
	return f
}

// Over puts the facts that are given over the known ones.
func (in FactsInput) Over(known FactsInput) FactsInput {
	from, to := reflect.ValueOf(in), reflect.ValueOf(&known).Elem()
	for i := range from.NumField() {
		if !from.Field(i).IsZero() {
			to.Field(i).Set(from.Field(i))
		}
	}
	return known
}

// facts are what the rules take, as of a day.
func (in FactsInput) facts(on civil.Date) Facts {
	education, _ := in.Education.Int()
	school, _ := in.SchoolStatus.Int()
	level, _ := in.LowestEFL.Int()
	farm, _ := in.Farmworker.Int()
	return Facts{
		On: on, Born: in.BirthDate, WorkAuthorized: in.WorkAuthorized.Answer(), WorkAuthVerified: in.WorkAuthVerified, WorkAuthExpires: in.WorkAuthExpires,
		MaleAtBirth: in.MaleAtBirth.Answer(), SelectiveService: in.SelectiveService, Veteran: in.Veteran.Answer(), EligibleSpouse: in.EligibleSpouse.Answer(),
		Household: in.HouseholdSize, SixMonthIncome: cents(in.SixMonthIncome), OwnSixMonths: cents(in.OwnSixMonthIncome),
		Aid: Money{Benefits: in.Benefits}.aid(), HighPovertyArea: in.HighPovertyArea.Answer(),
		DisplacedHomemaker: in.DisplacedHomemaker.Answer(), NativeAmerican: in.NativeAmerican.Answer(), Disability: in.Disability.Answer(),
		Offender: in.Offender.Answer(), Homeless: in.Homeless.Answer(), FosterCare: in.FosterCare.Answer(), FosterSupported: in.FosterSupported.Answer(),
		EnglishLearner: in.EnglishLearner.Answer(), LowLiteracy: in.LowLiteracy.Answer(), Cultural: in.Cultural.Answer(), Farmworker: farm,
		TANFExhausting: in.TANFExhausting.Answer(), SingleParent: in.SingleParent.Answer(), GovernorDefined: in.GovernorDefined.Answer(),
		PregnantOrParenting: in.Parenting.Answer(), UnemployedSince: in.UnemployedSince, LowestEFL: level, BasicSkillsDeficient: in.BasicSkills.Answer(),
		Education: education, School: school, NeedsAssistance: in.NeedsAssistance.Answer(), IncomeExcepted: in.IncomeExcepted.Answer(),
		Dislocation: Dislocation{
			LaidOff: in.LaidOff.Answer(), UnlikelyToReturn: in.UnlikelyReturn.Answer(), AttachedNotCovered: in.AttachedNotCovered.Answer(),
			UCStatus: whole(in.UCStatus), Closure: in.Closure.Answer(), SelfEmployedLost: in.SelfEmployed.Answer(), MilitarySpouse: in.MilitarySpouse.Answer(),
		},
	}
}

func cents(c *money.Cents) *int64 {
	if c == nil {
		return nil
	}
	n := int64(*c)
	return &n
}

func whole(f Figure) *int {
	n, ok := f.Int()
	if !ok {
		return nil
	}
	return &n
}
