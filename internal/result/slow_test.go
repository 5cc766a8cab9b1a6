package result_test

import (
	"slices"
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/money"
)

// This file counts the indicators a second time, from the text of domain.md 2 and nothing else: one
// history at a time, with loops and dates, slowly. The SQL is held against it on random histories.

// history is a period of participation and everything that was recorded about it.
type history struct {
	id       access.CaseID
	person   int
	programs []string
	started  civil.Date
	exit     civil.Date
	leaving  []leaving
	services []service
	made     []made
	wages    []wage // the person's, whichever period
	school0  bool   // no level of school completed, 408
	inSchool bool   // ISY
}

type leaving struct{ kind, exclusion string }

type service struct {
	code        string
	from, until civil.Date
	ongoing     bool
	planned     bool
	gone        bool // cancelled or corrected
}

type made struct {
	kind, credential, gain, level string
	hours                         int
	on, until                     civil.Date
	gone                          bool
}

type wage struct {
	year, quarter int
	source        string
	employment    string
	cents         money.Cents
	noCents       bool
	feins         []string
	gone          bool
}

// verdict is where a period stands in an indicator.
type verdict struct {
	place  string
	met    bool
	value  money.Cents
	reason string
}

// first and last days of the n-th calendar quarter after the one of a date.
func quarterAfter(d civil.Date, n int) (first, last civil.Date) {
	start := civil.On(d.Year(), (d.Month()-1)/3*3+1, 1)
	first = start.AddMonths(3 * n)
	return first, first.AddMonths(3).AddDays(-1)
}

func between(d, from, to civil.Date) bool { return !d.Before(from) && !d.After(to) }

func (h history) exclusion() string {
	if h.exit.IsZero() {
		return "00"
	}
	code := "00"
	for _, l := range h.leaving {
		switch l.kind {
		case "exit":
			code = l.exclusion
		case "return":
			code = "00"
		}
	}
	return code
}

func (h history) excluded(program string) bool {
	switch h.exclusion() {
	case "01", "02", "03", "04", "07":
		return true
	case "05":
		return program == "youth"
	}
	return false
}

// best is the record that counts for the n-th quarter after exit: work before no work, then by source.
func (h history) best(n int) *wage {
	first, _ := quarterAfter(h.exit, n)
	var found *wage
	for i, w := range h.wages {
		if w.gone || w.year != first.Year() || w.quarter != int(first.Month()-1)/3+1 {
			continue
		}
		better := found == nil || found.employment == "0" && w.employment != "0" ||
			(found.employment == "0") == (w.employment == "0") && w.source < found.source
		if better {
			found = &h.wages[i]
		}
	}
	return found
}

// settled reports that what is not known of the quarter by now counts as no match: the report in
// which it first appears, two quarters later, is past its lag.
func (h history) settled(n int, asOf civil.Date, lag int) bool {
	_, last := quarterAfter(h.exit, n+2)
	return asOf.After(last.AddDays(lag))
}

func (h history) work(n int, asOf civil.Date, lag int) string {
	switch w := h.best(n); {
	case w != nil && w.employment != "0":
		return "employed"
	case w != nil:
		return "not_employed"
	case h.settled(n, asOf, lag):
		return "no_match"
	}
	return "not_yet"
}

// enrolled reports schooling in the n-th quarter after exit.
func (h history) enrolled(n int) bool {
	first, last := quarterAfter(h.exit, n)
	for _, m := range h.made {
		if m.kind == "schooling" && !m.gone && !m.on.After(last) && (m.until.IsZero() || !m.until.Before(first)) {
			return true
		}
	}
	return false
}

func (h history) employment(program string, n int, asOf civil.Date, lag int) verdict {
	if h.excluded(program) {
		return verdict{place: "out", reason: "excluded_" + h.exclusion()}
	}
	state := h.work(n, asOf, lag)
	switch {
	case state == "employed":
		return verdict{place: "in", met: true, reason: "employed"}
	case program == "youth" && h.enrolled(n):
		return verdict{place: "in", met: true, reason: "in_school"}
	case state == "not_yet":
		return verdict{place: "pending", reason: state}
	}
	return verdict{place: "in", reason: state}
}

