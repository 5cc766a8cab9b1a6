package server_test

import (
	"net/url"
	"testing"
)

func TestEveryListComesInPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	dana := s.api(t, "dana@rivervalley.test")
	s.withGoals(t, dana, of)
	at := "/cases/" + of.Case.String() + "/goals"
	all := dana.do("GET", at, nil).is(200)
	if all.text("next") != "" || all.at("items.2") == nil {
		t.Fatalf("%s", all.Body)
	}
	first := dana.do("GET", at+"?limit=2", nil).is(200)
	if first.text("items.1.id") != all.text("items.1.id") || first.at("items.2") != nil || first.text("next") == "" {
		t.Errorf("%s", first.Body)
	}
	second := dana.do("GET", at+"?limit=2&cursor="+url.QueryEscape(first.text("next")), nil).is(200)
	if second.text("items.0.id") != all.text("items.2.id") || second.at("items.1") != nil || second.text("next") != "" {
		t.Errorf("%s", second.Body)
	}
	for query, field := range map[string]string{"limit=0": "limit", "limit=101": "limit", "limit=two": "limit", "cursor=nowhere": "cursor"} {
		dana.do("GET", at+"?"+query, nil).is(422).all(map[string]string{"errors.0.field": field})
	}
}

func TestTheHistoryOfACaseHasPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	s.sql(t, s.Dana, `insert into audit_log (agency_id, id, at, actor_id, actor_role, action, case_id)
		select :agency, gen_random_uuid(), now() - make_interval(hours => n), :dana, 'case_manager', 'note.written', :case_id from generate_series(1, 150) n`, map[string]any{"dana": s.Dana.ID, "case_id": of.Case})
	dana, at := s.api(t, "dana@rivervalley.test"), "/cases/"+of.Case.String()
	first := dana.do("GET", at+"/timeline", nil).is(200)
	if first.at("items.99") == nil || first.at("items.100") != nil {
		t.Errorf("%.300s", first.Body)
	}
	rest := dana.do("GET", at+"/timeline?cursor="+first.text("next"), nil).is(200)
	if rest.at("items.49") == nil || rest.text("next") != "" || rest.text("items.0.id") == first.text("items.99.id") {
		t.Errorf("%.300s", rest.Body)
	}
	b := s.browse(t, "dana@rivervalley.test")
	has(t, b.get(at+"/history").is(200), "Next page", "Dana Whitfield wrote a note")
	has(t, b.get(at+"/history?cursor="+first.text("next")).is(200), "First page")
	b.get(at + "/history?cursor=x").is(422)
}
