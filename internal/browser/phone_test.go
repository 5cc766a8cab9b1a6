package browser

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"waymark/internal/access"
	"waymark/internal/pg"
	"waymark/internal/seed"
)

// The phone of the usability bar (ux.md 12 and 13): 375 by 812, touched by a finger, 1.6 Mbit/s, 150 ms, a CPU
// four times slower.
const phoneWidth, phoneHeight = 375, 812

const rosa = "rosa@rivervalley.test"

// phone makes the tab a phone. It stays one.
func (b *tab) phone() {
	b.t.Helper()
	b.run(
		emulation.SetDeviceMetricsOverride(phoneWidth, phoneHeight, 2, true), emulation.SetTouchEmulationEnabled(true),
		network.EmulateNetworkConditions(false, 150, 1.6e6/8, 0.75e6/8), emulation.SetCPUThrottlingRate(4),
	)
}

// touch is a finger on one thing; it counts as a click.
func (b *tab) touch(selector string) {
	b.t.Helper()
	b.clicks++
	x, y := b.spot(selector)
	b.run(b.finger(x, y)...)
}

// touchTo is a touch that leads to another page.
func (b *tab) touchTo(selector string) {
	b.t.Helper()
	x, y := b.spot(selector)
	b.follow(b.finger(x, y)...)
}

func (b *tab) finger(x, y float64) []chromedp.Action {
	return []chromedp.Action{
		input.DispatchTouchEvent(input.TouchStart, []*input.TouchPoint{{X: x, Y: y}}),
		input.DispatchTouchEvent(input.TouchEnd, []*input.TouchPoint{}),
	}
}

// writes types into a control as a phone's keyboard does after "next": typing is counted apart from taps.
func (b *tab) writes(name, words string) {
	b.t.Helper()
	b.does(fmt.Sprintf(`{const e = document.querySelector("main [name='%s']:not([type=hidden])"); e.focus(); e.select()}`, name))
	b.typed(words)
}

