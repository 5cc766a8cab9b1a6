package server_test

import (
	"net/url"
	"testing"
)

func TestARuleSaysWhomItWouldFlagBeforeItIsSaved(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.crew(t) // one of Main Street has not moved since October 10, Harbor's since October 2
	admin, marcus := s.api(t, "admin@rivervalley.test"), s.api(t, "marcus@rivervalley.test")
	flagged := func() string { return marcus.do("GET", "/team/overview", nil).is(200).text("team.stalled") }
	if got := admin.do("GET", "/settings/preview?key=stalled_days&value=20", nil).is(200); got.text("now") != "2" || got.text("would") != "4" || got.text("open") != "9" {
		t.Errorf("%s", got.Body)
	}
	if flagged() != "1" {
		t.Error("asking changed the rule")
	}
	a := s.browse(t, "admin@rivervalley.test")
	a.get("/setup/settings/stalled_days").is(200)
	has(t, a.post("/setup/settings/stalled_days", url.Values{"value": {"20"}, "effective_on": {"today"}, "go": {"preview"}}).is(200), "would flag 4 people of 9", `value="20"`)
	has(t, a.post("/setup/settings/stalled_days", url.Values{"value": {"3"}, "go": {"preview"}}).is(422), "Days until a plan is stalled")
	if n := s.count(t, `select count(*) from settings where key = 'stalled_days'`, nil); n != 0 {
		t.Error("asking saved the rule")
	}
	a.post("/setup/settings/stalled_days", url.Values{"value": {"20"}, "effective_on": {"today"}}).is(303)
	if flagged() != "3" {
		t.Errorf("%s are stalled by the new rule", flagged())
	}
	// The list, its count and the flag on the record follow the same rule.
	list := marcus.do("GET", "/cases?attention=stalled", nil).is(200)
	if list.text("items.2.id") == "" || list.text("items.3.id") != "" {
		t.Errorf("%s", list.Body)
	}
	admin.do("GET", "/settings/preview?key=poverty_base&value=1", nil).is(422)
	marcus.do("GET", "/settings/preview?key=stalled_days&value=20", nil).is(403)
}
