package pathway_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"waymark/internal/pathway"
	"waymark/internal/seed"
	"waymark/seeds"
)

// vocabulary are the names that domain.md 3.1 gives, and below them the general ones of CTDL that
// every document needs. Nothing else may stand in an export.
var vocabulary = strings.Fields(`
	ceterms:Pathway ceterms:AssessmentComponent ceterms:BasicComponent ceterms:CocurricularComponent ceterms:CompetencyComponent ceterms:CourseComponent
	ceterms:CredentialComponent ceterms:ExtracurricularComponent ceterms:JobComponent ceterms:WorkExperienceComponent ceterms:CollectionComponent ceterms:MultiComponent
	ceterms:ComponentCondition ceterms:ConditionProfile ceterms:LearningOpportunityProfile ceterms:CostProfile
	ceterms:industryType ceterms:instructionalProgramType ceterms:occupationType ceterms:ownedBy ceterms:offeredBy ceterms:hasPart ceterms:hasChild
	ceterms:hasDestinationComponent ceterms:hasSupportService asn:hasProgressionModel ceterms:latestVersion ceterms:previousVersion ceterms:nextVersion
	asn:hasProgressionLevel ceterms:precedes ceterms:precededBy ceterms:prerequisite ceterms:proxyFor
	ceterms:requiredNumber ceterms:logicalOperator ceterms:targetComponent ceterms:hasCondition ceterms:requiredConstraints ceterms:hasConstraint ceterms:requires ceterms:ctid

	ceterms:Constraint ceterms:leftSource ceterms:comparator ceterms:rightSource
	ceterms:Certificate ceterms:Certification ceterms:CertificateOfCompletion ceterms:License ceterms:Degree ceterms:GeneralEducationDevelopment ceterms:ApprenticeshipCertificate
	ceterms:name ceterms:description ceterms:keyword ceterms:identifier ceterms:IdentifierValue ceterms:identifierTypeName ceterms:identifierValueCode
	ceterms:CredentialAlignmentObject ceterms:frameworkName ceterms:codedNotation ceterms:targetNodeName ceterms:Organization ceterms:SupportServiceProfile
	ceterms:componentCategory ceasn:isChildOf ceasn:isPartOf ceasn:name asn:ProgressionModel asn:ProgressionLevel skos:prefLabel skos:notation skos:inScheme skos:hasTopConcept
	ceterms:estimatedDuration ceterms:DurationProfile ceterms:exactDuration ceterms:estimatedCost ceterms:currency ceterms:price ceterms:targetCredential
	@context @graph @id @type en es`)

func seeded(t *testing.T) (pathways []pathway.Pathway, find func(string) (pathway.Occupation, bool)) {
	t.Helper()
	files, err := seed.Catalogue(seeds.FS)
	if err != nil {
		t.Fatal(err)
	}
	all := pathway.Merge(files...)
	return all.Pathways, func(soc string) (pathway.Occupation, bool) {
		i := slices.IndexFunc(all.Occupations, func(o pathway.Occupation) bool { return o.SOC == soc })
		if i < 0 {
			return pathway.Occupation{}, false
		}
		return all.Occupations[i], true
	}
}

