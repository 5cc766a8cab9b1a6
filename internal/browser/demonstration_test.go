package browser

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestTheDemonstration opens the demonstration once for all that is looked at in it: first what changes nothing, then
// the pages in both languages, then what people do.
func TestTheDemonstration(t *testing.T) {
	t.Parallel()
	s := open(t)
	t.Run("the pictures carry the facts of the mock-ups", s.pictures)
	t.Run("the pages keep within their weight", s.weights)
	t.Run("every page", func(t *testing.T) {
		tour := s.tour(t)
		for who, more := range s.states() {
			for _, path := range more {
				if !slices.Contains(tour[who], path) {
					tour[who] = append(tour[who], path)
				}
			}
		}
		for _, who := range slices.Sorted(maps.Keys(tour)) {
			name, _, _ := strings.Cut(who, "@")
			t.Run(fmt.Sprintf("is accessible in both languages and widths: %s", name), func(t *testing.T) {
				t.Parallel()
				s.pagesOf(t, who, tour[who])
			})
		}
	})
	t.Run("the tasks of the usability bar", s.perform)
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
	take("caseload", "/caseload")
	take("plan-print", luis+"/plan/print")
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
