package server_test

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"waymark/internal/pathway"
	"waymark/internal/pg"
)

// dirigo gives the first agency the catalogue and the labour market of the acceptance cases
// (domain.md 6.1).
func (s *site) dirigo(t testing.TB) {
	t.Helper()
	f, err := os.Open("../../seeds/testdata/dirigo.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	file, err := pathway.Parse("dirigo.json", f)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Owner.Write(t.Context(), s.Admin, func(tx *pg.Tx) error {
		return pg.Insert(tx, `update agencies set region = 'DIRIGO' where id = :agency`, pg.Args{"agency": s.World.Agency.ID})
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := pathway.New(s.DB, s.Policy).ImportFiles(t.Context(), s.Admin, []pathway.File{file}); err != nil {
		t.Fatal(err)
	}
}

// stepOne is what step 1 knows of a worked case.
type stepOne struct {
	person, education, work, decision map[string]any
	math                              int
	interests                         map[string]int
	opened, decided, tested           string
	english                           map[string]any
}

// rosa is case A up to the ranking (domain.md 6.2).
func rosa() stepOne {
	return stepOne{
		person:    map[string]any{"first_name": "Rosa", "last_name": "Delgado", "birth_date": "1991-03-09", "language": "es"},
		education: map[string]any{"education": 1, "school_status": 5, "english": "some"},
		work: map[string]any{
			"employment": 0, "uc_status": 0, "unemployed_since": "2025-06-02", "needed_hourly": 1900, "licences": []string{},
			"preferences": map[string]any{"first_choice": "M6", "named": []string{"M6", "M1", "H2"}, "experienced": []string{}},
		},
		decision: map[string]any{
			"program": "adult", "birth_date": "1991-03-09", "work_authorized": "yes", "work_auth_verified_on": "2025-07-16", "male_at_birth": "no",
			"selective_service": "not_required", "english_learner": "yes", "education": 1, "school_status": 5,
		},
		math: 520, interests: map[string]int{"r": 30, "i": 16, "a": 8, "s": 14, "e": 10, "c": 27}, opened: "2025-07-14", decided: "2025-07-16", tested: "2025-07-21",
		english: map[string]any{"instrument": "casas_steps", "subject": "listening", "form": "625L", "taken_on": "2025-07-21", "score": 205},
	}
}

// thomas is case B up to the ranking (domain.md 6.3).
func thomas() stepOne {
	return stepOne{
		person:    map[string]any{"first_name": "Thomas", "last_name": "Bouchard", "birth_date": "1973-05-02"},
		education: map[string]any{"education": 1, "school_status": 5, "english": "comfortable"},
		work: map[string]any{
			"employment": 0, "uc_status": 1, "unemployed_since": "2025-03-14", "needed_hourly": 2400, "licences": []string{"licence_cdl"},
			"preferences": map[string]any{"first_choice": "M2", "named": []string{"M2", "T1"}, "experienced": []string{"M2"}},
		},
		decision: map[string]any{
			"program": "dislocated_worker", "birth_date": "1973-05-02", "work_authorized": "yes", "work_auth_verified_on": "2025-09-08", "male_at_birth": "yes",
			"selective_service": "registered", "veteran": "yes", "closure": "yes", "laid_off": "yes", "unemployed_since": "2025-03-14", "uc_status": 1, "education": 1, "school_status": 5,
		},
		math: 560, interests: map[string]int{"r": 38, "i": 24, "a": 6, "s": 12, "e": 11, "c": 22}, opened: "2025-09-08", decided: "2025-09-08", tested: "2025-09-10",
	}
}

// intake enters a worked case through the JSON API and gives the path of its case.
func (a *script) intake(f stepOne) string {
	a.t.Helper()
	person := a.do("POST", "/participants", f.person).is(201).text("id")
	at := "/cases/" + a.do("POST", "/participants/"+person+"/cases", map[string]any{"opened_on": f.opened}).is(201).text("id")
	a.do("PUT", at+"/intake", map[string]any{"sections": map[string]any{"education": f.education, "work": f.work}}).is(200)
	a.do("POST", at+"/intake/notice", map[string]any{"given_on": f.decided}).is(201)
	f.decision["decided_on"] = f.decided
	if got := a.do("POST", at+"/eligibility", f.decision).is(201); got.text("decision") != "eligible" {
		a.t.Fatalf("%s", got.Body)
	}
	a.do("POST", at+"/assessments", map[string]any{"instrument": "tabe_11_12", "subject": "mathematics", "form": "D", "taken_on": f.tested, "score": f.math}).is(201)
	if f.english != nil {
		a.do("POST", at+"/assessments", f.english).is(201)
	}
	a.do("POST", at+"/assessments", map[string]any{"waives": "work_readiness", "reason": "Seen at work", "taken_on": f.tested}).is(201)
	a.do("PUT", at+"/support-needs", map[string]any{"screened_on": f.tested, "needs": []any{}}).is(200)
	return at
}

func (a *script) interests(at string, f stepOne) {
	a.t.Helper()
	a.do("POST", at+"/assessments", map[string]any{"instrument": "waymark_interests", "taken_on": f.tested, "scores": f.interests}).is(201)
}

// totals are the options of a ranking as the domain prints them: "M6 89.5".
func totals(r reply) string {
	list, _ := r.at("options").([]any)
	words := make([]string, len(list))
	for i := range list {
		at := fmt.Sprintf("options.%d.", i)
		words[i] = r.text(at+"area") + " " + fmt.Sprintf("%.1f", r.at(at+"total"))
	}
	return strings.Join(words, ", ")
}

func TestCaseARanksAsPrinted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.dirigo(t)
	s.Set("2025-07-28")
	dana := s.api(t, "dana@rivervalley.test")
	at := dana.intake(rosa())
	early := dana.do("POST", at+"/recommendations", nil).is(409)
	if early.text("current.missing.0") != "interests" || early.text("type") != "urn:waymark:problem:recommend.not_ready" {
		t.Errorf("%s", early.Body)
	}
	dana.interests(at, rosa())
	got := dana.do("POST", at+"/recommendations", map[string]any{"computed_on": "2025-07-28"}).is(201)
	if want := "M6 89.5, M1 85.4, T1 81.1, M2 78.2, M4 71.0, I1 70.7, M3 69.3, H2 69.1, H1 67.0, M5 66.6"; totals(got) != want {
		t.Errorf("%s\nwant %s", totals(got), want)
	}
	for path, want := range map[string]string{
		"rule": "rank/1", "computed_on": "2025-07-28", "catalogue_version": "HLT/1 ITS/1 MFG/1 TRN/1",
		"options.0.interest": "95.5", "options.0.readiness": "100", "options.0.wage": "81.6", "options.0.demand": "65", "options.0.preference": "100",
		"options.0.partial": "false", "options.0.entry_step": "2", "options.0.entry_why": "usual", "options.0.target_step": "3", "options.0.wage_step3.min_cents": "2200",
		"options.0.data.wage.level": "region", "options.2.readiness": "85", "options.2.gaps.0.code": "recommend.gap.constraint", "inputs.zone": "2", "inputs.efl": "3",
	} {
		if got.text(path) != want {
			t.Errorf("%s is %q, want %q", path, got.text(path), want)
		}
	}
	if strings.Contains(string(got.Body), "1991") || strings.Contains(string(got.Body), "english_learner") {
		t.Error("the ranking knows what it may not")
	}

	choice := map[string]any{
		"area": "M6", "entry_step": 2, "target_step": 3, "chosen_on": "2025-07-30",
		"informed_choice": map[string]bool{"duration": true, "cost": true, "wage": true, "physical": true, "schedule": true, "licence_bars": true},
	}
	s.Set("2025-07-30")
	dana.do("POST", at+"/selection", choice).is(409)
	dana.do("POST", at+"/recommendations/"+got.text("id")+"/review", map[string]any{"reviewed_on": "2025-07-30", "method": "in_person"}).is(201)
	made := dana.do("POST", at+"/selection", choice).is(201)
	if made.text("in_snapshot") != "true" || made.text("pathway") != "MFG" || made.text("pathway_version") != "1" || made.text("plan_version_needed") != "false" || made.text("snapshot_id") != got.text("id") {
		t.Errorf("%s", made.Body)
	}
}

