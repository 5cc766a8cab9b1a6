package browser

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"math"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// charted are the pages with charts, by who reads them.
var charted = map[string][]string{
	"marcus@rivervalley.test": {"/team", "/team/fairness", "/results"},
	"admin@rivervalley.test":  {"/results"},
}

// chart is one chart of a page as it is shown.
type chart struct {
	What string `json:"what"`
	// Numbers are the cells of its table that are seen: of a bar those of its row, of a line those of all weeks.
	Numbers int `json:"numbers"`
	// Heads are the titles of the columns that are seen, Folded that its table is not.
	Heads  int  `json:"heads"`
	Folded bool `json:"folded"`
	// Marked says of each bar of another colour than most of its column whether it has a pattern.
	Marked []bool `json:"marked"`
}

// chartsOf finds the charts and what of their tables is seen.
const chartsOf = `JSON.stringify([...document.querySelectorAll("main svg.sb, main svg.lc, main svg.spark")].map(svg => {
	const seen = e => e.checkVisibility({contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true}) && e.getClientRects().length > 0;
	const section = svg.closest("section");
	const table = svg.matches(".sb") ? svg.closest("table") : section.querySelector("details.tv table");
	const cells = svg.matches(".sb") ? [...svg.closest("tr").cells] : [...table.querySelectorAll("tbody td")];
	const usual = svg.matches(".sb") && !table.querySelector("tfoot") ? table.querySelector("svg.sb rect").getAttribute("fill") : "";
	const fills = [...svg.querySelectorAll("rect")].map(r => r.getAttribute("fill"));
	return {
		what: svg.getAttribute("class") + " of " + section.querySelector("h2").textContent,
		numbers: cells.filter(c => seen(c) && /[0-9]/.test(c.textContent)).length,
		heads: [...table.querySelectorAll("thead th")].filter(h => seen(h) && h.textContent.trim() !== "").length,
		folded: !seen(table),
		marked: usual && fills[0] === "#c05600" ? [fills.some(f => f && f.startsWith("url("))] : [],
	};
}))`

// legible holds the charts that are shown against their tables.
func (b *tab) legible(what string, folded bool) {
	b.t.Helper()
	var raw string
	b.run(chromedp.Evaluate(chartsOf, &raw))
	var list []chart
	if err := json.Unmarshal([]byte(raw), &list); err != nil {
		b.t.Fatal(err)
	}
	if len(list) == 0 {
		b.t.Errorf("%s has no chart", what)
	}
	for _, c := range list {
		if c.Folded && folded {
			continue // the table stands behind a summary on a screen
		}
		if c.Folded || c.Numbers == 0 || c.Heads < 2 {
			b.t.Errorf("%s: %s cannot be read as a table: %+v", what, c.What, c)
		}
		for _, marked := range c.Marked {
			if !marked {
				b.t.Errorf("%s: a bar of %s says by its colour alone that it misses its target", what, c.What)
			}
		}
	}
}

// charts can be read as tables, on paper and where there is no colour, at every width.
func (s *stage) charts(t *testing.T) {
	for who, paths := range charted {
		b := s.tab(t, who, true)
		for _, path := range paths {
			for _, width := range widths {
				what := fmt.Sprintf("%s of %s at %d", path, who, width)
				b.size(width)
				b.run(emulation.SetEmulatedMedia().WithMedia("screen"))
				b.open(path)
				b.legible(what, true)
				b.run(emulation.SetEmulatedMedia().WithMedia("print"))
				b.open(path) // a page that is open already is not styled anew behind its summaries
				b.legible(what+" on paper", false)
				b.run(emulation.SetEmulatedMedia().WithMedia("screen"), emulation.SetEmulatedVisionDeficiency(emulation.SetEmulatedVisionDeficiencyTypeAchromatopsia))
				if path == "/team" {
					b.differs(what + " in gray")
				}
				b.run(emulation.SetEmulatedVisionDeficiency(emulation.SetEmulatedVisionDeficiencyTypeNone))
			}
		}
	}
}

// differs holds the kinds of a bar, as the legend shows them, against each other: as they are painted without
// any colour no two look alike, and each has its name.
func (b *tab) differs(what string) {
	b.t.Helper()
	names := b.value(`[...document.querySelectorAll("section[aria-labelledby=cl] .key .k")].map(k => k.parentElement.textContent.trim()).join("|")`)
	n := b.count("section[aria-labelledby=cl] .key .k")
	if n < 4 || len(names) < 3*n {
		b.t.Errorf("%s: the legend has %d kinds: %q", what, n, names)
	}
	var looks []look
	for i := range n {
		looks = append(looks, b.painted(fmt.Sprintf("section[aria-labelledby=cl] .key span:nth-child(%d) .k", i+1)))
		if looks[i].tint > 2 {
			b.t.Errorf("%s: kind %d is painted in colour", what, i+1)
		}
		for j := range i {
			if math.Abs(looks[i].mean-looks[j].mean) < 14 && math.Abs(looks[i].spread-looks[j].spread) < 14 {
				b.t.Errorf("%s: kinds %d and %d of %q look alike: %+v %+v", what, j+1, i+1, names, looks[j], looks[i])
			}
		}
	}
}

// look is how something is painted: its mean gray, how far its dots lie from it, and how much colour there is.
type look struct{ mean, spread, tint float64 }

// painted looks at an element as it is on the screen.
func (b *tab) painted(selector string) (l look) {
	b.t.Helper()
	var shot []byte
	b.run(chromedp.ScrollIntoView(selector, chromedp.ByQuery), chromedp.Screenshot(selector, &shot, chromedp.ByQuery))
	m, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		b.t.Fatal(err)
	}
	return lookOf(m)
}

func lookOf(m image.Image) (l look) {
	var sum, squares, n float64
	box := m.Bounds()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			r, g, b, _ := m.At(x, y).RGBA()
			red, green, blue := float64(r>>8), float64(g>>8), float64(b>>8)
			gray := (red + green + blue) / 3
			sum, squares, n = sum+gray, squares+gray*gray, n+1
			l.tint = math.Max(l.tint, math.Max(red, math.Max(green, blue))-math.Min(red, math.Min(green, blue)))
		}
	}
	l.mean = sum / n
	l.spread = math.Sqrt(math.Max(0, squares/n-l.mean*l.mean))
	return l
}
