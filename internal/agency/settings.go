package agency

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/money"
	"waymark/internal/pg"
)

// Kind is what a setting's value is made of.
type Kind string

// The kinds of values.
const (
	Number Kind = "number" // a whole number between Min and Max
	Amount Kind = "amount" // cents
	Choice Kind = "choice" // one of Choices
	Text   Kind = "text"   // at most Max characters
	Cut    Kind = "cut"    // where six levels begin, and the highest score
)

// Setting is one rule that an agency sets for itself. Its words are "setting.<key>" and, for what
// it does, "setting.<key>.about".
type Setting struct {
	Key      string
	Kind     Kind
	Min, Max int
	Choices  []string
	// CheckWithState marks rules that rest on law or state policy nobody has verified here.
	CheckWithState bool
	// Default is what holds on a day for which nothing is set.
	Default func(on civil.Date) string
}

// When a plan needs a supervisor's approval.
const (
	ApproveNone   = "none"
	ApproveFunded = "funded_training"
	ApproveAlways = "always"
)

func always(value string) func(civil.Date) string { return func(civil.Date) string { return value } }

// guideline2026 is the day from which the HHS guideline of 2026 holds (91 FR 1797).
var guideline2026 = civil.On(2026, time.January, 15)

func yearly(before, from2026 string) func(civil.Date) string {
	return func(on civil.Date) string {
		if on.Before(guideline2026) {
			return before
		}
		return from2026
	}
}

// Registry lists every setting in the order in which the page shows them.
func Registry() []Setting {
	return append([]Setting{
		{Key: "approval_needed", Kind: Choice, Choices: []string{ApproveNone, ApproveFunded, ApproveAlways}, CheckWithState: true, Default: always(ApproveFunded)},
		{Key: "check_in_rhythm_days", Kind: Number, Min: 1, Max: 90, CheckWithState: true, Default: always("14")},
		{Key: "no_reply_tries", Kind: Number, Min: 1, Max: 10, Default: always("2")},
		{Key: "stalled_days", Kind: Number, Min: 7, Max: 180, Default: always("30")},
		{Key: "lost_contact_days", Kind: Number, Min: 14, Max: 90, CheckWithState: true, Default: always("60")},
		{Key: "unplanned_days", Kind: Number, Min: 1, Max: 60, Default: always("3")},
		{Key: "exit_days_1", Kind: Number, Min: 1, Max: 89, CheckWithState: true, Default: always("30")},
		{Key: "exit_days_2", Kind: Number, Min: 1, Max: 89, CheckWithState: true, Default: always("60")},
		{Key: "exit_days_3", Kind: Number, Min: 1, Max: 89, CheckWithState: true, Default: always("75")},
		{Key: "exit_days_4", Kind: Number, Min: 1, Max: 89, CheckWithState: true, Default: always("85")},
		{Key: "paper_days", Kind: Number, Min: 1, Max: 180, Default: always("30")},
		{Key: "permit_days", Kind: Number, Min: 1, Max: 180, CheckWithState: true, Default: always("60")},
		{Key: "support_days", Kind: Number, Min: 1, Max: 90, Default: always("14")},
		{Key: "unsigned_days", Kind: Number, Min: 1, Max: 60, Default: always("7")},
		{Key: "proof_days", Kind: Number, Min: 7, Max: 92, CheckWithState: true, Default: always("31")},
		{Key: "digest_hour", Kind: Number, Min: 0, Max: 23, Default: always("6")},
		{Key: "caseload_limit", Kind: Number, Min: 1, Max: 500, Default: always("90")},
		{Key: "step_days_1", Kind: Number, Min: 1, Max: 365, Default: always("10")},
		{Key: "step_days_2", Kind: Number, Min: 1, Max: 365, Default: always("7")},
		{Key: "step_days_3", Kind: Number, Min: 1, Max: 365, Default: always("10")},
		{Key: "step_days_4", Kind: Number, Min: 1, Max: 365, Default: always("7")},
		{Key: "step_days_5", Kind: Number, Min: 1, Max: 365, Default: always("14")},
		{Key: "on_time_percent", Kind: Number, Min: 1, Max: 100, Default: always("90")},
		{Key: "eligibility_expiry_days", Kind: Number, Min: 1, Max: 365, CheckWithState: true, Default: always("60")},
		{Key: "wage_lag_days", Kind: Number, Min: 0, Max: 400, CheckWithState: true, Default: always("45")},
		{Key: "poverty_base", Kind: Amount, Min: 1_000_00, Max: 100_000_00, CheckWithState: true, Default: yearly("1565000", "1596000")},
		{Key: "poverty_per_person", Kind: Amount, Min: 100_00, Max: 50_000_00, CheckWithState: true, Default: yearly("550000", "568000")},
		{Key: "priority_note", Kind: Text, Max: 500, CheckWithState: true, Default: always("")},
		{Key: "idle_minutes_staff", Kind: Number, Min: 5, Max: 30, Default: always("30")},
		{Key: "idle_minutes_participant", Kind: Number, Min: 5, Max: 15, Default: always("15")},
		{Key: "quiet_from", Kind: Number, Min: 0, Max: 23, Default: always("20")},
		{Key: "quiet_until", Kind: Number, Min: 0, Max: 23, Default: always("8")},
	}, lawSettings()...)
}

