package pathway

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// FromCTDL reads a document of the kind that CTDL writes. What the vocabulary has no word for is
// taken from base, the pathway as it is stored; where nothing is stored it stays empty and shows as
// something to complete. The name is only for errors, which are all *ParseError.
func FromCTDL(name string, data []byte, base Pathway) (Pathway, error) {
	r, err := readGraph(name, data)
	if err != nil {
		return Pathway{}, err
	}
	return r.onto(base), nil
}

// IsCTDL reports a JSON-LD document.
func IsCTDL(data []byte) bool {
	var d map[string]json.RawMessage
	return json.Unmarshal(data, &d) == nil && d["@graph"] != nil
}

// CTDLCode is the code of the pathway in a document.
func CTDLCode(name string, data []byte) (string, error) {
	r, err := readGraph(name, data)
	if err != nil {
		return "", err
	}
	return r.p.Code, nil
}

// ctdlReader has a document's things by their kind and place.
type ctdlReader struct {
	things map[string]node
	order  []string
	p      Pathway
}

func readGraph(name string, data []byte) (*ctdlReader, error) {
	graph, err := graphOf(name, data)
	if err != nil {
		return nil, err
	}
	s, r := shaper{name, data}, &ctdlReader{things: map[string]node{}}
	place := 0
	for i, n := range graph {
		at := local(n["@id"])
		if r.things[at] != nil {
			return nil, s.fail(item("@graph", i)+".@id", "address that no other thing has")
		}
		r.things[at] = n
		r.order = append(r.order, at)
		if at == "pathway" {
			place = i
		}
	}
	root, ok := r.things["pathway"]
	if !ok {
		return nil, s.fail("@graph", "pathway of the form that Waymark writes")
	}
	r.p.Code, r.p.Name, r.p.Summary = code(root, ourCode), text(root["ceterms:name"]), text(root["ceterms:description"])
	if !codePattern.MatchString(r.p.Code) {
		return nil, s.fail(item("@graph", place)+".ceterms:identifier", "code of the pathway")
	}
	if keywords, ok := root["ceterms:keyword"].(node); ok {
		r.p.Sector = first(keywords["en"])
	}
	for _, c := range items(root["ceterms:industryType"]) {
		r.p.NAICS = append(r.p.NAICS, str(c, "ceterms:codedNotation"))
	}
	r.steps()
	r.areas()
	r.credentials()
	r.apprenticeships()
	return r, nil
}

// local is the part of an address after the hash.
func local(v any) string {
	s, _ := v.(string)
	_, at, _ := strings.Cut(s, "#")
	return at
}

func str(n node, key string) string { s, _ := n[key].(string); return s }

func first(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case []any:
		if len(x) > 0 {
			return first(x[0])
		}
	}
	return ""
}

func text(v any) Text {
	n, _ := v.(node)
	return Text{str(n, "en"), str(n, "es")}
}

func items(v any) []node {
	list := []node{}
	all, _ := v.([]any)
	for _, x := range all {
		if n, ok := x.(node); ok {
			list = append(list, n)
		}
	}
	return list
}

func refs(v any) []string {
	list := []string{}
	all, _ := v.([]any)
	for _, x := range all {
		list = append(list, local(x))
	}
	return list
}

// code is a thing's identifier of a kind.
func code(n node, kind string) string {
	for _, i := range items(n["ceterms:identifier"]) {
		if text(i["ceterms:identifierTypeName"]).EN == kind {
			return str(i, "ceterms:identifierValueCode")
		}
	}
	return ""
}

func soc(n node) string {
	for _, o := range items(n["ceterms:occupationType"]) {
		return str(o, "ceterms:codedNotation")
	}
	return ""
}

func provider(n node) string {
	for _, o := range items(n["ceterms:offeredBy"]) {
		return text(o["ceterms:name"]).EN
	}
	return ""
}

// areaIn is the area that a component is a child of.
func areaIn(n node) string {
	for _, at := range refs(n["ceasn:isChildOf"]) {
		if c, ok := strings.CutPrefix(at, "area/"); ok {
			return c
		}
	}
	return ""
}

// numbers are the levels of a thing.
func (r *ctdlReader) numbers(n node) []int {
	list := []int{}
	for _, at := range refs(n["asn:hasProgressionLevel"]) {
		number, _ := strconv.Atoi(str(r.things[at], "skos:notation"))
		list = append(list, number)
	}
	return list
}

