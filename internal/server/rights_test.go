package server_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/pg"
	"waymark/internal/rights"
)

func TestTheNoticeIsInThePersonsLanguageAndItsReceiptIsKept(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Andrade Peña de la Cruz", "es")
	me := s.browse(t, rosa.Email)
	has(t, me.get("/me/rights").is(200), "Mis derechos", "Lea el aviso y diga que lo recibió.")
	has(t, me.get("/me/notice").is(200), "La igualdad de oportunidades es la ley", "180 días", "Centro de Derechos Civiles", "El texto en inglés es el de la ley.")
	has(t, me.post("/me/notice", url.Values{"name": {""}}).is(422), "Escriba su nombre")
	me.get("/me/notice")
	has(t, me.follow(me.post("/me/notice", url.Values{"name": {"Rosa Andrade Peña de la Cruz"}})).is(200), "recibió el aviso el 23 de noviembre de 2026 (español), en línea")
	dana, at := s.browse(t, "dana@rivervalley.test"), "/cases/"+rosa.Case.String()
	has(t, dana.get(at+"/rights").is(200), "Rosa Andrade Peña de la Cruz received the notice on November 23, 2026 (Spanish), online")
	if n := s.count(t, `select count(*) from cases where id = :id and notice_given_on = '2026-11-23'`, pg.Args{"id": rosa.Case}); n != 1 {
		t.Error("intake does not know that the notice was given")
	}
	s.sql(t, s.Dana, `update users set language = 'en' where email = :email and agency_id = :agency`, pg.Args{"email": rosa.Email})
	has(t, me.get("/me/notice").is(200), "Equal Opportunity Is the Law", "must wait either until the recipient issues a written Notice of Final Action, or until 90 days have passed", "Room N-4123")
	for _, lang := range []string{"en", "es", "xx"} {
		if n := len(rights.Notice(lang)); n != 11 {
			t.Errorf("the notice in %s has %d parts, want 11", lang, n)
		}
	}
}

