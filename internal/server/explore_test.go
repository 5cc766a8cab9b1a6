package server_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/intake"
	"waymark/internal/pg"
	"waymark/internal/reference"
)

// imports loads a few rows of reference data, as the command does.
func (s *site) imports(t testing.TB) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"onet_occupations.csv": "onetsoc_code,title,description,job_zone,oews_code,ep_code\n" +
			"51-9061.00,\"Inspectors, Testers, Sorters, Samplers, and Weighers\",Inspect and test.,2,51-9061,51-9061\n" +
			"51-4041.00,Machinists,Set up machine tools.,3,51-4041,51-4041\n51-4999.01,Odd Workers,Do odd work.,2,51-4990,51-4990\n51-4999.02,Other Odd Workers,Do other work.,2,51-4990,51-4990\n",
		"onet_interests.csv":           "onetsoc_code,realistic,investigative,artistic,social,enterprising,conventional\n51-9061.00,5.73,3.42,1,1,1.38,5.36\n51-4041.00,7,3.7,1.95,1.16,1.21,4.4\n51-4999.01,1,1,7,6,1,1\n51-4999.02,6,3,1,1,1,6\n",
		"onet_skills_top10.csv":        "onetsoc_code,rank,element_id,skill,importance,level\n51-9061.00,1,2.B.4.a,Quality Control Analysis,3.5,3\n",
		"onet_tasks_top6.csv":          "onetsoc_code,rank,task_id,task\n51-9061.00,1,1,Inspect products against drawings.\n",
		"onet_education.csv":           "onetsoc_code,pct_level_1,pct_level_2,pct_level_3,pct_level_4,pct_level_5,pct_level_6,pct_level_7,pct_level_8,pct_level_9,pct_level_10,pct_level_11,pct_level_12\n51-9061.00,10,80,10,0,0,0,0,0,0,0,0,0\n",
		"onet_related_occupations.csv": "onetsoc_code,related_onetsoc_code,rank\n51-9061.00,51-4041.00,1\n",
		"oews_national_2025.csv": "occ_code,occ_group,employment,h_mean,a_mean,h_p10,h_p25,h_median,h_p75,h_p90,a_p10,a_p25,a_median,a_p75,a_p90\n" +
			"51-9061,detailed,591000,24,49920,17,19,22.80,28,36,35360,39520,47420,58240,74880\n51-4990,detailed,9000,20,41600,,,19.50,,,,,40560,,\n51-4041,detailed,287050,28.69,59680,18.85,22.92,,34.48,38.47,39200,47670,,71720,80020\n",
		"oews_state_median_2025.csv":             "state,occ_code,h_median,a_median\nME,51-9061,23.40,48670\nTX,51-9061,21.00,43680\n",
		"ep_occupations_2024_2034.csv":           "occ_code,occ_title,occ_type,employment_2024_k,change_pct,annual_openings_k,typical_entry_education,related_work_experience,on_the_job_training\n00-0000,All,summary,169956.1,3.1,18863.3,,,\n51-9061,Inspectors,detailed,598,0.2,69.9,High school diploma or equivalent,,Moderate-term on-the-job training\n51-4990,Odd,detailed,9,8.1,1,No formal educational credential,,\n",
		"cip_2020.csv":                           "cip_code,title,action\n15.0702,Quality Control Technology,no_substantive_changes\n",
		"cip_soc_crosswalk.csv":                  "cip_code,soc2018_code\n15.0702,51-9061\n",
		"ipeds_institutions.csv":                 "unitid,name,city,state,sector,county_fips\n161545,Southern Maine Community College,South Portland,ME,public_2yr,23005\n",
		"ipeds_completions_institution_2023.csv": "unitid,cip_code,award_level,awards\n161545,15.0702,cert_12wk_1yr,7\n",
		"rapids_occupations_2019.csv":            "rapids_code,title,training_type,term_hours_min,term_hours_max,onetsoc_2019_codes,military_only\n0936,QUALITY CONTROL INSPECTOR,time_based,4000,4000,51-9061.00,N\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	report, err := reference.Import(t.Context(), s.Owner, dir, reference.Options{Say: func(string) {}, Clock: s.Now})
	if err != nil || report.Failed() {
		t.Fatalf("%v %+v", err, report)
	}
}

