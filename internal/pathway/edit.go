package pathway

import (
	"slices"
	"strconv"
	"strings"

	"waymark/internal/errs"
	"waymark/internal/money"
)

// Lists are the tables of a pathway that the editor shows, in its order.
var Lists = []string{"about", "areas", "steps", "jobs", "requirements", "programs", "credentials", "transitions", "edges", "apprenticeships", "milestones"}

// AboutInput is what a pathway says of itself.
type AboutInput struct {
	Name        Text   `json:"name"`
	Sector      string `json:"sector" validate:"max=60"`
	NAICS       string `json:"naics" validate:"max=200"`
	Summary     Text   `json:"summary"`
	VersionNote Text   `json:"version_note"`
}

// AreaInput is one area as its form has it.
type AreaInput struct {
	Code        string       `json:"code" validate:"max=40"`
	Name        Text         `json:"name"`
	Order       int          `json:"order" validate:"gte=0,lte=99"`
	Summary     Text         `json:"summary"`
	EntryStep   int          `json:"entry_step"`
	TargetSteps []int        `json:"target_steps"`
	MinEFL      int          `json:"min_efl"`
	Anchors     string       `json:"anchors" validate:"max=400"`
	Constraints string       `json:"entry_constraints" validate:"max=400"`
	Wage        *money.Cents `json:"wage"`
	Demand      *int         `json:"demand"`
}

// StepInput is one level as its form has it, without what stands in lists of its own.
type StepInput struct {
	Number      int          `json:"number"`
	Key         string       `json:"key" validate:"max=40"`
	From        string       `json:"from" validate:"max=200"`
	Title       Text         `json:"title"`
	Description Text         `json:"description"`
	Preparation Text         `json:"preparation"` // one line for each, the same in both languages
	WageLow     *money.Cents `json:"wage_low"`
	WageHigh    *money.Cents `json:"wage_high"`
	WagePer     string       `json:"wage_per"`
	WageSource  string       `json:"wage_source"`
	WageYear    int          `json:"wage_year"`
	Supports    []string     `json:"supports"`
	Entry       Text         `json:"entry"`
	Exit        Text         `json:"exit"`
}

// JobInput, RequirementInput, ProgramInput and MilestoneInput are rows of a step.
type JobInput struct {
	Step    int    `json:"step"`
	Area    string `json:"area"`
	Title   Text   `json:"title"`
	SOC     string `json:"soc"`
	Zone    int    `json:"zone"`
	WeakMap bool   `json:"weak_map"`
	Source  string `json:"source"`
}

// RequirementInput is one requirement of a step.
type RequirementInput struct {
	Step     int    `json:"step"`
	Kind     string `json:"kind"`
	Operator string `json:"operator"`
	Value    string `json:"value"`
	Unit     string `json:"unit"`
	Hard     bool   `json:"hard"`
	Area     string `json:"area"`
	Text     Text   `json:"text"`
}

// ProgramInput is one program of a step.
type ProgramInput struct {
	Step       int          `json:"step"`
	Provider   string       `json:"provider"`
	Name       Text         `json:"name"`
	Kind       string       `json:"kind"`
	Schedule   []string     `json:"schedule"`
	CIP        string       `json:"cip"`
	Area       string       `json:"area"`
	Credential string       `json:"credential"`
	Weeks      int          `json:"weeks"`
	Cost       *money.Cents `json:"cost"`
	Source     string       `json:"source"`
}

// MilestoneInput is one typical milestone of a step.
type MilestoneInput struct {
	Step          int          `json:"step"`
	Kind          string       `json:"kind"`
	Title         Text         `json:"title"`
	OffsetWeeks   int          `json:"offset_weeks"`
	DurationWeeks int          `json:"duration_weeks"`
	Area          string       `json:"area"`
	Provider      string       `json:"provider"`
	Credential    string       `json:"credential"`
	Cost          *money.Cents `json:"cost"`
}

// Row is one row of a table of the editor: its place, and what tells it from the others.
type Row struct {
	// ID is the place in the list, "3", or of a step's row, "2.5".
	ID string
	// Step is the level it belongs to, 0 when it belongs to none.
	Step int
	// Area is the code of its area, if it has one.
	Area string
	// Name and Detail say what it is; Codes go with them as they are.
	Name   Text
	Codes  string
	Detail Text
}

// table is one list of a pathway: its rows, one row as an input, and how an input goes back.
type table struct {
	rows   func(p *Pathway) []Row
	blank  func() any
	read   func(p *Pathway, id string) (any, bool)
	write  func(p *Pathway, id string, in any) (string, error)
	remove func(p *Pathway, id string) bool
	// path is where the problems of a row begin.
	path func(id string) string
}

func tableOf(list string) (table, bool) {
	t, ok := map[string]func() table{
		"about": aboutTable, "areas": areaTable, "steps": stepTable, "jobs": jobTable, "requirements": requirementTable, "programs": programTable,
		"milestones": milestoneTable, "credentials": credentialTable, "transitions": transitionTable, "edges": edgeTable, "apprenticeships": apprenticeshipTable,
	}[list]
	if !ok {
		return table{}, false
	}
	return t(), true
}

