package plan

import (
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// ConsentWords names the words about electronic records that stand beside the form in which somebody signs:
// that they agree, what they need to read the plan, and that there is a way on paper. Whoever changes those
// words gives them a new name here; a test holds the two together.
const ConsentWords = "esign-2026-11"

// Consent is the version of the words in the language in which they were read.
func Consent(lang string) string { return ConsentWords + "/" + lang }

// companionRow is the phantom type of the id of somebody who stands beside a participant.
type companionRow struct{}

// known holds the name that was typed against the one on file of whoever signs.
func (m *mark) known(tx *pg.Tx, by access.Actor, c casefile.Case) error {
	switch m.Role {
	case "participant":
		return named(m.Name, [2]string{c.FirstName, c.LastName}, [2]string{c.PreferredName, c.LastName})
	case "guardian":
		return m.guardian(tx, by, c)
	}
	return named(m.Name, [2]string{by.FirstName, by.LastName})
}

func named(typed string, onFile ...[2]string) error {
	if sameName(typed, onFile...) {
		return nil
	}
	return errs.AtArgs("name", "name_differs", map[string]any{"name": strings.TrimSpace(onFile[0][0] + " " + onFile[0][1]), "entered": typed})
}

// guardian finds the guardian on the record; whoever is 18 needs none and has none any more.
func (m *mark) guardian(tx *pg.Tx, by access.Actor, c casefile.Case) error {
	young, err := minor(tx, c, by.Today(tx.Now))
	if err != nil {
		return err
	}
	if !young {
		return errs.At("role", "guardian_of_age")
	}
	g, found, err := guardianOf(tx, c)
	if err != nil {
		return err
	}
	if !found {
		return errs.At("role", "guardian_needed")
	}
	m.companion = g.ID
	first, last, _ := strings.Cut(g.Name, " ")
	return named(m.Name, [2]string{first, last})
}

// guardian is who signs for somebody under 18.
type guardian struct {
	ID   id.Of[companionRow] `db:"id"`
	Name string              `db:"name"`
}

// guardianOf finds the one on the record.
func guardianOf(tx *pg.Tx, c casefile.Case) (guardian, bool, error) {
	return pg.Find[guardian](tx, `select id, name from companions where participant_id = :person and kind = 'guardian' and ended_at is null`, pg.Args{"person": c.ParticipantID})
}

// Scan is a paper of the case that may show a signature on this version.
type Scan struct {
	ID    ScanID    `db:"id" json:"id"`
	Title string    `db:"title" json:"title"`
	At    time.Time `db:"uploaded_at" json:"uploaded_at"`
}

// scansQuery finds the signed papers that came after the version was frozen and stand for no other document.
const scansQuery = `select d.id, d.title, d.uploaded_at, d.sha256 from documents d
	join plan_versions v on v.agency_id = d.agency_id and v.case_id = d.case_id
	where v.id = :plan and v.sha256 is not null and d.kind = 'signed' and d.visibility = 'shared' and d.archived_at is null and d.uploaded_at >= v.frozen_at
		and not exists (select from signatures s where s.agency_id = d.agency_id and s.scan_id = d.id and s.sha256 <> v.sha256)`

// scansOf lists the papers that a signature on paper may name.
func scansOf(tx *pg.Tx, p Plan) ([]Scan, error) {
	return pg.List[Scan](tx, `select id, title, uploaded_at from (`+scansQuery+`) s order by uploaded_at desc, id desc limit 20`, pg.Args{"plan": p.ID})
}

// scanned gives the fingerprint of the scan that a mark names, none when it names none.
func scanned(tx *pg.Tx, p Plan, scan ScanID) ([]byte, error) {
	if scan.IsZero() {
		return nil, nil
	}
	type print struct {
		SHA256 []byte `db:"sha256"`
	}
	found, ok, err := pg.Find[print](tx, `select sha256 from (`+scansQuery+`) s where id = :scan`, pg.Args{"plan": p.ID, "scan": scan})
	if err == nil && !ok {
		err = errs.At("scan", "scan_unfit")
	}
	return found.SHA256, err
}
