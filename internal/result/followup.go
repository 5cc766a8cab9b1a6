package result

import (
	"cmp"
	"context"
	"slices"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// Obligation is one quarter after an exit and what is to be found out about it. It is derived from
// the exit each time and never stored.
type Obligation struct {
	Number  int                   `json:"number"` // 1 to 4 quarters after the exit
	Quarter participation.Quarter `json:"-"`
	Label   string                `json:"quarter"`
	From    civil.Date            `json:"from_on"`
	DueOn   civil.Date            `json:"due_on"`
	State   string                `json:"state"` // ahead, open, due (the quarter is over), late, known, past (no match any more)
}

// graceDays is how long after a quarter its work is to be found out.
const graceDays = 30

// Obligations derives the four quarters of an exit as they stand on a day; known are the quarters
// after exit of which something is on record.
func Obligations(exit civil.Date, known []int64, today civil.Date, lag int) []Obligation {
	var list []Obligation
	for n := 1; n <= 4; n++ {
		q := participation.QuarterOf(exit).Add(n)
		o := Obligation{Number: n, Quarter: q, Label: q.String(), From: q.First(), DueOn: q.Last().AddDays(graceDays), State: "late"}
		switch {
		case slices.Contains(known, int64(n)):
			o.State = "known"
		case today.Before(o.From):
			o.State = "ahead"
		case !today.After(q.Last()):
			o.State = "open"
		case !today.After(o.DueOn):
			o.State = "due"
		case today.After(q.Add(2).Last().AddDays(lag)):
			o.State = "past"
		}
		list = append(list, o)
	}
	return list
}

// Task is the next thing to find out about somebody who left.
type Task struct {
	CaseID  access.CaseID `json:"case_id"`
	Number  string        `json:"number"`
	Name    string        `json:"name"`
	Phone   string        `json:"phone"`
	Manager string        `json:"case_manager"`
	ExitOn  civil.Date    `json:"exit_on"`
	Obligation
	// Open counts all quarters that wait.
	Open int `json:"open"`
	// NeedsService says that a follow-up service is due this quarter as well: youth, for twelve months.
	NeedsService bool `json:"needs_service"`
}

type followRow struct {
	CaseID   access.CaseID `db:"id"`
	Number   string        `db:"number"`
	Name     string        `db:"name"`
	Phone    string        `db:"phone"`
	Manager  string        `db:"case_manager"`
	ExitOn   civil.Date    `db:"exit_on"`
	Known    int           `db:"known_quarters"`
	Youth    bool          `db:"youth"`
	ServedOn civil.Date    `db:"served_on"`
}

const followColumns = `c.id, p.number, coalesce(nullif(p.preferred_name, ''), p.first_name) || ' ' || p.last_name as name, p.phone, u.first_name || ' ' || u.last_name as case_manager, c.exit_on`

// followed are the cases of those who left and are still followed up.
const followed = `c.state in ('exited', 'follow_up') and c.exit_on > cast(:today as date) - 730`

const followQuery = `
	select ` + followColumns + `, c.known_quarters, 'youth' = any (c.programs) as youth,
		case when 'youth' = any (c.programs) then (select max(s.given_on) from services s where s.agency_id = c.agency_id and s.case_id = c.id and s.code in ('F01', 'Y09')
			and s.cancels is null and not s.planned and not exists (select from services n where n.agency_id = s.agency_id and n.cancels = s.id)) end as served_on
	from ` + casefile.From + `
	where ` + followed + ` and `

// FollowUp lists whom to ask, the most urgent first: everybody in the reader's caseload who left and
// has a quarter that is open and not known.
func (s *Service) FollowUp(ctx context.Context, by access.Actor) (list []Task, err error) {
	scope, err := s.policy.Scope(by, access.ReadCaseload)
	if err != nil {
		return nil, err
	}
	list = []Task{}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		q, err := s.question(tx, by)
		if err != nil {
			return err
		}
		rows, err := pg.List[followRow](tx, followQuery+scope.Where()+` order by c.exit_on, c.id limit 1000000`, pg.Args{"today": q.asOf}.In(scope, tx))
		for _, r := range rows {
			if t, ok := r.task(q.asOf, q.lag); ok {
				list = append(list, t)
			}
		}
		return err
	})
	slices.SortStableFunc(list, func(a, b Task) int { return cmp.Or(a.DueOn.Compare(b.DueOn), cmp.Compare(a.Name, b.Name)) })
	return list, err
}

