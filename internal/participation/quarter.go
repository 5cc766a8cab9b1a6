package participation

import (
	"fmt"
	"time"

	"waymark/internal/civil"
)

// Quarter is a calendar quarter, counted as year*4 + 0..3 (domain.md 2.2), so that
// quarters add and subtract as numbers. Exit quarter + n is the n-th quarter after exit.
type Quarter int

// QuarterOf is the quarter that holds the date.
func QuarterOf(d civil.Date) Quarter { return Quarter(d.Year()*4 + (int(d.Month())-1)/3) }

// Add moves by n quarters, back when n is negative.
func (q Quarter) Add(n int) Quarter { return q + Quarter(n) }

// Year is the calendar year.
func (q Quarter) Year() int { return int(q) / 4 }

// Number is 1 to 4 within the calendar year.
func (q Quarter) Number() int { return int(q)%4 + 1 }

// First is the first day of the quarter.
func (q Quarter) First() civil.Date { return civil.On(q.Year(), time.Month(int(q)%4*3+1), 1) }

// Last is the last day of the quarter.
func (q Quarter) Last() civil.Date { return q.Add(1).First().AddDays(-1) }

// Contains reports whether the date falls in the quarter.
func (q Quarter) Contains(d civil.Date) bool { return QuarterOf(d) == q }

// String is "2026-Q1".
func (q Quarter) String() string { return fmt.Sprintf("%d-Q%d", q.Year(), q.Number()) }

// ProgramYear is N for the program year 1 July N to 30 June N+1 that the quarter lies in.
func (q Quarter) ProgramYear() int { return q.Add(-2).Year() }

// ProgramYear is N for the program year 1 July N to 30 June N+1 that holds the date.
func ProgramYear(d civil.Date) int { return QuarterOf(d).ProgramYear() }

// AnnualQuarter is the report quarter of program year n: the one ending 30 June n+1.
func AnnualQuarter(n int) Quarter { return QuarterOf(civil.On(n+1, time.June, 30)) }

// Window is a run of quarters, both ends included.
type Window struct{ From, To Quarter }

// Contains reports whether the date falls in the window.
func (w Window) Contains(d civil.Date) bool {
	q := QuarterOf(d)
	return w.From <= q && q <= w.To
}

// Cohorts are the windows of one report (domain.md 2.2, corrected pattern): Participants
// holds days of participation, the others exit dates.
type Cohorts struct {
	Participants Window // participants served; measurable skill gains
	Exiters      Window
	SecondQ      Window // employment in Q2 after exit, median earnings
	FourthQ      Window // employment in Q4 after exit, credential, same-employer retention
}

// CohortsOf gives the rolling four-quarter windows of the report on quarter r.
func CohortsOf(r Quarter) Cohorts {
	return Cohorts{
		Participants: Window{r.Add(-3), r},
		Exiters:      Window{r.Add(-4), r.Add(-1)},
		SecondQ:      Window{r.Add(-7), r.Add(-4)},
		FourthQ:      Window{r.Add(-9), r.Add(-6)},
	}
}
