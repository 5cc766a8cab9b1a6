package server_test

import (
	"net/url"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/seeds"
)

// enrolled is a person of Dana's with an open case and a sign-in of their own.
type enrolled struct {
	Person access.ParticipantID
	Case   access.CaseID
	Email  string
}

// enrol makes a person who has opened a case with a case manager, put straight into the tables.
func (s *site) enrol(t testing.TB, manager access.Actor, first, last, language string) enrolled {
	t.Helper()
	e := enrolled{Person: id.New[access.Participant](), Case: id.New[access.Case](), Email: strings.ToLower(first) + "@people.test"}
	tail := strings.ReplaceAll(e.Person.String(), "-", "")[20:]
	s.sql(t, manager, `insert into participants (agency_id, id, number, export_id, first_name, last_name, language, phone, office_id)
		values (:agency, :person, :number, :number, :first, :last, :language, '(207) 555-0142', :office)`,
		pg.Args{"person": e.Person, "number": tail, "first": first, "last": last, "language": language, "office": manager.Office})
	s.sql(t, manager, `insert into cases (agency_id, id, participant_id, office_id, case_manager_id, opened_on, step_since)
		values (:agency, :case_id, :person, :office, :manager, '2026-09-01', '2026-09-01')`,
		pg.Args{"case_id": e.Case, "person": e.Person, "office": manager.Office, "manager": manager.ID})
	s.sql(t, manager, `insert into users (agency_id, id, email, first_name, last_name, role, participant_id, language, password_hash)
		select :agency, :id, :email, :first, :last, 'participant', :person, :language, password_hash from users where id = :manager`,
		pg.Args{"id": id.New[access.User](), "email": e.Email, "first": first, "last": last, "person": e.Person, "language": language, "manager": manager.ID})
	return e
}

// sql changes the tables as their owner; :agency is the actor's.
func (s *site) sql(t testing.TB, by access.Actor, query string, args pg.Args) {
	t.Helper()
	args["agency"] = by.Agency
	by.Role = access.System
	if err := s.Owner.Write(t.Context(), by, func(tx *pg.Tx) error { return pg.ExecOne(tx, query, args) }); err != nil {
		t.Fatal(err)
	}
}

