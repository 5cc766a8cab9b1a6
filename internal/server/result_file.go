package server

import (
	"errors"
	"iter"
	"net/http"
	"net/url"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/export"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/participation"
	"waymark/internal/result"
	resultpage "waymark/web/page/result"
)

func (s *Server) resultFileRoutes() {
	s.page("GET", "/results/fixes", (*request).showFixes)
	s.page("POST", "/cases/:case/exit/keep", (*request).keepExit)
	s.page("GET", "/results/export", (*request).showExport)
	s.page("POST", "/results/submissions", (*request).submitQuarter)
	s.page("GET", "/results/submissions/:submission", (*request).frozenQuarter)
	s.page("POST", "/results/layouts", (*request).loadLayout)
	s.page("GET", "/results/wages", (*request).showWageFiles)
	s.page("POST", "/results/wages", (*request).importWages)
	s.page("GET", "/results/wages/:import", (*request).showWageLines)
	s.page("GET", "/follow-up", (*request).showFollowUp)
	s.page("GET", "/cases/:case/follow-up", (*request).showAfter)
	s.page("POST", "/cases/:case/follow-up", (*request).endFollowUp)
	s.page("POST", "/cases/:case/wages", (*request).recordWages)

	s.api("GET", "/results/fixes", (*request).apiFixes)
	s.api("POST", "/cases/:case/exit/keep", (*request).apiKeepExit)
	s.api("GET", "/results/export", (*request).apiExport)
	s.api("POST", "/results/submissions", (*request).apiSubmitQuarter)
	s.api("GET", "/results/submissions/:submission", (*request).frozenQuarter)
	s.api("POST", "/results/layouts", (*request).apiLoadLayout)
	s.api("POST", "/results/wages", (*request).apiImportWages)
	s.api("GET", "/results/wages/:import", (*request).apiWageLines)
	s.api("GET", "/follow-up", (*request).apiFollowUp)
	s.api("GET", "/cases/:case/follow-up", (*request).apiAfter)
	s.api("POST", "/cases/:case/follow-up", (*request).apiEndFollowUp)
	s.api("POST", "/cases/:case/wages", (*request).apiRecordWages)
}

func (r *request) showFixes() error { return r.showFixesWith("", nil) }

func (r *request) showFixesWith(of string, refused error) error {
	report, err := r.report()
	if err != nil {
		return err
	}
	if format := r.c.Query("format"); format != "" && refused == nil {
		return r.fixesFile(report, format)
	}
	list, count, err := r.s.result.Fixes(r.ctx(), r.by, report, resultpage.Shown)
	if err != nil {
		return err
	}
	c := r.chrome("results", "fix.page")
	v := resultpage.Fixes{Chrome: c, List: list, Count: count, Report: report, Case: of, Form: page.NewForm(c, "fix", "/results/fixes", nil), Reports: result.Reports(r.today())}
	v.Form.Values = url.Values{"cohort": {report.String()}}
	status := http.StatusOK
	if refused != nil {
		v.Keep, v.Failed, status = page.NewForm(c, "keepexit", "/cases/"+of+"/exit/keep", nil).Refused(r.posted, refused), true, statusOf(refused)
	}
	return r.show(status, v.Chrome, v.Body())
}

// fixesFile sends all of it as a file.
func (r *request) fixesFile(report participation.Quarter, format string) error {
	return r.stream(format, func(fill func(export.Table) error) error {
		return r.s.result.EachFix(r.ctx(), r.by, report, func(n int, rows iter.Seq2[result.Fix, error]) error {
			return fill(resultpage.FixesTable(r.wording(), report, n, rows))
		})
	})
}

func (r *request) keepExit() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in participation.KeepInput
	if err = r.bind(&in); err == nil {
		err = r.s.participation.Keep(r.ctx(), r.by, caseID, in)
	}
	if errs.Is(err, errs.Invalid) && r.s.policy.Allows(r.by, access.KeepExit) {
		return r.showFixesWith(caseID.String(), err)
	}
	if err != nil {
		return err
	}
	return r.done("keepexit.saved", "/results/fixes")
}

func (r *request) apiKeepExit() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in participation.KeepInput
	if err := r.bind(&in); err != nil {
		return err
	}
	if err := r.s.participation.Keep(r.ctx(), r.by, caseID, in); err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, ""), map[string]any{"case_id": caseID, "kind": "kept"})
}

func (r *request) apiFixes() error {
	report, err := r.report()
	if err != nil {
		return err
	}
	list, count, err := r.s.result.Fixes(r.ctx(), r.by, report, wholeList)
	if err != nil {
		return err
	}
	return r.list(list, map[string]any{"report": report.String(), "count": count})
}

func (r *request) showExport() error { return r.showExportWith(nil, nil) }

func (r *request) showExportWith(submit, layout error) error {
	report, err := r.report()
	if asked, wrong := result.ParseReport(r.posted.Get("quarter"), r.today()); submit != nil && wrong == nil {
		report = asked // the quarter that was to be sent
	}
	if err != nil {
		return err
	}
	if format := r.c.Query("format"); format != "" && submit == nil && layout == nil {
		return r.exported(report, format)
	}
	e, err := r.s.result.Export(r.ctx(), r.by, report)
	if err != nil {
		return err
	}
	c := r.chrome("results", "pirl.title")
	v := resultpage.Export{
		Chrome: c, Export: e, Reports: result.Reports(r.today()), Form: page.NewForm(c, "pirl", "/results/export", nil),
		Submit: page.NewForm(c, "submit", "/results/submissions", nil), Layout: page.NewForm(c, "layout", "/results/layouts", nil),
	}
	v.Form.Values = url.Values{"cohort": {report.String()}}
	status := http.StatusOK
	if submit != nil {
		v.Submit, v.Failed, status = v.Submit.Refused(r.posted, submit), true, statusOf(submit)
	}
	if layout != nil {
		v.Layout, v.Failed, status, v.Faults = v.Layout.Refused(r.posted, layout), true, statusOf(layout), refusedFile(layout).Faults
	}
	return r.show(status, v.Chrome, v.Body())
}