func TestTheJobPageSaysWhatIsKnownAndWhereItComesFrom(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	luis := s.enrol(t, s.Dana, "Luis", "Ortega", "en")
	s.manufacturing(t, s.Dana, luis)
	b := s.browse(t, "dana@rivervalley.test")
	bare := b.get("/occupations/51-9061.00").is(200)
	has(t, bare, "What the work is", "Measure", "Sources", "High school diploma or equivalent")
	b.get("/occupations/51-4999.01").is(404)
	b.get("/occupations/nonsense").is(404)

	s.imports(t)
	full := b.get("/occupations/51-9061.00?case=" + luis.Case.String()).is(200)
	has(t, full, "Inspect products against drawings.", "Maine", "$23.40 an hour", "about $48,672 a year", "United States", "$22.80 an hour", "$17 to $36 an hour", "May 2025",
		"Quality Control Analysis", "80%", "69,900 a year in the nation, 2024-2034", "0.2 percent in the nation", "Many openings", "1 to 12 months", "Quality Control Inspector", "4,000 hours",
		"Southern Maine Community College", "Certificate, under 1 year", "Machinists", "CC BY 4.0", "USDOL/ETA has not approved, endorsed, or tested these modifications", "BLS does not endorse this product",
		"Luis Ortega", "/goals/new?horizon=mid&amp;code=51-9061.00")
	if strings.Contains(string(full.Body), "$21.00") {
		t.Error("the pay of another state is shown")
	}
	goal := b.get("/cases/" + luis.Case.String() + "/goals/new?horizon=mid&code=51-4999.01").is(200)
	has(t, goal, `value="51-4999.01"`, `value="19.50"`, `value="Odd Workers"`)
	odd := b.get("/occupations/51-4999.01").is(200)
	has(t, odd, "Odd Workers", "$19.50 an hour", "The figure is for a group of jobs that includes this one", "High growth", "No pathway lists this job")
	gap := b.get("/occupations/51-4041.00").is(200)
	has(t, gap, "$18.85 to $38.47 an hour")
	if strings.Contains(string(gap.Body), "$0.00") {
		t.Error("a median that was not published is shown as zero")
	}
	api := s.api(t, "dana@rivervalley.test").do("GET", "/occupations/51-9061.00", nil).is(200)
	for path, want := range map[string]string{"median.level": "state", "median.median_cents": "2340", "median.year": "2025", "reference.wages.0.hourly_median_cents": "2340", "reference.outlook.openings": "69900", "reference.credits.0.licence": "Public domain"} {
		if got := api.text(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	s.browse(t, "kim@northcoast.test").get("/occupations/51-9061.00?case=" + luis.Case.String()).is(404)
}

func TestImportedFiguresComeBeforeWrittenOnesOfTheSameLevelAndNoneIsMadeUp(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	luis := s.enrol(t, s.Dana, "Luis", "Ortega", "en")
	s.manufacturing(t, s.Dana, luis)
	api := s.api(t, "dana@rivervalley.test")
	before := api.do("GET", "/pathways/MFG", nil).is(200)
	s.imports(t)
	after := api.do("GET", "/pathways/MFG", nil).is(200)
	for i := range 6 {
		at := fmt.Sprintf("figures.%d.", i)
		if level := after.text(at + "wage_step3.level"); level != "" && level != before.text(at+"wage_step3.level") {
			if after.text(at+"wage_step3.year") != "2025" || after.text(at+"wage_step3.source") == "" {
				t.Errorf("%s: %s", at, after.text(at+"wage_step3"))
			}
		}
		if after.text(at+"wage_step3.hourly_cents") == "0" {
			t.Errorf("%s: pay that nobody published is zero", at)
		}
	}
}

func TestAParticipantLooksAroundOnAPhone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	s.manufacturing(t, s.Dana, rosa)
	b := s.browse(t, "rosa@people.test")
	has(t, b.get("/me/explore").is(200), "Explorar trabajos", "Empezar las preguntas", "Me gusta")
	b.get("/explore").is(303)

	b.get("/me/explore/interests").is(200)
	part := url.Values{"part": {"1"}}
	for i := 1; i <= 11; i++ {
		part.Set(fmt.Sprintf("answers.%d", i), "3")
	}
	bad := b.post("/me/explore/interests", part).is(422)
	has(t, bad, "Frase 12: elija una respuesta", `value="3" id="explore-answers-1-3" checked`)
	high := map[byte]string{'R': "4", 'C': "4", 'I': "2", 'S': "1", 'A': "0", 'E': "0"}
	statements, err := intake.OwnStatements()
	if err != nil {
		t.Fatal(err)
	}
	for p := 1; p <= 5; p++ {
		b.get(fmt.Sprintf("/me/explore/interests?part=%d", p)).is(200)
		values := url.Values{"part": {fmt.Sprint(p)}}
		for i := (p - 1) * 12; i < p*12; i++ {
			values.Set(fmt.Sprintf("answers.%d", i+1), high[statements.Items[i].Type[0]])
		}
		b.post("/me/explore/interests", values).is(303)
	}
	found := b.get("/me/explore").is(200)
	has(t, found, "Realista, Convencional", "Va muy bien")
	dana, at := s.api(t, "dana@rivervalley.test"), "/cases/"+rosa.Case.String()
	dana.do("POST", at+"/check-ins", map[string]any{"held_on": "2026-11-20", "method": "phone", "result": "talked", "note": "Staff only.", "next_on": "2026-12-04"}).is(201)

	b.post("/me/explore/likes", url.Values{"kind": {"area"}, "code": {"M6"}, "liked": {"true"}, "next": {"/me/explore"}}).is(303)
	b.get("/me/explore")
	b.post("/me/explore/likes", url.Values{"kind": {"occupation"}, "code": {"51-9061.00"}, "liked": {"true"}, "next": {"/me/explore"}}).is(303)
	b.get("/me/explore")
	b.post("/me/explore/likes", url.Values{"kind": {"area"}, "code": {"M1"}, "liked": {"true"}}).is(303)
	b.get("/me/explore")
	b.post("/me/explore/likes", url.Values{"kind": {"area"}, "code": {"M1"}, "liked": {"false"}}).is(303)
	b.get("/me/explore")
	b.post("/me/explore/likes", url.Values{"kind": {"area"}, "code": {"nothing"}, "liked": {"true"}}).is(422)
	if c := dana.do("GET", at, nil).is(200); c.text("last_reached_on") != "2026-11-20" || c.text("last_contact_on") != "2026-11-20" {
		t.Errorf("after a like the talk that Rosa does not see is forgotten: %.900s", c.Body)
	}
	mine := s.api(t, "rosa@people.test").do("GET", "/me/explore?liked=true", nil).is(200)
	if mine.text("total") != "2" || mine.text("interest_code") == "" {
		t.Errorf("%s", mine.Body)
	}

	staff := s.browse(t, "dana@rivervalley.test").get("/cases/" + rosa.Case.String() + "/recommendations").is(200)
	has(t, staff, "Rosa likes", "Quality assurance")
	list := s.api(t, "dana@rivervalley.test").do("GET", "/cases/"+rosa.Case.String()+"/recommendations", nil).is(200)
	if list.text("likes.0.code") == "" || list.text("likes.2.code") != "" {
		t.Errorf("likes: %v", list.at("likes"))
	}
	scores := s.api(t, "dana@rivervalley.test").do("GET", "/cases/"+rosa.Case.String()+"/assessments", nil).is(200)
	if scores.text("items.0.instrument") != "waymark_interests" {
		t.Errorf("%s", scores.Body)
	}
}

func TestImportedApprenticeshipsAndLicencesCanBeLookedFor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.catalogue(t)
	s.imports(t)
	dana := s.api(t, "dana@rivervalley.test")
	if r := dana.do("GET", "/explore?kind=occupation&need=no_licence&q=inspectors,+testers", nil).is(200); r.text("items.0.code") != "51-9061.00" || r.text("items.0.licence") != "false" || r.text("items.0.apprenticeship") != "true" {
		t.Errorf("%.600s", r.Body)
	}
	if r := dana.do("GET", "/explore?kind=occupation&need=no_licence&q=heavy+and+tractor", nil).is(200); r.text("total") != "0" {
		t.Errorf("driving a truck takes a licence: %.600s", r.Body)
	}
	has(t, s.browse(t, "dana@rivervalley.test").get("/explore?q=inspectors").is(200), "Registered apprenticeship", "Occupational Employment and Wage Statistics")
	has(t, s.browse(t, "dana@rivervalley.test").get("/pathways/MFG").is(200), "Registered apprenticeship exists, 2019.")
}