// task is the first quarter that waits.
func (r followRow) task(today civil.Date, lag int) (t Task, ok bool) {
	t = Task{CaseID: r.CaseID, Number: r.Number, Name: r.Name, Phone: r.Phone, Manager: r.Manager, ExitOn: r.ExitOn}
	for _, o := range Obligations(r.ExitOn, knownOf(r.Known), today, lag) {
		if o.State != "open" && o.State != "due" && o.State != "late" {
			continue
		}
		if t.Open == 0 {
			t.Obligation = o
		}
		t.Open++
	}
	now := participation.QuarterOf(today)
	t.NeedsService = r.Youth && !today.After(r.ExitOn.AddMonths(12)) && now > participation.QuarterOf(r.ExitOn) && r.ServedOn.Before(now.First())
	if t.Open == 0 && t.NeedsService {
		t.Obligation = Obligation{Quarter: now, Label: now.String(), From: now.First(), DueOn: now.Last(), State: "open"}
	}
	return t, t.Open > 0 || t.NeedsService
}

// knownOf reads the bits of the quarters that something is known of.
func knownOf(bits int) (known []int64) {
	for n := range 4 {
		if bits&(1<<n) != 0 {
			known = append(known, int64(n+1))
		}
	}
	return known
}

// Due is the part of the list that cannot wait, of quarters that are over: the first of them, and how many there are.
type Due struct {
	Tasks []Task
	Count int
}

// dueShown is how many stand on Today.
const dueShown = 5

// dueQuery finds by index whom something may be asked of on the day, then sees which quarter it is.
func dueQuery(scope access.Scope) string {
	return `
	with c as materialized (
		select c.*, app.quarter_of(c.exit_on) + q.quarter_after as asked_of, count(*) over () as count
		from cases c cross join lateral (select min(n) as quarter_after from generate_series(1, 4) n
			where app.quarter_of(c.exit_on) + n < app.quarter_of(:today) and c.known_quarters & (1 << (n - 1)) = 0
				and app.quarter_first(app.quarter_of(c.exit_on) + n + 3) - 1 + cast(:lag as int) >= cast(:today as date)) q
		where ` + followed + ` and c.ask_from <= :today and c.ask_until + cast(:lag as int) >= cast(:today as date) and q.quarter_after is not null and ` + scope.Where() + `
	)
	select ` + followColumns + `, c.known_quarters, c.count from c` + casefile.Beside + `
	order by c.asked_of, name, c.id limit :most`
}

// FollowUpDue reads that part.
func (s *Service) FollowUpDue(ctx context.Context, by access.Actor) (due Due, err error) {
	scope, err := s.policy.Scope(by, access.ReadCaseload)
	if err != nil {
		return due, err
	}
	type row struct {
		followRow
		Count int `db:"count"`
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		q, err := s.question(tx, by)
		if err != nil {
			return err
		}
		rows, err := pg.List[row](tx, dueQuery(scope),
			pg.Args{"today": q.asOf, "lag": q.lag, "most": dueShown}.In(scope, tx))
		for _, r := range rows {
			if t, ok := r.task(q.asOf, q.lag); ok {
				due.Tasks = append(due.Tasks, t)
			}
			due.Count = r.Count
		}
		return err
	})
	return due, err
}

// FollowUpEnd says that follow-up was declined, that the person cannot be found, or that it goes on.
type FollowUpEnd struct {
	Why        string     `db:"why" json:"why"`
	OnDate     civil.Date `db:"on_date" json:"on_date"`
	Note       string     `db:"note" json:"note"`
	RecordedBy string     `db:"recorded_by" json:"recorded_by"`
	CreatedAt  time.Time  `db:"recorded_at" json:"created_at"`
}

// EndInput ends follow-up, or takes it up again.
type EndInput struct {
	Why    string     `json:"why" validate:"required,oneof=declined not_located resumed"`
	OnDate civil.Date `json:"on_date"`
	Note   string     `json:"note" validate:"max=2000"`
}

