package seed

import (
	"waymark/internal/access"
	"waymark/internal/civil"
)

// RiverValley is the demonstration's first agency.
func RiverValley() Agency {
	return Agency{
		Slug: "rivervalley", Name: "River Valley Workforce Board", Zone: "America/New_York", Phone: "(207) 555-0100",
		Address: "45 Main Street", State: "ME", Region: "ME-RIVER", WageArea: "30340", Demo: true,
		Offices: []Office{{"Main Street", "45 Main Street, office 2", "(207) 555-0100"}, {"Harbor", "12 Wharf Road", "(207) 555-0160"}},
		Staff: []Person{
			{"dana@rivervalley.test", "Dana", "Whitfield", "(207) 555-0118", access.CaseManager, 0},
			{"walt@rivervalley.test", "Walt", "Pelletier", "(207) 555-0161", access.CaseManager, 1},
			{"marcus@rivervalley.test", "Marcus", "Oyelaran", "(207) 555-0110", access.Supervisor, 0},
			{"admin@rivervalley.test", "Ines", "Tremblay", "(207) 555-0101", access.Administrator, -1},
			{"auditor@rivervalley.test", "Ruth", "Adeyemi", "(207) 555-0102", access.Auditor, -1},
			{"priya@rivervalley.test", "Priya", "Raman", "(207) 555-0119", access.CaseManager, 0},
			{"keisha@rivervalley.test", "Keisha", "Boone", "(207) 555-0120", access.CaseManager, 0},
			{"helen@rivervalley.test", "Helen", "Sato", "(207) 555-0162", access.Supervisor, 1},
		},
		Holidays: closings(),
	}
}

// NorthCoast is the demonstration's second agency, whose people must never see the first one's.
func NorthCoast() Agency {
	return Agency{
		Slug: "northcoast", Name: "North Coast Career Center", Zone: "America/New_York", Phone: "(207) 555-0180",
		Address: "8 Harbor Square", State: "ME", Region: "ME-COAST", WageArea: "38860", Demo: true,
		Offices: []Office{{"Harbor Square", "8 Harbor Square", "(207) 555-0180"}},
		Staff: []Person{
			{"kim@northcoast.test", "Kim", "Bergeron", "(207) 555-0181", access.CaseManager, 0},
			{"noor@northcoast.test", "Noor", "Haidari", "(207) 555-0182", access.Supervisor, 0},
			{"admin@northcoast.test", "Paul", "Levesque", "(207) 555-0183", access.Administrator, -1},
		},
		Holidays: closings(),
	}
}

// closings are the days around the demonstration's Monday on which the offices are closed.
func closings() []Holiday {
	return []Holiday{
		{civil.On(2026, 11, 26), "Thanksgiving Day", "Día de Acción de Gracias"},
		{civil.On(2026, 11, 27), "Day after Thanksgiving", "Día después de Acción de Gracias"},
		{civil.On(2026, 12, 25), "Christmas Day", "Navidad"},
		{civil.On(2027, 1, 1), "New Year's Day", "Año Nuevo"},
		{civil.On(2027, 1, 18), "Martin Luther King Jr. Day", "Día de Martin Luther King Jr."},
	}
}
