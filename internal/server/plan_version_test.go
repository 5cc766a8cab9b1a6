package server_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"waymark/internal/pathway"
)

// mainText is what a page says between its head and its foot, word for word, without the choices that it offers for today.
func mainText(t *testing.T, page []byte) string {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Data != "main" {
			continue
		}
		var words []string
		for d := range n.Descendants() {
			if d.Type == html.TextNode && d.Parent.Data != "option" {
				words = append(words, strings.Fields(d.Data)...)
			}
		}
		return strings.Join(words, " ")
	}
	t.Fatal("the page has no main")
	return ""
}

// renamed is the upheaval with new names everywhere: nothing of the new version reads as the old one did.
func renamed(p *pathway.Pathway) {
	upheaval(p)
	p.Name = pathway.Text{EN: "Making things", ES: "Hacer cosas"}
	for i := range p.Areas {
		p.Areas[i].Name = pathway.Text{EN: "Branch " + p.Areas[i].Code, ES: "Rama " + p.Areas[i].Code}
	}
	for i := range p.Steps {
		p.Steps[i].Title = pathway.Text{EN: "Rung " + p.Steps[i].ID(), ES: "Peldaño " + p.Steps[i].ID()}
		p.Steps[i].TypicalMilestones = nil
	}
}

func TestAPlanOfAnEarlierVersionReadsTheSameWhenTheMapIsTurnedOver(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana, at := s.onTheMap(t)
	for _, g := range []struct{ horizon, title, code, on string }{
		{"immediate", "Quality inspector", "51-9061.00", "2027-05-01"}, {"mid", "Quality technician", "51-9061.00", "2028-06-30"}, {"long", "Quality manager", "11-3051.01", "2031-06-30"},
	} {
		dana.do("POST", at+"/goals", map[string]any{
			"horizon": g.horizon, "title": g.title, "target_kind": "occupation", "target_code": g.code, "pay_cents": 2200, "target_on": g.on, "status": "agreed",
		}).is(201)
	}
	plan := at + "/plan"
	dana.do("POST", plan, map[string]any{"start_on": "2026-11-30", "document_lang": "en"}).is(201)
	if r := signedPlan(t, dana, plan); r.text("state") != "in_force" || r.text("pathway_version") != "1" {
		t.Fatalf("%s", r.Body)
	}
	snapshot := dana.do("GET", at+"/recommendations", nil).is(200).text("items.0.id")
	b := s.browse(t, "dana@rivervalley.test")
	read := func() map[string]string {
		got := map[string]string{"document": string(b.get(plan + "/print").is(200).Body)}
		for _, path := range []string{plan, plan + "?version=1", at + "/recommendations?snapshot=" + snapshot, at + "/narrative"} {
			got[path] = mainText(t, b.get(path).is(200).Body)
		}
		for _, path := range []string{plan, at + "/recommendations/" + snapshot, at + "/narrative", at + "/selection"} {
			got["JSON "+path] = string(dana.do("GET", path, nil).is(200).Body)
		}
		return got
	}
	before := read()
	if r := s.api(t, "marcus@rivervalley.test").publish(renamed); r.text("version") != "2" || r.text("all") != "1" {
		t.Fatalf("%s", r.Body)
	}
	after := read()
	// The old list says that it is old, and says everything else as before.
	list := at + "/recommendations?snapshot=" + snapshot
	stale := "The catalogue or its figures have changed since this list was made. Compute again to use them. "
	if !strings.Contains(after[list], stale) {
		t.Error("the list does not say that the catalogue has changed")
	}
	after[list] = strings.Replace(after[list], stale, "", 1)
	for path, was := range before {
		if after[path] != was {
			i := 0
			for i < min(len(was), len(after[path])) && was[i] == after[path][i] {
				i++
			}
			t.Errorf("%s reads otherwise:\n was %.200s\n now %.200s", path, was[max(0, i-80):], after[path][max(0, i-80):])
		}
	}
	for path, words := range map[string]string{"document": "Quality technician", plan: "Quality assurance", list: "Quality assurance", at + "/narrative": "Quality assurance"} {
		if !strings.Contains(before[path], words) {
			t.Errorf("%s does not say %q: %.300s", path, words, before[path])
		}
	}
	if p := string(b.get("/pathways/MFG").is(200).Body); !strings.Contains(p, "Branch M6") || strings.Contains(p, "Quality assurance<") {
		t.Error("the map is not the new one")
	}
}
