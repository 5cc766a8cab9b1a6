package browser

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	reader "github.com/ledongthuc/pdf"
	"golang.org/x/net/html"

	"waymark/internal/pdf"
	"waymark/internal/seed"
)

// fetch signs somebody in and opens one address.
func (s *stage) fetch(t *testing.T, email, path string) ([]byte, http.Header) {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	c := &http.Client{Jar: jar}
	p, err := c.PostForm(s.base+"/sign-in", url.Values{"email": {email}, "password": {seed.DemoPassword}, "next": {"/account"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = p.Body.Close()
	p, err = c.Get(s.base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Body.Close() }()
	b, err := io.ReadAll(p.Body)
	if err != nil || p.StatusCode != 200 {
		t.Fatalf("%s: %d %v %.300s", path, p.StatusCode, err, b)
	}
	return b, p.Header
}

// letters are the visible characters of a text: where lines break says nothing.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u00ad' {
			return -1
		}
		return r
	}, s)
}

// onPaper is the text of a print page without what is only on the screen.
func onPaper(t *testing.T, page []byte) string {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(*html.Node, bool)
	walk = func(n *html.Node, in bool) {
		in = in || n.Data == "main"
		for _, a := range n.Attr {
			if a.Key == "class" && slices.Contains(strings.Fields(a.Val), "noprint") {
				return
			}
		}
		if n.Type == html.TextNode && in {
			b.WriteString(n.Data)
		}
		for c := range n.ChildNodes() {
			walk(c, in)
		}
	}
	walk(doc, false)
	return b.String()
}

// tags counts the kinds of the structure's elements.
func tags(v reader.Value, count map[string]int, depth int) {
	if depth > 60 {
		return
	}
	switch v.Kind() {
	case reader.Array:
		for i := range v.Len() {
			tags(v.Index(i), count, depth+1)
		}
	case reader.Dict:
		if s := v.Key("S").Name(); s != "" {
			count[s]++
			for i, of := 0, v.Key("A"); i < max(1, of.Len()); i++ {
				a := of
				if of.Kind() == reader.Array {
					a = of.Index(i)
				}
				if scope := a.Key("Scope").Name(); scope != "" {
					count[s+" "+scope]++
				}
			}
		}
		tags(v.Key("K"), count, depth+1)
	}
}

// element is one of the structure, with what stands in it, in reading order.
type element struct {
	kind string
	has  []element
	alt  string
}

// structure reads the tree of tags.
func structure(v reader.Value, depth int) (list []element) {
	if depth > 60 {
		return nil
	}
	switch v.Kind() {
	case reader.Array:
		for i := range v.Len() {
			list = append(list, structure(v.Index(i), depth+1)...)
		}
	case reader.Dict:
		inside := structure(v.Key("K"), depth+1)
		if kind := v.Key("S").Name(); kind != "" {
			return []element{{kind, inside, v.Key("Alt").Text()}}
		}
		return inside
	}
	return list
}

// each visits every element, those that hold others first.
func each(list []element, visit func(element)) {
	for _, e := range list {
		visit(e)
		each(e.has, visit)
	}
}

// readable holds the tags against what a screen reader needs: one first heading and none left out on the way
// down, tables of rows of cells with headers, lists of items, pictures with words.
func readable(t *testing.T, what string, list []element) {
	t.Helper()
	level, first := 0, 0
	each(list, func(e element) {
		if len(e.kind) == 2 && e.kind[0] == 'H' {
			next := int(e.kind[1] - '0')
			if next > level+1 {
				t.Errorf("%s: a heading of level %d after one of level %d", what, next, level)
			}
			if level = next; next == 1 {
				first++
			}
		}
		switch e.kind {
		case "Table":
			headers, cells, rows := 0, 0, 0
			each(e.has, func(in element) {
				switch in.kind {
				case "TR":
					rows++
				case "TH":
					headers++
				case "TD":
					cells++
				}
			})
			if rows < 2 || headers == 0 || cells == 0 {
				t.Errorf("%s: a table of %d rows, %d headers and %d cells", what, rows, headers, cells)
			}
		case "TR":
			for _, in := range e.has {
				if in.kind != "TH" && in.kind != "TD" {
					t.Errorf("%s: a row has a %s", what, in.kind)
				}
			}
		case "L":
			for _, in := range e.has {
				if in.kind != "LI" && in.kind != "Caption" {
					t.Errorf("%s: a list has a %s", what, in.kind)
				}
			}
		case "Figure":
			if e.alt == "" {
				t.Errorf("%s: a picture without words", what)
			}
		}
	})
	if first != 1 {
		t.Errorf("%s: %d headings of level 1", what, first)
	}
}

