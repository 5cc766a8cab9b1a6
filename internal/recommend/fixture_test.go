package recommend

// The fixture of domain.md 6.1; areas and wages are invented, OI values and zones are O*NET's.
var occupations = map[string]Occupation{
	"51-2092":    {"51-2092", 2, RIASEC{5.37, 1.43, 1.60, 2.42, 3.93, 4.58}},
	"51-9161":    {"51-9161", 2, RIASEC{6.44, 2.88, 1.19, 1.00, 1.37, 5.39}},
	"51-4041":    {"51-4041", 3, RIASEC{7.00, 3.70, 1.95, 1.16, 1.21, 4.40}},
	"49-9041":    {"49-9041", 3, RIASEC{7.00, 3.01, 1.01, 1.00, 1.17, 4.33}},
	"49-9071":    {"49-9071", 3, RIASEC{7.00, 2.53, 1.20, 1.75, 1.53, 4.17}},
	"17-3024":    {"17-3024", 3, RIASEC{7.00, 4.38, 1.38, 1.00, 1.00, 4.58}},
	"19-5012":    {"19-5012", 3, RIASEC{5.35, 4.88, 1.00, 2.87, 2.64, 5.56}},
	"19-5011":    {"19-5011", 4, RIASEC{4.45, 4.98, 1.28, 3.45, 3.20, 4.70}},
	"43-5071":    {"43-5071", 2, RIASEC{3.98, 1.24, 1.00, 1.37, 3.11, 7.00}},
	"53-7051":    {"53-7051", 2, RIASEC{7.00, 1.78, 1.00, 1.11, 1.23, 3.71}},
	"13-1081":    {"13-1081", 4, RIASEC{2.35, 3.81, 1.10, 2.33, 5.02, 5.44}},
	"17-3026":    {"17-3026", 3, RIASEC{5.34, 5.13, 1.22, 1.44, 2.31, 5.20}},
	"17-3013":    {"17-3013", 3, RIASEC{5.96, 3.79, 3.62, 1.21, 1.36, 4.85}},
	"17-2112.03": {"17-2112.03", 4, RIASEC{5.27, 4.53, 2.22, 1.60, 3.09, 4.41}},
	"51-9061":    {"51-9061", 2, RIASEC{5.73, 3.42, 1.00, 1.00, 1.38, 5.36}},
	"17-3028":    {"17-3028", 3, RIASEC{6.30, 4.13, 1.12, 1.56, 1.00, 5.59}},
	"11-3051.01": {"11-3051.01", 4, RIASEC{3.58, 4.12, 1.28, 2.07, 5.09, 5.42}},
	"31-1131":    {"31-1131", 3, RIASEC{4.58, 2.72, 1.00, 5.70, 1.77, 4.24}},
	"29-2061":    {"29-2061", 3, RIASEC{4.58, 3.67, 1.05, 5.50, 2.13, 4.58}},
	"29-1141":    {"29-1141", 4, RIASEC{3.46, 4.71, 1.34, 5.57, 2.38, 4.75}},
	"31-9092":    {"31-9092", 3, RIASEC{4.06, 3.80, 1.00, 4.80, 1.98, 5.75}},
	"29-2072":    {"29-2072", 3, RIASEC{2.86, 4.33, 1.00, 3.41, 1.88, 6.95}},
	"15-1232":    {"15-1232", 3, RIASEC{4.13, 3.77, 1.00, 3.31, 2.36, 6.02}},
	"15-1231":    {"15-1231", 4, RIASEC{4.38, 4.61, 1.00, 2.28, 2.64, 5.45}},
	"53-3032":    {"53-3032", 2, RIASEC{7.00, 1.92, 1.00, 1.33, 1.30, 4.10}},
}

func area(code, name string, minEFL int, wage, demand float64, socs ...string) Area {
	a := Area{Code: code, Name: name, MinEFL: minEFL, WageHourly: &wage, Demand: &demand}
	for _, soc := range socs {
		a.Anchors = append(a.Anchors, occupations[soc])
	}
	return a
}

func fixtureAreas() []Area {
	trucking := area("T1", "Trucking", 3, 26, 75, "53-3032")
	trucking.EntryConstraints = []string{"cdl"}
	return []Area{
		area("M1", "Production", 3, 23, 70, "51-2092", "51-9161", "51-4041"),
		area("M2", "Maintenance, installation, repair", 4, 27, 85, "49-9041", "49-9071", "17-3024"),
		area("M3", "Health, safety, environment", 4, 29, 35, "19-5012", "19-5011"),
		area("M4", "Logistics and inventory", 3, 20.5, 60, "43-5071", "53-7051", "13-1081"),
		area("M5", "Process development", 5, 30, 50, "17-3026", "17-3013", "17-2112.03"),
		area("M6", "Quality assurance", 3, 22, 65, "51-9061", "17-3028", "11-3051.01"),
		area("H1", "Patient care", 4, 22.5, 95, "31-1131", "29-2061", "29-1141"),
		area("H2", "Clinic and records", 4, 21, 80, "31-9092", "29-2072"),
		area("I1", "IT support", 4, 26, 55, "15-1232", "15-1231"),
		trucking,
	}
}

func rosa() Person {
	return Person{
		Zone: PersonZone(1), EFL: 3, Scores: &RIASEC{30, 16, 8, 14, 10, 27}, NeededHourly: 19,
		Preference: map[string]int{"M6": 100, "M1": 60, "H2": 60},
	}
}

func thomas() Person {
	return Person{
		Zone: PersonZone(1), EFL: 4, Scores: &RIASEC{38, 24, 6, 12, 11, 22}, NeededHourly: 24,
		Holds: []string{"cdl"}, Preference: map[string]int{"M2": 100, "T1": 60},
	}
}
