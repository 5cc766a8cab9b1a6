package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"waymark/internal/civil"
	"waymark/internal/seed"
)

// What somebody's hands do in a tab: click, type, choose. Clicks and keys are counted, because the
// usability bar is in clicks and keys.

// follow does something that opens a page, and waits until that page has loaded.
func (b *tab) follow(actions ...chromedp.Action) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, 30*time.Second)
	defer stop()
	b.clicks++
	b.does(`globalThis.pageBefore = true`)
	answer, err := chromedp.RunResponse(ctx, actions...)
	if err != nil {
		if b.status = b.followed(); b.status > 0 {
			b.t.Logf("%s has come, but its events were lost: %v", b.at(), err)
			return
		}
		b.t.Fatalf("no page followed %s: %v: %.1500s", b.at(), err, b.text())
	}
	if answer != nil {
		b.status = answer.Status
	}
}

// followed is the status of a page that stands where another stood before; 0 when none came.
func (b *tab) followed() (status int64) {
	b.t.Helper()
	b.run(chromedp.Evaluate(`!globalThis.pageBefore && document.readyState === "complete" ? performance.getEntriesByType("navigation")[0].responseStatus : 0`, &status))
	return status
}

// spot finds the middle of something that can be clicked: in view, and nothing lies over it. It waits for
// what a script is still putting there.
func (b *tab) spot(selector string) (x, y float64) {
	b.t.Helper()
	for stop := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		var at []float64
		b.run(chromedp.Evaluate(fmt.Sprintf(`(() => {
			const e = document.querySelector(%q);
			if (!e) return [];
			e.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
			const r = e.getClientRects()[0] || e.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2, hit = document.elementFromPoint(x, y);
			return hit && (e.contains(hit) || hit.contains(e) && [...(e.labels || [])].includes(hit)) ? [x, y] : [];
		})()`, selector), &at))
		if len(at) == 2 {
			return at[0], at[1]
		}
		if time.Now().After(stop) {
			b.t.Fatalf("%s: nothing to click at %s: %.1500s", b.at(), selector, b.text())
		}
	}
}

// click presses one thing and waits for the page that follows.
func (b *tab) click(selector string) {
	b.t.Helper()
	if b.byKeys {
		b.reach(selector)
		b.enter()
		return
	}
	x, y := b.spot(selector)
	b.follow(chromedp.MouseClickXY(x, y))
}

// press presses one thing that leads to no other page.
func (b *tab) press(selector string) {
	b.t.Helper()
	if b.byKeys {
		b.reach(selector)
		b.key(kb.Enter)
		return
	}
	b.clicks++
	x, y := b.spot(selector)
	b.run(chromedp.MouseClickXY(x, y))
}

// does runs a script of the test in the page.
func (b *tab) does(script string) { b.t.Helper(); b.run(chromedp.Evaluate(script, nil)) }

// text is what the page says.
func (b *tab) text() string {
	b.t.Helper()
	var words string
	b.run(chromedp.WaitReady("body", chromedp.ByQuery), chromedp.Evaluate(`document.body.innerText`, &words)) // a page that is on its way has none yet
	return words
}

// signIn starts a session; the one before it is forgotten.
func (b *tab) signIn(email string) {
	b.t.Helper()
	b.run(clearCookies)
	if beside[email] != "" {
		b.comeIn(email)
		return
	}
	b.open("/sign-in")
	b.fill("main form", "email", email, "password", seed.DemoPassword)
	b.click(`main form button[type="submit"]`)
}

// control is what a page says about one question.
type control struct {
	Kind    string `json:"kind"`
	Click   string `json:"click"`   // what to click to answer
	Summary string `json:"summary"` // the closed part it stands in
	Checked bool   `json:"checked"`
	Steps   int    `json:"steps"` // from the line chosen in a list to the one wanted
}

// find looks for a question inside of part of the page: within, by its name and, where it has answers to
// choose from, the answer.
func (b *tab) find(within, name, value string) control {
	b.t.Helper()
	var c control
	raw := ""
	b.run(chromedp.Evaluate(fmt.Sprintf(`(() => {
		const [within, name, value] = %s;
		const all = [...document.querySelectorAll(within)].flatMap(p => [...p.querySelectorAll("[name='" + name + "']")]).filter(e => e.type !== "hidden");
		const e = ["radio", "checkbox"].includes(all[0]?.type) && all.length + (all[0].type === "radio") > 1 ? all.find(o => o.value === value) : all[0];
		if (!e) return JSON.stringify({kind: ""});
		const shut = e.closest("details:not([open])");
		if (shut) shut.firstElementChild.dataset.shut = "";
		const label = e.labels?.[0];
		const by = label && label.htmlFor && e.type === "radio" ? "label[for='" + e.id + "']" : "[id='" + e.id + "']";
		const steps = e.tagName === "SELECT" ? [...e.options].findIndex(o => o.value === value) - e.selectedIndex : 0;
		const missing = e.tagName === "SELECT" && ![...e.options].some(o => o.value === value);
		return JSON.stringify({kind: missing ? "" : e.tagName === "SELECT" ? "select" : e.type, click: by, summary: shut ? "[data-shut]" : "", checked: !!e.checked, steps});
	})()`, list(within, name, value)), &raw))
	if err := json.Unmarshal([]byte(raw), &c); err != nil {
		b.t.Fatal(err)
	}
	return c
}

