package server_test

import (
	"bytes"
	"encoding/csv"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"waymark/internal/export"
	"waymark/internal/pg"
)

// grid is a file as its cells, for either format.
func grid(t testing.TB, format string, file []byte) (rows [][]string) {
	t.Helper()
	var err error
	if format == export.XLSX {
		f, bad := excelize.OpenReader(bytes.NewReader(file))
		if bad != nil {
			t.Fatal(bad)
		}
		rows, err = f.GetRows("Sheet1")
	} else {
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(file), "\ufeff")))
		r.FieldsPerRecord = -1
		rows, err = r.ReadAll()
	}
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// under are the cells of the column with a title, below it.
func under(rows [][]string, title string) (cells []string) {
	at := -1
	for _, row := range rows {
		if at >= 0 && at < len(row) {
			cells = append(cells, row[at])
		} else if at < 0 && len(row) > 2 { // above the titles stand pairs
			at = slices.Index(row, title)
		}
	}
	return cells
}

// reached is what somebody gets to see at one moment, in every place that shows people.
type reached struct{ listed, found, exported, counted, drafts string }

// reaches asks every such place with sessions that were open before.
func reaches(t testing.TB, a *script, b *browser, q string) (r reached) {
	t.Helper()
	lasts := func(path string) string {
		var names []string
		for _, of := range a.do("GET", path, nil).is(200).at("items").([]any) {
			names = append(names, of.(map[string]any)["last_name"].(string))
		}
		return strings.Join(names, " ")
	}
	r.listed, r.found = lasts("/cases?sort=name"), lasts("/participants?q="+q)
	page := string(b.get("/caseload").is(200).Body)
	_, after, _ := strings.Cut(page, `<span class="n"> `)
	r.counted, _, _ = strings.Cut(after, "<")
	file := b.post("/caseload/export", url.Values{"query": {"sort=name&view=all"}, "format": {export.XLSX}}).is(200)
	r.exported = strings.Join(under(grid(t, export.XLSX, file.Body), "Last name"), " ")
	today := string(b.get("/today").is(200).Body)
	if _, begun, ok := strings.Cut(today, `id="drafts"`); ok && strings.Contains(begun, "Delgado") {
		r.drafts = "Delgado"
	}
	return r
}

func TestADemotionTakesEffectInTheNextRequestEverywhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.enrol(t, s.Priya, "Luis", "Ortega", "en")
	s.enrol(t, s.Walt, "Rosalind", "Delgado-Brandt", "en")
	at := "/cases/" + rosa.Case.String()
	a, b := s.api(t, emails["marcus"]), s.browse(t, emails["marcus"])
	b.get(at + "/check-ins/new").is(200)
	b.post("/drafts/checkin:"+rosa.Case.String()+"?title=checkin.form", url.Values{"note": {"half a note"}}).is(204)
	if got, want := reaches(t, a, b, "Delgado"), (reached{"Delgado Ortega", "Delgado", "Delgado Ortega", "2", "Delgado"}); got != want {
		t.Fatalf("as a supervisor: %+v", got)
	}
	// The administrator makes him a case manager of the other office: the sessions of before end with it.
	of := "/users/" + s.Marcus.ID.String()
	admin := s.api(t, emails["admin"])
	seen := admin.do("GET", of, nil).is(200)
	admin.do("PATCH", of, body{"role": "case_manager", "office_id": s.Harbor}, "If-Match", match(seen)).is(200)
	a.do("GET", "/cases", nil).is(401)
	if to := b.get("/caseload").is(303).Header.Get("Location"); !strings.Contains(to, "/sign-in") {
		t.Errorf("the old session leads to %s", to)
	}
	a, b = s.api(t, emails["marcus"]), s.browse(t, emails["marcus"])
	less := reached{found: "Delgado-Brandt", counted: "0"}
	if got := reaches(t, a, b, "Delgado"); got != less {
		t.Errorf("as a case manager: %+v", got)
	}
	a.do("GET", "/team/overview", nil).is(403)
	a.do("GET", at+"/check-ins", nil).is(404)
	a.do("POST", at+"/check-ins", body{"method": "phone", "result": "talked"}).is(404)
	b.get(at + "/check-ins/new").is(404)
}

