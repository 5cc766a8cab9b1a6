package server_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
)

func TestASupervisorAsksAndTheCaseManagerAnswersOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	e := s.enrol(t, s.Dana, "Jolene", "Tibbetts", "en")
	at := "/cases/" + e.Case.String()
	dana, marcus := s.api(t, "dana@rivervalley.test"), s.api(t, "marcus@rivervalley.test")
	talk := dana.do("POST", at+"/check-ins", map[string]any{"method": "phone", "result": "no_answer"}).is(201).text("id")
	dana.do("POST", at+"/follow-ups", map[string]any{"question": "Why?"}).is(403)
	if r := marcus.do("POST", at+"/follow-ups", map[string]any{"question": "Why?", "check_in_id": e.Case.String()}).is(422); r.text("errors.0.code") != "no_such_check_in" {
		t.Errorf("%s", r.Body)
	}
	m := s.browse(t, "marcus@rivervalley.test")
	has(t, m.get(at+"/check-ins").is(200), "/follow-ups?check_in="+talk)
	m.get(at + "/follow-ups?check_in=" + talk).is(200)
	has(t, m.post(at+"/follow-ups", url.Values{"question": {" "}, "check_in_id": {talk}}).is(422), "this is needed", `value="`+talk+`"`)
	has(t, m.follow(m.post(at+"/follow-ups", url.Values{"question": {"Did she get the letter?"}, "check_in_id": {talk}})), "Did she get the letter?", "Waits for an answer")
	d := s.browse(t, "dana@rivervalley.test")
	has(t, d.get("/today").is(200), "Your supervisor asks", "Did she get the letter?")
	of := dana.do("GET", at+"/follow-ups", nil).is(200).text("items.0.id")
	d.get(at + "/follow-ups").is(200)
	d.post(at+"/follow-ups/"+of+"/answer", url.Values{"answer": {""}}).is(422)
	has(t, d.follow(d.post(at+"/follow-ups/"+of+"/answer", url.Values{"answer": {"Yes, on Friday."}})), "Yes, on Friday.")
	if r := dana.do("POST", at+"/follow-ups/"+of+"/answer", map[string]any{"answer": "Again"}).is(409); r.text("current.answer") != "Yes, on Friday." {
		t.Errorf("%s", r.Body)
	}
	if strings.Contains(string(d.get("/today").is(200).Body), "Your supervisor asks") {
		t.Error("what was answered is still asked on Today")
	}
	s.api(t, "walt@rivervalley.test").do("GET", at+"/follow-ups", nil).is(404)
}

