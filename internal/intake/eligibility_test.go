package intake

import (
	"slices"
	"testing"

	"waymark/internal/civil"
)

func rosa() Facts {
	return Facts{
		On: day("2025-07-16"), Born: day("1991-03-09"), MaleAtBirth: No,
		WorkAuthorized: Yes, WorkAuthVerified: day("2025-07-16"), WorkAuthExpires: day("2027-01-01"),
		Veteran: No, EligibleSpouse: No,
		Household: 3, SixMonthIncome: new(int64(11_900_00)), Aid: []Aid{{Kind: "snap", From: day("2025-01-01")}},
		EnglishLearner: Yes, SingleParent: Yes, Education: 1, School: 5,
	}
}

func thomas() Facts {
	return Facts{
		On: day("2025-09-08"), Born: day("1973-05-02"), MaleAtBirth: Yes, SelectiveService: "registered",
		WorkAuthorized: Yes, WorkAuthVerified: day("2025-09-08"), Veteran: Yes, Education: 1, School: 5,
		UnemployedSince: day("2025-03-14"),
		Dislocation:     Dislocation{LaidOff: Yes, UCStatus: new(1), Closure: Yes},
	}
}

func young() Facts {
	return Facts{On: day("2025-09-08"), Born: day("2007-06-01"), MaleAtBirth: No, WorkAuthorized: Yes, WorkAuthVerified: day("2025-09-08"), School: 4}
}

func TestCaseAIsAnEligibleAdultOfPriorityGroupTwo(t *testing.T) {
	f := rosa()
	d := DecideAdult(f, DefaultRules(f.On))
	if d.Decision != Eligible || d.PriorityGroup != 2 || d.CoveredPerson || !d.LowIncome || f.Age() != 34 {
		t.Errorf("%+v", d)
	}
	if !slices.Equal(d.Barriers, []int{2, 9, 12}) || !slices.Equal(d.LowIncomeBasis, []string{"snap", "income"}) {
		t.Errorf("%v %v", d.Barriers, d.LowIncomeBasis)
	}
}

func TestCaseBIsADislocatedWorkerByTheClosure(t *testing.T) {
	f := thomas()
	d := DecideDislocatedWorker(f, DefaultRules(f.On))
	if d.Decision != Eligible || !slices.Equal(d.Basis, []string{"closure"}) || !d.CoveredPerson || len(d.Barriers) != 0 || d.PriorityGroup != 0 {
		t.Errorf("%+v", d)
	}
	f.On = day("2025-09-19") // 189 days
	if d := DecideDislocatedWorker(f, DefaultRules(f.On)); !slices.Equal(d.Barriers, []int{13}) {
		t.Error("27 weeks are long-term:", d.Barriers)
	}
}

func TestTheIncomeTestTakesTheLargerLimit(t *testing.T) {
	r := DefaultRules(day("2025-07-16"))
	if r.IncomeLimit(3) != 26_650_00 || DefaultRules(day("2026-01-15")).IncomeLimit(1) != 15_960_00 || DefaultRules(day("2026-01-14")).Poverty.Year != 2025 {
		t.Errorf("%+v", r)
	}
	f := rosa()
	f.Aid, f.SixMonthIncome = nil, new(int64(13_325_00))
	if low, _ := f.LowIncome(r, false); low != Yes {
		t.Error("at the limit is low income")
	}
	f.SixMonthIncome = new(int64(13_325_01))
	if low, _ := f.LowIncome(r, false); low != No {
		t.Error("above the limit is not")
	}
	r.LLSIL70 = map[int]int64{3: 30_000_00}
	if low, _ := f.LowIncome(r, false); low != Yes {
		t.Error("LLSIL is larger")
	}
	f.SixMonthIncome = nil
	if low, _ := f.LowIncome(r, false); low != Unknown {
		t.Error("nobody knows")
	}
}

func TestAidCountsForSixMonthsAfterItEnds(t *testing.T) {
	f, r := rosa(), DefaultRules(day("2025-07-16"))
	f.SixMonthIncome = nil
	for until, want := range map[string]Answer{"2025-01-16": Yes, "2025-01-15": Unknown} {
		f.Aid = []Aid{{"tanf", day("2024-01-01"), day(until)}}
		if low, _ := f.LowIncome(r, false); low != want {
			t.Errorf("until %s: %v", until, low)
		}
	}
}

