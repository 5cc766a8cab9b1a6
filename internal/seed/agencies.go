package seed

import (
	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/notetemplate"
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
		Holidays: closings(), NoteTemplates: beginnings(),
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
		Holidays: closings(), NoteTemplates: beginnings(),
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

// beginnings are the texts that the demonstration's notes can begin from.
func beginnings() []notetemplate.Input {
	return []notetemplate.Input{
		{
			Title: "Job search", TitleES: "Búsqueda de empleo",
			Text:   "Jobs applied for since we last talked:\nAnswers and interviews:\nWhat gets in the way:\nNext step, who does it and by when:",
			TextES: "Empleos solicitados desde la última vez:\nRespuestas y entrevistas:\nLo que lo dificulta:\nPróximo paso, quién lo hace y para cuándo:",
		},
		{
			Title: "Training progress", TitleES: "Avance en la capacitación",
			Text:   "Class or course:\nAttendance:\nGrades or skills shown, and the paper that proves it:\nHelp needed to finish:",
			TextES: "Clase o curso:\nAsistencia:\nNotas o destrezas demostradas, y el papel que lo prueba:\nAyuda que hace falta para terminar:",
		},
		{
			Title: "Could not be reached", TitleES: "No se pudo contactar",
			Text:   "Tried by telephone, text and letter on these days:\nWhat was left as a message:\nOther contact tried, with consent:\nWhat happens next:",
			TextES: "Intentos por teléfono, mensaje de texto y carta en estos días:\nMensaje que se dejó:\nOtro contacto intentado, con consentimiento:\nQué sigue:",
		},
	}
}