// promised is the text that a promise of the page comes to.
func (b *tab) promised(script string) (text string) {
	b.t.Helper()
	b.run(chromedp.Evaluate(script, &text, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return text
}

// keepsNothing fails when the page has left anything in the browser.
func (b *tab) keepsNothing(after string) {
	b.t.Helper()
	if kept := b.promised(`(async () => [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...(await indexedDB.databases()).map(d => d.name),
		...await caches.keys(), ...(await navigator.serviceWorker.getRegistrations()).map(r => r.scope), document.cookie].join(" ").trim())()`); kept != "" {
		b.t.Errorf("after %s the browser keeps %q", after, kept)
	}
}

// onThePhone are the tasks 18 to 22 and 25 of the usability bar, done by Rosa.
func (s *stage) onThePhone(t *testing.T) {
	s.speak(t, rosa, "es")
	b := s.tab(t, rosa, true)
	b.phone()
	for _, k := range []task{
		{"19: what is next, when and where", 0, 0, func(b *tab) { b.seesNext() }},
		{"18: I will come", 1, 0, func(b *tab) { b.willCome() }},
		{"18: I will come, without JavaScript", 1, 0, func(b *tab) { s.unanswered(b.t); b.scripts(false); b.open("/me"); b.clicks = 0; b.willCome() }},
		{"20: the other language", 1, 0, func(b *tab) { b.switchLanguage() }},
		{"20: the other language, without JavaScript", 1, 0, func(b *tab) { b.scripts(false); b.open("/me"); b.clicks = 0; b.switchLanguage() }},
		{"21: send a photo of a paper", 4, 0, func(b *tab) { b.sendPhoto() }},
		{"22: sign the plan", 4, 0, func(b *tab) { s.toSign(b.t); b.open("/me"); b.clicks = 0; b.signPlan("Rosa Jiménez") }},
		{"25: go on after the time ran out", 3, 0, func(b *tab) { b.comeBack() }},
		{"answer a topic", 5, 0, func(b *tab) { b.answerTopic() }},
		{"answer a topic without JavaScript", 5, 0, func(b *tab) { b.scripts(false); b.open("/me"); b.clicks = 0; b.answerTopic() }},
		{"propose a goal without JavaScript", 3, 0, func(b *tab) { b.scripts(false); b.open("/me"); b.clicks = 0; b.proposeGoal() }},
	} {
		t.Run(k.name, func(t *testing.T) {
			b.t = t
			b.scripts(true)
			b.open("/me")
			b.clicks, b.keys = 0, 0
			k.do(b)
			t.Logf("%d taps", b.clicks)
			if b.clicks > k.clicks {
				t.Errorf("took %d taps, may take %d", b.clicks, k.clicks)
			}
			b.scripts(true)
			b.keepsNothing(k.name)
		})
	}
}

// seesNext: what to do, the day, the hour and the place stand on the first screen, above the fold.
func (b *tab) seesNext() {
	b.t.Helper()
	for _, what := range []string{".next h2", ".next .facts strong", ".next .facts > div:nth-child(2)", `.next form button`} {
		if at := b.promised(fmt.Sprintf(`(async () => {const e = document.querySelector(%q); if (!e) return "missing"; const r = e.getBoundingClientRect(); return r.height > 0 && r.top >= 0 && r.bottom <= %d ? "" : "from " + r.top + " to " + r.bottom})()`, what, phoneHeight)); at != "" {
			b.t.Errorf("%s is not on the first screen: %s", what, at)
		}
	}
	b.says("Hablar con Dana", "Martes, 1 de diciembre", "10:00 de la mañana", "45 Main Street, oficina 2")
}

func (b *tab) willCome() {
	b.t.Helper()
	b.touchTo(`.next form[action$="/coming"] button`)
	b.says("Usted dijo: voy a ir")
}

// unanswered takes Rosa's answer to the appointment back.
func (s *stage) unanswered(t *testing.T) {
	t.Helper()
	s.change(t, `update appointments set answer = '', answered_at = null where case_id in (select c.id from cases c join users u on u.participant_id = c.participant_id where u.email = 'rosa@rivervalley.test')`)
}

func (b *tab) switchLanguage() {
	b.t.Helper()
	b.touchTo(`form.lang button`)
	if lang := b.value(`document.documentElement.lang`); lang != "en" {
		b.t.Errorf("the page is in %q", lang)
	}
	b.says("Hello, Rosa", "Tuesday, December 1")
	clicks := b.clicks
	b.touchTo(`form.lang button`) // back, for the tasks that follow
	b.clicks = clicks
}

// photo is a picture as a phone's camera takes one, in a file.
func photo(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1200, 1600))
	for x := range 1200 {
		for y := range 1600 {
			img.Set(x, y, color.RGBA{uint8(200 + (x+y)%50), uint8(x % 256), uint8(y % 256), 255})
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, nil); err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(t.TempDir(), "IMG_2041.jpg")
	if err := os.WriteFile(at, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return at
}

func (b *tab) sendPhoto() {
	b.t.Helper()
	b.touchTo(`#menu a[href="/me/documents"]`)
	b.touch(`main input[name="kind"][value="pay"]`)
	b.clicks++ // the camera opens with one tap; it is the phone's own, so the picture is put there
	b.run(chromedp.SetUploadFiles(`main input[type="file"]`, []string{photo(b.t)}))
	b.touchTo(`main form button[type="submit"]`)
	if b.status >= 400 || b.count(".sum") != 0 {
		b.t.Errorf("status %d: %.800s", b.status, b.text())
	}
}

// toSign gives Rosa a new version of her plan, sent for signing.
func (s *stage) toSign(t *testing.T) {
	t.Helper()
	caseID := s.look(t, `select cast(c.id as text) from cases c join users u on u.participant_id = c.participant_id where u.email = 'rosa@rivervalley.test'`, nil)
	dana, at := s.script(t, "dana@rivervalley.test"), "/cases/"+caseID+"/plan"
	made := dana("POST", at, map[string]any{"start_on": "2026-09-01", "change_reason": "Adds a class", "document_lang": "es"})
	s.change(t, `update plan_lines set funding = 'wioa_adult' where funding = ''`)
	dana("POST", at+"/submit", map[string]any{"document_lang": "es"}, "If-Match", fmt.Sprintf("%q", fmt.Sprint(made["version"])))
}

// script is somebody who uses the API; a refusal fails the test.
func (s *stage) script(t *testing.T, email string) func(method, path string, body any, header ...string) map[string]any {
	t.Helper()
	token := ""
	do := func(method, path string, body any, header ...string) (answer map[string]any) {
		t.Helper()
		raw, _ := json.Marshal(body)
		q, err := http.NewRequestWithContext(t.Context(), method, s.base+"/api/v1"+path, bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Content-Type", "application/json")
		if token != "" {
			q.Header.Set("Authorization", "Bearer "+token)
		}
		for i := 0; i+1 < len(header); i += 2 {
			q.Header.Set(header[i], header[i+1])
		}
		r, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Body.Close() }()
		if err := json.NewDecoder(r.Body).Decode(&answer); err != nil || r.StatusCode >= 400 {
			t.Fatalf("%s %s: %d %v %v", method, path, r.StatusCode, err, answer)
		}
		return answer
	}
	token, _ = do("POST", "/session", map[string]any{"email": email, "password": seed.DemoPassword})["token"].(string)
	return do
}

// readsAsBlocks: on a phone each row of the plan's tables stands as a block, and its cells say what they are.
func (b *tab) readsAsBlocks() {
	b.t.Helper()
	if wrong := b.promised(`(async () => {
		const cells = [...document.querySelectorAll(".pp td")].filter(e => e.textContent.trim());
		const bad = cells.find(e => getComputedStyle(e).display !== "block" || !getComputedStyle(e, "::before").content.includes(e.dataset.of));
		return cells.length < 10 ? "only " + cells.length + " cells" : bad ? bad.textContent : "";
	})()`); wrong != "" {
		b.t.Errorf("the plan's tables cannot be read on a phone: %s", wrong)
	}
}

func (b *tab) signPlan(name string) {
	b.t.Helper()
	b.touchTo(`main a[href="/me/plan/sign"]`)
	b.readsAsBlocks()
	b.touch(`main input[name="consent"]`)
	b.writes("name", name)
	b.writes("password", seed.DemoPassword)
	b.touchTo(`main form button[type="submit"]`)
	if b.status >= 400 || b.count(".sum") != 0 {
		b.t.Fatalf("status %d: %.800s", b.status, b.text())
	}
	b.open("/me")
	if b.count(`main a[href="/me/plan/sign"]`) != 0 {
		b.t.Error("the plan still waits for her signature")
	}
}

// comeBack types, lets the session end, sends, signs in again, and finds every character.
func (b *tab) comeBack() {
	b.t.Helper()
	const words = "Necesito un asiento, letra grande y una pausa cada hora; gracias."
	b.open("/me/tasks/supports")
	b.writes("accommodation", words)
	b.until(`document.querySelector("[data-draft-status]").textContent.trim()`)
	b.s.change(b.t, `delete from sessions where user_id in (select id from users where email = 'rosa@rivervalley.test')`)
	b.clicks = 0
	b.touch(`main form button[value="leave"]`)
	b.until(`location.pathname === "/sign-in" && document.readyState === "complete" && document.querySelector("main [name=email]")`)
	b.writes("email", rosa)
	b.writes("password", seed.DemoPassword)
	b.touchTo(`main form button[type="submit"]`)
	if at := b.at(); at != "/me/tasks/supports" {
		b.t.Errorf("signing in leads to %s", at)
	}
	if found := b.promised(`(async () => document.querySelector("[name=accommodation]")?.value ?? "no such control")()`); found != words {
		b.t.Errorf("of %q there is %q", words, found)
	}
}

func (b *tab) answerTopic() {
	b.t.Helper()
	b.touchTo(`main a[href="/me/tasks"]`)
	b.touchTo(`main a[href="/me/tasks/computer"]`)
	b.touch(`main input[name="device"][value="both"]`)
	b.touch(`main input[name="internet"][value="home"]`)
	b.touchTo(`main form button[value="leave"]`)
	b.says("Gracias. Guardamos sus respuestas.", "Lo vamos a leer")
}

func (b *tab) proposeGoal() {
	b.t.Helper()
	b.touchTo(`main a[href="/me/tasks"]`)
	b.touchTo(`main a[href="/me/goals/new"]`)
	b.writes("title", "Manejar un camión")
	b.writes("target_on", "6/30/2028")
	b.touchTo(`main form button[type="submit"]`)
	b.says("Gracias. Vamos a hablar de su meta.", "Manejar un camión")
}

// change does one thing to the database that no page does.
func (s *stage) change(t *testing.T, statement string) {
	t.Helper()
	if err := s.owner.Write(t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) error { return pg.Insert(tx, statement, pg.Args{}) }); err != nil {
		t.Fatal(err)
	}
}
