package browser

import (
	"fmt"
	"testing"
)

// TestTheDemonstration opens the demonstration once for all that is looked at in it: first what changes nothing, then
// the pages in both languages, then what people do.
func TestTheDemonstration(t *testing.T) {
	t.Parallel()
	s := open(t)
	t.Run("the pictures carry the facts of the mock-ups", s.pictures)
	t.Run("the pages keep within their weight", s.weights)
	t.Run("charts read as tables, in print and in gray", s.charts)
	t.Run("every page is accessible in both languages and widths", s.everyPage)
	t.Run("the tasks of the usability bar", s.perform)
	t.Run("a participant's pages are quick on a phone", s.quickly)
	t.Run("a participant's tasks on a phone", s.onThePhone)
	t.Run("participants, a guardian and a helper on a phone without JavaScript", s.withoutScripts)
	t.Run("a participant signs in with a code and writes, without JavaScript", s.codesWithoutScripts)
	t.Run("the sectors' pages with imported data, and a crowded map", s.sectors)
}

// pictures are taken for people to look at; what must stand in them is read.
func (s *stage) pictures(t *testing.T) {
	luis := "/cases/" + s.cases["CP-20312"]
	b := s.tab(t, "", true)
	take := func(name, path string) {
		t.Helper()
		for _, width := range []int64{1440, 375} {
			b.size(width)
			b.open(path)
			b.picture(fmt.Sprintf("%s-%d", name, width))
		}
		b.size(1440)
	}
	b.signIn("dana@rivervalley.test")
	take("today", "/today")
	b.says(
		"Monday, November 23", "Good morning, Dana", "7 check-ins overdue", "5 need attention", "84 people on your caseload", "Show 4 more overdue", "The office is closed Thursday and Friday", "12 due this week", "oldest first", "7 days late due Nov 16 Tyler Boudreau", "Last talked Oct 26 by phone. Welding Level 1 is due Dec 18",
		"5 days late due Nov 18 Samira Haddad", "38 days since last talk", "4 days late due Nov 19 Andre Dumas", "Today (4)", "9:30 AM in office Mai Nguyen", "Vietnamese, needs interpreter", "11:00 AM phone Kofi Mensah",
		"Go over plan changes", "1:15 PM in office Luis Andrade Peña", "3:00 PM video Denise Carter", "Choose a pathway", "Rest of this week (8)", "¿Puedo llevar a mi hija el martes?", "Can we move to Friday?",
		"Add a date for Network+", "Plan for Amina Yusuf", "since Thursday", "Transcript for Grace Kim", "Asked Central CC on Nov 9 · 14 days",
	)
	take("caseload", "/caseload")
	take("plan-print", luis+"/plan/print")
	b.says(
		"My career plan", "Individual career development plan, Manufacturing", "45 Main Street, (207) 555-0100", "Version 2, October 6, 2026", "Luis Andrade Peña", "CP-20312", "(207) 555-0142", "WIOA Adult",
		"Assembler", "$18.50 an hour", "Level 2. Work while in class.", "By July 2027", "Machine operator trainee", "$49,000 to $55,000 a year", "By 2029", "CNC operator", "$48,000 to $90,000 a year", "Level 4. Needs 2-year degree.",
		"English for work, level 4", "Sep 8, 2026", "Nov 12, 2026", "Southern Maine CC", "Sep 21, 2026", "Jun 11, 2027", "$4,200", "Shop math and blueprint reading", "Oct 5, 2026", "Dec 18, 2026", "OSHA 10 card", "Nov 20, 2026", "$89",
		"Jun 14, 2027", "Jul 16, 2027", "Apply: Precision Machining degree", "Aug 2, 2027", "Dec 15, 2027", "Talk with Dana every 2 weeks.", "Tell Dana within 3 days if I miss class.", "Interpreter when I ask, for free.",
		"My certificate classes count for 2 years.", "Dana Whitfield", "Oct 6, 2026, 2:14 PM", "Marcus Oyelaran", "Oct 7, 2026, 9:05 AM", "Plan CP-20312-v2", "Check this copy at /verify",
	)
	take("luis", luis)
	b.says(
		"Luis Andrade Peña", "CP-20312", "(207) 555-0142, texts OK", "WIOA Adult", "OSHA 10 card is 3 days late", "Step 6 of 6: Engagement", "Done Sep 3", "Done Sep 8", "Done Sep 10", "Done Sep 15", "Signed Sep 18",
		"Plan: 1 of 6 milestones done", "Version 2, signed Oct 6, approved Oct 7", "English for work, level 4", "Done Nov 12", "In progress, week 10 of 36", "In progress, 62%", "3 days late", "Now, reached Oct 5", "Tibbetts Metalworks, $18.50 an hour",
		"Mid-term, by Jul 2027", "$49,000 to $55,000 a year", "Long-term, by 2029", "$48,000 to $90,000 a year", "All 11", "Next: today, 1:15 PM", "Gas card to Dec 31", "Not needed",
	)
	b.signIn("marcus@rivervalley.test")
	take("approvals", "/approvals")
	b.signIn("rosa@rivervalley.test")
	take("me", "/me")
	b.says("Hola, Rosa", "2 de sus 7 metas", "Hablar con Dana", "Martes, 1 de diciembre", "10:00 de la mañana", "45 Main Street, oficina 2", "talón de pago", "Sí, voy a ir", "Necesito otro día u hora", "Fue a 5 de 9 clases", "Certificado de operadora CNC", "(207) 555-0118")
}
