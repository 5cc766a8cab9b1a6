package server_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"waymark/internal/pg"
)

func (s *site) rosaHere(t *testing.T) (enrolled, string) {
	t.Helper()
	e := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	return e, "/cases/" + e.Case.String()
}

func TestTheIntakeRecordIsSavedInPartsAndSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at := s.rosaHere(t)
	dana := s.api(t, "dana@rivervalley.test")
	got := dana.do("GET", at+"/intake", nil).is(200)
	if got.text("sections.about.first_name") != "Rosa" || got.text("complete") != "false" || got.text("versions.about") != "0" {
		t.Errorf("%s", got.Body)
	}
	put := dana.do("PUT", at+"/intake", map[string]any{"sections": map[string]any{
		"about":     map[string]any{"birth_date": "1991-03-09", "interpreter": true, "veteran": "no"},
		"education": map[string]any{"education": 1, "school_status": 5, "english": "some"},
	}, "ssn": "219-09-1234"}).is(200)
	if put.text("versions.about") != "1" || put.text("versions.contact") != "0" || put.text("ssn_last4") != "1234" || put.text("sections.about.last_name") != "Delgado" ||
		put.text("sections.education.education") != "1" || strings.Contains(string(put.Body), "219091234") || strings.Contains(string(put.Body), "219-09") {
		t.Errorf("%s", put.Body)
	}
	if missing := put.text("missing"); !strings.Contains(missing, "about.work_authorized") || strings.Contains(missing, "education.") || strings.Contains(missing, "contact.phone") || !strings.Contains(missing, "contact.city") {
		t.Error(missing)
	}
	again := dana.do("PUT", at+"/intake", map[string]any{"sections": map[string]any{"about": map[string]any{"veteran": "yes"}}, "versions": map[string]any{"about": 1}}).is(200)
	if again.text("versions.about") != "2" || again.text("sections.about.birth_date") != "1991-03-09" || again.text("sections.about.interpreter") != "yes" {
		t.Errorf("%s", again.Body)
	}
	unseen := dana.do("PUT", at+"/intake", map[string]any{"sections": map[string]any{"about": map[string]any{"veteran": "no"}, "computer": map[string]any{"device": "phone"}}}).is(428)
	if unseen.text("errors.0.field") != "versions.about" || unseen.text("errors.1.field") != "" {
		t.Errorf("%s", unseen.Body)
	}
	stale := dana.do("PUT", at+"/intake", map[string]any{"sections": map[string]any{"about": map[string]any{"veteran": "no"}}, "versions": map[string]any{"about": 1}}).is(409)
	if stale.text("current.version") != "2" || stale.text("current.answers.veteran") != "yes" {
		t.Errorf("%s", stale.Body)
	}
}

func TestAPersonChangedOutsideTheIntakeRecordIsANewVersionOfIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	e, at := s.rosaHere(t)
	dana, person := s.api(t, "dana@rivervalley.test"), "/participants/"+e.Person.String()
	dana.do("PUT", at+"/intake", map[string]any{"sections": map[string]any{"contact": map[string]any{"phone": "2075550142", "texts_ok": "yes"}}}).is(200)
	before := dana.do("GET", person, nil).is(200)
	dana.do("PATCH", person, map[string]any{"phone": "2075550199"}, "If-Match", `"`+before.text("version")+`"`).is(200)
	if r := dana.do("GET", at+"/intake", nil).is(200); r.text("sections.contact.phone") != "2075550199" || r.text("versions.contact") != "2" || r.text("sections.contact.texts_ok") != "yes" {
		t.Errorf("%s", r.Body)
	}
	dana.do("PUT", at+"/intake", map[string]any{"sections": map[string]any{"contact": map[string]any{"city": "Saco"}}, "versions": map[string]any{"contact": 1}}).is(409)
	now := dana.do("GET", person, nil).is(200)
	dana.do("PUT", at+"/intake", map[string]any{"sections": map[string]any{"contact": map[string]any{"city": "Saco"}}, "versions": map[string]any{"contact": 2}}).is(200)
	dana.do("PATCH", person, map[string]any{"phone": "2075550111"}, "If-Match", `"`+now.text("version")+`"`).is(409)
	if r := dana.do("GET", person, nil).is(200); r.text("phone") != "2075550199" || r.text("city") != "Saco" {
		t.Errorf("%s", r.Body)
	}
}