func export(t *testing.T, p pathway.Pathway, find func(string) (pathway.Occupation, bool)) []byte {
	t.Helper()
	b, err := pathway.CTDL(pathway.Edition{Pathway: p, Version: 3}, pathway.CTDLInfo{Base: "https://waymark.test", Owner: "River Valley", Earlier: 2, Latest: 3, Occupation: find})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheCTDLExportUsesTheVocabularyOnlyAndEveryReferenceLeadsSomewhere(t *testing.T) {
	pathways, find := seeded(t)
	for _, p := range pathways {
		var doc map[string]any
		if err := json.Unmarshal(export(t, p, find), &doc); err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, n := range doc["@graph"].([]any) {
			thing := n.(map[string]any)
			id := thing["@id"].(string)
			if ids[id] || !strings.HasPrefix(thing["ceterms:ctid"].(string), "ce-") || len(thing["ceterms:ctid"].(string)) != 39 {
				t.Errorf("%s stands twice or has no CTID", id)
			}
			ids[id] = true
		}
		types := map[string]int{}
		var walk func(v any)
		walk = func(v any) {
			switch x := v.(type) {
			case map[string]any:
				if kind, ok := x["@type"].(string); ok {
					types[kind]++
				}
				for k, v := range x {
					if !slices.Contains(vocabulary, k) {
						t.Errorf("%s: %q is not in the vocabulary", p.Code, k)
					}
					walk(v)
				}
			case []any:
				for _, v := range x {
					walk(v)
				}
			case string:
				if strings.HasPrefix(x, "https://waymark.test/") && strings.Contains(x, "#") && !ids[x] {
					t.Errorf("%s: nothing is at %s", p.Code, x)
				}
			}
		}
		walk(doc)
		for kind := range types {
			if !slices.Contains(vocabulary, kind) {
				t.Errorf("%s: class %q is not in the vocabulary", p.Code, kind)
			}
		}
		for _, kind := range []string{"ceterms:Pathway", "ceterms:JobComponent", "ceterms:CredentialComponent", "ceterms:ComponentCondition", "ceterms:Constraint", "ceterms:LearningOpportunityProfile"} {
			if types[kind] == 0 {
				t.Errorf("%s has no %s", p.Code, kind)
			}
		}
	}
}

// plain compares documents without telling an absent list from an empty one.
func plain(t *testing.T, p pathway.Pathway) any {
	t.Helper()
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestCTDLComesBackWithoutLossOfWhatBothKnow(t *testing.T) {
	pathways, find := seeded(t)
	for _, p := range pathways {
		doc := export(t, p, find)
		if !pathway.IsCTDL(doc) {
			t.Errorf("%s is not known as CTDL", p.Code)
		}
		// Onto nothing: everything that both know is there.
		bare, err := pathway.FromCTDL("x.json", doc, pathway.Pathway{})
		if err != nil {
			t.Fatal(err)
		}
		want, got := plain(t, pathway.Shared(p)), plain(t, pathway.Shared(bare))
		if !reflect.DeepEqual(want, got) {
			for k, v := range want.(map[string]any) {
				if !reflect.DeepEqual(v, got.(map[string]any)[k]) {
					a, _ := json.Marshal(v)
					b, _ := json.Marshal(got.(map[string]any)[k])
					t.Errorf("%s: %s differs\n%.1500s\n%.1500s", p.Code, k, a, b)
				}
			}
		}
		// Onto what is stored: nothing at all is lost, and nothing moves.
		whole, err := pathway.FromCTDL("x.json", doc, p)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(plain(t, whole), plain(t, p)) {
			t.Errorf("%s is not the same after the round", p.Code)
		}
	}
	if _, err := pathway.FromCTDL("x.json", []byte(`{"@graph":[{"@id":"x#other"}]}`), pathway.Pathway{}); err == nil {
		t.Error("a document of another form is read")
	}
}

func TestAnEditOfTheCTDLDocumentArrivesAndTheRestStays(t *testing.T) {
	pathways, find := seeded(t)
	p := pathways[slices.IndexFunc(pathways, func(p pathway.Pathway) bool { return p.Code == "MFG" })]
	doc := strings.ReplaceAll(string(export(t, p, find)), `"Welder"`, `"Welder and cutter"`)
	got, err := pathway.FromCTDL("x.json", []byte(doc), p)
	if err != nil {
		t.Fatal(err)
	}
	titles := func(p pathway.Pathway) (list []string) {
		for _, j := range p.Steps[2].Jobs {
			list = append(list, j.Title.EN)
		}
		slices.Sort(list)
		return list
	}
	want := titles(p)
	want[slices.Index(want, "Welder")] = "Welder and cutter"
	slices.Sort(want)
	if !slices.Equal(titles(got), want) || len(got.Steps[2].TypicalMilestones) != len(p.Steps[2].TypicalMilestones) {
		t.Errorf("%v", titles(got))
	}
}