func TestAConsentEndsByItsDayByANewerOneOrByBeingTakenBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	told := func(partner, day string) (yes bool) {
		s.Set(day)
		if err := s.DB.Read(t.Context(), s.Dana, func(tx *pg.Tx) (err error) {
			said, err := casefile.ConsentFor(tx, rosa.Case, partner, s.Today())
			yes = said.Holds
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return yes
	}
	dana, at := s.api(t, "dana@rivervalley.test"), "/cases/"+rosa.Case.String()
	give := func(in map[string]any) reply { return dana.do("POST", at+"/consents", in) }
	first := give(map[string]any{"partner": "Central CC", "purpose": "Holds a place", "until_on": "2026-12-10", "method": "paper"}).is(201).text("id")
	for name, tt := range map[string]struct {
		in    map[string]any
		field string
	}{
		"no end":       {map[string]any{"partner": "X", "purpose": "y", "method": "paper"}, "until_on"},
		"for ever":     {map[string]any{"partner": "X", "purpose": "y", "method": "paper", "until_on": "2028-11-23"}, "until_on"},
		"over already": {map[string]any{"partner": "X", "purpose": "y", "method": "paper", "from_on": "2026-01-01", "until_on": "2026-02-01"}, "until_on"},
		"by nobody":    {map[string]any{"partner": "X", "purpose": "y", "until_on": "2026-12-10"}, "method"},
		"online":       {map[string]any{"partner": "X", "purpose": "y", "until_on": "2026-12-10", "method": "online"}, "method"},
		"for nobody's": {map[string]any{"partner": "X", "purpose": "y", "until_on": "2026-12-10", "method": "paper", "supersedes": rosa.Case.String()}, "supersedes"},
	} {
		if got := give(tt.in).is(422).text("errors.0.field"); got != tt.field {
			t.Errorf("%s: %s, want %s", name, got, tt.field)
		}
	}
	for day, want := range map[string]bool{"2026-11-22": false, "2026-11-23": true, "2026-12-10": true, "2026-12-11": false} {
		if told("Central CC", day) != want {
			t.Errorf("on %s: told %v", day, !want)
		}
	}
	if told("Another", "2026-11-23") {
		t.Error("a partner nobody named is told")
	}
	s.Set("2026-11-24")
	second := give(map[string]any{"partner": "Central CC", "purpose": "Start day only", "until_on": "2027-01-31", "method": "in_person", "supersedes": first}).is(201).text("id")
	give(map[string]any{"partner": "Central CC", "purpose": "z", "until_on": "2027-01-31", "method": "in_person", "supersedes": first}).is(422)
	if list := dana.do("GET", at+"/rights", nil).is(200); list.text("consents.1.superseded") != "true" || list.text("consents.0.superseded") != "false" {
		t.Errorf("%s", list.Body)
	}
	me := s.browse(t, rosa.Email)
	has(t, me.get("/me/consents").is(200), "Start day only", "Dejar de hablar con Central CC", "Reemplazado por uno nuevo")
	me.follow(me.post("/me/consents/"+second+"/withdraw", nil)).is(200)
	me.get("/me/consents")
	me.post("/me/consents/"+second+"/withdraw", nil).is(303)
	if told("Central CC", "2026-11-24") {
		t.Error("told after it was taken back")
	}
	if n := s.count(t, `select count(*) from consent_withdrawals`, nil); n != 1 {
		t.Errorf("taken back %d times", n)
	}
	me.get("/me/consents")
	has(t, me.post("/me/consents", url.Values{"partner": {""}, "purpose": {"lugar"}, "until_on": {"1/31/2027"}}).is(422), "Escriba a quién se le puede decir", "lugar")
	has(t, me.follow(me.post("/me/consents", url.Values{"partner": {"Escuela"}, "purpose": {"lugar"}, "until_on": {"1/31/2027"}})).is(200), "Anotamos su sí", "Escuela")
	ask := func(whom string) reply {
		return dana.do("POST", at+"/requests", map[string]any{"what": "Transcript", "from_whom": whom})
	}
	if r := ask("central cc").is(422); r.text("errors.0.field") != "from_whom" || r.text("errors.0.code") != "consent_over" {
		t.Errorf("asked after the yes was taken back: %s", r.Body)
	}
	ask("Escuela").is(201)
	ask("A school that nobody spoke of").is(201)
	s.Set("2027-02-01")
	if r := ask("Escuela").is(422); r.text("errors.0.code") != "consent_over" {
		t.Errorf("asked after the yes ran out: %s", r.Body)
	}
	s.Set("2026-11-24")
	s.api(t, "walt@rivervalley.test").do("POST", at+"/consents", map[string]any{"partner": "X", "purpose": "y", "until_on": "2026-12-10", "method": "paper"}).is(404)
}

func TestAComplaintReachesTheOfficerAndNobodyWhoWorksOnTheCase(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa, luis := s.enrol(t, s.Dana, "Rosa", "Delgado", "es"), s.enrol(t, s.Dana, "Luis", "Andrade", "en")
	const what = "SECRET-COMPLAINT Dana said I am too old"
	me := s.browse(t, rosa.Email)
	me.get("/me/complaints").is(200)
	has(t, me.post("/me/complaints", url.Values{"what": {what}, "happened_on": {"31/31/2026"}}).is(422), "Elija al menos un motivo", what)
	me.get("/me/complaints")
	has(t, me.follow(me.post("/me/complaints", url.Values{"bases": {"age", "age", "sex"}, "what": {what}, "happened_on": {"11/2/2026"}, "about": {"Dana"}})).is(200), what, "21 de febrero de 2027")

	admin := s.api(t, "admin@rivervalley.test")
	list := admin.do("GET", "/complaints", nil).is(200)
	id, number := list.text("items.0.id"), list.text("items.0.number")
	if list.text("items.0.name") != "Rosa Delgado" || list.text("items.0.bases.1") != "sex" || list.at("items.0.bases.2") != nil || !strings.HasPrefix(number, "EO-2026-") {
		t.Errorf("%s", list.Body)
	}
	page := s.browse(t, "admin@rivervalley.test")
	has(t, page.get("/setup/complaints").is(200), number, "Rosa Delgado", "New")
	has(t, page.get("/setup/complaints/"+id).is(200), what, "Age, Sex, gender or pregnancy", "Feb 21, 2027")
	admin.do("POST", "/complaints/"+id+"/events", map[string]any{"kind": "note", "words": "OFFICER-ONLY thoughts", "shared": false}).is(201)
	page.follow(page.post("/setup/complaints/"+id+"/events", url.Values{"kind": {"acknowledged"}, "on_date": {"11/23/2026"}, "words": {"We got it."}, "shared": {"yes"}})).is(200)
	mine := me.get("/me/complaints").is(200)
	has(t, mine, "We got it.", "Recibida por escrito")
	if strings.Contains(string(mine.Body), "OFFICER-ONLY") {
		t.Error("the person reads what the officer noted for themselves")
	}

	for _, who := range []string{"dana@rivervalley.test", "marcus@rivervalley.test", "auditor@rivervalley.test", "priya@rivervalley.test", luis.Email} {
		a := s.api(t, who)
		a.do("GET", "/complaints", nil).is(403)
		a.do("GET", "/complaints/"+id, nil).is(403)
	}
	s.api(t, "admin@northcoast.test").do("GET", "/complaints/"+id, nil).is(404)
	if other := s.api(t, luis.Email).do("GET", "/me/complaints", nil).is(200); other.at("items.0") != nil {
		t.Error("Luis reads Rosa's complaint")
	}
	dana := s.browse(t, "dana@rivervalley.test")
	for _, path := range []string{"", "/history", "/rights", "/documents", "/check-ins", "/services"} {
		if p := dana.get("/cases/" + rosa.Case.String() + path).is(200); bytes.Contains(p.Body, []byte("SECRET-COMPLAINT")) || bytes.Contains(p.Body, []byte(number)) || bytes.Contains(bytes.ToLower(p.Body), []byte("complaint")) {
			t.Errorf("%s tells Dana of the complaint", path)
		}
	}
	for _, role := range []access.Actor{s.Dana, s.Marcus, s.Auditor} { // the lock behind the permission
		if err := s.DB.Read(t.Context(), role, func(tx *pg.Tx) error {
			n, err := pg.Get[int](tx, `select count(*) from complaints`, pg.Args{})
			if n != 0 {
				t.Errorf("%s reads %d complaints from the table", role.Role, n)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestACopyOfOnesDataIsWholeAndOnlyOnesOwn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa, luis := s.enrol(t, s.Dana, "Rosa", "Delgado", "es"), s.enrol(t, s.Dana, "Luis", "Andrade", "en")
	s.manufacturing(t, s.Dana, rosa)
	s.planned(t, rosa)
	dana := s.api(t, "dana@rivervalley.test")
	at := "/cases/" + rosa.Case.String()
	dana.do("POST", at+"/notes", map[string]any{"subject": "A word", "body": "We agreed on English first.", "visibility": "shared"}).is(201)
	dana.upload(at+"/documents", url.Values{"kind": {"school"}, "title": {"Diploma"}, "visibility": {"shared"}}, "a.pdf", pdfPaper).is(201)
	dana.upload(at+"/documents", url.Values{"kind": {"school"}, "title": {canary}, "visibility": {"staff"}}, "a.pdf", pdfPaper).is(201)
	dana.do("GET", at, nil).is(200)
	dana.do("POST", at+"/messages", body{"body": "Bring the stub.", "translation": "Traiga el talón."}).is(201)
	own, officer := s.api(t, rosa.Email), s.api(t, "admin@rivervalley.test")
	own.do("POST", "/me/helpers", body{"name": "Hugo Delgado", "relation": "relative", "email": "hugo@rivervalley.test"}).is(201)
	filed := own.do("POST", "/me/complaints", body{"bases": []string{"age"}, "what": "Me dijeron que soy muy mayor.", "happened_on": "2026-11-20"}).is(201).text("id")
	officer.do("POST", "/complaints/"+filed+"/events", body{"kind": "acknowledged", "words": "La llamo el martes.", "shared": true}).is(201)
	officer.do("POST", "/complaints/"+filed+"/events", body{"kind": "note", "words": canary}).is(201)
	me := s.browse(t, rosa.Email)
	me.get("/me/data").is(200)
	packed := me.get("/me/data.zip").is(200)
	if packed.Header.Get("Content-Type") != "application/zip" || !strings.HasPrefix(packed.Header.Get("Content-Disposition"), "attachment; filename=waymark-2026-11-23.zip") {
		t.Error(packed.Header)
	}
	z, err := zip.NewReader(bytes.NewReader(packed.Body), int64(len(packed.Body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(r)
		files[f.Name] = string(b)
	}
	if files["papers/01-school-2026-11-23.pdf"] != pdfPaper || len(files) != 3 {
		t.Errorf("%d files: %v", len(files), z.File)
	}
	for _, want := range []string{"Rosa", "Machine operator trainee", "Inglés para el trabajo", "We agreed on English first.", "Diploma", "Dana Whitfield", "Bring the stub.", "Traiga el talón.", "Hugo Delgado", "Me dijeron que soy muy mayor.", "La llamo el martes."} {
		if !strings.Contains(files["data.json"], want) {
			t.Errorf("data.json lacks %q", want)
		}
		if !strings.Contains(files["index.html"], want) {
			t.Errorf("index.html lacks %q", want)
		}
	}
	has(t, reply{t: t, Body: []byte(files["index.html"])}, "Lo que sabemos de usted", "1 de dic de 2026", "Papeles de la escuela o diploma", "Mensaje", "Familiar", "Recibida por escrito", `lang="es"`)
	if strings.Contains(files["index.html"], "⟦") {
		t.Error("words are missing in index.html")
	}
	for name, text := range files {
		for _, never := range []string{canary, "CANARY", rosa.Case.String(), rosa.Person.String(), s.Dana.ID.String(), luis.Person.String(), "Andrade"} {
			if strings.Contains(text, never) {
				t.Errorf("%s has %q in it", name, never)
			}
		}
	}
	dana.do("GET", "/me/data", nil).is(403)
}