// Rows lists the rows of one table.
func Rows(p Pathway, list string) []Row {
	t, ok := tableOf(list)
	if !ok {
		return []Row{}
	}
	return t.rows(&p)
}

// BlankRow is a pointer to an empty input of the table.
func BlankRow(list string) (any, bool) {
	t, ok := tableOf(list)
	if !ok {
		return nil, false
	}
	return t.blank(), true
}

// ReadRow is one row as its form has it.
func ReadRow(p Pathway, list, id string) (any, bool) {
	t, ok := tableOf(list)
	if !ok {
		return nil, false
	}
	return t.read(&p, id)
}

// NewRow is the id of a row that is not there yet.
const NewRow = "new"

// flat is a table over a list of the pathway itself.
func flat[T, In any](name string, get func(*Pathway) *[]T, row func(*Pathway, T) Row, to func(T) In, from func(In, T) T) table {
	at := func(p *Pathway, id string) (int, bool) {
		n, err := strconv.Atoi(id)
		return n, err == nil && n >= 0 && n < len(*get(p))
	}
	return table{
		rows: func(p *Pathway) []Row {
			list := []Row{}
			for i, v := range *get(p) {
				r := row(p, v)
				r.ID = strconv.Itoa(i)
				list = append(list, r)
			}
			return list
		},
		blank: func() any { return new(In) },
		read: func(p *Pathway, id string) (any, bool) {
			i, ok := at(p, id)
			if !ok {
				return nil, false
			}
			return to((*get(p))[i]), true
		},
		write: func(p *Pathway, id string, in any) (string, error) {
			list := get(p)
			var none T
			if id == NewRow {
				*list = append(*list, from(*in.(*In), none))
				return strconv.Itoa(len(*list) - 1), nil
			}
			i, ok := at(p, id)
			if !ok {
				return id, errs.New(errs.NotFound, "not_found")
			}
			(*list)[i] = from(*in.(*In), (*list)[i])
			return id, nil
		},
		remove: func(p *Pathway, id string) bool {
			i, ok := at(p, id)
			if ok {
				*get(p) = slices.Delete(*get(p), i, i+1)
			}
			return ok
		},
		path: func(id string) string { return name + "[" + id + "]" },
	}
}

// nested is a table over the lists of all steps; a row that is given another step moves there.
func nested[T, In any](name string, get func(*Step) *[]T, row func(T) Row, to func(int, T) In, from func(In) (int, T)) table {
	at := func(p *Pathway, id string) (step, i int, ok bool) {
		a, b, cut := strings.Cut(id, ".")
		step, err := strconv.Atoi(a)
		i, err2 := strconv.Atoi(b)
		if !cut || err != nil || err2 != nil || step < 0 || step >= len(p.Steps) || i < 0 || i >= len(*get(&p.Steps[step])) {
			return 0, 0, false
		}
		return step, i, true
	}
	return table{
		rows: func(p *Pathway) []Row {
			list := []Row{}
			for s := range p.Steps {
				for i, v := range *get(&p.Steps[s]) {
					r := row(v)
					r.ID, r.Step = strconv.Itoa(s)+"."+strconv.Itoa(i), p.Steps[s].Number
					list = append(list, r)
				}
			}
			return list
		},
		blank: func() any { return new(In) },
		read: func(p *Pathway, id string) (any, bool) {
			s, i, ok := at(p, id)
			if !ok {
				return nil, false
			}
			return to(p.Steps[s].Number, (*get(&p.Steps[s]))[i]), true
		},
		write: func(p *Pathway, id string, in any) (string, error) {
			number, v := from(*in.(*In))
			to := slices.IndexFunc(p.Steps, func(s Step) bool { return s.Number == number })
			if to < 0 {
				return id, errs.AtArgs("step", "no_such_step", map[string]any{"entered": number})
			}
			if id != NewRow {
				s, i, ok := at(p, id)
				if !ok {
					return id, errs.New(errs.NotFound, "not_found")
				}
				if s == to {
					(*get(&p.Steps[s]))[i] = v
					return id, nil
				}
				*get(&p.Steps[s]) = slices.Delete(*get(&p.Steps[s]), i, i+1)
			}
			list := get(&p.Steps[to])
			*list = append(*list, v)
			return strconv.Itoa(to) + "." + strconv.Itoa(len(*list)-1), nil
		},
		remove: func(p *Pathway, id string) bool {
			s, i, ok := at(p, id)
			if ok {
				*get(&p.Steps[s]) = slices.Delete(*get(&p.Steps[s]), i, i+1)
			}
			return ok
		},
		path: func(id string) string {
			s, i, _ := strings.Cut(id, ".")
			return "steps[" + s + "]." + name + "[" + i + "]"
		},
	}
}
