// Package pathway has the pages of the catalogue: pathways, one pathway as a table, one occupation.
package pathway

import (
	"strconv"
	"strings"

	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pathway"
)

// Pay is a range with its unit in words, as published.
func Pay(c page.Chrome, w *pathway.Wage) string {
	if w == nil {
		return c.T("pathway.no_pay")
	}
	return c.Pay(money.Cents(w.MinCents), money.Cents(w.MaxCents), w.Per)
}

// About is the range in the other unit, 2,080 hours a year, in whole dollars.
func About(c page.Chrome, w *pathway.Wage) string {
	if w == nil {
		return ""
	}
	low, high := w.Hourly()
	per := pathway.PerHour
	if w.Per == pathway.PerHour {
		low, high = w.Yearly()
		per = pathway.PerYear
	}
	return c.T("pathway.about", msg.Args{"pay": c.Pay(whole(low), whole(high), per)})
}

func whole(cents int64) money.Cents { return money.Cents((cents + 50) / 100 * 100) }

// PerHour is an hourly figure with its unit.
func PerHour(c page.Chrome, cents int64) string {
	return c.Pay(money.Cents(cents), money.Cents(cents), pathway.PerHour)
}

// Level says how wide a figure is: the region, the state, the nation.
func Level(c page.Chrome, level string) string {
	if level == "" {
		return c.T("pathway.level.pathway")
	}
	return c.T("pathway.level." + level)
}

// Constraint is what must be held at entry, in words; an agency's own code stands as it is.
func Constraint(c page.Chrome, code string) string {
	if age, ok := strings.CutPrefix(code, "age_"); ok {
		return c.T("pathway.constraint.age", msg.Args{"age": age})
	}
	return known(c, "pathway.constraint."+code, code)
}

// Support is a support need in words.
func Support(c page.Chrome, code string) string { return known(c, "pathway.support."+code, code) }

// Joined puts a list into one line.
func Joined(c page.Chrome, codes []string, words func(page.Chrome, string) string) string {
	list := make([]string, len(codes))
	for i, code := range codes {
		list[i] = words(c, code)
	}
	return strings.Join(list, ", ")
}

// Weeks is a length of time in words.
func Weeks(c page.Chrome, n int) string { return c.T("pathway.weeks", msg.Args{"count": n}) }

// Cost is an amount, or that nobody has told us.
func Cost(c page.Chrome, cents *int64) string {
	switch {
	case cents == nil:
		return c.T("pathway.no_cost")
	case *cents == 0:
		return c.T("pathway.free")
	}
	return money.Cents(*cents).String()
}

// StepName is "Step 2: Semi-skilled work".
func StepName(c page.Chrome, n int, title pathway.Text) string {
	if title.IsZero() {
		return c.T("pathway.step", msg.Args{"number": n})
	}
	return c.T("pathway.step_titled", msg.Args{"number": n, "title": title.In(c.Lang())})
}

func known(c page.Chrome, key, otherwise string) string {
	if c.Words.Has(key) {
		return c.T(key)
	}
	return otherwise
}

// Number is a whole number with commas.
func Number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
