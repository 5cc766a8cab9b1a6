package review

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Service has the use cases of the file review.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

func itoa(n int) string { return strconv.Itoa(n) }

// List reads the newest reviews of the actor's office.
func (s *Service) List(ctx context.Context, by access.Actor) (list []Review, err error) {
	if err := s.policy.Require(by, access.ReviewFile); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Review](tx, reviewQuery+`r.office_id = :office order by r.made_at desc, r.id desc limit 50`, pg.Args{"office": by.Office})
		for i := range list {
			list[i].Cases = []File{}
		}
		return err
	})
	return list, err
}

// Begin draws the sample: the cases of the office, of the kind that is asked for, in the order that the seed gives.
func (s *Service) Begin(ctx context.Context, by access.Actor, in BeginInput) (r Review, err error) {
	if err := check.Struct(in); err != nil {
		return r, err
	}
	scope, err := s.policy.Scope(by, access.ReviewFile)
	if err != nil {
		return r, err
	}
	list, err := Checklist()
	if err != nil {
		return r, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		made := id.New[Review]()
		if in.Seed == "" {
			in.Seed = made.String()[24:]
		}
		if in.Kind == "" {
			in.Kind = Kinds[0]
		}
		drawn, err := pg.Get[int](tx, `select count(*) from cases c where `+kinds[in.Kind]+` and `+scope.Where(), pg.Args{}.In(scope, tx))
		if err != nil {
			return err
		}
		if drawn == 0 {
			return errs.New(errs.Conflict, "review.nobody")
		}
		args := pg.Args{"agency": by.Agency, "id": made, "office": by.Office, "kind": in.Kind, "seed": in.Seed, "drawn": drawn, "list": pg.AsJSON(list), "by": by.ID, "now": tx.Now, "size": in.Size}.In(scope, tx)
		if err := pg.Insert(tx, `insert into file_reviews (agency_id, id, office_id, kind, seed, drawn, checklist, made_by, made_at) values (:agency, :id, :office, :kind, :seed, :drawn, :list, :by, :now)`, args); err != nil {
			return err
		}
		if err := pg.Insert(tx, `insert into file_review_cases (agency_id, review_id, case_id, position)
			select :agency, :id, k.id, k.place from (select c.id, row_number() over (order by md5(cast(c.id as text) || cast(:seed as text)), c.id) as place
				from cases c where `+kinds[in.Kind]+` and `+scope.Where()+`) k where k.place <= :size`, args); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "review.begun", Subject: made.String(), Detail: map[string]any{"size": in.Size, "kind": in.Kind, "seed": in.Seed}}); err != nil {
			return err
		}
		r, err = s.one(tx, by, made)
		return err
	})
	return r, err
}

// Get reads a review with its files.
func (s *Service) Get(ctx context.Context, by access.Actor, of ID) (r Review, err error) {
	if err := s.policy.Require(by, access.ReviewFile); err != nil {
		return r, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		r, err = s.one(tx, by, of)
		return err
	})
	return r, err
}

func (s *Service) one(tx *pg.Tx, by access.Actor, of ID) (r Review, err error) {
	if r, err = pg.Get[Review](tx, reviewQuery+`r.id = :id and r.office_id = :office`, pg.Args{"id": of, "office": by.Office}); err != nil {
		return r, err
	}
	r.Cases, err = pg.List[File](tx, fileQuery, pg.Args{"id": of})
	return r, err
}

// Sheet is one record of a review: what is answered, and what the record itself says.
type Sheet struct {
	Review   Review
	Case     casefile.Case
	Findings []Finding
	// Says is "yes" or "no" for the items that the record answers by itself.
	Says map[string]string
}

// Of is the finding of an item.
func (s Sheet) Of(item string) (Finding, bool) {
	i := slices.IndexFunc(s.Findings, func(f Finding) bool { return f.Item == item })
	if i < 0 {
		return Finding{}, false
	}
	return s.Findings[i], true
}

// Sheet reads one record of a review.
func (s *Service) Sheet(ctx context.Context, by access.Actor, of ID, caseID access.CaseID) (sheet Sheet, err error) {
	scope, err := s.policy.Scope(by, access.ReviewFile)
	if err != nil {
		return sheet, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		sheet, err = s.sheet(tx, by, scope, of, caseID)
		return err
	})
	return sheet, err
}

func (s *Service) sheet(tx *pg.Tx, by access.Actor, scope access.Scope, of ID, caseID access.CaseID) (sheet Sheet, err error) {
	if sheet.Review, err = s.one(tx, by, of); err != nil {
		return sheet, err
	}
	if !slices.ContainsFunc(sheet.Review.Cases, func(f File) bool { return f.CaseID == caseID }) {
		return sheet, errs.New(errs.NotFound, "not_found")
	}
	if sheet.Case, err = casefile.Load(tx, scope, caseID); err != nil {
		return sheet, err
	}
	if sheet.Findings, err = pg.List[Finding](tx, findingQuery+`f.review_id = :id and f.case_id = :case_id order by f.item limit 100`, pg.Args{"id": of, "case_id": caseID}); err != nil {
		return sheet, err
	}
	sheet.Says, err = says(tx, sheet.Case, by.Today(tx.Now), sheet.Review.Checklist.V)
	return sheet, err
}

