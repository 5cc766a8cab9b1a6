package server

import (
	"net/http"
	"slices"

	"waymark/internal/access"
	"waymark/internal/engagement"
	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
	engagementpage "waymark/web/page/engagement"
)

func (r *request) undoCheckIn() error {
	caseID, checkInID, err := r.checkInIDs()
	if err != nil {
		return err
	}
	if err := r.s.engagement.Withdraw(r.ctx(), r.by, caseID, checkInID); err != nil {
		return err
	}
	return r.done("checkin.undone", r.backTo(r.posted.Get("next"), caseID))
}

// showTalks lists everything said, agreed and asked for.
func (r *request) showTalks() error {
	c := r.chrome("caseload", "")
	return r.showTalkPage(c, http.StatusOK, r.noteForm(c, nil), r.askForm(c, nil))
}

func (r *request) showTalkPage(c page.Chrome, status int, note, ask page.Form) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	of, list, err := r.s.engagement.CheckIns(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c.Title, c.Failed = c.T("checkin.page", msg.Args{"name": of.Name()}), status >= 400
	v := engagementpage.Talks{Chrome: c, Case: of, List: list, Note: note, Ask: ask, MayRecord: of.Open() && c.May(access.RecordCheckin)}
	if _, v.Appointments, err = r.s.engagement.Appointments(r.ctx(), r.by, caseID); err != nil {
		return err
	}
	if v.Notes, err = r.s.engagement.Notes(r.ctx(), r.by, caseID); err != nil {
		return err
	}
	if v.Asks, err = r.s.engagement.Asks(r.ctx(), r.by, caseID); err != nil {
		return err
	}
	if v.MayRecord && c.May(access.WriteNote) {
		templates, err := r.noteTemplates()
		if err != nil {
			return err
		}
		if v.Note, err = r.fromTemplate(note, templates); err != nil {
			return err
		}
		v.Template = page.NewForm(c, "note_template", casePath(caseID, "/check-ins"), nil)
		v.Template.Values.Set("template", r.c.Query("template"))
		for _, t := range templates {
			title, _ := t.In(r.lang())
			v.Templates = append(v.Templates, page.Option{Value: t.ID.String(), Label: title})
		}
	}
	if i := slices.IndexFunc(list, func(k engagement.CheckIn) bool { return k.Undoable(r.by, r.now) }); i >= 0 && r.c.Query("saved") != "" {
		v.Saved = list[i]
	}
	return r.show(status, c, v.Body())
}

func (r *request) apiCheckIns() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	_, list, err := r.s.engagement.CheckIns(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiCheckIn() error {
	caseID, checkInID, err := r.checkInIDs()
	if err != nil {
		return err
	}
	_, list, err := r.s.engagement.CheckIns(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(k engagement.CheckIn) bool { return k.ID == checkInID })
	if i < 0 {
		return errs.New(errs.NotFound, "not_found")
	}
	return r.json(http.StatusOK, list[i])
}

func (r *request) apiRecordCheckIn() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in engagement.CheckInInput
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.engagement.Record(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, "/check-ins/")+made.ID.String(), made)
}

func (r *request) apiUndoCheckIn() error {
	caseID, checkInID, err := r.checkInIDs()
	if err != nil {
		return err
	}
	if err := r.s.engagement.Withdraw(r.ctx(), r.by, caseID, checkInID); err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"id": checkInID, "withdrawn": true})
}
