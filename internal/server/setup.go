package server

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/agency"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/page"
	setuppage "waymark/web/page/setup"
)

func (s *Server) setupRoutes() {
	s.page("GET", "/setup", (*request).showPeople)
	s.page("GET", "/setup/people/new", (*request).newPerson)
	s.page("POST", "/setup/people", (*request).invitePerson)
	s.page("GET", "/setup/people/:user", (*request).showPerson)
	s.page("POST", "/setup/people/:user", (*request).changePerson)
	s.button("/setup/people/:user/deactivate", (*request).deactivatePerson)
	s.button("/setup/people/:user/reactivate", (*request).reactivatePerson)
	s.button("/setup/people/:user/link", (*request).sendPersonLink)

	s.api("GET", "/users", (*request).apiPeople)
	s.api("POST", "/users", (*request).apiInvite)
	s.api("GET", "/users/:user", (*request).apiPerson)
	s.api("PATCH", "/users/:user", (*request).apiChangePerson)
	s.action("POST", "/users/:user/deactivate", (*request).apiDeactivate)
	s.action("POST", "/users/:user/reactivate", (*request).apiReactivate)
	s.action("POST", "/users/:user/reset-link", (*request).apiResetLink)
	s.page("GET", "/setup/messages", (*request).showOutbox)
	s.api("GET", "/outbox", (*request).apiOutbox)
	s.setupAgencyRoutes()
}

// peopleFilter reads the list's address; unknown words are refused by name.
func (r *request) peopleFilter() (f account.People, err error) {
	q := r.c.Request.URL.Query()
	f = account.People{Q: q.Get("q"), Role: q.Get("role"), Active: q.Get("active"), Cursor: q.Get("cursor")}
	if text := q.Get("office"); text != "" {
		if f.Office, err = id.Parse[access.Office](text); err != nil {
			return f, errs.At("office", "uuid")
		}
	}
	if text := q.Get("limit"); text != "" {
		if f.Limit, err = strconv.Atoi(text); err != nil {
			return f, errs.At("limit", "whole_number")
		}
	}
	return f, nil
}

func (r *request) showPeople() error {
	f, err := r.peopleFilter()
	if err != nil {
		return err
	}
	list, err := r.s.account.People(r.ctx(), r.by, f)
	if err != nil {
		return err
	}
	offices, err := r.s.agency.Offices(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("setup", "setup.people")
	form := page.NewForm(c, "people", "/setup", nil)
	form.Values = url.Values(c.Query)
	return r.show(http.StatusOK, c, setuppage.People{Chrome: c, Form: form, List: list, Offices: officeOptions(offices), Roomy: r.session.Roomy}.Body())
}

func officeOptions(list []agency.Office) (options []page.Option) {
	for _, o := range list {
		if !o.Archived {
			options = append(options, page.Option{Value: o.ID.String(), Label: o.Name})
		}
	}
	return options
}

func (r *request) newPerson() error { return r.personPage(account.Person{}, nil) }

// showPerson and the pages after a refusal are one page, with or without a person who is there already.
func (r *request) showPerson() error {
	user, err := param[access.User](r, "user")
	if err != nil {
		return err
	}
	p, err := r.s.account.Person(r.c.Request.Context(), r.by, user)
	if err != nil {
		return err
	}
	return r.personPage(p, nil)
}

func (r *request) personPage(p account.Person, refused error) error {
	offices, err := r.s.agency.Offices(r.c.Request.Context(), r.by)
	if err != nil {
		return err
	}
	title, action := "setup.new_person", "/setup/people"
	if !p.ID.IsZero() {
		title, action = "setup.person", "/setup/people/"+p.ID.String()
	}
	c := r.chrome("setup", title, map[string]any{"name": p.Name()})
	in := p.Input()
	f := page.NewForm(c, "person", action, in)
	f.Version = p.Version
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.filled(), refused), statusOf(refused), true
	}
	if p.ID == r.by.ID {
		c.Active = "setup"
	}
	v := setuppage.Person{Chrome: c, Form: f, Person: p, Own: p.ID == r.by.ID, Offices: officeOptions(offices)}
	return r.show(status, c, v.Body())
}

// selfRefused is the one refusal of permission that the form itself explains.
func selfRefused(err error) bool {
	e, ok := errors.AsType[*errs.Error](err)
	return ok && e.Code == "user.self"
}

