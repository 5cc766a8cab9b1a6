package server_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waymark/internal/pathway"
	"waymark/seeds"
)

// onTheMap is Rosa with a choice and a plan for Quality assurance, levels 2 to 4, on version 1.
func (s *site) onTheMap(t *testing.T) (dana *script, at string) {
	t.Helper()
	dana, at, _ = s.ready(t, rosa())
	dana.do("POST", at+"/selection", map[string]any{"area": "M6", "entry_step": 2, "target_step": 4, "informed_choice": allTopics()}).is(201)
	return dana, at
}

// draft opens a draft of MFG by the supervisor and replaces its document.
func (a *script) draft(edit func(p *pathway.Pathway)) (at string) {
	a.t.Helper()
	r := a.do("POST", "/pathways/MFG/drafts", nil).is(201)
	at = "/pathways/MFG/drafts/" + r.text("version")
	got := a.do("GET", at, nil).is(200)
	var view struct {
		Pathway  pathway.Pathway `json:"pathway"`
		Revision int             `json:"revision"`
	}
	if err := json.Unmarshal(got.Body, &view); err != nil {
		a.t.Fatal(err)
	}
	edit(&view.Pathway)
	a.do("PUT", at, view.Pathway, "If-Match", got.Header.Get("ETag")).is(200)
	return at
}

func (a *script) publish(edit func(p *pathway.Pathway)) reply {
	a.t.Helper()
	at := a.draft(edit)
	a.do("POST", at+"/validation", map[string]any{"employers": []string{"Tibbetts Metalworks"}, "validated_on": "2026-11-20"}).is(200)
	return a.do("POST", at+"/publication", nil).is(201)
}

// upheaval moves, splits and deletes levels: 3 is split, 4 moves up, 5 goes, and area M5 with it.
func upheaval(p *pathway.Pathway) {
	half := p.Steps[2]
	half.Key, half.From, half.Number = "second-half", []string{p.Steps[2].ID()}, 4
	half.Title = pathway.Text{EN: "Second half", ES: "Segunda mitad"}
	four := p.Steps[3]
	four.Key, four.Number = four.ID(), 5
	p.Steps[2].From = []string{p.Steps[2].ID()}
	p.Steps[2].Key = "first-half"
	for i := range p.Steps[:2] {
		p.Steps[i].Key = p.Steps[i].ID()
	}
	p.Steps = append(slices.Clone(p.Steps[:3]), half, four)
	p.Areas = slices.DeleteFunc(p.Areas, func(a pathway.Area) bool { return a.Code == "M5" })
	mine := func(area string) bool { return area == "M5" }
	for i := range p.Steps {
		s := &p.Steps[i]
		s.Jobs = slices.DeleteFunc(slices.Clone(s.Jobs), func(j pathway.Job) bool { return mine(j.Area) })
		s.Programs = slices.DeleteFunc(slices.Clone(s.Programs), func(g pathway.Program) bool { return mine(g.Area) })
		s.Requirements = slices.DeleteFunc(slices.Clone(s.Requirements), func(r pathway.Requirement) bool { return mine(r.Area) })
		s.TypicalMilestones = slices.DeleteFunc(slices.Clone(s.TypicalMilestones), func(m pathway.Milestone) bool { return mine(m.Area) })
	}
	p.Edges = slices.DeleteFunc(slices.Clone(p.Edges), func(e pathway.Edge) bool { return strings.HasSuffix(e.From, ":M5") || strings.HasSuffix(e.To, ":M5") })
	p.Transitions = slices.DeleteFunc(slices.Clone(p.Transitions), func(t pathway.Transition) bool { return mine(t.Area) })
}