func (h history) earnings(program string, asOf civil.Date, lag int) verdict {
	if h.excluded(program) {
		return verdict{place: "out", reason: "excluded_" + h.exclusion()}
	}
	switch state := h.work(2, asOf, lag); state {
	case "employed":
		w := h.best(2)
		if w.noCents {
			return verdict{place: "out", reason: "wages_unknown"}
		}
		if w.cents == 0 {
			return verdict{place: "out", reason: "zero_wages"}
		}
		return verdict{place: "in", met: true, value: w.cents, reason: "wages"}
	case "not_yet":
		return verdict{place: "pending", reason: state}
	default:
		return verdict{place: "out", reason: state}
	}
}

// isTraining are the codes of 1303 and the youth elements that are education or training.
func isTraining(code string) bool {
	return code >= "T01" && code <= "T12" || code == "Y02" || code == "Y04" || code == "Y05"
}

func (h history) credential(program string, asOf civil.Date, lag int) verdict {
	if h.excluded(program) {
		return verdict{place: "out", reason: "excluded_" + h.exclusion()}
	}
	asked, any, secondary, college := program == "youth" && h.inSchool, false, false, false
	for _, s := range h.services {
		if s.gone || s.planned || !isTraining(s.code) {
			continue
		}
		any = true
		if slices.Contains([]string{"T02", "T03", "T04", "T06", "T07", "T08", "T09", "T10", "Y04"}, s.code) || program == "youth" && s.code[0] == 'Y' {
			asked = true
		}
	}
	for _, m := range h.made {
		if m.gone || m.kind != "schooling" || m.on.After(h.exit) || !m.until.IsZero() && m.until.Before(h.started) {
			continue
		}
		college = college || m.level == "postsecondary"
		secondary = secondary || m.level == "secondary"
	}
	asked = asked || college || secondary && (h.school0 || program == "youth")
	if !asked {
		if any {
			return verdict{place: "out", reason: "training_without_credential"}
		}
		return verdict{place: "out", reason: "no_training"}
	}
	limit := h.exit.AddDays(365)
	diploma, next := false, false
	for _, m := range h.made {
		if m.gone {
			continue
		}
		if m.kind == "credential" && m.credential != "diploma" && m.credential != "graduate" && between(m.on, h.started, limit) {
			return verdict{place: "in", met: true, reason: "credential"}
		}
		if (m.kind == "credential" && m.credential == "diploma" || m.kind == "skill_gain" && m.gain == "diploma") && between(m.on, h.started, limit) {
			diploma = true
		}
		if m.kind == "schooling" && m.on.After(h.exit) && !m.on.After(limit) {
			next = true
		}
	}
	unknown := false
	for n := 1; n <= 4; n++ {
		switch h.work(n, asOf, lag) {
		case "employed":
			next = true
		case "not_yet":
			unknown = true
		}
	}
	switch {
	case diploma && next:
		return verdict{place: "in", met: true, reason: "diploma_and_next"}
	case !asOf.After(limit):
		return verdict{place: "pending", reason: "window_open"}
	case diploma && unknown:
		return verdict{place: "pending", reason: "not_yet"}
	case diploma:
		return verdict{place: "in", reason: "diploma_alone"}
	}
	return verdict{place: "in", reason: "no_credential"}
}

func (h history) sameEmployer(asOf civil.Date, lag int) verdict {
	for _, p := range h.programs {
		if h.excluded(p) {
			return verdict{place: "out", reason: "excluded_" + h.exclusion()}
		}
	}
	switch h.work(2, asOf, lag) {
	case "not_yet":
		return verdict{place: "pending", reason: "not_yet"}
	case "employed":
	default:
		return verdict{place: "out", reason: "not_employed_q2"}
	}
	switch state := h.work(4, asOf, lag); state {
	case "not_yet":
		return verdict{place: "pending", reason: state}
	case "employed":
	default:
		return verdict{place: "in", reason: state}
	}
	a, b := h.best(2).feins, h.best(4).feins
	for _, fein := range a {
		if slices.Contains(b, fein) {
			return verdict{place: "in", met: true, reason: "same_employer"}
		}
	}
	if len(a) > 0 && len(b) > 0 {
		return verdict{place: "in", reason: "other_employer"}
	}
	return verdict{place: "in", reason: "employer_unknown"}
}

