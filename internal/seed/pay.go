package seed

import (
	"strconv"

	"waymark/internal/goal"
	"waymark/internal/money"
)

// setPay sets a goal's pay from cents: below $1,000 it is by the hour, above by the year.
func setPay(in *goal.Input, pay [2]int64) {
	in.Pay, in.PayMax = money.Cents(pay[0]), money.Cents(pay[1])
	in.PayPer, in.Measure = "year", goal.WageYear
	if pay[0] < 100_000 {
		in.PayPer, in.Measure = "hour", goal.WageHour
	}
	in.TargetValue = strconv.FormatFloat(float64(pay[0])/100, 'f', 2, 64)
}
