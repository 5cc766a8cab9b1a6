package participation

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
)

// RecordID names a recorded service.
type RecordID = id.Of[Record]

// Record is one service as it was written down: given, booked, corrected or cancelled.
type Record struct {
	ID         RecordID      `db:"id" json:"id"`
	CaseID     access.CaseID `db:"case_id" json:"case_id"`
	Code       string        `db:"code" json:"code"`
	GivenOn    civil.Date    `db:"given_on" json:"given_on"`
	EndsOn     civil.Date    `db:"ends_on" json:"ends_on"`
	Planned    bool          `db:"planned" json:"planned"`
	Ongoing    bool          `db:"ongoing" json:"ongoing"`
	Provider   string        `db:"provider" json:"provider"`
	Note       string        `db:"note" json:"note"`
	Supersedes RecordID      `db:"supersedes" json:"supersedes"`
	Cancels    RecordID      `db:"cancels" json:"cancels"`
	Reason     string        `db:"reason" json:"reason"`
	RecordedOn civil.Date    `db:"recorded_on" json:"recorded_on"`
	RecordedBy string        `db:"recorded_by" json:"recorded_by"`
	CreatedAt  time.Time     `db:"recorded_at" json:"created_at"`
	// AttendedOn is the last day on which they are known to have taken part in a service that goes on.
	AttendedOn civil.Date `db:"attended_on" json:"attended_on"`
	// Live rows count; the others were corrected or cancelled, or say that another was.
	Live bool `db:"live" json:"live"`
}

// Input is what somebody enters for a service. A correction names the record it stands for, a
// cancellation the one it takes back; both say why.
type Input struct {
	Code       string     `json:"code" validate:"max=10"`
	GivenOn    civil.Date `json:"given_on"`
	EndsOn     civil.Date `json:"ends_on"`
	Planned    bool       `json:"planned"`
	Ongoing    bool       `json:"ongoing"`
	Provider   string     `json:"provider" validate:"max=200"`
	Note       string     `json:"note" validate:"max=2000"`
	Supersedes RecordID   `json:"supersedes"`
	Cancels    RecordID   `json:"cancels"`
	Reason     string     `json:"reason" validate:"max=1000"`
}

// Input is the record as its form shows it; a correction starts from it.
func (r Record) Input() Input {
	return Input{Code: r.Code, GivenOn: r.GivenOn, EndsOn: r.EndsOn, Planned: r.Planned, Ongoing: r.Ongoing, Provider: r.Provider, Note: r.Note, Supersedes: r.ID}
}

// Made is what recording a service did.
type Made struct {
	ID     RecordID `json:"id"`
	Effect string   `json:"effect"`
	Clock  Clock    `json:"exit_clock"`
}

// Sound is the check of a service that is not recorded yet.
func (in Input) Sound(today civil.Date) error { return in.check(today) }

// check applies the rules that need no more than the day.
func (in Input) check(today civil.Date) error {
	var c errs.Collector
	t, known := Lookup(in.Code)
	switch {
	case in.Code == "":
		c.Add("code", "required")
	case !known:
		c.Add("code", "oneof")
	}
	switch {
	case in.GivenOn.IsZero():
		c.Add("given_on", "required")
	case in.Planned && in.GivenOn.Before(today):
		c.Add("given_on", "planned_in_past")
	case !in.Planned && in.GivenOn.After(today):
		c.Add("given_on", "given_in_future")
	}
	if !in.EndsOn.IsZero() && in.EndsOn.Before(in.GivenOn) {
		c.Add("ends_on", "before_start")
	}
	if in.Planned && known && t.Qualifying() && in.Provider == "" {
		c.Add("provider", "planned_needs_provider")
	}
	if !in.Supersedes.IsZero() && in.Reason == "" {
		c.Add("reason", "required")
	}
	return c.Err()
}

// ledger is the services of a case with what decides what they count for.
type ledger struct {
	rows []Record
	gate Gate
	// permitUntil is the last day of a work permit, as intake has it; none when it says nothing.
	permitUntil civil.Date
}

func (l ledger) find(of RecordID) (Record, bool) {
	for _, r := range l.rows {
		if r.ID == of {
			return r, true
		}
	}
	return Record{}, false
}

// given are the rows that count, without the one that is being replaced.
func (l ledger) given(without RecordID) []Given {
	list := []Given{}
	for _, r := range l.rows {
		if r.Live && r.ID != without {
			list = append(list, l.one(r))
		}
	}
	return list
}

// one is a record as the clock reads it. A booking keeps the day on which it was first written
// down when it is moved to another day or given.
func (l ledger) one(r Record) Given {
	g := Given{Code: r.Code, On: r.GivenOn, Ends: r.EndsOn, Planned: r.Planned, Ongoing: r.Ongoing, RecordedOn: r.RecordedOn}
	for was, ok := l.find(r.Supersedes); ok && was.Planned && was.Code == r.Code; was, ok = l.find(was.Supersedes) {
		g.RecordedOn = was.RecordedOn
	}
	return g
}

func (l ledger) clock(today civil.Date) Clock {
	return Run(l.gate, l.given(RecordID{}), today)
}

// allows applies the rules that need the rest of the record: a work permit that has run out stops
// what only participants get, and supports are for participants.
func (l ledger) allows(in Input) error {
	t, _ := Lookup(in.Code)
	if in.Planned {
		return nil
	}
	if t.Qualifying() && !l.permitUntil.IsZero() && l.permitUntil.Before(in.GivenOn) {
		return errs.AtArgs("given_on", "permit_expired", map[string]any{"on": l.permitUntil.Time().Format("1/2/2006")})
	}
	if t.Class == ClassSupport {
		if c := Run(l.gate, l.given(in.Supersedes), in.GivenOn); c.StartedOn.IsZero() {
			return errs.At("code", "not_participant_yet")
		}
	}
	return nil
}

// EffectOf says what a service of a code, given on a day, would do.
func (s Set) EffectOf(code string, on civil.Date) string {
	return Effect(s.ledger.gate, s.ledger.given(RecordID{}), Given{Code: code, On: on, RecordedOn: on})
}