func (h history) skillGains(from, to civil.Date) verdict {
	if x := h.exclusion(); x != "00" && x != "07" && !h.exit.After(to) { // an exit after the period is not known in it
		return verdict{place: "out", reason: "excluded_" + x}
	}
	now, before := false, false
	study := func(on, until civil.Date, open bool) {
		if on.After(to) {
			return
		}
		if open || !until.Before(civil.Later(from, h.started)) {
			now = true
		} else {
			before = true
		}
	}
	for _, s := range h.services {
		if !s.gone && !s.planned && isTraining(s.code) {
			study(s.from, civil.Later(s.from, s.until), s.ongoing && s.until.IsZero())
		}
	}
	for _, m := range h.made {
		if !m.gone && m.kind == "schooling" && (h.exit.IsZero() || !m.on.After(h.exit)) {
			study(m.on, m.until, m.until.IsZero())
		}
	}
	if !now {
		if before {
			return verdict{place: "out", reason: "training_over"}
		}
		return verdict{place: "out", reason: "no_training"}
	}
	for i, m := range h.made {
		if m.gone || !between(m.on, civil.Later(from, h.started), to) {
			continue
		}
		if m.kind == "credential" && m.credential == "diploma" || m.kind == "skill_gain" && (m.gain != "transcript" || h.transcript(i)) {
			return verdict{place: "in", met: true, reason: "gain"}
		}
	}
	return verdict{place: "in", reason: "no_gain"}
}

// transcript reports that one is enough: a semester of school, 12 hours of college, or with an
// earlier part-time semester of the last twelve months 12 hours together.
func (h history) transcript(i int) bool {
	m := h.made[i]
	if m.level == "secondary" || m.hours >= 12 {
		return true
	}
	for _, e := range h.made {
		if !e.gone && e.kind == "skill_gain" && e.gain == "transcript" && e.level == "postsecondary" && e.hours < 12 &&
			e.on.Before(m.on) && !e.on.Before(yearBefore(m.on)) && e.hours+m.hours >= 12 {
			return true
		}
	}
	return false
}

func yearBefore(d civil.Date) civil.Date { return d.AddMonths(-12) }

// key names a row of a report.
type key struct {
	report    string
	indicator string
	program   string
	id        access.CaseID
}

// rows are all verdicts of a history for the report on a quarter.
func (h history) rows(year, quarter int, asOf civil.Date, lag int) map[key]verdict {
	all := map[key]verdict{}
	end := civil.On(year, time.Month(quarter*3), 1).AddMonths(1).AddDays(-1)
	report := end.String()
	from := end.AddDays(1).AddMonths(-12)
	put := func(indicator, program string, v verdict) { all[key{report, indicator, program, h.id}] = v }
	within := func(back, until int) bool { // exited in the quarters R-back .. R-until
		first, _ := quarterAfter(end, -back)
		_, last := quarterAfter(end, -until)
		return !h.exit.IsZero() && between(h.exit, first, last)
	}
	for _, p := range h.programs {
		if !h.started.After(end) && (h.exit.IsZero() || !h.exit.Before(from)) {
			put("participants", p, verdict{"in", true, 0, "served"})
			if p != "wagner_peyser" {
				put("skill_gains", p, h.skillGains(from, end))
			}
		}
		if within(4, 1) {
			put("exiters", p, verdict{"in", true, 0, "exited"})
		}
		if within(7, 4) {
			put("employment_q2", p, h.employment(p, 2, asOf, lag))
			put("median_earnings", p, h.earnings(p, asOf, lag))
		}
		if within(9, 6) {
			put("employment_q4", p, h.employment(p, 4, asOf, lag))
			if p != "wagner_peyser" {
				put("credential", p, h.credential(p, asOf, lag))
			}
		}
	}
	if within(9, 6) {
		put("same_employer", "all", h.sameEmployer(asOf, lag))
	}
	return all
}

// median of an even number is the mean of the middle two, half a cent rounded up.
func median(list []money.Cents) money.Cents {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	a, b := list[(len(list)-1)/2], list[len(list)/2]
	return (a + b + 1) / 2
}
