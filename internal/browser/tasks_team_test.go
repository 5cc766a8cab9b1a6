package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// hands counts what a person does: clicks and keys.
type hands struct {
	*tab
	clicks, keys int
}

func (h *hands) press(selector string) {
	h.t.Helper()
	h.clicks++
	h.click(selector)
}

// mark ticks a box; no page follows.
func (h *hands) mark(selector string) {
	h.t.Helper()
	h.clicks++
	h.run(chromedp.WaitVisible(selector, chromedp.ByQuery), chromedp.Click(selector, chromedp.ByQuery))
}

// fetches clicks on what sends a file, and reads the file.
func (h *hands) fetches(selector string) string {
	h.t.Helper()
	folder, done := h.t.TempDir(), make(chan string, 1)
	ctx, cancel := context.WithCancel(h.ctx)
	defer cancel()
	chromedp.ListenTarget(ctx, func(e any) {
		if p, ok := e.(*browser.EventDownloadProgress); ok && p.State == browser.DownloadProgressStateCompleted {
			select {
			case done <- p.GUID:
			default:
			}
		}
	})
	h.run(browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllowAndName).WithDownloadPath(folder).WithEventsEnabled(true))
	h.mark(selector)
	select {
	case name := <-done:
		b, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			h.t.Fatal(err)
		}
		return string(b)
	case <-time.After(20 * time.Second):
		h.t.Fatalf("%s: no file came", selector)
	}
	return ""
}

func (h *hands) key(keys ...string) {
	h.t.Helper()
	for _, k := range keys {
		h.keys++
		h.run(chromedp.KeyEvent(k), chromedp.Sleep(80*time.Millisecond))
	}
}

func (h *hands) at() (path string) {
	h.t.Helper()
	h.run(chromedp.Sleep(200*time.Millisecond), chromedp.Evaluate(`location.pathname + location.search`, &path))
	return path
}

func (h *hands) within(task string, clicks, keys int) {
	h.t.Helper()
	if h.clicks > clicks || h.keys > keys {
		h.t.Errorf("%s took %d clicks and %d keys, at most %d and %d", task, h.clicks, h.keys, clicks, keys)
	}
	h.clicks, h.keys = 0, 0
}

func (h *hands) says(what string, facts ...string) {
	h.t.Helper()
	h.run(chromedp.Sleep(400*time.Millisecond), chromedp.WaitReady("body", chromedp.ByQuery))
	words := h.text()
	for _, f := range facts {
		if !strings.Contains(words, f) {
			h.t.Errorf("%s: the page does not say %q: %.500s", what, f, words)
		}
	}
}

func box(n int) string { return fmt.Sprintf(`table[data-select] tbody tr:nth-child(%d) .cb`, n) }

// The scripted tasks 3 to 6, 11, 12 and 14 to 17 of design/ux.md section 13, with their limits.
func TestTheCaseloadAndTeamTasksStayWithinTheirClicks(t *testing.T) {
	s := open(t)
	d := &hands{tab: s.tab(t, "dana@rivervalley.test", true)}

	d.open("/pathways")
	d.key("/")
	d.run(chromedp.SendKeys(".find input", "hadd"+kb.Enter, chromedp.ByQuery))
	d.says("task 3", "Samira")
	d.within("3 find a person", 0, 1)

	d.open("/caseload")
	d.key("j", kb.Enter)
	if p := d.at(); !strings.HasPrefix(p, "/cases/"+s.cases["CP-20418"]) {
		t.Errorf("task 4 leads to %s", p)
	}
	d.within("4 first action by keyboard", 0, 8)

	d.open("/today")
	d.press(`.counts a[href*="overdue"]`)
	d.says("task 5", "Boudreau, Tyler", "Haddad, Samira")
	d.within("5 everyone overdue", 1, 0)

	d.open("/caseload")
	d.says("task 6", "Late:", "Nov 16", "No reply, 2 tries", "Milestone late", "Plan returned")
	d.press(fmt.Sprintf(`a.who[href="/cases/%s"]`, s.cases["CP-20312"]))
	d.says("task 6 in detail", "OSHA 10 card is 3 days late")
	d.within("6 why somebody is flagged", 1, 0)

	d.open("/caseload")
	for i := range 3 {
		d.mark(box(i + 1))
	}
	d.press(`.bulk [formaction$="/message"]`)
	d.run(chromedp.SendKeys("textarea[name=body]", "The office is closed on Thursday.", chromedp.ByQuery))
	d.press(`main form.form button.btn[type="submit"]`)
	d.says("task 11", "Done for 3 people.")
	d.within("11 message 3 people", 5, 0)

	d.open("/caseload")
	for i := range 10 {
		d.mark(box(i + 1))
	}
	d.press(`.bulk [formaction$="/check-in"]`)
	d.run(chromedp.SendKeys("input[name=on_date]", "12/9/2026", chromedp.ByQuery))
	d.press(`main form.form button.btn[type="submit"]`)
	d.says("task 12", "Done for 10 people.")
	d.within("12 reschedule 10 check-ins", 13, 0)

	m := &hands{tab: s.tab(t, "marcus@rivervalley.test", true)}
	m.open("/team")
	m.says("task 15", "Dana has 84 people")
	var first string
	m.run(chromedp.Text(`table.ct tbody tr:first-child th`, &first, chromedp.ByQuery))
	if !strings.Contains(first, "Dana Whitfield") {
		t.Errorf("task 15: the first row is %s", first)
	}
	m.within("15 the most overloaded", 0, 0)

	m.press(fmt.Sprintf(`.sheet--act a.btn[href="/cases/%s/plan/review"]`, s.cases["CP-20461"]))
	m.press(`main button[value="approved"], main form button.btn:not(.btn--line)`)
	m.within("14 approve a plan", 2, 0)
	m.open("/team")
	m.says("task 14", "3 plans wait for you")

	m.press(`#rk ~ a, .sheet__h a[href*="urgency=stalled"]`)
	m.says("task 17", "Tibbetts, Jolene", "people match.")
	if file := m.fetches(`form.export button[value="csv"]`); !strings.Contains(file, "Tibbetts") {
		t.Errorf("task 17: the file lists %.200s", file)
	}
	m.within("17 list all stalled", 2, 0)

	m.open("/team")
	m.press(`table.ct tbody tr:first-child td:last-child a`)
	for i := range 12 {
		m.mark(box(i + 1))
	}
	m.press(`.bulk [formaction="/team/transfer"]`)
	m.run(chromedp.SendKeys("textarea[name=note]", "Dana is on leave from December.", chromedp.ByQuery))
	m.mark(`input[name=to]`)
	m.press(`main form.form button.btn[type="submit"]`)
	m.says("task 16", "12 people are now with Keisha Boone", "Dana is on leave from December.")
	m.within("16 move 12 people", 16, 0)
}
