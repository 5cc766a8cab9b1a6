package browser

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// codeShown is the newest code among the messages sent, as the demonstration's administrator reads it.
func (s *stage) codeShown(t *testing.T) string {
	t.Helper()
	admin := s.visitor(t, "admin@rivervalley.test")
	for stop := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) { // it is written after the answer
		answer, page := admin.get(t, s.base+"/setup/messages")
		if answer.StatusCode != http.StatusOK {
			t.Fatalf("messages sent: %d", answer.StatusCode)
		}
		if code := sixDigits.FindString(page); code != "" {
			return code
		}
		if time.Now().After(stop) {
			t.Fatal("no code among the messages sent")
		}
	}
}

func focus(selector string) chromedp.Action { return chromedp.Focus(selector, chromedp.ByQuery) }

// codesWithoutScripts: a participant with a phone and no JavaScript signs in with a code, writes, chooses
// what to be told of, and signs out.
func (s *stage) codesWithoutScripts(t *testing.T) {
	s.speak(t, rosa, "en")
	b := s.tab(t, "", false)
	b.phone()
	b.open("/sign-in")
	b.touchTo(`main a[href^="/sign-in/code"]`)
	b.run(focus(`main [name="where"]`))
	b.typed(rosa)
	b.touchTo(`main form button[type="submit"]`)
	b.says("This is only a test")
	code := s.codeShown(t)
	b.run(focus(`main [name="code"]`))
	b.typed("000000")
	b.touchTo(`main form button[type="submit"]`)
	b.says("This code does not work")
	b.run(focus(`main [name="code"]`), chromedp.KeyEvent(kb.End+strings.Repeat(kb.Backspace, 6)))
	b.typed(code)
	b.touchTo(`main form button[type="submit"]`)
	if at := b.at(); at != "/me" {
		t.Fatalf("the code leads to %s: %.600s", at, b.text())
	}
	b.open("/me/messages")
	b.run(focus(`main [name="body"]`))
	b.typed("The bus is late on Tuesdays")
	b.touchTo(`main form[action="/me/messages"] button[type="submit"]`)
	b.says("The bus is late on Tuesdays")
	b.open("/account")
	b.touch(`main form[action="/account/notices"] [name="channel"][value="email"]`)
	b.touchTo(`main form[action="/account/notices"] button[type="submit"]`)
	b.says("Saved.")
	b.scripts(true)
	b.keepsNothing("signing in with a code")
}