// After is what is known of somebody after the exit.
type After struct {
	Case     casefile.Case `json:"-"`
	Quarters []Obligation  `json:"quarters"`
	Wages    []Wage        `json:"wages"`
	Ends     []FollowUpEnd `json:"ends"`
	// Exclusions are what was ever said about element 923, newest first; the first one holds.
	Exclusions []Exclusion `json:"exclusions"`
}

// Exclusion is one thing said about element 923.
type Exclusion struct {
	Code       string     `db:"code" json:"exclusion"`
	Evidence   string     `db:"evidence" json:"evidence"`
	OnDate     civil.Date `db:"on_date" json:"on_date"`
	Note       string     `db:"note" json:"note"`
	RecordedBy string     `db:"recorded_by" json:"recorded_by"`
	CreatedAt  time.Time  `db:"recorded_at" json:"created_at"`
}

// Excluded is the code that holds; 00 when nothing leaves the period out.
func (a After) Excluded() string {
	if len(a.Exclusions) == 0 {
		return "00"
	}
	return a.Exclusions[0].Code
}

// After reads what is known of a person in reach after the exit, and what is still to be found out.
func (s *Service) After(ctx context.Context, by access.Actor, caseID access.CaseID) (a After, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return a, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if a.Case, err = casefile.Load(tx, scope, caseID); err != nil {
			return err
		}
		q, err := s.question(tx, by)
		if err != nil {
			return err
		}
		if a.Wages, err = wagesOf(tx, a.Case.ParticipantID); err != nil {
			return err
		}
		a.Quarters = []Obligation{}
		if !a.Case.ExitOn.IsZero() {
			var known []int64
			for _, w := range a.Wages {
				if w.Live {
					known = append(known, int64(w.Quarter-participation.QuarterOf(a.Case.ExitOn)))
				}
			}
			a.Quarters = Obligations(a.Case.ExitOn, known, q.asOf, q.lag)
		}
		a.Ends, err = pg.List[FollowUpEnd](tx, `select f.why, f.on_date, f.note, coalesce(u.first_name || ' ' || u.last_name, '') as recorded_by, f.recorded_at
			from follow_up_ends f left join users u on u.agency_id = f.agency_id and u.id = f.recorded_by where f.case_id = :case_id order by f.recorded_at desc, f.id desc limit 50`, pg.Args{"case_id": caseID})
		if err != nil {
			return err
		}
		a.Exclusions, err = pg.List[Exclusion](tx, `select case when d.kind = 'return' then '00' else d.exclusion end as code, d.evidence, d.on_date, d.note, coalesce(u.first_name || ' ' || u.last_name, '') as recorded_by, d.recorded_at
			from departures d left join users u on u.agency_id = d.agency_id and u.id = d.recorded_by
			where d.case_id = :case_id and d.kind in ('exit', 'return', 'exclusion') order by d.recorded_at desc, d.id desc limit 50`, pg.Args{"case_id": caseID})
		return err
	})
	return a, err
}

// EndFollowUp records that follow-up stops or goes on.
func (s *Service) EndFollowUp(ctx context.Context, by access.Actor, caseID access.CaseID, in EndInput) error {
	if err := check.Struct(in); err != nil {
		return err
	}
	scope, err := s.policy.Scope(by, access.RecordOutcome)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Lock(tx, scope, caseID)
		if err != nil {
			return err
		}
		today := by.Today(tx.Now)
		if in.OnDate.IsZero() {
			in.OnDate = today
		}
		switch {
		case c.ExitOn.IsZero():
			return errs.New(errs.Conflict, "followup.not_exited")
		case in.OnDate.After(today):
			return errs.At("on_date", "in_future")
		case in.OnDate.Before(c.ExitOn):
			return errs.At("on_date", "before_start")
		}
		made := id.New[FollowUpEnd]()
		if err := pg.Insert(tx, `insert into follow_up_ends (agency_id, id, case_id, why, on_date, note, recorded_by, recorded_at) values (:agency, :id, :case_id, :why, :on, :note, :by, :now)`,
			pg.Args{"agency": by.Agency, "id": made, "case_id": c.ID, "why": in.Why, "on": in.OnDate, "note": in.Note, "by": by.ID, "now": tx.Now}); err != nil {
			return err
		}
		if err := casefile.Refresh(tx, c, today); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "followup." + in.Why, Case: c.ID, Subject: made.String(), Detail: map[string]any{"on": in.OnDate}})
	})
}
