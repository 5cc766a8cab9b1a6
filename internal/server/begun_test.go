package server_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// begun finds the form of the page that keeps what is typed into a field: where it keeps it, and its key.
func begun(t testing.TB, page reply, field string) (to, key string) {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(page.Body))
	if err != nil {
		t.Fatal(err)
	}
	for f := range doc.Descendants() {
		if f.Data != "form" || attr(f, "data-draft") == "" {
			continue
		}
		has := false
		for n := range f.Descendants() {
			has = has || attr(n, "name") == field
			if attr(n, "name") == "draft" {
				key = attr(n, "value")
			}
		}
		if has {
			return attr(f, "data-draft"), key
		}
	}
	return "", ""
}

func TestWhatIsBegunOnAnyStepComesBackAfterATimeOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana, ranked, _ := s.ready(t, rosa())
	of, _, plan := s.drafted(t)
	at := "/cases/" + of.Case.String()
	b, m := s.browse(t, "dana@rivervalley.test"), s.browse(t, "marcus@rivervalley.test")
	for _, one := range []struct{ page, field string }{
		{"/participants/new", "first_name"},
		{at + "/intake/work", "jobs.0.employer"},
		{at + "/eligibility", "evidence.0.note"},
		{at + "/eligibility?program=youth", "evidence.0.note"},
		{at + "/assessment/new?instrument=tabe_11_12", "score"},
		{at + "/assessment/new?instrument=waiver&waives=english", "reason"},
		{at + "/interests", "taken_on"},
		{at + "/support-needs", "needs.0.resolution"},
		{ranked + "/recommendations", "comment"},
		{ranked + "/selection", "reason"},
		{at + "/goals/new?horizon=mid", "title"},
		{plan + "/edit", "if_i_stop"},
		{plan + "/lines/new", "what"},
		{at + "/check-ins/new", "note"},
		{at + "/check-ins", "body"},
		{at + "/services", "provider"},
		{at + "/outcomes", "employer"},
		{at + "/leave?kind=pause", "note"},
		{at + "/leave?kind=exit", "note"},
		{at + "/return", "note"},
		{at + "/messages", "body"},
	} {
		b.comesBack(one.page, one.field)
	}
	dana.submits(plan, nil).is(200)
	m.comesBack(plan+"/review", "comment")
}

// comesBack begins a form, goes away, finds it on Today and in its place, and throws it away.
func (b *browser) comesBack(page, field string) {
	b.t.Helper()
	const typed = "half a thought"
	to, key := begun(b.t, b.get(page).is(200), field)
	if to == "" || key == "" {
		b.t.Errorf("%s does not keep %s", page, field)
		return
	}
	b.post(to, url.Values{field: {typed}}).is(204)
	back := b.leads("/today", strings.Split(page, "?")[0])
	if back == "" {
		b.t.Errorf("Today does not lead back to %s", page)
		return
	}
	page = back
	if got := b.get(page).is(200); !strings.Contains(string(got.Body), typed) {
		b.t.Errorf("%s: what was typed into %s is not there", page, field)
	}
	b.post("/drafts/"+url.PathEscape(key)+"/discard", nil).is(303)
	if got := b.get(page).is(200); strings.Contains(string(got.Body), typed) {
		b.t.Errorf("%s: what was thrown away is still there", page)
	}
}

// leads is the address below one that a page leads to.
func (b *browser) leads(page, below string) string {
	b.t.Helper()
	doc, err := html.Parse(bytes.NewReader(b.get(page).is(200).Body))
	if err != nil {
		b.t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if to := attr(n, "href"); n.Data == "a" && strings.HasPrefix(to, below) {
			return to
		}
	}
	return ""
}

func TestASavedFormTakesItsDraftAlong(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, _, _ := s.drafted(t)
	page := "/cases/" + of.Case.String() + "/services"
	b := s.browse(t, "dana@rivervalley.test")
	to, key := begun(t, b.get(page).is(200), "provider")
	b.post(to, url.Values{"provider": {"Tidewater College"}}).is(204)
	b.get(page)
	refused := b.post(page, url.Values{"draft": {key}, "code": {"B10"}, "given_on": {"soon"}, "provider": {"Tidewater College"}}).is(422)
	if again, _ := begun(t, refused, "provider"); again != to {
		t.Errorf("a refused form keeps itself at %s, was %s", again, to)
	}
	b.post(page, url.Values{"draft": {key}, "code": {"B10"}, "given_on": {"today"}, "provider": {""}}).is(303)
	if got := b.get(page).is(200); strings.Contains(string(got.Body), "Tidewater College") {
		t.Error("the draft outlived its form")
	}
}
