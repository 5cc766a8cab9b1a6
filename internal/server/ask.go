package server

import (
	"net/http"

	"waymark/internal/engagement"
	"waymark/internal/page"
)

// askForm is the form of a request to somebody else.
func (r *request) askForm(c page.Chrome, refused error) page.Form {
	caseID, _ := r.caseID()
	f := page.NewForm(c, "request", casePath(caseID, "/requests"), engagement.AskInput{AskedOn: r.today()})
	if refused != nil {
		f = f.Refused(r.posted, refused)
	}
	return f
}

func (r *request) addAsk() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in engagement.AskInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.engagement.Ask(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		c := r.chrome("caseload", "")
		return r.showTalkPage(c, statusOf(err), r.noteForm(c, nil), r.askForm(c, err))
	}
	if err != nil {
		return err
	}
	return r.done("request.saved", casePath(caseID, "/check-ins"))
}

func (r *request) receiveAsk() error {
	a, err := r.received()
	if err != nil {
		return err
	}
	return r.done("request.received_saved", r.backTo(r.posted.Get("next"), a.CaseID))
}

// received notes the request of the path as received.
func (r *request) received() (a engagement.Ask, err error) {
	caseID, err := r.caseID()
	if err != nil {
		return a, err
	}
	askID, err := param[engagement.Ask](r, "request")
	if err != nil {
		return a, err
	}
	var in engagement.ReceivedInput
	if err := r.bind(&in); err != nil {
		return a, err
	}
	return r.s.engagement.Received(r.ctx(), r.by, caseID, askID, in)
}

func (r *request) apiAsks() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	list, err := r.s.engagement.Asks(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiAddAsk() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in engagement.AskInput
	if err := r.bind(&in); err != nil {
		return err
	}
	a, err := r.s.engagement.Ask(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, "/requests")+"#"+a.ID.String(), a)
}

func (r *request) apiReceiveAsk() error {
	a, err := r.received()
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, a)
}
