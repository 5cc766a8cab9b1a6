package pathway

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/id"
)

// The Credential Transparency Description Language (CTDL), as JSON-LD, is the form in which a
// pathway goes to a credential registry. Only classes and properties of that vocabulary are
// written. What it has no word for (milestones, pay of a level, our notes) stays in our own files.

const ctdlContext = "https://credreg.net/ctdl/schema/context/json"

// CTDLInfo is what a document cannot know of itself.
type CTDLInfo struct {
	// Base is the address of the installation, Owner the agency's name.
	Base, Owner string
	// Earlier, Later and Latest are numbers of versions; 0 for none.
	Earlier, Later, Latest int
	// Occupation finds what a job is called.
	Occupation func(soc string) (Occupation, bool)
}

type node = map[string]any

// ctdl writes one edition.
type ctdl struct {
	e     Edition
	info  CTDLInfo
	graph []node
}

// CTDL is the edition as a JSON-LD document.
func CTDL(e Edition, info CTDLInfo) ([]byte, error) {
	w := &ctdl{e: e, info: info}
	w.pathway()
	for _, a := range e.Ordered() {
		w.area(a)
	}
	w.progression()
	for _, s := range byNumber(e.Steps) {
		w.step(s)
	}
	for _, k := range e.Pathway.Credentials {
		w.credential(k)
	}
	for _, a := range e.Apprenticeships {
		w.apprenticeship(a)
	}
	return json.MarshalIndent(node{"@context": ctdlContext, "@graph": w.graph}, "", "  ")
}

// at is the address of a part: its kind and its codes.
func (w *ctdl) at(parts ...string) string {
	return w.info.Base + "/pathways/" + w.e.Code + "#" + strings.Join(parts, "/")
}

func (w *ctdl) version(n int) string {
	if n == 0 {
		return ""
	}
	return w.info.Base + "/pathways/" + w.e.Code + "/ctdl.json?version=" + strconv.Itoa(n)
}

// add puts a thing into the graph; what is empty is left out.
func (w *ctdl) add(kind string, parts []string, more node) {
	n := node{"@id": w.at(parts...), "@type": kind, "ceterms:ctid": "ce-" + id.Named(w.at(parts...))}
	for k, v := range more {
		if !empty(v) {
			n[k] = v
		}
	}
	w.graph = append(w.graph, n)
}

func empty(v any) bool {
	switch x := v.(type) {
	case string:
		return x == ""
	case []any:
		return len(x) == 0
	case node:
		return len(x) == 0
	}
	return v == nil
}

// langs is a language map.
func langs(t Text) node {
	if t.IsZero() {
		return node{}
	}
	return node{"en": t.EN, "es": t.ES}
}

// coded is a code of a framework: NAICS, O*NET-SOC, CIP.
func coded(framework, code string, name Text) node {
	n := node{"@type": "ceterms:CredentialAlignmentObject", "ceterms:frameworkName": node{"en": framework}, "ceterms:codedNotation": code}
	if !name.IsZero() {
		n["ceterms:targetNodeName"] = langs(name)
	}
	return n
}

// known is a code of our own, or of the federal list of apprenticeships.
func known(kind, code string) node {
	return node{"@type": "ceterms:IdentifierValue", "ceterms:identifierTypeName": node{"en": kind}, "ceterms:identifierValueCode": code}
}

const ourCode = "Waymark code"

func (w *ctdl) organization(name string) []any {
	return []any{node{"@type": "ceterms:Organization", "ceterms:name": node{"en": name}}}
}

