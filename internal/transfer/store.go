package transfer

import (
	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/mail"
	"waymark/internal/msg"
	"waymark/internal/pg"
)

func peopleOf(tx *pg.Tx, scope access.Scope, cases []access.CaseID, today civil.Date) ([]Person, error) {
	return pg.List[Person](tx, `select c.id as case_id, p.last_name || ', ' || coalesce(nullif(p.preferred_name, ''), p.first_name) as name, p.number,
			c.case_manager_id as from_id, u.first_name || ' ' || u.last_name as from_name, c.step, c.next_on, c.version
		from `+casefile.From+` where c.id = any (:ids) and `+casefile.Held+` and `+scope.Where()+` order by p.search_key, c.id limit 100`,
		pg.Args{"ids": pg.Array(texts(cases)), "today": today}.In(scope, tx))
}

const receiverQuery = `select u.id, u.first_name || ' ' || u.last_name as name, u.office_id, o.name as office,
		(select count(*) from cases c where c.agency_id = u.agency_id and c.case_manager_id = u.id and ` + casefile.OpenStates + `) as open,
		(select count(*) from cases c where c.agency_id = u.agency_id and c.case_manager_id = u.id and ` + casefile.OpenStates + ` and c.next_on < :today) as overdue
	from users u join offices o on o.agency_id = u.agency_id and o.id = u.office_id
	where u.active and u.role in ('case_manager', 'supervisor')`

// receivers lists everybody who may take people, the actor's own office first.
func receivers(tx *pg.Tx, by access.Actor) ([]Receiver, error) {
	return pg.List[Receiver](tx, receiverQuery+` order by u.office_id <> coalesce(cast(:office as uuid), u.office_id), o.name, u.last_name, u.id limit 500`,
		pg.Args{"today": by.Today(tx.Now), "office": by.Office})
}

// receiver holds somebody active until the transaction ends, so that they cannot be deactivated meanwhile.
func receiver(tx *pg.Tx, by access.Actor, user access.UserID) (Receiver, error) {
	r, found, err := pg.Find[Receiver](tx, receiverQuery+` and u.id = :id for share of u`, pg.Args{"today": by.Today(tx.Now), "id": user})
	if err == nil && !found {
		return r, errs.At("to", "oneof")
	}
	return r, err
}

func insert(tx *pg.Tx, by access.Actor, made ID, in Input) error {
	return pg.Insert(tx, `insert into transfers (agency_id, id, to_id, effective_on, note, reason, state, made_by, made_at)
		values (:agency, :id, :to, :on, :note, :reason, 'planned', :by, :now)`,
		pg.Args{"agency": by.Agency, "id": made, "to": in.To, "on": in.EffectiveOn, "note": in.Note, "reason": in.Reason, "by": by.ID, "now": tx.Now})
}

// insertCases keeps whom a transfer will move on its day.
func insertCases(tx *pg.Tx, by access.Actor, made ID, cases []casefile.Case) error {
	for _, c := range cases {
		if err := pg.Insert(tx, `insert into transfer_cases (agency_id, transfer_id, case_id, from_id) values (:agency, :id, :case_id, :from)`,
			pg.Args{"agency": by.Agency, "id": made, "case_id": c.ID, "from": c.CaseManagerID}); err != nil {
			return err
		}
	}
	return nil
}

const transferQuery = `select t.id, t.to_id, u.first_name || ' ' || u.last_name as to_name, t.effective_on, t.note, t.reason, t.state, t.refused, t.count_before, t.count_after,
		t.made_by, m.first_name || ' ' || m.last_name as made_by_name, t.made_at, t.done_at, t.version,
		(select count(*) from transfer_cases k where k.agency_id = t.agency_id and k.transfer_id = t.id) as n
	from transfers t
	join users u on u.agency_id = t.agency_id and u.id = t.to_id
	join users m on m.agency_id = t.agency_id and m.id = t.made_by
	where `

func one(tx *pg.Tx, of ID) (Transfer, error) {
	t, err := pg.Get[Transfer](tx, transferQuery+`t.id = :id`, pg.Args{"id": of})
	t.People = []Moved{}
	return t, err
}

// inReach is a transfer that the actor made, that is for them, or that moves somebody in the scope.
func inReach(scope access.Scope) string {
	return `(t.made_by = :scope_user or t.to_id = :scope_user or exists (select from transfer_cases k join cases c on c.agency_id = k.agency_id and c.id = k.case_id
		where k.agency_id = t.agency_id and k.transfer_id = t.id and ` + scope.Where() + `))`
}

func seen(tx *pg.Tx, scope access.Scope, of ID) (Transfer, error) {
	return pg.Get[Transfer](tx, transferQuery+`t.id = :id and `+inReach(scope), pg.Args{"id": of}.In(scope, tx))
}

func all(tx *pg.Tx, scope access.Scope, most int) ([]Transfer, error) {
	list, err := pg.List[Transfer](tx, transferQuery+inReach(scope)+` order by t.made_at desc, t.id desc limit :most`, pg.Args{"most": most}.In(scope, tx))
	for i := range list {
		list[i].People = []Moved{}
	}
	return list, err
}

// moved lists the people of a transfer whom the actor may see now.
func moved(tx *pg.Tx, scope access.Scope, of ID) ([]Moved, error) {
	return pg.List[Moved](tx, `select k.case_id, p.last_name || ', ' || coalesce(nullif(p.preferred_name, ''), p.first_name) as name, k.from_id,
			u.first_name || ' ' || u.last_name as from_name, k.packet
		from transfer_cases k
		join cases c on c.agency_id = k.agency_id and c.id = k.case_id
		join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
		join users u on u.agency_id = k.agency_id and u.id = k.from_id
		where k.transfer_id = :id and `+scope.Where()+` order by p.search_key, c.id limit 1000`, pg.Args{"id": of}.In(scope, tx))
}

// announce tells the receiver by letter that people came to them, without a name.
func (s *Service) announce(tx *pg.Tx, by access.Actor, made ID, to Receiver, n int) error {
	return s.write(tx, by, to.ID, "mail.transfer", s.baseURL+"/transfers/"+made.String(), n)
}

// write queues a letter to one of the staff about so many people, in their own language.
func (s *Service) write(tx *pg.Tx, by access.Actor, to access.UserID, key, link string, n int) error {
	type address struct {
		Email    string `db:"email"`
		Language string `db:"language"`
	}
	a, err := pg.Get[address](tx, `select email, language from users where id = :id`, pg.Args{"id": to})
	if err != nil {
		return err
	}
	words, args := msg.For(a.Language), msg.Args{"count": n, "link": link}
	return mail.Queue(tx, by, mail.Letter{Recipient: a.Email, Subject: words.T(key+".subject", args), Body: words.T(key+".body", args)})
}
