package seed

import (
	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/engagement"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/plan"
)

// agreed is an appointment row's phantom type.
type agreed struct{}

// agree puts the next appointment on the calendar.
func (t *teller) agree(kind string, on civil.Date, at civil.Clock, place, address, bring, bringES string) {
	t.do("appointment", func() error {
		return t.db.Write(t.ctx, t.by, func(tx *pg.Tx) error {
			scope, err := t.policy.Scope(t.by, access.WriteAppointment)
			if err != nil {
				return err
			}
			c, err := casefile.LockOpen(tx, scope, t.caseID)
			if err != nil {
				return err
			}
			if err := pg.Insert(tx, `update appointments set state = 'moved', version = version + 1 where case_id = :case_id and state = 'planned'`, pg.Args{"case_id": t.caseID}); err != nil {
				return err
			}
			if err := pg.Insert(tx, `insert into appointments (agency_id, id, case_id, kind, on_date, at_time, place, address, bring, bring_es, made_by, created_at)
				values (:agency, :id, :case_id, :kind, :on, :at, :place, :address, :bring, :es, :by, :now)`,
				pg.Args{"agency": t.by.Agency, "id": id.New[agreed](), "case_id": t.caseID, "kind": kind, "on": on, "at": at, "place": place, "address": address, "bring": bring, "es": bringES, "by": t.by.ID, "now": tx.Now}); err != nil {
				return err
			}
			return casefile.Refresh(tx, c, t.by.Today(tx.Now))
		})
	})
}

// ask records something asked of somebody else.
func (t *teller) ask(what, whom string) {
	t.do("request", func() error {
		return t.db.Write(t.ctx, t.by, func(tx *pg.Tx) error {
			return pg.Insert(tx, `insert into requests (agency_id, id, case_id, what, from_whom, asked_on, asked_by) values (:agency, :id, :case_id, :what, :whom, :on, :by)`,
				pg.Args{"agency": t.by.Agency, "id": id.New[agreed](), "case_id": t.caseID, "what": what, "whom": whom, "on": civil.Of(t.now), "by": t.by.ID})
		})
	})
}

// talk records a check-in held today.
func (t *teller) talk(in engagement.CheckInInput) {
	t.do("check-in", func() error {
		_, err := engagement.New(t.db, t.policy).Record(t.ctx, t.by, t.caseID, in)
		return err
	})
}

// planning has the plan service; the paper is printed by the same page as in the product.
type planning struct {
	*teller
	s    *plan.Service
	plan plan.Plan
}

func (t *teller) planning(render func(plan.Document) (string, error)) *planning {
	return &planning{teller: t, s: plan.New(t.db, t.policy, render)}
}

func (p *planning) draft(in plan.DraftInput) {
	p.do("draft plan", func() (err error) {
		p.plan, err = p.s.Draft(p.ctx, p.by, p.caseID, in)
		return err
	})
}

// clear takes the drafted milestones and lines away, except those that goals hang on.
func (p *planning) clear(goalsToo bool) {
	for _, m := range p.plan.Milestones {
		if m.GoalID.IsZero() || goalsToo {
			p.do("remove milestone", func() (err error) {
				p.plan, err = p.s.RemoveMilestone(p.ctx, p.by, p.caseID, m.Key, p.plan.Version)
				return err
			})
		}
	}
	for _, l := range p.plan.Lines {
		p.do("remove line", func() (err error) {
			p.plan, err = p.s.RemoveLine(p.ctx, p.by, p.caseID, l.ID, p.plan.Version)
			return err
		})
	}
}

func (p *planning) milestone(in plan.MilestoneInput) string {
	key := in.Key
	p.do("milestone "+in.Title, func() error {
		m, now, err := p.s.AddMilestone(p.ctx, p.by, p.caseID, in)
		p.plan, key = now, m.Key
		return err
	})
	return key
}

func (p *planning) line(in plan.LineInput) {
	p.do("line "+in.What, func() (err error) {
		_, p.plan, err = p.s.AddLine(p.ctx, p.by, p.caseID, in)
		return err
	})
}

func (p *planning) header(edit func(*plan.HeaderInput)) {
	p.do("plan header", func() (err error) {
		p.plan, err = p.s.ChangeHeader(p.ctx, p.by, p.caseID, p.plan.Version, func(in *plan.HeaderInput) error {
			edit(in)
			return nil
		})
		return err
	})
}

func (p *planning) submit() {
	p.do("submit plan", func() (err error) {
		p.plan, err = p.s.Submit(p.ctx, p.by, p.caseID, p.plan.Version, plan.SubmitInput{DocumentLang: p.plan.DocumentLang})
		return err
	})
}

// sign has the person sign in front of the case manager, and then the case manager.
func (p *planning) sign(name string) {
	day := civil.Of(p.now)
	for _, in := range []plan.SignInput{{Role: "participant", Method: "in_person", Name: name, SignedOn: day}, {Role: "case_manager", Method: "online", Name: p.by.Name(), SignedOn: day}} {
		p.do("sign as "+in.Role, func() (err error) {
			p.plan, err = p.s.Sign(p.ctx, p.by, p.caseID, in, plan.Evidence{Auth: "session", IP: "127.0.0.1"})
			return err
		})
	}
}

func (p *planning) decide(by access.Actor, decision, comment string) {
	if p.plan.State != plan.Submitted {
		return
	}
	p.do("approval", func() (err error) {
		p.plan, err = p.s.Decide(p.ctx, by, p.caseID, plan.ApprovalInput{Decision: decision, Comment: comment})
		return err
	})
}

// goals are three, one a horizon, from the pathway of the area.
func (t *teller) goals(titles [3]string, codes [3]string, pays [3][2]int64) {
	today := civil.Of(t.now)
	on := [3]civil.Date{today.AddMonths(6).AddDays(-3), today.AddMonths(14), today.AddMonths(40)}
	for i, h := range []goal.Horizon{"immediate", "mid", "long"} {
		in := goal.Input{Horizon: h, Title: titles[i], TargetKind: "occupation", TargetCode: codes[i], Measure: goal.WageYear, TargetOn: on[i], Rationale: "Chosen together.", Fits: ""}
		setPay(&in, pays[i])
		t.aim(in)
	}
}
