package server

import (
	"net/http"

	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/transfer"
	transferpage "waymark/web/page/transfer"
)

func (s *Server) transferAskRoutes() {
	s.page("GET", "/transfers/requests/new", (*request).showWish)
	s.page("POST", "/transfers/requests", (*request).askTransfer)
	s.page("GET", "/transfers/requests/:ask", (*request).showAsked)
	s.page("POST", "/transfers/requests/:ask/grant", (*request).grantAsked)
	s.page("POST", "/transfers/requests/:ask/decline", (*request).declineAsked)
	s.button("/transfers/requests/:ask/withdraw", (*request).withdrawAsked)

	s.api("GET", "/transfers/requests", (*request).apiTransferAsks)
	s.api("POST", "/transfers/requests", (*request).apiAskTransfer)
	s.api("GET", "/transfers/requests/:ask", (*request).apiAsked)
	s.api("POST", "/transfers/requests/:ask/grant", (*request).apiGrantAsked)
	s.api("POST", "/transfers/requests/:ask/decline", (*request).apiDeclineAsked)
	s.action("POST", "/transfers/requests/:ask/withdraw", (*request).apiWithdrawAsked)
}

func (r *request) showWish() error { return r.wishPage(nil) }

func (r *request) wishPage(refused error) error {
	people, to, err := r.s.transfer.Wish(r.c.Request.Context(), r.by, r.chosen())
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "ask.title")
	f := page.NewForm(c, "ask", "/transfers/requests", nil)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
		f = f.Refused(r.posted, refused)
	}
	return r.show(status, c, transferpage.Wish{Chrome: c, Form: f, People: people, To: to, Chosen: len(r.chosen())}.Body())
}

func (r *request) wished() (made transfer.Ask, err error) {
	var in transfer.AskInput
	if err := r.bind(&in); err != nil {
		return made, err
	}
	return r.s.transfer.Ask(r.ctx(), r.by, in)
}

func (r *request) askTransfer() error {
	made, err := r.wished()
	if correctable(err) {
		return r.wishPage(err)
	}
	if err != nil {
		return err
	}
	return r.done("ask.sent", askPath(made.ID), msg.Args{"count": made.Count})
}

func askPath(of transfer.AskID) string { return "/transfers/requests/" + of.String() }

// askedOf reads the wish of the path; it tells of each person.
func (r *request) askedOf() (v transferpage.Asked, err error) {
	of, err := param[transfer.Ask](r, "ask")
	if err != nil {
		return v, err
	}
	if v.Ask, v.To, v.Limit, err = r.s.transfer.Asked(r.c.Request.Context(), r.by, of); err != nil {
		return v, err
	}
	return v, r.noteRecords(v.Ask.Cases()...)
}

func (r *request) showAsked() error { return r.askedPage(nil, nil) }

func (r *request) askedPage(move, refuse error) error {
	v, err := r.askedOf()
	if err != nil {
		return err
	}
	v.Chrome = r.chrome("team", "ask.one", msg.Args{"count": v.Ask.Count})
	v.Move = page.NewForm(v.Chrome, "transfer", askPath(v.Ask.ID)+"/grant", transfer.GrantInput{To: v.Ask.ToID, EffectiveOn: r.today(), Note: v.Ask.Note})
	v.Refuse = page.NewForm(v.Chrome, "ask", askPath(v.Ask.ID)+"/decline", nil)
	status := http.StatusOK
	if move != nil {
		v.Move, v.Failed, status = v.Move.Refused(r.filled(), move), true, statusOf(move)
	}
	if refuse != nil {
		v.Refuse, v.Failed, status = v.Refuse.Refused(r.filled(), refuse), true, statusOf(refuse)
	}
	return r.show(status, v.Chrome, v.Body())
}

func (r *request) granted() (a transfer.Ask, err error) {
	of, err := param[transfer.Ask](r, "ask")
	if err != nil {
		return a, err
	}
	var in transfer.GrantInput
	if err := r.bind(&in); err != nil {
		return a, err
	}
	return r.s.transfer.Grant(r.ctx(), r.by, of, in)
}

func (r *request) grantAsked() error {
	a, err := r.granted()
	if correctable(err) {
		return r.askedPage(err, nil)
	}
	if err != nil {
		return err
	}
	return r.done("ask.granted", askPath(a.ID))
}

func (r *request) declined() (a transfer.Ask, err error) {
	of, err := param[transfer.Ask](r, "ask")
	if err != nil {
		return a, err
	}
	var in transfer.DeclineInput
	if err := r.bind(&in); err != nil {
		return a, err
	}
	return r.s.transfer.Decline(r.ctx(), r.by, of, in)
}

func (r *request) declineAsked() error {
	a, err := r.declined()
	if correctable(err) {
		return r.askedPage(nil, err)
	}
	if err != nil {
		return err
	}
	return r.done("ask.declined", askPath(a.ID))
}

func (r *request) takenBack() (a transfer.Ask, err error) {
	of, err := param[transfer.Ask](r, "ask")
	if err != nil {
		return a, err
	}
	return r.s.transfer.Withdraw(r.ctx(), r.by, of)
}

func (r *request) withdrawAsked() error {
	a, err := r.takenBack()
	if err != nil {
		return err
	}
	return r.done("ask.withdrawn", askPath(a.ID))
}

func (r *request) apiTransferAsks() error {
	list, err := r.s.transfer.Asks(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiAskTransfer() error {
	made, err := r.wished()
	if err != nil {
		return err
	}
	return r.created("/api/v1"+askPath(made.ID), made)
}

func (r *request) apiAsked() error {
	v, err := r.askedOf()
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, v.Ask)
}

func (r *request) apiGrantAsked() error    { return r.answerAsked(r.granted()) }
func (r *request) apiDeclineAsked() error  { return r.answerAsked(r.declined()) }
func (r *request) apiWithdrawAsked() error { return r.answerAsked(r.takenBack()) }

func (r *request) answerAsked(a transfer.Ask, err error) error {
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, a)
}
