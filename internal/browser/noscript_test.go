package browser

import "testing"

// withoutScripts is what else a participant, a guardian and a helper do on a phone, with JavaScript switched
// off: it works all the same.
func (s *stage) withoutScripts(t *testing.T) {
	s.speak(t, rosa, "es")
	s.speak(t, ines, "es")
	r, i := s.tab(t, rosa, false), s.tab(t, ines, false)
	for _, k := range []struct {
		name string
		by   *tab
		at   string
		taps int
		do   func(*tab)
	}{
		{"21: send a photo of a paper", r, "/me", 4, (*tab).sendPhoto},
		{"a step is done", r, "/me", 1, (*tab).stepDone},
		{"a step has me stuck", r, "/me", 2, func(b *tab) { b.tells("stuck", "No tengo con quién dejar a mi hija.", "Le vamos a ayudar") }},
		{"I want to change a step", r, "/me", 3, func(b *tab) { b.tells("change", "Quiero la clase de la noche.", "Vamos a hablar con usted del cambio") }},
		{"say yes to a partner, and take it back", r, "/me/rights", 3, (*tab).yesAndNo},
		{"I got the notice", r, "/me/notice", 1, func(b *tab) {
			b.touchTo(`main form[action="/me/notice"] button`)
			b.says("Anotamos que usted recibió el aviso.")
		}},
		{"name a helper, and end it", r, "/me/helpers", 2, (*tab).helpersComeAndGo},
		{"complain", r, "/me/complaints", 2, (*tab).complains},
		{"how the week was", r, "/me", 1, func(b *tab) { b.touchTo(`main .feel button`); b.says("Gracias por avisarnos.") }},
		{"another day or hour", r, "/me", 2, func(b *tab) {
			b.touchTo(`main .next a[href$="/other-time"]`)
			b.writes("note", "El jueves por la tarde")
			b.touchTo(`main form button[type="submit"]`)
			b.says("Vamos a buscar otro día.")
		}},
		{"22: sign the plan", i, "/me", 4, func(b *tab) { b.signPlan("Inés Cordero") }},
	} {
		t.Run(k.name, func(t *testing.T) {
			b := k.by
			b.t = t
			b.phone()
			b.open(k.at)
			b.clicks = 0
			k.do(b)
			t.Logf("%d taps", b.clicks)
			if b.clicks > k.taps {
				t.Errorf("took %d taps, may take %d", b.clicks, k.taps)
			}
		})
	}
	t.Run("a guardian signs", func(t *testing.T) { s.guardianSigns(t) })
	t.Run("a helper looks on", func(t *testing.T) {
		b := s.tab(t, hugo, false)
		b.phone()
		b.open("/helper")
		b.says("English for work, level 3")
	})
}

// stepDone says so of the step that is under way.
func (b *tab) stepDone() {
	b.t.Helper()
	b.touchTo(`main .line .n form button`)
	b.says("Muy bien. Lo vamos a revisar y a marcar.")
	b.open("/me")
	b.says("ya lo hice")
}

// tells says something of the first step of which it can be said, in words of one's own.
func (b *tab) tells(say, words, answer string) {
	b.t.Helper()
	b.touchTo(`main .line a[href*="say=` + say + `"]`)
	b.writes("note", words)
	b.touchTo(`main form button[type="submit"]`)
	b.says(answer)
	b.open("/me/messages")
	b.says(words)
}

// yesAndNo lets a school be told something until a day, and takes it back.
func (b *tab) yesAndNo() {
	b.t.Helper()
	b.touchTo(`main a[href="/me/consents"]`)
	b.writes("partner", "Central Community College")
	b.writes("purpose", "Cuándo empiezo")
	b.writes("until_on", "3/31/2027")
	b.touchTo(`main form[action="/me/consents"] button[type="submit"]`)
	b.says("Anotamos su sí.", "Central Community College")
	b.touchTo(`main form[action$="/withdraw"] button`)
	b.says("Ya no les diremos nada.")
	if b.count(`main form[action$="/withdraw"]`) != 0 {
		b.t.Error("what was taken back can be taken back again")
	}
}

// helpersComeAndGo lets a neighbor look on, and no more.
func (b *tab) helpersComeAndGo() {
	b.t.Helper()
	const form = `main form[action="/me/helpers"]`
	b.writes("name", "Eva Ruiz")
	b.fill(form, "relation", "friend")
	b.writes("email", "eva@rivervalley.test")
	b.touchTo(form + ` button[type="submit"]`)
	b.says("Le mandamos un enlace.", "Eva Ruiz")
	b.touchTo(`main form[action$="/end"] button`)
	b.says("Esta persona ya no ve nada.")
}

func (b *tab) complains() {
	b.t.Helper()
	b.touch(`main input[name="bases"][value="age"]`)
	b.writes("what", "Me dijeron que soy muy mayor.")
	b.writes("happened_on", "11/2/2026")
	b.touchTo(`main form[action="/me/complaints"] button[type="submit"]`)
	b.says("Su queja se mandó.")
}

// guardianSigns: Marta came with her link and a code, and signs beside Inés.
func (s *stage) guardianSigns(t *testing.T) {
	b := s.tab(t, marta, false)
	b.phone()
	b.open("/guardian")
	b.touch(`main input[name="consent"]`)
	b.writes("name", "Marta Cordero")
	b.touchTo(`main form[action="/guardian"] button[type="submit"]`)
	if b.status >= 400 || b.count(".sum") != 0 {
		t.Fatalf("status %d: %.800s", b.status, b.text())
	}
	b.open("/guardian")
	if b.count(`main form[action="/guardian"]`) != 0 {
		t.Errorf("the plan still waits for her signature: %.600s", b.text())
	}
}
