package reference

import (
	"cmp"
	"slices"
	"strconv"

	"waymark/internal/pg"
)

// Wage is an occupation's pay in one area, in cents as published. Nil was not released.
type Wage struct {
	SOC      string `db:"soc" json:"-"`
	Set      string `db:"set_name" json:"source"`
	Area     string `db:"area" json:"area"`
	AreaName string `db:"area_name" json:"area_name"`
	Year     int    `db:"year" json:"year"`
	// Level is region, state or nation.
	Level string `db:"-" json:"level"`
	// Shared says that several occupations have the one published figure.
	Shared     bool   `db:"shared" json:"shared"`
	Topped     bool   `db:"topped" json:"topped"`
	Employment *int   `db:"employment" json:"employment"`
	HMean      *int64 `db:"h_mean" json:"hourly_mean_cents"`
	HP10       *int64 `db:"h_p10" json:"hourly_p10_cents"`
	HP25       *int64 `db:"h_p25" json:"hourly_p25_cents"`
	HMedian    *int64 `db:"h_median" json:"hourly_median_cents"`
	HP75       *int64 `db:"h_p75" json:"hourly_p75_cents"`
	HP90       *int64 `db:"h_p90" json:"hourly_p90_cents"`
	AMean      *int64 `db:"a_mean" json:"yearly_mean_cents"`
	AP10       *int64 `db:"a_p10" json:"yearly_p10_cents"`
	AP25       *int64 `db:"a_p25" json:"yearly_p25_cents"`
	AMedian    *int64 `db:"a_median" json:"yearly_median_cents"`
	AP75       *int64 `db:"a_p75" json:"yearly_p75_cents"`
	AP90       *int64 `db:"a_p90" json:"yearly_p90_cents"`
}

// Median is the median as published: hourly where there is one, else yearly.
func (w Wage) Median() (cents int64, per string, ok bool) {
	switch {
	case w.HMedian != nil:
		return *w.HMedian, "hour", true
	case w.AMedian != nil:
		return *w.AMedian, "year", true
	}
	return 0, "", false
}

// hoursPerYear is 52 weeks of 40 hours.
const hoursPerYear = 2080

// Hourly is the median an hour, made from the yearly one where only that is published.
func (w Wage) Hourly() (int64, bool) {
	cents, per, ok := w.Median()
	if per == "year" {
		cents = (cents + hoursPerYear/2) / hoursPerYear
	}
	return cents, ok
}

// Place is an agency's own labour market: an area code of BLS where it has one, and its state.
type Place struct {
	Area  string `db:"wage_area"`
	State string `db:"state"`
}

// PlaceOf is the agency's area and state.
func PlaceOf(tx *pg.Tx) (Place, error) {
	return pg.Get[Place](tx, `select wage_area, state from agencies where id = app.agency()`, nil)
}

func (p Place) level(area string) (string, int) {
	switch area {
	case p.Area:
		return "region", 0
	case p.State:
		return "state", 1
	}
	return "nation", 2
}

const wageColumnsOf = `w.set_name, w.area, w.area_name, w.year, w.topped, w.employment, w.h_mean, w.h_p10, w.h_p25, w.h_median, w.h_p75, w.h_p90,
	w.a_mean, w.a_p10, w.a_p25, w.a_median, w.a_p75, w.a_p90`

// Wages reads the pay of occupations, nearest area first and medians before means. It is joined by
// the code that the publisher uses, which is not always the bare SOC.
func Wages(tx *pg.Tx, socs []string, at Place) (map[string][]Wage, error) {
	list, err := pg.List[Wage](tx, `
		select o.soc, `+wageColumnsOf+`, (select count(*) from reference.occupations x where x.oews_code = o.oews_code) > 1 as shared
		from reference.occupations o join reference.wages w on w.code = o.oews_code
		where o.soc = any (:socs) and w.area = any (:areas) limit 20000`,
		pg.Args{"socs": pg.Array(socs), "areas": pg.Array([]string{at.Area, at.State, "US"})})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b Wage) int {
		_, i := at.level(a.Area)
		_, j := at.level(b.Area)
		return cmp.Or(cmp.Compare(i, j), cmp.Compare(b.Year, a.Year), cmp.Compare(a.Set, b.Set))
	})
	by := map[string][]Wage{}
	for _, w := range list {
		w.Level, _ = at.level(w.Area)
		by[w.SOC] = append(by[w.SOC], w)
	}
	return by, nil
}

