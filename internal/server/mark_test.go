package server_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/msg"
	"waymark/internal/pg"
	"waymark/internal/plan"
)

func TestASignatureOnPaperStandsOnItsScan(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	early := s.scan(t, dana, of)
	s.SetTime(s.DB.Now().Add(time.Minute))
	dana.submits(at, nil).is(200)
	papers := "/cases/" + of.Case.String() + "/documents"
	upload := func(kind, class string) string {
		return dana.upload(papers, url.Values{"kind": {kind}, "visibility": {class}}, "a.pdf", pdfPaper).is(201).text("id")
	}
	other := s.enrol(t, s.Dana, "Luis", "Ortega", "en")
	sign := func(scan string) reply {
		in := map[string]any{"role": "participant", "method": "paper", "name": "Rosa Jiménez"}
		if scan != "" {
			in["scan"] = scan
		}
		return dana.do("POST", at+"/signatures", in)
	}
	for why, scan := range map[string]string{
		"none": "", "one from before": early, "one of another kind": upload("school", "shared"), "one that she may not see": upload("signed", "staff"), "one of another case": s.scan(t, dana, other),
	} {
		if r := sign(scan).is(422); r.text("errors.0.field") != "scan" {
			t.Errorf("%s: %s", why, r.Body)
		}
	}
	scan := upload("signed", "shared")
	sign(scan).is(201).all(map[string]string{"signatures.0.scan": scan, "signatures.0.auth": "scan", "signatures.0.witness": "Dana Whitfield"})
	has(t, s.browse(t, "dana@rivervalley.test").get(at+"/print?version=1").is(200), papers+"/"+scan, "Open the scan")
	rosa := s.browse(t, of.Email)
	has(t, rosa.get("/me/plan/print?version=1").is(200), "/me/documents/"+scan+"/file")
	rosa.get("/me/documents/" + scan + "/file").is(200)
	if r := dana.do("POST", papers+"/"+scan+"/archive", map[string]any{"reason": "No"}, "If-Match", `"1"`).is(409); r.text("type") != "urn:waymark:problem:document.stands" {
		t.Errorf("a scan that a signature stands on is put away: %s", r.Body)
	}
	s.SetTime(s.DB.Now().Add(time.Minute))
	dana.do("POST", at+"/reopen", nil, "If-Match", dana.do("GET", at, nil).is(200).Header.Get("ETag")).is(200)
	dana.do("POST", at+"/milestones", map[string]any{"title": "One more talk", "kind": "review", "due_on": "2027-02-01"}).is(201)
	dana.submits(at, nil).is(200)
	if r := sign(scan).is(422); r.text("errors.0.code") != "scan_unfit" {
		t.Errorf("the scan of another document: %s", r.Body)
	}
}

func TestStaffSignInTheirOwnNameWithAFreshSessionOrTheirPassword(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, dana, at := s.drafted(t)
	dana.submits(at, nil).is(200)
	b := s.browse(t, "dana@rivervalley.test")
	page := b.get(at + "/sign").is(200)
	if strings.Contains(string(page.Body), `type="password"`) {
		t.Error("somebody who just signed in is asked again")
	}
	mark := url.Values{"role": {"case_manager"}, "method": {"online"}, "name": {"Marcus Oyelaran"}}
	has(t, b.post(at+"/signatures", mark).is(422), "Dana Whitfield")
	s.sql(t, s.Dana, `update sessions set created_at = created_at - interval '16 minutes' where agency_id = :agency and user_id = :id and not bearer`, pg.Args{"id": s.Dana.ID})
	mark.Set("name", "dana whitfield")
	has(t, b.get(at+"/sign").is(200), `type="password"`)
	has(t, b.post(at+"/signatures", mark).is(422), "Type your password to sign")
	mark.Set("password", "wrong-password-0")
	if r := b.post(at+"/signatures", mark).is(422); strings.Contains(string(r.Body), "wrong-password-0") {
		t.Error("the password comes back")
	}
	mark.Set("password", "waymark-demo-2026")
	b.follow(b.post(at+"/signatures", mark)).is(200)
	dana.do("GET", at+"?version=1", nil).is(200).all(map[string]string{"signatures.0.auth": "password", "signatures.0.name": "dana whitfield"})
	if n := s.count(t, `select count(*) from signatures where ip <> '' and bound is not null and auth = 'password'`, pg.Args{}); n != 1 {
		t.Error("the evidence is not kept")
	}
}

