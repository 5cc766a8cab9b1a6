// Package browser opens the demonstration in Chromium: every page in both languages and two widths
// under axe, a worked case through all six steps, the tasks of the usability bar, weights, and the pictures that
// people look at.
package browser

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
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
	owner    *pg.DB
	pages    []string // the patterns of the pages that are opened by GET

	mu         sync.Mutex // guards companions
	companions map[string]visitor
}

func open(t *testing.T) *stage {
	t.Helper()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	s := &stage{cases: map[string]string{}, companions: map[string]visitor{}}
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
	files, err := document.NewFiles(t.TempDir(), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := seed.DemoIfEmpty(t.Context(), seed.Seeder{Owner: owner, DB: db, Policy: policy, Key: key, Files: files, Say: func(string) {}, Render: planpage.Render, BaseURL: "http://localhost"}); err != nil {
		t.Fatal(err)
	}
	type row struct {
		Number string `db:"number"`
		Case   string `db:"case_id"`
	}
	if err := owner.Read(t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) error {
		rows, err := pg.List[row](tx, `select p.number, cast(c.id as text) as case_id from cases c join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
			where c.agency_id = (select agency_id from users where email = 'dana@rivervalley.test') order by c.opened_on`, pg.Args{})
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
	site, err := server.New(server.Config{DB: db, Policy: policy, BaseURL: "http://localhost", Key: key, Demo: true, Printer: printer, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range site.Routes() {
		if r.Method == http.MethodGet && !r.API {
			s.pages = append(s.pages, r.Path)
		}
	}
	s.owner = owner
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
	off     bool // the pages' JavaScript
	byKeys  bool // hands leave the mouse alone
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
	b.run(network.Enable())
	b.scripts(scripts)
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

// open goes to an address.
func (b *tab) open(path string) { b.t.Helper(); b.visit(b.s.base + path) }

func (b *tab) visit(address string) {
	b.t.Helper()
	b.follow(chromedp.Navigate(address))
	b.clicks--
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
