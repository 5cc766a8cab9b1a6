package document

import (
	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

const columns = `d.id, d.case_id, d.kind, d.title, d.visibility, d.media_type, d.size_bytes, d.sha256, d.expires_on, d.source, d.uploaded_at, d.seen_at,
	d.archived_at, d.archive_reason, d.version, coalesce(u.first_name || ' ' || u.last_name, '') as uploaded_by_name, coalesce(n.first_name, '') as seen_by_name`

const from = `documents d
	left join users u on u.agency_id = d.agency_id and u.id = d.uploaded_by
	left join users n on n.agency_id = d.agency_id and n.id = d.seen_by`

// open is what the reader may open: a restricted paper only who put it there, and who reads restricted ones.
const open = `(d.visibility <> 'restricted' or d.uploaded_by = :me or :restricted)`

// reader is somebody with the case in reach, and whether they read its restricted papers.
type reader struct {
	by         access.Actor
	restricted bool
}

func (s *Service) reader(tx *pg.Tx, by access.Actor, caseID access.CaseID) (reader, error) {
	of := reader{by: by}
	scope, err := s.policy.Scope(by, access.ReadRestricted)
	if errs.Is(err, errs.Forbidden) {
		return of, nil
	}
	if err != nil {
		return of, err
	}
	of.restricted, err = pg.Get[bool](tx, `select exists (select from cases c where c.id = :case_id and `+scope.Where()+`)`, pg.Args{"case_id": caseID}.In(scope, tx))
	return of, err
}

func (of reader) args(a pg.Args) pg.Args {
	a["me"], a["restricted"] = of.by.ID, of.restricted
	return a
}

// listOf lists a case's papers, newest first; those put away come last.
func listOf(tx *pg.Tx, of reader, caseID access.CaseID) ([]Document, error) {
	return pg.List[Document](tx, `select `+columns+` from `+from+` where d.case_id = :case_id and `+open+`
		order by d.archived_at is not null, d.uploaded_at desc, d.id desc limit 200`, of.args(pg.Args{"case_id": caseID}))
}

func one(tx *pg.Tx, of reader, caseID access.CaseID, documentID ID) (Document, error) {
	return pg.Get[Document](tx, `select `+columns+` from `+from+` where d.case_id = :case_id and d.id = :id and `+open, of.args(pg.Args{"case_id": caseID, "id": documentID}))
}

func insert(tx *pg.Tx, by access.Actor, caseID access.CaseID, in Input, t *Taken) (ID, error) {
	made := id.New[Document]()
	source := "staff"
	if by.Role == access.ParticipantRole {
		source = "participant"
	}
	return made, pg.Insert(tx, `insert into documents (agency_id, id, case_id, kind, title, visibility, media_type, size_bytes, sha256, expires_on, source, uploaded_by, uploaded_at)
		values (:agency, :id, :case_id, :kind, :title, :visibility, :media, :size, :sha, :expires, :source, :by, :now)`, pg.Args{
		"agency": by.Agency, "id": made, "case_id": caseID, "kind": in.Kind, "title": in.Title, "visibility": string(in.Visibility), "media": t.Media, "size": t.Size,
		"sha": t.SHA256, "expires": in.ExpiresOn, "source": source, "by": by.ID, "now": tx.Now,
	})
}

// holdFiles keeps the sweep from taking away a file between its writing and its row.
func holdFiles(tx *pg.Tx, by access.Actor, exclusive bool) error {
	lock := `select pg_advisory_xact_lock_shared(7116340, hashtext(cast(:agency as text)))`
	if exclusive {
		lock = `select pg_advisory_xact_lock(7116340, hashtext(cast(:agency as text)))`
	}
	return pg.Insert(tx, lock, pg.Args{"agency": by.Agency})
}

// A case holds so many papers, and a participant sends so many a day.
const (
	mostPapers = 200
	mostADay   = 30
)

// room refuses what nobody could look through any more.
func room(tx *pg.Tx, by access.Actor, caseID access.CaseID) error {
	type counts struct {
		All   int `db:"of_case"`
		Today int `db:"today"`
	}
	n, err := pg.Get[counts](tx, `select count(*) as of_case, count(*) filter (where uploaded_by = :me and uploaded_at > cast(:now as timestamptz) - interval '1 day') as today
		from documents where case_id = :case_id`, pg.Args{"me": by.ID, "now": tx.Now, "case_id": caseID})
	if err == nil && (n.All >= mostPapers || by.Role == access.ParticipantRole && n.Today >= mostADay) {
		return errs.New(errs.Conflict, "document.too_many")
	}
	return err
}

// Attention says that papers came that nobody has looked at; which one ends soon, the case itself knows.
func Attention(tx *pg.Tx, by access.Actor, caseID access.CaseID) ([]casefile.Flag, error) {
	type counted struct {
		Unseen int        `db:"unseen"`
		SentOn civil.Date `db:"sent_on"`
	}
	n, err := pg.Get[counted](tx, `select count(*) as unseen, cast(min(uploaded_at) at time zone :zone as date) as sent_on
		from documents where case_id = :case_id and archived_at is null and source = 'participant' and seen_at is null`, pg.Args{"case_id": caseID, "zone": zone(by)})
	if err != nil || n.Unseen == 0 {
		return nil, err
	}
	return []casefile.Flag{{Code: "document_new", Since: n.SentOn, Args: map[string]any{"count": n.Unseen}}}, nil
}

func zone(by access.Actor) string {
	if by.Zone == nil {
		return "UTC"
	}
	return by.Zone.String()
}

// Waiting is a paper that a participant sent and nobody has looked at.
type Waiting struct {
	CaseID access.CaseID `db:"case_id" json:"case_id"`
	Name   string        `db:"name" json:"name"`
	Count  int           `db:"count" json:"count"`
	SentOn civil.Date    `db:"sent_on" json:"sent_on"`
}

// Unseen lists those whose papers wait in the scope's cases, the longest waiting first.
func Unseen(tx *pg.Tx, scope access.Scope) ([]Waiting, error) {
	return pg.List[Waiting](tx, `
		select d.case_id, coalesce(nullif(p.preferred_name, ''), p.first_name) || ' ' || p.last_name as name, count(*) as count,
			cast(min(d.uploaded_at) at time zone :zone as date) as sent_on
		from documents d
		join cases c on c.agency_id = d.agency_id and c.id = d.case_id
		join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
		where d.source = 'participant' and d.seen_at is null and d.archived_at is null and `+casefile.OpenStates+` and `+scope.Where()+`
		group by d.case_id, p.preferred_name, p.first_name, p.last_name order by sent_on, d.case_id limit 50`, pg.Args{"zone": zone(scope.By())}.In(scope, tx))
}

// SharedOf lists what a participant may have a copy of.
func SharedOf(tx *pg.Tx, by access.Actor, caseID access.CaseID) ([]Document, error) {
	return listOf(tx, reader{by: by}, caseID)
}
