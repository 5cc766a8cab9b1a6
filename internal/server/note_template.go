package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/notetemplate"
	"waymark/internal/page"
	setuppage "waymark/web/page/setup"
)

func (s *Server) noteTemplateRoutes() {
	s.page("GET", "/setup/note-templates", (*request).showNoteTemplates)
	s.page("POST", "/setup/note-templates", (*request).addNoteTemplate)
	s.page("GET", "/setup/note-templates/:template", (*request).showNoteTemplate)
	s.page("POST", "/setup/note-templates/:template", (*request).changeNoteTemplate)
	s.button("/setup/note-templates/:template/archive", (*request).archiveNoteTemplate)

	s.api("GET", "/note-templates", (*request).apiNoteTemplates)
	s.api("POST", "/note-templates", (*request).apiAddNoteTemplate)
	s.api("GET", "/note-templates/:template", (*request).apiNoteTemplate)
	s.api("PATCH", "/note-templates/:template", (*request).apiChangeNoteTemplate)
	s.action("POST", "/note-templates/:template/archive", (*request).apiArchiveNoteTemplate)
}

func (r *request) showNoteTemplates() error { return r.noteTemplatesPage(nil) }

func (r *request) noteTemplatesPage(refused error) error {
	if err := r.s.policy.Require(r.by, access.ManageNoteTemplate); err != nil {
		return err
	}
	list, err := r.s.noteTemplates.List(r.c.Request.Context(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("setup", "setup.note_templates")
	f := page.NewForm(c, "note_template", "/setup/note-templates", nil)
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	}
	return r.show(status, c, setuppage.NoteTemplates{Chrome: c, Form: f, List: list}.Body())
}

func (r *request) addNoteTemplate() error {
	var in notetemplate.Input
	err := r.bind(&in)
	if err == nil {
		_, err = r.s.noteTemplates.Add(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.noteTemplatesPage(err)
	}
	if err != nil {
		return err
	}
	return r.done("note_template.saved", "/setup/note-templates")
}

func (r *request) showNoteTemplate() error { return r.noteTemplatePage(nil) }

func (r *request) noteTemplatePage(refused error) error {
	of, err := param[notetemplate.Template](r, "template")
	if err != nil {
		return err
	}
	t, err := r.s.noteTemplates.One(r.c.Request.Context(), r.by, of)
	if err != nil {
		return err
	}
	title, _ := t.In(r.lang())
	c := r.chrome("setup", "setup.note_templates")
	c.Title = title
	f := page.NewForm(c, "note_template", "/setup/note-templates/"+t.ID.String(), t.Input())
	f.Version = t.Version
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.filled(), refused), statusOf(refused), true
	}
	return r.show(status, c, setuppage.NoteTemplate{Chrome: c, Form: f, Of: t}.Body())
}

// onNoteTemplate does something to the template of the path at the version seen.
func (r *request) onNoteTemplate(do func(notetemplate.ID, int) (notetemplate.Template, error)) (t notetemplate.Template, err error) {
	of, err := param[notetemplate.Template](r, "template")
	if err != nil {
		return t, err
	}
	version, err := r.version()
	if err != nil {
		return t, err
	}
	return do(of, version)
}

func (r *request) changeNoteTemplate() error {
	_, err := r.onNoteTemplate(func(of notetemplate.ID, version int) (notetemplate.Template, error) {
		var in notetemplate.Input
		if err := r.bind(&in); err != nil {
			return notetemplate.Template{}, err
		}
		return r.s.noteTemplates.Change(r.ctx(), r.by, of, version, in)
	})
	return r.noteTemplateDone(err, "note_template.saved")
}

func (r *request) archiveNoteTemplate() error {
	_, err := r.onNoteTemplate(func(of notetemplate.ID, version int) (notetemplate.Template, error) {
		return r.s.noteTemplates.Archive(r.ctx(), r.by, of, version)
	})
	return r.noteTemplateDone(err, "note_template.archived")
}

func (r *request) noteTemplateDone(err error, flash string) error {
	if correctable(err) {
		return r.noteTemplatePage(err)
	}
	if err != nil {
		return err
	}
	return r.done(flash, "/setup/note-templates")
}

func (r *request) apiNoteTemplates() error {
	list, err := r.s.noteTemplates.List(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiAddNoteTemplate() error {
	var in notetemplate.Input
	if err := r.bind(&in); err != nil {
		return err
	}
	t, err := r.s.noteTemplates.Add(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.versioned(t.Version).created("/api/v1/note-templates/"+t.ID.String(), t)
}

func (r *request) apiNoteTemplate() error {
	of, err := param[notetemplate.Template](r, "template")
	if err != nil {
		return err
	}
	t, err := r.s.noteTemplates.One(r.ctx(), r.by, of)
	if err != nil {
		return err
	}
	return r.versioned(t.Version).json(http.StatusOK, t)
}

// apiChangeNoteTemplate changes the fields that the body names and leaves the others as they are.
func (r *request) apiChangeNoteTemplate() error {
	t, err := r.onNoteTemplate(func(of notetemplate.ID, version int) (notetemplate.Template, error) {
		known, err := r.s.noteTemplates.One(r.ctx(), r.by, of)
		if err != nil {
			return known, err
		}
		in := known.Input()
		if err := r.bind(&in); err != nil {
			return known, err
		}
		return r.s.noteTemplates.Change(r.ctx(), r.by, of, version, in)
	})
	if err != nil {
		return err
	}
	return r.versioned(t.Version).json(http.StatusOK, t)
}

func (r *request) apiArchiveNoteTemplate() error {
	t, err := r.onNoteTemplate(func(of notetemplate.ID, version int) (notetemplate.Template, error) {
		return r.s.noteTemplates.Archive(r.ctx(), r.by, of, version)
	})
	if err != nil {
		return err
	}
	return r.versioned(t.Version).json(http.StatusOK, t)
}
