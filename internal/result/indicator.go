// Package result counts what came of the work as the law counts it (domain.md 2): six indicators a
// program over cohorts of periods of participation. Every number is a count of rows, one a period,
// each of which says whether it is in, and why.
package result

import (
	"slices"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/money"
	"waymark/internal/participation"
)

// Indicator is one of the six, or one of the two populations they are drawn from.
type Indicator string

// The six primary indicators, and who was served and who left.
const (
	EmploymentQ2   Indicator = "employment_q2"
	EmploymentQ4   Indicator = "employment_q4"
	MedianEarnings Indicator = "median_earnings"
	Credential     Indicator = "credential"
	SkillGains     Indicator = "skill_gains"
	SameEmployer   Indicator = "same_employer"
	Participants   Indicator = "participants"
	Exiters        Indicator = "exiters"
)

// Indicators are the six in the order of the law.
func Indicators() []Indicator {
	return []Indicator{EmploymentQ2, EmploymentQ4, MedianEarnings, Credential, SkillGains, SameEmployer}
}

// Populations are whom they are drawn from.
func Populations() []Indicator { return []Indicator{Participants, Exiters} }

// Known reports whether it is one of ours.
func (i Indicator) Known() bool {
	return slices.Contains(Indicators(), i) || slices.Contains(Populations(), i)
}

// Money reports whether the number is an amount and not a share.
func (i Indicator) Money() bool { return i == MedianEarnings }

// All is the pool of every program: same employer is counted over all of them at once.
const All = "all"

// Programs lists those that are counted apart.
func Programs() []string { return []string{"adult", "dislocated_worker", "youth", "wagner_peyser"} }

// Counts reports whether the indicator is counted for a program. Wagner-Peyser has neither
// credentials nor skill gains; same employer is pooled.
func (i Indicator) Counts(program string) bool {
	switch i {
	case SameEmployer:
		return program == All
	case Credential, SkillGains:
		return program == "adult" || program == "dislocated_worker" || program == "youth"
	}
	return slices.Contains(Programs(), program)
}

// Window is the run of quarters whose exits, or for skill gains and participants whose days, the
// indicator of a report counts.
func (i Indicator) Window(report participation.Quarter) participation.Window {
	c := participation.CohortsOf(report)
	switch i {
	case EmploymentQ2, MedianEarnings:
		return c.SecondQ
	case EmploymentQ4, Credential, SameEmployer:
		return c.FourthQ
	case Exiters:
		return c.Exiters
	}
	return c.Participants
}

// The places a period can have in an indicator.
const (
	In      = "in"      // in the denominator
	Pending = "pending" // left out until what decides is known
	Out     = "out"     // not counted; the reason says why
)

// Row is one period in one indicator of one program: where it is, and why.
type Row struct {
	Report    participation.Quarter `db:"report" json:"-"`
	Indicator Indicator             `db:"indicator" json:"indicator"`
	Program   string                `db:"program" json:"program"`
	CaseID    access.CaseID         `db:"case_id" json:"case_id"`
	Place     string                `db:"place" json:"place"`
	Met       bool                  `db:"met" json:"met"`
	Value     money.Cents           `db:"value" json:"value_cents"`
	Reason    string                `db:"reason" json:"reason"`
}

// Number is an indicator of a program in a report: a count of rows.
type Number struct {
	Report      participation.Quarter `db:"report" json:"-"`
	Indicator   Indicator             `db:"indicator" json:"indicator"`
	Program     string                `db:"program" json:"program"`
	Denominator int                   `db:"denominator" json:"denominator"`
	Numerator   int                   `db:"numerator" json:"numerator"`
	Pending     int                   `db:"pending" json:"pending"`
	Out         int                   `db:"out_count" json:"out"`
	Median      money.Cents           `db:"median" json:"median_cents"`
}

// Rate is the share in per mille, rounded half up; 0 of nobody.
func (n Number) Rate() int {
	if n.Denominator == 0 {
		return 0
	}
	return (n.Numerator*2000 + n.Denominator) / (2 * n.Denominator)
}

// Level is the number as a target is set: per mille, or cents.
func (n Number) Level() int64 {
	if n.Indicator.Money() {
		return int64(n.Median)
	}
	return int64(n.Rate())
}

// DueOn is the day by which the report of a quarter is sent: 45 days after it, unverified law.
func DueOn(q participation.Quarter) civil.Date { return q.Last().AddDays(45) }