func TestAVersionIsDraftedValidatedPublishedAndListsThoseWhoseStepsChanged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at := s.onTheMap(t)
	marcus := s.api(t, "marcus@rivervalley.test")
	b := s.browse(t, "dana@rivervalley.test")
	before := string(b.get(at + "/path").is(200).Body)

	// Nothing that anybody sees has changed: nobody is listed, and the version before is retired.
	if r := marcus.publish(func(p *pathway.Pathway) { p.VersionNote = pathway.Text{EN: "Second", ES: "Segunda"} }); r.text("version") != "2" || r.text("all") != "0" {
		t.Errorf("%s", r.Body)
	}
	r := marcus.publish(upheaval)
	if r.text("version") != "3" || r.text("all") != "1" || r.text("items.0.changes.1.kind") != "split" || r.text("items.0.changes.2.kind") != "moved" || r.text("items.0.to_entry_step") != "2" || r.text("items.0.to_target_step") != "5" {
		t.Fatalf("%s", r.Body)
	}
	// What was made on version 1 still reads the same.
	after := string(b.get(at + "/path").is(200).Body)
	if !strings.Contains(after, "This is version 1") || !strings.Contains(after, "See what changed and answer") {
		t.Error("the map does not say that there is a newer version")
	}
	for _, words := range []string{"Rosa’s goal", "Process development", "Level 5: " + title(before, 5)} {
		if !strings.Contains(before, words) || !strings.Contains(after, words) {
			t.Errorf("%q is not on both maps", words)
		}
	}
	if p := string(b.get("/pathways/MFG").is(200).Body); !strings.Contains(p, "Second half") || strings.Contains(p, "Process development") || !strings.Contains(p, "The steps of 1 people") && !strings.Contains(p, "1 person’s steps changed") {
		t.Error("the new map is not what was published")
	}
	b.get("/pathways/MFG/moves").is(200)
	has(t, b.get("/today").is(200), "A new version changed one person’s steps", at+"/move")
	has(t, b.get(at).is(200), "Version 3 of this pathway changed these steps", at+"/move")
	for _, who := range []string{"priya", "walt", "auditor"} {
		if p := string(s.browse(t, emails[who]).get("/today").Body); strings.Contains(p, at+"/move") {
			t.Errorf("%s is asked about a move that is not theirs", who)
		}
	}

	// The administrator reads no records: a number and no name.
	admin := s.api(t, "admin@rivervalley.test")
	if m := admin.do("GET", "/pathways/MFG/moves", nil).is(200); m.text("all") != "1" || m.text("items.0.first_name") != "" || m.text("by_manager.0.count") != "1" {
		t.Errorf("%s", m.Body)
	}
	s.browse(t, "walt@rivervalley.test").get(at + "/move").is(404)

	// Declining needs a reason; accepting records the choice anew, and the first one stays.
	b.get(at + "/move").is(200)
	b.post(at+"/move", url.Values{"answer": {"declined"}, "to_version": {"3"}}).is(422)
	b.post(at+"/move", url.Values{"answer": {"accepted"}, "to_version": {"2"}}).is(409)
	if p := b.follow(b.post(at+"/move", url.Values{"answer": {"accepted"}, "to_version": {"3"}})); !strings.Contains(string(p.Body), "Moved to the new version") {
		t.Error("the move is not confirmed")
	}
	if p := string(b.get("/today").is(200).Body); strings.Contains(p, "A new version changed") {
		t.Error("an answered move still waits")
	}
	dana := s.api(t, "dana@rivervalley.test")
	h := dana.do("GET", at+"/selection", nil).is(200)
	if h.text("items.0.pathway_version") != "3" || h.text("items.0.target_step") != "5" || h.text("items.1.pathway_version") != "1" || h.text("items.1.target_step") != "4" {
		t.Errorf("%s", h.Body)
	}
	b.post(at+"/move", url.Values{"answer": {"accepted"}, "to_version": {"3"}}).is(409)
	if m := marcus.do("GET", "/pathways/MFG/moves", nil).is(200); m.text("all") != "0" {
		t.Errorf("%s", m.Body)
	}
	// Something hangs on version 3 now.
	if r := marcus.do("POST", "/pathways/MFG/drafts/3/withdrawal", nil).is(409); !strings.Contains(string(r.Body), `"choices":1`) {
		t.Errorf("%s", r.Body)
	}
	b.get("/pathways/MFG/versions").is(200)
	b.get("/pathways/MFG/report").is(200)
}

// title is the title of a level on a map page.
func title(page string, level int) string {
	_, rest, _ := strings.Cut(page, "Level "+string(rune('0'+level))+": ")
	title, _, _ := strings.Cut(rest, "<")
	return title
}

