package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// batch bounds the rows of one transaction.
const batch = 1000

// late is how long after its making a row may still be committed; no transaction lasts as long.
const late = time.Hour

// chained is a row as it is hashed. The field order and names are the canonical form: to change
// them is to break every chain.
type chained struct {
	Agency      string          `json:"agency_id"`
	ID          string          `json:"id"`
	At          string          `json:"at"`
	Actor       string          `json:"actor_id"`
	Role        string          `json:"actor_role"`
	Action      string          `json:"action"`
	Participant string          `json:"participant_id"`
	Case        string          `json:"case_id"`
	Subject     string          `json:"subject_id"`
	Detail      json.RawMessage `json:"detail"`
	Hour        string          `json:"reading_hour"`
	Request     string          `json:"request_id"`
}

type chainRow struct {
	Agency      string     `db:"agency_id"`
	ID          string     `db:"id"`
	At          *time.Time `db:"at"`
	Actor       string     `db:"actor_id"`
	Role        string     `db:"actor_role"`
	Action      string     `db:"action"`
	Participant string     `db:"participant_id"`
	Case        string     `db:"case_id"`
	Subject     string     `db:"subject_id"`
	Detail      string     `db:"detail"`
	Hour        *time.Time `db:"reading_hour"`
	Request     string     `db:"request_id"`
	Seq         int64      `db:"seq"`
	Prev        []byte     `db:"prev_hash"`
	Hash        []byte     `db:"hash"`
}

const chainColumns = `coalesce(cast(l.agency_id as text), '') as agency_id, coalesce(cast(l.id as text), '') as id, l.at, coalesce(cast(l.actor_id as text), '') as actor_id,
	coalesce(l.actor_role, '') as actor_role, coalesce(l.action, '') as action, coalesce(cast(l.participant_id as text), '') as participant_id,
	coalesce(cast(l.case_id as text), '') as case_id, coalesce(cast(l.subject_id as text), '') as subject_id,
	coalesce(cast(l.detail as text), 'null') as detail, l.reading_hour, coalesce(l.request_id, '') as request_id`

