package server_test

import (
	"strings"
	"testing"
)

func TestTheAuditTrail(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, "dana@rivervalley.test")
	person := dana.do("POST", "/participants", map[string]any{"first_name": "Zqua", "last_name": "Trailhead"}).is(201)
	made := dana.do("POST", "/participants/"+person.text("id")+"/cases", map[string]any{}).is(201).text("id")
	dana.do("GET", "/audit", nil).is(403)
	auditor, admin := s.api(t, "auditor@rivervalley.test"), s.api(t, "admin@rivervalley.test")
	list := auditor.do("GET", "/audit?case="+made, nil).is(200)
	if list.text("items.0.action") != "case.opened" || list.text("items.0.actor") != "Dana Whitfield" || list.text("items.0.person") != "Zqua Trailhead" {
		t.Errorf("%s", list.Body)
	}
	for query, want := range map[string]string{
		"person=" + strings.ToLower(person.text("number")): "case.opened", "actor=dana@rivervalley.test&action=session": "session.started",
		"action=participant.&from=2026-11-23&to=2026-11-23": "participant.created", "to=2026-11-22": "",
	} {
		if r := auditor.do("GET", "/audit?"+query, nil).is(200); r.text("items.0.action") != want {
			t.Errorf("%s: %s", query, r.Body)
		}
	}
	// Administrators look after accounts, not after people: they see the number, not the name.
	if r := admin.do("GET", "/audit?case="+made, nil).is(200); strings.Contains(string(r.Body), "Trailhead") || r.text("items.0.number") != person.text("number") {
		t.Errorf("%s", r.Body)
	}
	one := auditor.do("GET", "/audit?limit=1", nil).is(200)
	two := auditor.do("GET", "/audit?limit=1&cursor="+one.text("next"), nil).is(200)
	if one.text("items.0.id") == two.text("items.0.id") || two.text("items.0.id") == "" {
		t.Errorf("%s\n%s", one.Body, two.Body)
	}
	auditor.do("GET", "/audit?case=1&colour=red", nil).is(422)
	s.api(t, "noor@northcoast.test").do("GET", "/audit", nil).is(403)
	if r := s.api(t, "admin@northcoast.test").do("GET", "/audit?case="+made, nil).is(200); r.text("items.0.id") != "" {
		t.Error("another agency's trail")
	}
	b := s.browse(t, "auditor@rivervalley.test")
	if page := string(b.get("/audit").is(200).Body); !strings.Contains(page, "Opened a case") {
		t.Error("what was done is said in words")
	}
	b.get("/audit?from=yesterdayish").is(422)
}

func TestThePagesThatExplainAreOpenToEverybody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	outside, dana := s.browse(t, ""), s.browse(t, "dana@rivervalley.test")
	for _, path := range []string{"/help", "/help/shortcuts", "/accessibility", "/privacy"} {
		outside.get(path).is(200)
		dana.get(path).is(200)
	}
}
