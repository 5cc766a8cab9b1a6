package server

import (
	"errors"
	"net/http"
	"slices"

	"waymark/internal/access"
	"waymark/internal/caseload"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/engagement"
	"waymark/internal/errs"
	"waymark/internal/message"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/participation"
	"waymark/internal/plan"
	"waymark/web/layout"
	caseloadpage "waymark/web/page/caseload"
	engagementpage "waymark/web/page/engagement"
	planpage "waymark/web/page/plan"
)

func (s *Server) bulkRoutes() {
	s.page("GET", "/caseload/bulk/:action", (*request).showBulk)
	s.page("POST", "/caseload/bulk/:action", (*request).doBulk)
	s.page("GET", "/caseload/print", (*request).printPlans)
	s.api("POST", "/caseload/bulk", (*request).apiBulk)
}

// mostPapers is how many plans one job prints, as many as one action is done for.
const mostPapers = 100

// bulkInput is one action for several people: the fields of the single action, and for whom.
type bulkInput struct {
	Action      string          `json:"action" validate:"required,oneof=message check-in service workshop"`
	Cases       []access.CaseID `json:"cases" validate:"required,min=1,max=100"`
	Body        string          `json:"body"`
	OnDate      civil.Date      `json:"on_date"`
	AtTime      civil.Clock     `json:"at_time"`
	Place       string          `json:"place"`
	Code        string          `json:"code"`
	GivenOn     civil.Date      `json:"given_on"`
	Provider    string          `json:"provider"`
	HeldOn      civil.Date      `json:"held_on"`
	Title       string          `json:"title"`
	ServiceCode string          `json:"service_code"`
	// Came are the people of a workshop who were there; the others did not come.
	Came []access.CaseID `json:"came"`
}

// bulkAction is what an action needs, what it asks for whatever the person, and the single action itself.
type bulkAction struct {
	needs access.Permission
	check func(bulkInput) error
	do    func(*request, access.CaseID, bulkInput) error
}

// bulkActions call the same service methods as the pages of one person, once per person.
var bulkActions = map[string]bulkAction{
	"message": {
		access.SendMessage,
		func(in bulkInput) error { return check.Struct(message.Input{Body: in.Body}) },
		func(r *request, of access.CaseID, in bulkInput) error {
			_, err := r.s.message.Send(r.ctx(), r.by, of, message.Input{Body: in.Body})
			return err
		},
	},
	"check-in": {
		access.WriteAppointment,
		func(in bulkInput) error { return check.Struct(in.appointment()) },
		func(r *request, of access.CaseID, in bulkInput) error {
			_, err := r.s.engagement.Agree(r.ctx(), r.by, of, in.appointment())
			return err
		},
	},
	"service": {
		access.RecordService,
		func(in bulkInput) error { return needed(in.Code, "code", in.GivenOn, "given_on") },
		func(r *request, of access.CaseID, in bulkInput) error {
			_, err := r.s.participation.Record(r.ctx(), r.by, of, participation.Input{Code: in.Code, GivenOn: in.GivenOn, Provider: in.Provider})
			return err
		},
	},
	"workshop": {
		access.RecordCheckin,
		func(in bulkInput) error { return needed(in.Title, "title", in.HeldOn, "held_on") },
		func(r *request, of access.CaseID, in bulkInput) error {
			_, err := r.s.engagement.Record(r.ctx(), r.by, of, in.attendance(of))
			return err
		},
	},
}

func (in bulkInput) appointment() engagement.AppointmentInput {
	return engagement.AppointmentInput{Kind: "check_in", OnDate: in.OnDate, AtTime: in.AtTime, Place: in.Place}
}

// attendance is the check-in of somebody who came to a workshop, or did not.
func (in bulkInput) attendance(of access.CaseID) engagement.CheckInInput {
	talk := engagement.CheckInInput{HeldOn: in.HeldOn, Method: "in_person", Result: engagement.DidNotCome, Note: in.Title, Visibility: "shared"}
	if slices.Contains(in.Came, of) {
		talk.Result, talk.ServiceCode = engagement.Talked, in.ServiceCode
	}
	return talk
}

func needed(text, name string, day civil.Date, dayName string) error {
	var c errs.Collector
	if text == "" {
		c.Add(name, "required")
	}
	if day.IsZero() {
		c.Add(dayName, "required")
	}
	return c.Err()
}