func TestAPublicationIsTakenBackWhileNothingHangsOnIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at := s.onTheMap(t)
	marcus := s.api(t, "marcus@rivervalley.test")
	marcus.publish(upheaval)
	b := s.browse(t, "marcus@rivervalley.test")
	b.get("/pathways/MFG/versions").is(200)
	if p := b.follow(b.post("/pathways/MFG/drafts/2/withdrawal", nil)); !strings.Contains(string(p.Body), "Version 2 is withdrawn") || !strings.Contains(string(p.Body), "In use again") {
		t.Errorf("%.2000s", p.Body)
	}
	if r := marcus.do("GET", "/pathways/MFG", nil).is(200); r.text("version") != "1" || r.text("state") != "published" {
		t.Errorf("%.200s", r.Body)
	}
	if r := marcus.do("GET", at+"/path", nil).is(200); r.text("pathway_version") != "1" {
		t.Errorf("%s", r.Body)
	}
	marcus.do("GET", "/pathways/MFG?version=2", nil).is(200) // editors may still look
	s.api(t, "dana@rivervalley.test").do("GET", "/pathways/MFG?version=2", nil).is(404)
	marcus.do("POST", "/pathways/MFG/drafts/1/withdrawal", nil).is(409)
	// The number is not used again.
	if r := marcus.publish(upheaval); r.text("version") != "3" {
		t.Errorf("%s", r.Body)
	}
}

func TestADraftIsEditedRowByRowAndSeenByEditorsOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.catalogue(t)
	b := s.browse(t, "admin@rivervalley.test")
	b.get("/pathways/MFG/versions").is(200)
	at := b.post("/pathways/MFG/drafts", nil).is(303).Header.Get("Location")
	if at != "/pathways/MFG/drafts/2" {
		t.Fatal(at)
	}
	b.get("/pathways/MFG/versions").is(200)
	if r := b.post("/pathways/MFG/drafts", nil); r.Status != 409 {
		t.Errorf("a second draft: %d", r.Status)
	}
	for _, list := range pathway.Lists {
		b.get(at + "?list=" + list).is(200)
		row := "0"
		if slices.Contains([]string{"jobs", "requirements", "programs", "milestones"}, list) {
			row = "1.0"
		}
		b.get(at + "/" + list + "/" + row).is(200)
		if list != "about" {
			b.get(at + "/" + list + "/new").is(200)
		}
	}
	b.get(at + "/jobs/9.9").is(404)
	b.get(at + "/nothing/0").is(404)

	// A bad row is refused with its fields and keeps what was typed.
	b.get(at + "/jobs/new").is(200)
	job := url.Values{"version": {"1"}, "step": {"3"}, "area": {"M1"}, "title.en": {"Laser cutter"}, "title.es": {""}, "soc": {"51-9999.99"}}
	if p := b.post(at+"/jobs/new", job).is(422); !strings.Contains(string(p.Body), "Laser cutter") || !strings.Contains(string(p.Body), "51-9999.99") || !strings.Contains(string(p.Body), "both English and Spanish are needed") {
		t.Errorf("%.3000s", p.Body)
	}
	job.Set("title.es", "Cortador láser")
	job.Del("form_token")
	job.Set("soc", "51-4031.00")
	if p := b.follow(b.post(at+"/jobs/new", job)); !strings.Contains(string(p.Body), "Row saved") || !strings.Contains(string(p.Body), "Laser cutter") {
		t.Error("the row is not saved")
	}
	b.get(at + "/jobs/2.0").is(200)
	job.Del("form_token")
	b.post(at+"/jobs/2.0", job).is(409) // revision 1 has passed
	if p := string(b.get("/pathways/MFG?version=2").is(200).Body); !strings.Contains(p, "Laser cutter") || !strings.Contains(p, "Back to the tables") {
		t.Error("the preview does not show the draft")
	}
	s.browse(t, "dana@rivervalley.test").get("/pathways/MFG?version=2").is(404)
	s.browse(t, "dana@rivervalley.test").get(at).is(403)

	// Removing what others need shows as a problem, and such a draft is not validated.
	b.get(at + "/credentials/1").is(200)
	b.post(at+"/credentials/1/removal", url.Values{"version": {"2"}}).is(303)
	if p := string(b.get(at).is(200).Body); !strings.Contains(p, "to correct") {
		t.Error("the problem is not shown")
	}
	b.post(at+"/validation", url.Values{"employers": {"Tibbetts Metalworks"}, "validated_on": {"today"}}).is(409)
	b.post(at+"/publication", nil).is(409)
	b.post(at+"/validation", url.Values{"employers": {" "}, "validated_on": {"today"}}).is(422)
	b.post("/language", url.Values{"language": {"es"}, "next": {"/"}})
	for _, page := range []string{at, at + "/steps/1", "/pathways/MFG/versions", "/pathways/MFG/report", "/pathways/MFG/moves"} {
		b.get(page).is(200)
	}
}

