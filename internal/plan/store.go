package plan

import (
	"encoding/hex"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

const columns = `v.id, v.case_id, v.number, v.state, v.kind, v.start_on, v.end_on, v.pathway_code, v.pathway_version, v.area_code, v.entry_step,
	v.target_step, v.rhythm_days, v.participant_does, v.agency_does, v.if_i_stop, v.approval_needed, v.change_reason, v.author_id,
	coalesce((select u.first_name || ' ' || u.last_name from users u where u.agency_id = v.agency_id and u.id = v.author_id), '') as author,
	array(select cast(h.user_id as text) from plan_hands h where h.agency_id = v.agency_id and h.plan_id = v.id and h.part = 'wrote' limit 100) as writers,
	array(select cast(h.user_id as text) from plan_hands h where h.agency_id = v.agency_id and h.plan_id = v.id and h.part = 'approved' limit 100) as approvers,
	v.document_lang, coalesce(encode(v.sha256, 'hex'), '') as sha256, v.frozen_at, v.in_force_on, v.version, v.created_at, v.updated_at,
	coalesce((select o.number from plan_versions o where o.agency_id = v.agency_id and o.case_id = v.case_id and o.id <> v.id
		and o.state in ('draft', 'submitted', 'returned') limit 1), 0) as open_number`

// Current is the plan to go by: the version in force, else the newest that is being worked on.
// Milestones carry their progress and, while in force, the dates they were moved to.
func Current(tx *pg.Tx, caseID access.CaseID) (Plan, bool, error) {
	return find(tx, current, pg.Args{"case_id": caseID})
}

const current = `v.state in ('in_force', 'draft', 'submitted', 'returned') order by v.state = 'in_force' desc, v.number desc`

// Open is the version being worked on: draft, submitted or returned.
func Open(tx *pg.Tx, caseID access.CaseID) (Plan, bool, error) {
	return find(tx, `v.state in ('draft', 'submitted', 'returned') order by v.number desc`, pg.Args{"case_id": caseID})
}

// Numbered is one version, whatever became of it.
func Numbered(tx *pg.Tx, caseID access.CaseID, number int) (Plan, bool, error) {
	return find(tx, `v.number = :number`, pg.Args{"case_id": caseID, "number": number})
}

// steps is the current version with its milestones and nothing else, for what only asks which there are.
func steps(tx *pg.Tx, caseID access.CaseID) (Plan, bool, error) {
	p, found, err := oneVersion(tx, current, pg.Args{"case_id": caseID})
	if err != nil || !found {
		return p, false, err
	}
	p.Milestones, err = pg.List[Milestone](tx, milestonesQuery, pg.Args{"id": p.ID})
	return p, true, err
}

func oneVersion(tx *pg.Tx, which string, args pg.Args) (Plan, bool, error) {
	return pg.Find[Plan](tx, `select `+columns+` from plan_versions v where v.case_id = :case_id and `+which+` limit 1`, args)
}

func find(tx *pg.Tx, which string, args pg.Args) (Plan, bool, error) {
	p, found, err := oneVersion(tx, which, args)
	if err != nil || !found {
		return p, false, err
	}
	err = pg.Gather(tx, func(tx *pg.Tx) (err error) {
		p, err = whole(tx, p)
		return err
	})
	return p, true, err
}

// whole reads the parts of a version.
func whole(tx *pg.Tx, p Plan) (Plan, error) {
	args := pg.Args{"id": p.ID, "case_id": p.CaseID}
	var err error
	if p.Milestones, err = pg.List[Milestone](tx, milestonesQuery, args); err != nil {
		return p, err
	}
	if p.Lines, err = pg.List[Line](tx, linesQuery, args); err != nil {
		return p, err
	}
	if p.Signatures, err = pg.List[Signature](tx, signaturesQuery, args); err != nil {
		return p, err
	}
	p.Decisions, err = pg.List[Decision](tx, decisionsQuery, args)
	p.Totals = p.sums()
	return p, err
}

const milestonesQuery = `
	select m.id, m.key, m.position, m.kind, m.title, m.title_es, m.place, m.goal_id, coalesce(g.horizon, '') as goal_horizon, m.due_on as signed_due_on,
		case when v.state = 'in_force' then coalesce(s.starts_on, m.starts_on) else m.starts_on end as starts_on,
		case when v.state = 'in_force' then coalesce(s.due_on, m.due_on) else m.due_on end as due_on,
		m.tolerance_days, m.evidence, m.depends_on, coalesce(m.weeks, 0) as weeks, coalesce(m.sessions, 0) as sessions,
		coalesce(s.status, 'not_started') as status, s.done_on, s.percent, s.attended, coalesce(s.note, '') as note
	from milestones m
	join plan_versions v on v.agency_id = m.agency_id and v.id = m.plan_id
	left join milestone_states s on s.agency_id = m.agency_id and s.case_id = m.case_id and s.key = m.key
	left join goals g on g.agency_id = m.agency_id and g.id = m.goal_id
	where m.plan_id = :id order by m.position, m.due_on, m.id limit 200`

const linesQuery = `
	select id, kind, need, what, what_es, provider, service_code, starts_on, ends_on, cost_cents, funding, milestone_key, state, paid_on
	from plan_lines where plan_id = :id order by kind = 'support', id limit 200`

const signaturesQuery = `
	select s.role, s.name, s.method, s.signed_on, s.signed_at, encode(s.sha256, 'hex') as sha256, s.sha256 is distinct from v.sha256 as void,
		s.auth, s.consent_version, s.ip, s.scan_id, s.bound <> app.mark_print(s) as altered,
		coalesce((select u.first_name || ' ' || u.last_name from users u where u.agency_id = s.agency_id and u.id = s.witness_id), '') as witness
	from signatures s join plan_versions v on v.agency_id = s.agency_id and v.id = s.plan_id
	where s.plan_id = :id order by s.signed_at, s.id limit 20`

const decisionsQuery = `
	select d.decision, d.comment, d.decided_on, d.decided_at, u.first_name || ' ' || u.last_name as decided_by, d.sha256 is distinct from v.sha256 as void,
		d.bound <> app.decision_print(d) as altered
	from plan_decisions d
	join plan_versions v on v.agency_id = d.agency_id and v.id = d.plan_id
	join users u on u.agency_id = d.agency_id and u.id = d.decided_by
	where d.plan_id = :id order by d.decided_at desc, d.id desc limit 20`

// Summary is one version in the list of versions.
type Summary struct {
	Number       int    `db:"number" json:"number"`
	State        State  `db:"state" json:"state"`
	StartOn      string `db:"start_on" json:"start_on"`
	EndOn        string `db:"end_on" json:"end_on"`
	InForceOn    string `db:"in_force_on" json:"in_force_on"`
	ChangeReason string `db:"change_reason" json:"change_reason"`
	Author       string `db:"author" json:"author"`
	SHA256       string `db:"sha256" json:"sha256"`
}

func versions(tx *pg.Tx, caseID access.CaseID) ([]Summary, error) {
	return pg.List[Summary](tx, `
		select v.number, v.state, cast(v.start_on as text) as start_on, cast(v.end_on as text) as end_on,
			coalesce(cast(v.in_force_on as text), '') as in_force_on, v.change_reason, coalesce(encode(v.sha256, 'hex'), '') as sha256,
			coalesce((select u.first_name || ' ' || u.last_name from users u where u.agency_id = v.agency_id and u.id = v.author_id), '') as author
		from plan_versions v where v.case_id = :case_id order by v.number desc limit 100`, pg.Args{"case_id": caseID})
}

func nextNumber(tx *pg.Tx, caseID access.CaseID) (int, error) {
	return pg.Get[int](tx, `select coalesce(max(number), 0) + 1 from plan_versions where case_id = :case_id`, pg.Args{"case_id": caseID})
}

// judge settles by the agency's rule of today whether the version needs a supervisor's approval. The
// answer stays with the version once it is sent to be signed.
func (p *Plan) judge(tx *pg.Tx, by access.Actor) error {
	held, err := agency.SettingsOn(tx, by.Today(tx.Now))
	p.ApprovalNeeded = p.needsApproval(held.ApprovalNeeded)
	return err
}

// judgeAnew is judge after a change of the lines.
func (p *Plan) judgeAnew(tx *pg.Tx, by access.Actor) (err error) {
	if p.Lines, err = pg.List[Line](tx, linesQuery, pg.Args{"id": p.ID}); err != nil {
		return err
	}
	return p.judge(tx, by)
}

func insertVersion(tx *pg.Tx, by access.Actor, p Plan) error {
	if err := pg.Insert(tx, `
		insert into plan_versions (agency_id, id, case_id, number, kind, state, start_on, end_on, pathway_code, pathway_version, area_code, entry_step, target_step,
			rhythm_days, participant_does, agency_does, if_i_stop, approval_needed, change_reason, author_id, document_lang, created_at, updated_at)
		values (:agency, :id, :case_id, :number, :kind, 'draft', :start_on, :end_on, :pathway, :pathway_version, :area, :entry, :target,
			:rhythm, :participant_does, :agency_does, :if_i_stop, :approval, :reason, :by, :lang, :now, :now)`,
		pg.Args{
			"agency": by.Agency, "id": p.ID, "case_id": p.CaseID, "number": p.Number, "kind": p.Kind, "start_on": p.StartOn, "end_on": p.EndOn,
			"pathway": p.PathwayCode, "pathway_version": p.PathwayVersion, "area": p.AreaCode, "entry": p.EntryStep, "target": p.TargetStep,
			"rhythm": p.RhythmDays, "participant_does": p.ParticipantDoes, "agency_does": p.AgencyDoes, "if_i_stop": p.IfIStop,
			"approval": p.ApprovalNeeded, "reason": p.ChangeReason, "by": by.ID, "lang": p.DocumentLang, "now": tx.Now,
		}); err != nil {
		return err
	}
	for _, m := range p.Milestones {
		if err := insertMilestone(tx, by, p, m); err != nil {
			return err
		}
	}
	for _, l := range p.Lines {
		if err := insertLine(tx, by, p, l); err != nil {
			return err
		}
	}
	return nil
}

func (m Milestone) args(by access.Actor, p Plan) pg.Args {
	return pg.Args{
		"agency": by.Agency, "id": m.ID, "case_id": p.CaseID, "plan_id": p.ID, "key": m.Key, "position": m.Position, "kind": m.Kind, "title": m.Title,
		"title_es": m.TitleES, "place": m.Place, "goal_id": m.GoalID, "starts_on": m.StartsOn, "due_on": m.DueOn, "tolerance": m.ToleranceDays,
		"evidence": m.Evidence, "depends_on": orEmpty(m.DependsOn), "weeks": m.Weeks, "sessions": m.Sessions,
	}
}

func orEmpty(list pg.Strings) pg.Strings {
	if list == nil {
		return pg.Strings{}
	}
	return list
}

func insertMilestone(tx *pg.Tx, by access.Actor, p Plan, m Milestone) error {
	return pg.Insert(tx, `
		insert into milestones (agency_id, id, case_id, plan_id, key, position, kind, title, title_es, place, goal_id, starts_on, due_on, tolerance_days,
			evidence, depends_on, weeks, sessions)
		values (:agency, :id, :case_id, :plan_id, :key, :position, :kind, :title, :title_es, :place, :goal_id, :starts_on, :due_on, :tolerance,
			:evidence, :depends_on, nullif(cast(:weeks as int), 0), nullif(cast(:sessions as int), 0))`, m.args(by, p))
}

func updateMilestone(tx *pg.Tx, by access.Actor, p Plan, m Milestone) error {
	return pg.ExecOne(tx, `
		update milestones set position = :position, kind = :kind, title = :title, title_es = :title_es, place = :place, goal_id = :goal_id, starts_on = :starts_on,
			due_on = :due_on, tolerance_days = :tolerance, evidence = :evidence, depends_on = :depends_on,
			weeks = nullif(cast(:weeks as int), 0), sessions = nullif(cast(:sessions as int), 0)
		where id = :id and plan_id = :plan_id`, m.args(by, p))
}

func deleteMilestone(tx *pg.Tx, p Plan, m Milestone) error {
	if err := pg.Insert(tx, `update milestones set depends_on = array_remove(depends_on, :key) where plan_id = :plan_id`, pg.Args{"key": m.Key, "plan_id": p.ID}); err != nil {
		return err
	}
	if err := pg.Insert(tx, `update plan_lines set milestone_key = '' where plan_id = :plan_id and milestone_key = :key`, pg.Args{"key": m.Key, "plan_id": p.ID}); err != nil {
		return err
	}
	return pg.ExecOne(tx, `delete from milestones where id = :id and plan_id = :plan_id`, pg.Args{"id": m.ID, "plan_id": p.ID})
}

func (l Line) args(by access.Actor, p Plan) pg.Args {
	return pg.Args{
		"agency": by.Agency, "id": l.ID, "case_id": p.CaseID, "plan_id": p.ID, "kind": l.Kind, "need": l.Need, "what": l.What, "what_es": l.WhatES,
		"provider": l.Provider, "service": l.ServiceCode, "starts_on": l.StartsOn, "ends_on": l.EndsOn, "cost": int64(l.Cost), "funding": l.Funding,
		"milestone": l.MilestoneKey, "state": l.State, "paid_on": l.PaidOn,
	}
}

func insertLine(tx *pg.Tx, by access.Actor, p Plan, l Line) error {
	return pg.Insert(tx, `
		insert into plan_lines (agency_id, id, case_id, plan_id, kind, need, what, what_es, provider, service_code, starts_on, ends_on, cost_cents, funding,
			milestone_key, state, paid_on)
		values (:agency, :id, :case_id, :plan_id, :kind, :need, :what, :what_es, :provider, :service, :starts_on, :ends_on, :cost, :funding,
			:milestone, :state, :paid_on)`, l.args(by, p))
}

func updateLine(tx *pg.Tx, by access.Actor, p Plan, l Line) error {
	return pg.ExecOne(tx, `
		update plan_lines set kind = :kind, need = :need, what = :what, what_es = :what_es, provider = :provider, service_code = :service, starts_on = :starts_on,
			ends_on = :ends_on, cost_cents = :cost, funding = :funding, milestone_key = :milestone, state = :state, paid_on = :paid_on
		where id = :id and plan_id = :plan_id`, l.args(by, p))
}

func deleteLine(tx *pg.Tx, p Plan, l Line) error {
	return pg.ExecOne(tx, `delete from plan_lines where id = :id and plan_id = :plan_id`, pg.Args{"id": l.ID, "plan_id": p.ID})
}

// updateHeader stores what stands above the milestones and counts the change: every change to a
// part of a plan goes through it, so that its version says whether somebody else was there.
func updateHeader(tx *pg.Tx, by access.Actor, p Plan) error {
	if p.State.Editable() {
		if err := p.judgeAnew(tx, by); err != nil {
			return err
		}
	}
	return pg.ExecOne(tx, `
		update plan_versions set start_on = :start_on, end_on = :end_on, rhythm_days = :rhythm, participant_does = :participant_does, agency_does = :agency_does,
			if_i_stop = :if_i_stop, kind = :kind, document_lang = :lang, approval_needed = :approval, updated_at = :now, version = version + 1
		where id = :id and version = :version`,
		pg.Args{
			"id": p.ID, "start_on": p.StartOn, "end_on": p.EndOn, "rhythm": p.RhythmDays, "participant_does": orEmpty(p.ParticipantDoes),
			"agency_does": orEmpty(p.AgencyDoes), "if_i_stop": p.IfIStop, "kind": p.Kind, "lang": p.DocumentLang, "approval": p.ApprovalNeeded, "version": p.Version, "now": tx.Now,
		})
}

// keepSigned keeps a document that somebody signed before the version is changed again.
func keepSigned(tx *pg.Tx, by access.Actor, p Plan) error {
	return pg.Insert(tx, `
		insert into plan_documents (agency_id, case_id, plan_id, sha256, lang, document, frozen_at)
		select :agency, v.case_id, v.id, v.sha256, v.document_lang, v.document, v.frozen_at from plan_versions v
		where v.id = :id and exists (select from signatures s where s.plan_id = v.id and s.sha256 = v.sha256)
		on conflict do nothing`, pg.Args{"agency": by.Agency, "id": p.ID})
}

func freeze(tx *pg.Tx, p Plan, document, lang string, print []byte) error {
	return pg.ExecOne(tx, `
		update plan_versions set state = 'submitted', document = :document, document_lang = :lang, sha256 = :sha, frozen_at = :now, approval_needed = :approval,
			updated_at = :now, version = version + 1
		where id = :id and version = :version and state in ('draft', 'returned')`,
		pg.Args{"id": p.ID, "document": document, "lang": lang, "sha": print, "now": tx.Now, "approval": p.ApprovalNeeded, "version": p.Version})
}

func thaw(tx *pg.Tx, p Plan) error {
	return pg.ExecOne(tx, `
		update plan_versions set state = 'draft', document = null, sha256 = null, frozen_at = null, updated_at = :now, version = version + 1
		where id = :id and version = :version and state = 'submitted'`, pg.Args{"id": p.ID, "now": tx.Now, "version": p.Version})
}

func setState(tx *pg.Tx, p Plan, s State) error {
	return pg.ExecOne(tx, `update plan_versions set state = :state, updated_at = :now, version = version + 1 where id = :id and version = :version`,
		pg.Args{"id": p.ID, "state": string(s), "now": tx.Now, "version": p.Version})
}

// Frozen is the document of a version as it was signed. Whole says that it still has the
// fingerprint it was given.
type Frozen struct {
	Document string `db:"document"`
	SHA256   []byte `db:"sha256"`
	Lang     string `db:"lang"`
	Whole    bool   `db:"whole"`
}

func frozenOf(tx *pg.Tx, p Plan) (Frozen, bool, error) {
	return pg.Find[Frozen](tx, `
		select document, sha256, document_lang as lang, sha256(convert_to(document, 'UTF8')) = sha256 as whole
		from plan_versions where id = :id and document is not null`, pg.Args{"id": p.ID})
}

// insertCopy keeps the copy of a document; the same document again has the same copy.
func insertCopy(tx *pg.Tx, by access.Actor, p Plan, of []byte, lang, document string, print []byte) error {
	return pg.Insert(tx, `
		insert into plan_copies (agency_id, case_id, plan_id, sha256, lang, document, copy_sha256)
		values (:agency, :case_id, :plan_id, :of, :lang, :document, :sha) on conflict (agency_id, plan_id, sha256, lang) do nothing`,
		pg.Args{"agency": by.Agency, "case_id": p.CaseID, "plan_id": p.ID, "of": of, "lang": lang, "document": document, "sha": print})
}

// copyOf is the copy in the agency's language of the document as it is now.
func copyOf(tx *pg.Tx, p Plan) (Frozen, bool, error) {
	return pg.Find[Frozen](tx, `
		select k.document, k.copy_sha256 as sha256, k.lang, sha256(convert_to(k.document, 'UTF8')) = k.copy_sha256 as whole
		from plan_copies k join plan_versions v on v.agency_id = k.agency_id and v.id = k.plan_id and v.sha256 = k.sha256
		where k.plan_id = :id and k.lang = :lang`, pg.Args{"id": p.ID, "lang": agencyLang})
}

// insertSignature keeps a mark and gives the fingerprint of everything that it says.
func insertSignature(tx *pg.Tx, by access.Actor, p Plan, m mark) (string, error) {
	print, err := hex.DecodeString(p.SHA256)
	if err != nil {
		return "", errs.Wrapf(err, "plan: fingerprint")
	}
	return pg.Get[string](tx, `
		insert into signatures (agency_id, id, case_id, plan_id, role, signer_id, name, method, signed_on, signed_at, sha256, ip, witness_id,
			auth, consent_version, companion_id, scan_id, scan_sha256)
		values (:agency, :id, :case_id, :plan_id, :role, :signer, :name, :method, :on, :now, :sha, :ip, :witness,
			:auth, :consent, :companion, :scan, :scan_sha)
		returning encode(bound, 'hex')`,
		pg.Args{
			"agency": by.Agency, "id": id.New[Signature](), "case_id": p.CaseID, "plan_id": p.ID, "role": m.Role, "signer": m.signer, "name": m.Name,
			"method": m.Method, "on": m.SignedOn, "now": tx.Now, "sha": print, "ip": m.IP, "witness": m.witness,
			"auth": m.Auth, "consent": m.Consent, "companion": m.companion, "scan": m.Scan, "scan_sha": m.scanPrint,
		})
}

func insertDecision(tx *pg.Tx, by access.Actor, p Plan, d Decision) error {
	print, err := hex.DecodeString(p.SHA256)
	if err != nil {
		return errs.Wrapf(err, "plan: fingerprint")
	}
	return pg.Insert(tx, `
		insert into plan_decisions (agency_id, id, case_id, plan_id, decision, comment, sha256, author_id, decided_by, decided_on, decided_at)
		values (:agency, :id, :case_id, :plan_id, :decision, :comment, :sha, :author, :by, :on, :now)`,
		pg.Args{
			"agency": by.Agency, "id": id.New[Decision](), "case_id": p.CaseID, "plan_id": p.ID, "decision": d.Decision, "comment": d.Comment,
			"sha": print, "author": p.AuthorID, "by": by.ID, "on": d.DecidedOn, "now": tx.Now,
		})
}
