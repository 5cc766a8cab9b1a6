package browser

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// task is a row of the usability bar (ux.md 13): what is done, and in how many clicks or keys at most.
type task struct {
	name         string
	clicks, keys int
	do           func(b *tab)
}

// tasks are done by Dana, each from the page it starts on.
func (s *stage) tasks(t *testing.T) []task {
	person := func(number string) string { return s.cases[number] }
	return []task{
		{"1: record a check-in", 3, 0, func(b *tab) { b.checkIn(person("CP-20418")) }},
		{"1: record a check-in without JavaScript", 3, 0, func(b *tab) { b.scripts(false); b.checkIn(person("CP-20391")) }},
		{"2: record a check-in by keyboard", 0, 25, func(b *tab) { b.checkInByKeyboard() }},
		{"2: record a check-in by keyboard without JavaScript", 0, 25, func(b *tab) { b.scripts(false); b.checkInByKeyboard() }},
		{"nowhere is the keyboard trapped", 0, 1000, func(b *tab) { b.noTraps(person("CP-20312")) }},
		{"7: continue yesterday's intake", 1, 0, func(b *tab) { b.continueIntake() }},
		{"8: fix three errors", 3, 1, func(b *tab) { b.fixErrors() }},
		{"9: add a person not yet known", 2, 0, func(b *tab) { b.addPerson("Zenobia", "Quartermain", "2/29/1988"); b.says("Zenobia Quartermain") }},
		{"9: the duplicate check is shown", 2, 0, func(b *tab) {
			b.addPerson("Luis", "Andrade Peña", "")
			b.says("CP-20312", "This person may be known already")
		}},
		{"10: build a plan from a pathway", 6, 0, func(b *tab) {
			b.buildPlan(s.withGoals(t, s.danas(t, `c.step = 4 and c.pathway_code = 'MFG' and c.paused_on is null`)))
		}},
		{"13: print a plan", 2, 0, func(b *tab) { b.printPlan(person("CP-20312")) }},
		{"23: show what somebody needs for their goal", 1, 0, func(b *tab) { b.wayToGoal(person("CP-20312")) }},
		{"pathway pages print one page wide", 0, 0, func(b *tab) {
			b.printsOnePageWide("/pathways/MFG", "/pathways/MFG/table", "/occupations/51-9161.00", "/explore", "/cases/"+person("CP-20312")+"/path")
		}},
		{"24: take somebody back", 4, 0, func(b *tab) {
			b.takeBack(s.paused(t, s.danas(t, steady)))
		}},
	}
}

// withGoals agrees on three goals, so that the plan is next.
func (s *stage) withGoals(t *testing.T, caseID string) string {
	t.Helper()
	dana := s.visitor(t, "dana@rivervalley.test")
	at := "/cases/" + caseID + "/goals"
	for horizon, by := range map[string]string{"immediate": "3/31/2027", "mid": "6/30/2028", "long": "6/30/2030"} {
		_, form := dana.get(t, s.base+at+"/new?horizon="+horizon)
		offer := regexp.MustCompile(`code=([\d.-]+)"`).FindStringSubmatch(form)
		if offer == nil {
			t.Fatalf("the pathway offers no %s goal", horizon)
		}
		s.post(t, dana, at, url.Values{
			"horizon": {horizon}, "target_kind": {"occupation"}, "target_code": {offer[1]}, "title": {"CNC operator"}, "pay_cents": {"22"}, "pay_per": {"hour"}, "measure": {"hourly_wage"},
			"target_value": {"22"}, "target_on": {by}, "agreed_on": {"11/23/2026"}, "rationale": {"Chosen together"}, "owner": {"participant"}, "status": {"agreed"}, "form_token": {hidden(form, "form_token")},
		})
	}
	return caseID
}

// paused lets somebody pause, so that there is somebody to take back.
func (s *stage) paused(t *testing.T, caseID string) string {
	t.Helper()
	dana := s.visitor(t, "dana@rivervalley.test")
	_, form := dana.get(t, s.base+"/cases/"+caseID+"/leave")
	s.post(t, dana, "/cases/"+caseID+"/pause", url.Values{"reason": {"family"}, "on_date": {"11/20/2026"}, "until_on": {"12/21/2026"}, "resume_step": {"6"}, "note": {"Back after the birth"}, "form_token": {hidden(form, "form_token")}})
	return caseID
}

// perform does the tasks one after the other in one tab, and counts.
func (s *stage) perform(t *testing.T) {
	b := s.tab(t, "dana@rivervalley.test", true)
	for _, k := range s.tasks(t) {
		t.Run(k.name, func(t *testing.T) {
			b.t = t
			b.scripts(true)
			b.open("/today")
			b.clicks, b.keys = 0, 0
			k.do(b)
			t.Logf("%d clicks, %d keys", b.clicks, b.keys)
			if b.clicks > k.clicks || b.keys > k.keys {
				t.Errorf("took %d clicks and %d keys, may take %d and %d", b.clicks, b.keys, k.clicks, k.keys)
			}
		})
	}
	b.t = t
}

// from goes to the page a task starts on; getting there is not part of the task.
func (b *tab) from(path string) { b.t.Helper(); b.open(path); b.clicks, b.keys = 0, 0 }

