package server

import (
	"errors"
	"net/http"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/errs"

	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/participant"
	"waymark/internal/wire"
	personpage "waymark/web/page/participant"
)

func (s *Server) participantRoutes() {
	s.page("GET", "/search", (*request).search)
	s.page("GET", "/participants/new", (*request).newParticipant)
	s.page("POST", "/participants", (*request).createParticipant)
	s.page("GET", "/participants/:participant", (*request).showParticipant)
	s.page("GET", "/participants/:participant/edit", (*request).editParticipant)
	s.page("POST", "/participants/:participant/edit", (*request).changeParticipant)
	s.button("/participants/:participant/cases", (*request).openCase)

	s.api("GET", "/participants", (*request).apiSearch)
	s.api("POST", "/participants", (*request).apiCreateParticipant)
	s.api("GET", "/participants/:participant", (*request).apiParticipant)
	s.api("PATCH", "/participants/:participant", (*request).apiChangeParticipant)
	s.api("POST", "/participants/:participant/cases", (*request).apiOpenCase)
}

func (r *request) search() error {
	q := r.c.Query("q")
	hits, err := r.s.participant.Search(r.ctx(), r.by, q)
	if err != nil {
		return err
	}
	c := r.chrome("", "search.title")
	return r.show(http.StatusOK, c, personpage.Search{Chrome: c, Q: q, Hits: hits}.Body())
}

func (r *request) apiSearch() error {
	hits, err := r.s.participant.Search(r.ctx(), r.by, r.c.Query("q"))
	if err != nil {
		return err
	}
	return r.list(hits, nil)
}

func (r *request) newParticipant() error {
	if err := r.s.policy.Require(r.by, access.CreateParticipant); err != nil {
		return err
	}
	return r.showNewParticipant(nil)
}

// newParticipantDraft is of nobody known yet.
const newParticipantDraft = "participant"

func (r *request) showNewParticipant(refused error) error {
	c := r.chrome("caseload", "participant.new")
	f := page.NewForm(c, "participant", "/participants", nil)
	v := personpage.New{Chrome: c}
	status := http.StatusOK
	if refused != nil {
		status = statusOf(refused)
		f = f.Refused(r.posted, refused)
		v.Chrome.Failed = true
		if matches, ok := matchesOf(refused); ok {
			v.Matches = matches
		}
	}
	v.Form = r.restore(f, newParticipantDraft, "participant.new")
	return r.show(status, v.Chrome, v.Body())
}

func matchesOf(err error) ([]participant.Match, bool) {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return nil, false
	}
	m, ok := e.Current.([]participant.Match)
	return m, ok
}

// createParticipant takes a person in and opens their first case, which is what staff came to do.
func (r *request) createParticipant() error {
	var in participant.Create
	err := r.bind(&in)
	if err == nil {
		var made casefile.Case
		made, err = r.s.casefile.TakeIn(r.ctx(), r.by, in, casefile.OpenInput{})
		if err == nil {
			return r.done("participant.created", "/cases/"+made.ID.String()+"/intake", msg.Args{"name": made.Name()})
		}
	}
	if correctable(err) {
		return r.showNewParticipant(err)
	}
	return err
}

func (r *request) apiCreateParticipant() error {
	var in participant.Create
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.participant.Create(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.versioned(made.Version).created("/api/v1/participants/"+made.ID.String(), made)
}

func (r *request) apiParticipant() error {
	person, err := param[access.Participant](r, "participant")
	if err != nil {
		return err
	}
	p, err := r.s.participant.Get(r.ctx(), r.by, person)
	if err != nil {
		return err
	}
	return r.versioned(p.Version).json(http.StatusOK, p)
}

func (r *request) apiChangeParticipant() error {
	person, err := param[access.Participant](r, "participant")
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	p, err := r.s.participant.Change(r.ctx(), r.by, person, version, func(in *participant.Input) error { return wire.JSON(r.body, in) })
	if err != nil {
		return err
	}
	return r.versioned(p.Version).json(http.StatusOK, p)
}

// showParticipant leads to the record, which hangs under the case.
func (r *request) showParticipant() error {
	person, err := param[access.Participant](r, "participant")
	if err != nil {
		return err
	}
	c, err := r.s.casefile.CurrentOf(r.ctx(), r.by, person)
	if err == nil {
		return r.go303("/cases/" + c.ID.String())
	}
	if !errs.Is(err, errs.NotFound) {
		return err
	}
	p, err := r.s.participant.Get(r.ctx(), r.by, person)
	if err != nil {
		return err
	}
	ch := r.chrome("caseload", "")
	ch.Title = p.FirstName + " " + p.LastName
	return r.show(http.StatusOK, ch, personpage.NoCase{Chrome: ch, Person: p}.Body())
}

func (r *request) editParticipant() error {
	person, err := param[access.Participant](r, "participant")
	if err != nil {
		return err
	}
	p, err := r.s.participant.Get(r.ctx(), r.by, person)
	if err != nil {
		return err
	}
	return r.showEditParticipant(p, nil)
}

func (r *request) showEditParticipant(p participant.Participant, refused error) error {
	c := r.chrome("caseload", "participant.edit", msg.Args{"name": p.FirstName + " " + p.LastName})
	f := page.NewForm(c, "participant", "/participants/"+p.ID.String()+"/edit", p.AsInput())
	f.Version = p.Version
	status := http.StatusOK
	if refused != nil {
		status = statusOf(refused)
		theirs := f.Values
		f = f.Refused(r.posted, refused)
		c.Failed = true
		if errs.Is(refused, errs.Conflict) {
			f.Theirs = theirs
		}
	}
	return r.show(status, c, personpage.Edit{Chrome: c, Form: f, Person: p}.Body())
}

func (r *request) changeParticipant() error {
	person, err := param[access.Participant](r, "participant")
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	_, err = r.s.participant.Change(r.ctx(), r.by, person, version, func(in *participant.Input) error {
		fresh := participant.Input{}
		if err := r.bind(&fresh); err != nil {
			return err
		}
		*in = fresh
		return nil
	})
	if correctable(err) {
		p, getErr := r.s.participant.Get(r.ctx(), r.by, person)
		if getErr != nil {
			return getErr
		}
		return r.showEditParticipant(p, err)
	}
	if err != nil {
		return err
	}
	return r.done("participant.saved", "/participants/"+person.String())
}

func (r *request) openCase() error {
	c, err := r.open(casefile.OpenInput{})
	if err != nil {
		return err
	}
	return r.done("case.opened", "/cases/"+c.ID.String()+"/intake", msg.Args{"name": c.Name()})
}

func (r *request) apiOpenCase() error {
	var in casefile.OpenInput
	if err := r.bind(&in); err != nil {
		return err
	}
	c, err := r.open(in)
	if err != nil {
		return err
	}
	return r.versioned(c.Version).created("/api/v1/cases/"+c.ID.String(), c)
}

func (r *request) open(in casefile.OpenInput) (casefile.Case, error) {
	person, err := param[access.Participant](r, "participant")
	if err != nil {
		return casefile.Case{}, err
	}
	return r.s.casefile.Open(r.ctx(), r.by, person, in)
}
