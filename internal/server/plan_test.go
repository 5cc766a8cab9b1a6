package server_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/plan"
)

// withGoals gives a person the quality branch of manufacturing and a goal in each horizon.
func (s *site) withGoals(t testing.TB, dana *script, of enrolled) {
	t.Helper()
	s.manufacturing(t, s.Dana, of)
	goals := "/cases/" + of.Case.String() + "/goals"
	dana.do("POST", goals, inspector()).is(201)
	dana.do("POST", goals, map[string]any{
		"horizon": "mid", "title": "Quality technician certificate", "target_kind": "credential", "target_code": "cqt",
		"measure": "certificates", "target_value": "1", "target_on": "2028-06-30", "status": "agreed",
	}).is(201)
	dana.do("POST", goals, map[string]any{
		"horizon": "long", "title": "Quality manager", "target_kind": "occupation", "target_code": "11-3051.01",
		"pay_cents": 3300, "target_on": "2031-06-30", "status": "agreed",
	}).is(201)
}

// drafted is a person with a plan drafted from the pathway, the plan's address, and Dana's script.
// submits sends the newest version of the plan, as it stands, to be signed.
func (a *script) submits(at string, body any) reply {
	a.t.Helper()
	newest := a.do("GET", at+"/versions", nil).is(200).text("items.0.number")
	return a.do("POST", at+"/submit", body, "If-Match", a.do("GET", at+"?version="+newest, nil).is(200).Header.Get("ETag"))
}

func (s *site) drafted(t testing.TB) (of enrolled, dana *script, at string) {
	t.Helper()
	of = s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	dana = s.api(t, "dana@rivervalley.test")
	s.withGoals(t, dana, of)
	at = "/cases/" + of.Case.String() + "/plan"
	dana.do("POST", at, map[string]any{"start_on": "2026-11-30", "document_lang": "en"}).is(201)
	return of, dana, at
}

// scan adds the photo of a signed page to the papers of a case.
func (s *site) scan(t testing.TB, by *script, of enrolled) string {
	t.Helper()
	return by.upload("/cases/"+of.Case.String()+"/documents", url.Values{"kind": {"signed"}, "visibility": {"shared"}, "title": {"Signed page"}}, "scan.pdf", pdfPaper).is(201).text("id")
}

// signedPlan brings a drafted plan into force without approval.
func signedPlan(t testing.TB, dana *script, at string) reply {
	t.Helper()
	dana.submits(at, nil).is(200)
	dana.do("POST", at+"/signatures", map[string]any{"role": "participant", "method": "in_person", "name": dana.do("GET", strings.TrimSuffix(at, "/plan"), nil).is(200).text("participant.name"), "signed_on": "2026-11-22"}).is(201)
	return dana.do("POST", at+"/signatures", map[string]any{"role": "case_manager", "method": "online", "name": "Dana Whitfield"}).is(201)
}

func match(r reply) string { return `"` + r.text("version") + `"` }

func TestAPlanIsDraftedFromThePathwayAndTheGoals(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	dana := s.api(t, "dana@rivervalley.test")
	at := "/cases/" + of.Case.String() + "/plan"
	dana.do("GET", at, nil).is(404)
	if r := dana.do("POST", at, map[string]any{}).is(409); r.text("type") != "urn:waymark:problem:plan.no_selection" {
		t.Errorf("%s", r.Body)
	}
	s.withGoals(t, dana, of)
	s.sql(t, s.Dana, `insert into support_screens (agency_id, id, case_id, version, screened_on, needs, recorded_by)
		values (:agency, :id, :case_id, 1, '2026-09-08', :needs, :by)`, pg.Args{
		"id": of.Person, "case_id": of.Case, "by": s.Dana.ID,
		"needs": pg.AsJSON([]map[string]any{{"area": "child_care", "severity": 3, "blocking": true, "cost_cents": 5000}, {"area": "mental_health", "severity": 3, "referral": "Clinic"}}),
	})

	p := dana.do("POST", at, map[string]any{"start_on": "2026-11-30"}).is(201)
	for path, want := range map[string]string{
		"state": "draft", "number": "1", "kind": "iep", "pathway_code": "MFG", "area_code": "M6", "entry_step": "2", "target_step": "3",
		"start_on": "2026-11-30", "end_on": "2028-06-30", "rhythm_days": "14", "milestones.0.kind": "enroll", "milestones.0.due_on": "2026-12-14", "milestones.0.starts_on": "2026-11-30",
		"milestones.1.title": "Quality inspector", "milestones.1.kind": "placement", "milestones.1.due_on": "2027-01-09", "milestones.1.depends_on.0": "enroll-1",
		"milestones.2.kind": "midterm", "milestones.2.depends_on.0": "enroll-1", "approval_needed": "false",
	} {
		if p.text(path) != want {
			t.Errorf("%s is %q, want %q", path, p.text(path), want)
		}
	}
	if strings.Contains(string(p.Body), "Clinic") || !strings.Contains(string(p.Body), `"need":"child_care"`) || !strings.Contains(string(p.Body), `"funding":"to_decide"`) {
		t.Errorf("supports: %s", p.Body)
	}
	refused := dana.submits(at, nil).is(422)
	if !strings.HasPrefix(refused.text("errors.0.field"), "lines.") || refused.text("errors.0.code") != "funding_needed" {
		t.Errorf("a cost that nobody pays: %s", refused.Body)
	}
	dana.do("POST", at, map[string]any{}).is(409)
	s.api(t, "walt@rivervalley.test").do("GET", at, nil).is(404)
	s.api(t, "walt@rivervalley.test").do("POST", at+"/submit", nil, "If-Match", `"1"`).is(404)
	s.api(t, "kim@northcoast.test").do("GET", at, nil).is(404)
}

