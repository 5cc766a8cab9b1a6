package result_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/money"
	"waymark/internal/participation"
	"waymark/internal/pg"
	"waymark/internal/result"
	"waymark/internal/world"
)

// cells is one record of the file, by element. This file counts the indicators from the cells alone, by
// domain.md 2.3, as whoever receives the file would.
type cells map[string]string

func (c cells) day(element string) civil.Date {
	v := c[element]
	if v == "" {
		return civil.Date{}
	}
	return civil.MustParse(v[:4] + "-" + v[4:6] + "-" + v[6:])
}

func (c cells) is(element string, codes ...string) bool { return slices.Contains(codes, c[element]) }

func (c cells) programs() (list []string) {
	for program, element := range map[string]string{"adult": "903", "dislocated_worker": "904", "youth": "905", "wagner_peyser": "918"} {
		if c[element] == "1" {
			list = append(list, program)
		}
	}
	return list
}

func (c cells) excluded(program string) bool {
	return c.is("923", "01", "02", "03", "04", "07") || c["923"] == "05" && program == "youth"
}

var out = verdict{place: "out"}

func employedIn(c cells, program, work, placed string) verdict {
	switch {
	case c.excluded(program):
		return out
	case c.is(work, "1", "2", "3"), program == "youth" && c.is(placed, "1", "2", "3"):
		return verdict{place: "in", met: true}
	case c[work] == "9":
		return verdict{place: "pending"}
	}
	return verdict{place: "in"}
}

func earningsIn(c cells, program string) verdict {
	wages, err := money.Parse(c["1704"])
	switch {
	case c.excluded(program):
		return out
	case c["1602"] == "9":
		return verdict{place: "pending"}
	case err == nil && wages > 0 && wages < 99999999:
		return verdict{place: "in", met: true, value: wages}
	}
	return out
}

func credentialIn(c cells, program string, asOf civil.Date) verdict {
	if c.excluded(program) {
		return out
	}
	asked := c["1332"] == "1" || c["408"] == "0" && c["1401"] == "1"
	for _, e := range []string{"1303", "1310", "1315"} {
		asked = asked || c.is(e, "02", "03", "04", "06", "07", "08", "09", "10")
	}
	if program == "youth" {
		asked = asked || c.is("409", "1", "2", "3") || c["1401"] == "1" || c["1403"] != "" || c["1407"] != ""
	}
	if !asked {
		return out
	}
	limit, diploma := c.day("901").AddDays(365), false
	for _, e := range [][2]string{{"1800", "1801"}, {"1802", "1803"}, {"1804", "1805"}} {
		if c[e[0]] == "" || !between(c.day(e[1]), c.day("900"), limit) {
			continue
		}
		if c[e[0]] != "1" {
			return verdict{place: "in", met: true}
		}
		diploma = true
	}
	next, unknown := c["1406"] != "" && !c.day("1406").After(limit), false
	for _, e := range []string{"1600", "1602", "1604", "1606"} {
		next, unknown = next || c.is(e, "1", "2", "3"), unknown || c[e] == "9"
	}
	switch {
	case diploma && next:
		return verdict{place: "in", met: true}
	case !asOf.After(limit), diploma && unknown:
		return verdict{place: "pending"}
	}
	return verdict{place: "in"}
}

func sameEmployerIn(c cells) verdict {
	if slices.ContainsFunc(c.programs(), c.excluded) {
		return out
	}
	switch {
	case c["1602"] == "9":
		return verdict{place: "pending"}
	case !c.is("1602", "1", "2", "3"):
		return out
	case c["1606"] == "9":
		return verdict{place: "pending"}
	}
	return verdict{place: "in", met: c["1618"] == "1"}
}

func gainsIn(c cells, from, to civil.Date) verdict {
	over := c.day("1813")
	if !c.is("923", "", "00", "07") || c["1811"] == "" || c.day("1811").After(to) || !over.IsZero() && over.Before(from) {
		return out
	}
	for _, e := range []string{"1806", "1807", "1808", "1809", "1810"} {
		if c[e] != "" && between(c.day(e), from, to) {
			return verdict{place: "in", met: true}
		}
	}
	for _, e := range [][2]string{{"1800", "1801"}, {"1802", "1803"}, {"1804", "1805"}} {
		if c[e[0]] == "1" && between(c.day(e[1]), from, to) {
			return verdict{place: "in", met: true}
		}
	}
	return verdict{place: "in"}
}

