// Package rights is what participants are owed beside the work on their plan: the equal-opportunity
// notice, a say over what partners are told, a copy of what is known about them, and a way to complain
// that does not lead past those they complain about.
package rights

import (
	"embed"
	"slices"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/pg"
)

//go:embed notice
var notices embed.FS

// Wording names the text of the notice that is shown: that of 29 CFR 38.35 as of January 2017. The
// English is the regulation's; the Spanish is our translation until the agency's state gives its own.
const Wording = "29-cfr-38.35-2017"

// Paragraph is a heading, a line of text, or a list of the notice.
type Paragraph struct {
	Heading, Text string
	Items         []string
}

// Notice is the equal-opportunity notice in a language, English where there is no other.
func Notice(lang string) []Paragraph {
	b, err := notices.ReadFile("notice/" + lang + ".txt")
	if err != nil {
		b, _ = notices.ReadFile("notice/en.txt")
	}
	var list []Paragraph
	for part := range strings.SplitSeq(strings.TrimSpace(string(b)), "\n\n") {
		heading, is := strings.CutPrefix(part, "# ")
		switch {
		case is:
			list = append(list, Paragraph{Heading: heading})
		case strings.HasPrefix(part, "- "):
			list = append(list, Paragraph{Items: strings.Split(strings.TrimPrefix(part, "- "), "\n- ")})
		default:
			list = append(list, Paragraph{Text: part})
		}
	}
	return list
}

// Methods are how a notice is acknowledged or a consent given beside a participant's own "online".
var Methods = []string{"in_person", "paper"}

// Receipt says that the notice was received.
type Receipt struct {
	Wording    string     `db:"wording" json:"wording"`
	Lang       string     `db:"lang" json:"lang"`
	Method     string     `db:"method" json:"method"`
	Name       string     `db:"name" json:"name"`
	ReceivedOn civil.Date `db:"received_on" json:"received_on"`
}

// ReceiptInput is a participant's own word that they have read the notice.
type ReceiptInput struct {
	Name string `json:"name" validate:"required,max=200"`
}

// PaperReceiptInput is what staff note of one signed at the table or on paper.
type PaperReceiptInput struct {
	Name       string     `json:"name" validate:"required,max=200"`
	Lang       string     `json:"lang" validate:"required,spoken"`
	Method     string     `json:"method" validate:"required,oneof=in_person paper"`
	ReceivedOn civil.Date `json:"received_on"`
}

// ConsentID names a consent.
type ConsentID = id.Of[Consent]

// Consent is what one partner may be told, what for and until when.
type Consent struct {
	ID          ConsentID  `db:"id" json:"id"`
	Partner     string     `db:"partner" json:"partner"`
	Purpose     string     `db:"purpose" json:"purpose"`
	From        civil.Date `db:"from_on" json:"from_on"`
	Until       civil.Date `db:"until_on" json:"until_on"`
	Method      string     `db:"method" json:"method"`
	WithdrawnOn civil.Date `db:"withdrawn_on" json:"withdrawn_on"`
	Superseded  bool       `db:"superseded" json:"superseded"`
}

// Holds reports whether the partner may be told on a day.
func (c Consent) Holds(on civil.Date) bool {
	return !c.Superseded && (c.WithdrawnOn.IsZero() || c.WithdrawnOn.After(on)) && !c.From.After(on) && !c.Until.Before(on)
}

// Open reports whether there is still something to take back: it holds, or will.
func (c Consent) Open(on civil.Date) bool {
	return !c.Superseded && c.WithdrawnOn.IsZero() && !c.Until.Before(on)
}

// ConsentInput is a consent as it is given. Supersedes names the one that it stands for.
type ConsentInput struct {
	Partner    string     `json:"partner" validate:"required,max=160"`
	Purpose    string     `json:"purpose" validate:"required,max=500"`
	From       civil.Date `json:"from_on"`
	Until      civil.Date `json:"until_on" validate:"required"`
	Method     string     `json:"method" validate:"omitempty,oneof=in_person paper"`
	Supersedes ConsentID  `json:"supersedes"`
}