func TestAPlanTakesForceWithItsLastMark(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	line := dana.do("POST", at+"/lines", map[string]any{"kind": "training", "what": "Quality course", "cost_cents": 420000}).is(422)
	if line.text("errors.0.field") != "funding" || line.text("errors.0.code") != "funding_needed" {
		t.Errorf("%s", line.Body)
	}
	dana.do("POST", at+"/lines", map[string]any{"kind": "training", "what": "Quality course", "what_es": "Curso de calidad", "cost_cents": 420000, "funding": "wioa_adult", "milestone_key": "enroll-1"}).is(201)
	frozen := dana.submits(at, map[string]any{"document_lang": "es"}).is(200)
	if frozen.text("state") != "submitted" || len(frozen.text("sha256")) != 64 || frozen.text("approval_needed") != "true" || frozen.text("document_lang") != "es" {
		t.Errorf("%s", frozen.Body)
	}
	if step := dana.do("GET", at+"?version=1", nil).is(200); step.text("state") != "submitted" {
		t.Errorf("%s", step.Body)
	}

	marcus := s.api(t, "marcus@rivervalley.test")
	queue := marcus.do("GET", "/approvals", nil).is(200)
	if queue.text("items.0.name") != "Rosa Jiménez" || queue.text("items.0.kind") != "new" || queue.text("items.0.author") != "Dana Whitfield" || queue.text("items.0.waiting_days") != "0" {
		t.Errorf("%s", queue.Body)
	}
	dana.do("POST", at+"/approval", map[string]any{"decision": "approved"}).is(403)
	marcus.do("POST", at+"/approval", map[string]any{"decision": "returned"}).is(422)
	marcus.do("POST", at+"/approval", map[string]any{"decision": "approved", "decided_on": "2026-11-24"}).is(422)
	approved := marcus.do("POST", at+"/approval", map[string]any{"decision": "approved", "decided_on": "2026-11-23"}).is(201)
	if approved.text("state") != "submitted" || approved.text("decisions.0.decided_by") != "Marcus Oyelaran" {
		t.Errorf("approved, and still waiting for two signatures: %s", approved.Body)
	}
	if left := marcus.do("GET", "/approvals", nil).is(200); left.text("items.0.name") != "" {
		t.Errorf("%s", left.Body)
	}
	dana.do("POST", at+"/signatures", map[string]any{"role": "participant", "method": "online", "name": "Rosa"}).is(422)
	old := dana.do("POST", at+"/signatures", map[string]any{"role": "case_manager", "method": "online", "name": "Dana", "sha256": strings.Repeat("0", 64)}).is(409)
	if old.text("type") != "urn:waymark:problem:plan.read_again" || old.text("current.sha256") != frozen.text("sha256") {
		t.Errorf("%s", old.Body)
	}
	dana.do("POST", at+"/signatures", map[string]any{"role": "case_manager", "method": "online", "name": "Dana Whitfield", "sha256": frozen.text("sha256")}).is(201)
	dana.do("POST", at+"/signatures", map[string]any{"role": "case_manager", "method": "online", "name": "Dana Whitfield"}).is(409)
	scan := s.scan(t, dana, of)
	done := dana.do("POST", at+"/signatures", map[string]any{"role": "participant", "method": "paper", "name": "Rosa Jiménez", "signed_on": "2026-11-20", "scan": scan}).is(201)
	if done.text("state") != "in_force" || done.text("in_force_on") != "2026-11-23" || done.text("signatures.1.witness") != "Dana Whitfield" || done.text("sha256") != frozen.text("sha256") {
		t.Errorf("%s", done.Body)
	}
	if n := s.count(t, `select count(*) from cases where id = :id and plan_state = 'in_force' and state = 'planned' and milestone_key = 'enroll-1'`, pg.Args{"id": of.Case}); n != 1 {
		t.Error("the case does not say so")
	}
	dana.submits(at, nil).is(409)
}

