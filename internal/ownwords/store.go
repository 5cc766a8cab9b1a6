package ownwords

import (
	"encoding/json"
	"time"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

const columns = `w.id, w.case_id, w.kind, w.topic, w.answers, w.language, w.said_at, w.outcome, w.reason, coalesce(u.first_name, '') as settled_by, w.settled_at`

const from = ` from own_words w left join users u on u.agency_id = w.agency_id and u.id = w.settled_by `

// saidIn lists what was said in a case, newest first.
func saidIn(tx *pg.Tx, caseID access.CaseID) ([]Words, error) {
	return pg.List[Words](tx, `select `+columns+from+`where w.case_id = :case_id and w.outcome <> 'replaced' order by w.said_at desc, w.id desc limit 200`,
		pg.Args{"case_id": caseID})
}

func find(tx *pg.Tx, caseID access.CaseID, wordsID id.Of[Words]) (Words, error) {
	return pg.Get[Words](tx, `select `+columns+from+`where w.case_id = :case_id and w.id = :id`, pg.Args{"case_id": caseID, "id": wordsID})
}

func insert(tx *pg.Tx, by access.Actor, w Words) error {
	return pg.Insert(tx, `insert into own_words (agency_id, id, case_id, kind, topic, answers, language, said_at, said_by)
		values (:agency, :id, :case_id, :kind, :topic, :answers, :language, :at, :by)`,
		pg.Args{"agency": by.Agency, "id": w.ID, "case_id": w.CaseID, "kind": w.Kind, "topic": w.Topic, "answers": w.Answers, "language": w.Language, "at": w.SaidAt, "by": by.ID})
}

// replace lets go what waits of a topic.
func replace(tx *pg.Tx, by access.Actor, caseID access.CaseID, topic string) error {
	return pg.Insert(tx, `update own_words set outcome = 'replaced', settled_by = :by, settled_at = :now where case_id = :case_id and topic = :topic and settled_at is null`,
		pg.Args{"case_id": caseID, "topic": topic, "by": by.ID, "now": tx.Now})
}

// settle notes what became of words that wait; those that somebody settled meanwhile are a conflict.
func settle(tx *pg.Tx, by access.Actor, w Words, outcome, reason string) error {
	if !w.Waits() {
		return errs.New(errs.Conflict, "own.settled").Showing(w)
	}
	return pg.ExecOne(tx, `update own_words set outcome = :outcome, reason = :reason, settled_by = :by, settled_at = :now where id = :id and settled_at is null`,
		pg.Args{"id": w.ID, "outcome": outcome, "reason": reason, "by": by.ID, "now": tx.Now})
}

func waitingGoals(tx *pg.Tx, caseID access.CaseID) (int, error) {
	return pg.Get[int](tx, `select count(*) from own_words where case_id = :case_id and kind = 'goal' and settled_at is null`, pg.Args{"case_id": caseID})
}

// Waiting are one person's words that nobody has settled.
type Waiting struct {
	CaseID access.CaseID `db:"case_id" json:"case_id"`
	Name   string        `db:"name" json:"name"`
	Topics int           `db:"topics" json:"topics"`
	Goals  int           `db:"goals" json:"goals"`
	// Goal is the title of the newest goal that they propose.
	Goal     string    `db:"goal" json:"goal"`
	Language string    `db:"language" json:"language"`
	SaidAt   time.Time `db:"said_at" json:"said_at"`
}

// Unsettled lists the scope's people whose words wait, newest first.
func Unsettled(tx *pg.Tx, scope access.Scope) ([]Waiting, error) {
	return pg.List[Waiting](tx, `
		select c.id as case_id, coalesce(nullif(p.preferred_name, ''), p.first_name) || ' ' || p.last_name as name, w.topics, w.goals, w.goal, w.language, w.said_at
		from (select x.agency_id, x.case_id, count(*) filter (where x.kind <> 'goal') as topics, count(*) filter (where x.kind = 'goal') as goals,
				coalesce((array_agg(x.answers ->> 'title' order by x.said_at desc) filter (where x.kind = 'goal'))[1], '') as goal,
				(array_agg(x.language order by x.said_at desc))[1] as language, max(x.said_at) as said_at
			from own_words x where x.settled_at is null group by x.agency_id, x.case_id) w
		join cases c on c.agency_id = w.agency_id and c.id = w.case_id
		join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
		where `+casefile.OpenStates+` and `+scope.Where()+` order by w.said_at desc, c.id limit 100`, pg.Args{}.In(scope, tx))
}

// raw is JSON to keep.
func raw(v any) (json.RawMessage, error) {
	b, err := json.Marshal(v)
	return b, errs.Wrapf(err, "ownwords: answers")
}