func (r *ctdlReader) areas() {
	root := r.things["pathway"]
	for i, at := range refs(root["ceterms:hasChild"]) {
		n := r.things[at]
		a := Area{Code: code(n, ourCode), Name: text(n["ceterms:name"]), Order: i + 1}
		if t := text(n["ceterms:description"]); !t.IsZero() {
			a.Summary = &t
		}
		if levels := r.numbers(n); len(levels) > 0 {
			a.EntryStep, a.TargetSteps = levels[0], levels[1:]
		}
		for _, o := range items(n["ceterms:occupationType"]) {
			a.Anchors = append(a.Anchors, str(o, "ceterms:codedNotation"))
		}
		r.p.Areas = append(r.p.Areas, a)
	}
}

func (r *ctdlReader) steps() {
	for _, at := range r.order {
		if !strings.HasPrefix(at, "step/") {
			continue
		}
		n := r.things[at]
		s := Step{Key: code(n, ourCode), Title: text(n["ceterms:name"]), Description: text(n["ceterms:description"])}
		if levels := r.numbers(n); len(levels) > 0 {
			s.Number = levels[0]
		}
		for _, x := range refs(n["ceterms:hasSupportService"]) {
			s.Supports = append(s.Supports, strings.TrimPrefix(x, "support/"))
		}
		for _, c := range items(n["ceterms:hasCondition"]) {
			r.condition(&s, c)
		}
		r.p.Steps = append(r.p.Steps, s)
	}
	for i := range r.p.Steps {
		r.jobs(&r.p.Steps[i])
	}
}

var operators = map[string]string{"gteq": "at_least", "lteq": "at_most", "eq": "equals", "isAnyOf": "has"}

// condition is either a group of requirements or a way up.
func (r *ctdlReader) condition(s *Step, c node) {
	name, area, weeks := text(c["ceterms:name"]).EN, "", 0
	for _, f := range items(c["ceterms:hasConstraint"]) {
		left := first(f["ceterms:leftSource"])
		right, _ := f["ceterms:rightSource"].([]any)
		switch {
		case left == "area" && f["ceterms:name"] == nil:
			area = first(right)
		case left == "weeks" && f["ceterms:name"] == nil:
			weeks, _ = strconv.Atoi(first(right))
		default:
			q := Requirement{Kind: left, Operator: operators[str(f, "ceterms:comparator")], Value: first(right), Hard: name == "requires", Area: area, Text: text(f["ceterms:name"])}
			if len(right) > 1 {
				q.Unit = first(right[1])
			}
			s.Requirements = append(s.Requirements, q)
		}
	}
	if name != "way up" {
		return
	}
	t := Transition{ToStep: s.Number, Area: area, Weeks: weeks}
	for _, at := range refs(c["ceterms:targetComponent"]) {
		if k, ok := strings.CutPrefix(at, "credential/"); ok {
			t.Credential = k
		} else if levels := r.numbers(r.things[at]); len(levels) > 0 {
			t.FromStep = levels[0]
		}
	}
	r.p.Transitions = append(r.p.Transitions, t)
}

func (r *ctdlReader) jobs(s *Step) {
	for i := 0; ; i++ {
		n, ok := r.things["job/"+s.ID()+"/"+strconv.Itoa(i)]
		if !ok {
			break
		}
		s.Jobs = append(s.Jobs, Job{Area: areaIn(n), Title: text(n["ceterms:name"]), SOC: soc(n)})
	}
	for i := 0; ; i++ {
		n, ok := r.things["program/"+s.ID()+"/"+strconv.Itoa(i)]
		if !ok {
			break
		}
		s.Programs = append(s.Programs, r.program(n))
	}
}