func TestNobodyApprovesThePlanTheyWrote(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	s.withGoals(t, s.api(t, "dana@rivervalley.test"), of)
	marcus, at := s.api(t, "marcus@rivervalley.test"), "/cases/"+of.Case.String()+"/plan"
	marcus.do("POST", at, map[string]any{"start_on": "2026-11-30"}).is(201)
	marcus.do("POST", at+"/lines", map[string]any{"kind": "training", "what": "Course", "cost_cents": 100, "funding": "wioa_adult"}).is(201)
	marcus.submits(at, nil).is(200)
	if r := marcus.do("POST", at+"/approval", map[string]any{"decision": "approved"}).is(403); r.text("type") != "urn:waymark:problem:plan.own" {
		t.Errorf("%s", r.Body)
	}
}

func TestAReturnedPlanIsChangedAndSignedAnew(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, dana, at := s.drafted(t)
	marcus := s.api(t, "marcus@rivervalley.test")
	dana.do("POST", at+"/lines", map[string]any{"kind": "training", "what": "Course", "cost_cents": 100, "funding": "wioa_adult"}).is(201)
	first := dana.submits(at, nil).is(200)
	dana.do("POST", at+"/signatures", map[string]any{"role": "case_manager", "method": "online", "name": "Dana Whitfield"}).is(201)
	back := marcus.do("POST", at+"/approval", map[string]any{"decision": "returned", "comment": "Add the bus pass"}).is(201)
	if back.text("state") != "returned" || back.text("decisions.0.comment") != "Add the bus pass" {
		t.Errorf("%s", back.Body)
	}
	dana.do("POST", at+"/lines", map[string]any{"kind": "support", "need": "transport", "what": "Bus pass"}).is(201)
	again := dana.submits(at, nil).is(200)
	if again.text("number") != "1" || again.text("sha256") == first.text("sha256") || again.text("signatures.0.void") != "true" {
		t.Errorf("%s", again.Body)
	}
	if n := s.count(t, `select count(*) from plan_documents where encode(sha256, 'hex') = :sha and document not like '%Bus pass%'`, pg.Args{"sha": first.text("sha256")}); n != 1 {
		t.Error("what was signed is not kept")
	}
	marcus.do("POST", at+"/approval", map[string]any{"decision": "approved"}).is(201)
	dana.do("POST", at+"/signatures", map[string]any{"role": "case_manager", "method": "online", "name": "Dana Whitfield"}).is(201)
	if end := dana.do("POST", at+"/signatures", map[string]any{"role": "participant", "method": "in_person", "name": "Rosa Jimenez"}).is(201); end.text("state") != "in_force" {
		t.Errorf("%s", end.Body)
	}
}