func TestALikeChangesThePreferenceOfTheNextRanking(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana, at, first := s.ready(t, rosa())
	s.sql(t, s.Dana, `insert into users (agency_id, id, email, first_name, last_name, role, participant_id, language, password_hash)
		select u.agency_id, :id, 'rosa@people.test', 'Rosa', 'Delgado', 'participant', c.participant_id, 'es', u.password_hash from users u, cases c where u.id = :dana and c.id = :case_id`,
		pg.Args{"id": id.New[access.User](), "dana": s.Dana.ID, "case_id": strings.TrimPrefix(at, "/cases/")})
	preference := func(snapshot string) string {
		r := dana.do("GET", at+"/recommendations/"+snapshot, nil).is(200)
		for i := range 30 {
			if r.text(fmt.Sprintf("options.%d.area", i)) == "M3" {
				return r.text(fmt.Sprintf("options.%d.preference", i))
			}
		}
		return "no such area"
	}
	if p := preference(first); p != "0" {
		t.Fatalf("before the like: %s", p)
	}
	s.api(t, "rosa@people.test").do("POST", "/me/likes", map[string]any{"kind": "area", "code": "M3", "liked": true}).is(201)
	next := dana.do("POST", at+"/recommendations", nil).is(201).text("id")
	if p := preference(next); p != "60" {
		t.Errorf("after the like: %s", p)
	}
	if p := preference(first); p != "0" {
		t.Errorf("the first ranking has changed: %s", p)
	}
}