func (r *ctdlReader) program(n node) Program {
	offer := r.things[local(n["ceterms:proxyFor"])]
	g := Program{Provider: provider(offer), Name: text(n["ceterms:name"]), Kind: text(n["ceterms:componentCategory"]).EN, Area: areaIn(n)}
	for _, c := range items(offer["ceterms:instructionalProgramType"]) {
		g.CIP = str(c, "ceterms:codedNotation")
	}
	for _, d := range items(offer["ceterms:estimatedDuration"]) {
		_, _ = fmt.Sscanf(str(d, "ceterms:exactDuration"), "P%dW", &g.Weeks)
	}
	for _, c := range items(offer["ceterms:estimatedCost"]) {
		if price, ok := c["ceterms:price"].(float64); ok {
			g.CostCents = new(int64(price*100 + 0.5))
		}
	}
	for _, c := range items(offer["ceterms:requires"]) {
		for _, at := range refs(c["ceterms:targetCredential"]) {
			g.Credential = strings.TrimPrefix(at, "thing/")
		}
	}
	return g
}

func (r *ctdlReader) credentials() {
	for _, at := range r.order {
		if !strings.HasPrefix(at, "credential/") {
			continue
		}
		n := r.things[at]
		k := Credential{Code: code(n, ourCode), Name: text(n["ceterms:name"]), Kind: text(n["ceterms:componentCategory"]).EN, Issuer: provider(r.things[local(n["ceterms:proxyFor"])])}
		for _, x := range refs(n["ceterms:precedes"]) {
			k.StackableTo = append(k.StackableTo, strings.TrimPrefix(x, "credential/"))
		}
		for _, x := range refs(n["ceasn:isChildOf"]) {
			k.LatticesTo = append(k.LatticesTo, strings.TrimPrefix(x, "area/"))
		}
		r.p.Credentials = append(r.p.Credentials, k)
		for kind, key := range map[string]string{EdgePrerequisite: "ceterms:prerequisite", EdgeRecommended: "ceterms:precededBy"} {
			for _, x := range refs(n[key]) {
				r.p.Edges = append(r.p.Edges, Edge{"credential:" + strings.TrimPrefix(x, "credential/"), "credential:" + k.Code, kind})
			}
		}
	}
}

func (r *ctdlReader) apprenticeships() {
	for _, at := range r.order {
		if !strings.HasPrefix(at, "apprenticeship/") {
			continue
		}
		n := r.things[at]
		a := Apprenticeship{
			Code: code(n, ourCode), Kind: strings.TrimPrefix(text(n["ceterms:componentCategory"]).EN, "apprenticeship:"), Name: text(n["ceterms:name"]), Area: areaIn(n),
			SOC: soc(n), RAPIDS: code(n, "RAPIDS"),
		}
		if levels := r.numbers(n); len(levels) > 0 {
			a.Step = levels[0]
		}
		for _, x := range refs(n["ceterms:precedes"]) {
			a.LeadsTo = append(a.LeadsTo, strings.TrimPrefix(x, "apprenticeship/"))
		}
		for _, c := range items(n["ceterms:hasCondition"]) {
			for _, f := range items(c["ceterms:hasConstraint"]) {
				value := first(f["ceterms:rightSource"])
				switch first(f["ceterms:leftSource"]) {
				case "term_hours":
					a.TermHours, _ = strconv.Atoi(value)
				case "class_hours":
					a.ClassHours, _ = strconv.Atoi(value)
				case "approach":
					a.Approach = value
				}
			}
		}
		r.p.Apprenticeships = append(r.p.Apprenticeships, a)
	}
}

// Shared is what both a pathway and the vocabulary know, in an order that depends on nothing else.
func Shared(p Pathway) Pathway {
	out := Pathway{Code: p.Code, Name: p.Name, Sector: p.Sector, NAICS: p.NAICS, Summary: p.Summary, Transitions: slices.Clone(p.Transitions)}
	for i, a := range (Edition{Pathway: p}).Ordered() {
		out.Areas = append(out.Areas, sharedArea(a, i+1))
	}
	for _, s := range byNumber(p.Steps) {
		t := Step{Key: s.ID(), Number: s.Number, Title: s.Title, Description: s.Description, Supports: s.Supports, Requirements: slices.Clone(s.Requirements)}
		for _, j := range s.Jobs {
			t.Jobs = append(t.Jobs, sharedJob(j))
		}
		for _, g := range s.Programs {
			t.Programs = append(t.Programs, sharedProgram(g))
		}
		sorted(t.Requirements)
		out.Steps = append(out.Steps, t)
	}
	out.Credentials = slices.Clone(p.Credentials)
	for _, e := range p.Edges {
		if credentialEdge(e) {
			out.Edges = append(out.Edges, e)
		}
	}
	for _, a := range p.Apprenticeships {
		out.Apprenticeships = append(out.Apprenticeships, sharedApprenticeship(a))
	}
	sorted(out.Transitions)
	sorted(out.Edges)
	return out
}

