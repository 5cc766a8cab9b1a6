package pathway

import (
	"slices"
	"strings"
)

// Limits of what the map draws; the table shows everything.
const (
	MapAreas = 8
	MapJobs  = 12
)

// Map is a pathway drawn as a grid: levels from high to low, areas across, and between two
// levels what it takes to move up. It holds places and figures, no words of its own.
type Map struct {
	Areas []Area `json:"areas"`
	// Scale is the one scale of every pay bar, in cents a year.
	Scale  Scale   `json:"scale"`
	Levels []Level `json:"levels"`
	// Left are the areas that find no column; Empty those that have no jobs at any level.
	Left  []Area `json:"areas_in_table_only"`
	Empty []Area `json:"areas_without_jobs"`
	// Marks are the kinds of mark that stand on the map, with what they rest on.
	Marks []MarkNote `json:"marks"`
	// Lattices are credentials that open several areas.
	Lattices []Credential `json:"lattices"`
}

// Scale is a range of yearly pay in cents.
type Scale struct {
	Low  int64 `json:"low_cents"`
	High int64 `json:"high_cents"`
}

// At is where a yearly amount lies on the scale, 0 to 100.
func (s Scale) At(cents int64) float64 {
	if s.High <= s.Low {
		return 0
	}
	return min(100, max(0, 100*float64(cents-s.Low)/float64(s.High-s.Low)))
}

// Level is one row: a step, its jobs by area, and the way up to it from the row below.
type Level struct {
	Step  Step   `json:"step"`
	Cells []Cell `json:"cells"`
	// Shared are jobs that the source names for the whole pathway.
	Shared []MapJob `json:"shared"`
	// Bridges teach basic skills in the work's own context; Apprenticeships are entered at the level.
	Bridges         []Program        `json:"bridges"`
	Apprenticeships []Apprenticeship `json:"apprenticeships"`
	// Up is the gap below the row; nil at the lowest one.
	Up *Gap `json:"up"`
}

// Cell holds the jobs of one area at one level.
type Cell struct {
	Area Area     `json:"-"`
	Code string   `json:"area"`
	Jobs []MapJob `json:"jobs"`
	// More jobs stand in the table only.
	More int `json:"more"`
}

// MapJob is a job with its marks.
type MapJob struct {
	Job
	Growing    bool `json:"growing,omitempty"`
	Openings   bool `json:"many_openings,omitempty"`
	Apprentice bool `json:"apprenticeship,omitempty"`
}

// Kinds of a mark.
const (
	MarkGrowing    = "growing"
	MarkOpenings   = "openings"
	MarkApprentice = "apprentice"
)

var markKinds = []string{MarkGrowing, MarkOpenings, MarkApprentice}

// MarkNote says what a mark rests on: the source and the years it covers.
type MarkNote struct {
	Kind   string `json:"kind"`
	Source Source `json:"source"`
	Years  string `json:"years"`
}

// Gap is what lies between two levels.
type Gap struct {
	From int `json:"from"`
	To   int `json:"to"`
	// Shared are the arrows that hold for every area without one of its own.
	Shared []Transition `json:"shared"`
	Ways   []Way        `json:"ways"`
	Turns  []Turn       `json:"turns"`
}

// Way is the way up of one column; its arrow is drawn where there are jobs at both ends.
type Way struct {
	Area string `json:"area"`
	// Own are the area's own arrows from the one level to the other.
	Own   []Transition `json:"own"`
	Drawn bool         `json:"drawn"`
	// Over are arrows that pass over a level: they leave below this gap, arrive above it, or both.
	Over []Transition `json:"over"`
}

// Leaving are the arrows that start in the gap: the area's own, and those that pass over the next level.
func (g Gap) Leaving(w Way) []Transition {
	list := slices.Clone(w.Own)
	for _, t := range w.Over {
		if t.FromStep == g.From {
			list = append(list, t)
		}
	}
	return list
}

// Turn is an arrow from one area into another, by their columns.
type Turn struct {
	From int    `json:"from"`
	To   int    `json:"to"`
	Kind string `json:"kind"`
}

// MapOf draws the map of an edition, with marks from the occupations of the catalogue.
func MapOf(e Edition, c Catalogue) Map {
	m := Map{Areas: e.Ordered(), Scale: scaleOf(e.Steps), Levels: []Level{}, Left: []Area{}, Empty: []Area{}, Marks: []MarkNote{}, Lattices: e.Lattices()}
	if len(m.Areas) > MapAreas {
		m.Left = slices.Clone(m.Areas[MapAreas:])
		m.Areas = m.Areas[:MapAreas]
	}
	steps := slices.Clone(e.Steps)
	slices.SortFunc(steps, func(a, b Step) int { return b.Number - a.Number })
	for i, s := range steps {
		l := m.level(s, c)
		l.Apprenticeships = e.ApprenticeshipsAt(s.Number)
		if i+1 < len(steps) {
			l.Up = m.gap(e, steps[i+1], s)
		}
		m.Levels = append(m.Levels, l)
	}
	for _, a := range m.Areas {
		if !slices.ContainsFunc(steps, func(s Step) bool { return s.leadsTo(a.Code) }) {
			m.Empty = append(m.Empty, a)
		}
	}
	m.turns(e)
	slices.SortFunc(m.Marks, func(a, b MarkNote) int { return slices.Index(markKinds, a.Kind) - slices.Index(markKinds, b.Kind) })
	return m
}