func TestAdultsAndDislocatedWorkersAreRefusedForReasons(t *testing.T) {
	for name, tt := range map[string]struct {
		edit             func(*Facts)
		want             Outcome
		missing, reasons []string
	}{
		"seventeen":                  {func(f *Facts) { f.Born = day("2008-09-09") }, Ineligible, nil, []string{"age"}},
		"no birth date":              {func(f *Facts) { f.Born = civil.Date{} }, PendingDocs, []string{"birth_date"}, nil},
		"may not work":               {func(f *Facts) { f.WorkAuthorized = No }, Ineligible, nil, []string{"not_authorized_to_work"}},
		"permit not asked for":       {func(f *Facts) { f.WorkAuthorized = Unknown }, PendingDocs, []string{"work_authorization"}, nil},
		"permit not seen":            {func(f *Facts) { f.WorkAuthVerified = civil.Date{} }, PendingDocs, []string{"work_authorization_verified"}, nil},
		"permit run out":             {func(f *Facts) { f.WorkAuthExpires = day("2025-09-07") }, PendingDocs, []string{"work_authorization_expired"}, nil},
		"registration not known":     {func(f *Facts) { f.SelectiveService = "" }, PendingDocs, []string{"selective_service"}, nil},
		"knowingly never registered": {func(f *Facts) { f.SelectiveService = "failed_knowing" }, Ineligible, nil, []string{"selective_service"}},
		"a finding of not knowing":   {func(f *Facts) { f.SelectiveService = "failed_not_knowing" }, Eligible, nil, nil},
		"no way known": {func(f *Facts) {
			f.Dislocation.Closure = Unknown
			f.Dislocation.UnlikelyToReturn = No
			f.Dislocation.SelfEmployedLost = No
			f.Dislocation.MilitarySpouse = No
			f.DisplacedHomemaker = No
		}, PendingDocs, []string{"closure"}, nil},
		"no way open":                {func(f *Facts) { f.Dislocation = Dislocation{No, No, No, new(0), No, No, No}; f.DisplacedHomemaker = No }, Ineligible, nil, []string{"no_dislocation"}},
		"laid off and unlikely back": {func(f *Facts) { f.Dislocation = Dislocation{LaidOff: Yes, UnlikelyToReturn: Yes, UCStatus: new(4)} }, Eligible, nil, nil},
		"displaced homemaker":        {func(f *Facts) { f.Dislocation = Dislocation{}; f.DisplacedHomemaker = Yes }, Eligible, nil, nil},
		"a reason outweighs a gap":   {func(f *Facts) { f.Born = day("2008-09-09"); f.WorkAuthVerified = civil.Date{} }, Ineligible, []string{"work_authorization_verified"}, []string{"age"}},
	} {
		f := thomas()
		tt.edit(&f)
		d := DecideDislocatedWorker(f, DefaultRules(f.On))
		if d.Decision != tt.want || !slices.Equal(d.Missing, tt.missing) || !slices.Equal(d.Reasons, tt.reasons) {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

func TestSelectiveServiceAsksOnlyWhomItConcerns(t *testing.T) {
	r := DefaultRules(day("2025-09-08"))
	for name, tt := range map[string]struct {
		f    Facts
		want Answer
	}{
		"a woman":                        {Facts{MaleAtBirth: No}, Yes},
		"a man born in 1959":             {Facts{MaleAtBirth: Yes, Born: day("1959-12-31")}, Yes},
		"a man born in 1960":             {Facts{MaleAtBirth: Yes, Born: day("1960-01-01")}, Unknown},
		"a boy of seventeen":             {Facts{MaleAtBirth: Yes, Born: day("2008-01-01")}, Yes},
		"an exempt man":                  {Facts{MaleAtBirth: Yes, Born: day("1990-01-01"), SelectiveService: "exempt"}, Yes},
		"unregistered at twenty-five":    {Facts{MaleAtBirth: Yes, Born: day("2000-01-01"), SelectiveService: "failed_not_knowing"}, No},
		"not knowing at twenty-six":      {Facts{MaleAtBirth: Yes, Born: day("1999-01-01"), SelectiveService: "failed_not_knowing"}, Yes},
		"nothing known about the person": {Facts{}, Unknown},
	} {
		tt.f.On = day("2025-09-08")
		if got := SelectiveServiceMet(tt.f, r); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	r.SelectiveService.AutomaticFrom = day("2026-12-18")
	f := Facts{On: day("2026-12-18"), MaleAtBirth: Yes, Born: day("2006-01-01")}
	if SelectiveServiceMet(f, r) != Yes {
		t.Error("registration was automatic by then")
	}
}

func TestThePriorityGroups(t *testing.T) {
	r := DefaultRules(day("2025-07-16"))
	f := Facts{On: day("2025-07-16")}
	if PriorityGroup(f, r) != 4 {
		t.Error("nothing known")
	}
	f.EligibleSpouse = Yes
	if PriorityGroup(f, r) != 3 {
		t.Error("covered only")
	}
	f.LowestEFL = 4
	if PriorityGroup(f, r) != 1 {
		t.Error("covered and basic-skills deficient")
	}
	f.EligibleSpouse = No
	if PriorityGroup(f, r) != 2 {
		t.Error("basic-skills deficient")
	}
}

func TestEveryBarrierHasItsNumber(t *testing.T) {
	r := DefaultRules(day("2025-07-16"))
	for want, f := range map[int]Facts{
		1: {DisplacedHomemaker: Yes}, 3: {NativeAmerican: Yes}, 4: {Disability: Yes}, 5: {Born: day("1970-07-16")},
		6: {Offender: Yes}, 8: {FosterCare: Yes}, 9: {Cultural: Yes}, 10: {Farmworker: 2}, 11: {TANFExhausting: Yes},
		12: {SingleParent: Yes}, 13: {UnemployedSince: day("2025-01-08")}, 14: {GovernorDefined: Yes},
	} {
		f.On = day("2025-07-16")
		if got := f.Barriers(r, false); !slices.Equal(got, []int{want}) {
			t.Errorf("%d: %v", want, got)
		}
	}
	if got := (Facts{On: day("2025-07-16"), Homeless: Yes}).Barriers(r, false); !slices.Equal(got, []int{2, 7}) {
		t.Error("homeless is low income too:", got)
	}
}

func TestYouthOutOfSchoolAndIn(t *testing.T) {
	for name, tt := range map[string]struct {
		edit  func(*Facts)
		want  Outcome
		basis []string
	}{
		"a dropout":                          {func(f *Facts) {}, Eligible, []string{"osy.dropout"}},
		"a dropout of twenty-five":           {func(f *Facts) { f.Born = day("2000-09-08") }, Ineligible, nil},
		"a dropout of twenty-four":           {func(f *Facts) { f.Born = day("2000-09-09") }, Eligible, []string{"osy.dropout"}},
		"a graduate, nothing more known":     {func(f *Facts) { f.School = 5 }, PendingDocs, nil},
		"a graduate, poor, English learner":  {func(f *Facts) { f.School, f.EnglishLearner, f.HighPovertyArea = 5, Yes, Yes }, Eligible, []string{"osy.graduate_low_income"}},
		"a graduate and parent":              {func(f *Facts) { f.School, f.PregnantOrParenting = 5, Yes }, Eligible, []string{"osy.pregnant_or_parenting"}},
		"in school, poor, low level":         {func(f *Facts) { f.School, f.LowestEFL, f.HighPovertyArea = 1, 3, Yes }, Eligible, []string{"isy.basic_skills"}},
		"in school, income not known":        {func(f *Facts) { f.School, f.LowestEFL = 1, 3 }, PendingDocs, nil},
		"in school, within the five percent": {func(f *Facts) { f.School, f.LowestEFL, f.IncomeExcepted = 1, 3, Yes }, Eligible, []string{"isy.basic_skills"}},
		"in school at fifteen":               {func(f *Facts) { f.School, f.Disability, f.Homeless, f.Born = 1, Yes, Yes, day("2010-01-01") }, Eligible, []string{"isy.homeless", "isy.disability"}},
		"in school and not poor":             {func(f *Facts) { f.School, f.LowestEFL, f.Household, f.SixMonthIncome = 1, 3, 2, new(int64(90_000_00)) }, Ineligible, nil},
		"school not asked":                   {func(f *Facts) { f.School = 0 }, PendingDocs, nil},
	} {
		f := young()
		tt.edit(&f)
		d := DecideYouth(f, DefaultRules(f.On))
		if d.Decision != tt.want || !slices.Equal(d.Basis, tt.basis) {
			t.Errorf("%s: %+v", name, d)
		}
	}
}
