package browser

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/reference"
	"waymark/internal/seed"
	"waymark/seeds"
)

// sector is a pathway with a job of it that the imported files know everything about, and the words by which
// explore finds it.
type sector struct {
	code, job string
	words     map[string]string
}

// sectorsOf are those that a new agency starts with.
var sectorsOf = []sector{
	{"MFG", "51-9161.00", map[string]string{"en": "Manufacturing", "es": "Manufactura"}},
	{"HLT", "29-1141.00", map[string]string{"en": "Health care", "es": "Salud"}},
	{"ITS", "15-1232.00", map[string]string{"en": "Information technology", "es": "Tecnología"}},
	{"CON", "47-2111.00", map[string]string{"en": "Construction", "es": "Construcción"}},
	{"TRN", "53-3032.00", map[string]string{"en": "Transportation", "es": "Transporte"}},
}

// crowd is the made pathway at the size that must read well.
const crowd = "BIG"

// sectors opens map, table, a job and explore of every sector with imported reference data, and of a made map of
// 8 levels, 8 areas and 12 jobs: under axe at both widths in both languages, on paper, and without JavaScript.
func (s *stage) sectors(t *testing.T) {
	begun := time.Now()
	s.imported(t)
	luis := "/cases/" + s.cases["CP-20312"] + "/path"
	b := s.tab(t, "dana@rivervalley.test", true)
	words := map[string]string{}
	for _, lang := range []string{"es", "en"} {
		s.speak(t, "dana@rivervalley.test", lang)
		for _, path := range append(catalogued(lang), luis) {
			b.open(path)
			b.accessible(fmt.Sprintf("%s in %s", path, lang))
			words[path] = b.main()
			b.fitsPaper(path)
		}
	}
	for _, path := range []string{"/pathways/MFG", "/pathways/" + crowd, luis} {
		b.open(path)
		b.picture("map" + strings.ReplaceAll(strings.ReplaceAll(path, s.cases["CP-20312"], "luis"), "/", "-"))
	}
	for _, path := range []string{"/pathways/HLT", luis} {
		b.open(path)
		b.run(emulation.SetEmulatedMedia().WithMedia("print"), emulation.SetDeviceMetricsOverride(sideways, 960, 1, false))
		b.picture("paper" + strings.ReplaceAll(strings.ReplaceAll(path, s.cases["CP-20312"], "luis"), "/", "-"))
		b.run(emulation.SetEmulatedMedia().WithMedia(""))
		b.size(1440)
	}
	b.holdsTheData()
	b.scripts(false)
	for _, path := range append(catalogued("en"), luis) {
		b.open(path)
		if bare := b.main(); bare != words[path] {
			t.Errorf("%s without JavaScript says\n%.1500s\nnot\n%.1500s", path, bare, words[path])
		}
	}
	b.looksAroundWithoutScripts(luis)
	b.scripts(true)
	b.signIn(rosa)
	for _, lang := range []string{"en", "es"} {
		s.speak(t, rosa, lang)
		for _, path := range []string{"/me/explore", "/me/explore/interests", "/me/explore?kind=occupation", "/occupations/29-1141.00"} {
			b.open(path)
			b.accessible(fmt.Sprintf("%s in %s", path, lang))
		}
	}
	t.Logf("the sectors' pages took %.0f s", time.Since(begun).Seconds())
}

// catalogued are the pages of the sectors and of the made map.
func catalogued(lang string) []string {
	list := []string{"/pathways/" + crowd, "/pathways/" + crowd + "/table", "/explore", "/explore?kind=occupation&pay=25&time=some&need=no_degree"}
	for _, x := range sectorsOf {
		list = append(list, "/pathways/"+x.code, "/pathways/"+x.code+"/table", "/occupations/"+x.job, "/explore?q="+url.QueryEscape(x.words[lang]))
	}
	return list
}