func list(words ...string) string {
	raw, _ := json.Marshal(words)
	return string(raw)
}

// fill answers questions: pairs of a control's name and what is typed, chosen or ticked.
func (b *tab) fill(within string, pairs ...string) {
	b.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		b.answer(within, pairs[i], pairs[i+1])
	}
}

func (b *tab) answer(within, name, value string) {
	b.t.Helper()
	c := b.find(within, name, value)
	if c.Kind == "" {
		var at string
		b.run(chromedp.Location(&at))
		b.t.Fatalf("%s: %s asks no %q with the answer %q", at, within, name, value)
	}
	if c.Summary != "" {
		b.press(c.Summary)
		b.does(`delete document.querySelector("[data-shut]").dataset.shut`)
	}
	if b.byKeys && c.Kind == "radio" {
		b.radio(within, name, value)
		return
	}
	switch c.Kind {
	case "radio":
		b.press(c.Click)
	case "checkbox":
		if c.Checked == (value == "no") {
			b.tick(c.Click)
		}
	case "select":
		if b.byKeys {
			b.reach(c.Click)
		} else {
			b.does(fmt.Sprintf(`document.querySelector(%q).focus()`, c.Click))
		}
		for range max(c.Steps, -c.Steps) {
			b.key(map[bool]string{true: kb.ArrowDown, false: kb.ArrowUp}[c.Steps > 0])
		}
	default:
		if b.byKeys {
			b.reach(c.Click)
		} else {
			b.press(c.Click)
		}
		b.run(chromedp.KeyEvent("a", chromedp.KeyModifiers(input.ModifierCtrl)))
		if value == "" {
			b.key(kb.Delete)
			return
		}
		b.typed(value)
	}
}

// typed types words where the cursor is; they are counted apart from keys that steer.
func (b *tab) typed(words string) {
	b.t.Helper()
	b.run(input.InsertText(words))
}

// key presses one key.
func (b *tab) key(k string, with ...chromedp.KeyOption) {
	b.t.Helper()
	b.keys++
	b.run(chromedp.KeyEvent(k, with...))
}

// says fails unless the page says all of these.
func (b *tab) says(facts ...string) {
	b.t.Helper()
	words := strings.Join(strings.Fields(b.text()), " ")
	for _, f := range facts {
		if !strings.Contains(words, strings.Join(strings.Fields(f), " ")) {
			b.t.Errorf("%s does not say %q: %.3000s", b.at(), f, words)
		}
	}
}

// at is the path of the page.
func (b *tab) at() string {
	b.t.Helper()
	var at string
	b.run(chromedp.Location(&at))
	return strings.TrimPrefix(at, b.s.base)
}

// count is how many of something stand on the page.
func (b *tab) count(selector string) int {
	b.t.Helper()
	var n int
	b.run(chromedp.Evaluate(fmt.Sprintf(`document.querySelectorAll(%q).length`, selector), &n))
	return n
}

// option is the value of the line of a list that reads like this.
func (b *tab) option(name, words string) string {
	b.t.Helper()
	return b.value(fmt.Sprintf(`[...document.querySelectorAll("select[name='%s'] option")].find(o => o.text.trim() === %q)?.value`, name, words))
}

// box is the value of the box whose label reads like this.
func (b *tab) box(name, words string) string {
	b.t.Helper()
	return b.value(fmt.Sprintf(`[...document.querySelectorAll("input[name='%s']")].find(i => i.labels[0].textContent.trim() === %q)?.value`, name, words))
}

func (b *tab) value(script string) string {
	b.t.Helper()
	var v string
	b.run(chromedp.Evaluate(script+` ?? ""`, &v))
	if v == "" {
		b.t.Fatalf("%s: nothing found by %s", b.at(), script)
	}
	return v
}

// dues holds the dates of a plan's milestones in the builder against what they must be.
func (b *tab) dues(want ...string) {
	b.t.Helper()
	for i, due := range want {
		day := civil.MustParse(due)
		typed := fmt.Sprintf("%d/%d/%d", day.Month(), day.Day(), day.Year())
		if got := b.value(fmt.Sprintf(`document.querySelector("[name='milestones.%d.due_on']")?.value`, i)); got != typed {
			b.t.Errorf("milestone %d is due %s, want %s", i, got, typed)
		}
	}
}