// However a role came to change, it is read with every request: a session that stays open is no way around.
func TestARoleIsReadWithEveryRequest(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	a, b := s.api(t, emails["marcus"]), s.browse(t, emails["marcus"])
	b.get("/cases/" + rosa.Case.String() + "/check-ins/new").is(200)
	b.post("/drafts/checkin:"+rosa.Case.String()+"?title=checkin.form", url.Values{"note": {"half a note"}}).is(204)
	if got, want := reaches(t, a, b, "Delgado"), (reached{"Delgado", "Delgado", "Delgado", "1", "Delgado"}); got != want {
		t.Fatalf("as a supervisor: %+v", got)
	}
	s.sql(t, s.Dana, `update users set role = 'case_manager', office_id = :harbor where agency_id = :agency and id = :id`, pg.Args{"harbor": s.Harbor, "id": s.Marcus.ID})
	if got, want := reaches(t, a, b, "Delgado"), (reached{counted: "0"}); got != want {
		t.Errorf("as a case manager, in the same sessions: %+v", got)
	}
}

func TestATransferTakesEffectInTheNextRequestEverywhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.enrol(t, s.Dana, "Mai", "Nguyen", "en")
	s.enrol(t, s.Priya, "Luis", "Ortega", "en")
	at := "/cases/" + rosa.Case.String()
	dana, danas, priya, priyas := s.api(t, emails["dana"]), s.browse(t, emails["dana"]), s.api(t, emails["priya"]), s.browse(t, emails["priya"])
	danas.get(at + "/check-ins/new").is(200)
	danas.post("/drafts/checkin:"+rosa.Case.String()+"?title=checkin.form", url.Values{"note": {"half a note"}}).is(204)
	if got, want := reaches(t, dana, danas, "Delgado"), (reached{"Delgado Nguyen", "Delgado", "Delgado Nguyen", "2", "Delgado"}); got != want {
		t.Fatalf("before: %+v", got)
	}
	s.api(t, emails["marcus"]).do("POST", "/transfers", body{"cases": []string{rosa.Case.String()}, "to": s.Priya.ID.String()}).is(201)
	// She is still found, as anybody of the office is, and nothing of her record opens.
	if got, want := reaches(t, dana, danas, "Delgado"), (reached{"Nguyen", "Delgado", "Nguyen", "1", ""}); got != want {
		t.Errorf("whoever had her: %+v", got)
	}
	if got, want := reaches(t, priya, priyas, "Delgado"), (reached{"Delgado Ortega", "Delgado", "Delgado Ortega", "2", ""}); got != want {
		t.Errorf("whoever has her: %+v", got)
	}
	dana.do("GET", at+"/check-ins", nil).is(404)
	danas.get(at + "/check-ins/new").is(404)
	dana.do("POST", at+"/check-ins", body{"method": "phone", "result": "talked"}).is(404)
	priya.do("GET", at+"/check-ins", nil).is(200)
}

func TestAnEndedCoverTakesEffectInTheNextRequestEverywhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.enrol(t, s.Walt, "Theo", "Brandt", "en")
	marcus, a, b := s.api(t, emails["marcus"]), s.api(t, emails["walt"]), s.browse(t, emails["walt"])
	cover := marcus.do("POST", "/coverages", body{"case_manager": s.Dana.ID.String(), "delegate": s.Walt.ID.String(), "until_on": "2026-11-30"}).is(201).text("id")
	b.get("/cases/" + rosa.Case.String() + "/check-ins/new").is(200)
	b.post("/drafts/checkin:"+rosa.Case.String()+"?title=checkin.form", url.Values{"note": {"half a note"}}).is(204)
	if got, want := reaches(t, a, b, "Delgado"), (reached{"Brandt Delgado", "Delgado", "Brandt Delgado", "2", "Delgado"}); got != want {
		t.Fatalf("while he covers: %+v", got)
	}
	marcus.do("POST", "/coverages/"+cover+"/end", nil).is(200)
	if got, want := reaches(t, a, b, "Delgado"), (reached{"Brandt", "", "Brandt", "1", ""}); got != want {
		t.Errorf("after it was ended: %+v", got)
	}
}
