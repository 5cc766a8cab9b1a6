package browser

import (
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// scripts turns the pages' JavaScript on or off, from the next page on.
func (b *tab) scripts(on bool) {
	b.off = !on
	b.run(emulation.SetScriptExecutionDisabled(!on))
}

func (b *tab) scriptsRun() bool { return !b.off }

// until waits for something that a script of the page does.
func (b *tab) until(condition string) {
	b.t.Helper()
	for stop := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		var is bool
		b.run(chromedp.Evaluate(`!!(`+condition+`)`, &is))
		if is {
			return
		}
		if time.Now().After(stop) {
			b.t.Fatalf("%s: never %s: %.1500s", b.at(), condition, b.text())
		}
	}
}

// focused says whether the focus is on this.
func (b *tab) focused(selector string) (is bool) {
	b.t.Helper()
	b.run(chromedp.Evaluate(fmt.Sprintf(`!!document.activeElement?.matches(%q)`, selector), &is))
	return is
}

// tabTo presses Tab until the focus is on this. On the way the focus can always be seen.
func (b *tab) tabTo(selector string) {
	b.t.Helper()
	for range 60 {
		b.key(kb.Tab)
		b.seen()
		if b.focused(selector) {
			return
		}
	}
	b.t.Fatalf("%s: 60 times Tab do not lead to %s", b.at(), selector)
}

// reach goes on with Tab until the focus is on the first thing that the selector finds, past the end of the
// page and round again if need be, as somebody without a mouse does.
func (b *tab) reach(selector string) {
	b.t.Helper()
	script := fmt.Sprintf(`document.activeElement === document.querySelector(%q)`, selector)
	for range 900 {
		var there bool
		b.run(chromedp.Evaluate(script, &there))
		if there {
			b.seen()
			return
		}
		b.key(kb.Tab)
	}
	b.t.Fatalf("%s: Tab does not lead to %s: %.1500s", b.at(), selector, b.text())
}

// radio chooses an answer: Tab leads to the group, arrows go through it.
func (b *tab) radio(within, name, value string) {
	b.t.Helper()
	group := fmt.Sprintf(`(document.activeElement?.matches('input[type="radio"][name="%s"]') && document.activeElement.closest(%q))`, name, within)
	in := false
	for range 900 {
		if b.run(chromedp.Evaluate("!!"+group, &in)); in {
			break
		}
		b.key(kb.Tab)
	}
	if !in {
		b.t.Fatalf("%s: Tab does not lead to the answers to %s", b.at(), name)
	}
	for range 40 {
		var chosen string
		b.run(chromedp.Evaluate(`document.activeElement.checked ? document.activeElement.value : document.activeElement.value + " unchosen"`, &chosen))
		if chosen == value {
			b.seen()
			return
		}
		if chosen == value+" unchosen" {
			b.key(" ")
			continue
		}
		b.key(kb.ArrowDown)
	}
	b.t.Fatalf("%s: the arrows do not lead to %q of %s", b.at(), value, name)
}

// tick changes a box.
func (b *tab) tick(selector string) {
	b.t.Helper()
	if !b.byKeys {
		b.press(selector)
		return
	}
	b.reach(selector)
	b.key(" ")
}

// seen fails unless what has the focus is in view and marked, at the latest when it has moved in.
func (b *tab) seen() {
	b.t.Helper()
	for stop := time.Now().Add(time.Second); ; time.Sleep(20 * time.Millisecond) {
		wrong := b.value(`(() => {
			const e = document.activeElement;
			if (!e || e === document.body) return "ok";
			const shown = [e, ...(e.labels || []), e.closest("label")].filter(Boolean);
			const marked = shown.some(x => { const s = getComputedStyle(x); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none"; });
			const inView = shown.some(x => { const r = x.getBoundingClientRect(); return r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight; });
			return marked && inView ? "ok" : e.outerHTML.slice(0, 160) + (marked ? "" : " is not marked") + (inView ? "" : " is out of view");
		})()`)
		if wrong == "ok" {
			return
		}
		if time.Now().After(stop) {
			b.t.Errorf("%s: the focus cannot be seen: %s", b.at(), wrong)
			return
		}
	}
}

// enter presses Enter where a page follows.
func (b *tab) enter() {
	b.t.Helper()
	b.keys++
	b.clicks--
	b.follow(chromedp.KeyEvent(kb.Enter))
}

// checkInByKeyboard goes from the top of Today to the first talk that is due, and saves it.
func (b *tab) checkInByKeyboard() {
	b.t.Helper()
	const first = `.wl .w4 a[href*="/check-ins/new"]`
	b.key(kb.Tab)
	if !b.focused(".usa-skipnav") {
		b.t.Errorf("the first stop is not the skip link")
	}
	b.seen()
	b.key(kb.Enter)
	b.until(`location.hash === "#main"`)
	b.tabTo(first)
	caseID := b.value(fmt.Sprintf(`document.querySelector(%q).pathname.split("/")[2]`, first))
	if b.scriptsRun() {
		b.key(kb.Enter)
		b.until(`document.querySelector("form.quick")`)
	} else {
		b.enter()
		b.key(kb.Tab)
		b.key(kb.Enter)
	}
	if !b.focused(`form.quick [name="result"]`) {
		b.tabTo(`form.quick [name="result"]`)
	}
	b.tabTo(`form.quick button.btn:not(.btn--line)`)
	if b.scriptsRun() {
		b.key(kb.Enter)
		b.until(fmt.Sprintf(`document.querySelector('form[action*="%s/check-ins/"][action$="/undo"]')`, caseID))
	} else {
		b.enter()
	}
	keys := b.keys
	b.open("/cases/" + caseID)
	b.keys, b.clicks = keys, 0
	if !strings.Contains(b.text(), "Nov 23") {
		b.t.Errorf("the check-in is not on the record: %.1500s", b.text())
	}
}

// noTraps goes through pages of every kind with Tab alone: a list, a record, a long form, a short one.
func (b *tab) noTraps(caseID string) {
	b.t.Helper()
	for _, path := range []string{"/today", "/caseload", "/cases/" + caseID, "/cases/" + caseID + "/intake/work", "/cases/" + caseID + "/check-ins/new"} {
		b.open(path)
		b.trap(path)
	}
	b.keys, b.clicks = 0, 0
}

// trap presses Tab from the top until the focus leaves the page again, and fails if it never does.
func (b *tab) trap(what string) {
	b.t.Helper()
	stops := b.count(`a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]`)
	for range stops + 5 {
		b.key(kb.Tab)
		if b.focused("body") {
			return
		}
		b.seen()
	}
	b.t.Errorf("%s: Tab never leaves the page", what)
}