// longest is how many days a consent may last: it is asked for again each year.
const longest = 366

// Bases are the grounds of a complaint, in the order of the notice.
var Bases = []string{"race", "color", "religion", "sex", "national_origin", "age", "disability", "political", "citizenship", "participation", "retaliation"}

// EventKinds are what the officer notes on a complaint.
var EventKinds = []string{"acknowledged", "asked", "looked_into", "notice_of_issues", "resolution", "final_action", "withdrawn", "note"}

// ComplaintID names a complaint.
type ComplaintID = id.Of[Complaint]

// Complaint is one complaint of discrimination.
type Complaint struct {
	ID         ComplaintID          `db:"id" json:"id"`
	Number     string               `db:"number" json:"number"`
	Person     access.ParticipantID `db:"participant_id" json:"-"`
	Name       string               `db:"name" json:"name"`
	Contact    string               `db:"contact" json:"contact"`
	Bases      pg.Strings           `db:"bases" json:"bases"`
	About      string               `db:"about" json:"about"`
	What       string               `db:"what" json:"what"`
	HappenedOn civil.Date           `db:"happened_on" json:"happened_on"`
	FiledOn    civil.Date           `db:"filed_on" json:"filed_on"`
	Lang       string               `db:"lang" json:"language"`
	Last       string               `db:"last_kind" json:"last_event"`
	Events     []Event              `db:"-" json:"events"`
}

// Event is what was done about a complaint.
type Event struct {
	Kind   string     `db:"kind" json:"kind"`
	On     civil.Date `db:"on_date" json:"on_date"`
	Words  string     `db:"words" json:"words"`
	Shared bool       `db:"shared" json:"shared"`
	At     time.Time  `db:"recorded_at" json:"-"`
}

// Limits of 29 CFR 38.69 and 38.76, in days.
const (
	fileWithin   = 180
	finishWithin = 90
)

// Late reports that the complaint came after the day until which one can be filed; the officer
// decides what follows from that, and it is taken all the same.
func (c Complaint) Late() bool { return c.FiledOn.DaysSince(c.HappenedOn) > fileWithin }

// DueOn is the day by which the notice of final action is owed.
func (c Complaint) DueOn() civil.Date { return c.FiledOn.AddDays(finishWithin) }

// Closed reports that nothing more is owed.
func (c Complaint) Closed() bool { return c.Last == "final_action" || c.Last == "withdrawn" }

// ComplaintInput is a complaint as it is made. Name and contact are taken from the record when a
// participant complains.
type ComplaintInput struct {
	Name       string     `json:"name" validate:"max=200"`
	Contact    string     `json:"contact" validate:"max=300"`
	Bases      []string   `json:"bases" validate:"required,max=11,dive,oneof=race color religion sex national_origin age disability political citizenship participation retaliation"`
	About      string     `json:"about" validate:"max=300"`
	What       string     `json:"what" validate:"required,max=8000"`
	HappenedOn civil.Date `json:"happened_on" validate:"required"`
	FiledOn    civil.Date `json:"filed_on"`
}

// OwnComplaintInput is what a participant is asked.
type OwnComplaintInput struct {
	Bases      []string   `json:"bases" validate:"required,max=11,dive,oneof=race color religion sex national_origin age disability political citizenship participation retaliation"`
	About      string     `json:"about" validate:"max=300"`
	What       string     `json:"what" validate:"required,max=8000"`
	HappenedOn civil.Date `json:"happened_on" validate:"required"`
}

// EventInput is what the officer notes.
type EventInput struct {
	Kind   string     `json:"kind" validate:"required,oneof=acknowledged asked looked_into notice_of_issues resolution final_action withdrawn note"`
	On     civil.Date `json:"on_date"`
	Words  string     `json:"words" validate:"max=4000"`
	Shared bool       `json:"shared"`
}

// distinct drops what was said twice.
func distinct(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