func TestTheRulesOfEligibilityAreTheAgencysOnTheDay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at := s.rosaHere(t)
	admin, dana := s.api(t, emails["admin"]), s.api(t, "dana@rivervalley.test")
	facts := map[string]any{
		"program": "adult", "decided_on": "2026-11-20", "birth_date": "1991-03-09", "male_at_birth": "no", "work_authorized": true,
		"work_auth_verified_on": "2026-11-20", "household_size": 3, "six_month_income": 1400000, "veteran": "no", "eligible_spouse": "no",
	}
	decide := func(low, expires string) {
		t.Helper()
		if d := dana.do("POST", at+"/eligibility", facts).is(201); d.text("low_income") != low || d.text("expires_on") != expires {
			t.Errorf("low income %s until %s, want %s until %s", d.text("low_income"), d.text("expires_on"), low, expires)
		}
	}
	decide("false", "2027-01-19") // 28,000 a year; the guideline for three is 27,320
	for key, value := range map[string]string{"poverty_per_person": "6500.00", "eligibility_expiry_days": "30"} {
		admin.do("POST", "/settings", map[string]any{"key": key, "value": value, "effective_on": "2026-11-24"}).is(201)
	}
	decide("false", "2027-01-19") // from tomorrow only
	for key, value := range map[string]string{"poverty_per_person": "6500.00", "eligibility_expiry_days": "30"} {
		admin.do("POST", "/settings", map[string]any{"key": key, "value": value, "effective_on": "2026-11-19"}).is(201)
	}
	decide("true", "2026-12-20")
}

func TestTheIntakeRecordRefusesByName(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at := s.rosaHere(t)
	dana := s.api(t, "dana@rivervalley.test")
	bad := dana.do("PUT", at+"/intake", map[string]any{"sections": map[string]any{
		"about":     map[string]any{"veteran": "maybe", "birth_date": "2020-01-01"},
		"contact":   map[string]any{"phone": "12", "zip": "4"},
		"education": map[string]any{"education": 0, "school_status": 5},
	}}).is(422)
	var fields []string
	for i := range 6 {
		fields = append(fields, bad.text("errors."+strconv.Itoa(i)+".field"))
	}
	if got := strings.Join(fields, " "); got != "sections.about.veteran sections.about.birth_date sections.contact.zip sections.contact.phone sections.education.school_status " {
		t.Error(got)
	}
	dana.do("PUT", at+"/intake", `{"sections":{"about":{"shoe_size":9}}}`).is(422)
	dana.do("PUT", at+"/intake", `{"ssn":"666-01-0001"}`).is(422)
	dana.do("PUT", at+"/intake", `{"versions":{"moon":1}}`).is(422)
	if got := dana.do("GET", at+"/intake", nil).is(200); got.text("versions.about") != "0" || got.text("ssn_last4") != "" {
		t.Errorf("something was stored: %s", got.Body)
	}
	s.api(t, "kim@northcoast.test").do("GET", at+"/intake", nil).is(404)
	s.api(t, "walt@rivervalley.test").do("PUT", at+"/intake", `{"sections":{"work":{"employment":1}}}`).is(404)
	s.api(t, "auditor@rivervalley.test").do("PUT", at+"/intake", `{"sections":{"work":{"employment":1}}}`).is(403)
	s.api(t, "auditor@rivervalley.test").do("GET", at+"/intake", nil).is(200)
}