func TestAVersionLeavesAsAFileThatComesInAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.catalogue(t)
	b := s.browse(t, "dana@rivervalley.test")
	file, err := pathway.Parse("export.json", strings.NewReader(string(b.get("/pathways/HLT/catalogue.json").is(200).Body)))
	if err != nil {
		t.Fatal(err)
	}
	report, err := pathway.New(s.DB, s.Policy).ImportFiles(t.Context(), s.Admin, []pathway.File{file})
	if err != nil || len(report.Pathways) != 1 || report.Pathways[0].Changed {
		t.Errorf("%+v %v", report, err)
	}
}

func TestThePathwayGoesToARegistryAndComesBackAsADraft(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.catalogue(t)
	r := s.browse(t, "dana@rivervalley.test").get("/pathways/TRN/ctdl.json").is(200)
	if r.Header.Get("Content-Type") != "application/ld+json" || !strings.Contains(string(r.Body), "River Valley") {
		t.Errorf("%s %.300s", r.Header.Get("Content-Type"), r.Body)
	}
	svc := pathway.New(s.DB, s.Policy)
	e, err := svc.BeginWith(t.Context(), s.Admin, "TRN", func(from pathway.Pathway) (pathway.Pathway, error) { return pathway.FromCTDL("x.json", r.Body, from) })
	if err != nil || e.Version != 2 || e.State != pathway.Drafted {
		t.Fatalf("%+v %v", e.State, err)
	}
	d, _, err := svc.Draft(t.Context(), s.Admin, "TRN", 2)
	if err != nil || len(d.Problems) != 0 || !d.Review.Passes() {
		t.Errorf("%v %v", d.Problems, err)
	}
	// A pathway that the agency does not have yet becomes its first draft, with what is to complete.
	doc := strings.ReplaceAll(string(r.Body), `"ceterms:identifierValueCode": "TRN"`, `"ceterms:identifierValueCode": "TRN2"`)
	e, err = svc.BeginWith(t.Context(), s.Admin, "TRN2", func(from pathway.Pathway) (pathway.Pathway, error) {
		return pathway.FromCTDL("x.json", []byte(doc), from)
	})
	if err != nil || e.Version != 1 {
		t.Fatal(err)
	}
	if d, _, err = svc.Draft(t.Context(), s.Admin, "TRN2", 1); err != nil || len(d.Problems) == 0 {
		t.Errorf("%v %v", d.Problems, err)
	}
	b := s.browse(t, "admin@rivervalley.test")
	b.get("/pathways/TRN2/drafts/1").is(200)
	b.get("/pathways/TRN2/versions").is(200)
}