// Answer records the checklist of one record. What was corrected since is left as it is.
func (s *Service) Answer(ctx context.Context, by access.Actor, of ID, caseID access.CaseID, in FindingsInput) (sheet Sheet, err error) {
	scope, err := s.policy.Scope(by, access.ReviewFile)
	if err != nil {
		return sheet, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := lockOpen(tx, by, of); err != nil {
			return err
		}
		if sheet, err = s.sheet(tx, by, scope, of, caseID); err != nil {
			return err
		}
		if err := in.fits(sheet.Review.Checklist.V); err != nil {
			return err
		}
		for _, f := range in.Findings {
			if f.Result == "" {
				continue
			}
			if err := pg.Insert(tx, `insert into file_findings (agency_id, review_id, case_id, item, result, note, found_by, found_at) values (:agency, :review, :case_id, :item, :result, :note, :by, :now)
				on conflict (agency_id, review_id, case_id, item) do update set result = excluded.result, note = excluded.note, found_by = excluded.found_by, found_at = excluded.found_at,
					version = file_findings.version + 1 where file_findings.corrected_at is null and (file_findings.result, file_findings.note) is distinct from (excluded.result, excluded.note)`,
				pg.Args{"agency": by.Agency, "review": of, "case_id": caseID, "item": f.Item, "result": f.Result, "note": strings.TrimSpace(f.Note), "by": by.ID, "now": tx.Now}); err != nil {
				return err
			}
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "review.answered", Case: caseID, Subject: of.String()}); err != nil {
			return err
		}
		sheet, err = s.sheet(tx, by, scope, of, caseID)
		return err
	})
	return sheet, err
}

// Listed is how many findings a page shows.
const Listed = 200

// Found lists everything that a review of the actor's office has found, file by file.
func (s *Service) Found(ctx context.Context, by access.Actor, of ID) (r Review, list []Finding, err error) {
	scope, err := s.policy.Scope(by, access.ReviewFile)
	if err != nil {
		return r, nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if r, err = s.one(tx, by, of); err != nil {
			return err
		}
		list, err = pg.List[Finding](tx, findingQuery+`f.review_id = :id and `+scope.Where()+` order by p.search_key, f.case_id, f.item limit 10000`, pg.Args{"id": of}.In(scope, tx))
		return err
	})
	return r, list, err
}

// Findings lists what waits for a correction in the actor's cases, most of it at most.
func (s *Service) Findings(ctx context.Context, by access.Actor, most int) (list []Finding, err error) {
	scope, err := s.policy.Scope(by, access.CorrectFile)
	if err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Finding](tx, findingQuery+`f.result = 'not_met' and f.corrected_at is null and `+scope.Where()+` order by f.found_at, f.item limit :most`, pg.Args{"most": most}.In(scope, tx))
		return err
	})
	return list, err
}

// Correct says what was done about a finding, once.
func (s *Service) Correct(ctx context.Context, by access.Actor, of ID, caseID access.CaseID, in CorrectInput) (f Finding, err error) {
	in.Correction = strings.TrimSpace(in.Correction)
	if err := check.Struct(in); err != nil {
		return f, err
	}
	scope, err := s.policy.Scope(by, access.CorrectFile)
	if err != nil {
		return f, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Lock(tx, scope, caseID)
		if err != nil {
			return err
		}
		args := pg.Args{"review": of, "case_id": c.ID, "item": in.Item, "correction": in.Correction, "by": by.ID, "now": tx.Now}
		if f, err = pg.Get[Finding](tx, findingQuery+`f.review_id = :review and f.case_id = :case_id and f.item = :item`, args); err != nil {
			return err
		}
		if f.Result != "not_met" || f.CorrectedAt != nil {
			return errs.New(errs.Conflict, "review.nothing_open")
		}
		if err := pg.ExecOne(tx, `update file_findings set correction = :correction, corrected_by = :by, corrected_at = :now, version = version + 1
			where review_id = :review and case_id = :case_id and item = :item and corrected_at is null`, args); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "review.corrected", Case: c.ID, Subject: of.String(), Detail: map[string]any{"item": in.Item}}); err != nil {
			return err
		}
		f, err = pg.Get[Finding](tx, findingQuery+`f.review_id = :review and f.case_id = :case_id and f.item = :item`, args)
		return err
	})
	return f, err
}

// Close ends a review in which everything is answered and every finding corrected.
func (s *Service) Close(ctx context.Context, by access.Actor, of ID) (r Review, err error) {
	if err := s.policy.Require(by, access.ReviewFile); err != nil {
		return r, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := lockOpen(tx, by, of); err != nil {
			return err
		}
		if r, err = s.one(tx, by, of); err != nil {
			return err
		}
		if !r.Complete() || r.Open > 0 {
			return errs.New(errs.Conflict, "review.not_ready").Showing(map[string]any{"unanswered": r.Files*len(r.Checklist.V) - r.Answered, "open_findings": r.Open})
		}
		if err := pg.ExecOne(tx, `update file_reviews set closed_at = :now, closed_by = :by, version = version + 1 where id = :id and closed_at is null`,
			pg.Args{"id": of, "by": by.ID, "now": tx.Now}); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "review.closed", Subject: of.String()}); err != nil {
			return err
		}
		r, err = s.one(tx, by, of)
		return err
	})
	return r, err
}