// Projection is an occupation's outlook in the nation. Nil and "" were not published.
type Projection struct {
	SOC        string   `db:"soc" json:"-"`
	Code       string   `db:"code" json:"code"`
	Years      string   `db:"years" json:"years"`
	Employment *int64   `db:"employment" json:"employment"`
	Growth     *float64 `db:"growth" json:"growth"`
	Openings   *int     `db:"openings" json:"openings"`
	Education  string   `db:"education" json:"education"`
	Experience string   `db:"experience" json:"experience"`
	Training   string   `db:"training" json:"training"`
}

// Bounds of the marks: growth of 5 percent as BLS rounds it, and openings a year.
const (
	rapidPercent = 4.5
	manyOpenings = 10_000
)

// Rapid marks growth faster than average. It is ours, computed; not the official Bright Outlook list.
func (p Projection) Rapid() bool { return p.Growth != nil && *p.Growth >= rapidPercent }

// Many marks many openings, likewise.
func (p Projection) Many() bool { return p.Openings != nil && *p.Openings >= manyOpenings }

// Base is the year from which the projection counts.
func (p Projection) Base() int {
	n, _ := strconv.Atoi(p.Years[:min(4, len(p.Years))])
	return n
}

// AllWork is the code of all occupations together.
const AllWork = "00-0000"

// Projections reads the outlook of occupations by their published code, and that of all work under AllWork.
func Projections(tx *pg.Tx, socs []string) (map[string]Projection, error) {
	list, err := pg.List[Projection](tx, `
		select o.soc, p.code, p.years, p.employment, p.growth, p.openings, p.education, p.experience, p.training
		from reference.occupations o join reference.projections p on p.code = o.ep_code where o.soc = any (:socs)
		union all select code, code, years, employment, growth, openings, education, experience, training from reference.projections where code = :all
		limit 20000`, pg.Args{"socs": pg.Array(socs), "all": AllWork})
	by := map[string]Projection{}
	for _, p := range list {
		by[p.SOC] = p
	}
	return by, err
}

// Occupation is what O*NET says of an occupation in short.
type Occupation struct {
	SOC         string   `db:"soc" json:"soc"`
	Title       string   `db:"title" json:"title"`
	Description string   `db:"description" json:"description"`
	Zone        int      `db:"zone" json:"zone,omitempty"`
	R           *float64 `db:"r" json:"-"`
	I           *float64 `db:"i" json:"-"`
	A           *float64 `db:"a" json:"-"`
	S           *float64 `db:"s" json:"-"`
	E           *float64 `db:"e" json:"-"`
	C           *float64 `db:"c" json:"-"`
}

// RIASEC are the six interests, nil when they are not known.
func (o Occupation) RIASEC() []float64 {
	if o.R == nil {
		return nil
	}
	return []float64{*o.R, *o.I, *o.A, *o.S, *o.E, *o.C}
}

const occupationQuery = `select o.soc, o.title, o.description, coalesce(z.zone, 0) as zone, n.r, n.i, n.a, n.s, n.e, n.c
	from reference.occupations o left join reference.job_zones z on z.soc = o.soc left join reference.interests n on n.soc = o.soc`

// Occupations reads some occupations by code; nil reads all that have interests.
func Occupations(tx *pg.Tx, socs []string) ([]Occupation, error) {
	if socs == nil {
		return pg.List[Occupation](tx, occupationQuery+` where n.soc is not null order by o.soc limit 2000`, nil)
	}
	return pg.List[Occupation](tx, occupationQuery+` where o.soc = any (:socs) order by o.soc limit 5000`, pg.Args{"socs": pg.Array(socs)})
}

// Codes lists every occupation that was imported.
func Codes(tx *pg.Tx) ([]string, error) {
	return pg.List[string](tx, `select soc from reference.occupations order by soc limit 5000`, nil)
}

// Trades are the federal codes of the apprenticeships for each occupation.
func Trades(tx *pg.Tx, socs []string) (map[string][]string, error) {
	type row struct {
		SOC  string `db:"soc"`
		Code string `db:"code"`
	}
	rows, err := pg.List[row](tx, `select distinct soc, code from reference.apprenticeships where soc = any (:socs) order by soc, code limit 5000`, pg.Args{"socs": pg.Array(socs)})
	by := map[string][]string{}
	for _, r := range rows {
		by[r.SOC] = append(by[r.SOC], r.Code)
	}
	return by, err
}
