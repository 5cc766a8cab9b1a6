package server_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/internal/reference"
)

// imported adds one file of a publisher to what is there.
func (s *site) imported(t testing.TB, name, text string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err := reference.Import(t.Context(), s.Owner, dir, reference.Options{}); err != nil || r.Failed() {
		t.Fatalf("%v %+v", err, r.Sets)
	}
}

const localPay = `AREA,AREA_TITLE,AREA_TYPE,PRIM_STATE,I_GROUP,OCC_CODE,O_GROUP,TOT_EMP,H_MEAN,A_MEAN,H_PCT10,H_PCT25,H_MEDIAN,H_PCT75,H_PCT90,A_PCT10,A_PCT25,A_MEDIAN,A_PCT75,A_PCT90
38860,"Portland-South Portland, ME",4,ME,cross-industry,51-9061,detailed,450,25,52000,19,22,24.60,27,30,39520,45760,51170,56160,62400
12620,"Bangor, ME",4,ME,cross-industry,51-9061,detailed,90,22,45760,16,18,21.10,24,27,33280,37440,43890,49920,56160
`

func TestLocalPayIsThatOfTheAreaInSetup(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.catalogue(t)
	s.imports(t)
	s.imported(t, "MSA_M2025_dl.csv", localPay)
	job, dana := "/occupations/51-9061.00", s.api(t, "dana@rivervalley.test")
	if r := dana.do("GET", job, nil).is(200); r.text("reference.wages.0.level") != "state" {
		t.Errorf("the area of the demonstration has no pay here: %s", r.Body)
	}
	admin := s.browse(t, "admin@rivervalley.test")
	set := func(code, version string) reply {
		admin.get("/setup/agency").is(200)
		return admin.post("/setup/agency", url.Values{"name": {"River Valley"}, "wage_area": {code}, "version": {version}})
	}
	if p := set("ME-01", "1").is(422); !strings.Contains(string(p.Body), "use the 5 to 7 digits of the area") {
		t.Errorf("%.2000s", p.Body)
	}
	set("38860", "1").is(303)
	r := dana.do("GET", job, nil).is(200)
	if r.text("reference.wages.0.level") != "region" || r.text("reference.wages.0.area_name") != "Portland-South Portland, ME" || r.text("reference.wages.1.level") != "state" || r.text("reference.wages.2.level") != "nation" {
		t.Errorf("%s", r.Body)
	}
	if r.text("median.median_cents") != "2460" || r.text("median.level") != "region" || r.text("median.year") != "2025" {
		t.Errorf("the catalogue's median: %s", r.Body)
	}
	has(t, s.browse(t, "dana@rivervalley.test").get(job).is(200), "Portland-South Portland, ME", "$24.60 an hour", "Maine", "$23.40 an hour")
	// Another area, another figure; none, the state's.
	set("12620", "2").is(303)
	if r := dana.do("GET", job, nil).is(200); r.text("median.median_cents") != "2110" {
		t.Errorf("%s", r.Body)
	}
	set("", "3").is(303)
	if r := dana.do("GET", job, nil).is(200); r.text("median.level") != "state" {
		t.Errorf("%s", r.Body)
	}
	if r := s.api(t, "kim@northcoast.test").do("GET", job, nil).is(200); r.text("reference.wages.0.area_name") != "Portland-South Portland, ME" {
		t.Errorf("the other agency has its own area: %s", r.Body)
	}
}