func TestAFileReviewIsDrawnBySeedFoundCorrectedAndClosed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for i := range 8 {
		s.enrol(t, s.Dana, fmt.Sprintf("P%d", i), "Person", "en")
	}
	s.enrol(t, s.Walt, "Theo", "Brandt", "en")
	marcus, dana := s.api(t, "marcus@rivervalley.test"), s.api(t, "dana@rivervalley.test")
	dana.do("POST", "/reviews", map[string]any{"size": 2}).is(403)
	marcus.do("POST", "/reviews", map[string]any{"size": 0}).is(422)
	first := marcus.do("POST", "/reviews", map[string]any{"size": 3, "seed": "spring"}).is(201)
	again := marcus.do("POST", "/reviews", map[string]any{"size": 3, "seed": "spring"}).is(201)
	other := marcus.do("POST", "/reviews", map[string]any{"size": 3, "seed": "summer"}).is(201)
	sample := func(r reply) (ids string) {
		for i := range 4 {
			ids += r.text(fmt.Sprintf("cases.%d.case_id", i)) + " "
		}
		return ids
	}
	if first.text("drawn_from") != "8" || first.text("cases.3.case_id") != "" || sample(first) != sample(again) || sample(first) == sample(other) {
		t.Errorf("the seed draws %s, %s and %s", sample(first), sample(again), sample(other))
	}
	at := "/reviews/" + first.text("id")
	if r := marcus.do("POST", at+"/close", nil).is(409); r.text("current.unanswered") != "30" {
		t.Errorf("%s", r.Body)
	}
	answers := func(result string) (list []any) {
		for i := range 10 {
			list = append(list, map[string]any{"item": first.text(fmt.Sprintf("checklist.%d.key", i)), "result": result, "note": ""})
		}
		return list
	}
	for i := range 3 {
		of := at + "/cases/" + first.text(fmt.Sprintf("cases.%d.case_id", i))
		list := answers("met")
		if i == 0 {
			list[1] = map[string]any{"item": "notice", "result": "not_met"}
			if r := marcus.do("PUT", of, map[string]any{"findings": list}).is(422); r.text("errors.0.field") != "findings.1.note" {
				t.Errorf("%s", r.Body)
			}
			list[1] = map[string]any{"item": "notice", "result": "not_met", "note": "No date"}
		}
		if r := marcus.do("PUT", of, map[string]any{"findings": list}).is(200); r.text("record_says.notice") != "no" {
			t.Errorf("%s", r.Body)
		}
	}
	marcus.do("PUT", at+"/cases/"+other.text("cases.0.case_id")+"x", map[string]any{"findings": answers("met")}).is(404)
	if r := marcus.do("POST", at+"/close", nil).is(409); r.text("current.open_findings") != "1" {
		t.Errorf("%s", r.Body)
	}
	d := s.browse(t, "dana@rivervalley.test")
	has(t, d.get("/findings").is(200), "The equal-opportunity notice was given", "No date")
	correct := at + "/cases/" + first.text("cases.0.case_id") + "/correct"
	s.api(t, "walt@rivervalley.test").do("POST", correct, map[string]any{"item": "notice", "correction": "x"}).is(404)
	d.post(correct, url.Values{"item": {"notice"}, "correction": {""}}).is(422)
	d.post(correct, url.Values{"item": {"notice"}, "correction": {"Handed over today"}}).is(303)
	dana.do("POST", correct, map[string]any{"item": "notice", "correction": "x"}).is(409)
	m := s.browse(t, "marcus@rivervalley.test")
	has(t, m.get(at).is(200), "Drawn from 8 open files, seed spring")
	has(t, m.get(at+"/cases/"+first.text("cases.0.case_id")).is(200), "Handed over today", "The record does not show it.")
	has(t, m.follow(m.post(at+"/close", nil)), "The review is closed.")
	marcus.do("PUT", at+"/cases/"+first.text("cases.0.case_id"), map[string]any{"findings": answers("met")}).is(409)
	m.get("/reviews").is(200)
	m.post("/reviews", url.Values{"size": {"99"}}).is(422)
	s.api(t, "helen@rivervalley.test").do("GET", at, nil).is(404)
}

// Monitoring looks at the files of people who left as well: drawn by themselves or with the open ones, held
// against their last day, and corrected by whose they were.
func TestAFileReviewDrawsTheFilesOfPeopleWhoLeft(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.enrol(t, s.Dana, "Open", "Person", "en")
	left := s.exitedWith(t, s.Dana, "Left", "2025-07-21", "2025-12-16", 0)
	s.sql(t, s.Dana, `update cases set last_reached_on = '2025-12-10' where agency_id = :agency and id = :id`, pg.Args{"id": left.Case})
	marcus := s.api(t, emails["marcus"])
	for kind, want := range map[string]string{"": "1", "open": "1", "exited": "1", "all": "2"} {
		r := marcus.do("POST", "/reviews", body{"size": 5, "kind": kind}).is(201)
		if r.text("drawn_from") != want || kind == "exited" && r.text("cases.0.case_id") != left.Case.String() {
			t.Errorf("%s: %s", kind, r.Body)
		}
	}
	if r := marcus.do("POST", "/reviews", body{"size": 5, "kind": "lost"}).is(422); r.text("errors.0.field") != "kind" {
		t.Errorf("%s", r.Body)
	}
	b := s.browse(t, emails["marcus"])
	b.get("/reviews").is(200)
	page := b.follow(b.post("/reviews", url.Values{"size": {"5"}, "kind": {"exited"}, "seed": {"winter"}}))
	has(t, page, "Drawn from 1 file of people who left, seed winter", "Left")
	review := "/reviews/" + s.idOf(t, `select cast(id as text) from file_reviews where seed = 'winter'`)
	sheet := b.get(review + "/cases/" + left.Case.String()).is(200)
	has(t, sheet, "File of Left Person")
	if r := marcus.do("PUT", review+"/cases/"+left.Case.String(), body{"findings": []body{{"item": "notice", "result": "not_met", "note": "No date"}}}).is(200); r.text("record_says.contact") != "" && r.text("record_says.contact") != "yes" {
		t.Errorf("a file that is over is held against today: %s", r.Body)
	}
	s.api(t, emails["dana"]).do("POST", review+"/cases/"+left.Case.String()+"/correct", body{"item": "notice", "correction": "The paper was found"}).is(200)
}

