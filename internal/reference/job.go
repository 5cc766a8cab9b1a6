package reference

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/pg"
	"waymark/seeds"
)

// Service reads reference data for pages.
type Service struct{ db *pg.DB }

// New makes the service. What is here belongs to everybody who is signed in.
func New(db *pg.DB) *Service { return &Service{db} }

// Share is how many of those asked say that a level of education is needed.
type Share struct {
	Level   int     `db:"level" json:"level"`
	Percent float64 `db:"percent" json:"percent"`
}

// Skill is one skill of an occupation; importance goes from 1 to 5.
type Skill struct {
	Name       string   `db:"skill" json:"skill"`
	Importance float64  `db:"importance" json:"importance"`
	Level      *float64 `db:"level" json:"level"`
}

// Related is an occupation that is close to another.
type Related struct {
	SOC   string `db:"soc" json:"soc"`
	Title string `db:"title" json:"title"`
}

// Apprenticeship is a registered one; hours are -1 when the list gives none.
type Apprenticeship struct {
	Code     string `db:"code" json:"code"`
	Title    string `db:"title" json:"title"`
	Training string `db:"training" json:"training"`
	Min      int    `db:"hours_min" json:"hours_min"`
	Max      int    `db:"hours_max" json:"hours_max"`
}

// School is a program at a school of the state, with how many finished it in the year.
type School struct {
	Name    string `db:"name" json:"name"`
	City    string `db:"city" json:"city"`
	CIP     string `db:"cip" json:"cip"`
	Program string `db:"title" json:"program"`
	Award   string `db:"award" json:"award"`
	Awards  int    `db:"awards" json:"awards"`
}

// Job is all that reference data says of one occupation. What is empty is not known.
type Job struct {
	// Known is false when nothing has been imported about it.
	Known           bool             `json:"known"`
	Occupation      Occupation       `json:"occupation"`
	Place           Place            `json:"-"`
	State           Words            `json:"-"`
	Titles          []string         `json:"titles"`
	Tasks           []string         `json:"tasks"`
	Skills          []Skill          `json:"skills"`
	Education       []Share          `json:"education"`
	Wages           []Wage           `json:"wages"`
	Outlook         *Projection      `json:"outlook"`
	Related         []Related        `json:"related"`
	Apprenticeships []Apprenticeship `json:"apprenticeships"`
	Schools         []School         `json:"schools"`
	Credits         []Credit         `json:"credits"`
	stamps          map[string]Stamp
}

// Vintage is the vintage of a set, "" when it was not imported.
func (j Job) Vintage(set string) string { return j.stamps[set].Vintage }

// Job reads an occupation for the agency's region.
func (s *Service) Job(ctx context.Context, by access.Actor, soc string) (j Job, err error) {
	if !onetForm.MatchString(soc) {
		return j, errs.New(errs.NotFound, "not_found")
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		j, err = jobOf(tx, soc)
		return err
	})
	return j, err
}

func jobOf(tx *pg.Tx, soc string) (j Job, err error) {
	j = Job{Titles: []string{}, Tasks: []string{}, Skills: []Skill{}, Education: []Share{}, Wages: []Wage{}, Related: []Related{}, Apprenticeships: []Apprenticeship{}, Schools: []School{}, Credits: []Credit{}}
	if j.Place, err = PlaceOf(tx); err != nil {
		return j, err
	}
	j.State = stateName(j.Place.State)
	found, err := Occupations(tx, []string{soc})
	if err != nil || len(found) == 0 {
		return j, err
	}
	j.Known, j.Occupation = true, found[0]
	for _, read := range []func(*pg.Tx, string) error{j.words, j.needs, j.market, j.ways} {
		if err := read(tx, soc); err != nil {
			return j, err
		}
	}
	return j, j.credit(tx)
}

