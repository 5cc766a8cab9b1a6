package rights

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/document"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Service has the use cases of rights.
type Service struct {
	db     *pg.DB
	policy *access.Policy
	files  *document.Files
}

// New makes the service; files are what a participant's copy takes their papers from.
func New(db *pg.DB, policy *access.Policy, files *document.Files) *Service {
	return &Service{db, policy, files}
}

// Standing is what holds for one case: the newest receipt of the notice, and the consents.
type Standing struct {
	Case     casefile.Case
	Receipt  *Receipt
	Consents []Consent
}

// Own reads the participant's own.
func (s *Service) Own(ctx context.Context, by access.Actor) (st Standing, err error) {
	st.Consents = []Consent{}
	scope, err := s.policy.Scope(by, access.ReadPortal)
	if err != nil {
		return st, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return st.read(tx, c)
	})
	return st, err
}

// Of reads those of a case.
func (s *Service) Of(ctx context.Context, by access.Actor, caseID access.CaseID) (st Standing, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return st, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Load(tx, scope, caseID)
		if err != nil {
			return err
		}
		return st.read(tx, c)
	})
	return st, err
}

func (st *Standing) read(tx *pg.Tx, c casefile.Case) (err error) {
	st.Case = c
	newest, found, err := pg.Find[Receipt](tx, `select wording, lang, method, name, received_on from notice_receipts where case_id = :case_id order by recorded_at desc, id desc limit 1`,
		pg.Args{"case_id": c.ID})
	if err != nil {
		return err
	}
	if found {
		st.Receipt = &newest
	}
	st.Consents, err = consentsOf(tx, c.ID)
	return err
}

// finder finds the case of a change; locked for staff, the own one for participants.
type finder func(tx *pg.Tx) (casefile.Case, error)

// ownCase is the open case of the participant.
func (s *Service) ownCase(by access.Actor) (finder, error) {
	scope, err := s.policy.Scope(by, access.AnswerPortal)
	return func(tx *pg.Tx) (casefile.Case, error) { return casefile.Current(tx, scope, by.Participant) }, err
}

func (s *Service) theirCase(by access.Actor, caseID access.CaseID) (finder, error) {
	scope, err := s.policy.Scope(by, access.RecordConsent)
	return func(tx *pg.Tx) (casefile.Case, error) { return casefile.Lock(tx, scope, caseID) }, err
}

// Acknowledge keeps a participant's own word that they have read the notice.
func (s *Service) Acknowledge(ctx context.Context, by access.Actor, in ReceiptInput) (Receipt, error) {
	r := Receipt{Wording: Wording, Lang: by.Language, Method: "online", Name: in.Name}
	if err := check.Struct(in); err != nil {
		return r, err
	}
	find, err := s.ownCase(by)
	if err != nil {
		return r, err
	}
	return s.receive(ctx, by, r, find)
}

// Received notes a receipt that was signed at the table or on paper.
func (s *Service) Received(ctx context.Context, by access.Actor, caseID access.CaseID, in PaperReceiptInput) (Receipt, error) {
	r := Receipt{Wording: Wording, Lang: in.Lang, Method: in.Method, Name: in.Name, ReceivedOn: in.ReceivedOn}
	if err := check.Struct(in); err != nil {
		return r, err
	}
	find, err := s.theirCase(by, caseID)
	if err != nil {
		return r, err
	}
	return s.receive(ctx, by, r, find)
}

func (s *Service) receive(ctx context.Context, by access.Actor, r Receipt, find finder) (Receipt, error) {
	err := s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := find(tx)
		if err != nil {
			return err
		}
		if r.ReceivedOn, err = day(by, tx, r.ReceivedOn, "received_on"); err != nil {
			return err
		}
		made := id.New[Receipt]()
		if err := pg.Insert(tx, `insert into notice_receipts (agency_id, id, case_id, wording, lang, method, name, received_on, recorded_by, recorded_at)
			values (:agency, :id, :case_id, :wording, :lang, :method, :name, :on, :by, :now)`, pg.Args{
			"agency": by.Agency, "id": made, "case_id": c.ID, "wording": r.Wording, "lang": r.Lang, "method": r.Method, "name": r.Name, "on": r.ReceivedOn, "by": by.ID, "now": tx.Now,
		}); err != nil {
			return err
		}
		if c.NoticeGivenOn.IsZero() {
			if err := casefile.SetNotice(tx, c.ID, r.ReceivedOn); err != nil {
				return err
			}
		}
		return audit.Append(tx, by, audit.Entry{Action: "notice.received", Case: c.ID, Subject: made.String(), Detail: map[string]any{"method": r.Method, "lang": r.Lang}})
	})
	return r, err
}

// day is a day given by the caller, today when none is, and never one to come.
func day(by access.Actor, tx *pg.Tx, on civil.Date, field string) (civil.Date, error) {
	today := by.Today(tx.Now)
	if on.IsZero() {
		return today, nil
	}
	if on.After(today) {
		return on, errs.At(field, "in_future")
	}
	return on, nil
}

// Consent keeps what a participant themselves allows.
func (s *Service) Consent(ctx context.Context, by access.Actor, in ConsentInput) (Consent, error) {
	find, err := s.ownCase(by)
	if err != nil {
		return Consent{}, err
	}
	in.Method = "online"
	return s.consent(ctx, by, in, find)
}

