package participant

import (
	"context"
	"strings"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// Hit is one person found.
type Hit struct {
	ID          access.ParticipantID `db:"id" json:"id"`
	CaseID      access.CaseID        `db:"case_id" json:"case_id"`
	Number      string               `db:"number" json:"number"`
	FirstName   string               `db:"first_name" json:"first_name"`
	LastName    string               `db:"last_name" json:"last_name"`
	Phone       string               `db:"phone" json:"phone"`
	Language    string               `db:"language" json:"language"`
	Step        *int                 `db:"step" json:"step"`
	CaseManager string               `db:"case_manager" json:"case_manager"`
	Office      string               `db:"office" json:"office"`
}

const searchLimit = 20

// Search finds people in reach by name, phone or number; a misspelt name is found by likeness.
func (s *Service) Search(ctx context.Context, by access.Actor, q string) (hits []Hit, err error) {
	q = squeeze(q)
	if len([]rune(q)) > 100 || strings.ContainsRune(q, 0) {
		return nil, errs.AtArgs("q", "max", map[string]any{"param": 100})
	}
	scope, err := s.policy.Scope(by, access.ReadCase)
	if err != nil {
		return nil, err
	}
	hits = []Hit{}
	if len([]rune(q)) < 2 {
		return hits, nil
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if hits, err = find(tx, scope, exactly(q)); err != nil || len(hits) > 0 {
			return err
		}
		hits, err = find(tx, scope, alike(q))
		return err
	})
	return hits, err
}

// how is a condition on participants p, an order, and their arguments.
type how struct {
	where, order string
	args         pg.Args
}

// exactly is by number, by the digits of a phone, or by how first or last name begins. What was typed is folded
// once, in a select of its own: a generic plan would fold it for every person of the agency.
func exactly(q string) how {
	d := digits(q)
	if strings.HasPrefix(strings.ToUpper(q), "CP") && d != "" {
		return how{"p.number = :number", "p.number", pg.Args{"number": "CP-" + d}}
	}
	if len(d) >= 4 && len(d) >= len(strings.ReplaceAll(q, " ", ""))-4 {
		return how{"p.phone_digits like '%' || :digits or p.number = 'CP-' || :digits", "p.search_key, p.id", pg.Args{"digits": d}}
	}
	first, last := "", q
	if before, after, found := strings.Cut(q, ","); found {
		last, first = strings.TrimSpace(before), strings.TrimSpace(after)
	}
	if first != "" {
		return how{"p.search_key >= (select app.fold(:last || ', ' || :first)) and p.search_key < (select app.fold(:last || ', ' || :first)) || chr(1114111)", "p.search_key, p.id", pg.Args{"last": last, "first": first}}
	}
	return how{`p.search_key >= (select app.fold(:last)) and p.search_key < (select app.fold(:last)) || chr(1114111)
		or strpos(p.given_key, (select app.fold(:last))) = 1 or strpos(p.search_key, ' ' || (select app.fold(:last))) > 0`, "p.search_key, p.id", pg.Args{"last": last}}
}

// alike is by trigrams over both orders of the name.
func alike(q string) how {
	return how{
		"greatest(word_similarity((select app.fold(:q)), p.search_key), similarity((select app.fold(:q)), p.given_key)) > 0.42",
		"greatest(word_similarity((select app.fold(:q)), p.search_key), similarity((select app.fold(:q)), p.given_key)) desc, p.id",
		pg.Args{"q": q},
	}
}

func find(tx *pg.Tx, scope access.Scope, h how) ([]Hit, error) {
	args := h.args.In(scope, tx)
	args["limit"] = searchLimit
	with, from, only := reached(scope)
	return pg.List[Hit](tx, with+`
		select p.id, p.number, p.first_name, p.last_name, p.phone, p.language, c.id as case_id, c.step,
			coalesce(u.first_name || ' ' || u.last_name, '') as case_manager, o.name as office
		from `+from+`
		join offices o on o.agency_id = p.agency_id and o.id = p.office_id
		left join lateral (select id, step, case_manager_id from cases x where x.agency_id = p.agency_id and x.participant_id = p.id
			order by x.opened_on desc, x.id desc limit 1) c on true
		left join users u on u.agency_id = p.agency_id and u.id = c.case_manager_id
		where (`+h.where+`) and `+only+`
		order by `+h.order+` limit :limit`, args)
}

// reached is Scope.WherePerson the other way round: whom the names are compared of, and the condition that
// somebody of the office who is in nobody's cases there is in no case at all. An office is a small part of an
// agency; where its people are not told first, the names of all the agency are compared, which takes seconds at
// a hundred thousand people. Open and closed cases are asked for apart, for each kind has its index.
func reached(scope access.Scope) (with, from, only string) {
	if scope.Whole() {
		return "", "participants p", "true"
	}
	return `with reached as materialized (
			select agency_id, id, bool_or(cased) as cased from (
				select c.agency_id, c.participant_id as id, true as cased from cases c where c.state not in (` + closedStates + `) and ` + scope.Where() + `
				union all select c.agency_id, c.participant_id, true from cases c where c.state in (` + closedStates + `) and ` + scope.Where() + `
				union all select p.agency_id, p.id, false from participants p where (p.created_by = :scope_user or p.office_id = :scope_office) and :scope_staff
			) one group by agency_id, id
		)`, "reached r join participants p on p.agency_id = r.agency_id and p.id = r.id",
		`(r.cased or not exists (select from cases c where c.agency_id = p.agency_id and c.participant_id = p.id))`
}

// closedStates are those that casefile.OpenStates leaves out, as the partial indexes have them.
const closedStates = `'ineligible', 'exited', 'follow_up', 'closed'`