// exported is the file as it would be sent now, whole for whom sends it; the workbook is for reading,
// with titles and notice.
func (r *request) exported(report participation.Quarter, format string) error {
	if format != export.CSV {
		return r.stream(format, func(fill func(export.Table) error) error {
			return r.s.result.EachRecord(r.ctx(), r.by, report, func(e result.Export, lines iter.Seq2[[]string, error]) error {
				return fill(resultpage.ExportTable(r.wording(), e, lines))
			})
		})
	}
	var file export.Spool
	defer file.Close()
	r.gathered()
	if _, err := r.s.result.WriteFile(r.c.Request.Context(), r.by, report, &file); err != nil {
		return err
	}
	return r.sendList(&file, "pirl-"+report.String()+".csv", format)
}

// refusedFile is what is said of a file that was refused.
func refusedFile(err error) (d result.Import) {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		d, _ = e.Current.(result.Import)
	}
	return d
}

func (r *request) submitQuarter() error {
	var in result.SubmitInput
	err := r.bind(&in)
	var made result.Submission
	if err == nil {
		made, err = r.s.result.Submit(r.ctx(), r.by, in)
	}
	if errs.Is(err, errs.Invalid) && r.s.policy.Allows(r.by, access.ManageResult) {
		return r.showExportWith(err, nil)
	}
	if err != nil {
		return err
	}
	return r.done("submit.saved", "/results/export?cohort="+made.Quarter.String(), msg.Args{"report": made.Quarter.String(), "revision": made.Revision})
}

func (r *request) apiSubmitQuarter() error {
	var in result.SubmitInput
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.result.Submit(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1/results/submissions/"+made.ID.String(), struct {
		Quarter string `json:"quarter"`
		result.Submission
	}{made.Quarter.String(), made})
}

// frozenQuarter is the file as it was sent, byte by byte.
func (r *request) frozenQuarter() error {
	of, err := param[result.Submission](r, "submission")
	if err != nil {
		return err
	}
	r.gathered()
	made, content, err := r.s.result.Frozen(r.c.Request.Context(), r.by, of)
	if err != nil {
		return err
	}
	return r.attach("pirl-"+made.Quarter.String()+".csv", export.ContentType(export.CSV), []byte(content))
}

func (r *request) apiExport() error {
	report, err := r.report()
	if err != nil {
		return err
	}
	if format := r.c.Query("format"); export.Known(format) {
		return r.exported(report, format)
	}
	e, err := r.s.result.Export(r.ctx(), r.by, report)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, struct {
		Report string `json:"report"`
		result.Export
	}{report.String(), e})
}

func (r *request) loadLayout() error {
	var in result.LayoutInput
	err := r.bind(&in)
	if err == nil {
		_, err = r.s.result.LoadLayout(r.ctx(), r.by, in)
	}
	if errs.Is(err, errs.Invalid) && r.s.policy.Allows(r.by, access.ManageResult) {
		return r.showExportWith(nil, err)
	}
	if err != nil {
		return err
	}
	return r.done("layout.saved", "/results/export")
}

func (r *request) apiLoadLayout() error {
	var in result.LayoutInput
	if err := r.bind(&in); err != nil {
		return err
	}
	l, err := r.s.result.LoadLayout(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1/results/export", l)
}

func (r *request) showWageFiles() error {
	format := r.c.Query("format")
	if format == "" {
		return r.showWageFilesWith(0, nil)
	}
	list, err := r.s.result.Imports(r.ctx(), r.by, wholeList)
	if err != nil {
		return err
	}
	return r.download(resultpage.ImportsTable(r.wording(), list), format)
}

// showWageFilesWith shows a refused file from a line on.
func (r *request) showWageFilesWith(from int, refused error) error {
	list, err := r.s.result.Imports(r.ctx(), r.by, result.ImportsListed)
	if err != nil {
		return err
	}
	c := r.chrome("results", "import.title")
	v := resultpage.Wages{Chrome: c, List: list, Form: page.NewForm(c, "import", "/results/wages", nil)}
	status := http.StatusOK
	if refused != nil {
		v.Form, v.Failed, status = v.Form.Refused(r.posted, refused), true, statusOf(refused)
		v.Refused, v.From = refusedFile(refused), from
	}
	return r.show(status, v.Chrome, v.Body())
}

func (r *request) importWages() error {
	var in result.ImportInput
	err := r.bind(&in)
	var done result.Import
	if err == nil {
		done, err = r.s.result.ImportWages(r.ctx(), r.by, in)
	}
	if errs.Is(err, errs.Invalid) && r.s.policy.Allows(r.by, access.ManageResult) {
		return r.showWageFilesWith(in.From, err)
	}
	if err != nil {
		return err
	}
	key := "import.saved"
	if done.Again {
		key = "import.again"
	}
	return r.done(key, "/results/wages/"+done.ID.String(), msg.Args{"added": done.Added, "changed": done.Changed, "same": done.Same})
}

func (r *request) apiImportWages() error {
	var in result.ImportInput
	if err := r.bind(&in); err != nil {
		return err
	}
	done, err := r.s.result.ImportWages(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1/results/wages/"+done.ID.String(), done)
}