func TestCaseBRanksAsPrintedAndEntersAtStepThree(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.dirigo(t)
	s.Set("2025-09-17")
	dana := s.api(t, "dana@rivervalley.test")
	at := dana.intake(thomas())
	dana.interests(at, thomas())
	got := dana.do("POST", at+"/recommendations", map[string]any{"computed_on": "2025-09-17"}).is(201)
	if want := "M2 86.1, T1 82.5, M5 69.3, M3 69.0, M6 68.3, M1 67.3, I1 59.2, M4 56.7, H1 54.6, H2 48.2"; totals(got) != want {
		t.Errorf("%s\nwant %s", totals(got), want)
	}
	if got.text("options.0.entry_step") != "3" || got.text("options.0.entry_why") != "experience" || got.text("options.0.usual_entry_step") != "2" {
		t.Errorf("%v", got.at("options.0"))
	}
	if again := dana.do("POST", at+"/recommendations", nil).is(201); totals(again) != totals(got) {
		t.Error("the same person and catalogue give another ranking")
	}
	if list := dana.do("GET", at+"/recommendations", nil).is(200); list.text("items.1.id") != got.text("id") || list.text("next") != "" {
		t.Error("the history is newest first")
	}
	old := dana.do("GET", at+"/recommendations/"+got.text("id"), nil).is(200)
	if totals(old) != totals(got) {
		t.Error("a stored ranking has changed")
	}
}

