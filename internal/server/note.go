package server

import (
	"net/http"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/engagement"
	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/notetemplate"
	"waymark/internal/page"
	engagementpage "waymark/web/page/engagement"
)

func (s *Server) noteRoutes() {
	s.page("POST", "/cases/:case/notes", (*request).writeNote)
	s.page("GET", "/cases/:case/notes/:note/correct", (*request).correctNote)
	s.page("POST", "/cases/:case/requests", (*request).addAsk)
	s.page("POST", "/cases/:case/requests/:request/received", (*request).receiveAsk)

	s.api("GET", "/cases/:case/notes", (*request).apiNotes)
	s.api("POST", "/cases/:case/notes", (*request).apiWriteNote)
	s.api("GET", "/cases/:case/requests", (*request).apiAsks)
	s.api("POST", "/cases/:case/requests", (*request).apiAddAsk)
	s.api("POST", "/cases/:case/requests/:request/received", (*request).apiReceiveAsk)
}

func noteDraft(caseID access.CaseID) string { return "note:" + caseID.String() }

// noteForm is the form of a new note, as it was left or as it was refused.
func (r *request) noteForm(c page.Chrome, refused error) page.Form {
	caseID, _ := r.caseID()
	f := page.NewForm(c, "note", casePath(caseID, "/notes"), engagement.NoteInput{WrittenOn: r.today(), Visibility: "staff"})
	if refused != nil {
		f = f.Refused(r.posted, refused)
	}
	f = r.restore(f, noteDraft(caseID), "note.add")
	f.Row = "-new"
	return f
}

// fromTemplate puts the text of the template that the address names into the form of a new note, below what was typed before.
func (r *request) fromTemplate(f page.Form, list []notetemplate.Template) (page.Form, error) {
	named := r.c.Query("template")
	if named == "" || f.Failed {
		return f, nil
	}
	i := slices.IndexFunc(list, func(t notetemplate.Template) bool { return t.ID.String() == named })
	if i < 0 {
		return f, errs.New(errs.NotFound, "not_found")
	}
	title, text := list[i].In(r.lang())
	if f.Values.Get("subject") == "" {
		f.Values.Set("subject", title)
	}
	if typed := f.Values.Get("body"); !strings.Contains(typed, text) {
		f.Values.Set("body", strings.TrimLeft(typed+"\n\n"+text, "\n"))
	}
	return f, nil
}

// noteTemplates are those that a note can begin from.
func (r *request) noteTemplates() ([]notetemplate.Template, error) {
	list, err := r.s.noteTemplates.List(r.c.Request.Context(), r.by)
	return slices.DeleteFunc(list, func(t notetemplate.Template) bool { return t.Archived }), err
}

func (r *request) writeNote() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in engagement.NoteInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.engagement.Write(r.ctx(), r.by, caseID, in)
	}
	switch {
	case correctable(err) && !in.Supersedes.IsZero():
		return r.showNoteCorrection(caseID, in, err)
	case correctable(err):
		c := r.chrome("caseload", "")
		return r.showTalkPage(c, statusOf(err), r.noteForm(c, err), r.askForm(c, nil))
	case err != nil:
		return err
	}
	return r.done("note.saved", casePath(caseID, "/check-ins"))
}

func (r *request) correctNote() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	noteID, err := param[engagement.Note](r, "note")
	if err != nil {
		return err
	}
	list, err := r.s.engagement.Notes(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	for _, n := range list {
		if n.ID == noteID && n.Live {
			return r.showNoteCorrection(caseID, engagement.NoteInput{Subject: n.Subject, Body: n.Body, Visibility: n.Visibility, WrittenOn: r.today(), Supersedes: n.ID}, nil)
		}
	}
	return errs.New(errs.NotFound, "not_found")
}

func (r *request) showNoteCorrection(caseID access.CaseID, in engagement.NoteInput, refused error) error {
	if err := r.s.policy.Require(r.by, access.WriteNote); err != nil {
		return err
	}
	of, _, err := r.s.engagement.Outcomes(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "note.correct_of", msg.Args{"name": of.Name()})
	f := page.NewForm(c, "note", casePath(caseID, "/notes"), in)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	return r.show(status, c, engagementpage.NoteCorrection{Chrome: c, Case: of, Form: f}.Body())
}

func (r *request) apiNotes() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	list, err := r.s.engagement.Notes(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiWriteNote() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in engagement.NoteInput
	if err := r.bind(&in); err != nil {
		return err
	}
	n, err := r.s.engagement.Write(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, "/notes")+"#"+n.ID.String(), n)
}
