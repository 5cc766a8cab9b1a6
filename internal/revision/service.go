package revision

import (
	"context"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/selection"
)

// Service works out what new versions mean for people.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// reach is how far the actor reads names, and whose moves they may answer. A role that reads no
// records reaches nobody.
func (s *Service) reach(by access.Actor) (reads, answers access.Scope) {
	reads, _ = s.policy.Scope(by, access.ReadRecord)
	answers, _ = s.policy.Scope(by, access.ChooseSelection)
	return reads, answers
}

// Affected lists whose steps a version changes: the one in use for 0, or a draft that an editor
// thinks of publishing. People out of the actor's reach are counted, not named.
func (s *Service) Affected(ctx context.Context, by access.Actor, code string, version int) (l List, err error) {
	if by.Role == access.ParticipantRole {
		return l, errs.New(errs.Forbidden, "forbidden")
	}
	reads, answers := s.reach(by)
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		life, err := pathway.LifeOf(tx, code)
		if err != nil {
			return err
		}
		if version == 0 {
			out, ok := life.Published()
			if !ok {
				return errs.New(errs.NotFound, "not_found")
			}
			version = out.Version
		}
		now, err := pathway.At(tx, code, version)
		if err != nil {
			return err
		}
		if !now.Out() && s.policy.Require(by, access.EditPathway) != nil {
			return errs.New(errs.NotFound, "not_found")
		}
		all, err := listOf(tx, reads, answers, now)
		if err != nil {
			return err
		}
		l = List{Code: code, Version: version, All: len(all), People: []Affected{}, ByManager: counts(all)}
		for _, a := range all {
			if a.InReach {
				l.People = append(l.People, a)
			}
		}
		return nil
	})
	return l, err
}

func listOf(tx *pg.Tx, reads, answers access.Scope, now pathway.Edition) ([]Affected, error) {
	staked, err := stakes(tx, reads, answers, now.Code, now.Version)
	if err != nil {
		return nil, err
	}
	return affected(staked, now.Pathway, func(v int) (pathway.Pathway, error) {
		e, err := pathway.At(tx, now.Code, v)
		return e.Pathway, err
	})
}

// Waiting is how many of the people whose moves the actor may answer still wait, by pathway.
func (s *Service) Waiting(ctx context.Context, by access.Actor) (map[string]int, error) {
	waiting := map[string]int{}
	if by.Role == access.ParticipantRole {
		return waiting, nil
	}
	reads, answers := s.reach(by)
	err := s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := pathway.Load(tx, "")
		if err != nil {
			return err
		}
		for _, e := range c.Pathways() {
			if e.Version == 1 {
				continue
			}
			list, err := listOf(tx, reads, answers, e)
			if err != nil {
				return err
			}
			for _, a := range list {
				if a.MayAnswer {
					waiting[e.Code]++
				}
			}
		}
		return nil
	})
	return waiting, err
}

// Question is one person's move: what changed, both versions, and the answer if there is one.
type Question struct {
	Case casefile.Case
	// Open is false when the person's steps are as they were, or the move is answered.
	Open     bool
	Affected Affected
	Was      pathway.Edition
	Now      pathway.Edition
	Choice   selection.Selection
	Answer   *Answer
	May      bool
}

// Question reads the move of a case.
func (s *Service) Question(ctx context.Context, by access.Actor, caseID access.CaseID) (q Question, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return q, err
	}
	_, answers := s.reach(by)
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Load(tx, scope, caseID)
		if err != nil {
			return err
		}
		q, err = questionOf(tx, scope, answers, c)
		return err
	})
	return q, err
}