// Find gives the setting of a key.
func Find(key string) (Setting, bool) {
	all := Registry()
	i := slices.IndexFunc(all, func(s Setting) bool { return s.Key == key })
	if i < 0 {
		return Setting{}, false
	}
	return all[i], true
}

// Settings are the rules that hold on one day, typed.
type Settings struct {
	ApprovalNeeded    string
	CheckInRhythmDays int
	NoReplyTries      int
	StalledDays       int
	LostContactDays   int
	UnplannedDays     int
	// ExitDays are the days without a qualifying service at which an exit that comes near is flagged;
	// the third is when supervisors hear of it.
	ExitDays      [4]int
	PaperDays     int
	PermitDays    int
	SupportDays   int
	UnsignedDays  int
	ProofDays     int
	DigestHour    int
	CaseloadLimit int
	// StepTargets are the days that steps 1 to 5 should take at most; step 6 has none.
	StepTargets            [5]int
	OnTimePercent          int
	EligibilityExpiryDays  int
	WageLagDays            int
	PovertyBase            money.Cents
	PovertyPerPerson       money.Cents
	PriorityNote           string
	IdleMinutesStaff       int
	IdleMinutesParticipant int
	Law                    Law
	// In the hours from QuietFrom to QuietUntil nobody is reminded of anything.
	QuietFrom, QuietUntil int
}

// SettingsOn reads the rules of the transaction's agency on a day: of each the newest row that
// holds on or before it, else the default of that day.
func SettingsOn(tx *pg.Tx, on civil.Date) (Settings, error) {
	mark := tx.Mark()
	found, _ := lastRead.Load(tx.Agency())
	last, known := found.(reading)
	if known && mark != "" && last.mark == mark && last.on == on {
		return last.settings, nil
	}
	rows, err := rowsOn(tx, on)
	if err != nil || known && tx.Hears() {
		return last.settings, err
	}
	now := reading{mark, on, rows, last.settings}
	if !known || last.on != on || !slices.Equal(last.rows, rows) {
		now.settings = typed(valuesOf(rows, on))
	}
	if !tx.Hears() && (mark != "" || last.mark == "") {
		lastRead.Store(tx.Agency(), now)
	}
	return now.settings, nil
}

// reading is what the rows of a day came to, and under which mark of the agency they were read.
type reading struct {
	mark     string
	on       civil.Date
	rows     []row
	settings Settings
}

// lastRead spares reading the same rows again while the agency's mark is the same, and making sense of them again
// where there is none. While questions are heard it guesses at the rows, so
// that what depends on them is asked together with them: what a wrong guess asked is asked again.
var lastRead sync.Map // agency -> reading

// Defaults are the rules of a day for an agency that has set none.
func Defaults(on civil.Date) Settings {
	held := map[string]string{}
	for _, s := range Registry() {
		held[s.Key] = s.Default(on)
	}
	return typed(held)
}

// SettingsIf are the rules of a day as they would be with one of them changed; no text
// changes nothing.
func SettingsIf(tx *pg.Tx, on civil.Date, key, text string) (Settings, error) {
	rows, err := rowsOn(tx, on)
	held := valuesOf(rows, on)
	if text != "" {
		held[key] = text
	}
	return typed(held), err
}

// row is a setting that the agency made.
type row struct {
	Key   string          `db:"key"`
	Value pg.JSON[string] `db:"value"`
}

func rowsOn(tx *pg.Tx, on civil.Date) ([]row, error) {
	return pg.List[row](tx, `select distinct on (key) key, value from settings where effective_on <= :on
		order by key, effective_on desc, recorded_at desc, id desc limit 200`, pg.Args{"on": on})
}