// imported reads the publishers' files, narrowed to some occupations of the five sectors, and publishes the made map.
func (s *stage) imported(t *testing.T) {
	t.Helper()
	report, err := reference.Import(t.Context(), s.owner, "testdata/reference", reference.Options{})
	if err != nil || report.Failed() || len(report.Unused) > 0 {
		t.Fatalf("%v %+v", err, report)
	}
	files, err := seed.Catalogue(seeds.FS)
	if err != nil {
		t.Fatal(err)
	}
	agency, err := id.Parse[access.Agency](s.look(t, `select cast(agency_id as text) from users where email = 'dana@rivervalley.test'`, nil))
	if err != nil {
		t.Fatal(err)
	}
	by := access.Actor{Agency: agency, Role: access.System}
	if err := s.owner.Long(t.Context(), by, func(tx *pg.Tx) error {
		_, err := pathway.Import(tx, by, []pathway.File{{Format: pathway.Format, Pathways: []pathway.Pathway{crowded(pathway.Merge(files...))}}})
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// crowded is a made pathway of 8 levels, 8 areas and 12 jobs in each cell, with names and occupations of the
// catalogue, so that words have the lengths of real ones.
func crowded(f pathway.File) pathway.Pathway {
	var areas []pathway.Area
	for _, p := range f.Pathways {
		areas = append(areas, p.Areas...)
	}
	like := f.Pathways[0]
	p := pathway.Pathway{Code: crowd, Name: pathway.Text{EN: "Crowded", ES: "Repleto"}, Sector: "made", Summary: like.Summary, VersionNote: like.VersionNote, Credentials: like.Credentials}
	for i := range 8 {
		a := areas[i]
		a.Code, a.Order, a.EntryStep, a.TargetSteps = fmt.Sprintf("B%d", i+1), i, 1, []int{8}
		p.Areas = append(p.Areas, a)
	}
	for n := 1; n <= 8; n++ {
		s := like.Steps[1+n%4]
		s.Key, s.From, s.Number, s.Jobs, s.Programs, s.TypicalMilestones = "", nil, n, nil, nil, nil
		s.Requirements = keepShared(s.Requirements)
		for i, a := range p.Areas {
			for j := range 12 {
				o := f.Occupations[(n*96+i*12+j)%len(f.Occupations)]
				s.Jobs = append(s.Jobs, pathway.Job{Area: a.Code, Title: o.Title, SOC: o.SOC, Zone: o.Zone})
			}
			if n > 1 {
				p.Transitions = append(p.Transitions, pathway.Transition{FromStep: n - 1, ToStep: n, Area: a.Code, Credential: like.Credentials[(n+i)%len(like.Credentials)].Code, Weeks: 4 * (n + i)})
			}
		}
		p.Apprenticeships = append(p.Apprenticeships, pathway.Apprenticeship{Code: fmt.Sprintf("made-%d", n), Kind: "registered", Name: p.Areas[0].Name, Area: "B1", Step: n, Approach: "time", TermHours: 4000})
		p.Steps = append(p.Steps, s)
	}
	for i := range 7 {
		p.Edges = append(p.Edges, pathway.Edge{From: fmt.Sprintf("area:B%d", i+1), To: fmt.Sprintf("area:B%d", i+2), Kind: pathway.EdgeLateral})
	}
	for i := range p.Credentials {
		p.Credentials[i].LatticesTo = nil
	}
	return p
}

func keepShared(list []pathway.Requirement) []pathway.Requirement {
	shared := []pathway.Requirement{}
	for _, r := range list {
		if r.Area == "" {
			shared = append(shared, r)
		}
	}
	return shared
}

// holdsTheData looks for what only the imported files can say.
func (b *tab) holdsTheData() {
	b.t.Helper()
	b.open("/occupations/51-9161.00")
	b.says("May 2025")
	if b.count(`main [aria-labelledby="programs"] tbody tr`) == 0 {
		b.t.Error("no college of the state is named")
	}
	for _, x := range sectorsOf {
		b.open("/occupations/" + x.job)
		for _, part := range []string{`[aria-labelledby="what"] li`, `[aria-labelledby="pay"] tbody tr`, `[aria-labelledby="skills"] li`, `[aria-labelledby="interests"] li`, `[aria-labelledby="education"] li`, `.credits li`} {
			if b.count("main "+part) == 0 {
				b.t.Errorf("/occupations/%s has no %s", x.job, part)
			}
		}
		b.open("/explore?q=" + url.QueryEscape(x.words["en"]))
		if b.count("main .finds > li") == 0 {
			b.t.Errorf("explore finds nothing of %s", x.code)
		}
	}
	b.open("/pathways/" + crowd)
	if n := b.count(".mp .cell li"); n != 8*8*12 || b.count(".mp .lv") != 8 {
		b.t.Errorf("the made map has %d jobs on %d levels", n, b.count(".mp .lv"))
	}
}

// main is what the page says, without the button that only JavaScript has.
func (b *tab) main() string {
	b.t.Helper()
	return b.value(`(() => { for (const e of document.querySelectorAll("[data-print]")) e.hidden = true; return document.querySelector("main").innerText.replace(/\s+/g, " ") })()`)
}

// Letter paper between our margins, in CSS pixels: upright, and on its side for the map.
const (
	upright  = 691
	sideways = 979
)

// fitsPaper lays the open page out on paper and looks for what stands over its edge: the map and its route lie on
// their side, all else stands upright.
func (b *tab) fitsPaper(path string) {
	b.t.Helper()
	b.run(emulation.SetEmulatedMedia().WithMedia("print"))
	for width, part := range map[int64]string{upright: `!e.closest(".mp, .route")`, sideways: `e.closest(".mp, .route")`} {
		b.run(emulation.SetDeviceMetricsOverride(width, 960, 1, false))
		var over string
		b.run(chromedp.Evaluate(fmt.Sprintf(`[...document.querySelectorAll("main, main *")].filter(e => %s && e.getBoundingClientRect().width > 1 && e.getBoundingClientRect().right > %d && !e.closest(".sr"))
			.slice(0, 5).map(e => e.tagName + "." + (e.getAttribute("class") || "") + " " + Math.round(e.getBoundingClientRect().right)).join(", ")`, part, width+1), &over))
		if over != "" {
			b.t.Errorf("%s prints over the edge of paper %d wide: %s", path, width, over)
		}
	}
	b.run(emulation.SetEmulatedMedia().WithMedia(""))
	b.size(1440)
}

// looksAroundWithoutScripts filters, opens the table behind its summary, and puts a person on the map.
func (b *tab) looksAroundWithoutScripts(luis string) {
	b.t.Helper()
	b.open("/explore?q=Construction")
	b.click(`main form[role="search"] button[type="submit"]`)
	if b.count("main .finds > li") == 0 || !strings.Contains(b.at(), "/explore") {
		b.t.Errorf("the filter leads to %s", b.at())
	}
	b.open("/pathways/MFG")
	b.press("#tb summary")
	if b.value(`String(document.querySelector("#tb").open && document.querySelector("#tb table").getClientRects().length > 0)`) != "true" {
		b.t.Error("the table behind the map does not open")
	}
	b.open(luis)
	b.click(`main .ctl form button[type="submit"]`)
	if b.at() != luis {
		b.t.Errorf("choosing a person leads to %s", b.at())
	}
}