// manufacturing publishes the seed's pathway and chooses its quality branch, from step 2 to step 3.
func (s *site) manufacturing(t testing.TB, by access.Actor, of enrolled) {
	t.Helper()
	var files []pathway.File
	for _, name := range []string{"pathways/manufacturing.json", "pathways/occupations.json"} {
		f, err := seeds.FS.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := pathway.Parse(name, f)
		_ = f.Close()
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, parsed)
	}
	admin := s.Admin
	if err := s.DB.Write(t.Context(), admin, func(tx *pg.Tx) error {
		_, err := pathway.Import(tx, admin, files)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s.sql(t, by, `insert into selections (agency_id, id, case_id, in_snapshot, pathway_code, pathway_version, area_code, entry_step, target_step, informed, chosen_on, recorded_by)
		values (:agency, :id, :case_id, true, 'MFG', 1, 'M6', 2, 3, '{}', '2026-09-10', :by)`,
		pg.Args{"id": id.New[access.Case](), "case_id": of.Case, "by": by.ID})
	s.sql(t, by, `update cases set pathway_code = 'MFG', area_code = 'M6', pathway_step = 2 where agency_id = :agency and id = :case_id`, pg.Args{"case_id": of.Case})
}

func inspector() map[string]any {
	return map[string]any{
		"horizon": "immediate", "title": "Quality inspector", "target_kind": "occupation", "target_code": "51-9061",
		"pay_cents": 1900, "pay_per": "hour", "target_on": "2027-01-09", "agreed_on": "2026-11-02", "status": "agreed",
	}
}

func TestGoalsAreHeldAgainstTheChosenPathway(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	dana, path := s.api(t, "dana@rivervalley.test"), "/cases/"+rosa.Case.String()+"/goals"

	early := dana.do("POST", path, inspector()).is(422)
	if early.text("errors.0.field") != "status" || early.text("errors.0.code") != "not_smart" || early.text("errors.1.code") != "smart_not_reachable_by_milestones" {
		t.Errorf("nothing is chosen yet: %s", early.Body)
	}
	s.manufacturing(t, s.Dana, rosa)

	made := dana.do("POST", path, inspector()).is(201)
	for at, want := range map[string]string{
		"complete": "true", "target_code": "51-9061.00", "measure": "hourly_wage", "target_value": "19", "unit": "usd",
		"status": "agreed", "version": "1", "smart.0.letter": "S", "smart.4.ok": "true",
	} {
		if made.text(at) != want {
			t.Errorf("%s is %q, want %q", at, made.text(at), want)
		}
	}
	one := path + "/" + made.text("id")
	dana.do("PATCH", one, map[string]any{"employer": "Tibbetts Metalworks"}).is(428)
	changed := dana.do("PATCH", one, map[string]any{"target_value": "19.50"}, "If-Match", `"1"`).is(200)
	if changed.text("pay_cents") != "1950" || changed.text("title") != "Quality inspector" || changed.Header.Get("ETag") != `"2"` {
		t.Errorf("%s", changed.Body)
	}
	stale := dana.do("PATCH", one, map[string]any{"employer": "x"}, "If-Match", `"1"`)
	if stale.Status != 409 && stale.Status != 412 {
		t.Errorf("a stale version answers %d", stale.Status)
	}

	mid := dana.do("POST", path, map[string]any{
		"horizon": "mid", "title": "Quality technician certificate", "target_kind": "credential", "target_code": "cqt",
		"measure": "certificates", "target_value": "1", "target_on": "2028-06-30", "status": "agreed",
	}).is(201)
	if mid.text("complete") != "true" || mid.text("agreed_on") != "2026-11-23" {
		t.Errorf("%s", mid.Body)
	}
	long := dana.do("POST", path, map[string]any{
		"horizon": "long", "title": "Quality manager", "target_kind": "occupation", "target_code": "11-3051.01",
		"pay_cents": 3300, "target_on": "2031-06-30", "status": "agreed",
	}).is(201)
	if long.text("complete") != "true" {
		t.Errorf("a goal years off may stand above the target step: %s", long.Body)
	}
	if all := dana.do("GET", path, nil).is(200); all.text("items.2.title") != "Quality manager" {
		t.Errorf("%s", all.Body)
	}
	if dana.do("PATCH", one, map[string]any{"status": "met", "met_on": "2026-11-20"}, "If-Match", `"2"`).is(200).text("met_on") != "2026-11-20" {
		t.Error("the goal was met on the 20th")
	}
	if got := s.count(t, `select count(*) from goal_history where goal_id = cast(:id as uuid)`, pg.Args{"id": made.text("id")}); got != 2 {
		t.Errorf("%d earlier states are kept, want 2", got)
	}
}

func (s *site) count(t testing.TB, query string, args pg.Args) (n int) {
	t.Helper()
	by := s.Dana
	by.Role = access.System
	if err := s.Owner.Read(t.Context(), by, func(tx *pg.Tx) (err error) {
		n, err = pg.Get[int](tx, query, args)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestGoalsAreRefusedWhenTheyMakeNoLadder(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	dana, path := s.api(t, "dana@rivervalley.test"), "/cases/"+rosa.Case.String()+"/goals"
	base := func() map[string]any {
		return map[string]any{"horizon": "immediate", "title": "Assembler", "target_on": "2027-03-01", "agreed_on": "2026-11-02"}
	}
	for name, tt := range map[string]struct {
		edit        map[string]any
		field, code string
	}{
		"no title":            {map[string]any{"title": ""}, "title", "required"},
		"no date":             {map[string]any{"target_on": nil}, "target_on", "required"},
		"too late for now":    {map[string]any{"target_on": "2027-05-03"}, "target_on", "outside_immediate"},
		"too soon for long":   {map[string]any{"horizon": "long"}, "target_on", "outside_long"},
		"agreed tomorrow":     {map[string]any{"agreed_on": "2026-11-24"}, "agreed_on", "in_future"},
		"pay upside down":     {map[string]any{"pay_cents": 2000, "pay_max_cents": 1500}, "pay_max_cents", "below_pay"},
		"met tomorrow":        {map[string]any{"status": "met", "met_on": "2026-11-24"}, "met_on", "in_future"},
		"a horizon of no one": {map[string]any{"horizon": "soon"}, "horizon", "oneof"},
		"a field of no one":   {map[string]any{"dream": "x"}, "dream", "unknown"},
	} {
		in := base()
		for k, v := range tt.edit {
			in[k] = v
		}
		r := dana.do("POST", path, in).is(422)
		if r.text("errors.0.field") != tt.field || r.text("errors.0.code") != tt.code {
			t.Errorf("%s: %s", name, r.Body)
		}
	}
	if n := s.count(t, `select count(*) from goals`, pg.Args{}); n != 0 {
		t.Errorf("%d goals were stored by refusals", n)
	}
	dana.do("POST", path, base()).is(201)
	mid := map[string]any{"horizon": "mid", "title": "Trainee", "target_on": "2027-02-15", "agreed_on": "2026-08-01"}
	if r := dana.do("POST", path, mid).is(422); r.text("errors.0.code") != "not_after_immediate" || r.text("errors.0.field") != "target_on" {
		t.Errorf("%s", r.Body)
	}
	for _, stranger := range []string{"walt@rivervalley.test", "kim@northcoast.test"} {
		s.api(t, stranger).do("GET", path, nil).is(404)
		s.api(t, stranger).do("POST", path, base()).is(404)
	}
	s.api(t, "auditor@rivervalley.test").do("POST", path, base()).is(403)
}

func TestGoalPagesKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	s.manufacturing(t, s.Dana, rosa)
	b, path := s.browse(t, "dana@rivervalley.test"), "/cases/"+rosa.Case.String()+"/goals"
	if p := b.get(path).is(200); !strings.Contains(string(p.Body), "Rosa Jiménez") {
		t.Error("the page does not say whose goals these are")
	}
	if p := string(b.get(path + "/new?horizon=mid").is(200).Body); !strings.Contains(p, "Inspectors, Testers") || !strings.Contains(p, "$49,000 to $55,000 a year") {
		t.Error("the chosen pathway's jobs and pay are not offered")
	}
	filled := string(b.get(path + "/new?horizon=mid&code=51-9061.00").is(200).Body)
	if !strings.Contains(filled, `value="49000"`) || !strings.Contains(filled, `value="51-9061.00"`) {
		t.Error("choosing an offer does not fill the form")
	}
	form := url.Values{
		"horizon": {"mid"}, "title": {"Inspector"}, "target_kind": {"occupation"}, "target_code": {"51-9061.00"}, "pay_cents": {"49,000"},
		"pay_per": {"year"}, "target_on": {"1/9/2027"}, "agreed_on": {"today"}, "owner": {"both"}, "status": {"agreed"},
	}
	bad := string(b.post(path, form).is(422).Body)
	if !strings.Contains(bad, `value="49,000"`) || !strings.Contains(bad, "5/24/2027") {
		t.Error("the form forgot an answer or does not say from when on")
	}
	form.Set("target_on", "12/1/2027")
	form.Del("form_token")
	if p := string(b.follow(b.post(path, form)).is(200).Body); !strings.Contains(p, "all 5 points hold") || !strings.Contains(p, "$49,000 a year") {
		t.Errorf("%.3000s", p)
	}
	goals := s.api(t, "dana@rivervalley.test").do("GET", path, nil)
	one := path + "/" + goals.text("items.0.id")
	b.get(one + "/edit").is(200)
	form.Set("title", "Quality inspector")
	form.Set("version", "1")
	form.Del("form_token")
	b.post(one, form).is(303)
	b.get(one + "/edit").is(200)
	form.Del("form_token")
	if conflict := string(b.post(one, form).is(409).Body); !strings.Contains(conflict, "Somebody else saved this") {
		t.Error("a conflict does not show both")
	}
	b.get(one + "/met").is(200)
	if p := string(b.follow(b.post(one+"/met", url.Values{"met_on": {"11/20/2026"}, "version": {"2"}})).is(200).Body); !strings.Contains(p, "Nov 20, 2026") {
		t.Error("the goal does not say when it was met")
	}
}
