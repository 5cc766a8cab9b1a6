package rights

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/document"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// Section is one kind of what is known about a participant. Its rows come from the tables by the
// participant's own row-level context, and no column of them is an id or written for staff.
type Section struct {
	Name   string
	Fields []string
	Rows   []map[string]any
}

// section is how a section is read: its columns, from what.
type section struct {
	name    string
	columns string
	from    string
}

// sections are read in this order. What staff note for themselves (why a goal was chosen, notes on
// services and milestones, drafts of plans) is not in them.
var sections = []section{
	{
		"person", "number, first_name, middle_name, last_name, preferred_name, prior_names, birth_date, phone, texts_ok, safe_to_leave_message, best_time, email, street, city, state, zip, language, interpreter, ssn_last4",
		"participants where id = :person",
	},
	{
		"case", "opened_on, state, step, programs, office, case_manager, exit_on",
		"(select c.opened_on, c.state, c.step, c.programs, o.name as office, u.first_name as case_manager, c.exit_on from cases c join offices o on o.agency_id = c.agency_id and o.id = c.office_id join users u on u.agency_id = c.agency_id and u.id = c.case_manager_id where c.participant_id = :person order by c.opened_on desc) s",
	},
	{
		"intake", "section, recorded_on, answers",
		"(select distinct on (i.case_id, i.section) i.section, i.recorded_on, i.answers from intake_sections i order by i.case_id, i.section, i.version desc) s",
	},
	{
		"own_words", "topic, said_on, answers, outcome, reason",
		"(select w.topic, cast(w.said_at as date) as said_on, case when w.kind = 'goal' then jsonb_set(w.answers, '{pay_cents}', to_jsonb(cast(coalesce(w.answers ->> 'pay_cents', '0') as numeric) / 100)) else w.answers end as answers, w.outcome, w.reason from own_words w where w.outcome <> 'replaced' order by w.said_at desc) s",
	},
	{
		"eligibility", "program, decision, decided_on, expires_on",
		"(select program, decision, decided_on, expires_on from eligibility_decisions order by recorded_at desc) s",
	},
	{
		"assessments", "instrument, subject, taken_on, score, scale, efl",
		"(select instrument, subject, taken_on, score, scale, efl from assessments where not waived and supersedes is null order by taken_on desc) s",
	},
	{
		"goals", "horizon, title, target_on, pay, pay_per, status, met_on",
		"(select horizon, title, target_on, pay_cents / 100.0 as pay, pay_per, status, met_on from goals order by target_on) s",
	},
	{
		"plans", "number, state, start_on, end_on, in_force_on, signed_on",
		"(select v.number, v.state, v.start_on, v.end_on, v.in_force_on, (select max(g.signed_on) from signatures g where g.agency_id = v.agency_id and g.plan_id = v.id and g.role = 'participant') as signed_on from plan_versions v where v.state in ('in_force', 'superseded') order by v.number desc) s",
	},
	{
		"milestones", "title, title_es, starts_on, due_on, status, done_on",
		"(select m.title, m.title_es, coalesce(t.starts_on, m.starts_on) as starts_on, coalesce(t.due_on, m.due_on) as due_on, coalesce(t.status, 'not_started') as status, t.done_on from milestones m join plan_versions v on v.agency_id = m.agency_id and v.id = m.plan_id and v.state = 'in_force' left join milestone_states t on t.agency_id = m.agency_id and t.case_id = m.case_id and t.key = m.key where coalesce(t.status, '') <> 'dropped' order by due_on) s",
	},
	{
		"services", "code, given_on, ends_on, provider",
		"(select s.code, s.given_on, s.ends_on, s.provider from services s where s.cancels is null and not s.planned and not exists (select from services n where n.agency_id = s.agency_id and (n.supersedes = s.id or n.cancels = s.id)) order by s.given_on desc) s",
	},
	{
		"appointments", "kind, on_date, at_time, place, address, bring, state, answer, answer_note",
		"(select kind, on_date, at_time, place, address, bring, state, answer, answer_note from appointments order by on_date desc) s",
	},
	{
		"talks", "held_on, method, result, note",
		"(select k.held_on, k.method, k.result, k.note from check_ins k where not k.withdrawn and k.visibility = 'shared' and not exists (select from check_ins n where n.agency_id = k.agency_id and n.supersedes = k.id) order by k.held_on desc) s",
	},
	{
		"notes", "written_on, subject, body",
		"(select n.written_on, n.subject, n.body from notes n where n.visibility = 'shared' and not exists (select from notes m where m.agency_id = n.agency_id and m.supersedes = n.id) order by n.written_on desc) s",
	},
	{
		"messages", "sent_at, author, kind, feeling, body, translation",
		"(select g.sent_at, '' as author, g.kind, g.feeling, g.body, '' as translation from signals g union all select m.sent_at, coalesce(u.first_name, ''), m.kind, '', m.body, m.translation from messages m left join users u on u.agency_id = m.agency_id and u.id = m.author_id order by sent_at desc) s",
	},
	{
		"documents", "kind, title, media_type, size_bytes, uploaded_at, expires_on, source",
		"(select kind, title, media_type, size_bytes, uploaded_at, expires_on, source from documents where visibility = 'shared' and archived_at is null order by uploaded_at desc, id desc) s",
	},
	{"notice", "wording, lang, method, name, received_on", "(select wording, lang, method, name, received_on from notice_receipts order by recorded_at desc) s"},
	{
		"consents", "partner, purpose, from_on, until_on, method, withdrawn_on",
		"(select k.partner, k.purpose, k.from_on, k.until_on, k.method, w.withdrawn_on from consents k left join consent_withdrawals w on w.agency_id = k.agency_id and w.consent_id = k.id order by k.recorded_at desc) s",
	},
	{"complaints", "number, filed_on, happened_on, bases, about, what", "(select number, filed_on, happened_on, bases, about, what from complaints where participant_id = :person order by filed_on desc) s"},
	{
		"complaint_answers", "number, on_date, kind, words",
		"(select k.number, e.on_date, e.kind, e.words from complaint_events e join complaints k on k.agency_id = e.agency_id and k.id = e.complaint_id where k.participant_id = :person and e.shared order by e.on_date desc, e.recorded_at desc) s",
	},
	{
		"helpers", "name, relation, email, phone, named_at, until_on, ended_at",
		"(select name, relation, email, phone, named_at, until_on, ended_at from companions where participant_id = :person and kind = 'helper' order by named_at desc) s",
	},
	{
		"readers", "at, name, role",
		"(select l.at, coalesce(u.first_name || ' ' || u.last_name, '') as name, l.actor_role as role from audit_log l left join users u on u.agency_id = l.agency_id and u.id = l.actor_id where l.participant_id = :person and l.action = 'record.opened' and l.actor_id <> :me order by l.at desc) s",
	},
}