// bulk checks what holds for everybody, and then does the action for one person after the other, each in
// a transaction of its own: what is refused for one is done for the others.
func (r *request) bulk(in bulkInput) (list []caseloadpage.Result, err error) {
	if err := check.Struct(in); err != nil {
		return nil, err
	}
	action := bulkActions[in.Action]
	if err := r.s.policy.Require(r.by, action.needs); err != nil {
		return nil, err
	}
	if err := action.check(in); err != nil {
		return nil, err
	}
	people, err := r.s.caseload.Pick(r.c.Request.Context(), r.by, in.Cases)
	if err != nil {
		return nil, err
	}
	if len(people) == 0 {
		return nil, errs.New(errs.NotFound, "not_found")
	}
	words := msg.For(r.lang())
	seen := map[access.CaseID]bool{}
	for _, of := range in.Cases {
		if seen[of] {
			continue
		}
		seen[of] = true
		err := action.do(r, of, in)
		if isRepeated(err) || err != nil && statusOf(err) >= 500 {
			return list, err
		}
		list = append(list, lineOf(words, of, people, err))
	}
	return list, nil
}

// lineOf is the line of one person: done, or refused and why.
func lineOf(words *msg.Catalogue, of access.CaseID, people []caseload.Picked, err error) caseloadpage.Result {
	line := caseloadpage.Result{CaseID: of, Done: err == nil}
	if i := slices.IndexFunc(people, func(p caseload.Picked) bool { return p.CaseID == of }); i >= 0 {
		line.Name = people[i].Name
	}
	if refusal, ok := errors.AsType[*errs.Error](err); ok {
		line.Code, line.Why = refusal.Code, detailOf(words, refusal)
		f := page.NewForm(page.Chrome{Words: words}, "bulk", "", nil)
		for _, e := range refusal.Fields {
			line.Field, line.Code, line.Why = e.Name, e.Code, f.ErrorText(e)
			break
		}
	}
	return line
}

func (r *request) showBulk() error { return r.bulkPage(nil) }

func (r *request) bulkPage(refused error) error {
	name := r.c.Param("action")
	action, known := bulkActions[name]
	if !known && name != "print" {
		return errs.New(errs.NotFound, "not_found")
	}
	if known {
		if err := r.s.policy.Require(r.by, action.needs); err != nil {
			return err
		}
	}
	people, err := r.s.caseload.Pick(r.c.Request.Context(), r.by, r.chosen())
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "bulk."+name)
	f := page.NewForm(c, "bulk", "/caseload/bulk/"+name, nil)
	today := r.today().Time().Format("1/2/2006")
	f.Values.Set("given_on", today)
	f.Values.Set("held_on", today)
	f.Values.Set("place", "phone")
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
		f = f.Refused(r.posted, refused)
	}
	return r.show(status, c, caseloadpage.Bulk{Chrome: c, Form: f, Action: name, People: people, Services: engagementpage.Codes(c)}.Body())
}

func (r *request) doBulk() error {
	if _, known := bulkActions[r.c.Param("action")]; !known {
		return errs.New(errs.NotFound, "not_found")
	}
	r.posted.Set("action", r.c.Param("action"))
	var in bulkInput
	err := r.bind(&in)
	var list []caseloadpage.Result
	if err == nil {
		list, err = r.bulk(in)
	}
	if correctable(err) {
		return r.bulkPage(err)
	}
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "bulk."+in.Action)
	r.answer = answer{status: http.StatusSeeOther, location: "/caseload"}
	return r.show(http.StatusOK, c, caseloadpage.Done{Chrome: c, Action: in.Action, Results: list}.Body())
}

func (r *request) apiBulk() error {
	var in bulkInput
	if err := r.bind(&in); err != nil {
		return err
	}
	list, err := r.bulk(in)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"results": list})
}

// printPlans shows the plans in force of everybody chosen, one after the other, as one thing to print.
func (r *request) printPlans() error {
	chosen := r.chosen()
	people, err := r.s.caseload.Pick(r.c.Request.Context(), r.by, chosen[:min(len(chosen), mostPapers)])
	if err != nil {
		return err
	}
	v := planpage.Job{Chrome: r.chrome("caseload", "bulk.print.title", msg.Args{"count": len(people)})}
	var opened []string
	for _, one := range people {
		p, err := r.s.plan.Print(r.c.Request.Context(), r.by, one.CaseID, 0)
		switch {
		case errs.Is(err, errs.NotFound) || err == nil && p.Plan.State != plan.InForce:
			v.Without = append(v.Without, one.Name)
			continue
		case err != nil:
			return err
		}
		v.Papers, opened = append(v.Papers, r.printed(p, "")), append(opened, one.CaseID.String())
	}
	if err := r.noteRecords(opened...); err != nil {
		return err
	}
	return r.html(http.StatusOK, layout.Paper(v.Chrome, v.Body()))
}
