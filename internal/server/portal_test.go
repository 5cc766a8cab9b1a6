package server_test

import (
	"net/url"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/portal"
)

const canary = "CANARY-7f3 staff only"

// planned gives a person a plan in force with five milestones, two goals, an appointment on December 1
// and, beside it, a staff note and a staff check-in that they must never see.
func (s *site) planned(t testing.TB, of enrolled) (appointment string) {
	t.Helper()
	appointment = id.New[portal.Appointment]().String()
	plan := id.New[access.Case]()
	a := func(more pg.Args) pg.Args {
		args := pg.Args{"case_id": of.Case, "plan": plan, "id": id.New[access.Case](), "by": s.Dana.ID}
		for k, v := range more {
			args[k] = v
		}
		return args
	}
	s.sql(t, s.Dana, `insert into appointments (agency_id, id, case_id, kind, on_date, at_time, place, bring, bring_es)
		values (:agency, :id, :case_id, 'check_in', '2026-12-01', cast(:at as time), 'office', 'your pay stub', 'su talón de pago')`, a(pg.Args{"id": appointment, "at": "10:00"}))
	s.sql(t, s.Dana, `insert into plan_versions (agency_id, id, case_id, number, kind, state, start_on, end_on, pathway_code, pathway_version, area_code, entry_step, target_step, author_id, in_force_on)
		values (:agency, :plan, :case_id, 1, 'iep', 'in_force', '2026-09-18', '2027-12-01', 'MFG', 1, 'M6', 2, 3, :by, '2026-09-18')`, a(nil))
	for _, m := range []struct{ key, title, es, starts, due, status, done string }{
		{"english", "English for work, level 3", "Inglés para el trabajo, nivel 3", "2026-09-20", "2026-11-06", "done", "2026-11-06"},
		{"math", "Shop math", "Matemáticas para el taller", "2026-10-05", "2026-12-18", "in_progress", ""},
		{"osha", "OSHA 10 card", "Tarjeta OSHA 10", "", "2026-11-20", "not_started", ""},
		{"cnc", "CNC operator certificate", "Certificado de operadora CNC", "2027-01-11", "2027-09-20", "not_started", ""},
		{"review", "Review of the plan", "Revisión del plan", "", "2027-10-01", "not_started", ""},
		{"gone", canary, "", "", "2027-02-01", "dropped", ""},
	} {
		s.sql(t, s.Dana, `insert into milestones (agency_id, id, case_id, plan_id, key, position, kind, title, title_es, starts_on, due_on, weeks, sessions)
			values (:agency, :id, :case_id, :plan, :key, 1, 'custom', :title, :es, cast(nullif(:starts, '') as date), cast(:due as date), 36, 9)`,
			a(pg.Args{"key": m.key, "title": m.title, "es": m.es, "starts": m.starts, "due": m.due}))
		s.sql(t, s.Dana, `insert into milestone_states (agency_id, case_id, key, status, done_on, attended, note)
			values (:agency, :case_id, :key, :status, cast(nullif(:done, '') as date), 5, :note)`,
			a(pg.Args{"key": m.key, "status": m.status, "done": m.done, "note": canary}))
	}
	for _, g := range []struct {
		horizon, title, on, status, met string
		pay                             int
		per                             string
	}{
		{"immediate", "Assembler", "2027-01-09", "met", "2026-10-05", 1800, "hour"},
		{"mid", "Machine operator trainee", "2027-11-01", "agreed", "", 4900000, "year"},
	} {
		s.sql(t, s.Dana, `insert into goals (agency_id, id, case_id, horizon, title, target_kind, target_code, measure, pay_cents, pay_per, target_on, agreed_on, status, met_on, rationale, recorded_by)
			values (:agency, :id, :case_id, :horizon, :title, 'occupation', '', '', :pay, :per, cast(:on as date), '2026-09-15', :status, cast(nullif(:met, '') as date), :note, :by)`,
			a(pg.Args{"horizon": g.horizon, "title": g.title, "pay": g.pay, "per": g.per, "on": g.on, "status": g.status, "met": g.met, "note": canary}))
	}
	s.sql(t, s.Dana, `insert into notes (agency_id, id, case_id, visibility, body, written_on, author_id) values (:agency, :id, :case_id, 'staff', :note, '2026-11-20', :by)`, a(pg.Args{"note": canary}))
	s.sql(t, s.Dana, `insert into check_ins (agency_id, id, case_id, held_on, method, result, note, recorded_by)
		values (:agency, :id, :case_id, '2026-11-20', 'phone', 'talked', :note, :by)`, a(pg.Args{"note": canary}))
	return appointment
}

// has fails the test for each piece of text that a page lacks.
func has(t testing.TB, page reply, texts ...string) {
	t.Helper()
	for _, x := range texts {
		if !strings.Contains(string(page.Body), x) {
			t.Errorf("the page lacks %q", x)
		}
	}
}

func TestMyPlanIsInMyLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	s.manufacturing(t, s.Dana, rosa)
	s.planned(t, rosa)
	b := s.browse(t, rosa.Email)
	has(t, b.get("/me").is(200), `lang="es"`, "Hola, Rosa", "2 de sus 7 metas", "Hablar con Dana", "Martes, 1 de diciembre", "10:00 de la mañana",
		"45 Main Street, office 2", "su talón de pago", "Sí, voy a ir", "Necesito otro día u hora", "Matemáticas para el taller", "Fue a 5 de 9 clases",
		"Termina el 18 de diciembre", `width="55%"`, "Ensamblador", "Gana $18 por hora", "Esto está atrasado. Vamos a resolverlo juntos", "Empieza el 11 de enero de 2027",
		"tel:+12075550118", "sms:+12075550118", "Ver las 7 metas")
	if strings.Contains(string(b.last.Body), "Usted va bien") {
		t.Error("something is late, so all is not well")
	}
	has(t, b.get("/me/plan").is(200), "Revisión del plan", "Aprendiz de operador de máquina", "$49,000 al año")
	has(t, b.get("/me/path").is(200), "Usted está aquí", "Su meta", "Pago ahora: $15 a $24 por hora", "Pago en su meta: $49,000 a $55,000 al año")
	has(t, b.get("/me/office").is(200), "45 Main Street, office 2", "(207) 555-0100")
	b.follow(b.post("/language", url.Values{"language": {"en"}, "next": {"/me"}}))
	has(t, b.last, `lang="en"`, "Hello, Rosa", "2 of your 7 milestones", "Talk with Dana", "Tuesday, December 1", "10:00 AM", "your pay stub", "Shop math",
		"You went to 5 of 9 classes", "See all 7 milestones")
}

func TestWhoHasNoCaseYetFindsTheAgencysNumber(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	s.sql(t, s.Dana, `delete from cases where agency_id = :agency and id = :id`, pg.Args{"id": rosa.Case})
	has(t, s.browse(t, rosa.Email).get("/me").is(200), "La oficina le va a llamar", "tel:+12075550100", "River Valley")
}

func TestAParticipantIsHelpedInWordsOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	b, dana := s.browse(t, rosa.Email), s.browse(t, "dana@rivervalley.test")
	has(t, b.get("/help").is(200), "Hablar con alguien", "El intérprete es gratis")
	if strings.Contains(string(b.last.Body), "Atajos del teclado") {
		t.Error("a participant is told of what staff do")
	}
	has(t, b.get("/nothing-here").is(404), "Vaya a su plan o llame a la oficina")
	has(t, dana.get("/help").is(200), "The six steps", "Keyboard shortcuts")
	has(t, dana.get("/nothing-here").is(404), "it is not part of your work")
}

func TestNothingOfStaffOrOthersReachesAParticipant(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa, luis := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es"), s.enrol(t, s.Dana, "Luis", "Andrade Peña", "en")
	s.manufacturing(t, s.Dana, rosa)
	s.planned(t, rosa)
	his := s.planned(t, luis)
	b, script := s.browse(t, rosa.Email), s.api(t, rosa.Email)
	pages := []string{"/me", "/me/plan", "/me/path", "/me/messages", "/me/record", "/me/office"}
	for _, p := range pages {
		seen := string(b.get(p).is(200).Body)
		for _, secret := range []string{canary, "CANARY", "Andrade", his, s.Dana.ID.String(), luis.Case.String()} {
			if strings.Contains(seen, secret) {
				t.Errorf("%s shows %q", p, secret)
			}
		}
	}
	if body := string(script.do("GET", "/me/plan", nil).is(200).Body); strings.Contains(body, "CANARY") || strings.Contains(body, "Andrade") {
		t.Errorf("%s", body)
	}
	b.get("/me")
	b.post("/me/appointments/"+his+"/coming", nil).is(404)
	b.get("/me/appointments/" + his + "/other-time").is(404)
	script.do("POST", "/me/answers", map[string]any{"appointment_id": his, "answer": "coming"}).is(404)
	script.do("GET", "/cases/"+luis.Case.String()+"/goals", nil).is(403)
	if n := s.count(t, `select count(*) from appointments where answer <> ''`, pg.Args{}); n != 0 {
		t.Error("somebody answered for Luis")
	}
	s.browse(t, "dana@rivervalley.test").get("/me").is(403)
}

func TestAParticipantAnswersAndStaffSeesIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	mine := s.planned(t, rosa)
	b := s.browse(t, rosa.Email)
	b.get("/me")
	has(t, b.follow(b.post("/me/appointments/"+mine+"/coming", nil)), "Usted dijo: voy a ir")
	has(t, b.follow(b.post("/me/feeling", url.Values{"feeling": {"need_help"}})), "Usted le dijo a Dana: Necesito ayuda", `aria-pressed="true"`)
	b.post("/me/feeling", url.Values{"feeling": {"great"}}).is(422)
	b.get("/me/messages").is(200)
	has(t, b.post("/me/messages", url.Values{"body": {" "}}).is(422), "Primero escriba su mensaje")
	has(t, b.follow(b.post("/me/messages", url.Values{"body": {"Mi turno cambió <b>hoy</b>"}})), "Mi turno cambió &lt;b&gt;hoy", "Todavía nadie lo ha visto")
	b.get("/me/appointments/" + mine + "/other-time").is(200)
	b.post("/me/appointments/"+mine+"/other-time", url.Values{"note": {strings.Repeat("x", 501)}}).is(422)
	has(t, b.follow(b.post("/me/appointments/"+mine+"/other-time", url.Values{"note": {"miércoles"}})), "Usted pidió otro día")

	unseen := s.unseen(t, s.Dana)
	if len(unseen) != 3 || unseen[0].Name() != "Rosa Jiménez" || unseen[0].Language != "es" || unseen[0].CaseID != rosa.Case {
		t.Fatalf("%+v", unseen)
	}
	kinds := map[string]portal.Signal{}
	for _, g := range unseen {
		kinds[g.Kind] = g
	}
	if kinds["another_time"].Body != "miércoles" || kinds["feeling"].Feeling != "need_help" {
		t.Errorf("%+v", kinds)
	}
	if len(s.unseen(t, s.Walt)) != 0 {
		t.Error("Walt sees what was sent to Dana")
	}
	path := "/cases/" + rosa.Case.String() + "/signals/" + kinds["message"].ID.String() + "/seen"
	s.api(t, "walt@rivervalley.test").do("POST", path, nil).is(404)
	s.api(t, "dana@rivervalley.test").do("POST", path, nil).is(200)
	if len(s.unseen(t, s.Dana)) != 2 {
		t.Error("what was seen still waits")
	}
	has(t, b.get("/me/messages"), "Dana ya lo vio")
}

func (s *site) unseen(t testing.TB, by access.Actor) (list []portal.Signal) {
	t.Helper()
	scope, err := s.Policy.Scope(by, access.AnswerSignal)
	if err == nil {
		err = s.DB.Read(t.Context(), by, func(tx *pg.Tx) (err error) {
			list, err = portal.Unseen(tx, scope)
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestMyPlanByTheAPI(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	mine := s.planned(t, rosa)
	me := s.api(t, rosa.Email)
	plan := me.do("GET", "/me/plan", nil).is(200)
	for at, want := range map[string]string{
		"next.id": mine, "next.on": "2026-12-01", "next.at": "10:00", "done": "2", "total": "7", "milestones.0.kind": "job",
		"milestones.0.state": "done", "goals.1.pay_cents": "4900000", "case_manager.first_name": "Dana",
	} {
		if plan.text(at) != want {
			t.Errorf("%s is %q, want %q", at, plan.text(at), want)
		}
	}
	if me.do("POST", "/me/answers", map[string]any{"appointment_id": mine, "answer": "coming"}).is(201).text("answer") != "coming" {
		t.Error("the answer is not shown back")
	}
	me.do("POST", "/me/answers", map[string]any{"feeling": "so_so"}).is(201)
	me.do("POST", "/me/answers", map[string]any{"feeling": "so_so", "message": "x"}).is(422)
	me.do("POST", "/me/answers", map[string]any{}).is(422)
	me.do("POST", "/me/answers", map[string]any{"appointment_id": mine, "answer": "perhaps"}).is(422)
	s.Set("2026-12-02")
	me.do("POST", "/me/answers", map[string]any{"appointment_id": mine, "answer": "coming"}).is(409)
	s.api(t, "dana@rivervalley.test").do("GET", "/me/plan", nil).is(403)
}

func TestBeforeThePlanThereIsAKindEmptyPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	b := s.browse(t, rosa.Email)
	for _, p := range []string{"/me", "/me/plan", "/me/path", "/me/messages", "/me/record", "/me/office"} {
		b.get(p).is(200)
	}
	has(t, b.get("/me"), "Su plan todavía no está listo. Dana le va a llamar", "Su próximo paso", "Cuéntenos de usted")
	s.sql(t, s.Dana, `insert into plan_versions (agency_id, id, case_id, number, kind, state, start_on, end_on, pathway_code, pathway_version, area_code, entry_step, target_step, author_id, frozen_at, sha256)
		values (:agency, :id, :case_id, 1, 'iep', 'submitted', '2026-11-23', '2027-12-01', 'MFG', 1, 'M6', 2, 3, :by, now(), '\x01')`,
		pg.Args{"id": id.New[access.Case](), "case_id": rosa.Case, "by": s.Dana.ID})
	has(t, b.get("/me"), "Su plan está listo para firmar", `href="/me/plan/sign"`)
	s.sql(t, s.Dana, `insert into audit_log (agency_id, id, at, actor_id, actor_role, action, participant_id, case_id)
		values (:agency, :id, now(), :by, 'case_manager', 'record.opened', :person, :case_id)`,
		pg.Args{"id": id.New[access.Case](), "by": s.Dana.ID, "person": rosa.Person, "case_id": rosa.Case})
	has(t, b.get("/me/record").is(200), "Dana Whitfield", "Consejero")
}
