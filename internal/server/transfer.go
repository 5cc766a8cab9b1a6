package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/transfer"
	transferpage "waymark/web/page/transfer"
)

func (s *Server) transferRoutes() {
	s.page("GET", "/team/transfer", (*request).showTransferForm)
	s.page("POST", "/team/transfer", (*request).moveCases)
	s.page("GET", "/transfers", (*request).showTransfers)
	s.page("GET", "/transfers/:transfer", (*request).showTransfer)
	s.button("/transfers/:transfer/cancel", (*request).cancelTransfer)
	s.page("GET", "/setup/people/:user/place", (*request).showPlace)
	s.page("POST", "/setup/people/:user/place", (*request).placeCaseload)

	s.api("GET", "/transfers", (*request).apiTransfers)
	s.api("POST", "/transfers", (*request).apiMove)
	s.api("GET", "/transfers/:transfer", (*request).apiTransfer)
	s.action("POST", "/transfers/:transfer/cancel", (*request).apiCancelTransfer)
	s.api("POST", "/users/:user/place", (*request).apiPlace)
}

// chosen reads the cases that a list's form names; what is no id names nobody.
func (r *request) chosen() (list []access.CaseID) {
	texts := r.c.Request.URL.Query()["cases"]
	if r.posted != nil {
		texts = r.posted["cases"]
	}
	for _, text := range texts[:min(len(texts), 2*transfer.Max)] {
		if v, err := id.Parse[access.Case](text); err == nil {
			list = append(list, v)
		}
	}
	return list
}

func (r *request) showTransferForm() error { return r.transferForm(nil) }

func (r *request) transferForm(refused error) error {
	people, to, limit, err := r.s.transfer.Choose(r.c.Request.Context(), r.by, r.chosen())
	if err != nil {
		return err
	}
	c := r.chrome("team", "transfer.title")
	f := page.NewForm(c, "transfer", "/team/transfer", nil)
	f.Values.Set("effective_on", r.today().Time().Format("1/2/2006"))
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
		f = f.Refused(r.posted, refused)
	}
	return r.show(status, c, transferpage.Choose{Chrome: c, Form: f, People: people, To: to, Limit: limit, Chosen: len(r.chosen())}.Body())
}

func (r *request) moveCases() error {
	var in transfer.Input
	var made transfer.Transfer
	err := r.bind(&in)
	if err == nil {
		made, err = r.s.transfer.Move(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.transferForm(err)
	}
	if err != nil {
		return err
	}
	return r.done("transfer.saved."+made.State, "/transfers/"+made.ID.String(), msg.Args{"count": made.Count, "name": made.To})
}

func (r *request) showTransfers() error {
	if format := r.c.Query("format"); format != "" {
		list, err := r.s.transfer.List(r.ctx(), r.by, wholeList)
		if err != nil {
			return err
		}
		return r.download(transferpage.Table(r.wording(), list), format)
	}
	list, err := r.s.transfer.List(r.ctx(), r.by, transfer.Listed)
	if err != nil {
		return err
	}
	asks, err := r.s.transfer.Asks(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("team", "transfer.list")
	return r.show(http.StatusOK, c, transferpage.List{Chrome: c, Items: list, Asks: asks}.Body())
}

func (r *request) transferOf() (transfer.Transfer, error) {
	of, err := param[transfer.Transfer](r, "transfer")
	if err != nil {
		return transfer.Transfer{}, err
	}
	t, err := r.s.transfer.Get(r.ctx(), r.by, of)
	if err != nil {
		return t, err
	}
	return t, r.noteRecords(t.Cases()...) // the hand-off tells of each
}

func (r *request) showTransfer() error {
	t, err := r.transferOf()
	if err != nil {
		return err
	}
	c := r.chrome("team", "transfer.one", msg.Args{"count": t.Count, "name": t.To})
	return r.show(http.StatusOK, c, transferpage.Show{Chrome: c, Transfer: t}.Body())
}

func (r *request) cancelled() (t transfer.Transfer, err error) {
	of, err := param[transfer.Transfer](r, "transfer")
	if err != nil {
		return t, err
	}
	version, err := r.version()
	if err != nil {
		return t, err
	}
	return r.s.transfer.Cancel(r.ctx(), r.by, of, version)
}

func (r *request) cancelTransfer() error {
	t, err := r.cancelled()
	if err != nil {
		return err
	}
	return r.done("transfer.cancelled", "/transfers/"+t.ID.String())
}

func (r *request) showPlace() error { return r.placePage(nil) }

func (r *request) placePage(refused error) error {
	user, err := param[access.User](r, "user")
	if err != nil {
		return err
	}
	p, err := r.s.account.Person(r.c.Request.Context(), r.by, user)
	if err != nil {
		return err
	}
	to, limit, err := r.s.transfer.Receivers(r.c.Request.Context(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("setup", "transfer.place", msg.Args{"name": p.Name()})
	f := page.NewForm(c, "transfer", "/setup/people/"+user.String()+"/place", nil)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
		f = f.Refused(r.posted, refused)
	}
	return r.show(status, c, transferpage.Place{Chrome: c, Form: f, Person: p, To: to, Limit: limit}.Body())
}

func (r *request) place() (t transfer.Transfer, err error) {
	user, err := param[access.User](r, "user")
	if err != nil {
		return t, err
	}
	var in transfer.PlaceInput
	if err := r.bind(&in); err != nil {
		return t, err
	}
	return r.s.transfer.Place(r.ctx(), r.by, user, in)
}

func (r *request) placeCaseload() error {
	t, err := r.place()
	if correctable(err) {
		return r.placePage(err)
	}
	if err != nil {
		return err
	}
	return r.done("transfer.saved.done", "/setup/people/"+r.c.Param("user"), msg.Args{"count": t.Count, "name": t.To})
}

func (r *request) apiTransfers() error {
	list, err := r.s.transfer.List(r.ctx(), r.by, transfer.Listed)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiMove() error {
	var in transfer.Input
	if err := r.bind(&in); err != nil {
		return err
	}
	t, err := r.s.transfer.Move(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.versioned(t.Version).created("/api/v1/transfers/"+t.ID.String(), t)
}

func (r *request) apiTransfer() error {
	t, err := r.transferOf()
	if err != nil {
		return err
	}
	return r.versioned(t.Version).json(http.StatusOK, t)
}

func (r *request) apiCancelTransfer() error {
	t, err := r.cancelled()
	if err != nil {
		return err
	}
	return r.versioned(t.Version).json(http.StatusOK, t)
}

func (r *request) apiPlace() error {
	t, err := r.place()
	if err != nil {
		return err
	}
	return r.created("/api/v1/transfers/"+t.ID.String(), map[string]any{"id": t.ID, "to": t.ToID, "count": t.Count, "state": t.State, "version": t.Version})
}