func TestThePlanOnPaperIsATaggedPDF(t *testing.T) {
	s := open(t)
	luis := "/cases/" + s.cases["CP-20312"] + "/plan/print"
	for _, p := range []struct{ who, page, lang, name string }{
		{"dana@rivervalley.test", luis, "en", "plan-CP-20312-v2.pdf"},
		{"rosa@rivervalley.test", "/me/plan/print", "es", ""},
		{"marcus@rivervalley.test", "/cases/" + s.cases["CP-20461"] + "/plan/print", "en", "plan-CP-20461"},
	} {
		page, _ := s.fetch(t, p.who, p.page)
		if !strings.Contains(string(page), `href="`+p.page+`.pdf"`) {
			t.Errorf("%s offers no PDF", p.page)
		}
		begun := time.Now()
		b, head := s.fetch(t, p.who, p.page+".pdf")
		t.Logf("%s: %d KB in %v", p.page, len(b)>>10, time.Since(begun).Round(time.Millisecond))
		if head.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(head.Get("Content-Disposition"), "attachment; filename=") || !strings.Contains(head.Get("Content-Disposition"), p.name) {
			t.Errorf("%s: %v", p.page, head)
		}
		doc, err := reader.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		root := doc.Trailer().Key("Root")
		if !root.Key("MarkInfo").Key("Marked").Bool() || root.Key("StructTreeRoot").IsNull() {
			t.Errorf("%s: the PDF is not tagged", p.page)
		}
		if lang := root.Key("Lang").Text(); !strings.HasPrefix(lang, p.lang) {
			t.Errorf("%s: its language is %q, want %q", p.page, lang, p.lang)
		}
		if title := doc.Trailer().Key("Info").Key("Title").Text(); title == "" {
			t.Errorf("%s: it has no title", p.page)
		}
		readable(t, p.page, structure(root.Key("StructTreeRoot").Key("K"), 0))
		count := map[string]int{}
		tags(root.Key("StructTreeRoot").Key("K"), count, 0)
		for tag, least := range map[string]int{"H1": 1, "H2": 5, "Table": 2, "TR": 6, "TH": 10, "TH Column": 10, "TH Row": 4, "TD": 10, "L": 2, "LI": 2} {
			if count[tag] < least {
				t.Errorf("%s: %d %s, want %d or more: %v", p.page, count[tag], tag, least, count)
			}
		}
		if n := doc.NumPage(); n < 1 || n > 2 {
			t.Errorf("%s: %d pages", p.page, n)
		}
		for i := 1; i <= doc.NumPage(); i++ {
			box := doc.Page(i).V.Key("MediaBox")
			if w, h := box.Index(2).Float64(), box.Index(3).Float64(); w != 612 || h != 792 {
				t.Errorf("%s: page %d is %v by %v points, not Letter", p.page, i, w, h)
			}
		}
		plain, err := doc.GetPlainText()
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(plain)
		if got, want := letters(string(text)), letters(onPaper(t, page)); got != want {
			i := 0
			for i < min(len(got), len(want)) && got[i] == want[i] {
				i++
			}
			t.Errorf("%s: the paper says %.80q where the page says %.80q", p.page, got[max(0, i-20):], want[max(0, i-20):])
		}
	}
}

func TestPrintingAsksForNothingAndKeepsToItsLimits(t *testing.T) {
	var asked atomic.Int32
	h := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer h.Close()
	c, err := pdf.NewChromium(browserPath(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("WAYMARK_KEY", "a secret")
	body := `<h1>Plan</h1><img src="` + h.URL + `/a.png"><iframe src="` + h.URL + `"></iframe><script>fetch("` + h.URL + `"); document.title = "changed"; document.body.append("SCRIPT RAN")</script>
		<object data="file:///etc/passwd"></object><iframe src="file:///etc/passwd"></iframe><link rel="stylesheet" href="` + h.URL + `/x.css"><meta http-equiv="refresh" content="0;url=` + h.URL + `">`
	b, err := c.Print(t.Context(), pdf.Page{Lang: "en", Title: "A <plan>", Body: body}, "@page{size:Letter}")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := reader.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	plain, _ := doc.GetPlainText()
	text, _ := io.ReadAll(plain)
	if got := letters(string(text)); got != "Plan" || asked.Load() > 0 || doc.Trailer().Key("Info").Key("Title").Text() != "A <plan>" {
		t.Errorf("the paper says %.200q, %d requests went out", got, asked.Load())
	}
	if _, err := c.Print(t.Context(), pdf.Page{Body: strings.Repeat("x", 5<<20)}, ""); err == nil {
		t.Error("a page without end is printed")
	}
	gone, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond) // no browser starts in so short a time
	defer cancel()
	begun := time.Now()
	if _, err := c.Print(gone, pdf.Page{Body: "x"}, ""); err == nil || time.Since(begun) > 5*time.Second {
		t.Errorf("a printing that nobody waits for goes on: %v after %v", err, time.Since(begun))
	}
	var all sync.WaitGroup
	var failed atomic.Int32
	for range 5 {
		all.Go(func() {
			if _, err := c.Print(t.Context(), pdf.Page{Lang: "en", Body: "<p>One of five</p>"}, ""); err != nil && !errors.Is(err, context.DeadlineExceeded) {
				failed.Add(1)
				t.Log(err)
			}
		})
	}
	all.Wait()
	if failed.Load() > 2 {
		t.Errorf("%d of 5 at once were not printed", failed.Load())
	}
}
