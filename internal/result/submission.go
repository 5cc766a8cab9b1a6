package result

import (
	"time"

	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// SubmissionID names a submission.
type SubmissionID = id.Of[Submission]

// Submission is a quarter as it was sent. It never changes; a correction is another revision.
type Submission struct {
	ID          SubmissionID          `db:"id" json:"id"`
	Quarter     participation.Quarter `db:"quarter" json:"-"`
	Revision    int                   `db:"revision" json:"revision"`
	Schema      string                `db:"schema" json:"schema"`
	AsOf        civil.Date            `db:"as_of" json:"as_of"`
	Rows        int                   `db:"row_count" json:"rows"`
	SHA256      string                `db:"sha256" json:"sha256"`
	Note        string                `db:"note" json:"note"`
	SubmittedBy string                `db:"submitted_by" json:"submitted_by"`
	CreatedAt   time.Time             `db:"recorded_at" json:"created_at"`
}

const submissionQuery = `select s.id, s.quarter, s.revision, m.version as schema, s.as_of, s.row_count, encode(s.sha256, 'hex') as sha256, s.note,
		coalesce(u.first_name || ' ' || u.last_name, '') as submitted_by, s.recorded_at
	from submissions_pirl s join pirl_schemas m on m.agency_id = s.agency_id and m.id = s.schema_id
	left join users u on u.agency_id = s.agency_id and u.id = s.submitted_by `

func lastSubmission(tx *pg.Tx, quarter participation.Quarter) (Submission, bool, error) {
	return pg.Find[Submission](tx, submissionQuery+`where s.quarter = :quarter order by s.revision desc limit 1`, pg.Args{"quarter": int(quarter)})
}
