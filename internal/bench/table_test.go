package bench

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"waymark/internal/heap"
)

// goals are how many times the floor a median may take with one client (design/performance.md, "Goals").
// They are goals; decisions.md sets the gate at 1.25 times each, and the table says what lies beyond it.
var goals = map[string]float64{"list": 2, "list-json": 1.6, "today": 2, "search": 2, "detail": 1.3, "check-in": 1.6}

// shares are the least part of the floor's requests a second that sixteen clients are to get.
var shares = map[string]float64{"list": 0.5, "detail": 0.8}

// growthGoal is how much longer a median of what stands below may take from the smallest to the largest agency. Search
// and the team's numbers grow with whom they find and with the office.
const growthGoal = 1.3

var steady = []string{"list", "list-json", "today", "detail", "check-in"}

// measured is one row of the table.
type measured struct {
	op          string
	people      int
	ours, floor time.Duration
	// perSecond, floorPerSecond and share are of sixteen clients; zero where that was not measured.
	perSecond, floorPerSecond, share float64
}

// book gathers the rows while the benchmarks run.
var book struct {
	sync.Mutex
	rows []measured
}

func note(m measured) {
	book.Lock()
	defer book.Unlock()
	book.rows = slices.DeleteFunc(book.rows, func(was measured) bool { // a benchmark that is run again counts once
		return was.op == m.op && was.people == m.people && (was.perSecond > 0) == (m.perSecond > 0)
	})
	book.rows = append(book.rows, m)
}

// TestMain prints what `make bench` is for, once everything was measured.
func TestMain(m *testing.M) {
	heap.ForServing()          // as `waymark serve` does
	runtime.MemProfileRate = 0 // as the linker leaves it there, where nothing reads the profile; who allocates more gains more
	code := m.Run()
	printTable(os.Stdout, book.rows)
	os.Exit(code)
}

func printTable(w io.Writer, rows []measured) {
	if len(rows) == 0 {
		return
	}
	slices.SortStableFunc(rows, func(a, b measured) int {
		return cmp.Or(cmp.Compare(a.people, b.people), cmp.Compare(a.perSecond, b.perSecond))
	})
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "\n\tpeople\tours\tfloor\tratio\tgoal\t\t\n")
	for _, r := range rows {
		if r.perSecond > 0 {
			fmt.Fprintf(t, "%s, 16 clients\t%d\t%.0f/s\t%.0f/s\t%.2f\t%s\t%s\t\n", r.op, r.people, r.perSecond, r.floorPerSecond, r.share, goalText(shares[r.op]), verdict(shares[r.op], r.share)) // more is better
			continue
		}
		ratio := float64(r.ours) / float64(r.floor)
		fmt.Fprintf(t, "%s\t%d\t%d us\t%d us\t%.2f\t%s\t%s\t\n", r.op, r.people, r.ours.Microseconds(), r.floor.Microseconds(), ratio, goalText(goals[r.op]), verdict(ratio, goals[r.op]))
	}
	for _, g := range growths(rows) {
		goal := 0.0
		if slices.Contains(steady, g.op) {
			goal = growthGoal
		}
		fmt.Fprintf(t, "%s, growth\t%d\t%d us\t%d us\t%.2f\t%s\t%s\t\n", g.op, g.people, g.ours.Microseconds(), g.floor.Microseconds(), float64(g.ours)/float64(g.floor), goalText(goal), verdict(float64(g.ours)/float64(g.floor), goal))
	}
	_ = t.Flush()
	fmt.Fprintf(w, "memory of this process, floor and seeding included: %s\n", resident())
}

// growths hold the largest agency against the smallest: ours is the one, floor the other.
func growths(rows []measured) (list []measured) {
	small, large := map[string]measured{}, map[string]measured{}
	for _, r := range rows {
		if r.perSecond > 0 {
			continue
		}
		if was, ok := small[r.op]; !ok || r.people < was.people {
			small[r.op] = r
		}
		if was, ok := large[r.op]; !ok || r.people > was.people {
			large[r.op] = r
		}
	}
	for op, l := range large {
		if s := small[op]; s.people < l.people {
			list = append(list, measured{op: op, people: l.people, ours: l.ours, floor: s.ours})
		}
	}
	slices.SortFunc(list, func(a, b measured) int { return strings.Compare(a.op, b.op) })
	return list
}

func goalText(goal float64) string {
	if goal == 0 {
		return "none"
	}
	return fmt.Sprintf("%.2f", goal)
}

// verdict says how what was reached stands to its bound: within it, within 1.25 times of it, or beyond.
func verdict(reached, bound float64) string {
	switch {
	case bound == 0 || reached == 0:
		return ""
	case reached <= bound:
		return "met"
	case reached <= 1.25*bound:
		return "within the gate"
	}
	return "beyond the gate"
}

// resident is the memory of the process as Linux counts it.
func resident() string {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "not known here"
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return "not known here"
}

func TestTheTableSaysWhatIsBeyondTheGate(t *testing.T) {
	var b strings.Builder
	printTable(&b, []measured{
		{op: "list", people: 100, ours: 3 * time.Millisecond, floor: time.Millisecond},
		{op: "list", people: 10, ours: 2 * time.Millisecond, floor: time.Millisecond},
		{op: "list", people: 10, perSecond: 60, floorPerSecond: 100, share: 0.6},
	})
	text := strings.Join(strings.Fields(b.String()), " ")
	for _, want := range []string{
		"list 10 2000 us 1000 us 2.00 2.00 met", "list, 16 clients 10 60/s 100/s 0.60 0.50 met",
		"list 100 3000 us 1000 us 3.00 2.00 beyond the gate", "list, growth 100 3000 us 2000 us 1.50 1.30 within the gate",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the table lacks %q:\n%s", want, b.String())
		}
	}
}
