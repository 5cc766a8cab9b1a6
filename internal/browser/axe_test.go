package browser

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// widths are those at which every page is held against the rules: a desk and a small phone. Pages that are not
// of staff are held against them on the phone of the usability bar too.
var widths = []int64{1440, 320}

func (b *tab) widths() []int64 {
	if b.count("body > .top .nav") > 0 {
		return widths
	}
	return append([]int64{phoneWidth}, widths...)
}

type violation struct {
	ID    string `json:"id"`
	Nodes []struct {
		Target []any  `json:"target"`
		HTML   string `json:"html"`
	} `json:"nodes"`
}

// accessible holds the page that is open against axe and the house's own rules, at every width.
func (b *tab) accessible(what string) {
	b.t.Helper()
	for _, wrong := range []string{"⟦", "<no value>", "%!", "Something went wrong", "Algo salió mal"} {
		if words := b.text(); strings.Contains(words, wrong) {
			b.t.Errorf("%s says %q: %.400s", what, wrong, words[max(0, strings.Index(words, wrong)-100):])
		}
	}
	b.does(b.s.axe + `; "ok"`)
	at := b.widths()
	for _, width := range at {
		b.size(width)
		b.axe(fmt.Sprintf("%s at %d", what, width))
	}
	b.stretches(what, at)
	b.size(widths[0])
	if len(b.console) > 0 {
		b.t.Errorf("%s: the console says %s", what, b.console[0])
		b.console = nil
	}
}

func (b *tab) axe(what string) {
	b.t.Helper()
	var raw string
	// No preload: only a rule on the turning of screens reads the style sheets, and it is not asked.
	// Two frames, so that what the page does on a new width is done.
	b.run(chromedp.Evaluate(`new Promise(then => requestAnimationFrame(() => requestAnimationFrame(then))).then(() => axe.run(document, {
		runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
		resultTypes: ["violations"], preload: false,
	})).then(r => JSON.stringify({
		violations: r.violations, wide: document.documentElement.scrollWidth > document.documentElement.clientWidth + 1,
		stored: localStorage.length + sessionStorage.length > 0,
	}))`, &raw, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	var found struct {
		Violations   []violation `json:"violations"`
		Wide, Stored bool
	}
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range found.Violations {
		b.t.Errorf("%s: axe %s: %v %.160s", what, v.ID, v.Nodes[0].Target, v.Nodes[0].HTML)
	}
	if found.Wide {
		b.t.Errorf("%s: the page scrolls sideways", what)
	}
	if found.Stored {
		b.t.Errorf("%s: something is kept in the browser's storage", what)
	}
}

// language reads on in the other language, if it must.
func (b *tab) language(lang string) {
	b.t.Helper()
	if now := b.value(`document.documentElement.lang`); now != lang {
		b.click(`form.lang button`)
	}
}
