package result

import (
	"testing"

	"waymark/internal/money"
)

func TestWagesOfAnotherUnitAreMadeIntoAQuarters(t *testing.T) {
	for _, tt := range []struct {
		amount       money.Cents
		unit, hours  string
		want         money.Cents
		field, shown string
	}{
		{725, "hour", "32", 301600, "", "32"}, // the check of domain.md 2.3: 3,016.00
		{725, "hour", "37.5", 353438, "", "37.5"},
		{50000, "week", "", 650000, "", "0"},
		{100001, "two_weeks", "", 650007, "", "0"},
		{250000, "month", "", 750000, "", "0"},
		{3120001, "year", "", 780000, "", "0"},
		{3120002, "year", "", 780001, "", "0"},
		{987000, "", "", 987000, "", "0"},
		{987000, "quarter", "", 987000, "", "0"},
		{725, "hour", "", 0, "hours", ""},
		{725, "hour", "0", 0, "hours", ""},
		{725, "hour", "169", 0, "hours", ""},
		{725, "hour", "many", 0, "hours", ""},
		{50000, "week", "40", 0, "hours", ""},
		{725, "day", "", 0, "unit", ""},
		{99_999_999, "quarter", "", 0, "wages", ""},
		{30_000_000, "month", "", 90_000_000, "", "0"},
		{40_000_000, "month", "", 0, "wages", ""},
	} {
		p, got, field := payOf(tt.amount, tt.unit, tt.hours)
		if got != tt.want || field != tt.field || field == "" && p.hours.String() != tt.shown {
			t.Errorf("%v a %s of %s: %v, %q, %s hours", tt.amount, tt.unit, tt.hours, got, field, p.hours)
		}
	}
}
