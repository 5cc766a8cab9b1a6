package goal

import (
	"strconv"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/money"
	"waymark/internal/msg"
)

// Status is where a goal stands.
type Status string

// The statuses; domain.md 1.5.
const (
	Proposed   Status = "proposed"
	Agreed     Status = "agreed"
	InProgress Status = "in_progress"
	Met        Status = "met"
	NotMet     Status = "not_met"
	Revised    Status = "revised"
	Dropped    Status = "dropped"
)

// Statuses in the order in which a form offers them.
var Statuses = []string{"proposed", "agreed", "in_progress", "met", "not_met", "revised", "dropped"}

// Live reports that the goal is still aimed at.
func (s Status) Live() bool { return s == Proposed || s == Agreed || s == InProgress }

// Holds reports a goal that fills its horizon: agreed on or reached, and with all five letters.
// The gate of step 4 and the sending of a plan ask for one in each horizon.
func (g Goal) Holds() bool {
	return g.Complete && (g.Status == Agreed || g.Status == InProgress || g.Status == Met)
}

// Given up: neither aimed at nor reached.
func (s Status) ended() bool { return s == NotMet || s == Revised || s == Dropped }

// ID names a goal.
type ID = id.Of[Goal]

// Goal is one employment goal as it stands.
type Goal struct {
	ID           ID            `db:"id" json:"id"`
	CaseID       access.CaseID `db:"case_id" json:"case_id"`
	Horizon      Horizon       `db:"horizon" json:"horizon"`
	Title        string        `db:"title" json:"title"`
	TitleES      string        `db:"title_es" json:"title_es"`
	TargetKind   string        `db:"target_kind" json:"target_kind"`
	TargetCode   string        `db:"target_code" json:"target_code"`
	Measure      string        `db:"measure" json:"measure"`
	Unit         string        `db:"unit" json:"unit"`
	TargetValue  string        `db:"target_value" json:"target_value"`
	Pay          money.Cents   `db:"pay_cents" json:"pay_cents"`
	PayMax       money.Cents   `db:"pay_max_cents" json:"pay_max_cents"`
	PayPer       string        `db:"pay_per" json:"pay_per"`
	Employer     string        `db:"employer" json:"employer"`
	TargetOn     civil.Date    `db:"target_on" json:"target_on"`
	Baseline     string        `db:"baseline" json:"baseline"`
	Rationale    string        `db:"rationale" json:"rationale"`
	Fits         string        `db:"fits" json:"fits"`
	FitsES       string        `db:"fits_es" json:"fits_es"`
	Owner        string        `db:"owner" json:"owner"`
	IncomeBridge bool          `db:"income_bridge" json:"income_bridge"`
	// Complete is kept beside the goal because the gate of step 4 asks for it; Smart says why.
	Complete  bool       `db:"smart" json:"complete"`
	Smart     []Letter   `db:"-" json:"smart"`
	AgreedOn  civil.Date `db:"agreed_on" json:"agreed_on"`
	Status    Status     `db:"status" json:"status"`
	MetOn     civil.Date `db:"met_on" json:"met_on"`
	Version   int        `db:"version" json:"version"`
	CreatedAt time.Time  `db:"created_at" json:"created_at"`
	UpdatedAt time.Time  `db:"updated_at" json:"updated_at"`
}

// In is what the goal is called in a language, in English where nobody said it in that.
func (g Goal) In(lang string) msg.Said { return spoken(g.Title, g.TitleES, lang) }

// FitsIn is how it fits, in a language.
func (g Goal) FitsIn(lang string) msg.Said { return spoken(g.Fits, g.FitsES, lang) }

func spoken(en, es, lang string) msg.Said {
	if lang == "es" && es != "" {
		return msg.Said{Text: es, Lang: "es"}
	}
	return msg.Said{Text: en, Lang: "en"}
}

