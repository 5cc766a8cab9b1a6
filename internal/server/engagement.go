package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/engagement"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/participation"
	engagementpage "waymark/web/page/engagement"
)

func (s *Server) engagementRoutes() {
	s.page("GET", "/cases/:case/check-ins", (*request).showTalks)
	s.page("GET", "/cases/:case/check-ins/new", (*request).newCheckIn)
	s.page("POST", "/cases/:case/check-ins", (*request).recordCheckIn)
	s.page("GET", "/cases/:case/check-ins/:checkin/correct", (*request).correctCheckIn)
	s.button("/cases/:case/check-ins/:checkin/undo", (*request).undoCheckIn)

	s.api("GET", "/cases/:case/check-ins", (*request).apiCheckIns)
	s.api("GET", "/cases/:case/check-ins/:checkin", (*request).apiCheckIn)
	s.api("POST", "/cases/:case/check-ins", (*request).apiRecordCheckIn)
	s.action("POST", "/cases/:case/check-ins/:checkin/undo", (*request).apiUndoCheckIn)
}

func checkInDraft(caseID access.CaseID) string { return "checkin:" + caseID.String() }

// checkInIDs are the case and the check-in of the path.
func (r *request) checkInIDs() (caseID access.CaseID, checkInID engagement.CheckInID, err error) {
	if caseID, err = r.caseID(); err != nil {
		return caseID, checkInID, err
	}
	checkInID, err = param[engagement.CheckIn](r, "checkin")
	return caseID, checkInID, err
}

// newCheckIn is the form on its own page; htmx asks for the row of Today with the form in it.
func (r *request) newCheckIn() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	start, err := r.s.engagement.Begin(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "checkin.with", msg.Args{"name": start.Case.Name()})
	next := r.c.Query("next")
	row := r.c.Query("row")
	if !r.partial() {
		row = ""
	}
	quick, err := r.quick(c, start, next, row, nil)
	if err != nil {
		return err
	}
	if row != "" {
		return r.showRow(http.StatusOK, row, quick, next)
	}
	return r.show(http.StatusOK, c, quick.Body())
}

// quick makes the form: preset, as it was left, or as it was refused.
func (r *request) quick(c page.Chrome, start engagement.Start, next, row string, refused error) (engagementpage.Quick, error) {
	f := page.NewForm(c, "checkin", casePath(start.Case.ID, "/check-ins"), start.In)
	if row != "" {
		f.Row = "-" + row
	}
	if refused != nil {
		f = f.Refused(r.posted, refused)
	}
	f = r.restore(f, checkInDraft(start.Case.ID), "checkin.form")
	set, err := r.s.participation.List(r.ctx(), r.by, start.Case.ID)
	return engagementpage.Quick{
		Chrome: c, Form: f, Start: start, Next: r.backTo(next, start.Case.ID), Row: row,
		Services: engagementpage.TalkServices(c, set, c.Today, participation.RecordID{}),
	}, err
}

// backTo is where a form leads back to: the page it was opened from, else the case's check-ins.
func (r *request) backTo(next string, caseID access.CaseID) string {
	if next = safeNext(next); next != "/" {
		return next
	}
	return casePath(caseID, "/check-ins")
}

func (r *request) recordCheckIn() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	row, next := r.posted.Get("row"), r.backTo(r.posted.Get("next"), caseID)
	if r.posted.Get("go") == "preview" || r.c.Query("preview") != "" {
		return r.previewCheckIn(caseID, row, next)
	}
	delete(r.posted, "row")
	var in engagement.CheckInInput
	var made engagement.Recorded
	if err = r.bind(&in); err == nil {
		// A milestone whose question was left open was not talked about.
		in.Progress = slices.DeleteFunc(in.Progress, func(p engagement.ProgressInput) bool { return p.Status == "" })
		made, err = r.s.engagement.Record(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.refuseCheckIn(caseID, in, row, next, err)
	}
	if err != nil {
		return err
	}
	r.clearDraft(checkInDraft(caseID))
	switch {
	case r.posted.Get("go") == "next":
		return r.openNext(caseID, next)
	case r.partial() && row != "":
		return r.showDone(row, next, made.CheckIn)
	}
	return r.go303(withQuery(next, "saved", caseID.String()))
}

// refuseCheckIn shows the form as typed, in its row or on its page.
func (r *request) refuseCheckIn(caseID access.CaseID, in engagement.CheckInInput, row, next string, refused error) error {
	if !in.Supersedes.IsZero() {
		return r.showCorrection(caseID, in.Supersedes, refused)
	}
	start, err := r.s.engagement.Begin(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "checkin.with", msg.Args{"name": start.Case.Name()})
	c.Failed = true
	quick, err := r.quick(c, start, next, row, refused)
	if err != nil {
		return err
	}
	if r.partial() && row != "" {
		return r.showRow(statusOf(refused), row, quick, next)
	}
	quick.Row, quick.Form.Row = "", ""
	return r.show(statusOf(refused), c, quick.Body())
}

// openNext goes down the list: the next person to talk with, with the form open.
func (r *request) openNext(of access.CaseID, next string) error {
	list, err := r.s.today.List(r.ctx(), r.by)
	if err != nil {
		return err
	}
	target := withQuery(next, "saved", of.String())
	if item, ok := list.After(of); ok {
		target = withQuery(withQuery("/today", "saved", of.String()), "open", item.Key())
	}
	return r.go303(target)
}

// withQuery sets one value of a local address.
func withQuery(path, key, value string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	q := u.Query()
	q.Set(key, value)
	u.RawQuery = q.Encode()
	return u.String()
}

func (r *request) correctCheckIn() error {
	caseID, checkInID, err := r.checkInIDs()
	if err != nil {
		return err
	}
	return r.showCorrection(caseID, checkInID, nil)
}

// showCorrection is the form filled with what was recorded, and why it is corrected.
func (r *request) showCorrection(caseID access.CaseID, checkInID engagement.CheckInID, refused error) error {
	start, was, err := r.s.engagement.CheckIn(r.ctx(), r.by, caseID, checkInID)
	if err != nil {
		return err
	}
	if !was.Live && refused == nil {
		return errs.New(errs.Conflict, "checkin.replaced")
	}
	c := r.chrome("caseload", "checkin.correct_of", msg.Args{"name": start.Case.Name(), "on": msg.For(r.lang()).Date(was.HeldOn)})
	start = start.Correcting(was)
	f := page.NewForm(c, "checkin", casePath(caseID, "/check-ins"), start.In)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	set, err := r.s.participation.List(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	v := engagementpage.Quick{Chrome: c, Form: f, Start: start, Next: casePath(caseID, "/check-ins"), Services: engagementpage.TalkServices(c, set, was.HeldOn, was.ServiceID), Correcting: was}
	return r.show(status, c, v.Body())
}

// caseOfRow is the case that a row's key names.
func caseOfRow(key string) (access.CaseID, bool) {
	c, err := id.Parse[access.Case](strings.TrimSuffix(key, "-m"))
	return c, err == nil
}
