package pathway

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Problem is one thing to correct in a catalogue file. Path is as in ParseError;
// Code is a key of the message catalogue, never a sentence; Args fill its placeholders.
type Problem struct {
	Path string
	Code string
	Args map[string]any
}

// String is for logs, tests and the terminal.
func (p Problem) String() string {
	if len(p.Args) == 0 {
		return p.Path + ": " + p.Code
	}
	return fmt.Sprintf("%s: %s %v", p.Path, p.Code, p.Args)
}

// Codes of a Problem.
const (
	Required         = "required"
	MissingLanguage  = "catalogue.missing_language"  // Args: lang
	BadCode          = "catalogue.bad_code"          // Args: value
	NotOneOf         = "catalogue.not_one_of"        // Args: value, allowed
	Duplicate        = "catalogue.duplicate"         // Args: value
	Conflicting      = "catalogue.conflicting"       // Args: value; one code, two meanings
	UnknownReference = "catalogue.unknown_reference" // Args: kind, value
	Negative         = "catalogue.negative"          // Args: value
	OutOfRange       = "catalogue.out_of_range"      // Args: value, min, max
	RangeInverted    = "catalogue.range_inverted"    // Args: min, max
	Cyclic           = "catalogue.cyclic"            // Args: nodes
	NotUpward        = "catalogue.not_upward"        // Args: from, to
)

// Known is what is in the store already, so that a file may refer to it.
type Known struct {
	Sources, Occupations, Areas, Regions []string
}

var (
	codePattern  = regexp.MustCompile(`^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$`)
	socPattern   = regexp.MustCompile(`^[0-9]{2}-[0-9]{4}\.[0-9]{2}$`)
	naicsPattern = regexp.MustCompile(`^([0-9]{2,6}|[0-9]{2}-[0-9]{2})$`)
	cipPattern   = regexp.MustCompile(`^[0-9]{2}(\.[0-9]{2}([0-9]{2})?)?$`)
	statePattern = regexp.MustCompile(`^[A-Z]{2}$`)
)

// Check lists everything wrong with a file whose references all lie within
// itself, in the order of the file. No problem means that it can be imported.
func (f File) Check() []Problem { return f.CheckWith(Known{}) }

// CheckWith is Check for a file that may also refer to what is stored.
func (f File) CheckWith(known Known) []Problem {
	c := checker{
		sources: set(known.Sources), occupations: set(known.Occupations),
		areas: set(known.Areas), regions: set(known.Regions),
		credentials: map[string]Credential{},
	}
	c.collect(f)
	for i, p := range f.Pathways {
		c.pathway(fmt.Sprintf("pathways[%d]", i), p)
	}
	for i, o := range f.Occupations {
		c.occupation(fmt.Sprintf("occupations[%d]", i), o)
	}
	parents := map[string][]string{}
	for i, r := range f.Regions {
		c.region(fmt.Sprintf("regions[%d]", i), r)
		if r.Parent != "" {
			parents[r.Code] = append(parents[r.Code], r.Parent)
		}
	}
	if circle := findCycle(parents); circle != nil {
		c.add("regions", Cyclic, "nodes", strings.Join(circle, " > "))
	}
	return c.problems
}

type checker struct {
	sources, occupations, areas, regions map[string]bool
	credentials                          map[string]Credential
	problems                             []Problem
}

func set(in []string) map[string]bool {
	m := make(map[string]bool, len(in))
	for _, s := range in {
		m[s] = true
	}
	return m
}

func (c *checker) add(path, code string, kv ...any) {
	var args map[string]any
	for i := 0; i+1 < len(kv); i += 2 {
		if args == nil {
			args = map[string]any{}
		}
		args[kv[i].(string)] = kv[i+1]
	}
	c.problems = append(c.problems, Problem{path, code, args})
}

