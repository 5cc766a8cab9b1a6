package transfer

import (
	"waymark/internal/access"
	"waymark/internal/pg"
)

const askQuery = `select q.id, q.to_id, coalesce(t.first_name || ' ' || t.last_name, '') as to_name, q.why, q.note, q.state, q.asked_by,
		u.first_name || ' ' || u.last_name as asked_by_name, q.asked_at, coalesce(d.first_name || ' ' || d.last_name, '') as decided_by_name, q.decided_at, q.answer, q.transfer_id,
		(select count(*) from transfer_request_cases k where k.agency_id = q.agency_id and k.request_id = q.id) as n
	from transfer_requests q
	join users u on u.agency_id = q.agency_id and u.id = q.asked_by
	left join users t on t.agency_id = q.agency_id and t.id = q.to_id
	left join users d on d.agency_id = q.agency_id and d.id = q.decided_by
	where `

// askedInReach is what the actor asked for, or what is asked about somebody in the scope.
func askedInReach(scope access.Scope) string {
	return `(q.asked_by = :scope_user or exists (select from transfer_request_cases k join cases c on c.agency_id = k.agency_id and c.id = k.case_id
		where k.agency_id = q.agency_id and k.request_id = q.id and ` + scope.Where() + `))`
}

func ask(tx *pg.Tx, of AskID) (Ask, error) {
	a, err := pg.Get[Ask](tx, askQuery+`q.id = :id`, pg.Args{"id": of})
	a.People = []Person{}
	return a, err
}

func askedCases(tx *pg.Tx, of AskID) ([]access.CaseID, error) {
	return pg.List[access.CaseID](tx, `select case_id from transfer_request_cases where request_id = :id order by case_id limit 100`, pg.Args{"id": of})
}

func insertAsk(tx *pg.Tx, by access.Actor, made AskID, in AskInput) error {
	args := pg.Args{"agency": by.Agency, "id": made, "to": in.To, "why": in.Why, "note": in.Note, "by": by.ID, "now": tx.Now, "cases": pg.Array(texts(in.Cases))}
	if err := pg.Insert(tx, `insert into transfer_requests (agency_id, id, to_id, why, note, asked_by, asked_at) values (:agency, :id, :to, :why, :note, :by, :now)`, args); err != nil {
		return err
	}
	return pg.Insert(tx, `insert into transfer_request_cases (agency_id, request_id, case_id) select distinct cast(:agency as uuid), cast(:id as uuid), c from unnest(cast(:cases as uuid[])) c`, args)
}

// answered tells whoever asked by letter that it is decided, without a name.
func (s *Service) answered(tx *pg.Tx, by access.Actor, a Ask, state string) error {
	return s.write(tx, by, a.AskedByID, "mail.transfer_"+state, s.baseURL+"/transfers/requests/"+a.ID.String(), a.Count)
}
