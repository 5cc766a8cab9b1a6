// Package browser opens the demonstration in Chromium: every page in both languages and two widths
// under axe, the check-in in three clicks with and without JavaScript, and the pictures that people look at.
package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"waymark/internal/access"
	"waymark/internal/document"
	"waymark/internal/pdf"
	"waymark/internal/pg"
	"waymark/internal/pg/pgtest"
	"waymark/internal/seed"
	"waymark/internal/server"
	planpage "waymark/web/page/plan"

	"waymark/policies"
)

// stage is the demonstration on Monday 2026-11-23, served.
type stage struct {
	base     string
	cases    map[string]string // case ids by the person's number
	chromium []chromedp.ExecAllocatorOption
	axe      string
}

func open(t *testing.T) *stage {
	t.Helper()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	s := &stage{cases: map[string]string{}}
	name := pgtest.Database(t)
	clock := func() time.Time { return pgtest.Monday }
	connect := func(user string) *pg.DB {
		db, err := pg.Open(pgtest.DSN(t, user, name), clock)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	owner, db := connect("postgres"), connect("waymark_app")
	policy, err := access.Load(policies.Model, policies.Policy)
	if err != nil {
		t.Fatal(err)
	}
	key := make([]byte, 32)
	if err := seed.DemoIfEmpty(t.Context(), seed.Seeder{Owner: owner, DB: db, Policy: policy, Key: key, Say: func(string) {}, Render: planpage.Render}); err != nil {
		t.Fatal(err)
	}
	type row struct {
		Number string `db:"number"`
		Case   string `db:"case_id"`
	}
	if err := owner.Read(t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) error {
		rows, err := pg.List[row](tx, `select p.number, cast(c.id as text) as case_id from cases c join participants p on p.agency_id = c.agency_id and p.id = c.participant_id`, pg.Args{})
		for _, r := range rows {
			s.cases[r.Number] = r.Case
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	printer, err := pdf.NewChromium(browserPath(t))
	if err != nil {
		t.Fatal(err)
	}
	files, err := document.NewFiles(t.TempDir(), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	site, err := server.New(server.Config{DB: db, Policy: policy, BaseURL: "http://localhost", Key: key, Demo: true, Printer: printer, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(site)
	t.Cleanup(h.Close)
	s.base = h.URL
	s.launch(t)
	return s
}

// browserPath finds Chromium. Without it the test fails and says what to run; it never skips.
func browserPath(t *testing.T) string {
	t.Helper()
	path := os.Getenv("WAYMARK_CHROMIUM")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path == "" {
			path, _ = exec.LookPath(name)
		}
	}
	if path == "" {
		t.Fatal("Chromium is missing; run: .ci/chromium")
	}
	return path
}

// launch starts Chromium.
func (s *stage) launch(t *testing.T) {
	t.Helper()
	path := browserPath(t)
	axe, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal("axe-core is missing; run: npm ci --ignore-scripts")
	}
	s.axe = string(axe)
	o := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.NoFirstRun, chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	s.chromium = o
}

// tab is one person's tab with cookies of its own.
type tab struct {
	t       *testing.T
	s       *stage
	ctx     context.Context
	console []string
	status  int64 // of the page opened last
	clicks  int   // since it was last set to 0
	keys    int
}

func (s *stage) tab(t *testing.T, email string, scripts bool) *tab {
	t.Helper()
	// A browser each: this Chromium opens no tabs in further contexts when it is headless.
	a, stop := chromedp.NewExecAllocator(t.Context(), s.chromium...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(a)
	t.Cleanup(end)
	if err := chromedp.Run(ctx); err != nil { // the browser lives as long as the context of its first run
		t.Fatal(err)
	}
	b := &tab{t: t, s: s, ctx: ctx}
	chromedp.ListenTarget(ctx, func(ev any) {
		if e, ok := ev.(*runtime.EventExceptionThrown); ok {
			b.console = append(b.console, e.ExceptionDetails.Error())
		}
	})
	b.run(network.Enable(), emulation.SetScriptExecutionDisabled(!scripts))
	b.size(1440)
	if email != "" {
		b.signIn(email)
	}
	return b
}

func (b *tab) run(actions ...chromedp.Action) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, 20*time.Second)
	defer stop()
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) size(width int64) {
	b.run(emulation.SetDeviceMetricsOverride(width, 900, 1, width < 600))
}

func (b *tab) open(path string) { b.t.Helper(); b.run(chromedp.Navigate(b.s.base + path)) }

type violation struct {
	ID    string `json:"id"`
	Nodes []struct {
		Target []any  `json:"target"`
		HTML   string `json:"html"`
	} `json:"nodes"`
}

// accessible runs axe and holds the page against the house's rules for narrow screens.
func (b *tab) accessible(what string) {
	b.t.Helper()
	var raw string
	b.run(chromedp.Evaluate(b.s.axe+`; "ok"`, nil),
		chromedp.Evaluate(`axe.run(document, {runOnly: {type: "tag", values: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]}, resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations))`, &raw,
			func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	var found []violation
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range found {
		b.t.Errorf("%s: axe %s: %v %.160s", what, v.ID, v.Nodes[0].Target, v.Nodes[0].HTML)
	}
	var wide, stored bool
	b.run(chromedp.Evaluate(`document.documentElement.scrollWidth > document.documentElement.clientWidth + 1`, &wide), chromedp.Evaluate(`localStorage.length + sessionStorage.length > 0`, &stored))
	if wide {
		b.t.Errorf("%s: the page scrolls sideways", what)
	}
	if stored {
		b.t.Errorf("%s: something is kept in the browser's storage", what)
	}
	if len(b.console) > 0 {
		b.t.Errorf("%s: the console says %s", what, b.console[0])
		b.console = nil
	}
}

// picture keeps a screenshot in .cache/screenshots for people to look at.
func (b *tab) picture(name string) {
	b.t.Helper()
	var png []byte
	b.run(chromedp.FullScreenshot(&png, 100))
	dir := filepath.Join("..", "..", ".cache", "screenshots")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) language(lang string) {
	b.t.Helper()
	var now string
	b.run(chromedp.Evaluate(`document.documentElement.lang`, &now))
	if now != lang {
		b.click(`form.lang button`)
	}
}

func TestEveryPageIsAccessibleInBothLanguagesAndWidths(t *testing.T) {
	s := open(t)
	luis, mai, denise, amina := "/cases/"+s.cases["CP-20312"], "/cases/"+s.cases["CP-20502"], "/cases/"+s.cases["CP-20489"], "/cases/"+s.cases["CP-20461"]
	for _, v := range []struct {
		who   string
		pages []string
	}{
		{"", []string{"/sign-in", "/password/forgot", "/help", "/help/shortcuts", "/accessibility", "/privacy", "/verify", "/api/docs"}},
		{"dana@rivervalley.test", []string{
			"/today", "/caseload", "/search?q=an", "/participants/new", luis, luis + "/history", mai + "/intake/education", mai + "/intake/work", mai + "/intake/money", mai + "/intake/review",
			mai + "/eligibility", mai + "/assessment", mai + "/interests", mai + "/support-needs", mai + "/equal-opportunity", luis + "/recommendations", denise + "/selection", luis + "/goals", luis + "/goals/new?horizon=mid",
			luis + "/plan", luis + "/plan/print", luis + "/check-ins", luis + "/check-ins/new", luis + "/services", luis + "/leave", luis + "/outcomes", luis + "/appointments/new", luis + "/messages", luis + "/narrative", "/caseload/bulk/message?cases=" + s.cases["CP-20312"], "/caseload/bulk/workshop?cases=" + s.cases["CP-20312"], "/caseload/views?urgency=overdue", "/findings", "/pathways", "/pathways/MFG", "/account", "/explore", "/occupations/51-9061.00", luis + "/documents", luis + "/rights",
		}},
		{"marcus@rivervalley.test", []string{"/team", "/team/transfer", "/team/transfer?cases=" + s.cases["CP-20312"], "/team/cover", "/team/fairness", "/transfers", "/reviews", luis + "/follow-ups", "/results", "/results/employment_q2?program=adult", "/results/fixes", "/results/export", "/follow-up", "/approvals", amina + "/plan/review", "/caseload?urgency=overdue&columns=exit"}},
		{"admin@rivervalley.test", []string{"/results/wages", "/results/export", "/setup", "/setup/settings/stalled_days", "/audit", "/setup/complaints"}},
		{"auditor@rivervalley.test", []string{"/audit", "/caseload"}},
		{"rosa@rivervalley.test", []string{"/me", "/me/plan", "/me/messages", "/me/path", "/me/explore", "/me/explore?interest=R&pay=40", "/me/explore/interests", "/occupations/51-9061.00", "/me/record", "/account", "/me/documents", "/me/calendar", "/me/rights", "/me/notice", "/me/consents", "/me/complaints", "/me/data", "/me/plan/print"}},
	} {
		b := s.tab(t, v.who, true)
		for _, lang := range []string{"en", "es"} {
			b.open("/help")
			b.language(lang)
			for _, path := range v.pages {
				for _, width := range []int64{1440, 320} {
					b.size(width)
					b.open(path)
					what := fmt.Sprintf("%s %s %s %d", v.who, path, lang, width)
					if words := b.text(); strings.Contains(words, "⟦") || strings.Contains(words, "Something went wrong") || strings.Contains(words, "We cannot find that page") {
						t.Errorf("%s: %.200s", what, words)
						continue
					}
					b.accessible(what)
				}
			}
		}
	}
}

func TestThePicturesAreTaken(t *testing.T) {
	s := open(t)
	luis := "/cases/" + s.cases["CP-20312"]
	dana, rosa, marcus := s.tab(t, "dana@rivervalley.test", true), s.tab(t, "rosa@rivervalley.test", true), s.tab(t, "marcus@rivervalley.test", true)
	for name, p := range map[string]struct {
		b    *tab
		path string
	}{"today": {dana, "/today"}, "caseload": {dana, "/caseload"}, "luis": {dana, luis}, "plan-print": {dana, luis + "/plan/print"}, "me": {rosa, "/me"}, "approvals": {marcus, "/approvals"}} {
		for _, width := range []int64{1440, 375} {
			p.b.size(width)
			p.b.open(p.path)
			p.b.picture(fmt.Sprintf("%s-%d", name, width))
		}
	}
	dana.open(luis)
	for _, fact := range []string{
		"Luis Andrade Peña", "CP-20312", "(207) 555-0142, texts OK", "WIOA Adult", "OSHA 10 card is 3 days late", "Step 6 of 6: Engagement", "Done Sep 3", "Done Sep 8", "Done Sep 10", "Done Sep 15", "Signed Sep 18",
		"Plan: 1 of 6 milestones done", "Version 2, signed Oct 6, approved Oct 7", "English for work, level 4", "Done Nov 12", "In progress, week 10 of 36", "In progress, 62%", "3 days late", "Now, reached Oct 5", "Tibbetts Metalworks, $18.50 an hour",
		"Mid-term, by Jul 2027", "$49,000 to $55,000 a year", "Long-term, by 2029", "$48,000 to $90,000 a year", "All 11", "Next: today, 1:15 PM", "Gas card to Dec 31", "Not needed",
	} {
		if !strings.Contains(dana.text(), fact) {
			t.Errorf("Luis's record does not say %q", fact)
		}
	}
	rosa.open("/me")
	for _, fact := range []string{"Hola, Rosa", "2 de sus 7 metas", "Hablar con Dana", "Martes, 1 de diciembre", "10:00 de la mañana", "45 Main Street, oficina 2", "talón de pago", "Sí, voy a ir", "Necesito otro día u hora", "Fue a 5 de 9 clases", "Certificado de operadora CNC", "(207) 555-0118"} {
		if !strings.Contains(rosa.text(), fact) {
			t.Errorf("Rosa's page does not say %q", fact)
		}
	}
}

func TestACheckInTakesThreeClicksWithAndWithoutJavaScript(t *testing.T) {
	s := open(t)
	for i, scripts := range []bool{true, false} {
		b := s.tab(t, "dana@rivervalley.test", scripts)
		person := []string{"CP-20418", "CP-20391"}[i]
		b.open("/today")
		b.click(fmt.Sprintf(`a.btn[href*=%q]`, s.cases[person]+"/check-ins/new")) // 1: Record check-in
		b.press(`input[name="result"][value="talked"] + label`)                   // 2: Talked
		b.click(`form[action*="/check-ins"] button.btn:not(.btn--line)`)          // 3: Save check-in
		b.open("/cases/" + s.cases[person])
		if !strings.Contains(b.text(), "Nov 23, phone") {
			t.Errorf("scripts %v: the check-in is not on the record: %.600s", scripts, b.text())
		}
	}
}
