package server_test

import (
	"encoding/json"
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	linkIn   = regexp.MustCompile(`(?s)<a ([^>]*)href="(/[^"]*)"([^>]*)>(.*?)</a>`)
	tagIn    = regexp.MustCompile(`(?s)<span class="sr">.*?</span>|<[^>]*>`)
	countIn  = regexp.MustCompile(`[0-9]+`)
	bareIn   = regexp.MustCompile(`<td class="r num[^"]*">\s*[1-9][0-9]*\s*</td>`)
	percents = regexp.MustCompile(`^[0-9.]+ ?%$|^\$`)
)

// numbers are the links of a part of a page whose words are a number of people, by address: "3", "2 of 5" counts five.
func numbers(part string) map[string]int {
	found := map[string]int{}
	for _, m := range linkIn.FindAllStringSubmatch(part, -1) {
		words := strings.TrimSpace(html.UnescapeString(tagIn.ReplaceAllString(m[4], "")))
		counts := countIn.FindAllString(words, -1)
		if len(counts) == 0 || percents.MatchString(words) || strings.Contains(m[1]+m[3], `"who"`) { // a name may have a number in it
			continue
		}
		found[html.UnescapeString(m[2])], _ = strconv.Atoi(counts[len(counts)-1])
	}
	return found
}

// section is a part of a page by the id of its heading.
func section(t testing.TB, page, heading string) string {
	t.Helper()
	_, part, found := strings.Cut(page, `aria-labelledby="`+heading+`"`)
	part, _, _ = strings.Cut(part, "</section>")
	if !found {
		t.Fatalf("no section %s", heading)
	}
	return part
}

// listed is how many people the list behind an address has: the API answers at the same one.
func (a *script) listed(t testing.TB, address string) int {
	t.Helper()
	var list struct {
		Items []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(a.do("GET", strings.Replace(address, "/caseload", "/cases", 1), nil).is(200).Body, &list); err != nil {
		t.Fatal(err)
	}
	return len(list.Items)
}

// Every number of people on the page of the team and on that of the results is a link to exactly as many. The
// fair shares lead to nobody: their cells are counts that hide who is in them.
func TestEveryNumberOnAPageIsALinkToThatMany(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.crew(t)
	for i, first := range []string{"Ann", "Bea", "Cyd"} {
		s.exitedWith(t, s.Dana, first, "2025-07-21", "2025-12-1"+itoa(i), 500000*i)
	}
	s.exitedWith(t, s.Priya, "Dot", "2025-01-21", "2025-06-10", 640000)
	a, b := s.api(t, emails["marcus"]), s.browse(t, emails["marcus"])
	team, results := string(b.get("/team").is(200).Body), string(b.get("/results?cohort=2026-Q4").is(200).Body)
	for name, tt := range map[string]struct {
		part string
		few  int // at least so many numbers are held
	}{
		"the load of the team": {section(t, team, "cl"), 10},
		"the steps":            {section(t, team, "st"), 4},
		"who is stalled":       {section(t, team, "rk"), 1},
		"adults":               {section(t, results, "p-adult"), 6},
		"same employer":        {section(t, results, "p-all"), 1},
	} {
		shown := numbers(tt.part)
		if len(shown) < tt.few {
			t.Errorf("%s: only %d numbers lead anywhere: %v", name, len(shown), shown)
		}
		for address, n := range shown {
			b.get(address).is(200)
			if got := a.listed(t, address); got != n {
				t.Errorf("%s: %s says %d, its list has %d", name, address, n, got)
			}
		}
		if bare := bareIn.FindAllString(tt.part, -1); name != "the steps" && name != "who is stalled" && len(bare) > 0 { // days are no people
			t.Errorf("%s: numbers that lead nowhere: %q", name, bare)
		}
	}
	for _, m := range linkIn.FindAllStringSubmatch(section(t, results, "p-adult"), -1) {
		if address := html.UnescapeString(m[2]); strings.Contains(m[4], "$") && a.listed(t, address) == 0 {
			t.Errorf("the earnings at %s count nobody", address)
		}
	}
}