func (b *tab) checkIn(caseID string) {
	b.t.Helper()
	open := fmt.Sprintf(`main a.btn[href*="%s/check-ins/new"]`, caseID)
	if b.count(`form.quick`) != 0 {
		b.t.Fatal("a form is open already")
	}
	if b.scriptsRun() {
		b.press(open)
	} else {
		b.click(open)
	}
	b.press(`input[name="result"][value="talked"] + label`)
	save := fmt.Sprintf(`form[action*="%s/check-ins"] button.btn:not(.btn--line)`, caseID)
	if b.scriptsRun() {
		b.press(save)
		b.until(fmt.Sprintf(`document.querySelector('form[action*="%s/check-ins/"][action$="/undo"]')`, caseID))
	} else {
		b.click(save)
	}
	clicks := b.clicks
	b.open("/cases/" + caseID)
	b.clicks = clicks
	b.says("Nov 23, phone. Talked")
}

func (b *tab) continueIntake() {
	b.t.Helper()
	b.click(`main a[href$="/intake"]`)
	b.says("Section 3 of 7 for Mai Nguyen")
}

func (b *tab) addPerson(first, last, born string) {
	b.t.Helper()
	b.click(`main a[href="/participants/new"]`)
	b.typeIn("first_name", first)
	b.typeIn("last_name", last)
	if born != "" {
		b.typeIn("birth_date", born)
	}
	b.click(`main form button[type="submit"]`)
}

// typeIn types into a field that the person went to with the Tab key: typing is counted apart.
func (b *tab) typeIn(name, words string) {
	b.t.Helper()
	clicks := b.clicks
	b.fill("main form", name, words)
	b.clicks = clicks
}

// fixErrors begins at a page with three errors: each line of the summary leads to its field, Enter sends.
func (b *tab) fixErrors() {
	b.t.Helper()
	b.open("/participants/new")
	b.fill("main form", "first_name", "", "last_name", "", "birth_date", "13/45/1990", "phone", "(207) 555-0177")
	b.click(`main form button[type="submit"]`)
	b.clicks, b.keys = 0, 0
	if n := b.count(".sum a"); n != 3 || !b.focused(".sum") {
		b.t.Fatalf("%d errors, the summary has the focus: %v", n, b.focused(".sum"))
	}
	for i, answer := range []string{"Ondine", "Vasquez", "11/5/1990"} {
		b.press(fmt.Sprintf(".sum li:nth-child(%d) a", i+1))
		b.does(`document.activeElement.select()`)
		b.typed(answer)
	}
	b.keys++
	b.follow(chromedp.KeyEvent(kb.Enter))
	b.clicks--
	b.says("Ondine Vasquez", "Section 1 of 7")
	clicks, keys := b.clicks, b.keys
	b.open(strings.Replace(b.at(), "/about", "/contact", 1))
	if got := b.value(`document.querySelector("[name=phone]")?.value`); got != "(207) 555-0177" {
		b.t.Errorf("the phone that was right is kept as %q", got)
	}
	b.clicks, b.keys = clicks, keys
}

func (b *tab) buildPlan(caseID string) {
	b.t.Helper()
	b.from("/cases/" + caseID)
	b.click(fmt.Sprintf(`main .sheet a.btn[href$="%s/plan"]`, caseID))
	b.typeIn("start_on", "12/1/2026")
	b.click(`main form[action$="/plan"] button[type="submit"]`)
	b.click(`main button[value="send"]`)
	b.says("Sign the plan")
}

// wayToGoal is one click from the record to the map with the person's route on it.
func (b *tab) wayToGoal(caseID string) {
	b.t.Helper()
	b.from("/cases/" + caseID)
	b.click(fmt.Sprintf(`main a[href$="/cases/%s/path"]`, caseID))
	b.says("Luis", "CNC operator", "CNC Machine Operator Certificate", "Machine operator trainee")
	if b.count(".route") == 0 {
		b.t.Error("the route is not on the map")
	}
}

// printsOnePageWide lays pages out as Letter paper with half an inch of margin and looks for what stands over its edge.
func (b *tab) printsOnePageWide(paths ...string) {
	b.t.Helper()
	for _, path := range paths {
		b.from(path)
		b.run(emulation.SetEmulatedMedia().WithMedia("print"), emulation.SetDeviceMetricsOverride(720, 960, 1, false))
		var over string
		b.run(chromedp.Evaluate(`[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().width > 0 && e.getBoundingClientRect().right > 721 && getComputedStyle(e).position !== "absolute").slice(0, 5).map(e => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right)).join(", ")`, &over))
		if over != "" {
			b.t.Errorf("%s prints over the edge: %s", path, over)
		}
		b.run(emulation.SetEmulatedMedia().WithMedia(""))
		b.size(1440)
	}
}

// printPlan also holds the paper against its bar: one page, tagged.
func (b *tab) printPlan(caseID string) {
	b.t.Helper()
	b.from("/cases/" + caseID)
	b.click(`main a[href$="/plan/print"]`)
	b.does(`window.print = () => document.body.dataset.printed = "yes"`)
	b.press(`[data-print]`)
	b.until(`document.body.dataset.printed === "yes"`)
	var paper []byte
	b.run(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		paper, _, err = page.PrintToPDF().WithPreferCSSPageSize(true).WithGenerateTaggedPDF(true).Do(ctx)
		return err
	}))
	if n := len(regexp.MustCompile(`/Type\s*/Page[^s]`).FindAll(paper, -1)); n != 1 {
		b.t.Errorf("the plan takes %d pages", n)
	}
	if !strings.Contains(string(paper), "/StructTreeRoot") {
		b.t.Error("the paper is not tagged")
	}
}

func (b *tab) takeBack(caseID string) {
	b.t.Helper()
	b.from("/cases/" + caseID)
	b.click(`main a[href$="/return"]`)
	b.click(`main form[action$="/return"] button[type="submit"]`)
	if b.status >= 400 || b.count(`main a[href$="/return"]`) != 0 {
		b.t.Errorf("not taken back: %d %.800s", b.status, b.text())
	}
}