// Input is what someone enters for a goal, in the form and in the JSON alike.
type Input struct {
	Horizon      Horizon     `json:"horizon" validate:"required,oneof=immediate mid long"`
	Title        string      `json:"title" validate:"required,max=200"`
	TitleES      string      `json:"title_es" validate:"max=200"`
	TargetKind   string      `json:"target_kind" validate:"omitempty,oneof=occupation credential education"`
	TargetCode   string      `json:"target_code" validate:"max=60"`
	Measure      string      `json:"measure" validate:"max=60"`
	Unit         string      `json:"unit" validate:"max=40"`
	TargetValue  string      `json:"target_value" validate:"omitempty,numeric,max=20"`
	Pay          money.Cents `json:"pay_cents" validate:"gte=0,lte=100000000"`
	PayMax       money.Cents `json:"pay_max_cents" validate:"gte=0,lte=100000000"`
	PayPer       string      `json:"pay_per" validate:"omitempty,oneof=hour year"`
	Employer     string      `json:"employer" validate:"max=200"`
	TargetOn     civil.Date  `json:"target_on" validate:"required"`
	Baseline     string      `json:"baseline" validate:"max=1000"`
	Rationale    string      `json:"rationale" validate:"max=1000"`
	Fits         string      `json:"fits" validate:"max=1000"`
	FitsES       string      `json:"fits_es" validate:"max=1000"`
	Owner        string      `json:"owner" validate:"omitempty,oneof=participant case_manager both"`
	IncomeBridge bool        `json:"income_bridge"`
	AgreedOn     civil.Date  `json:"agreed_on"`
	Status       Status      `json:"status" validate:"omitempty,oneof=proposed agreed in_progress met not_met revised dropped"`
	MetOn        civil.Date  `json:"met_on"`
}

// Input is the goal as its form shows it; a change starts from it.
func (g Goal) Input() Input {
	return Input{
		Horizon: g.Horizon, Title: g.Title, TitleES: g.TitleES, TargetKind: g.TargetKind, TargetCode: g.TargetCode, Measure: g.Measure, Unit: g.Unit,
		TargetValue: g.TargetValue, Pay: g.Pay, PayMax: g.PayMax, PayPer: g.PayPer, Employer: g.Employer, TargetOn: g.TargetOn, Baseline: g.Baseline,
		Rationale: g.Rationale, Fits: g.Fits, FitsES: g.FitsES, Owner: g.Owner, IncomeBridge: g.IncomeBridge, AgreedOn: g.AgreedOn, Status: g.Status, MetOn: g.MetOn,
	}
}

// Measures that have words of their own; any other text may be entered by the API.
var Measures = []string{WageHour, WageYear, "job_started", "certificates", "credits", "level"}

// The measures that pay itself answers.
const (
	WageHour = "hourly_wage"
	WageYear = "annual_wage"
)

// filled answers what follows from other answers, so that nothing is asked twice.
func (in Input) filled(today civil.Date) Input {
	if in.TargetKind == "" {
		in.TargetKind = "occupation"
	}
	if in.Owner == "" {
		in.Owner = "participant"
	}
	if in.Status == "" {
		in.Status = Proposed
	}
	if in.AgreedOn.IsZero() {
		in.AgreedOn = today
	}
	switch {
	case in.Status != Met:
		in.MetOn = civil.Date{}
	case in.MetOn.IsZero():
		in.MetOn = today
	}
	if in.TargetKind == "occupation" && len(in.TargetCode) == len("51-9061") {
		in.TargetCode += ".00"
	}
	return in.paid()
}

// since lets a new value of a wage replace the pay it was the same as, and drops the Spanish of words that are
// others now.
func (in Input) since(was Goal) Input {
	if in.TitleES == was.TitleES && in.Title != was.Title {
		in.TitleES = "" // it was of the other title
	}
	if in.FitsES == was.FitsES && in.Fits != was.Fits {
		in.FitsES = ""
	}
	if in.Pay == was.Pay && in.TargetValue != was.TargetValue && in.Measure == was.Measure {
		in.Pay = 0
	}
	return in
}

// paid keeps pay and a measure of pay the same.
func (in Input) paid() Input {
	if in.Pay > 0 && in.PayPer == "" {
		in.PayPer = "hour"
		if in.Measure == WageYear {
			in.PayPer = "year"
		}
	}
	wage := in.Measure == WageHour || in.Measure == WageYear
	switch {
	case in.Pay > 0 && (in.Measure == "" || wage):
		in.Measure, in.Unit, in.TargetValue = WageHour, "usd", in.Pay.Plain()
		if in.PayPer == "year" {
			in.Measure = WageYear
		}
	case in.Pay == 0 && wage && in.TargetValue != "":
		if pay, err := money.Parse(in.TargetValue); err == nil {
			in.Pay, in.Unit, in.PayPer = pay, "usd", "hour"
			if in.Measure == WageYear {
				in.PayPer = "year"
			}
		}
	}
	return in
}