func (j *Job) words(tx *pg.Tx, soc string) (err error) {
	of := pg.Args{"soc": soc}
	if j.Tasks, err = pg.List[string](tx, `select task from reference.tasks where soc = :soc order by rank limit 6`, of); err != nil {
		return err
	}
	if j.Titles, err = pg.List[string](tx, `select title from reference.titles where soc = :soc order by title limit 10`, of); err != nil {
		return err
	}
	j.Related, err = pg.List[Related](tx, `select o.soc, o.title from reference.related r join reference.occupations o on o.soc = r.related
		where r.soc = :soc order by r.rank, o.soc limit 10`, of)
	return err
}

func (j *Job) needs(tx *pg.Tx, soc string) (err error) {
	of := pg.Args{"soc": soc}
	if j.Skills, err = pg.List[Skill](tx, `select skill, importance, level from reference.skills where soc = :soc order by importance desc, level desc nulls last, skill limit 10`, of); err != nil {
		return err
	}
	j.Education, err = pg.List[Share](tx, `select level, percent from reference.education where soc = :soc order by level limit 12`, of)
	return err
}

func (j *Job) market(tx *pg.Tx, soc string) error {
	wages, err := Wages(tx, []string{soc}, j.Place)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, w := range wages[soc] {
		if !seen[w.Level] { // a mean of an older year stands in only where no median is published
			j.Wages = append(j.Wages, w)
		}
		seen[w.Level] = true
	}
	outlook, err := Projections(tx, []string{soc})
	if p, ok := outlook[soc]; ok {
		j.Outlook = &p
	}
	return err
}

func (j *Job) ways(tx *pg.Tx, soc string) (err error) {
	if j.Apprenticeships, err = pg.List[Apprenticeship](tx, `select code, title, training, hours_min, hours_max from reference.apprenticeships
		where soc = :soc order by title, code, hours_min limit 12`, pg.Args{"soc": soc}); err != nil {
		return err
	}
	j.Schools, err = pg.List[School](tx, `
		select i.name, i.city, p.cip, p.title, c.award, c.awards
		from reference.program_occupations x
		join reference.programs p on p.cip = x.cip and p.valid
		join reference.completions c on c.cip = x.cip
		join reference.institutions i on i.unitid = c.unitid and i.state = :state
		where x.soc = :soc order by c.awards desc, i.name, c.award limit 12`, pg.Args{"soc": soc[:7], "state": j.Place.State})
	return err
}

// credit gathers the credit lines of what is shown, and of nothing else.
func (j *Job) credit(tx *pg.Tx) error {
	stamps, err := Stamps(tx)
	if err != nil {
		return err
	}
	j.stamps = map[string]Stamp{}
	used := map[string]bool{
		"onet_occupations": true, "projections": j.Outlook != nil, "rapids": len(j.Apprenticeships) > 0,
		"cip_soc": len(j.Schools) > 0, "ipeds_completions": len(j.Schools) > 0,
	}
	for _, w := range j.Wages {
		used[w.Set] = true
	}
	for _, s := range stamps {
		j.stamps[s.Name] = s
		c := s.Of()
		if used[s.Name] && !slices.ContainsFunc(j.Credits, func(x Credit) bool { return x.Title == c.Title }) {
			j.Credits = append(j.Credits, c)
		}
	}
	return nil
}

var states = sync.OnceValue(func() map[string]Words {
	var list []struct {
		Code string `json:"code"`
		Name Words  `json:"name"`
	}
	b, err := seeds.FS.ReadFile("reference/states.json")
	if err != nil || json.Unmarshal(b, &list) != nil {
		return nil // codes then stand for names
	}
	by := map[string]Words{}
	for _, s := range list {
		by[s.Code] = s.Name
	}
	return by
})

// stateName is a state's name, its code when it is none of ours.
func stateName(code string) Words {
	if w, ok := states()[code]; ok {
		return w
	}
	return Words{code, code}
}

// ProfilerItem is one statement of the O*NET Interest Profiler, word for word.
type ProfilerItem struct {
	Item int    `db:"item"`
	Type string `db:"type"`
	Text string `db:"text"`
}

// ProfilerItems reads the sixty items, none when they were not imported.
func ProfilerItems(tx *pg.Tx) ([]ProfilerItem, error) {
	return pg.List[ProfilerItem](tx, `select item, type, text from reference.profiler_items order by item limit 60`, nil)
}