// ready is a case of Dana's at step 3: ranked and talked about.
func (s *site) ready(t testing.TB, f stepOne) (dana *script, at, snapshot string) {
	t.Helper()
	s.dirigo(t)
	dana = s.api(t, "dana@rivervalley.test")
	at = dana.intake(f)
	dana.interests(at, f)
	snapshot = dana.do("POST", at+"/recommendations", nil).is(201).text("id")
	dana.do("POST", at+"/recommendations/"+snapshot+"/review", map[string]any{"method": "phone", "comment": "Likes the plan"}).is(201)
	return dana, at, snapshot
}

func allTopics() map[string]bool {
	return map[string]bool{"duration": true, "cost": true, "wage": true, "physical": true, "schedule": true, "licence_bars": true}
}

func TestAChoiceIsHeldAgainstTheListAndThePathway(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana, at, _ := s.ready(t, rosa())
	bad := func(field string, edit func(map[string]any)) {
		t.Helper()
		in := map[string]any{"area": "M6", "entry_step": 2, "target_step": 3, "informed_choice": allTopics()}
		edit(in)
		if r := dana.do("POST", at+"/selection", in).is(422); !strings.Contains(string(r.Body), `"field":"`+field+`"`) {
			t.Errorf("%s is not named: %s", field, r.Body)
		}
	}
	bad("area", func(in map[string]any) { in["area"] = "X9" })
	bad("override_reason", func(in map[string]any) { in["area"] = "M5" })
	bad("target_step", func(in map[string]any) { in["entry_step"] = 3; in["target_step"] = 2 })
	bad("entry_step", func(in map[string]any) { in["entry_step"] = 7; in["target_step"] = 8 })
	bad("alternate", func(in map[string]any) { in["alternate"] = "M6" })
	bad("chosen_on", func(in map[string]any) { in["chosen_on"] = "2026-12-24" })
	bad("informed_choice.physical", func(in map[string]any) { in["informed_choice"] = map[string]bool{"cost": true} })
	if list := dana.do("GET", at+"/selection", nil).is(200); list.text("items.0.id") != "" {
		t.Errorf("a refused choice was stored: %s", list.Body)
	}
	dana.do("POST", at+"/selection", map[string]any{"area": "M5", "entry_step": 3, "target_step": 4, "override_reason": "An offer waits", "informed_choice": allTopics()}).is(201)
	dana.do("POST", at+"/selection", map[string]any{"area": "M1", "entry_step": 2, "target_step": 3, "alternate": "M6", "reason": "I like it", "informed_choice": allTopics()}).is(201)
	list := dana.do("GET", at+"/selection", nil).is(200)
	if list.text("items.0.area") != "M1" || list.text("items.1.in_snapshot") != "false" || list.text("items.1.override_reason") != "An offer waits" {
		t.Errorf("%s", list.Body)
	}
}

