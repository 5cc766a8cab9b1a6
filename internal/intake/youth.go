package intake

// DecideYouth applies domain.md 1.2: out of school (16 to 24, PIRL 409 of 4 to 6) or in
// school (14 to 21, 409 of 1 to 3, low income or within the agency's 5 %). In-school details
// are unverified law: check with your state.
func DecideYouth(f Facts, r Rules) Decision {
	d := begin(ProgramYouth, f, r)
	d.authorized(f)
	d.selectiveService(f, r)
	switch {
	case f.School == 0:
		d.Missing = append(d.Missing, "school_status")
		d.ageFrom(f, min(r.OSYAge[0], r.ISYAge[0]), max(r.OSYAge[1], r.ISYAge[1]))
	case f.School >= 4:
		d.ageFrom(f, r.OSYAge[0], r.OSYAge[1])
		d.oneOf(outOfSchool(f, r), "no_youth_condition")
	default:
		d.ageFrom(f, r.ISYAge[0], r.ISYAge[1])
		low, _ := f.LowIncome(r, true)
		d.must(either(low, excepted(f)), "household_income", "not_low_income")
		d.oneOf(inSchool(f, r), "no_youth_condition")
	}
	return d.close()
}

// outOfSchool are the ways for youth who attend no school.
func outOfSchool(f Facts, r Rules) []way {
	low, _ := f.LowIncome(r, true)
	low = either(low, excepted(f))
	return []way{
		{"osy.dropout", AnswerOf(f.School == 4)},
		{"osy.compulsory_age", AnswerOf(f.School == 6)},
		{"osy.graduate_low_income", both(AnswerOf(f.School == 5), low, either(f.BSD(r), f.EnglishLearner))},
		{"osy.offender", f.Offender},
		{"osy.homeless", f.Homeless},
		{"osy.foster", f.FosterCare},
		{"osy.pregnant_or_parenting", f.PregnantOrParenting},
		{"osy.disability", f.Disability},
		{"osy.needs_assistance", both(low, f.NeedsAssistance)},
	}
}

// inSchool are the ways for youth who attend school, low income being tested before.
func inSchool(f Facts, r Rules) []way {
	return []way{
		{"isy.basic_skills", f.BSD(r)},
		{"isy.english_learner", f.EnglishLearner},
		{"isy.offender", f.Offender},
		{"isy.homeless", f.Homeless},
		{"isy.foster", f.FosterCare},
		{"isy.pregnant_or_parenting", f.PregnantOrParenting},
		{"isy.disability", f.Disability},
		{"isy.needs_assistance", f.NeedsAssistance},
	}
}

// excepted is Yes for one of the 5 % that may lack the low-income test, else No.
func excepted(f Facts) Answer { return AnswerOf(f.IncomeExcepted == Yes) }