func questionOf(tx *pg.Tx, reads, answers access.Scope, c casefile.Case) (q Question, err error) {
	q.Case = c
	var found bool
	if q.Choice, found, err = selection.Current(tx, c.ID); err != nil || !found {
		return q, err
	}
	life, err := pathway.LifeOf(tx, q.Choice.Pathway)
	if err != nil {
		return q, err
	}
	out, ok := life.Published()
	if !ok {
		return q, nil
	}
	if q.Now, err = pathway.At(tx, q.Choice.Pathway, out.Version); err != nil {
		return q, err
	}
	if q.Was, err = pathway.At(tx, q.Choice.Pathway, q.Choice.PathwayVersion); err != nil {
		return q, err
	}
	if q.Answer, err = answered(tx, c.ID, q.Now.Code, q.Now.Version); err != nil {
		return q, err
	}
	staked, err := people(tx, reads, answers, q.Now.Code, q.Now.Version, "and c.id = :only", pg.Args{"only": c.ID})
	if err != nil {
		return q, err
	}
	list, err := affected(staked, q.Now.Pathway, func(v int) (pathway.Pathway, error) {
		e, err := pathway.At(tx, q.Now.Code, v)
		return e.Pathway, err
	})
	if err != nil || len(list) == 0 {
		return q, err
	}
	q.Open, q.Affected, q.May = true, list[0], list[0].MayAnswer
	if q.Was.Version != q.Affected.Version {
		q.Was, err = pathway.At(tx, q.Now.Code, q.Affected.Version)
	}
	return q, err
}

func answered(tx *pg.Tx, caseID access.CaseID, code string, version int) (*Answer, error) {
	a, found, err := pg.Find[Answer](tx, `
		select m.answer, m.reason, m.recorded_at, coalesce(u.first_name || ' ' || u.last_name, '') as by
		from pathway_moves m left join users u on u.agency_id = m.agency_id and u.id = m.recorded_by
		where m.case_id = :case_id and m.code = :code and m.to_version = :version`,
		pg.Args{"case_id": caseID, "code": code, "version": version})
	if err != nil || !found {
		return nil, err
	}
	return &a, nil
}

// AnswerInput accepts or declines the move of a case to the version in use.
type AnswerInput struct {
	Answer string `json:"answer" validate:"required,oneof=accepted declined"`
	// ToVersion is the version that the answer is about.
	ToVersion int    `json:"to_version" validate:"required,gte=1"`
	Entry     int    `json:"entry_step" validate:"gte=0,lte=8"`
	Target    int    `json:"target_step" validate:"gte=0,lte=8"`
	Reason    string `json:"reason" validate:"max=1000"`
}

// Decide records the answer. Accepted, the choice is recorded anew on the new version, at the proposed
// steps or those given; declined, everything stays on the version it was made with.
func (s *Service) Decide(ctx context.Context, by access.Actor, caseID access.CaseID, in AnswerInput) error {
	if err := check.Struct(in); err != nil {
		return err
	}
	if in.Answer == "declined" && strings.TrimSpace(in.Reason) == "" {
		return errs.At("reason", "required")
	}
	scope, err := s.policy.Scope(by, access.ChooseSelection)
	if err != nil {
		return err
	}
	reads, answers := s.reach(by)
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.LockOpen(tx, scope, caseID)
		if err != nil {
			return err
		}
		q, err := questionOf(tx, reads, answers, c)
		if err != nil {
			return err
		}
		switch {
		case !q.Open:
			return errs.New(errs.Conflict, "revision.nothing_open")
		case in.ToVersion != q.Now.Version:
			return errs.New(errs.Conflict, "revision.another_version").Showing(map[string]any{"version": q.Now.Version})
		}
		if err := record(tx, by, q, in); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "revision." + in.Answer, Case: c.ID, Detail: map[string]any{
			"pathway": q.Now.Code, "from_version": q.Affected.Version, "to_version": q.Now.Version,
		}}); err != nil {
			return err
		}
		return casefile.Refresh(tx, c, by.Today(tx.Now))
	})
}

// MoveRow is the phantom type of an answer's id.
type MoveRow struct{}

func record(tx *pg.Tx, by access.Actor, q Question, in AnswerInput) error {
	var chosen selection.ID
	if in.Answer == "accepted" {
		entry, target, err := steps(q, in)
		if err != nil {
			return err
		}
		if chosen, err = selection.Moved(tx, by, q.Choice, q.Now.Version, entry, target); err != nil {
			return err
		}
		if err := goal.Recheck(tx, q.Case.ID); err != nil {
			return err
		}
	}
	return pg.Insert(tx, `
		insert into pathway_moves (agency_id, id, case_id, code, from_version, to_version, answer, selection_id, reason, recorded_by, recorded_at)
		values (:agency, :id, :case_id, :code, :from, :to, :answer, :selection, :reason, :by, :now)`,
		pg.Args{
			"agency": by.Agency, "id": id.New[MoveRow](), "case_id": q.Case.ID, "code": q.Now.Code, "from": q.Affected.Version, "to": q.Now.Version,
			"answer": in.Answer, "selection": chosen, "reason": strings.TrimSpace(in.Reason), "by": by.ID, "now": tx.Now,
		})
}