func TestFairnessShowsCountsOfTenAndMoreAndNobodysAnswers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	add := func(n int, sex, pathway string) {
		for range n {
			e := s.enrol(t, s.Dana, "P"+id.New[access.Case]().String()[24:], "Person", "en")
			s.sql(t, s.Dana, `update cases set pathway_code = :pathway, area_code = 'M6' where agency_id = :agency and id = :id`, pg.Args{"id": e.Case, "pathway": pathway})
			s.sql(t, s.Dana, `insert into equity.answers (agency_id, id, participant_id, sex, ethnicity, race, disability, recorded_by, recorded_on) values (:agency, :id, :person, :sex, 'not_disclosed', '{white}', 'no', :by, '2026-11-01')`,
				pg.Args{"id": id.New[access.Case](), "person": e.Person, "sex": sex, "by": s.Dana.ID})
		}
	}
	add(14, "female", "MFG")
	add(12, "male", "MFG")
	add(3, "not_disclosed", "MFG") // fewer than ten, and alone: the next smallest is hidden with them
	add(11, "female", "HLT")
	add(10, "male", "HLT")
	marcus := s.api(t, "marcus@rivervalley.test")
	v := marcus.do("GET", "/team/fairness", nil).is(200)
	got := map[string]string{}
	for i := range 30 {
		at := fmt.Sprintf("shares.%d.", i)
		if v.text(at+"dimension") == "sex" {
			got[v.text(at+"pathway_code")+" "+v.text(at+"group")] = v.text(at + "chosen")
		}
	}
	for group, want := range map[string]string{"MFG female": "14", "MFG male": "", "MFG not_disclosed": "", "HLT female": "11", "HLT male": "10"} {
		if got[group] != want {
			t.Errorf("%s: %q, want %q", group, got[group], want)
		}
	}
	s.browse(t, "marcus@rivervalley.test").get("/team/fairness").is(200)
	s.api(t, "admin@rivervalley.test").do("GET", "/team/fairness", nil).is(200)
	s.api(t, "dana@rivervalley.test").do("GET", "/team/fairness", nil).is(403)
	if noor := s.api(t, "noor@northcoast.test").do("GET", "/team/fairness", nil).is(200); noor.text("shares.0.group") != "" {
		t.Errorf("another agency sees %s", noor.Body)
	}
	// The program itself may not read an answer, whatever the role.
	for _, by := range []access.Actor{s.Dana, s.Marcus, s.Admin} {
		err := s.DB.Read(t.Context(), by, func(tx *pg.Tx) error {
			_, err := pg.Get[int](tx, `select count(*) from equity.answers`, nil)
			return err
		})
		if err == nil {
			t.Errorf("%s reads the answers", by.Role)
		}
	}
	// Case managers do not get counts through the door either.
	if err := s.DB.Read(t.Context(), s.Dana, func(tx *pg.Tx) error {
		n, err := pg.Get[int](tx, `select count(*) from app.fair_shares()`, nil)
		if n > 0 {
			t.Errorf("a case manager's role gets %d rows", n)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestTheNarrativeTellsACaseInOrderAndKeepsNotesFromThoseWhoMayNotReadThem(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	e := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.withPlan(t, s.Dana, e)
	at := "/cases/" + e.Case.String()
	dana := s.api(t, "dana@rivervalley.test")
	dana.do("POST", at+"/notes", map[string]any{"subject": "Shifts", "body": "Works nights.", "visibility": "staff", "written_on": "2026-11-10"}).is(201)
	dana.do("POST", at+"/notes", map[string]any{"subject": "Health", "body": "A secret.", "visibility": "restricted", "written_on": "2026-11-11"}).is(201)
	dana.do("POST", at+"/check-ins", map[string]any{"held_on": "2026-11-20", "method": "phone", "result": "talked", "note": "Going well.", "progress": []any{map[string]any{"key": "welding", "status": "done"}}}).is(201)
	dana.do("POST", at+"/outcomes", map[string]any{"kind": "job", "on_date": "2026-11-22", "employer": "Tibbetts Metalworks"}).is(201)
	var kinds []string
	list := dana.do("GET", at+"/narrative", nil).is(200)
	for i := 0; list.text(fmt.Sprintf("items.%d.kind", i)) != ""; i++ {
		kinds = append(kinds, list.text(fmt.Sprintf("items.%d.kind", i)))
	}
	if got := strings.Join(kinds, " "); got != "opened plan note note check_in milestone outcome" {
		t.Errorf("the order is %s", got)
	}
	page := s.browse(t, "dana@rivervalley.test").get(at + "/narrative").is(200)
	has(t, page, "Narrative of Rosa Delgado", "Works nights.", "A secret.", "Check-in, Phone: Talked", "Milestone done: Welding Level 1", "Tibbetts Metalworks")
	theirs := string(s.browse(t, "marcus@rivervalley.test").get(at + "/narrative").is(200).Body)
	if !strings.Contains(theirs, "Works nights.") || strings.Contains(theirs, "A secret.") {
		t.Error("the supervisor reads the staff note and not Dana's restricted one")
	}
	auditors := string(s.browse(t, "auditor@rivervalley.test").get(at + "/narrative").is(200).Body)
	if strings.Contains(auditors, "Works nights.") {
		t.Error("the auditor reads staff notes")
	}
	s.api(t, "walt@rivervalley.test").do("GET", at+"/narrative", nil).is(404)
}

func TestTheNarrativeTellsOfExitsPapersAndRequests(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	dana, at := s.api(t, "dana@rivervalley.test"), "/cases/"+of.Case.String()
	asked := dana.do("POST", at+"/requests", map[string]any{"what": "Transcript", "from_whom": "Central CC", "asked_on": "2026-11-09"}).is(201)
	dana.do("POST", at+"/requests/"+asked.text("id")+"/received", map[string]any{"received_on": "2026-11-20"}).is(200)
	args := pg.Args{"case_id": of.Case, "dana": s.Dana.ID, "one": of.Person, "two": of.Case}
	s.sql(t, s.Dana, `insert into documents (agency_id, id, case_id, kind, title, visibility, media_type, size_bytes, sha256, source, uploaded_by, uploaded_at)
		values (:agency, :one, :case_id, 'pay', 'October stub', 'staff', 'application/pdf', 9, sha256('x'), 'staff', :dana, '2026-11-22'),
			(:agency, :two, :case_id, 'health', 'Knee', 'restricted', 'application/pdf', 9, sha256('y'), 'staff', :dana, '2026-11-23')`, args)
	s.sql(t, s.Dana, `insert into exits (agency_id, id, case_id, kind, exit_on, day_90, as_of) values (:agency, :one, :case_id, 'fixed', '2026-08-20', '2026-11-18', '2026-11-19')`, args)
	wants := []string{"Asked Central CC for: Transcript", "Exit fixed, back on Aug 20, 2026", "Came from Central CC: Transcript", "Paper added: ", "October stub", "Knee"}
	page := s.browse(t, "dana@rivervalley.test").get(at + "/narrative").is(200)
	has(t, page, wants...)
	last := -1
	for _, want := range wants {
		if i := strings.Index(string(page.Body), want); i < last {
			t.Errorf("%q does not stand in the order of its date", want)
		} else {
			last = i
		}
	}
	if theirs := s.browse(t, "marcus@rivervalley.test").get(at + "/narrative").is(200); strings.Contains(string(theirs.Body), "Knee") {
		t.Error("a restricted paper is told to others")
	}
}
