package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/explore"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/pathway"
	"waymark/internal/reference"
	occupationpage "waymark/web/page/occupation"
)

func (s *Server) occupationRoutes() {
	s.page("GET", "/occupations/:soc", (*request).showOccupation)
	s.api("GET", "/occupations/:soc", (*request).apiOccupation)
}

// occupation is what the catalogue and reference data know of the occupation of the path. Either
// may know nothing; both knowing nothing is NotFound.
type occupation struct {
	catalogue pathway.Catalogue
	own       pathway.Occupation
	job       reference.Job
}

func (r *request) occupation(soc string) (o occupation, err error) {
	if o.catalogue, err = r.s.pathway.Catalogue(r.ctx(), r.by); err != nil {
		return o, err
	}
	if o.job, err = r.s.reference.Job(r.ctx(), r.by, soc); err != nil {
		return o, err
	}
	var known bool
	o.own, known = o.catalogue.Occupation(soc)
	if !known && !o.job.Known {
		return o, errs.New(errs.NotFound, "not_found")
	}
	if !known {
		d := o.job.Occupation
		o.own = pathway.Occupation{SOC: soc, Title: pathway.Text{EN: d.Title, ES: d.Title}, Zone: d.Zone, RIASEC: d.RIASEC()}
	}
	return o, nil
}

func (r *request) showOccupation() error {
	o, err := r.occupation(r.c.Param("soc"))
	if err != nil {
		return err
	}
	c := r.chrome("pathways", "occupation.title", msg.Args{"name": o.own.Title.In(r.lang())})
	v := occupationpage.Show{Chrome: c, Occupation: o.own, Job: o.job, Catalogue: o.catalogue, Sources: o.catalogue.CitedBy(o.own)}
	if text := r.c.Query("case"); text != "" {
		caseID, err := id.Parse[access.Case](text)
		if err != nil {
			return errs.New(errs.NotFound, "not_found")
		}
		if _, v.Case, err = r.s.goal.Suggest(r.ctx(), r.by, caseID, goal.Mid); err != nil {
			return err
		}
		v.MayAdd = v.Case.Open() && c.May(access.WriteGoal)
	}
	if r.by.Role == access.ParticipantRole {
		v.Active = "explore"
		if v.Liked, v.MayLike, err = r.s.explore.Likes(r.ctx(), r.by, explore.Occupation, o.own.SOC); err != nil {
			return err
		}
		v.MayPropose = v.MayLike && r.s.policy.Allows(r.by, access.AnswerPortal)
	}
	return r.show(http.StatusOK, v.Chrome, v.Body())
}

// goalFrom fills a goal from an occupation that the chosen pathway does not offer.
func (r *request) goalFrom(in goal.Input, code string) goal.Input {
	o, err := r.occupation(code)
	if err != nil {
		return in // no such occupation: the form starts empty
	}
	in.TargetKind, in.TargetCode, in.Title = "occupation", o.own.SOC, o.own.Title.In(r.lang())
	if m, ok := o.catalogue.Median(code); ok {
		in.Pay, in.PayPer = money.Cents(m.MedianCents), m.Per
	} else if len(o.job.Wages) > 0 {
		if cents, per, ok := o.job.Wages[0].Median(); ok {
			in.Pay, in.PayPer = money.Cents(cents), per
		}
	}
	return in
}

func (r *request) apiOccupation() error {
	o, err := r.occupation(r.c.Param("soc"))
	if err != nil {
		return err
	}
	view := occupationView{Occupation: o.own, Places: o.catalogue.Places(o.own.SOC), Cited: o.catalogue.CitedBy(o.own)}
	if m, ok := o.catalogue.Median(o.own.SOC); ok {
		view.Median = &m
	}
	if o.job.Known {
		view.Reference = &o.job
	}
	return r.json(http.StatusOK, view)
}
