package server

import (
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

func (r *request) showPeriods() error {
	report, err := r.report()
	if err != nil {
		return err
	}
	q := r.c.Request.URL.Query()
	i := result.Indicator(r.c.Param("indicator"))
	o, err := r.s.result.Open(r.ctx(), r.by, report, i, q.Get("program"), q.Get("place"))
	if err != nil {
		return err
	}
	c := r.chrome("results", "result.page", msg.Args{"indicator": r.chrome("", "").T("result.indicator." + string(i)), "program": resultpage.Program(r.chrome("", ""), o.Program)})
	if format := q.Get("format"); format != "" {
		return r.download(resultpage.PeriodsTable(c, report, o, q.Get("place")), format)
	}
	return r.show(http.StatusOK, c, resultpage.Periods{Chrome: c, Report: report, Opened: o, Place: q.Get("place")}.Body())
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
	report, err := r.report()
	if err != nil {
		return err
	}
	q := r.c.Request.URL.Query()
	o, err := r.s.result.Open(r.ctx(), r.by, report, result.Indicator(r.c.Param("indicator")), q.Get("program"), q.Get("place"))
	if err != nil {
		return err
	}
	if format := q.Get("format"); export.Known(format) {
		return r.download(resultpage.PeriodsTable(r.chrome("", "result.title"), report, o, q.Get("place")), format)
	}
	return r.json(http.StatusOK, struct {
		Report string `json:"report"`
		Next   string `json:"next"`
		result.Opened
	}{report.String(), "", o})
}