// leadsTo reports whether the step has a job of the area itself.
func (s Step) leadsTo(area string) bool {
	return slices.ContainsFunc(s.Jobs, func(j Job) bool { return j.Area == area })
}

// open reports whether somebody of the area can work at the step.
func (s Step) open(area string) bool { return s.leadsTo(area) || s.leadsTo("") }

func (m *Map) level(s Step, c Catalogue) Level {
	l := Level{Step: s, Cells: []Cell{}, Shared: []MapJob{}, Bridges: s.Bridges()}
	for _, a := range m.Areas {
		cell := Cell{Area: a, Code: a.Code, Jobs: m.jobs(s, a.Code, c)}
		if len(cell.Jobs) > MapJobs {
			cell.More = len(cell.Jobs) - MapJobs
			cell.Jobs = cell.Jobs[:MapJobs]
		}
		l.Cells = append(l.Cells, cell)
	}
	l.Shared = m.jobs(s, "", c)
	return l
}

func (m *Map) jobs(s Step, area string, c Catalogue) []MapJob {
	list := []MapJob{}
	for _, j := range s.Jobs {
		if j.Area == area {
			list = append(list, m.marked(j, c))
		}
	}
	return list
}

// Marked is a job with what the figures say about it.
func (c Catalogue) Marked(j Job) MapJob {
	o, ok := c.Occupation(j.SOC)
	if !ok {
		return MapJob{Job: j}
	}
	return MapJob{Job: j, Growing: o.RapidGrowth, Openings: o.NumerousOpenings, Apprentice: len(o.RAPIDS) > 0}
}

// marked adds what the figures say about a job, and keeps the source of each kind once.
func (m *Map) marked(j Job, c Catalogue) MapJob {
	o, _ := c.Occupation(j.SOC)
	mj := c.Marked(j)
	if mj.Growing {
		m.note(MarkGrowing, o.OutlookSource, o.Outlook, c)
	}
	if mj.Openings {
		m.note(MarkOpenings, o.OutlookSource, o.Outlook, c)
	}
	if mj.Apprentice {
		i := slices.IndexFunc(o.Sources, func(code string) bool { return strings.HasPrefix(code, "rapids") })
		if i >= 0 {
			m.note(MarkApprentice, o.Sources[i], "", c)
		}
	}
	return mj
}

func (m *Map) note(kind, source, years string, c Catalogue) {
	s, ok := c.Source(source)
	if !ok || slices.ContainsFunc(m.Marks, func(n MarkNote) bool { return n.Kind == kind }) {
		return
	}
	m.Marks = append(m.Marks, MarkNote{kind, s, years})
}

// gap finds the arrows from one level to the next.
func (m *Map) gap(e Edition, below, above Step) *Gap {
	g := &Gap{From: below.Number, To: above.Number, Shared: []Transition{}, Ways: []Way{}, Turns: []Turn{}}
	for _, t := range e.Transitions {
		if t.Area == "" && g.joins(t) {
			g.Shared = append(g.Shared, t)
		}
	}
	for _, a := range m.Areas {
		w := Way{Area: a.Code, Own: []Transition{}, Over: []Transition{}}
		for _, t := range e.Transitions {
			switch {
			case t.Area == a.Code && g.joins(t):
				w.Own = append(w.Own, t)
			case (t.Area == a.Code || t.Area == "") && t.FromStep <= g.From && t.ToStep >= g.To && !g.joins(t):
				w.Over = append(w.Over, t)
			}
		}
		w.Drawn = len(w.Own)+len(g.Shared) > 0 && below.open(a.Code) && above.open(a.Code)
		g.Ways = append(g.Ways, w)
	}
	return g
}

// joins reports whether an arrow leads from the level below the gap to the one above it.
func (g Gap) joins(t Transition) bool { return t.FromStep == g.From && t.ToStep == g.To }

// turns puts each move between areas into the lowest gap where it leads from work to work.
func (m *Map) turns(e Edition) {
	for _, edge := range e.Edges {
		from, to := m.column(edge.From), m.column(edge.To)
		if from < 0 || to < 0 || from == to || edge.Kind == EdgePrerequisite {
			continue
		}
		for i := len(m.Levels) - 2; i >= 0; i-- {
			below, above := m.Levels[i+1].Step, m.Levels[i].Step
			if above.Number >= m.Areas[to].EntryStep && below.leadsTo(m.Areas[from].Code) && above.leadsTo(m.Areas[to].Code) {
				m.Levels[i].Up.Turns = append(m.Levels[i].Up.Turns, Turn{from, to, edge.Kind})
				break
			}
		}
	}
}

func (m *Map) column(node string) int {
	code, ok := strings.CutPrefix(node, "area:")
	if !ok {
		return -1
	}
	return slices.IndexFunc(m.Areas, func(a Area) bool { return a.Code == code })
}

// scaleOf spans all the ranges, with $5,000 to spare on both sides.
func scaleOf(steps []Step) Scale {
	const tick = 500_000
	var s Scale
	for _, step := range steps {
		if step.Wage == nil {
			continue
		}
		low, high := step.Wage.Yearly()
		if s.High == 0 || low < s.Low {
			s.Low = low
		}
		s.High = max(s.High, high)
	}
	if s.High == 0 {
		return s
	}
	s.Low = max(0, s.Low/tick*tick-tick)
	s.High = (s.High+tick-1)/tick*tick + tick
	return s
}