// steps are where the person is moved to: as given, else as proposed for the choice.
func steps(q Question, in AnswerInput) (entry, target int, err error) {
	to, ok := pathway.Diff(q.Was.Pathway, q.Now.Pathway).Move(pathway.Stake{Area: q.Choice.Area, Entry: q.Choice.EntryStep, Target: q.Choice.TargetStep})
	if _, known := q.Now.AreaCoded(q.Choice.Area); !known {
		return 0, 0, errs.New(errs.Conflict, "revision.choose_anew")
	}
	entry, target = to.Entry, to.Target
	if in.Entry > 0 {
		entry = in.Entry
	}
	if in.Target > 0 {
		target = in.Target
	}
	var c errs.Collector
	if _, known := q.Now.StepNumbered(entry); !known || !ok && in.Entry == 0 {
		c.AddArgs("entry_step", "no_such_step", map[string]any{"entered": entry})
	}
	if _, known := q.Now.StepNumbered(target); !known || !ok && in.Target == 0 {
		c.AddArgs("target_step", "no_such_step", map[string]any{"entered": target})
	}
	if target < entry {
		c.AddArgs("target_step", "below_entry", map[string]any{"entry": entry})
	}
	return entry, target, c.Err()
}

// TakeBack withdraws the version in use and puts the one before it back, while nothing that was made
// since hangs on it.
func (s *Service) TakeBack(ctx context.Context, by access.Actor, code string, version int) error {
	if err := s.policy.Require(by, access.EditPathway); err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		life, err := pathway.LifeOf(tx, code)
		if err != nil {
			return err
		}
		out, ok := life.Published()
		if !ok || out.Version != version {
			return errs.New(errs.Conflict, "revision.not_in_use")
		}
		hangs, err := hanging(tx, code, version)
		if err != nil {
			return err
		}
		if hangs.any() {
			return errs.New(errs.Conflict, "revision.in_use").Showing(hangs)
		}
		before := 0
		for _, v := range life.Versions {
			if v.Version < version && v.State == pathway.Retired && v.Version > before {
				before = v.Version
			}
		}
		if err := pathway.SetState(tx, by, code, version, pathway.Published, pathway.Withdrawn, pathway.Event{Kind: "taken_back"}); err != nil {
			return err
		}
		if before > 0 { // before the first version there was none
			if err := pathway.SetState(tx, by, code, before, pathway.Retired, pathway.Published, pathway.Event{Kind: "restored"}); err != nil {
				return err
			}
		}
		return audit.Append(tx, by, audit.Entry{Action: "pathway.taken_back", Detail: map[string]any{"pathway": code, "version": version, "restored": before}})
	})
}

// Hanging counts what was made with a version.
type Hanging struct {
	Choices         int `db:"choices" json:"choices"`
	Plans           int `db:"plans" json:"plans"`
	Recommendations int `db:"recommendations" json:"recommendations"`
	Answers         int `db:"answers" json:"answers"`
}

func (h Hanging) any() bool { return h.Choices+h.Plans+h.Recommendations+h.Answers > 0 }

func hanging(tx *pg.Tx, code string, version int) (Hanging, error) {
	return pg.Get[Hanging](tx, `
		select (select count(*) from selections where pathway_code = :code and pathway_version = :version) as choices,
			(select count(*) from plan_versions where pathway_code = :code and pathway_version = :version) as plans,
			(select count(*) from snapshots where cast(:code as text) || '/' || cast(:version as text) = any (string_to_array(catalogue_version, ' '))) as recommendations,
			(select count(*) from pathway_moves where code = :code and to_version = :version) as answers`,
		pg.Args{"code": code, "version": version})
}

// Hanging tells an editor what keeps a publication from being taken back.
func (s *Service) Hanging(ctx context.Context, by access.Actor, code string, version int) (h Hanging, err error) {
	if err = s.policy.Require(by, access.EditPathway); err != nil {
		return h, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		h, err = hanging(tx, code, version)
		return err
	})
	return h, err
}