// most bounds a section; nobody has as much as that.
const most = 2000

// Copy is a participant's copy of what is known about them.
type Copy struct {
	Sections []Section
	papers   []document.Document
	plans    []paperPlan
}

type paperPlan struct {
	Number   int    `db:"number"`
	Document string `db:"document"`
}

// MarshalJSON writes the sections by name.
func (c Copy) MarshalJSON() ([]byte, error) {
	all := map[string][]map[string]any{}
	for _, s := range c.Sections {
		all[s.Name] = s.Rows
	}
	return json.Marshal(all)
}

// Copy reads a participant's own copy.
func (s *Service) Copy(ctx context.Context, by access.Actor) (c Copy, err error) {
	scope, err := s.policy.Scope(by, access.ReadPortal)
	if err != nil {
		return c, err
	}
	if by.Participant.IsZero() {
		return c, errs.New(errs.NotFound, "not_found")
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		for _, one := range sections {
			read, err := one.read(tx, by)
			if err != nil {
				return err
			}
			c.Sections = append(c.Sections, read)
		}
		of, err := casefile.Current(tx, scope, by.Participant)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if c.plans, err = pg.List[paperPlan](tx, `select number, document from plan_versions where case_id = :case_id and state in ('in_force', 'superseded') and document is not null order by number limit 100`,
			pg.Args{"case_id": of.ID}); err != nil {
			return err
		}
		c.papers, err = document.SharedOf(tx, by, of.ID)
		return err
	})
	return c, err
}

// read asks for one section. The text is put together of constants only.
func (s section) read(tx *pg.Tx, by access.Actor) (Section, error) {
	rows, err := pg.List[pg.JSON[map[string]any]](tx, "select to_jsonb(r) from (select "+s.columns+" from "+s.from+" limit "+strconv.Itoa(most)+") r",
		pg.Args{"person": by.Participant, "me": by.ID})
	got := Section{Name: s.name, Fields: strings.Split(s.columns, ", "), Rows: []map[string]any{}}
	for _, r := range rows {
		got.Rows = append(got.Rows, r.V)
	}
	return got, err
}

// Text writes a value for people; what is nested is written as names and values.
func Text(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case bool:
		return strconv.FormatBool(x)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case []any:
		var parts []string
		for _, one := range x {
			parts = append(parts, Text(one))
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		var parts []string
		for k, one := range x {
			if t := Text(one); t != "" {
				parts = append(parts, k+": "+t)
			}
		}
		slices.Sort(parts)
		return strings.Join(parts, "; ")
	}
	return fmt.Sprint(v)
}

// Pack writes the copy as one file: to read (index.html, in words), to work with (data.json), the
// signed plans and the papers themselves.
func (s *Service) Pack(by access.Actor, c Copy, index []byte, page func(title, body string) []byte, w io.Writer) error {
	z := zip.NewWriter(w)
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	entries := []entry{{"index.html", index}, {"data.json", data}}
	for _, p := range c.plans {
		entries = append(entries, entry{fmt.Sprintf("plans/plan-%d.html", p.Number), page(fmt.Sprintf("%d", p.Number), p.Document)})
	}
	for _, e := range entries {
		if err := e.write(z); err != nil {
			return err
		}
	}
	for i, d := range c.papers {
		if err := s.packPaper(z, by, d, i+1); err != nil {
			return err
		}
	}
	return z.Close()
}

type entry struct {
	name string
	body []byte
}

func (e entry) write(z *zip.Writer) error {
	w, err := z.Create(e.name)
	if err == nil {
		_, err = w.Write(e.body)
	}
	return err
}

func (s *Service) packPaper(z *zip.Writer, by access.Actor, d document.Document, n int) error {
	if s.files == nil {
		return nil
	}
	r, err := s.files.Read(by, d)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	w, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("papers/%02d-%s", n, d.Name(by.Today(d.UploadedAt))), Method: zip.Store})
	if err == nil {
		_, err = io.Copy(w, r)
	}
	return err
}
