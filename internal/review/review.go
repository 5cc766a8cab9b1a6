// Package review is the file review: a random sample of records held against the monitoring checklist,
// findings, their correction, and the end of it.
package review

import (
	"encoding/json"
	"slices"
	"time"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/seeds"
)

// Item is one line of the checklist, in both languages. Step names what of the six steps the record itself
// says about it, Check one of the program's own questions; the reader decides.
type Item struct {
	Key   string `json:"key"`
	Step  string `json:"step,omitempty"`
	Check string `json:"check,omitempty"`
	EN    string `json:"en"`
	ES    string `json:"es"`
}

// In is the item in a language.
func (i Item) In(lang string) string {
	if lang == "es" {
		return i.ES
	}
	return i.EN
}

// Checklist reads the checklist that new reviews take; each review keeps its own copy.
func Checklist() (list []Item, err error) {
	b, err := seeds.FS.ReadFile("reference/file_review.json")
	if err == nil {
		err = json.Unmarshal(b, &list)
	}
	return list, err
}

// ID names a review.
type ID = id.Of[Review]

// Review is one sample and how far it is.
type Review struct {
	ID        ID              `db:"id" json:"id"`
	OfficeID  access.OfficeID `db:"office_id" json:"office_id"`
	Kind      string          `db:"kind" json:"kind"`
	Seed      string          `db:"seed" json:"seed"`
	Drawn     int             `db:"drawn" json:"drawn_from"`
	Checklist pg.JSON[[]Item] `db:"checklist" json:"checklist"`
	MadeBy    string          `db:"made_by" json:"made_by"`
	MadeAt    time.Time       `db:"made_at" json:"created_at"`
	ClosedAt  *time.Time      `db:"closed_at" json:"closed_at"`
	Files     int             `db:"files" json:"files"`
	Answered  int             `db:"answered" json:"answered"`
	Open      int             `db:"open" json:"open_findings"`
	Version   int             `db:"version" json:"version"`
	Cases     []File          `db:"-" json:"cases"`
}

// Complete reports that every item of every file is answered.
func (r Review) Complete() bool { return r.Answered == r.Files*len(r.Checklist.V) }

// File is one record of the sample.
type File struct {
	CaseID      access.CaseID `db:"case_id" json:"case_id"`
	Name        string        `db:"name" json:"name"`
	Number      string        `db:"number" json:"number"`
	CaseManager string        `db:"case_manager" json:"case_manager"`
	Answered    int           `db:"answered" json:"answered"`
	Open        int           `db:"open" json:"open_findings"`
}

// Finding is what was found about one item of one record.
type Finding struct {
	ReviewID    ID            `db:"review_id" json:"review_id"`
	CaseID      access.CaseID `db:"case_id" json:"case_id"`
	Name        string        `db:"name" json:"name"`
	Item        string        `db:"item" json:"item"`
	EN          string        `db:"en" json:"-"`
	ES          string        `db:"es" json:"-"`
	Result      string        `db:"result" json:"result"`
	Note        string        `db:"note" json:"note"`
	FoundBy     string        `db:"found_by" json:"found_by"`
	Correction  string        `db:"correction" json:"correction"`
	CorrectedBy string        `db:"corrected_by" json:"corrected_by"`
	CorrectedAt *time.Time    `db:"corrected_at" json:"corrected_at"`
	Version     int           `db:"version" json:"version"`
}

// Words is the item in a language.
func (f Finding) Words(lang string) string { return Item{EN: f.EN, ES: f.ES}.In(lang) }

// Kinds are which files a sample is drawn from: of people with whom the work goes on, of people who left, of
// both.
var Kinds = []string{"open", "exited", "all"}

// kinds are their conditions on cases c.
var kinds = map[string]string{
	"open":   casefile.OpenStates,
	"exited": "c.exit_on is not null",
	"all":    "(" + casefile.OpenStates + " or c.exit_on is not null)",
}

// BeginInput draws a sample, of open files unless kind says otherwise. Without a seed one is made; with the
// seed of an earlier one the same files come.
type BeginInput struct {
	Size int    `json:"size" validate:"required,gte=1,lte=50"`
	Kind string `json:"kind" validate:"omitempty,oneof=open exited all"`
	Seed string `json:"seed" validate:"max=40"`
}

// FindingInput is the answer to one item.
type FindingInput struct {
	Item   string `json:"item" validate:"required,max=40"`
	Result string `json:"result" validate:"omitempty,oneof=met not_met not_applicable"`
	Note   string `json:"note" validate:"max=1000"`
}

// FindingsInput is the checklist of one record as far as it is answered.
type FindingsInput struct {
	Findings []FindingInput `json:"findings" validate:"max=50,dive"`
}

// CorrectInput is what was done about a finding.
type CorrectInput struct {
	Item       string `json:"item" validate:"required,max=40"`
	Correction string `json:"correction" validate:"required,max=1000"`
}

// fits holds the answers against the checklist: what is not met says what is missing.
func (in FindingsInput) fits(list []Item) error {
	if err := check.Struct(in); err != nil {
		return err
	}
	var c errs.Collector
	for i, f := range in.Findings {
		at := "findings." + itoa(i) + "."
		if !slices.ContainsFunc(list, func(l Item) bool { return l.Key == f.Item }) {
			c.Add(at+"item", "oneof")
		}
		if f.Result == "not_met" && f.Note == "" {
			c.Add(at+"note", "say_what")
		}
	}
	return c.Err()
}