func TestMovingAMilestoneMovesWhatWaitsForIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, dana, at := s.drafted(t)
	before := dana.do("GET", at, nil).is(200)
	one := at + "/milestones/midterm-1"
	dana.do("PATCH", one, map[string]any{"due_on": "2027-02-01"}).is(428)
	moved := dana.do("PATCH", one, map[string]any{"due_on": "2027-02-01"}, "If-Match", match(before)).is(200)
	if moved.text("moved.0.key") != "midterm-1" || moved.text("moved.0.from") != "2027-01-25" || moved.text("moved.0.to") != "2027-02-01" || moved.text("moved.1.key") != "term_end-1" || moved.text("due_on") != "2027-02-01" {
		t.Errorf("%s", moved.Body)
	}
	if r := dana.do("PATCH", one, map[string]any{"title": "x"}, "If-Match", match(before)); r.Status != 409 && r.Status != 412 {
		t.Errorf("a stale version answers %d", r.Status)
	}
	dana.do("PATCH", one, map[string]any{"due_on": "2027-01-25"}, "If-Match", match(moved)).is(200)
	made := dana.do("POST", at+"/milestones", map[string]any{"title": "OSHA 10 card", "kind": "exam", "due_on": "2027-01-20", "starts_on": "2027-02-01"}).is(422)
	if made.text("errors.0.field") != "due_on" {
		t.Errorf("%s", made.Body)
	}
	osha := dana.do("POST", at+"/milestones", map[string]any{"title": "OSHA 10 card", "key": "osha", "kind": "exam", "due_on": "2027-01-20"}).is(201)
	dana.do("DELETE", at+"/milestones/osha", nil, "If-Match", match(osha)).is(204)

	signed := signedPlan(t, dana, at)
	enroll, noReason := at+"/milestones/enroll-1", map[string]any{"due_on": "2026-12-21"}
	if r := dana.do("PATCH", enroll, noReason, "If-Match", match(signed)).is(422); r.text("errors.0.field") != "reason" {
		t.Errorf("%s", r.Body)
	}
	adjusted := dana.do("PATCH", enroll, map[string]any{"due_on": "2026-12-21", "reason": "The course starts a week later"}, "If-Match", match(signed)).is(200)
	if adjusted.text("adjustment") != "true" || adjusted.text("due_on") != "2026-12-21" || adjusted.text("signed_due_on") != "2026-12-14" {
		t.Errorf("%s", adjusted.Body)
	}
	now := dana.do("GET", at, nil).is(200)
	if now.text("state") != "in_force" || now.text("sha256") != signed.text("sha256") || now.text("milestones.0.due_on") != "2026-12-21" {
		t.Errorf("the signed version stays in force: %s", now.Body)
	}
	if n := s.count(t, `select count(*) from adjustments where kind = 'timeline' and reason = 'The course starts a week later'`, pg.Args{}); n != 1 {
		t.Error("no adjustment record")
	}
	far := dana.do("PATCH", enroll, map[string]any{"due_on": "2027-01-14", "reason": "Later still"}, "If-Match", match(now)).is(409)
	if far.text("type") != "urn:waymark:problem:plan.version_needed" || far.text("current.reasons.0") != "date" {
		t.Errorf("%s", far.Body)
	}
	dana.do("DELETE", enroll, nil, "If-Match", match(now)).is(409)
	dana.do("POST", at+"/lines", map[string]any{"kind": "service", "what": "x"}).is(409)
}