func (r *request) invitePerson() error {
	var in account.PersonInput
	err := r.bind(&in)
	var made account.Linked
	if err == nil {
		made, err = r.s.account.Invite(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.personPage(account.Person{}, err)
	}
	if err != nil {
		return err
	}
	return r.linkOnce(made, "/setup/people/"+made.ID.String())
}

// onPerson does something to the person of the path at the version the form was made from.
func (r *request) onPerson(flash string, do func(access.UserID, int) error) error {
	user, err := param[access.User](r, "user")
	if err != nil {
		return err
	}
	version, err := r.version()
	if err == nil {
		err = do(user, version)
	}
	if correctable(err) || selfRefused(err) {
		p, gone := r.s.account.Person(r.c.Request.Context(), r.by, user)
		if gone != nil {
			return gone
		}
		return r.personPage(p, err)
	}
	if err != nil {
		return err
	}
	return r.done(flash, "/setup/people/"+user.String())
}

func (r *request) changePerson() error {
	return r.onPerson("person.saved", func(user access.UserID, version int) error {
		var in account.PersonInput
		if err := r.bind(&in); err != nil {
			return err
		}
		_, err := r.s.account.ChangePerson(r.ctx(), r.by, user, version, in)
		return err
	})
}

func (r *request) deactivatePerson() error {
	return r.onPerson("person.deactivated", func(user access.UserID, version int) error {
		_, err := r.s.account.Deactivate(r.ctx(), r.by, user, version)
		return err
	})
}

func (r *request) reactivatePerson() error {
	return r.onPerson("person.reactivated", func(user access.UserID, version int) error {
		_, err := r.s.account.Reactivate(r.ctx(), r.by, user, version)
		return err
	})
}

func (r *request) sendPersonLink() error {
	user, err := param[access.User](r, "user")
	if err != nil {
		return err
	}
	made, err := r.s.account.SendLink(r.ctx(), r.by, user)
	if err != nil {
		return err
	}
	return r.linkOnce(made, "/setup/people/"+user.String())
}

func (r *request) apiPeople() error {
	f, err := r.peopleFilter()
	if err != nil {
		return err
	}
	list, err := r.s.account.People(r.ctx(), r.by, f)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, list)
}

func (r *request) apiInvite() error {
	var in account.PersonInput
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.account.Invite(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.createdLink("/api/v1/users/"+made.ID.String(), made)
}

func (r *request) apiPerson() error {
	user, err := param[access.User](r, "user")
	if err != nil {
		return err
	}
	p, err := r.s.account.Person(r.ctx(), r.by, user)
	if err != nil {
		return err
	}
	return r.versioned(p.Version).json(http.StatusOK, p)
}

// apiOnPerson is onPerson for scripts; needed says whether the version must be given.
func (r *request) apiOnPerson(do func(access.UserID, int) (account.Person, error)) error {
	user, err := param[access.User](r, "user")
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	p, err := do(user, version)
	if err != nil {
		return err
	}
	return r.versioned(p.Version).json(http.StatusOK, p)
}

// apiChangePerson takes the fields that are given and leaves the others as they are.
func (r *request) apiChangePerson() error {
	return r.apiOnPerson(func(user access.UserID, version int) (account.Person, error) {
		p, err := r.s.account.Person(r.ctx(), r.by, user)
		if err != nil {
			return p, err
		}
		in := p.Input()
		if err := r.bind(&in); err != nil {
			return p, err
		}
		return r.s.account.ChangePerson(r.ctx(), r.by, user, version, in)
	})
}

func (r *request) apiDeactivate() error {
	return r.apiOnPerson(func(user access.UserID, version int) (account.Person, error) {
		return r.s.account.Deactivate(r.ctx(), r.by, user, version)
	})
}

func (r *request) apiReactivate() error {
	return r.apiOnPerson(func(user access.UserID, version int) (account.Person, error) {
		return r.s.account.Reactivate(r.ctx(), r.by, user, version)
	})
}

func (r *request) apiResetLink() error {
	user, err := param[access.User](r, "user")
	if err != nil {
		return err
	}
	made, err := r.s.account.SendLink(r.ctx(), r.by, user)
	if err != nil {
		return err
	}
	return r.createdLink("/api/v1/users/"+user.String(), made)
}

func (r *request) showOutbox() error {
	list, err := r.s.outbox.List(r.ctx(), r.by, r.c.Query("cursor"))
	if err != nil {
		return err
	}
	c := r.chrome("setup", "setup.messages")
	return r.show(http.StatusOK, c, setuppage.Messages{Chrome: c, List: list, Ahead: r.ahead()}.Body())
}

func (r *request) apiOutbox() error {
	list, err := r.s.outbox.List(r.ctx(), r.by, r.c.Query("cursor"))
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, list)
}