func (w *ctdl) pathway() {
	industries, parts, children, destinations, supports := []any{}, []any{}, []any{}, []any{}, []any{}
	for _, c := range w.e.NAICS {
		industries = append(industries, coded("NAICS", c, Text{}))
	}
	for _, a := range w.e.Ordered() {
		children = append(children, w.at("area", a.Code))
	}
	steps := byNumber(w.e.Steps)
	for n, s := range steps {
		parts = append(parts, w.at("step", s.ID()))
		for i := range s.Jobs {
			parts = append(parts, w.at("job", s.ID(), strconv.Itoa(i)))
			if n == len(steps)-1 {
				destinations = append(destinations, w.at("job", s.ID(), strconv.Itoa(i)))
			}
		}
		for i := range s.Programs {
			parts = append(parts, w.at("program", s.ID(), strconv.Itoa(i)))
		}
		for _, code := range s.Supports {
			if at := any(w.at("support", code)); !slices.Contains(supports, at) {
				supports = append(supports, at)
				w.add("ceterms:SupportServiceProfile", []string{"support", code}, node{"ceterms:identifier": []any{known(ourCode, code)}})
			}
		}
	}
	for _, k := range w.e.Pathway.Credentials {
		parts = append(parts, w.at("credential", k.Code))
	}
	for _, a := range w.e.Apprenticeships {
		parts = append(parts, w.at("apprenticeship", a.Code))
	}
	w.add("ceterms:Pathway", []string{"pathway"}, node{
		"ceterms:name": langs(w.e.Name), "ceterms:description": langs(w.e.Summary), "ceterms:identifier": []any{known(ourCode, w.e.Code)}, "ceterms:keyword": node{"en": []any{w.e.Sector}},
		"ceterms:industryType": industries, "ceterms:hasPart": parts, "ceterms:hasChild": children, "ceterms:hasDestinationComponent": destinations,
		"ceterms:hasSupportService": supports, "asn:hasProgressionModel": w.at("progression"), "ceterms:ownedBy": w.organization(w.info.Owner), "ceterms:offeredBy": w.organization(w.info.Owner),
		"ceterms:previousVersion": w.version(w.info.Earlier), "ceterms:nextVersion": w.version(w.info.Later), "ceterms:latestVersion": w.version(w.info.Latest),
	})
}

func (w *ctdl) occupation(soc string) node {
	o, _ := w.info.Occupation(soc)
	return coded("O*NET-SOC", soc, o.Title)
}

// levels are the steps as levels of the progression.
func (w *ctdl) levels(numbers ...int) []any {
	list := []any{}
	for _, n := range numbers {
		if s, ok := w.e.StepNumbered(n); ok {
			list = append(list, w.at("level", s.ID()))
		}
	}
	return list
}

// area is a child pathway: its anchors are its occupations, its levels the entry and then the targets.
func (w *ctdl) area(a Area) {
	anchors := []any{}
	for _, soc := range a.Anchors {
		anchors = append(anchors, w.occupation(soc))
	}
	more := node{
		"ceterms:name": langs(a.Name), "ceterms:identifier": []any{known(ourCode, a.Code)}, "ceterms:occupationType": anchors, "ceasn:isChildOf": []any{w.at("pathway")},
		"asn:hasProgressionModel": w.at("progression"), "asn:hasProgressionLevel": w.levels(append([]int{a.EntryStep}, a.TargetSteps...)...),
	}
	if a.Summary != nil {
		more["ceterms:description"] = langs(*a.Summary)
	}
	w.add("ceterms:Pathway", []string{"area", a.Code}, more)
}

func (w *ctdl) progression() {
	all := []any{}
	for _, s := range byNumber(w.e.Steps) {
		all = append(all, w.at("level", s.ID()))
		w.add("asn:ProgressionLevel", []string{"level", s.ID()}, node{"skos:prefLabel": langs(s.Title), "skos:notation": strconv.Itoa(s.Number), "skos:inScheme": w.at("progression")})
	}
	w.add("asn:ProgressionModel", []string{"progression"}, node{"ceasn:name": langs(w.e.Name), "skos:hasTopConcept": all})
}

// step is a collection of the work at a level, on the conditions of its requirements and of the
// ways that lead to it; and a component for each of its jobs and programs.
func (w *ctdl) step(s Step) {
	supports := []any{}
	for _, code := range s.Supports {
		supports = append(supports, w.at("support", code))
	}
	w.add("ceterms:CollectionComponent", []string{"step", s.ID()}, node{
		"ceterms:name": langs(s.Title), "ceterms:description": langs(s.Description), "ceterms:identifier": []any{known(ourCode, s.ID())}, "ceasn:isPartOf": []any{w.at("pathway")},
		"asn:hasProgressionLevel": w.levels(s.Number), "ceterms:hasCondition": append(w.requirements(s), w.ways(s)...), "ceterms:hasSupportService": supports,
	})
	for i, j := range s.Jobs {
		more := node{"ceterms:name": langs(j.Title), "asn:hasProgressionLevel": w.levels(s.Number), "ceasn:isChildOf": w.areaOf(j.Area)}
		if j.SOC != "" {
			more["ceterms:occupationType"] = []any{w.occupation(j.SOC)}
		}
		w.add("ceterms:JobComponent", []string{"job", s.ID(), strconv.Itoa(i)}, more)
	}
	for i, g := range s.Programs {
		w.program(s, strconv.Itoa(i), g)
	}
}