func TestAVersionStaysInForceUntilTheNextHasEveryMark(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	signedPlan(t, dana, at)
	by := s.Dana
	if err := s.DB.Write(t.Context(), by, func(tx *pg.Tx) error {
		return plan.SetProgress(tx, by, of.Case, []plan.Progress{{Key: "enroll-1", Status: "done"}})
	}); err != nil {
		t.Fatal(err)
	}
	if r := dana.do("POST", at, map[string]any{}).is(422); r.text("errors.0.field") != "change_reason" {
		t.Errorf("%s", r.Body)
	}
	second := dana.do("POST", at, map[string]any{"change_reason": "Adds an English class"}).is(201)
	if second.text("number") != "2" || second.text("state") != "draft" || second.text("milestones.0.key") != "enroll-1" || second.text("milestones.0.status") != "done" {
		t.Errorf("%s", second.Body)
	}
	dana.do("POST", at+"/milestones", map[string]any{"title": "English for work", "key": "english", "due_on": "2027-03-01"}).is(201)
	now := dana.do("GET", at, nil).is(200)
	if now.text("number") != "1" || now.text("state") != "in_force" || now.text("open_version") != "2" {
		t.Errorf("%s", now.Body)
	}
	dana.submits(at, nil).is(200)
	dana.do("POST", at+"/signatures", map[string]any{"role": "case_manager", "method": "online", "name": "Dana Whitfield"}).is(201)
	if now := dana.do("GET", at, nil).is(200); now.text("number") != "1" || now.text("state") != "in_force" {
		t.Errorf("one mark is missing: %s", now.Body)
	}
	dana.do("POST", at+"/signatures", map[string]any{"role": "participant", "method": "in_person", "name": "Rosa Jimenez"}).is(201)
	now = dana.do("GET", at, nil).is(200)
	if now.text("number") != "2" || now.text("milestones.0.status") != "done" || dana.do("GET", at+"?version=1", nil).is(200).text("state") != "superseded" {
		t.Errorf("%s", now.Body)
	}
	if list := dana.do("GET", at+"/versions", nil).is(200); list.text("items.0.number") != "2" || list.text("items.1.state") != "superseded" {
		t.Errorf("%s", list.Body)
	}
	diff := dana.do("GET", at+"/diff?from=1&to=2", nil).is(200)
	if diff.text("items.0.kind") != "added" || diff.text("items.0.words") != "English for work, Mar 1, 2027" || diff.text("items.1.kind") != "" {
		t.Errorf("%s", diff.Body)
	}
	s.browse(t, "dana@rivervalley.test").get(at).is(200)
	own := s.api(t, of.Email).do("GET", "/me/plan/history", nil).is(200)
	if own.text("items.0.number") != "2" || own.text("items.0.now") != "true" || own.text("items.0.changes.0.name") != "English for work" || own.text("items.0.changes.1.kind") != "" ||
		own.text("items.1.first") != "true" || own.text("items.2.number") != "" {
		t.Errorf("%s", own.Body)
	}
	rosa := s.browse(t, of.Email)
	has(t, rosa.get("/me/plan").is(200), `href="/me/plan/history"`)
	has(t, rosa.get("/me/plan/history").is(200), "English for work", "Este es su plan ahora.", "Este fue su primer plan.")

	// A long history is cut, and what it is cut at was not the first plan.
	for n := 3; n <= 22; n++ {
		s.sql(t, s.Dana, `insert into plan_versions (agency_id, id, case_id, number, kind, state, start_on, end_on, pathway_code, pathway_version, area_code, entry_step, target_step,
				approval_needed, author_id, document, sha256, frozen_at, in_force_on)
			select agency_id, :id, case_id, :number, kind, 'superseded', start_on, end_on, pathway_code, pathway_version, area_code, entry_step, target_step,
				approval_needed, author_id, document, sha256, frozen_at, in_force_on from plan_versions where agency_id = :agency and case_id = :case_id and number = 2`,
			pg.Args{"id": id.New[access.Case](), "case_id": of.Case, "number": n})
	}
	own = s.api(t, of.Email).do("GET", "/me/plan/history", nil).is(200)
	if own.text("items.0.number") != "22" || own.text("items.19.number") != "3" || own.text("items.19.first") != "false" || own.text("items.20.number") != "" {
		t.Errorf("%s", own.Body)
	}
}

func TestOneByteOfASignedDocumentIsNoticed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	p := signedPlan(t, dana, at)
	number := func() string {
		var n string
		_ = s.Owner.Read(t.Context(), access.Actor{Agency: s.Dana.Agency, Role: access.System}, func(tx *pg.Tx) (err error) {
			n, err = pg.Get[string](tx, `select upper(number) from participants where id = :id`, pg.Args{"id": of.Person})
			return err
		})
		return n
	}()
	s.sql(t, s.Dana, `update participants set number = upper(number) where agency_id = :agency and id = :id`, pg.Args{"id": of.Person})
	b := s.browse(t, "dana@rivervalley.test")
	has(t, b.get(at+"/print").is(200), "My career plan", "Rosa Jiménez", "Quality inspector", "Signed in person Nov 22, 2026", planFingerprint(p))
	out := s.browse(t, "")
	out.get("/verify").is(200)
	out.post("/verify", url.Values{"plan": {"CP"}, "fingerprint": {"zz"}}).is(422)
	asked := url.Values{"plan": {number + "-v1"}, "fingerprint": {planFingerprint(p)}}
	yes := out.post("/verify", asked).is(200)
	has(t, yes, "Yes, this copy is the same.", "The plan is in force.")
	if strings.Contains(string(yes.Body), "Rosa") || strings.Contains(string(yes.Body), of.Person.String()) || strings.Contains(string(yes.Body), of.Case.String()) || strings.Contains(string(yes.Body), p.text("id")) {
		t.Error("nothing of the person is told")
	}
	asked.Del("form_token")
	asked.Set("fingerprint", "000000000000")
	has(t, out.post("/verify", asked).is(200), "No, this does not match.")

	s.sql(t, s.Dana, `update plan_versions set document = replace(document, 'Quality inspector', 'Quality inspectoR') where agency_id = :agency and case_id = :id`, pg.Args{"id": of.Case})
	if r := b.get(at + "/print").is(409); strings.Contains(string(r.Body), "inspectoR") {
		t.Error("an altered document is shown")
	}
	asked.Del("form_token")
	asked.Set("fingerprint", planFingerprint(p))
	has(t, out.post("/verify", asked).is(200), "No, this does not match.")
}