// counted are the verdicts of one record, by indicator and program.
func (c cells) counted(report participation.Quarter, asOf civil.Date) map[string]verdict {
	all := map[string]verdict{}
	exit := c.day("901")
	left := func(i result.Indicator) bool { return !exit.IsZero() && i.Window(report).Contains(exit) }
	from, to := report.Add(-3).First(), report.Last()
	for _, p := range c.programs() {
		if exit.IsZero() || !exit.Before(from) {
			all["participants "+p] = verdict{place: "in", met: true}
			if p != "wagner_peyser" {
				all["skill_gains "+p] = gainsIn(c, from, to)
			}
		}
		if left(result.Exiters) {
			all["exiters "+p] = verdict{place: "in", met: true}
		}
		if left(result.EmploymentQ2) {
			all["employment_q2 "+p], all["median_earnings "+p] = employedIn(c, p, "1602", "1900"), earningsIn(c, p)
		}
		if left(result.EmploymentQ4) {
			all["employment_q4 "+p] = employedIn(c, p, "1606", "1901")
			if p != "wagner_peyser" {
				all["credential "+p] = credentialIn(c, p, asOf)
			}
		}
	}
	if left(result.SameEmployer) {
		all["same_employer all"] = sameEmployerIn(c)
	}
	return all
}

// The file has room for three credentials; a record with more cannot say all of them.
func roomy(h history) bool {
	n := 0
	for _, m := range h.made {
		if !m.gone && (m.kind == "credential" && m.credential != "graduate" || m.kind == "skill_gain" && m.gain == "diploma") {
			n++
		}
	}
	return n <= 3
}

func TestTheFileSaysOfEveryHistoryWhatTheIndicatorsCount(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	d := dice{rand.New(rand.NewPCG(4, 2026))}
	from, known := civil.On(2023, time.January, 1), map[access.CaseID]history{}
	var all []history
	for person := range 4_000 {
		h := d.history(person, from.AddDays(d.IntN(900)), true)
		h.wages = d.wages(h.started)
		all, known[h.id] = append(all, h), h
	}
	store(t, w, all)
	asOf, lag, compared, reached := civil.On(2026, time.August, 14), 45, 0, map[string]int{}
	scope, _ := w.Policy.Scope(access.Actor{Role: access.System}, access.ReadResult)
	actor := access.Actor{Agency: w.Agency.ID, Role: access.System}
	for _, report := range []participation.Quarter{participation.QuarterOf(civil.On(2025, 6, 30)), participation.QuarterOf(civil.On(2026, 6, 30))} {
		var rows []result.Row
		var file map[access.CaseID]map[string]string
		var refused []result.Fix
		if err := w.Owner.Long(t.Context(), actor, func(tx *pg.Tx) (err error) {
			if rows, err = result.RowsOf(tx, scope, asOf, lag, report); err != nil {
				return err
			}
			begun := time.Now()
			file, refused, err = result.FileOf(tx, scope, asOf, lag, report)
			t.Logf("%d records in %v", len(file), time.Since(begun).Round(time.Millisecond))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if len(refused) > 0 {
			t.Errorf("the layout refuses its own file: %+v", refused[0])
		}
		want := map[access.CaseID]map[string]verdict{}
		for _, r := range rows {
			if want[r.CaseID] == nil {
				want[r.CaseID] = map[string]verdict{}
			}
			v := verdict{place: r.Place, met: r.Met}
			if r.Place == "in" {
				v.value = r.Value
			}
			want[r.CaseID][string(r.Indicator)+" "+r.Program] = v
		}
		wrong := 0
		for caseID := range want {
			if file[caseID] == nil {
				t.Fatalf("%s: %+v is counted and not in the file", report, known[caseID])
			}
		}
		for caseID, record := range file {
			if !roomy(known[caseID]) {
				continue
			}
			got := cells(record).counted(report, asOf)
			for _, k := range slices.Sorted(func(yield func(string) bool) {
				for k := range want[caseID] {
					if !yield(k) {
						return
					}
				}
				for k := range got {
					if _, there := want[caseID][k]; !there && !yield(k) {
						return
					}
				}
			}) {
				compared++
				g, w := got[k], want[caseID][k]
				reached[strings.Fields(k)[0]+" "+g.place]++
				if g != w && wrong < 10 {
					wrong++
					t.Errorf("%s %s: the file says %+v, the indicator %+v; %+v", report, k, g, w, known[caseID])
				}
			}
		}
	}
	if compared < 10_000 || len(reached) < 18 {
		t.Errorf("only %d verdicts compared: %v", compared, reached)
	}
}
