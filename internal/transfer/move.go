package transfer

import (
	"slices"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/message"
	"waymark/internal/msg"
	"waymark/internal/pg"
)

// lockCases locks the cases of a scope that somebody has to hold in the order of their ids, so that two transfers never wait for each other in a ring.
func lockCases(tx *pg.Tx, scope access.Scope, ids []access.CaseID, today civil.Date) ([]casefile.Case, error) {
	return pg.List[casefile.Case](tx, `select `+casefile.Columns+` from `+casefile.From+`
		where c.id = any (:ids) and `+casefile.Held+` and `+scope.Where()+` order by c.id limit 5000 for update of c`,
		pg.Args{"ids": pg.Array(texts(ids)), "today": today}.In(scope, tx))
}

func texts(ids []access.CaseID) []string {
	list := make([]string, len(ids))
	for i, v := range ids {
		list[i] = v.String()
	}
	return list
}

// move gives locked cases to somebody, and holds the counts before and after against each other.
func (s *Service) move(tx *pg.Tx, by access.Actor, made ID, to Receiver, cases []casefile.Case) (before, after int, err error) {
	touched := []string{to.ID.String()}
	for _, c := range cases {
		touched = append(touched, c.CaseManagerID.String())
	}
	slices.Sort(touched)
	touched = slices.Compact(touched)
	today := by.Today(tx.Now)
	held, err := holding(tx, touched, today)
	if err != nil {
		return 0, 0, err
	}
	for _, c := range cases {
		if err := s.moveOne(tx, by, made, to, c, today); err != nil {
			return 0, 0, err
		}
	}
	now, err := holding(tx, touched, today)
	if err != nil {
		return 0, 0, err
	}
	return sum(held), sum(now), adds(held, now, to.ID, cases)
}

type holder struct {
	ID access.UserID `db:"case_manager_id"`
	N  int           `db:"n"`
}

// holding counts the cases that a few people hold.
func holding(tx *pg.Tx, users []string, today civil.Date) ([]holder, error) {
	return pg.List[holder](tx, `select c.case_manager_id, count(*) as n from cases c where c.case_manager_id = any (:users) and `+casefile.Held+`
		group by c.case_manager_id limit 1000`, pg.Args{"users": pg.Array(users), "today": today})
}

func sum(list []holder) (n int) {
	for _, h := range list {
		n += h.N
	}
	return n
}

func of(list []holder, user access.UserID) int {
	for _, h := range list {
		if h.ID == user {
			return h.N
		}
	}
	return 0
}

// adds refuses the whole transfer when nobody may have got lost and yet the numbers say so: another
// transaction opened or closed a case meanwhile, and it is tried again.
func adds(before, after []holder, to access.UserID, cases []casefile.Case) error {
	if sum(before) != sum(after) || of(after, to)-of(before, to) != len(cases) {
		return errs.New(errs.Conflict, "transfer.counts")
	}
	return nil
}

// moveOne changes the case manager, ends the old assignment, begins the new one and tells the person.
func (s *Service) moveOne(tx *pg.Tx, by access.Actor, made ID, to Receiver, c casefile.Case, today civil.Date) error {
	args := pg.Args{
		"agency": by.Agency, "id": id.New[casefile.Assignment](), "case_id": c.ID, "from": c.CaseManagerID, "to": to.ID, "office": to.OfficeID,
		"on": today, "by": by.ID, "note": "transfer " + made.String(), "now": tx.Now,
	}
	if err := pg.ExecOne(tx, `update cases set case_manager_id = :to, office_id = :office, version = version + 1, updated_at = :now
		where id = :case_id and case_manager_id = :from`, args); err != nil {
		return err
	}
	if err := pg.Insert(tx, `update assignments set until_on = greatest(from_on, cast(:on as date)) where case_id = :case_id and until_on is null`, args); err != nil {
		return err
	}
	if err := pg.Insert(tx, `insert into assignments (agency_id, id, case_id, user_id, office_id, from_on, assigned_by, note)
		values (:agency, :id, :case_id, :to, :office, :on, :by, :note)`, args); err != nil {
		return err
	}
	packet, err := packetOf(tx, c)
	if err != nil {
		return err
	}
	if err := pg.Insert(tx, `insert into transfer_cases (agency_id, transfer_id, case_id, from_id, packet) values (:agency, :made, :case_id, :from, :packet)
		on conflict (agency_id, transfer_id, case_id) do update set packet = excluded.packet, from_id = excluded.from_id`,
		pg.Args{"agency": by.Agency, "made": made, "case_id": c.ID, "from": c.CaseManagerID, "packet": pg.AsJSON(packet)}); err != nil {
		return err
	}
	if err := s.tell(tx, by, c, to.ID); err != nil {
		return err
	}
	return audit.Append(tx, by, audit.Entry{Action: "case.transferred", Case: c.ID, Subject: made.String(), Detail: map[string]any{"from": c.CaseManagerID, "to": to.ID}})
}

// tell says to the participant who their new person is.
func (s *Service) tell(tx *pg.Tx, by access.Actor, c casefile.Case, to access.UserID) error {
	type person struct {
		First string `db:"first_name"`
		Last  string `db:"last_name"`
		Phone string `db:"phone"`
	}
	p, err := pg.Get[person](tx, `select u.first_name, u.last_name, coalesce(nullif(u.phone, ''), nullif(o.phone, ''), a.phone) as phone
		from users u join agencies a on a.id = u.agency_id left join offices o on o.agency_id = u.agency_id and o.id = u.office_id where u.id = :to`, pg.Args{"to": to})
	if err != nil {
		return err
	}
	return message.Say(tx, by, c, s.baseURL, message.NewPerson, "transfer.new_person", msg.Args{"name": p.First + " " + p.Last, "first": p.First, "phone": msg.Phone(p.Phone)})
}

// packetOf reads what the receiver needs to know.
func packetOf(tx *pg.Tx, c casefile.Case) (p Packet, err error) {
	p = Packet{Step: c.Step, NextOn: c.NextOn, NextAt: c.NextAt, NextKind: c.NextKind, NextPlace: c.NextPlace, LastTalkOn: c.LastReachedOn}
	type open struct {
		Title  string     `db:"title"`
		DueOn  civil.Date `db:"due_on"`
		Status string     `db:"status"`
	}
	list, err := pg.List[open](tx, `
		select m.title, coalesce(s.due_on, m.due_on) as due_on, coalesce(s.status, 'not_started') as status
		from milestones m
		join plan_versions v on v.agency_id = m.agency_id and v.id = m.plan_id and v.state = 'in_force'
		left join milestone_states s on s.agency_id = m.agency_id and s.case_id = m.case_id and s.key = m.key
		where m.case_id = :case_id and coalesce(s.status, '') not in ('done', 'dropped') order by due_on, m.position limit 100`, pg.Args{"case_id": c.ID})
	p.Milestones = []Open{}
	for _, o := range list {
		p.Milestones = append(p.Milestones, Open(o))
	}
	if err != nil {
		return p, err
	}
	type asked struct {
		What    string     `db:"what"`
		From    string     `db:"from_whom"`
		AskedOn civil.Date `db:"asked_on"`
	}
	waits, err := pg.List[asked](tx, `select what, from_whom, asked_on from requests where case_id = :case_id and received_on is null order by asked_on, id limit 100`, pg.Args{"case_id": c.ID})
	p.Waiting = []Waiting{}
	for _, w := range waits {
		p.Waiting = append(p.Waiting, Waiting(w))
	}
	return p, err
}