func planFingerprint(p reply) string {
	sha := p.text("sha256")
	return sha[:4] + " " + sha[4:8] + " " + sha[8:12]
}

func TestThePaperHasExactlyTheFacts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, dana, at := s.drafted(t)
	dana.do("POST", at+"/lines", map[string]any{"kind": "training", "what": "Quality course", "cost_cents": 420000, "funding": "wioa_adult", "milestone_key": "enroll-1"}).is(201)
	dana.do("POST", at+"/lines", map[string]any{"kind": "support", "need": "transport", "what": "Bus pass", "what_es": "Pase de autobús", "ends_on": "2027-06-30", "cost_cents": 30000, "funding": "wioa_adult"}).is(201)
	dana.submits(at, map[string]any{"document_lang": "es"}).is(200)
	page := s.browse(t, "dana@rivervalley.test").get(at + "/print").is(200)
	has(t, page, `<html lang="es"`, "Mi plan de trabajo", "(207) 555-0142", "WIOA Adultos, $4,200", "Pase de autobús hasta el 30 de junio de 2027 (WIOA Adultos, $300).",
		"$19 por hora", "9 de ene de 2027", "Inscribirse", "Versión 1, 23 de noviembre de 2026", "Dana Whitfield")
	text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(string(page.Body), " ")
	if strings.Count(text, "Pase de autobús") != 1 || strings.Contains(text, "Quality course") && strings.Count(text, "Quality course") > 1 {
		t.Error("a fact stands twice")
	}
}

func TestTheParticipantSignsWhatTheyRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	rosa := s.browse(t, of.Email)
	has(t, rosa.get("/me/plan/sign").is(200), "no hay nada que firmar")
	p := dana.submits(at, nil).is(200)
	has(t, rosa.get("/me/plan/sign").is(200), "Quality inspector", p.text("sha256"))
	form := func() url.Values {
		return url.Values{"consent": {"yes"}, "name": {"Rosa Jiménez"}, "password": {"waymark-demo-2026"}, "sha256": {p.text("sha256")}}
	}
	wrong := form()
	wrong.Set("password", "no")
	if r := rosa.post("/me/plan/sign", wrong).is(422); strings.Contains(string(r.Body), `value="no"`) || !strings.Contains(string(r.Body), `value="Rosa Jiménez"`) {
		t.Error("the form keeps the name and forgets the password")
	}
	unread := form()
	unread.Set("sha256", strings.Repeat("0", 64))
	has(t, rosa.post("/me/plan/sign", unread).is(409), "Léalo otra vez")
	noConsent := form()
	noConsent.Del("consent")
	rosa.post("/me/plan/sign", noConsent).is(422)
	rosa.post("/me/plan/sign", form()).is(303)
	now := dana.do("GET", at, nil).is(200)
	if now.text("signatures.0.method") != "online" || now.text("signatures.0.role") != "participant" {
		t.Errorf("%s", now.Body)
	}
	rosa.get("/me/plan/print").is(200)
	if end := dana.do("POST", at+"/signatures", map[string]any{"role": "case_manager", "method": "online", "name": "Dana Whitfield"}).is(201); end.text("state") != "in_force" {
		t.Errorf("%s", end.Body)
	}
}

func TestSomebodyUnderEighteenNeedsAGuardian(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	s.sql(t, s.Dana, `update participants set birth_date = '2009-11-24' where agency_id = :agency and id = :id`, pg.Args{"id": of.Person})
	if r := signedPlan(t, dana, at); r.text("state") != "submitted" {
		t.Errorf("%s", r.Body)
	}
	mark := map[string]any{"role": "guardian", "method": "in_person", "name": "Ana Jiménez"}
	if r := dana.do("POST", at+"/signatures", mark).is(422); r.text("errors.0.code") != "guardian_needed" {
		t.Errorf("nobody is named: %s", r.Body)
	}
	dana.do("POST", "/cases/"+of.Case.String()+"/guardian", map[string]any{"name": "Ana Jiménez", "relation": "parent"}).is(201)
	other := map[string]any{"role": "guardian", "method": "in_person", "name": "Eva Ruiz"}
	if r := dana.do("POST", at+"/signatures", other).is(422); r.text("errors.0.code") != "name_differs" {
		t.Errorf("somebody else: %s", r.Body)
	}
	if r := dana.do("POST", at+"/signatures", mark).is(201); r.text("state") != "in_force" {
		t.Errorf("%s", r.Body)
	}
}

