package portal

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/message"
	"waymark/internal/pg"
)

// What a participant says of a milestone.
const (
	SaysDone   = "done"
	SaysStuck  = "stuck"
	SaysChange = "change"
)

// Signal is what a participant told us between talks. About is the milestone that it is about.
type Signal struct {
	ID        id.Of[Signal] `db:"id" json:"id"`
	CaseID    access.CaseID `db:"case_id" json:"case_id"`
	Kind      string        `db:"kind" json:"kind"`
	Feeling   string        `db:"feeling" json:"feeling"`
	Body      string        `db:"body" json:"body"`
	About     string        `db:"milestone" json:"milestone"`
	Title     string        `db:"about" json:"title"`
	TitleES   string        `db:"about_es" json:"title_es"`
	Language  string        `db:"language" json:"language"`
	SentAt    time.Time     `db:"sent_at" json:"sent_at"`
	SeenAt    *time.Time    `db:"seen_at" json:"seen_at"`
	SeenBy    string        `db:"seen_by" json:"seen_by"`
	FirstName string        `db:"first_name" json:"first_name"`
	LastName  string        `db:"last_name" json:"last_name"`
}

// Name is who sent it.
func (s Signal) Name() string { return s.FirstName + " " + s.LastName }

// TitleIn is the title of the milestone in a language.
func (s Signal) TitleIn(lang string) string {
	if lang == "es" && s.TitleES != "" {
		return s.TitleES
	}
	return s.Title
}

const signalColumns = `g.id, g.case_id, g.kind, g.feeling, g.body, g.about as milestone, ` + message.Milestone + `, g.language, g.sent_at, g.seen_at, coalesce(u.first_name, '') as seen_by,
	coalesce(nullif(p.preferred_name, ''), p.first_name) as first_name, p.last_name`

const signalFrom = `signals g
	join cases c on c.agency_id = g.agency_id and c.id = g.case_id
	join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
	left join users u on u.agency_id = g.agency_id and u.id = g.seen_by
	` + message.MilestoneFrom

// Unseen lists what waits for an answer in the scope's cases, newest first: messages, wishes for another
// time, words about a milestone or about themselves, and weeks in which somebody needs help.
func Unseen(tx *pg.Tx, scope access.Scope) ([]Signal, error) {
	return pg.List[Signal](tx, `select `+signalColumns+` from `+signalFrom+`
		where g.seen_at is null and (g.kind <> 'feeling' or g.feeling = 'need_help') and `+scope.Where()+`
		order by g.sent_at desc, g.id desc limit 100`, pg.Args{}.In(scope, tx))
}

// Sent lists what came from one case, newest first.
func Sent(tx *pg.Tx, caseID access.CaseID) ([]Signal, error) {
	return pg.List[Signal](tx, `select `+signalColumns+` from `+signalFrom+` where g.case_id = :case_id order by g.sent_at desc, g.id desc limit 100`,
		pg.Args{"case_id": caseID})
}

func insertSignal(tx *pg.Tx, by access.Actor, s Signal) error {
	return pg.Insert(tx, `insert into signals (agency_id, id, case_id, kind, feeling, body, about, language, sent_at)
		values (:agency, :id, :case_id, :kind, :feeling, :body, :about, :language, :at)`,
		pg.Args{"agency": by.Agency, "id": s.ID, "case_id": s.CaseID, "kind": s.Kind, "feeling": s.Feeling, "body": s.Body, "about": s.About, "language": s.Language, "at": s.SentAt})
}

// toldOf is the newest that was said of each milestone.
func toldOf(tx *pg.Tx, caseID access.CaseID) (map[string]Signal, error) {
	list, err := pg.List[Signal](tx, `select distinct on (g.about) `+signalColumns+` from `+signalFrom+`
		where g.case_id = :case_id and g.about <> '' order by g.about, g.sent_at desc, g.id desc limit 300`, pg.Args{"case_id": caseID})
	told := map[string]Signal{}
	for _, s := range list {
		told[s.About] = s
	}
	return told, err
}

// markSeen notes who saw it first; seeing it again changes nothing. One of another case is NotFound.
func markSeen(tx *pg.Tx, by access.Actor, caseID access.CaseID, signalID id.Of[Signal]) error {
	if _, err := pg.Get[string](tx, `select kind from signals where id = :id and case_id = :case_id`, pg.Args{"id": signalID, "case_id": caseID}); err != nil {
		return err
	}
	return pg.Insert(tx, `update signals set seen_by = :by, seen_at = :now where id = :id and seen_at is null`,
		pg.Args{"id": signalID, "by": by.ID, "now": tx.Now})
}