func TestEveryByteOfASignedDocumentCounts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	p := signedPlan(t, dana, at)
	args := func(more pg.Args) pg.Args {
		a := pg.Args{"case_id": of.Case, "print": p.text("sha256")}
		for k, v := range more {
			a[k] = v
		}
		return a
	}
	const verify = `select app.verify_plan((select number from participants p join cases c on c.participant_id = p.id where c.id = :case_id), 1, :print)`
	err := s.Owner.Long(t.Context(), access.Actor{Agency: s.Dana.Agency, Role: access.System}, func(tx *pg.Tx) error {
		text, err := pg.Get[string](tx, `select document from plan_versions where case_id = :case_id`, args(nil))
		if err != nil {
			return err
		}
		if state, err := pg.Get[string](tx, verify, args(nil)); err != nil || state != "in_force" {
			t.Fatalf("%q %v", state, err)
		}
		length := len([]rune(text))
		tried := 0
		for at := 1; at <= length; at += map[bool]int{true: 1, false: 5}[at < 50 || at > length-50] {
			changed := `update plan_versions set document = overlay(cast(:doc as text) placing chr(ascii(substr(cast(:doc as text), :at, 1)) + 1) from :at for 1) where case_id = :case_id`
			if err := pg.ExecOne(tx, changed, args(pg.Args{"doc": text, "at": at})); err != nil {
				return err
			}
			if state, err := pg.Get[string](tx, verify, args(nil)); err != nil || state != "" {
				t.Errorf("the character at %d may change: %q %v", at, state, err)
			}
			tried++
		}
		t.Logf("%d of %d characters", tried, length)
		return pg.ExecOne(tx, `update plan_versions set document = :doc where case_id = :case_id`, args(pg.Args{"doc": text}))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAMarkThatWasAlteredIsNoticed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	dana.do("POST", at+"/lines", map[string]any{"kind": "training", "what": "Quality course", "cost_cents": 420000, "funding": "wioa_adult"}).is(201)
	dana.submits(at, nil).is(200)
	s.api(t, "marcus@rivervalley.test").do("POST", at+"/approval", map[string]any{"decision": "approved", "comment": "Fine"}).is(201)
	dana.do("POST", at+"/signatures", map[string]any{"role": "participant", "method": "paper", "name": "Rosa Jiménez", "scan": s.scan(t, dana, of)}).is(201)
	dana.do("POST", at+"/signatures", map[string]any{"role": "case_manager", "method": "online", "name": "Dana Whitfield"}).is(201)
	b := s.browse(t, "dana@rivervalley.test")
	b.get(at + "/print").is(200)
	if err := s.Owner.Write(t.Context(), access.Actor{Agency: s.Dana.Agency, Role: access.System}, func(tx *pg.Tx) error {
		return pg.Insert(tx, `alter table signatures disable trigger keep; alter table plan_decisions disable trigger keep`, pg.Args{})
	}); err != nil {
		t.Fatal(err)
	}
	mark := func(set string) string {
		return `update signatures set ` + set + ` where agency_id = :agency and case_id = :id and role = 'participant'`
	}
	decision := func(set string) string {
		return `update plan_decisions set ` + set + ` where agency_id = :agency and case_id = :id`
	}
	for _, change := range []string{
		mark("name = name || ' '"), mark("method = 'in_person'"), mark("signed_on = signed_on - 1"), mark("signed_at = signed_at + interval '1 microsecond'"),
		mark("ip = '10.0.0.1'"), mark("witness_id = null"), mark("auth = 'witness'"), mark("consent_version = 'esign-2026-11/en'"), mark("signer_id = witness_id"),
		mark("scan_sha256 = sha256('x')"), mark("role = 'guardian'"), decision("comment = 'Very fine'"), decision("decided_on = decided_on - 1"), decision("decided_at = decided_at + interval '1 microsecond'"),
	} {
		undo := strings.NewReplacer(
			"name = name || ' '", "name = rtrim(name)", "method = 'in_person'", "method = 'paper'", "signed_on - 1", "signed_on + 1", "signed_at + interval", "signed_at - interval",
			"ip = '10.0.0.1'", "ip = '127.0.0.1'", "witness_id = null", "witness_id = '"+s.Dana.ID.String()+"'", "auth = 'witness'", "auth = 'scan'",
			"consent_version = 'esign-2026-11/en'", "consent_version = ''", "signer_id = witness_id", "signer_id = null",
			"scan_sha256 = sha256('x')", "scan_sha256 = (select sha256 from documents d where d.id = scan_id)", "set role = 'guardian'", "set role = 'participant'", "role = 'participant'", "role in ('participant', 'guardian')",
			"comment = 'Very fine'", "comment = 'Fine'", "decided_on - 1", "decided_on + 1", "decided_at + interval", "decided_at - interval",
		).Replace(change)
		s.sql(t, s.Dana, change, pg.Args{"id": of.Case})
		if r := b.get(at + "/print"); r.Status != 409 {
			t.Errorf("%s is not noticed: %d", change, r.Status)
		}
		s.sql(t, s.Dana, undo, pg.Args{"id": of.Case})
		if r := b.get(at + "/print"); r.Status != 200 {
			t.Fatalf("%s was not undone by %s: %d", change, undo, r.Status)
		}
	}
}

// TestTheWordsOfConsentBelongToTheirVersion: whoever changes what people agree to gives it a new name, and the
// old words stay in the history of the catalogues under the old one.
func TestTheWordsOfConsentBelongToTheirVersion(t *testing.T) {
	t.Parallel()
	words := map[string]string{}
	for _, lang := range slices.Sorted(slices.Values(msg.Languages)) {
		sum := sha256.New()
		for _, key := range []string{"plan.own.esign", "plan.own.paper", "plan.own.needs", "plan.own.keep", "plan_own.consent"} {
			fmt.Fprintln(sum, msg.For(lang).T(key, msg.Args{"name": "-"}))
		}
		words[lang] = hex.EncodeToString(sum.Sum(nil))[:16]
	}
	known := map[string]map[string]string{"esign-2026-11": {"en": "2a296a5727f24103", "es": "4b2bc5c0d4ff93c1"}}
	for lang, want := range known[plan.ConsentWords] {
		if words[lang] != want {
			t.Errorf("the words of %s in %s are %s, known are %s: give them a new name in plan.ConsentWords", plan.ConsentWords, lang, words[lang], want)
		}
	}
}

func TestASpanishPlanIsSpanishThroughout(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	goals := "/cases/" + of.Case.String() + "/goals"
	first := dana.do("GET", goals, nil).is(200)
	if first.text("items.0.title") != "Quality inspector" || first.text("items.0.title_es") != "Inspectores y probadores de calidad" {
		t.Fatalf("the pathway's own words: %s", first.Body)
	}
	dana.do("PATCH", goals+"/"+first.text("items.0.id"), map[string]any{"fits": "Close to home.", "fits_es": "Cerca de casa."}, "If-Match", `"`+first.text("items.0.version")+`"`).is(200)
	dana.do("PATCH", goals+"/"+first.text("items.1.id"), map[string]any{"fits": "At night."}, "If-Match", `"`+first.text("items.1.version")+`"`).is(200)
	p := dana.submits(at, map[string]any{"document_lang": "es"}).is(200)
	rosa := s.browse(t, of.Email)
	text := strings.Join(strings.Fields(tags.ReplaceAllString(string(rosa.get("/me/plan/sign").is(200).Body), " ")), " ")
	for _, english := range []string{"Quality inspector", "Close to home", "Go to class", "Help with the steps", "I can stop"} {
		if strings.Contains(text, english) {
			t.Errorf("the plan that Rosa signs says %q", english)
		}
	}
	has(t, rosa.last, "Inspectores y probadores de calidad", "Cerca de casa.", `<span lang="en">At night.</span>`, "Ir a clase")
	page := rosa.get("/me/plan/print?version=1").is(200)
	has(t, page, "Copia en inglés", `<html lang="es"`)
	own := s.browse(t, "dana@rivervalley.test")
	copied := own.get(at + "/print?version=1&copy=1").is(200)
	has(t, copied, `<html lang="en"`, "Quality inspector", "Close to home.", "At night.", "Go to class", "Copy for the agency", "in Spanish", planFingerprint(p))
	if strings.Contains(string(copied.Body), "Inspectores y probadores de calidad") {
		t.Error("the copy is in Spanish")
	}
	has(t, rosa.get("/me/plan/print?version=1&copy=1").is(200), "Quality inspector")
	if err := s.Owner.Write(t.Context(), access.Actor{Agency: s.Dana.Agency, Role: access.System}, func(tx *pg.Tx) error {
		return pg.Insert(tx, `alter table plan_copies disable trigger keep; update plan_copies set document = replace(document, 'At night', 'At noon')`, pg.Args{})
	}); err != nil {
		t.Fatal(err)
	}
	if r := own.get(at + "/print?version=1&copy=1").is(200); strings.Contains(string(r.Body), "At noon") {
		t.Error("an altered copy is shown")
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)
