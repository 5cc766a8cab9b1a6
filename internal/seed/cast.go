package seed

import (
	"fmt"
	"time"

	"waymark/internal/civil"
	"waymark/internal/intake"
)

// part is one person of the demonstration and what is to be told of them. Dates are days of the
// demonstration's Monday, 2026-11-23; the telling shifts them to today.
type part struct {
	person
	Number  int    // CP-number; 0 takes the next
	Step    int    // 1 to 6: where the telling stops
	Began   string // first day
	NextOn  string
	NextAt  [2]int
	Place   string
	Kind    string // appointment kind; check_in when empty
	Bring   string
	Ago     int // days since the last talk
	Silent  int // tries without an answer since
	Title   string
	TitleES string // as Title when empty
	Due     string // a milestone to stand first, and when
	DoneFor int    // milestones already done
	Target  int
	Sent    string // plan sent for approval on
	Returns string // plan returned with this comment
	// Unsigned leaves the plan that was sent without anybody's mark.
	Unsigned bool
	Note     string
}

// Interests of six ways of being drawn to work; scores 0 to 40 in the order R I A S E C.
var drawn = []map[string]intake.Figure{
	{"r": "34", "i": "18", "a": "6", "s": "12", "e": "10", "c": "26"},
	{"r": "12", "i": "22", "a": "10", "s": "34", "e": "16", "c": "24"},
	{"r": "24", "i": "30", "a": "12", "s": "14", "e": "12", "c": "28"},
	{"r": "36", "i": "14", "a": "10", "s": "10", "e": "14", "c": "20"},
	{"r": "30", "i": "12", "a": "4", "s": "14", "e": "18", "c": "18"},
	{"r": "14", "i": "20", "a": "16", "s": "24", "e": "22", "c": "30"},
}

// who makes a person with the ordinary facts.
func who(first, last, phone, language, area string, n int) person {
	english := "comfortable"
	if language != "en" {
		english = "some"
	}
	return person{
		First: first, Last: last, Phone: phone, Language: language, Born: civil.On(1978+n%24, time.Month(1+n%12), 1+n%27), Education: []string{"1", "1", "2", "4", "1"}[n%5],
		English: english, Math: []string{"520", "560", "515", "580", "540"}[n%5], Needed: 1700, Interests: drawn[n%len(drawn)], Area: area, Program: "adult",
	}
}

// named are the people whom the pictures show, in the order of their numbers.
func namedCast() []part {
	phone := func(n int) string { return fmt.Sprintf("207555%04d", n) }
	return []part{
		{person: who("Jolene", "Tibbetts", phone(130), "en", "M6", 1), Number: 20266, Step: 6, Began: "2026-06-01", NextOn: "2026-11-20", Ago: 41, Title: "QA associate degree", Due: "2028-05-15", DoneFor: 1, Target: 4},
		{person: who("Patricia", "Lopes", phone(131), "en", "I1", 2), Number: 20299, Step: 6, Began: "2026-08-17", NextOn: "2026-12-02", Ago: 10, Title: "CompTIA A+", Due: "2027-01-22", DoneFor: 1, Target: 3},
		{person: who("Hector", "Villalobos", phone(132), "es", "T1", 3), Number: 20356, Step: 6, Began: "2026-08-10", NextOn: "2026-12-07", Ago: 5, Title: "CDL road test", TitleES: "Examen de manejo para la licencia comercial", Due: "2026-12-09", DoneFor: 1, Target: 3},
		{person: who("Samira", "Haddad", phone(133), "ar", "H1", 4), Number: 20377, Step: 6, Began: "2026-08-03", NextOn: "2026-11-18", Ago: 38, Silent: 2, Title: "CNA exam", Due: "2026-12-11", DoneFor: 1, Target: 3},
		{person: who("Andre", "Dumas", phone(134), "en", "C1", 5), Number: 20391, Step: 6, Began: "2026-08-24", NextOn: "2026-12-03", Ago: 18, Title: "OSHA 10 card", Due: "2026-11-19", DoneFor: 1, Target: 3, Note: "Class ended Nov 12. Ask for the card or a photo."},
		{person: who("Brandon", "Ouellette", phone(135), "en", "C2", 6), Number: 20408, Step: 6, Began: "2026-08-12", NextOn: "2026-12-04", Ago: 11, Title: "Year 1 hours", Due: "2027-03-12", DoneFor: 1, Target: 3},
		{person: who("Tyler", "Boudreau", phone(136), "en", "M1", 7), Number: 20418, Step: 6, Began: "2026-08-19", NextOn: "2026-11-16", Ago: 28, Title: "Welding Level 1", Due: "2026-12-18", DoneFor: 1, Target: 3},
		{person: who("Kofi", "Mensah", phone(137), "en", "I2", 8), Number: 20440, Step: 5, Began: "2026-09-28", NextOn: "2026-11-23", NextAt: [2]int{11, 0}, Place: "phone", Kind: "plan", Ago: 6, Target: 3, Sent: "2026-11-18", Returns: "Add a date for Network+."},
		{person: who("Paulo", "Ferreira", phone(138), "pt", "T1", 9), Number: 20455, Step: 4, Began: "2026-10-12", NextOn: "2026-11-20", Kind: "goals", Ago: 14, Target: 3},
		{person: who("Amina", "Yusuf", phone(139), "so", "H4", 10), Number: 20461, Step: 5, Began: "2026-10-05", NextOn: "2026-12-08", Ago: 7, Target: 3, Sent: "2026-11-19"},
		{person: who("Grace", "Kim", phone(140), "en", "H2", 11), Number: 20471, Step: 2, Began: "2026-10-26", NextOn: "2026-12-01", Kind: "choice", Ago: 14},
		{person: who("Denise", "Carter", phone(141), "en", "H1", 12), Number: 20489, Step: 3, Began: "2026-11-02", NextOn: "2026-11-23", NextAt: [2]int{15, 0}, Place: "video", Kind: "choice", Ago: 7},
		{person: interpreter(who("Mai", "Nguyen", phone(143), "vi", "M1", 13)), Number: 20502, Step: 1, Began: "2026-11-20", NextOn: "2026-11-23", NextAt: [2]int{9, 30}, Place: "office", Kind: "intake", Ago: 3},
	}
}

func interpreter(p person) person {
	p.Interpreter = true
	return p
}