func TestTheGridIsShownWithItsTotals(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browse(t, "dana@rivervalley.test")
	b.get("/pathways/grid").is(200)
	raw, err := seeds.FS.ReadFile("grids/louisville-it.csv")
	if err != nil {
		t.Fatal(err)
	}
	grids, err := pathway.ParseGrids("louisville-it.csv", strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pathway.New(s.DB, s.Policy).ImportGrids(t.Context(), s.Admin, grids); err != nil {
		t.Fatal(err)
	}
	p := string(b.get("/pathways/grid?sector=it").is(200).Body)
	for _, words := range []string{"736 postings in all", "549 postings", "187 postings", "$32.22 to $51.22 an hour", "No high-demand jobs at this level", "Louisville MSA"} {
		if !strings.Contains(p, words) {
			t.Errorf("the grid does not show %q", words)
		}
	}
	b.get("/pathways/grid?sector=food").is(404)
	if r := s.api(t, "dana@rivervalley.test").do("GET", "/pathways/grid", nil).is(200); r.text("items.0.total") != "736" {
		t.Errorf("%s", r.Body)
	}
}

func TestANewPathwayIsMadeFromNothingAndItsFirstPublicationTakenBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.catalogue(t)
	s.imports(t)
	s.browse(t, "dana@rivervalley.test").get("/pathways").is(200)
	marcus := s.api(t, "marcus@rivervalley.test")
	b := s.browse(t, "marcus@rivervalley.test")
	name := url.Values{"name.en": {"Odd work"}, "name.es": {"Trabajo raro"}, "sector": {"odd"}}
	start := func(code string) reply {
		b.get("/pathways").is(200)
		form := url.Values{"code": {code}}
		for k, v := range name {
			form[k] = v
		}
		return b.post("/pathways", form)
	}
	has(t, start("MFG").is(422), "There is a pathway with this code already")
	has(t, start("odd").is(422), "use capital letters and digits")
	if to := start("ODD").is(303).Header.Get("Location"); to != "/pathways/ODD/drafts/1" {
		t.Fatal(to)
	}
	has(t, b.get("/pathways").is(200), "Not published yet", "/pathways/ODD/versions")
	b.get("/pathways/ODD/drafts/1").is(200)
	if p := string(s.browse(t, "dana@rivervalley.test").get("/pathways").is(200).Body); strings.Contains(p, "ODD") {
		t.Error("who does not edit sees what is not published")
	}
	save := func(list string, form url.Values) {
		t.Helper()
		b.get("/pathways/ODD/drafts/1/" + list + "/new").is(200)
		form.Set("version", marcus.do("GET", "/pathways/ODD/drafts/1", nil).is(200).text("revision"))
		b.post("/pathways/ODD/drafts/1/"+list+"/new", form).is(303)
	}
	save("steps", url.Values{"number": {"1"}, "title.en": {"Start"}, "title.es": {"Inicio"}, "description.en": {"Start"}, "description.es": {"Inicio"}, "entry.en": {"In"}, "entry.es": {"Entrada"}, "exit.en": {"Out"}, "exit.es": {"Salida"}})
	// The catalogue knows nothing of this occupation; the imported data do.
	save("areas", url.Values{"code": {"O1"}, "name.en": {"Odd"}, "name.es": {"Raro"}, "order": {"1"}, "entry_step": {"1"}, "target_steps": {"1"}, "min_efl": {"1"}, "anchors": {"51-4999.01"}})
	save("jobs", url.Values{"step": {"1"}, "area": {"O1"}, "title.en": {"Odd worker"}, "title.es": {"Trabajador raro"}, "soc": {"51-4999.02"}})
	at := "/pathways/ODD/drafts/1"
	got := marcus.do("GET", at, nil).is(200)
	var view struct {
		Pathway pathway.Pathway `json:"pathway"`
	}
	if err := json.Unmarshal(got.Body, &view); err != nil {
		t.Fatal(err)
	}
	view.Pathway.Summary, view.Pathway.VersionNote = pathway.Text{EN: "Odd", ES: "Raro"}, pathway.Text{EN: "First", ES: "Primera"}
	if r := marcus.do("PUT", at, view.Pathway, "If-Match", got.Header.Get("ETag")).is(200); r.text("problems.0.path") != "" {
		t.Fatalf("%s", r.Body)
	}
	marcus.do("POST", at+"/validation", map[string]any{"employers": []string{"Odd Works"}, "validated_on": "2026-11-20"}).is(200)
	marcus.do("POST", at+"/publication", nil).is(201)
	has(t, s.browse(t, "dana@rivervalley.test").get("/pathways/ODD").is(200), "Odd worker")
	marcus.do("POST", at+"/withdrawal", nil).is(200)
	s.browse(t, "dana@rivervalley.test").get("/pathways/ODD").is(404)
	b.get("/pathways/ODD/versions").is(200)
	// The next draft goes on from what was withdrawn.
	if r := marcus.do("POST", "/pathways/ODD/drafts", nil).is(201); r.text("version") != "2" || r.text("name.en") != "Odd work" {
		t.Errorf("%.300s", r.Body)
	}
	if r := marcus.do("POST", "/pathways", map[string]any{"code": "NEW-1", "name": map[string]any{"en": "New", "es": "Nuevo"}, "sector": "new"}).is(201); r.text("version") != "1" || r.text("state") != "draft" {
		t.Errorf("%s", r.Body)
	}
}
