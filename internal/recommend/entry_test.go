package recommend

import (
	"testing"

	"waymark/internal/pathway"
)

// ladder is a pathway whose steps ask for a diploma, experience, an associate degree, a bachelor's.
func ladder() pathway.Edition {
	need := func(kind, value string) pathway.Requirement {
		return pathway.Requirement{Kind: kind, Operator: "at_least", Value: value, Hard: true}
	}
	soft := need("education", "doctoral")
	soft.Hard = false
	return pathway.Edition{Pathway: pathway.Pathway{Steps: []pathway.Step{
		{Number: 2, Requirements: []pathway.Requirement{need("education", "high_school"), soft}},
		{Number: 3, Requirements: []pathway.Requirement{need("education", "high_school"), need("experience", "on_the_job")}},
		{Number: 4, Requirements: []pathway.Requirement{need("education", "associate")}},
		{Number: 5, Requirements: []pathway.Requirement{need("education", "bachelor"), need("experience", "years")}},
	}}}
}

func TestPeopleEnterWhereTheirSchoolingOrExperienceLetsThem(t *testing.T) {
	experienced := []Preference{{Area: "M1", Experience: true}}
	for name, tt := range map[string]struct {
		education   *int
		preferences []Preference
		want        int
		why         string
	}{
		"nobody knows the schooling":           {nil, experienced, 2, EntryUsual},
		"a diploma":                            {new(1), nil, 2, EntryUsual},
		"a diploma and experience":             {new(1), experienced, 3, EntryExperience},
		"experience in another area":           {new(1), []Preference{{Area: "M2", Experience: true}}, 2, EntryUsual},
		"experience without a diploma":         {new(0), experienced, 2, EntryUsual},
		"an associate degree":                  {new(6), nil, 4, EntryEducation},
		"a bachelor's does not stand for work": {new(7), nil, 4, EntryEducation},
	} {
		area := pathway.Area{Code: "M1", EntryStep: 2, TargetSteps: []int{3, 5}}
		if got, why := entryStep(ladder(), area, Inputs{Education: tt.education, Preferences: tt.preferences}); got != tt.want || why != tt.why {
			t.Errorf("%s: step %d, %s", name, got, why)
		}
	}
	if got, _ := entryStep(ladder(), pathway.Area{Code: "M1", EntryStep: 2, TargetSteps: []int{3}}, Inputs{Education: new(6)}); got != 2 {
		t.Error("nobody enters above the highest step worth aiming at:", got)
	}
}

func TestTheFirstGoalIsTheNearestStepAbove(t *testing.T) {
	for _, tt := range []struct{ entry, want int }{{2, 3}, {3, 5}, {5, 5}} {
		if got := target(tt.entry, []int{3, 5}); got != tt.want {
			t.Errorf("from %d: %d, want %d", tt.entry, got, tt.want)
		}
	}
}

func TestLicencesAreKnownByTheNameThatAreasUse(t *testing.T) {
	if got := held([]string{"cdl", "forklift"}); len(got) != 3 || got[0] != "licence_cdl" || got[1] != "forklift" || got[2] != "licence_driver" {
		t.Error(got)
	}
}