// RecordConsent keeps what a participant has signed at the table or on paper.
func (s *Service) RecordConsent(ctx context.Context, by access.Actor, caseID access.CaseID, in ConsentInput) (Consent, error) {
	if err := check.Struct(in); err != nil {
		return Consent{}, err
	}
	if in.Method == "" {
		return Consent{}, errs.At("method", "required")
	}
	find, err := s.theirCase(by, caseID)
	if err != nil {
		return Consent{}, err
	}
	return s.consent(ctx, by, in, find)
}

func (s *Service) consent(ctx context.Context, by access.Actor, in ConsentInput, find finder) (made Consent, err error) {
	method := in.Method
	if method == "online" {
		in.Method = ""
	}
	if err := check.Struct(in); err != nil {
		return made, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := find(tx)
		if err != nil {
			return err
		}
		if err := in.settle(by.Today(tx.Now)); err != nil {
			return err
		}
		if err := replaceable(tx, c.ID, in.Supersedes); err != nil {
			return err
		}
		made = Consent{ID: id.New[Consent](), Partner: in.Partner, Purpose: in.Purpose, From: in.From, Until: in.Until, Method: method}
		if err := pg.Insert(tx, `insert into consents (agency_id, id, case_id, partner, purpose, from_on, until_on, method, supersedes, recorded_by, recorded_at)
			values (:agency, :id, :case_id, :partner, :purpose, :from, :until, :method, :supersedes, :by, :now)`, pg.Args{
			"agency": by.Agency, "id": made.ID, "case_id": c.ID, "partner": in.Partner, "purpose": in.Purpose, "from": in.From, "until": in.Until, "method": method,
			"supersedes": in.Supersedes, "by": by.ID, "now": tx.Now,
		}); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "consent.given", Case: c.ID, Subject: made.ID.String(), Detail: map[string]any{"method": method, "until": in.Until.String()}})
	})
	return made, err
}

// settle fills in the first day and holds the days against each other.
func (in *ConsentInput) settle(today civil.Date) error {
	if in.From.IsZero() {
		in.From = today
	}
	switch {
	case in.Until.Before(in.From):
		return errs.At("until_on", "before_start")
	case in.Until.Before(today):
		return errs.At("until_on", "in_past")
	case in.Until.DaysSince(in.From) > longest:
		return errs.At("until_on", "consent.too_long")
	}
	return nil
}

// replaceable holds that the consent that is replaced is of the case and not replaced or taken back already.
func replaceable(tx *pg.Tx, caseID access.CaseID, old ConsentID) error {
	if old.IsZero() {
		return nil
	}
	list, err := consentsOf(tx, caseID)
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.ID == old && !c.Superseded && c.WithdrawnOn.IsZero() {
			return nil
		}
	}
	return errs.At("supersedes", "value")
}

// Withdraw takes a consent back from today on; it needs no reason.
func (s *Service) Withdraw(ctx context.Context, by access.Actor, consentID ConsentID) error {
	find, err := s.ownCase(by)
	if err != nil {
		return err
	}
	return s.withdraw(ctx, by, consentID, find)
}

// RecordWithdrawal notes that a participant has taken a consent back.
func (s *Service) RecordWithdrawal(ctx context.Context, by access.Actor, caseID access.CaseID, consentID ConsentID) error {
	find, err := s.theirCase(by, caseID)
	if err != nil {
		return err
	}
	return s.withdraw(ctx, by, consentID, find)
}

func (s *Service) withdraw(ctx context.Context, by access.Actor, consentID ConsentID, find finder) error {
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := find(tx)
		if err != nil {
			return err
		}
		n, err := pg.Exec(tx, `
			insert into consent_withdrawals (agency_id, consent_id, withdrawn_on, withdrawn_by, recorded_at)
			select cast(:agency as uuid), k.id, cast(:today as date), cast(:by as uuid), cast(:now as timestamptz) from consents k where k.id = :id and k.case_id = :case_id
			on conflict (agency_id, consent_id) do nothing`,
			pg.Args{"agency": by.Agency, "id": consentID, "case_id": c.ID, "today": by.Today(tx.Now), "by": by.ID, "now": tx.Now})
		if err != nil {
			return err
		}
		if n == 0 { // not there, or taken back already
			_, err := pg.Get[ConsentID](tx, `select id from consents where id = :id and case_id = :case_id`, pg.Args{"id": consentID, "case_id": c.ID})
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "consent.withdrawn", Case: c.ID, Subject: consentID.String()})
	})
}

func consentsOf(tx *pg.Tx, caseID access.CaseID) ([]Consent, error) {
	return pg.List[Consent](tx, `
		select k.id, k.partner, k.purpose, k.from_on, k.until_on, k.method, w.withdrawn_on,
			exists (select from consents n where n.agency_id = k.agency_id and n.supersedes = k.id) as superseded
		from consents k left join consent_withdrawals w on w.agency_id = k.agency_id and w.consent_id = k.id
		where k.case_id = :case_id order by k.recorded_at desc, k.id desc limit 200`, pg.Args{"case_id": caseID})
}
