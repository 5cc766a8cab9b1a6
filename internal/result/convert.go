package result

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/errs"
	"waymark/internal/money"
)

// PerQuarter is the unit of wages of a whole quarter, which is what is counted.
const PerQuarter = "quarter"

// Units are what wages may be given per. Those of another unit than the quarter are made into a quarter's
// (domain.md 2.3).
var Units = []string{PerQuarter, "hour", "week", "two_weeks", "month", "year"}

// Hours are hours a week in hundredths; none is 0.
type Hours int

var hours = regexp.MustCompile(`^([0-9]{1,3})(?:\.([0-9]{1,2}))?$`)

// parseHours reads 32 or 37.5: more than none, and no more than a week has.
func parseHours(text string) (Hours, bool) {
	m := hours.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	whole, _ := strconv.Atoi(m[1])
	part, _ := strconv.Atoi((m[2] + "00")[:2])
	h := Hours(whole*100 + part)
	return h, h > 0 && h <= 16800
}

// String writes 37.5.
func (h Hours) String() string { return strconv.FormatFloat(float64(h)/100, 'f', -1, 64) }

// quarterly makes an amount per unit into the wages of a quarter, rounded to the cent: thirteen weeks, six
// and a half fortnights, three months, a quarter of a year.
func quarterly(amount money.Cents, unit string, weekly Hours) money.Cents {
	half := func(n, by money.Cents) money.Cents { return (n + by/2) / by }
	switch unit {
	case "hour":
		return half(amount*money.Cents(weekly)*13, 100)
	case "week":
		return amount * 13
	case "two_weeks":
		return half(amount*13, 2)
	case "month":
		return amount * 3
	case "year":
		return half(amount, 4)
	}
	return amount
}

// mostWages is what wages of a quarter lie below: 999,999.99 stands for not known yet (element 1703).
const mostWages money.Cents = 99_999_999

// pay is wages as they were given.
type pay struct {
	amount money.Cents
	unit   string
	hours  Hours
}

// payOf reads wages as a file or somebody has them; an empty unit is the quarter. The field at fault is named.
func payOf(amount money.Cents, unit, weekly string) (p pay, wages money.Cents, field string) {
	p = pay{amount: amount, unit: unit}
	if unit == "" {
		p.unit = PerQuarter
	}
	if !slices.Contains(Units, p.unit) {
		return p, 0, "unit"
	}
	known := false
	if weekly = strings.TrimSpace(weekly); weekly != "" {
		p.hours, known = parseHours(weekly)
	}
	if (p.unit == "hour") != known || !known && weekly != "" {
		return p, 0, "hours"
	}
	if amount < 0 || amount >= mostWages {
		return p, 0, "wages"
	}
	if wages = quarterly(amount, p.unit, p.hours); wages >= mostWages {
		return p, 0, "wages"
	}
	return p, wages, ""
}

// hoursOrNone is for a column that is null where hours say nothing.
func (p pay) hoursOrNone() any {
	if p.hours == 0 {
		return nil
	}
	return p.hours.String()
}

// payAt is payOf for a form: the refusal names its field.
func payAt(in WageInput) (pay, money.Cents, error) {
	p, wages, wrong := payOf(in.Wages, in.Unit, in.Hours)
	switch wrong {
	case "":
		return p, wages, nil
	case "wages":
		return p, 0, errs.AtArgs("wages_cents", "lte", map[string]any{"param": mostWages.String()})
	}
	return p, 0, errs.At(wrong, map[string]string{"unit": "oneof", "hours": "weekly_hours"}[wrong])
}
