package ownwords

import (
	"encoding/json"
	"reflect"
	"testing"

	"waymark/internal/intake"
	"waymark/internal/money"
)

func TestOnlyAnswersThatWereGivenAreSaid(t *testing.T) {
	pay := money.Cents(1900)
	said, err := saidOf(intake.Work{
		Employment: "0", NeededHourly: &pay, Closure: intake.SaidYes, Jobs: []intake.Job{{Title: "Cook", SOC: "35-2014", ReasonLeft: "moved"}, {}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"employment": 0.0, "needed_hourly": 1900.0, "jobs": []any{map[string]any{"title": "Cook"}}}
	if !reflect.DeepEqual(said, want) {
		t.Errorf("%v, want %v", said, want)
	}
	if said, _ := saidOf(intake.Money{}); len(said) != 0 {
		t.Errorf("nothing was answered: %v", said)
	}
}

func TestWordsTakeThePlaceOfTheirQuestionsOnly(t *testing.T) {
	known := intake.Work{
		Employment: "1", Closure: intake.SaidYes, Licences: []string{"forklift", "cna"},
		Jobs: []intake.Job{{Title: "Baker", Employer: "Ruiz", SOC: "51-3011"}, {Title: "Cleaner"}},
	}
	got, err := merged(known, json.RawMessage(`{"employment":0,"licences":["cna"],"jobs":[{"title":"Head baker"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := intake.Work{
		Employment: "0", Closure: intake.SaidYes, Licences: []string{"cna"},
		Jobs: []intake.Job{{Title: "Head baker", Employer: "Ruiz", SOC: "51-3011"}, {Title: "Cleaner"}},
	}
	if w := got.(intake.Work); w.Employment != want.Employment || w.Closure != want.Closure || !reflect.DeepEqual(w.Licences, want.Licences) || !reflect.DeepEqual(w.Jobs, want.Jobs) {
		t.Errorf("%+v, want %+v", w, want)
	}
}

func TestNobodyReadsWhatStaffWroteOfThem(t *testing.T) {
	got, err := shown(intake.Supports{Transport: "bus", Helpers: "staff text", Note: "staff text", Accommodation: "staff text"})
	if want := (intake.Supports{Transport: "bus"}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	work, err := shown(intake.Work{Jobs: []intake.Job{{Title: "Baker", ReasonLeft: "staff text", SOC: "51-3011"}}})
	if err != nil || !reflect.DeepEqual(work.(intake.Work).Jobs, []intake.Job{{Title: "Baker"}}) {
		t.Errorf("%+v, %v", work, err)
	}
}

func TestTheScreenKeepsWhatStaffArranged(t *testing.T) {
	in := screenWith([]intake.SupportNeed{{Area: "housing", Severity: 2, Blocking: true, Referral: "Shelter"}, {Area: "legal", Severity: 1}}, map[string]int{"housing": 0, "food": 3})
	want := []intake.NeedInput{{Area: "housing", Referral: "Shelter"}, {Area: "food", Severity: 3}, {Area: "legal", Severity: 1}}
	if !reflect.DeepEqual(in.Needs, want) {
		t.Errorf("%+v, want %+v", in.Needs, want)
	}
}
