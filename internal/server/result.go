package server

import (
	"iter"
	"net/http"
	"net/url"

	"waymark/internal/access"
	"waymark/internal/export"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/participation"
	"waymark/internal/result"
	resultpage "waymark/web/page/result"
)

func (s *Server) resultRoutes() {
	s.page("GET", "/results", (*request).showResults)
	s.page("GET", "/results/:indicator", (*request).showPeriods)
	s.page("POST", "/results/targets", (*request).setTarget)

	s.api("GET", "/results", (*request).apiResults)
	s.api("GET", "/results/:indicator", (*request).apiPeriods)
	s.api("POST", "/results/targets", (*request).apiSetTarget)
	s.api("GET", "/reports/performance", (*request).apiResults)
}

// report is the quarter asked for: cohort=2026-Q4, or program_year= and quarter= as api.md has it.
func (r *request) report() (participation.Quarter, error) {
	q := r.c.Request.URL.Query()
	text := q.Get("cohort")
	if text == "" && q.Get("program_year") != "" {
		part := q.Get("quarter")
		if part == "" {
			part = "4" // the last quarter of a program year ends on June 30: the annual report
		}
		text = programQuarter(q.Get("program_year"), part)
	}
	return result.ParseReport(text, r.today())
}

// programQuarter is the calendar quarter of a quarter of a program year: the first begins on July 1.
func programQuarter(year, part string) string {
	if len(year) != 4 || len(part) != 1 || part[0] < '1' || part[0] > '4' {
		return year + "?" + part
	}
	if part >= "3" {
		next := []byte(year)
		for i := 3; i >= 0; i-- {
			if next[i] != '9' {
				next[i]++
				break
			}
			next[i] = '0'
		}
		return string(next) + "-Q" + string(part[0]-2)
	}
	return year + "-Q" + string(part[0]+2)
}

func (r *request) showResults() error { return r.showResultsWith(nil) }

func (r *request) showResultsWith(refused error) error {
	report, wrong := r.report()
	if wrong != nil {
		report = participation.QuarterOf(r.today())
	}
	o, err := r.s.result.Overview(r.ctx(), r.by, report)
	if err != nil {
		return err
	}
	c := r.chrome("results", "result.title")
	if format := r.c.Query("format"); format != "" {
		return r.download(resultpage.OverviewTable(c, o), format)
	}
	f := page.NewForm(c, "result", "/results", nil)
	f.Values = url.Values{"cohort": {report.String()}}
	status := http.StatusOK
	if wrong != nil {
		f, status, c.Failed = f.Refused(url.Values(c.Query), wrong), statusOf(wrong), true
	}
	v := resultpage.Overview{Chrome: c, Overview: o, Reports: result.Reports(r.today()), Form: f, Target: page.NewForm(c, "target", "/results/targets?cohort="+report.String(), nil)}
	if refused != nil {
		v.Target, v.Failed, status = v.Target.Refused(r.posted, refused), true, statusOf(refused)
	}
	return r.show(status, v.Chrome, v.Body())
}

// mostPeriods bounds what one answer of the API lists; a file has them all.
const mostPeriods = 1_000_000

// asked is the number that an address names, and which of its periods.
func (r *request) askedNumber() (a result.Asked, err error) {
	q := r.c.Request.URL.Query()
	a = result.Asked{Indicator: result.Indicator(r.c.Param("indicator")), Program: q.Get("program"), Place: q.Get("place")}
	a.Report, err = r.report()
	return a, err
}

func (r *request) showPeriods() error {
	a, err := r.askedNumber()
	if err != nil {
		return err
	}
	if format := r.c.Query("format"); format != "" {
		return r.periodsFile(a, format)
	}
	o, err := r.s.result.Open(r.ctx(), r.by, a, resultpage.Shown)
	if err != nil {
		return err
	}
	w := r.wording()
	c := r.chrome("results", "result.page", msg.Args{"indicator": w.T("result.indicator." + string(a.Indicator)), "program": resultpage.Program(w, o.Program)})
	return r.show(http.StatusOK, c, resultpage.Periods{Chrome: c, Report: a.Report, Opened: o, Place: a.Place}.Body())
}

// periodsFile sends all periods of a number as a file.
func (r *request) periodsFile(a result.Asked, format string) error {
	return r.stream(format, func(fill func(export.Table) error) error {
		return r.s.result.EachPeriod(r.ctx(), r.by, a, func(o result.Opened, rows iter.Seq2[result.Counted, error]) error {
			return fill(resultpage.PeriodsTable(r.wording(), a, o.Number, rows))
		})
	})
}

func (r *request) setTarget() error {
	var in result.TargetInput
	err := r.bind(&in)
	if err == nil {
		_, err = r.s.result.SetTarget(r.ctx(), r.by, in)
	}
	if correctable(err) {
		if !r.s.policy.Allows(r.by, access.ManageResult) {
			return err
		}
		return r.showResultsWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("target.saved", "/results?cohort="+url.QueryEscape(r.c.Query("cohort")))
}

func (r *request) apiSetTarget() error {
	var in result.TargetInput
	if err := r.bind(&in); err != nil {
		return err
	}
	t, err := r.s.result.SetTarget(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1/results", t)
}

func (r *request) apiResults() error {
	report, err := r.report()
	if err != nil {
		return err
	}
	o, err := r.s.result.Overview(r.ctx(), r.by, report)
	if err != nil {
		return err
	}
	if p := r.c.Query("program"); p != "" {
		for _, t := range o.Tables {
			if t.Program == p {
				o.Tables = []result.Table{t}
				break
			}
		}
	}
	return r.json(http.StatusOK, struct {
		Report string `json:"report"`
		result.Overview
	}{report.String(), o})
}

func (r *request) apiPeriods() error {
	a, err := r.askedNumber()
	if err != nil {
		return err
	}
	if format := r.c.Query("format"); export.Known(format) {
		return r.periodsFile(a, format)
	}
	o, err := r.s.result.Open(r.ctx(), r.by, a, mostPeriods)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, struct {
		Report string `json:"report"`
		Next   string `json:"next"`
		result.Opened
	}{a.Report.String(), "", o})
}