// valuesOf gives the text of every setting on a day.
func valuesOf(rows []row, on civil.Date) map[string]string {
	held := map[string]string{}
	for _, s := range Registry() {
		held[s.Key] = s.Default(on)
	}
	for _, r := range rows {
		held[r.Key] = r.Value.V
	}
	return held
}

func typed(held map[string]string) Settings {
	number := func(key string) int { n, _ := strconv.Atoi(held[key]); return n }
	return Settings{
		ApprovalNeeded: held["approval_needed"], CheckInRhythmDays: number("check_in_rhythm_days"), NoReplyTries: number("no_reply_tries"),
		StalledDays: number("stalled_days"), LostContactDays: number("lost_contact_days"), UnplannedDays: number("unplanned_days"),
		ExitDays:  [4]int{number("exit_days_1"), number("exit_days_2"), number("exit_days_3"), number("exit_days_4")},
		PaperDays: number("paper_days"), PermitDays: number("permit_days"), SupportDays: number("support_days"), UnsignedDays: number("unsigned_days"), ProofDays: number("proof_days"), DigestHour: number("digest_hour"), CaseloadLimit: number("caseload_limit"),
		StepTargets:           [5]int{number("step_days_1"), number("step_days_2"), number("step_days_3"), number("step_days_4"), number("step_days_5")},
		OnTimePercent:         number("on_time_percent"),
		EligibilityExpiryDays: number("eligibility_expiry_days"), WageLagDays: number("wage_lag_days"), PovertyBase: money.Cents(number("poverty_base")),
		PovertyPerPerson: money.Cents(number("poverty_per_person")), PriorityNote: held["priority_note"],
		IdleMinutesStaff: number("idle_minutes_staff"), IdleMinutesParticipant: number("idle_minutes_participant"),
		Law:       lawOf(held),
		QuietFrom: number("quiet_from"), QuietUntil: number("quiet_until"),
	}
}

// Value is a setting's value as it comes: a number or a text of the JSON, or what was typed.
type Value struct {
	Text   string
	number bool
}

// UnmarshalJSON takes a text or a number.
func (v *Value) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &v.Text); err == nil {
		return nil
	}
	var n json.Number
	err := json.Unmarshal(b, &n)
	v.Text, v.number = n.String(), true
	return err
}

// UnmarshalText takes what was typed.
func (v *Value) UnmarshalText(b []byte) error { v.Text = string(b); return nil }

// MarshalText is what was typed.
func (v Value) MarshalText() ([]byte, error) { return []byte(v.Text), nil }

// Read checks a value against the setting and gives the text to store.
func (s Setting) Read(v Value) (string, error) {
	switch s.Kind {
	case Choice:
		if !slices.Contains(s.Choices, v.Text) {
			return "", errs.At("value", "oneof")
		}
		return v.Text, nil
	case Text:
		if len([]rune(v.Text)) > s.Max || strings.ContainsRune(v.Text, 0) {
			return "", errs.AtArgs("value", "max", map[string]any{"param": s.Max})
		}
		return v.Text, nil
	case Cut:
		scores, err := scoresOf(v.Text)
		return writeScores(scores), err
	}
	n, err := s.whole(v)
	switch {
	case err != nil:
		return "", err
	case n < s.Min:
		return "", errs.AtArgs("value", "gte", map[string]any{"param": s.Show(strconv.Itoa(s.Min))})
	case n > s.Max:
		return "", errs.AtArgs("value", "lte", map[string]any{"param": s.Show(strconv.Itoa(s.Max))})
	}
	return strconv.Itoa(n), nil
}

// whole reads a number; an amount is typed in dollars and sent by scripts in cents.
func (s Setting) whole(v Value) (int, error) {
	if s.Kind == Amount && !v.number {
		c, err := money.Parse(v.Text)
		if err != nil {
			return 0, errs.AtArgs("value", "money", map[string]any{"entered": v.Text})
		}
		return int(c), nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(v.Text))
	if err != nil {
		return 0, errs.AtArgs("value", "whole_number", map[string]any{"entered": v.Text})
	}
	return n, nil
}

// Show writes a stored value for people, except a choice, whose words are in the catalogue.
func (s Setting) Show(stored string) string {
	if s.Kind == Amount {
		n, _ := strconv.Atoi(stored)
		return money.Cents(n).String()
	}
	return stored
}