func TestRankingsAndChoicesAreOutOfOthersReach(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at, snapshot := s.ready(t, rosa())
	for _, who := range []string{"walt@rivervalley.test", "kim@northcoast.test"} {
		a := s.api(t, who)
		a.do("GET", at+"/recommendations", nil).is(404)
		a.do("GET", at+"/recommendations/"+snapshot, nil).is(404)
		a.do("POST", at+"/recommendations", nil).is(404)
		a.do("GET", at+"/selection", nil).is(404)
		a.do("POST", at+"/recommendations/"+snapshot+"/review", map[string]any{"method": "phone"}).is(404)
	}
	auditor := s.api(t, "auditor@rivervalley.test")
	auditor.do("GET", at+"/recommendations", nil).is(200)
	auditor.do("POST", at+"/recommendations", nil).is(403)
}

func TestAnAreaAddedByHandIsOnTheList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana, at, _ := s.ready(t, rosa())
	dana.do("POST", at+"/recommendations", map[string]any{"add": []any{map[string]any{"area": "X9", "reason": "Why not"}}}).is(422)
	snap := dana.do("POST", at+"/recommendations", map[string]any{"add": []any{map[string]any{"area": "H1", "reason": "Helps her mother at home"}}}).is(201)
	choice := map[string]any{"area": "H1", "entry_step": 2, "target_step": 3, "informed_choice": allTopics()}
	dana.do("POST", at+"/selection", choice).is(422)
	dana.do("POST", at+"/recommendations/"+snap.text("id")+"/review", map[string]any{"method": "video"}).is(201)
	if r := dana.do("POST", at+"/selection", choice).is(201); r.text("in_snapshot") != "true" {
		t.Errorf("%s", r.Body)
	}
}