func credentialEdge(e Edge) bool {
	return e.Kind != EdgeLateral && strings.HasPrefix(e.From, "credential:") && strings.HasPrefix(e.To, "credential:")
}

func sorted[T any](list []T) {
	slices.SortFunc(list, func(a, b T) int { return strings.Compare(fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", b)) })
}

func sharedArea(a Area, order int) Area {
	return Area{Code: a.Code, Name: a.Name, Order: order, Summary: a.Summary, EntryStep: a.EntryStep, TargetSteps: a.TargetSteps, Anchors: a.Anchors}
}

func sharedJob(j Job) Job { return Job{Area: j.Area, Title: j.Title, SOC: j.SOC} }

func sharedProgram(g Program) Program { g.Schedule, g.Source = nil, ""; return g }

func sharedApprenticeship(a Apprenticeship) Apprenticeship { a.Sponsor, a.Source = "", ""; return a }

// onto lays what was read over what is stored: a thing that reads the same keeps everything else it
// has, and its place; one that is gone goes; one that is new comes last.
func (r *ctdlReader) onto(base Pathway) Pathway {
	p := base
	p.Code, p.Name, p.Sector, p.NAICS, p.Summary = r.p.Code, r.p.Name, r.p.Sector, r.p.NAICS, r.p.Summary
	p.Areas = overlay(base.Areas, r.p.Areas, func(a Area) string { return a.Code }, func(was Area, now Area) Area {
		was.Name, was.Summary, was.EntryStep, was.TargetSteps, was.Anchors = now.Name, now.Summary, now.EntryStep, now.TargetSteps, now.Anchors
		return was
	})
	p.Steps = overlay(base.Steps, r.p.Steps, Step.ID, func(was, now Step) Step {
		if was.Key == "" && was.ID() == now.Key {
			now.Key = ""
		}
		was.Key, was.Number, was.Title, was.Description, was.Supports = now.Key, now.Number, now.Title, now.Description, now.Supports
		was.Requirements = kept(was.Requirements, now.Requirements, itself[Requirement])
		was.Jobs = kept(was.Jobs, now.Jobs, sharedJob)
		was.Programs = kept(was.Programs, now.Programs, sharedProgram)
		return was
	})
	p.Credentials = overlay(base.Credentials, r.p.Credentials, func(k Credential) string { return k.Code }, func(_, now Credential) Credential { return now })
	p.Apprenticeships = overlay(base.Apprenticeships, r.p.Apprenticeships, func(a Apprenticeship) string { return a.Code }, func(was, now Apprenticeship) Apprenticeship {
		now.Sponsor, now.Source = was.Sponsor, was.Source
		return now
	})
	p.Transitions = kept(base.Transitions, r.p.Transitions, itself[Transition])
	edges := slices.Clone(r.p.Edges)
	for _, e := range base.Edges {
		if !credentialEdge(e) {
			edges = append(edges, e)
		}
	}
	p.Edges = kept(base.Edges, edges, itself[Edge])
	return p
}

// overlay merges things that have a code of their own.
func overlay[T any](was, now []T, key func(T) string, merge func(was, now T) T) []T {
	var list []T
	taken := map[string]bool{}
	for _, w := range was {
		for _, n := range now {
			if key(n) == key(w) && !taken[key(n)] {
				taken[key(n)] = true
				list = append(list, merge(w, n))
			}
		}
	}
	for _, n := range now {
		if !taken[key(n)] {
			taken[key(n)] = true
			list = append(list, n)
		}
	}
	return list
}

// kept keeps the things of the stored list that were read again, in their place and with all they
// have, and adds what is new.
func kept[T any](was, now []T, shared func(T) T) []T {
	var list []T
	used := make([]bool, len(now))
	for _, w := range was {
		for i, n := range now {
			if !used[i] && reflect.DeepEqual(shared(w), n) {
				used[i] = true
				list = append(list, w)
				break
			}
		}
	}
	for i, n := range now {
		if !used[i] {
			list = append(list, n)
		}
	}
	return list
}
