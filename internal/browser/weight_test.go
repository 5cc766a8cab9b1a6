package browser

import (
	"fmt"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// The budget of ux.md section 12, in bytes as they go over the wire.
const (
	firstVisit    = 170 << 10
	firstRequests = 9
	nextPage      = 12 << 10
	caseloadPage  = 20 << 10
	scriptBudget  = 20 << 10
	styleBudget   = 28 << 10
	nodes         = 2500
)

// meter adds up what a tab is sent.
type meter struct {
	mu       sync.Mutex
	kind     map[network.RequestID]string
	bytes    map[string]float64 // by the file's ending; "" is the page
	requests int
	strange  []string // addresses of others
}

func (m *meter) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kind, m.bytes, m.requests = map[network.RequestID]string{}, map[string]float64{}, 0
}

func (m *meter) listen(base string) func(any) {
	return func(ev any) {
		m.mu.Lock()
		defer m.mu.Unlock()
		switch e := ev.(type) {
		case *network.EventRequestWillBeSent:
			u, err := url.Parse(e.Request.URL)
			if err != nil || u.Scheme == "data" {
				return
			}
			if !strings.HasPrefix(e.Request.URL, base) {
				m.strange = append(m.strange, e.Request.URL)
			}
			m.requests++
			m.kind[e.RequestID] = path.Ext(u.Path)
		case *network.EventLoadingFinished:
			if kind, ours := m.kind[e.RequestID]; ours {
				m.bytes[kind] += e.EncodedDataLength
			}
		}
	}
}

func (m *meter) total() (sum float64) {
	for _, n := range m.bytes {
		sum += n
	}
	return sum
}

// sum is what came since the last reset.
func (m *meter) sum() (bytes float64, requests int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.total(), m.requests
}

// weights opens the pages of the budget's table: once with nothing kept, once more with everything kept.
func (s *stage) weights(t *testing.T) {
	m := &meter{}
	m.reset()
	b := s.tab(t, "", true)
	chromedp.ListenTarget(b.ctx, m.listen(s.base))
	luis := "/cases/" + s.cases["CP-20312"]
	for _, v := range []struct{ who, path string }{
		{"dana@rivervalley.test", "/today"},
		{"dana@rivervalley.test", "/caseload"},
		{"dana@rivervalley.test", luis},
		{"dana@rivervalley.test", luis + "/intake/money"},
		{"dana@rivervalley.test", luis + "/plan"},
		{"dana@rivervalley.test", luis + "/recommendations"},
		{"dana@rivervalley.test", "/pathways/MFG"},
		{"marcus@rivervalley.test", "/approvals"},
		{"rosa@rivervalley.test", "/me"},
	} {
		b.signIn(v.who)
		b.run(network.ClearBrowserCache())
		b.weigh(m, v.path, true)
		b.weigh(m, v.path, false)
	}
	if len(m.strange) > 0 {
		t.Errorf("others are asked: %v", m.strange)
	}
}

// weigh opens a page and holds what came against the budget.
func (b *tab) weigh(m *meter, path string, first bool) {
	b.t.Helper()
	b.visit("about:blank")
	m.reset()
	b.open(path)
	b.does(`document.fonts.ready`)
	size := b.count("*")
	m.mu.Lock()
	defer m.mu.Unlock()
	what, most, requests := fmt.Sprintf("%s, next page", path), float64(nextPage), 100
	switch {
	case first:
		what, most, requests = fmt.Sprintf("%s, first visit", path), firstVisit, firstRequests
	case path == "/caseload":
		most = caseloadPage
	}
	b.t.Logf("%s: %.1f KB in %d requests: %v", what, m.total()/1024, m.requests, m.bytes)
	if m.total() > most || m.requests > requests {
		b.t.Errorf("%s: %.0f bytes in %d requests, may be %.0f in %d", what, m.total(), m.requests, most, requests)
	}
	if first && (m.bytes[".js"] == 0 || m.bytes[".js"] > scriptBudget || m.bytes[".css"] == 0 || m.bytes[".css"] > styleBudget) {
		b.t.Errorf("%s: %.0f bytes of script, %.0f of style", what, m.bytes[".js"], m.bytes[".css"])
	}
	if size > nodes {
		b.t.Errorf("%s: %d nodes, may be %d", what, size, nodes)
	}
}