func TestThePagesOfStepsTwoAndThree(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.dirigo(t)
	api := s.api(t, "dana@rivervalley.test")
	at := api.intake(rosa())
	b := s.browse(t, "dana@rivervalley.test")
	if p := b.get(at + "/recommendations").is(200); !strings.Contains(string(p.Body), `href="`+at+`/interests"`) || strings.Contains(string(p.Body), "Work out recommendations") {
		t.Error("the page says what is missing, with a link, and offers no button")
	}
	b.get(at + "/selection").is(200)
	b.post(at+"/recommendations", url.Values{}).is(409)
	api.interests(at, rosa())
	b.get(at + "/recommendations").is(200)
	p := b.follow(b.post(at+"/recommendations", url.Values{}))
	for _, words := range []string{"Quality assurance", "89.5 of 100", "5 other areas", "Commercial driver", "Recommendations saved"} {
		if !strings.Contains(string(p.Body), words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	snapshot := api.do("GET", at+"/recommendations", nil).text("items.0.id")
	review := at + "/recommendations/" + snapshot + "/review"
	if r := b.post(review, url.Values{"reviewed_on": {"12/24/2026"}, "comment": {"Wants to see a plant"}}).is(422); !strings.Contains(string(r.Body), "Wants to see a plant") {
		t.Error("what was typed is lost")
	}
	b.follow(b.post(review, url.Values{"reviewed_on": {"today"}, "method": {"in_person"}}))
	b.get(at + "/recommendations?snapshot=" + snapshot).is(200)
	b.get(at + "/selection?area=M6").is(200)
	r := b.post(at+"/selection", url.Values{"area": {"M5"}, "entry_step": {"3"}, "target_step": {"4"}, "reason": {"I want to design"}, "chosen_on": {"today"}}).is(422)
	if !strings.Contains(string(r.Body), "I want to design") || !strings.Contains(string(r.Body), "Talk about the cost") {
		t.Error("what was typed, or what is wrong with it, is lost")
	}
	good := url.Values{"area": {"M6"}, "entry_step": {"2"}, "target_step": {"3"}, "chosen_on": {"today"}}
	for topic := range allTopics() {
		good.Set("informed_choice."+topic, "yes")
	}
	if p := b.follow(b.post(at+"/selection", good)); !strings.Contains(string(p.Body), "Choice saved") {
		t.Error("the choice is not confirmed")
	}
	b.post("/language", url.Values{"language": {"es"}, "next": {"/"}})
	b.get(at + "/recommendations").is(200)
	b.get(at + "/selection").is(200)
}

func TestThePagesOfTheCatalogue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browse(t, "dana@rivervalley.test")
	b.get("/pathways").is(200)
	s.dirigo(t)
	b.get("/pathways").is(200)
	p := b.get("/pathways/MFG/table").is(200)
	for _, words := range []string{"$15 to $24 an hour", "about $31,200 to $49,920 a year", "$49,000 to $55,000 a year", "O*NET", "Quality assurance", "invented"} {
		if !strings.Contains(string(p.Body), words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	b.get("/pathways/MFG?version=1").is(200)
	b.get("/pathways/MFG?version=2").is(404)
	b.get("/occupations/51-9061.00").is(200)
	b.get("/occupations/99-9999.00").is(404)
	a := s.api(t, "marcus@rivervalley.test")
	if r := a.do("GET", "/pathways", nil).is(200); r.text("items.2.code") != "MFG" || r.text("items.2.areas.5.wage_step3.hourly_cents") != "2200" {
		t.Errorf("%s", r.Body)
	}
	if r := a.do("GET", "/pathways/MFG", nil).is(200); r.text("steps.1.wage.per") != "hour" || r.text("version") != "1" || r.Header.Get("ETag") != `"1"` {
		t.Errorf("%.300s", r.Body)
	}
	if r := a.do("GET", "/occupations/51-9061.00", nil).is(200); r.text("riasec.0") != "5.73" || r.text("places.0.pathway") == "" {
		t.Errorf("%s", r.Body)
	}
	b.post("/language", url.Values{"language": {"es"}, "next": {"/"}})
	b.get("/pathways/MFG").is(200)
	b.get("/occupations/51-9061.00").is(200)
}

func TestAChoiceThatDiffersFromThePlanInForceAsksForANewVersion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana, at, _ := s.ready(t, rosa())
	if err := s.Owner.Write(t.Context(), s.Admin, func(tx *pg.Tx) error {
		return pg.Insert(tx, `insert into plan_versions (agency_id, id, case_id, number, kind, state, start_on, end_on, pathway_code, pathway_version, area_code, entry_step, target_step, author_id)
			values (:agency, gen_random_uuid(), cast(:case_id as uuid), 1, 'iep', 'in_force', '2026-11-23', '2027-06-30', 'MFG', 1, 'M6', 2, 3, :by)`,
			pg.Args{"agency": s.World.Agency.ID, "case_id": strings.TrimPrefix(at, "/cases/"), "by": s.Dana.ID})
	}); err != nil {
		t.Fatal(err)
	}
	for area, want := range map[string]string{"M6": "false", "M1": "true"} {
		r := dana.do("POST", at+"/selection", map[string]any{"area": area, "entry_step": 2, "target_step": 3, "informed_choice": allTopics()}).is(201)
		if r.text("plan_version_needed") != want {
			t.Errorf("%s: %s", area, r.Body)
		}
	}
}