func TestANumberBelongsToOnePersonAndIsStoredEncrypted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	e, at := s.rosaHere(t)
	other := s.enrol(t, s.Dana, "Luis", "Ortega", "es")
	dana := s.api(t, "dana@rivervalley.test")
	dana.do("PUT", at+"/intake", `{"ssn":"219091234"}`).is(200)
	clash := dana.do("PUT", "/cases/"+other.Case.String()+"/intake", `{"ssn":"219-09-1234"}`).is(409)
	if clash.text("type") != "urn:waymark:problem:ssn.in_use" || strings.Contains(string(clash.Body), "Rosa") || strings.Contains(string(clash.Body), e.Person.String()) {
		t.Errorf("%s", clash.Body)
	}
	if err := s.Owner.Read(t.Context(), s.Dana, func(tx *pg.Tx) error {
		sealed, err := pg.Get[[]byte](tx, `select ssn_cipher from participants where id = :id`, pg.Args{"id": e.Person})
		if len(sealed) != 12+9+16 || strings.Contains(string(sealed), "219091234") {
			t.Errorf("%x", sealed)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestCaseAIsDecidedThroughTheAPI(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at := s.rosaHere(t)
	dana := s.api(t, "dana@rivervalley.test")
	s.sql(t, s.Dana, `update cases set opened_on = '2025-07-14' where agency_id = :agency`, pg.Args{})
	facts := map[string]any{
		"program": "adult", "decided_on": "2025-07-16", "birth_date": "1991-03-09", "male_at_birth": "no", "work_authorized": true, "work_auth_verified_on": "2025-07-16",
		"household_size": 3, "six_month_income": 1190000, "benefits": []map[string]any{{"kind": "snap", "from_on": "2025-01-01"}}, "english_learner": true, "single_parent": "yes",
		"veteran": "no", "eligible_spouse": "no", "education": 1, "school_status": 5, "evidence": []map[string]any{{"kind": "document", "note": "permit"}},
	}
	d := dana.do("POST", at+"/eligibility", facts).is(201)
	for path, want := range map[string]string{
		"decision": "eligible", "priority_group": "2", "low_income": "true", "low_income_basis": "[snap income]", "barriers": "[2 9 12]",
		"age": "34", "covered_person": "false", "long_term_unemployed": "false", "basis": "[adult]", "missing": "[]", "decided_on": "2025-07-16",
	} {
		if got := d.text(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if got := dana.do("GET", at, nil).is(200); got.text("state") != "eligible" || got.text("programs") != "[adult]" {
		t.Errorf("%s %s", got.text("state"), got.text("programs"))
	}
	bad := dana.do("POST", at+"/eligibility", map[string]any{"program": "adult", "veteran": "perhaps", "decided_on": "2026-11-24"}).is(422)
	if bad.text("errors.0.field") != "veteran" {
		t.Errorf("%s", bad.Body)
	}
	if got := dana.do("POST", at+"/eligibility", map[string]any{"program": "adult", "decided_on": "2026-11-24"}).is(422); got.text("errors.0.field") != "decided_on" {
		t.Errorf("%s", got.Body)
	}
	dana.do("POST", at+"/eligibility", map[string]any{"program": "adult", "shoe": 1}).is(422)
	w := dana.do("POST", at+"/eligibility", map[string]any{"program": "wagner_peyser", "work_authorized": "yes", "work_auth_verified_on": "2026-11-20"}).is(201)
	if w.text("decision") != "eligible" || w.text("priority_group") != "" {
		t.Errorf("%s", w.Body)
	}
}

func TestResultsBecomeLevelsAndCorrectionsKeepTheOldOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at := s.rosaHere(t)
	dana := s.api(t, "dana@rivervalley.test")
	post := func(body map[string]any) reply { return dana.do("POST", at+"/assessments", body) }
	math := post(map[string]any{"instrument": "tabe_11_12", "subject": "mathematics", "form": "M", "taken_on": "2026-07-21", "score": 520}).is(201)
	if math.text("efl") != "3" || math.text("scale") != "ABE" || math.text("valid") != "true" || math.text("level_name") != "level 3, low intermediate" {
		t.Errorf("%s", math.Body)
	}
	out := post(map[string]any{"instrument": "tabe_11_12", "subject": "mathematics", "form": "M", "taken_on": "2026-07-21", "score": 640}).is(422)
	if out.text("errors.0.field") != "score" || !strings.Contains(out.text("errors.0.message"), "449") || !strings.Contains(out.text("errors.0.message"), "595") {
		t.Errorf("%s", out.Body)
	}
	fixed := post(map[string]any{"instrument": "tabe_11_12", "subject": "mathematics", "form": "M", "taken_on": "2026-07-21", "score": 540, "supersedes": math.text("id"), "reason": "Typed wrong"}).is(201)
	if fixed.text("efl") != "4" {
		t.Errorf("%s", fixed.Body)
	}
	post(map[string]any{"instrument": "tabe_11_12", "subject": "mathematics", "form": "M", "taken_on": "2026-07-21", "score": 541, "supersedes": math.text("id"), "reason": "Again"}).is(422)
	ip := post(map[string]any{"instrument": "onet_ip_short", "taken_on": "2026-07-21", "scores": map[string]any{"r": 30, "i": 16, "a": 8, "s": 14, "e": 10, "c": 27}}).is(201)
	if ip.text("code") != "RCI" {
		t.Errorf("%s", ip.Body)
	}
	answers := make([]int, 60)
	for i := range answers {
		answers[i] = 2
	}
	if flat := post(map[string]any{"instrument": "waymark_interests", "taken_on": "2026-07-21", "answers": answers}).is(201); flat.text("result.undifferentiated") != "true" || flat.text("code") != "" {
		t.Errorf("%s", flat.Body)
	}
	post(map[string]any{"instrument": "northstar", "subject": "essential_computer", "module": "Internet", "taken_on": "2026-07-21", "score": 90, "proctored": true}).is(201)
	post(map[string]any{"instrument": "workkeys", "taken_on": "2026-07-21", "scores": map[string]any{"applied_math": 5, "graphic_literacy": 4, "workplace_documents": 6}}).is(201)
	post(map[string]any{"instrument": "wowi", "taken_on": "2026-07-21", "scores": map[string]any{"Business Relations": 62}}).is(201)
	ready := post(map[string]any{"instrument": "work_readiness", "taken_on": "2026-07-21", "ratings": map[string]any{"learns_on_job": 3, "follows_instructions": 2, "patience": 4, "positive_attitude": 3}}).is(201)
	if ready.text("result.needs_activity") != "[follows_instructions]" {
		t.Errorf("%s", ready.Body)
	}
	post(map[string]any{"waives": "english"}).is(422)
	post(map[string]any{"waives": "english", "reason": "Speaks English at home"}).is(201)
	post(map[string]any{"instrument": "work_readiness", "taken_on": "2026-12-01", "ratings": map[string]any{}}).is(422)
	list := dana.do("GET", at+"/assessments", nil).is(200)
	if missing := list.text("missing"); missing != "[school_completion support_needs]" {
		t.Error(missing)
	}
	b := s.browse(t, "dana@rivervalley.test")
	page := string(b.get(at + "/assessment").is(200).Body)
	for _, words := range []string{"level 4, high intermediate", "Code RCI", "90 percent: passed", "silver certificate", "Business Relations 62", "Follows instructions", "Speaks English at home", "Results that were corrected"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page lacks %q", words)
		}
	}
}

func TestSupportNeedsAreVersioned(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at := s.rosaHere(t)
	dana := s.api(t, "dana@rivervalley.test")
	body := map[string]any{"screened_on": "2026-07-21", "needs": []map[string]any{{"area": "child_care", "severity": 3, "blocking": true}, {"area": "transport", "severity": 1, "cost_cents": 4500}}}
	if got := dana.do("PUT", at+"/support-needs", body).is(200); got.text("version") != "1" || got.text("needs.0.area") != "child_care" {
		t.Errorf("%s", got.Body)
	}
	dana.do("PUT", at+"/support-needs", body, "If-Match", `"1"`).is(200)
	dana.do("PUT", at+"/support-needs", body, "If-Match", `"1"`).is(409)
	dana.do("PUT", at+"/support-needs", body).is(428)
	dana.do("PUT", at+"/support-needs", body, "If-Match", `"x"`).is(412)
	bad := dana.do("PUT", at+"/support-needs", map[string]any{"needs": []map[string]any{{"area": "moon"}, {"area": "food", "severity": 4}}}).is(422)
	if bad.text("errors.0.field") != "needs.moon" || bad.text("errors.1.code") != "severity_out_of_range" {
		t.Errorf("%s", bad.Body)
	}
	b := s.browse(t, "dana@rivervalley.test")
	b.get(at + "/support-needs").is(200)
	form := url.Values{"version": {"2"}, "screened_on": {"11/20/2026"}, "needs.0.area": {"transport"}, "needs.0.severity": {""}, "needs.0.blocking": {"yes"}}
	if got := b.post(at+"/support-needs", form).is(422); !strings.Contains(string(got.Body), "Choose how much") {
		t.Errorf("%.400s", got.Body)
	}
	form.Set("needs.0.severity", "2")
	b.follow(b.post(at+"/support-needs", form)).is(200)
	if got := dana.do("GET", at+"/support-needs", nil).is(200); got.text("version") != "3" || got.text("needs.0.blocking") != "true" {
		t.Errorf("%s", got.Body)
	}
}

func TestEqualOpportunityAnswersAreWrittenAndNeverRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	e, at := s.rosaHere(t)
	b := s.browse(t, "dana@rivervalley.test")
	if got := b.get(at + "/equal-opportunity").is(200); !strings.Contains(string(got.Body), "Not asked yet") || !strings.Contains(string(got.Body), "Did not disclose") {
		t.Errorf("%.400s", got.Body)
	}
	answers := url.Values{"asked_on": {"11/20/2026"}, "sex": {"female"}, "ethnicity": {"hispanic"}, "race": {"pacific_islander", "white"}, "disability": {"yes"}}
	bad := url.Values{"asked_on": {"12/31/2026"}, "sex": {"female"}}
	if got := b.post(at+"/equal-opportunity", bad).is(422); strings.Contains(string(got.Body), "checked") {
		t.Error("a refused form shows what was answered")
	}
	got := b.follow(b.post(at+"/equal-opportunity", answers)).is(200)
	if !strings.Contains(string(got.Body), "Answered on Nov 20, 2026") || strings.Contains(string(got.Body), "checked") {
		t.Errorf("%s", got.Body)
	}
	dana := s.api(t, "dana@rivervalley.test")
	if r := dana.do("POST", at+"/equal-opportunity", map[string]any{"race": []string{"asian"}}).is(201); r.text("asked_on") != "2026-11-23" || strings.Contains(string(r.Body), "asian") {
		t.Errorf("%s", r.Body)
	}
	dana.do("POST", at+"/equal-opportunity", map[string]any{"race": []string{"martian"}}).is(422)
	if r := dana.do("POST", at+"/equal-opportunity", map[string]any{"race": []string{"white", "not_disclosed"}}).is(422); r.text("errors.0.code") != "alone" {
		t.Errorf("%s", r.Body)
	}
	err := s.DB.Read(t.Context(), s.Dana, func(tx *pg.Tx) error {
		_, err := pg.List[string](tx, `select sex from equity.answers limit 1`, nil)
		return err
	})
	if err == nil {
		t.Error("the program's role can read the answers")
	}
	if err := s.Owner.Read(t.Context(), s.Dana, func(tx *pg.Tx) error {
		n, err := pg.Get[int](tx, `select count(*) from equity.answers where participant_id = :person and (sex = 'female' or race = '{asian}')`, pg.Args{"person": e.Person})
		if n != 2 {
			t.Error(n, "rows")
		}
		leaked, _ := pg.Get[bool](tx, `select exists (select from audit_log where cast(detail as text) like '%female%' or cast(detail as text) like '%asian%')`, pg.Args{})
		if leaked {
			t.Error("the trail holds an answer")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s.api(t, "auditor@rivervalley.test").do("POST", at+"/equal-opportunity", map[string]any{}).is(403)
}

func TestTheSectionsAreFilledInOnPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at := s.rosaHere(t)
	b := s.browse(t, "dana@rivervalley.test")
	first := b.follow(b.get(at + "/intake"))
	if !strings.Contains(string(first.Body), "From the person&#39;s record") || !strings.Contains(string(first.Body), "Not started") {
		t.Errorf("%.3000s", first.Body)
	}
	for _, section := range []string{"about", "contact", "education", "work", "computer", "supports", "money", "review"} {
		b.get(at + "/intake/" + section).is(200)
	}
	b.get(at + "/intake/moon").is(404)
	b.get(at + "/intake/education").is(200)
	bad := b.post(at+"/intake/education", url.Values{"education": {"0"}, "school_status": {"5"}, "learning_goals": {"Read plans"}, "go": {"next"}}).is(422)
	if !strings.Contains(string(bad.Body), "Read plans") || !strings.Contains(string(bad.Body), "no school was finished above") {
		t.Errorf("%.2000s", bad.Body)
	}
	part := b.post(at+"/intake/education", url.Values{"education": {"1"}, "go": {"next"}}).is(422)
	if !strings.Contains(string(part.Body), "What you answered is saved") || !strings.Contains(string(part.Body), `name="version" value="1"`) {
		t.Errorf("%.2000s", part.Body)
	}
	done := b.post(at+"/intake/education", url.Values{"education": {"1"}, "school_status": {"5"}, "english": {"some"}, "version": {"1"}, "go": {"next"}}).is(303)
	if to := done.Header.Get("Location"); to != at+"/intake/work" {
		t.Error(to)
	}
	stale := b.post(at+"/intake/education", url.Values{"education": {"2"}, "version": {"1"}, "go": {"leave"}, "form_token": {b.tokenOf(at + "/intake/education")}}).is(409)
	if !strings.Contains(string(stale.Body), "Somebody else saved this") {
		t.Errorf("%.2000s", stale.Body)
	}
	b.get(at + "/intake/work").is(200)
	b.post(at+"/intake/work", url.Values{"employment": {"0"}, "needed_hourly": {"19.00"}, "jobs.0.employer": {"Tidewater Mill"}, "jobs.1.employer": {""}, "go": {"leave"}}).is(303)
	if got := s.api(t, "dana@rivervalley.test").do("GET", at+"/intake", nil).is(200); got.text("sections.work.jobs.0.employer") != "Tidewater Mill" || got.text("sections.work.needed_hourly") != "1900" || got.text("sections.work.jobs.1") != "" {
		t.Errorf("%s", got.Body)
	}
	review := b.get(at + "/intake/review").is(200)
	if !strings.Contains(string(review.Body), "Tidewater Mill") || !strings.Contains(string(review.Body), "Still missing") {
		t.Errorf("%.2000s", review.Body)
	}
	b.post(at+"/intake/finish", nil).is(409)
	b.get(at + "/intake/review").is(200)
	b.follow(b.post(at+"/intake/notice", url.Values{"given_on": {"today"}})).is(200)
	if got := s.api(t, "dana@rivervalley.test").do("GET", at+"/intake", nil); got.text("notice_given_on") != "2026-11-23" {
		t.Error(got.text("notice_given_on"))
	}
}

// tokenOf is a form token of another page.
func (b *browser) tokenOf(path string) string {
	b.get(path).is(200)
	return b.token()
}

func TestInterestsAreAskedInBothLanguages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at := s.rosaHere(t)
	b := s.browse(t, "dana@rivervalley.test")
	if got := b.get(at + "/interests").is(200); strings.Count(string(got.Body), "<fieldset") != 60 || !strings.Contains(string(got.Body), "not the O*NET Interest Profiler") {
		t.Error("60 statements with the notice were expected")
	}
	answers := url.Values{"instrument": {"waymark_interests"}, "taken_on": {"today"}}
	for i := 1; i <= 59; i++ {
		answers.Set("answers."+strconv.Itoa(i), "3")
	}
	if got := b.post(at+"/interests", answers).is(422); !strings.Contains(string(got.Body), "Statement 60: choose") {
		t.Error("the statement without an answer is not named")
	}
	answers.Set("answers.60", "0")
	b.follow(b.post(at+"/interests", answers)).is(200)
	b.get(at + "/interests?way=scores").is(200)
	b.get(at + "/interests?way=onet").is(404)
	b.post("/language", url.Values{"language": {"es"}, "next": {"/"}, "form_token": {b.tokenOf(at + "/interests")}}).is(303)
	for _, page := range []string{
		"/interests", "/assessment", "/eligibility", "/support-needs", "/equal-opportunity", "/intake/about", "/intake/money", "/intake/work", "/intake/review",
		"/assessment/new?instrument=tabe_11_12", "/assessment/new?instrument=northstar", "/assessment/new?instrument=workkeys", "/assessment/new?instrument=wowi",
		"/assessment/new?instrument=work_readiness", "/assessment/new?instrument=waiver&waives=english",
	} {
		b.get(at + page).is(200)
	}
}

func TestADecisionAndAResultAreRecordedOnPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at := s.rosaHere(t)
	b := s.browse(t, "dana@rivervalley.test")
	b.get(at + "/eligibility?program=adult").is(200)
	b.post(at+"/eligibility", url.Values{"decided_on": {"today"}}).is(422)
	done := b.follow(b.post(at+"/eligibility", url.Values{"program": {"adult"}, "decided_on": {"today"}, "evidence.0.kind": {""}, "evidence.0.note": {""}})).is(200)
	if !strings.Contains(string(done.Body), "Waiting for documents") || !strings.Contains(string(done.Body), "Decision recorded") {
		t.Errorf("%.2000s", done.Body)
	}
	b.get(at + "/assessment/new?instrument=tabe_11_12").is(200)
	bad := b.post(at+"/assessment", url.Values{"instrument": {"tabe_11_12"}, "taken_on": {"11/2/2026"}, "subject": {"mathematics"}, "form": {"M"}, "score": {"42"}}).is(422)
	if !strings.Contains(string(bad.Body), "Enter a score from 449 to 595") || !strings.Contains(string(bad.Body), `value="42"`) {
		t.Errorf("%.2000s", bad.Body)
	}
	b.follow(b.post(at+"/assessment", url.Values{"instrument": {"tabe_11_12"}, "taken_on": {"11/2/2026"}, "subject": {"mathematics"}, "form": {"M"}, "score": {"520"}})).is(200)
	b.get(at + "/assessment/new?instrument=wowi").is(200)
	b.post(at+"/assessment", url.Values{"instrument": {"wowi"}, "taken_on": {"11/2/2026"}, "lines": {"Business 62"}}).is(422)
	b.follow(b.post(at+"/assessment", url.Values{"instrument": {"wowi"}, "taken_on": {"11/2/2026"}, "lines": {"Business: 62\r\nCare: 40"}})).is(200)
	auditor := s.browse(t, "auditor@rivervalley.test")
	if got := auditor.get(at + "/assessment").is(200); strings.Contains(string(got.Body), "/assessment/new") {
		t.Error("an auditor is offered to add a result")
	}
	auditor.get(at + "/assessment/new?instrument=wowi").is(403)
}