// collect notes every code of the file first, since references may point forward.
func (c *checker) collect(f File) {
	inFile := map[string]bool{}
	once := func(path, kind, value string, into map[string]bool) {
		if value != "" && inFile[kind+" "+value] {
			c.add(path, Duplicate, "value", value)
		}
		inFile[kind+" "+value] = true
		into[value] = true
	}
	for i, s := range f.Sources {
		at := fmt.Sprintf("sources[%d]", i)
		once(at+".code", "source", s.Code, c.sources)
		c.code(at+".code", s.Code)
		c.need(at+".title", s.Title)
		c.need(at+".licence", s.Licence)
		c.knownYear(at+".year", s.Year)
		c.optional(at+".notice", s.Notice)
	}
	pathways := map[string]bool{}
	for i, p := range f.Pathways {
		once(fmt.Sprintf("pathways[%d].code", i), "pathway", p.Code, pathways)
		for j, a := range p.Areas {
			once(fmt.Sprintf("pathways[%d].areas[%d].code", i, j), "area", a.Code, c.areas)
		}
	}
	for i, o := range f.Occupations {
		once(fmt.Sprintf("occupations[%d].soc", i), "occupation", o.SOC, c.occupations)
	}
	for i, r := range f.Regions {
		once(fmt.Sprintf("regions[%d].code", i), "region", r.Code, c.regions)
	}
}

func (c *checker) need(path, value string) {
	if strings.TrimSpace(value) == "" {
		c.add(path, Required)
	}
}

func (c *checker) code(path, value string) {
	if value == "" {
		c.add(path, Required)
	} else if !codePattern.MatchString(value) {
		c.add(path, BadCode, "value", value)
	}
}

func (c *checker) text(path string, t Text) {
	en, es := strings.TrimSpace(t.EN) != "", strings.TrimSpace(t.ES) != ""
	switch {
	case !en && !es:
		c.add(path, Required)
	case !en:
		c.add(path+".en", MissingLanguage, "lang", "en")
	case !es:
		c.add(path+".es", MissingLanguage, "lang", "es")
	}
}

func (c *checker) optional(path string, t *Text) {
	if t != nil {
		c.text(path, *t)
	}
}

func (c *checker) oneOf(path, value string, allowed []string) {
	if value == "" {
		c.add(path, Required)
	} else if !slices.Contains(allowed, value) {
		c.add(path, NotOneOf, "value", value, "allowed", strings.Join(allowed, ", "))
	}
}

// among is oneOf for what may be absent.
func (c *checker) among(path, value string, allowed []string) {
	if value != "" {
		c.oneOf(path, value, allowed)
	}
}

func (c *checker) between(path string, value, low, high int) {
	if value < low || value > high {
		c.add(path, OutOfRange, "value", value, "min", low, "max", high)
	}
}

func (c *checker) year(path string, y int) { c.between(path, y, 1990, 2100) }

// knownYear is year where 0 means that the source states none.
func (c *checker) knownYear(path string, y int) {
	if y != 0 {
		c.year(path, y)
	}
}

func (c *checker) money(path string, cents int64) {
	if cents < 0 {
		c.add(path, Negative, "value", cents)
	}
}

func (c *checker) cost(path string, cents *int64) {
	if cents != nil {
		c.money(path, *cents)
	}
}

func (c *checker) count(path string, n int) {
	if n < 0 {
		c.add(path, Negative, "value", n)
	}
}

func (c *checker) ref(path, kind, value string, in map[string]bool) {
	if value != "" && !in[value] {
		c.add(path, UnknownReference, "kind", kind, "value", value)
	}
}

func (c *checker) source(path, value string) {
	c.need(path, value)
	c.ref(path, "source", value, c.sources)
}

func (c *checker) refs(path, kind string, values []string, in map[string]bool) {
	seen := map[string]bool{}
	for i, v := range values {
		at := fmt.Sprintf("%s[%d]", path, i)
		c.need(at, v)
		c.ref(at, kind, v, in)
		if seen[v] {
			c.add(at, Duplicate, "value", v)
		}
		seen[v] = true
	}
}
