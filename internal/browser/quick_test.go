package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// What a page on the phone may take until its largest part is painted, and how much of the screen may jump.
const (
	paintBudget = 1800 * time.Millisecond
	moveBudget  = 0.02
)

// A page that is painted too late is tried again, because the machine is shared: it is quick as soon as one try
// is. A try counts against it only when the control page, asked for right after, was there in its time.
const (
	controlTime = 700 * time.Millisecond
	slowTries   = 3
	allTries    = 12
)

// painted is one opening of a page: when its largest part stood there, what that was, and how much jumped.
type painted struct {
	after time.Duration
	what  string
	moved float64
}

func (p painted) String() string {
	return fmt.Sprintf("%v (%s)", p.after.Round(10*time.Millisecond), p.what)
}

// controlPage serves a page of known weight: as many bytes as a page may have, plain words, nothing else to fetch.
func controlPage(t *testing.T) string {
	t.Helper()
	var words strings.Builder
	for i := 0; words.Len() < nextPage; i++ {
		fmt.Fprintf(&words, "<p>%d of the words of the control page.</p>", i)
	}
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Control</title><body><h1>Control</h1>%s</body></html>`, words.String())
	}))
	t.Cleanup(h.Close)
	return h.URL
}

// quickly opens Rosa's pages on the phone: the first with nothing kept, the others after it, and holds bytes,
// the largest paint and what jumps against the budget.
func (s *stage) quickly(t *testing.T) {
	m := &meter{}
	m.reset()
	b := s.tab(t, rosa, true)
	chromedp.ListenTarget(b.ctx, m.listen(s.base))
	b.phone()
	known := controlPage(t)
	t.Logf("the control page, of %d bytes: %v", nextPage, b.paints(m, known))
	b.quick(m, known, "/me, first visit", firstVisit, firstRequests, func() painted {
		b.run(network.ClearBrowserCache())
		return b.paints(m, s.base+"/me")
	})
	for _, path := range s.own(t) {
		b.open(path) // its own pictures come once
		b.quick(m, known, path, nextPage, 100, func() painted { return b.paints(m, s.base+path) })
	}
}

// quick tries a page until one try is within the time, or enough of them were not.
func (b *tab) quick(m *meter, known, what string, bytes float64, requests int, try func() painted) {
	b.t.Helper()
	var late, busy []string
	for len(late) < slowTries && len(late)+len(busy) < allTries {
		p := try()
		kb, n := m.sum()
		if kb > bytes || n > requests || p.moved > moveBudget {
			b.t.Errorf("%s: %.1f KB in %d requests, %.3f of the screen jumped", what, kb/1024, n, p.moved)
		}
		if p.after <= paintBudget {
			b.t.Logf("%s: %.1f KB in %d requests, %v, %.3f jumped", what, kb/1024, n, p, p.moved)
			return
		}
		if c := b.paints(m, known); c.after > controlTime {
			busy = append(busy, fmt.Sprintf("%v beside a control page of %v", p, c.after))
		} else {
			late = append(late, p.String())
		}
	}
	if len(late) == slowTries {
		b.t.Errorf("%s: painted after %v; the control page was in time", what, late)
		return
	}
	b.t.Errorf("%s: this machine is too busy to tell: %v", what, busy)
}

// paints opens an address anew and says when its largest part was painted.
func (b *tab) paints(m *meter, address string) (p painted) {
	b.t.Helper()
	b.visit("about:blank")
	m.reset()
	b.visit(address)
	b.does(`document.fonts.ready`)
	text := b.promised(`new Promise(then => {
		let last = -1, what = "nothing", moved = 0;
		new PerformanceObserver(l => { for (const e of l.getEntries()) { last = e.startTime; what = e.element ? e.element.tagName.toLowerCase() : "gone" } }).observe({type: "largest-contentful-paint", buffered: true});
		new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) moved += e.value }).observe({type: "layout-shift", buffered: true});
		const look = n => last >= 0 && n > 2 || n > 40 ? then([last, what, moved].join(" ")) : setTimeout(() => look(n + 1), 100);
		look(0);
	})`)
	var ms float64
	if _, err := fmt.Sscan(text, &ms, &p.what, &p.moved); err != nil || ms < 0 {
		b.t.Errorf("%s: nothing was painted: %q", address, text)
	}
	p.after = time.Duration(ms * float64(time.Millisecond))
	return p
}

// own are the pages that a participant can open.
func (s *stage) own(t *testing.T) []string {
	t.Helper()
	r := s.visitor(t, rosa)
	var paths []string
	for _, pattern := range s.pages {
		if !strings.HasPrefix(pattern, "/me") || strings.HasSuffix(pattern, ".ics") || strings.HasSuffix(pattern, ".pdf") || strings.HasSuffix(pattern, ".zip") {
			continue
		}
		whole := true
		for _, p := range part.FindAllString(pattern, -1) {
			query := things[pattern]
			if query == "" {
				query = things[p]
			}
			if query == "" || strings.Contains(query, ":case") {
				whole = false
				continue
			}
			pattern = strings.Replace(pattern, p, url.PathEscape(s.look(t, query, nil)), 1)
		}
		if answer, _ := r.get(t, s.base+pattern); whole && answer.StatusCode == 200 && strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
			paths = append(paths, pattern)
		}
	}
	if len(paths) < 15 {
		t.Errorf("only %d pages: %v", len(paths), paths)
	}
	return paths
}