func instant(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// link is SHA-256(previous hash || canonical row).
func (r chainRow) link(prev []byte) []byte {
	b, _ := json.Marshal(chained{
		Agency: r.Agency, ID: r.ID, At: instant(r.At), Actor: r.Actor, Role: r.Role, Action: r.Action, Participant: r.Participant,
		Case: r.Case, Subject: r.Subject, Detail: json.RawMessage(r.Detail), Hour: instant(r.Hour), Request: r.Request,
	})
	h := sha256.New()
	h.Write(prev)
	h.Write(b)
	return h.Sum(nil)
}

// Head is the end of an agency's chain. Kept outside the database it proves that nothing before it was changed.
type Head struct {
	Seq  int64
	Hash string
}

type tip struct {
	Seq  int64  `db:"seq"`
	Last string `db:"audit_id"`
	Hash []byte `db:"hash"`
}

// Chain links the rows that came since, in sequence, for the actor's agency. It is for the sweep.
func Chain(ctx context.Context, db *pg.DB, by access.Actor) (Head, error) {
	return chain(ctx, db, by, false)
}

// ChainAll is Chain without the window: it finds rows that an import wrote with old ids.
func ChainAll(ctx context.Context, db *pg.DB, by access.Actor) (Head, error) {
	return chain(ctx, db, by, true)
}

func chain(ctx context.Context, db *pg.DB, by access.Actor, all bool) (head Head, err error) {
	for more := true; more && err == nil; {
		err = db.Write(ctx, by, func(tx *pg.Tx) error {
			more, head, err = chainBatch(tx, by, all)
			return err
		})
	}
	return head, err
}

func chainBatch(tx *pg.Tx, by access.Actor, all bool) (more bool, head Head, err error) {
	// One sweeper at a time for an agency; the lock ends with the transaction.
	if _, err := pg.Get[string](tx, `select cast(pg_advisory_xact_lock(hashtextextended(cast(:agency as text), 7)) as text)`, pg.Args{"agency": by.Agency}); err != nil {
		return false, head, err
	}
	t, _, err := pg.Find[tip](tx, `select seq, cast(audit_id as text) as audit_id, hash from audit_chain order by seq desc limit 1`, nil)
	if err != nil {
		return false, head, err
	}
	from := windowOf(t.Last)
	if all {
		from = uuid.Nil
	}
	rows, err := pg.List[chainRow](tx, `select `+chainColumns+` from audit_log l
		where l.id >= cast(:from as uuid) and not exists (select from audit_chain k where k.agency_id = l.agency_id and k.audit_id = l.id)
		order by l.id limit :limit`, pg.Args{"from": from.String(), "limit": batch})
	if err != nil {
		return false, head, err
	}
	for _, r := range rows {
		hash := r.link(t.Hash)
		prev := t.Hash
		if prev == nil {
			prev = []byte{}
		}
		if err := pg.Insert(tx, `insert into audit_chain (agency_id, seq, audit_id, prev_hash, hash) values (:agency, :seq, cast(:row as uuid), :prev, :hash)`,
			pg.Args{"agency": by.Agency, "seq": t.Seq + 1, "row": r.ID, "prev": prev, "hash": hash}); err != nil {
			return false, head, err
		}
		t = tip{t.Seq + 1, r.ID, hash}
	}
	return len(rows) == batch, Head{t.Seq, hex.EncodeToString(t.Hash)}, nil
}

// windowOf is the lowest id that may still be missing after the last one chained: ids begin with
// the millisecond of their making.
func windowOf(last string) uuid.UUID {
	u, err := uuid.Parse(last)
	if err != nil || u.Version() != 7 {
		return uuid.Nil
	}
	sec, nsec := u.Time().UnixTime()
	ms := time.Unix(sec, nsec).Add(-late).UnixMilli()
	var low uuid.UUID
	for i := range 6 {
		low[i] = byte(ms >> (8 * (5 - i)))
	}
	return low
}

// Verify walks the agency's chain. broken names the first audit row that is not as it was chained
// ("" when all are); tail counts the rows that the sweep has not chained yet.
func Verify(ctx context.Context, db *pg.DB, by access.Actor) (checked int, broken string, tail int, err error) {
	var seq int64
	prev := []byte{}
	for {
		var rows []chainRow
		err = db.Read(ctx, by, func(tx *pg.Tx) error {
			rows, err = pg.List[chainRow](tx, `select `+chainColumns+`, k.seq, k.prev_hash, k.hash
				from audit_chain k left join audit_log l on l.agency_id = k.agency_id and l.id = k.audit_id
				where k.seq > :seq order by k.seq limit :limit`, pg.Args{"seq": seq, "limit": batch})
			return err
		})
		if err != nil {
			return checked, broken, tail, err
		}
		for _, r := range rows {
			seq++
			if r.Seq != seq || r.ID == "" || !bytes.Equal(r.Prev, prev) || !bytes.Equal(r.link(prev), r.Hash) {
				broken, err = nameOf(ctx, db, by, r, seq)
				return checked, broken, tail, err
			}
			prev = r.Hash
			checked++
		}
		if len(rows) < batch {
			break
		}
	}
	tail, err = unchained(ctx, db, by)
	return checked, "", tail, err
}

// nameOf says which row broke: the audit row itself, or the place in the chain when that is gone.
func nameOf(ctx context.Context, db *pg.DB, by access.Actor, r chainRow, seq int64) (name string, err error) {
	if r.ID != "" && r.Seq == seq {
		return r.ID, nil
	}
	err = db.Read(ctx, by, func(tx *pg.Tx) error {
		name, err = pg.Get[string](tx, `select cast(audit_id as text) from audit_chain where seq = :seq`, pg.Args{"seq": seq})
		return err
	})
	if errs.Is(err, errs.NotFound) {
		b, err := json.Marshal(map[string]int64{"missing_link": seq})
		return string(b), err
	}
	return name, err
}

func unchained(ctx context.Context, db *pg.DB, by access.Actor) (n int, err error) {
	err = db.Read(ctx, by, func(tx *pg.Tx) error {
		n, err = pg.Get[int](tx, `select count(*) from audit_log l where not exists (select from audit_chain k where k.agency_id = l.agency_id and k.audit_id = l.id)`, nil)
		return err
	})
	return n, err
}
