package plan

import (
	"context"
	"strings"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/intake"
	"waymark/internal/msg"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/selection"
)

// DraftInput starts a version.
type DraftInput struct {
	StartOn      civil.Date `json:"start_on"`
	EndOn        civil.Date `json:"end_on"`
	Kind         string     `json:"kind" validate:"omitempty,oneof=iep iss"`
	ChangeReason string     `json:"change_reason" validate:"max=500"`
	DocumentLang string     `json:"document_lang" validate:"omitempty,spoken"`
	// FromEarlier drafts version 1 from what the plan of the person's earlier case left.
	FromEarlier bool `json:"from_earlier"`
}

// Draft builds version 1 from the chosen pathway or from what an earlier case left of a plan, or version N+1 from the one in force, which
// stays in force until N+1 has every mark it needs.
func (s *Service) Draft(ctx context.Context, by access.Actor, caseID access.CaseID, in DraftInput) (made Plan, err error) {
	if err := check.Struct(in); err != nil {
		return made, err
	}
	if !in.StartOn.IsZero() && !in.EndOn.IsZero() && in.EndOn.Before(in.StartOn) {
		return made, errs.At("end_on", "before_start")
	}
	err = s.write(ctx, by, access.DraftPlan, caseID, func(tx *pg.Tx, c casefile.Case) error {
		now, found, err := Current(tx, c.ID)
		if err != nil {
			return err
		}
		if found && (now.State.Open() || now.OpenNumber > 0) {
			return errs.New(errs.Conflict, "plan.open_version").Showing(map[string]any{"number": max(now.OpenNumber, now.Number)})
		}
		if found && strings.TrimSpace(in.ChangeReason) == "" {
			return errs.At("change_reason", "required")
		}
		b, sel, err := basisOf(tx, by, c, in)
		if err != nil {
			return err
		}
		p := begun(b, sel, c, in, now, found)
		if in.FromEarlier {
			if err := p.resume(tx, b, sel, c, found); err != nil {
				return err
			}
		}
		if p.Number, err = nextNumber(tx, c.ID); err != nil {
			return err
		}
		if err := p.judge(tx, by); err != nil {
			return err
		}
		if err := insertVersion(tx, by, p); err != nil {
			return err
		}
		made, _, err = Numbered(tx, c.ID, p.Number)
		if err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "plan.drafted", Case: c.ID, Subject: p.ID.String(), Detail: map[string]any{"number": p.Number}})
	})
	return made, err
}

// basisOf reads what a plan is drafted from and refuses while step 3 or 4 is missing.
func basisOf(tx *pg.Tx, by access.Actor, c casefile.Case, in DraftInput) (b Basis, sel selection.Selection, err error) {
	sel, found, err := selection.Current(tx, c.ID)
	if err != nil {
		return b, sel, err
	}
	if !found {
		return b, sel, errs.New(errs.Conflict, "plan.no_selection").Showing(map[string]any{"missing": []string{"selection"}})
	}
	b = Basis{Area: sel.Area, Entry: sel.EntryStep, Target: sel.TargetStep, Start: in.StartOn, End: in.EndOn, Lang: in.DocumentLang, CaseManager: firstWord(c.CaseManager)}
	if b.Start.IsZero() {
		b.Start = by.Today(tx.Now)
	}
	if b.Lang == "" {
		b.Lang = documentLang(c.Language)
	}
	held, err := agency.SettingsOn(tx, by.Today(tx.Now))
	if err != nil {
		return b, sel, err
	}
	b.Rhythm = held.CheckInRhythmDays
	if b.Goals, err = goal.Of(tx, c.ID); err != nil {
		return b, sel, err
	}
	if len((&made{basis: b}).wanted("")) == 0 {
		return b, sel, errs.New(errs.Conflict, "plan.no_goals").Showing(map[string]any{"missing": []string{"goals"}})
	}
	if b.Needs, err = needsOf(tx, c.ID); err != nil {
		return b, sel, err
	}
	b.Pathway, err = pathway.At(tx, sel.Pathway, sel.PathwayVersion)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.Conflict, "plan.no_pathway")
	}
	return b, sel, err
}

func firstWord(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// documentLang is the language of the paper: ours if the person speaks one of them.
func documentLang(language string) string {
	return msg.For(language).Lang
}

func needsOf(tx *pg.Tx, caseID access.CaseID) ([]intake.SupportNeed, error) {
	row, _, err := pg.Find[pg.JSON[[]intake.SupportNeed]](tx, `select needs from support_screens where case_id = :case_id order by version desc limit 1`, pg.Args{"case_id": caseID})
	return row.V, err
}

// begun is the new version: drafted from the pathway the first time and after another choice, else copied.
func begun(b Basis, sel selection.Selection, c casefile.Case, in DraftInput, before Plan, has bool) Plan {
	p := Plan{
		ID: id.New[VersionRow](), CaseID: c.ID, Kind: in.Kind, StartOn: b.Start, PathwayCode: sel.Pathway, PathwayVersion: sel.PathwayVersion,
		AreaCode: sel.Area, EntryStep: sel.EntryStep, TargetStep: sel.TargetStep, RhythmDays: b.Rhythm, ChangeReason: strings.TrimSpace(in.ChangeReason), DocumentLang: b.Lang,
	}
	if p.Kind == "" {
		p.Kind = kindFor(c)
	}
	p.ParticipantDoes, p.AgencyDoes, p.IfIStop = b.words(p.RhythmDays)
	if has {
		p.Kind, p.RhythmDays = before.Kind, before.RhythmDays
		p.ParticipantDoes, p.AgencyDoes, p.IfIStop = before.ParticipantDoes, before.AgencyDoes, before.IfIStop
		if in.DocumentLang == "" {
			p.DocumentLang = before.DocumentLang // the language that the promises are written in
		}
	}
	same := has && before.PathwayCode == sel.Pathway && before.AreaCode == sel.Area && before.EntryStep == sel.EntryStep && before.TargetStep == sel.TargetStep
	if !same {
		p.Milestones, p.Lines, p.EndOn = Drafted(b)
		if has {
			p.Milestones, p.Lines = carried(before, p.Milestones, p.Lines)
			if before.StartOn.Before(p.StartOn) {
				p.StartOn = before.StartOn // what is done already stays inside the plan
			}
		}
		return p
	}
	p.Milestones, p.Lines = copied(before)
	if in.StartOn.IsZero() {
		p.StartOn = before.StartOn
	}
	if b.End.IsZero() {
		b.End = civil.Later(before.EndOn, End(datedOf(p.Milestones), nil))
	}
	b.Start, p.EndOn = p.StartOn, b.End
	p.Milestones = withGoals(b, p.Milestones)
	return p
}

// resume puts what the plan of the earlier case left in the place of what was drafted from the pathway.
func (p *Plan) resume(tx *pg.Tx, b Basis, sel selection.Selection, c casefile.Case, has bool) error {
	from, err := earlierOf(tx, c, sel)
	if err != nil {
		return err
	}
	if has || from.Left == 0 {
		return errs.At("from_earlier", "no_earlier_plan")
	}
	p.Milestones, p.Lines, p.EndOn = Resumed(b, from)
	return nil
}

// kindFor is the youth's service strategy for youth, else the employment plan.
func kindFor(c casefile.Case) string {
	for _, program := range c.Programs {
		if program == "youth" {
			return "iss"
		}
	}
	return "iep"
}