func (w *ctdl) areaOf(code string) []any {
	if code == "" {
		return []any{w.at("pathway")}
	}
	return []any{w.at("area", code)}
}

// comparators match ours to those of the vocabulary.
var comparators = map[string]string{"at_least": "gteq", "at_most": "lteq", "equals": "eq", "has": "isAnyOf"}

// constraint is one fact: what, how compared, with what.
func constraint(left, comparator string, name Text, right ...string) node {
	values := []any{}
	for _, r := range right {
		values = append(values, r)
	}
	n := node{"@type": "ceterms:Constraint", "ceterms:leftSource": []any{left}, "ceterms:comparator": comparator, "ceterms:rightSource": values}
	if !name.IsZero() {
		n["ceterms:name"] = langs(name)
	}
	return n
}

// requirements are conditions of a level: one for what employers insist on and one for the rest, for
// every area that has some of its own.
func (w *ctdl) requirements(s Step) []any {
	type group struct {
		hard bool
		area string
	}
	list, seen := []any{}, []group{}
	for _, r := range s.Requirements {
		if g := (group{r.Hard, r.Area}); !slices.Contains(seen, g) {
			seen = append(seen, g)
		}
	}
	for _, g := range seen {
		facts := w.only(g.area)
		for _, r := range s.Requirements {
			if (group{r.Hard, r.Area}) != g {
				continue
			}
			right := []string{r.Value}
			if r.Unit != "" {
				right = append(right, r.Unit)
			}
			facts = append(facts, constraint(r.Kind, comparators[r.Operator], r.Text, right...))
		}
		name, needed := "requires", len(facts)
		if !g.hard {
			name, needed = "recommends", 0
		}
		list = append(list, node{
			"@type": "ceterms:ComponentCondition", "ceterms:name": node{"en": name}, "ceterms:logicalOperator": "AND", "ceterms:requiredConstraints": needed, "ceterms:hasConstraint": facts,
		})
	}
	return list
}

// only limits a condition to an area.
func (w *ctdl) only(area string) []any {
	if area == "" {
		return []any{}
	}
	return []any{constraint("area", "eq", Text{}, area)}
}

// ways are the arrows that lead to a level: from the level below, with a credential if it takes one.
func (w *ctdl) ways(s Step) []any {
	list := []any{}
	for _, t := range w.e.Transitions {
		if t.ToStep != s.Number {
			continue
		}
		from, _ := w.e.StepNumbered(t.FromStep)
		targets := []any{w.at("step", from.ID())}
		if t.Credential != "" {
			targets = append(targets, w.at("credential", t.Credential))
		}
		facts := w.only(t.Area)
		if t.Weeks > 0 {
			facts = append(facts, constraint("weeks", "eq", Text{}, strconv.Itoa(t.Weeks)))
		}
		n := node{"@type": "ceterms:ComponentCondition", "ceterms:name": node{"en": "way up"}, "ceterms:logicalOperator": "AND", "ceterms:requiredNumber": len(targets), "ceterms:targetComponent": targets}
		if len(facts) > 0 {
			n["ceterms:hasConstraint"] = facts
		}
		list = append(list, n)
	}
	return list
}

// programComponents match kinds of a program to components.
var programComponents = map[string]string{"": "ceterms:CourseComponent", "course": "ceterms:CourseComponent", "work_based": "ceterms:WorkExperienceComponent", "bridge": "ceterms:BasicComponent", "prior_learning": "ceterms:AssessmentComponent"}

// program is a component that stands for a learning opportunity.
func (w *ctdl) program(s Step, i string, g Program) {
	component := node{
		"ceterms:name": langs(g.Name), "asn:hasProgressionLevel": w.levels(s.Number), "ceasn:isChildOf": w.areaOf(g.Area), "ceterms:proxyFor": w.at("offer", s.ID(), i),
	}
	if g.Kind != "" {
		component["ceterms:componentCategory"] = node{"en": g.Kind}
	}
	w.add(programComponents[g.Kind], []string{"program", s.ID(), i}, component)
	offer := node{"ceterms:name": langs(g.Name), "ceterms:offeredBy": w.organization(g.Provider)}
	if g.CIP != "" {
		offer["ceterms:instructionalProgramType"] = []any{coded("CIP", g.CIP, Text{})}
	}
	if g.Weeks > 0 {
		offer["ceterms:estimatedDuration"] = []any{node{"@type": "ceterms:DurationProfile", "ceterms:exactDuration": fmt.Sprintf("P%dW", g.Weeks)}}
	}
	if g.CostCents != nil {
		offer["ceterms:estimatedCost"] = []any{node{"@type": "ceterms:CostProfile", "ceterms:currency": "USD", "ceterms:price": json.Number(fmt.Sprintf("%d.%02d", *g.CostCents/100, *g.CostCents%100))}}
	}
	if g.Credential != "" {
		offer["ceterms:requires"] = []any{node{"@type": "ceterms:ConditionProfile", "ceterms:name": node{"en": "leads to"}, "ceterms:targetCredential": []any{w.at("thing", g.Credential)}}}
	}
	w.add("ceterms:LearningOpportunityProfile", []string{"offer", s.ID(), i}, offer)
}

