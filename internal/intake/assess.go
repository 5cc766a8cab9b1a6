package intake

import (
	"context"
	"slices"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Assess records one result, a correction of one, or why a domain needs none.
func (s *Service) Assess(ctx context.Context, by access.Actor, caseID access.CaseID, in AssessmentInput) (made Scored, err error) {
	if err := check.Struct(in); err != nil {
		return made, err
	}
	err = s.write(ctx, by, access.RecordAssessment, caseID, func(tx *pg.Tx, c casefile.Case) error {
		today := by.Today(tx.Now)
		switch {
		case in.TakenOn.IsZero() && in.Waives == "":
			return errs.At("taken_on", "required")
		case in.TakenOn.IsZero():
			in.TakenOn = today
		case in.TakenOn.After(today):
			return errs.At("taken_on", "in_future")
		}
		held, err := agency.SettingsOn(tx, in.TakenOn)
		if err != nil {
			return err
		}
		if made, err = newResult(in, held.Law); err != nil {
			return err
		}
		if err := checkSuperseded(tx, c.ID, made); err != nil {
			return err
		}
		if days := held.Law.NRS[made.Instrument].RetestDays; days > 0 {
			live, err := liveResults(tx, c.ID)
			if err != nil {
				return err
			}
			if err := tooEarly(live, made, days); err != nil {
				return err
			}
		}
		if err := insertResult(tx, by, c.ID, made); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{
			Action: actionOf(made), Case: c.ID, Subject: made.ID.String(),
			Detail: map[string]any{"instrument": made.Instrument, "subject": made.Subject},
		})
	})
	return made, err
}

func newResult(in AssessmentInput, law agency.Law) (Scored, error) {
	if in.Waives == "" {
		return readingOf(in, localItems(), law)
	}
	if in.Reason == "" {
		return Scored{}, errs.At("reason", "required")
	}
	return Scored{ID: id.New[Assessment](), Instrument: Waiver, Subject: in.Waives, TakenOn: in.TakenOn, Waived: true, Reason: in.Reason, Supersedes: in.Supersedes}, nil
}

func actionOf(s Scored) string {
	switch {
	case !s.Supersedes.IsZero():
		return "assessment.corrected"
	case s.Waived:
		return "assessment.waived"
	}
	return "assessment.recorded"
}

// checkSuperseded lets a correction stand for one live result of the same case, with a reason.
func checkSuperseded(tx *pg.Tx, caseID access.CaseID, made Scored) error {
	if made.Supersedes.IsZero() {
		return nil
	}
	if made.Reason == "" {
		return errs.At("reason", "required")
	}
	live, err := liveResults(tx, caseID)
	if err != nil {
		return err
	}
	for _, r := range live {
		if r.ID == made.Supersedes {
			return nil
		}
	}
	return errs.At("supersedes", "superseded_unknown")
}

// Assessments are a case's results and waivers, newest first, with those that were corrected, and
// the domains that still have neither.
type Assessments struct {
	Case    casefile.Case
	Results []Scored
	Missing []string
}

// Live lists the results that stand.
func (a Assessments) Live() []Scored {
	return slices.DeleteFunc(slices.Clone(a.Results), func(r Scored) bool { return !r.SupersededBy.IsZero() })
}

// Assessments reads them.
func (s *Service) Assessments(ctx context.Context, by access.Actor, caseID access.CaseID) (a Assessments, err error) {
	err = s.read(ctx, by, access.ReadRecord, caseID, func(tx *pg.Tx, c casefile.Case) error {
		a.Case, a.Missing = c, []string{}
		if a.Results, err = resultsOf(tx, caseID); err != nil {
			return err
		}
		steps, err := casefile.Steps(tx, caseID)
		for _, step := range steps[:min(2, len(steps))] {
			for _, m := range step.Missing {
				if slices.Contains(WaivableDomains, m) {
					a.Missing = append(a.Missing, m)
				}
			}
		}
		return err
	})
	return a, err
}

func resultsOf(tx *pg.Tx, caseID access.CaseID) ([]Scored, error) {
	return pg.List[Scored](tx, `
		select a.id, a.instrument, a.subject, a.form, a.taken_on, a.proctored, a.score, a.efl, a.scale, a.result, a.waived, a.reason, a.supersedes,
			n.id as superseded_by, u.first_name || ' ' || u.last_name as recorded_by
		from assessments a
		join users u on u.agency_id = a.agency_id and u.id = a.recorded_by
		left join assessments n on n.agency_id = a.agency_id and n.supersedes = a.id
		where a.case_id = :case_id
		order by a.taken_on desc, a.id desc
		limit 300`, pg.Args{"case_id": caseID})
}

// liveResults are those that nothing newer stands for, newest first.
func liveResults(tx *pg.Tx, caseID access.CaseID) ([]Scored, error) {
	all, err := resultsOf(tx, caseID)
	live := []Scored{}
	for _, r := range all {
		if r.SupersededBy.IsZero() {
			live = append(live, r)
		}
	}
	return live, err
}

func insertResult(tx *pg.Tx, by access.Actor, caseID access.CaseID, r Scored) error {
	var answers any
	if len(r.answers) > 0 {
		answers = pg.AsJSON(r.answers)
	}
	return pg.Insert(tx, `
		insert into assessments (agency_id, id, case_id, instrument, subject, form, taken_on, proctored, score, efl, scale, answers, result, waived, reason, supersedes, recorded_by, recorded_at)
		values (:agency, :id, :case_id, :instrument, :subject, :form, :taken_on, :proctored, :score, :efl, :scale, :answers, :result, :waived, :reason, :supersedes, :by, :now)`,
		pg.Args{
			"agency": by.Agency, "id": r.ID, "case_id": caseID, "instrument": r.Instrument, "subject": r.Subject, "form": r.Form, "taken_on": r.TakenOn,
			"proctored": r.Proctored, "score": r.Score, "efl": r.EFL, "scale": r.Scale, "answers": answers, "result": r.Reading, "waived": r.Waived,
			"reason": r.Reason, "supersedes": r.Supersedes, "by": by.ID, "now": tx.Now,
		})
}