func TestProgressFoldsIntoTheMilestoneAndBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	signedPlan(t, dana, at)
	by, percent := s.Dana, 40
	set := func(list ...plan.Progress) error {
		return s.DB.Write(t.Context(), by, func(tx *pg.Tx) error { return plan.SetProgress(tx, by, of.Case, list) })
	}
	if err := set(plan.Progress{Key: "none", Status: "done"}, plan.Progress{Key: "enroll-1", Status: "odd"}); err == nil || err.Error() != "invalid form.invalid progress.0.key=unknown_milestone progress.1.status=oneof" {
		t.Error(err)
	}
	if err := set(plan.Progress{Key: "enroll-1", Status: "in_progress", Percent: &percent, OnDate: s.Today().AddDays(-3)}); err != nil {
		t.Fatal(err)
	}
	if err := set(plan.Progress{Key: "enroll-1", Status: "done"}); err != nil {
		t.Fatal(err)
	}
	if now := dana.do("GET", at, nil).is(200); now.text("milestones.0.status") != "done" || now.text("milestones.0.done_on") != "2026-11-23" || now.text("totals.milestones_done") != "1" {
		t.Errorf("%s", now.Body)
	}
	s.sql(t, s.Dana, `insert into check_ins (agency_id, id, case_id, held_on, method, result, recorded_by) values (:agency, :id, :case_id, '2026-11-23', 'phone', 'talked', :by)`,
		pg.Args{"id": of.Person, "case_id": of.Case, "by": by.ID})
	if err := s.DB.Write(t.Context(), by, func(tx *pg.Tx) error { return plan.Refold(tx, of.Case, []string{"midterm-1"}) }); err != nil {
		t.Fatal(err)
	}
	if now := dana.do("GET", at, nil).is(200); now.text("milestones.2.status") != "not_started" {
		t.Errorf("%s", now.Body)
	}
}

func TestBuildingAPlanTakesDatesOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	b := s.browse(t, "dana@rivervalley.test")
	at := "/cases/" + of.Case.String() + "/plan"
	b.get(at).is(200)
	has(t, b.post(at, url.Values{"start_on": {"11/30/2026"}}).is(409), "Choose a pathway first")
	s.withGoals(t, s.api(t, "dana@rivervalley.test"), of)
	b.get(at).is(200)
	b.post(at, url.Values{"start_on": {"11/31/2026"}}).is(422)
	edit := b.follow(b.post(at, url.Values{"start_on": {"11/30/2026"}}))
	has(t, edit.is(200), "Enroll in the manufacturing course", `value="12/14/2026"`)
	form := fields(edit)
	form.Set("milestones.0.due_on", "12/1/2025")
	bad := b.post(at+"/edit", form).is(422)
	has(t, bad, `value="12/1/2025"`)
	form = fields(bad)
	form.Set("milestones.0.due_on", "12/21/2026")
	form.Set("end_on", "12/31/2027")
	form.Set("go", "send")
	short := b.post(at+"/edit", form).is(422)
	has(t, short, "a date is after the plan ends, 12/31/2027")
	form = fields(short)
	form.Set("end_on", "6/30/2028")
	form.Set("go", "send")
	sign := b.follow(b.post(at+"/edit", form))
	has(t, sign.is(200), "Sign as case manager", "the person&#39;s signature")
	sha := fields(sign).Get("sha256")
	b.post(at+"/signatures", url.Values{"role": {"case_manager"}, "method": {"online"}, "sha256": {sha}, "name": {""}}).is(422)
	has(t, b.follow(b.post(at+"/signatures", url.Values{"role": {"case_manager"}, "method": {"online"}, "sha256": {sha}, "name": {"Dana Whitfield"}})), "Signed online Nov 23, 2026")
	scan := s.scan(t, s.api(t, "dana@rivervalley.test"), of)
	has(t, b.get(at+"/sign").is(200), `value="`+scan+`"`)
	b.follow(b.post(at+"/signatures", url.Values{"role": {"participant"}, "method": {"paper"}, "sha256": {sha}, "name": {"Rosa Jiménez"}, "signed_on": {"today"}, "scan": {scan}}))
	has(t, b.get(at).is(200), "In force", "by Dec 21, 2026", "Today is November 23, 2026", "Start a new version")
	b.get(at + "?from=2027-03").is(200)
	link := regexp.MustCompile(at + `/milestones/[0-9a-f-]{36}`).FindString(string(b.last.Body))
	b.get(link).is(200)
	b.post(link, url.Values{"due_on": {"12/28/2026"}, "version": {fields(b.last).Get("version")}}).is(422)
	b.follow(b.post(link, url.Values{"due_on": {"12/22/2026"}, "reason": {"Bus strike"}, "version": {fields(b.last).Get("version")}})).is(200)
	b.follow(b.post(at, url.Values{"change_reason": {"Adds a class"}})).is(200)
	for _, path := range []string{"/milestones/new", "/lines/new", "/milestones/enroll-1", "?version=1", "?version=2"} {
		b.get(at + path).is(200)
	}
	b.get(at + "/milestones/new").is(200)
	b.post(at+"/milestones", url.Values{"title": {""}, "due_on": {"1/5/2027"}, "kind": {"exam"}}).is(422)
	b.follow(b.post(at+"/milestones", url.Values{"title": {"OSHA 10 card"}, "due_on": {"1/5/2027"}, "kind": {"exam"}, "depends_on": {"enroll-1"}})).is(200)
	b.get(at + "/lines/new").is(200)
	has(t, b.post(at+"/lines", url.Values{"kind": {"training"}, "what": {"OSHA 10 class"}, "cost_cents": {"89"}}).is(422), "Choose who pays this cost")
	page := b.follow(b.post(at+"/lines", url.Values{"kind": {"training"}, "what": {"OSHA 10 class"}, "cost_cents": {"89"}, "funding": {"wioa_adult"}, "milestone_key": {"exam-1"}}))
	line := regexp.MustCompile(at + `/lines/[0-9a-f-]{36}`).FindString(string(page.Body))
	b.get(line).is(200)
	page = b.get(at + "/edit").is(200)
	form = fields(page)
	form.Set("go", "send")
	b.follow(b.post(at+"/edit", form)).is(200)

	m := s.browse(t, "marcus@rivervalley.test")
	has(t, m.get("/approvals").is(200), "Rosa Jiménez", "Change: Adds a class", "0 days")
	has(t, m.get(at+"/review").is(200), "OSHA 10 card", "Changed since version 1")
	m.post(at+"/approval", url.Values{"decision": {"returned"}}).is(422)
	m.follow(m.post(at+"/approval", url.Values{"decision": {"returned"}, "comment": {"Which provider?"}})).is(200)
	has(t, b.get(at+"?version=2").is(200), "Which provider?", "Returned by Marcus Oyelaran")
}

// fields are what a page's forms would post.
func fields(r reply) url.Values {
	values := url.Values{}
	for _, m := range regexp.MustCompile(`(?s)<(input|textarea|option|select)\b([^>]*)>([^<]*)`).FindAllStringSubmatch(string(r.Body), -1) {
		a := func(k string) string {
			if f := regexp.MustCompile(`\b` + k + `="([^"]*)"`).FindStringSubmatch(m[2]); f != nil {
				return f[1]
			}
			return ""
		}
		switch {
		case m[1] == "select":
			values.Set("select", a("name"))
		case m[1] == "option" && strings.Contains(m[2], " selected"):
			values.Set(values.Get("select"), a("value"))
		case m[1] == "textarea":
			values.Set(a("name"), m[3])
		case m[1] == "input" && (a("type") != "radio" && a("type") != "checkbox" || strings.Contains(m[2], " checked")):
			values.Set(a("name"), a("value"))
		}
	}
	for _, k := range []string{"select", "form_token", "q", "language", "next", ""} {
		values.Del(k)
	}
	return values
}

func TestAParticipantSeesNoDraftAndNothingOfStaff(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	me := s.api(t, of.Email)
	me.do("GET", at, nil).is(403)
	me.do("POST", at+"/signatures", map[string]any{"role": "participant", "method": "in_person", "name": "Rosa Jimenez"}).is(403)
	rosa := s.browse(t, of.Email)
	rosa.get("/me/plan/print").is(404)
	dana.submits(at, nil).is(200)
	rosa.get("/me/plan/print").is(200)
	s.browse(t, "dana@rivervalley.test").get("/me/plan/sign").is(403)
}