// credentialClasses match our kinds to classes. Several of ours share one, so the kind goes along
// as the component's category.
var credentialClasses = map[string]string{
	"diploma_equivalent": "ceterms:GeneralEducationDevelopment", "certificate": "ceterms:Certificate", "certification": "ceterms:Certification",
	"course_completion": "ceterms:CertificateOfCompletion", "employer_authorization": "ceterms:Certificate", "registration": "ceterms:License",
	"license": "ceterms:License", "license_step": "ceterms:License", "apprenticeship": "ceterms:ApprenticeshipCertificate", "degree": "ceterms:Degree",
}

// credential is the credential itself, and the component that stands for it on the map: what it is a part
// of comes after it, what is needed first is its prerequisite, what is recommended first precedes it.
func (w *ctdl) credential(k Credential) {
	later, needs, before, opens := []any{}, []any{}, []any{}, []any{}
	for _, to := range k.StackableTo {
		later = append(later, w.at("credential", to))
	}
	for _, area := range k.LatticesTo {
		opens = append(opens, w.at("area", area))
	}
	for _, e := range w.e.Edges {
		from, ok := strings.CutPrefix(e.From, "credential:")
		if !ok || e.To != "credential:"+k.Code {
			continue
		}
		switch e.Kind {
		case EdgePrerequisite:
			needs = append(needs, w.at("credential", from))
		case EdgeRecommended:
			before = append(before, w.at("credential", from))
		}
	}
	w.add("ceterms:CredentialComponent", []string{"credential", k.Code}, node{
		"ceterms:name": langs(k.Name), "ceterms:identifier": []any{known(ourCode, k.Code)}, "ceterms:componentCategory": node{"en": k.Kind}, "ceterms:proxyFor": w.at("thing", k.Code),
		"ceterms:precedes": later, "ceterms:prerequisite": needs, "ceterms:precededBy": before, "ceasn:isChildOf": opens, "ceasn:isPartOf": []any{w.at("pathway")},
	})
	w.add(credentialClasses[k.Kind], []string{"thing", k.Code}, node{"ceterms:name": langs(k.Name), "ceterms:offeredBy": w.organization(k.Issuer)})
}

func (w *ctdl) apprenticeship(a Apprenticeship) {
	codes, leads, facts := []any{known(ourCode, a.Code)}, []any{}, []any{}
	if a.RAPIDS != "" {
		codes = append(codes, known("RAPIDS", a.RAPIDS))
	}
	for _, to := range a.LeadsTo {
		leads = append(leads, w.at("apprenticeship", to))
	}
	for _, f := range []struct {
		what  string
		hours int
	}{{"term_hours", a.TermHours}, {"class_hours", a.ClassHours}} {
		if f.hours > 0 {
			facts = append(facts, constraint(f.what, "eq", Text{}, strconv.Itoa(f.hours)))
		}
	}
	if a.Approach != "" {
		facts = append(facts, constraint("approach", "eq", Text{}, a.Approach))
	}
	more := node{
		"ceterms:name": langs(a.Name), "ceterms:identifier": codes, "ceterms:componentCategory": node{"en": "apprenticeship:" + a.Kind}, "ceasn:isChildOf": w.areaOf(a.Area),
		"asn:hasProgressionLevel": w.levels(a.Step), "ceterms:precedes": leads,
	}
	if len(facts) > 0 {
		more["ceterms:hasCondition"] = []any{node{
			"@type": "ceterms:ComponentCondition", "ceterms:name": node{"en": "terms"}, "ceterms:logicalOperator": "AND", "ceterms:requiredConstraints": len(facts), "ceterms:hasConstraint": facts,
		}}
	}
	if a.SOC != "" {
		more["ceterms:occupationType"] = []any{w.occupation(a.SOC)}
	}
	w.add("ceterms:WorkExperienceComponent", []string{"apprenticeship", a.Code}, more)
}