// checked applies the rules that need the day: no agreement or success in the future, the date
// inside the horizon, pay in order.
func (in Input) checked(today civil.Date) error {
	var c errs.Collector
	if in.AgreedOn.After(today) {
		c.Add("agreed_on", "in_future")
	}
	if h := HorizonOf(in.AgreedOn, in.TargetOn); h != in.Horizon {
		c.AddArgs("target_on", "outside_"+string(in.Horizon), map[string]any{"from": entered(in.firstDay()), "until": entered(in.lastDay())})
	}
	if in.PayMax > 0 && in.PayMax < in.Pay {
		c.Add("pay_max_cents", "below_pay")
	}
	if in.MetOn.After(today) {
		c.Add("met_on", "in_future")
	}
	return c.Err()
}

// firstDay and lastDay are the ends of the horizon; the last has no end.
func (in Input) firstDay() civil.Date {
	switch in.Horizon {
	case Mid:
		return in.AgreedOn.AddMonths(immediateMonths).AddDays(1)
	case Long:
		return in.AgreedOn.AddMonths(midMonths).AddDays(1)
	default:
		return in.AgreedOn.AddDays(1)
	}
}

func (in Input) lastDay() civil.Date {
	switch in.Horizon {
	case Immediate:
		return in.AgreedOn.AddMonths(immediateMonths)
	case Mid:
		return in.AgreedOn.AddMonths(midMonths)
	default:
		return civil.Date{}
	}
}

// entered writes a date as people type it.
func entered(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format("1/2/2006")
}

// inLadder refuses a date that is not after the goals of the nearer horizons and before those of
// the farther ones, as far as they are still aimed at.
func (g Goal) inLadder(all []Goal) error {
	if !g.Status.Live() {
		return nil
	}
	for _, o := range all {
		if o.ID == g.ID || !o.Status.Live() || o.Horizon == g.Horizon {
			continue
		}
		args := map[string]any{"date": entered(o.TargetOn), "title": o.Title}
		switch {
		case o.Horizon.before(g.Horizon) && !g.TargetOn.After(o.TargetOn):
			return errs.AtArgs("target_on", "not_after_"+string(o.Horizon), args)
		case g.Horizon.before(o.Horizon) && !o.TargetOn.After(g.TargetOn):
			return errs.AtArgs("target_on", "not_before_"+string(o.Horizon), args)
		}
	}
	return nil
}

func (h Horizon) before(o Horizon) bool { return h.place() < o.place() }

func (h Horizon) place() int {
	for i, x := range Horizons {
		if x == h {
			return i
		}
	}
	return len(Horizons)
}

// fields are the answers that mend each missing letter.
var fields = map[string]string{
	"specific_target_missing": "target_code", "measure_missing": "measure", "value_missing": "target_value",
	"not_reachable_by_milestones": "target_code", "outside_pathway": "income_bridge", "date_missing": "target_on",
	"date_before_start": "target_on", "outside_horizon": "target_on",
}

// ready refuses to agree on a goal that is not SMART yet, and names what to answer.
func (g Goal) ready() error {
	if g.Complete || g.Status != Agreed && g.Status != InProgress {
		return nil
	}
	var c errs.Collector
	c.Add("status", "not_smart")
	g.Lacks(&c, "")
	return c.Err()
}

// Lacks names what each missing letter asks to be answered, under a prefix.
func (g Goal) Lacks(c *errs.Collector, prefix string) {
	for _, l := range g.Smart {
		if !l.OK {
			c.Add(prefix+fields[l.Code], "smart_"+l.Code)
		}
	}
}

// target is what the SMART check looks at.
func (g Goal) target(on ground) Target {
	t := Target{Horizon: g.Horizon, Kind: g.TargetKind, Code: g.TargetCode, Measure: g.Measure, On: g.TargetOn, IncomeBridge: g.IncomeBridge}
	if v, err := strconv.ParseFloat(strings.ReplaceAll(g.TargetValue, ",", ""), 64); err == nil {
		t.Value = &v
	}
	t.InPathway, t.Reachable = on.holds(g.TargetKind, g.TargetCode), on.reaches(g)
	return t
}

// shownOn is the goal with its letters for reading: one no longer aimed at keeps the answer it had.
func (g Goal) shownOn(on ground) Goal {
	kept := g.Complete
	if g = g.checkedOn(on); !g.Status.Live() {
		g.Complete = kept
	}
	return g
}

// checkedOn is the goal with its five letters.
func (g Goal) checkedOn(on ground) Goal {
	g.Smart = Smart(g.target(on), g.AgreedOn)
	g.Complete = Complete(g.Smart)
	return g
}
