package intake

// LowIncome applies sec. 3(36) (domain.md 1.2) and lists every limb that holds: snap, tanf,
// ssi, other_aid, income, homeless, free_lunch, foster_supported, own_income,
// high_poverty_area. It is Yes with a limb; No only when the income test ran and failed;
// else Unknown. Asking for youth adds the limb of the high-poverty area.
func (f Facts) LowIncome(r Rules, youth bool) (Answer, []string) {
	limbs := []string{}
	for _, kind := range []string{"snap", "tanf", "ssi", "other_aid"} {
		if f.aided(kind, r.AidMonths) {
			limbs = append(limbs, kind)
		}
	}
	tested := f.Household > 0 && f.SixMonthIncome != nil
	for _, limb := range []struct {
		holds bool
		code  string
	}{
		{tested && 2**f.SixMonthIncome <= r.IncomeLimit(f.Household), "income"},
		{f.Homeless == Yes, "homeless"},
		{f.aided("free_lunch", 0), "free_lunch"},
		{f.FosterSupported == Yes, "foster_supported"},
		{f.Disability == Yes && f.OwnSixMonths != nil && 2**f.OwnSixMonths <= r.IncomeLimit(1), "own_income"},
		{youth && f.HighPovertyArea == Yes, "high_poverty_area"},
	} {
		if limb.holds {
			limbs = append(limbs, limb.code)
		}
	}
	switch {
	case len(limbs) > 0:
		return Yes, limbs
	case tested:
		return No, limbs
	}
	return Unknown, limbs
}

// PublicAssistance reports income-based aid now or within the rule's months.
func (f Facts) PublicAssistance(r Rules) bool {
	return f.aided("snap", r.AidMonths) || f.aided("tanf", r.AidMonths) || f.aided("ssi", r.AidMonths) || f.aided("other_aid", r.AidMonths)
}

// Barriers are the numbers 1 to 14 of sec. 3(24), as in domain.md 1.1, that the facts
// establish, in order. The low-income barrier leaves out the limb for youth when not youth.
func (f Facts) Barriers(r Rules, youth bool) []int {
	low, _ := f.LowIncome(r, youth)
	list := []int{}
	for i, holds := range [14]bool{
		f.DisplacedHomemaker == Yes,
		low == Yes,
		f.NativeAmerican == Yes,
		f.Disability == Yes,
		!f.Born.IsZero() && f.Age() >= r.OlderAge,
		f.Offender == Yes,
		f.Homeless == Yes,
		f.FosterCare == Yes,
		f.EnglishLearner == Yes || f.LowLiteracy == Yes || f.Cultural == Yes,
		f.Farmworker > 0,
		f.TANFExhausting == Yes,
		f.SingleParent == Yes,
		f.longTermUnemployed(r),
		f.GovernorDefined == Yes,
	} {
		if holds {
			list = append(list, i+1)
		}
	}
	return list
}

// longTermUnemployed is 27 consecutive weeks or more without work (PIRL 402).
func (f Facts) longTermUnemployed(r Rules) bool {
	return !f.UnemployedSince.IsZero() && f.On.DaysSince(f.UnemployedSince) >= r.LongTermDays
}
