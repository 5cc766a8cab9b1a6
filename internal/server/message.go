package server

import (
	"net/http"

	"waymark/internal/message"
	"waymark/internal/msg"
	"waymark/internal/page"
	messagepage "waymark/web/page/message"
)

func (s *Server) messageRoutes() {
	s.page("GET", "/cases/:case/messages", (*request).showThread)
	s.page("POST", "/cases/:case/messages", (*request).sendMessage)

	s.api("GET", "/cases/:case/messages", (*request).apiThread)
	s.api("POST", "/cases/:case/messages", (*request).apiSendMessage)
}

func (r *request) showThread() error { return r.threadPage(nil) }

func (r *request) threadPage(refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	of, list, err := r.s.message.Thread(r.c.Request.Context(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "message.with", msg.Args{"name": of.Name()})
	f := page.NewForm(c, "message_to", casePath(caseID, "/messages"), nil)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
		f = f.Refused(r.posted, refused)
	}
	f = r.restore(f, "message:"+caseID.String(), "message.begun")
	if one := r.c.Query("answers"); one != "" && f.Values.Get("answers") == "" {
		f.Values.Set("answers", one)
	}
	return r.show(status, c, messagepage.Thread{Chrome: c, Case: of, List: list, Form: f}.Body())
}

func (r *request) sendMessage() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in message.Input
	if err = r.bind(&in); err == nil {
		_, err = r.s.message.Send(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.threadPage(err)
	}
	if err != nil {
		return err
	}
	back := casePath(caseID, "/messages")
	if next := r.posted.Get("next"); next != "" {
		back = safeNext(next)
	}
	return r.done("message.sent", back)
}

func (r *request) apiThread() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	_, list, err := r.s.message.Thread(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiSendMessage() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in message.Input
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.message.Send(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, "/messages"), made)
}
