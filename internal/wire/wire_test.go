package wire

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/civil"
	"waymark/internal/money"
)

type inner struct {
	Key string     `json:"key"`
	On  civil.Date `json:"on"`
}

type sample struct {
	Name  string            `json:"name"`
	Day   civil.Date        `json:"day"`
	At    civil.Clock       `json:"at"`
	Pay   money.Cents       `json:"pay"`
	Count *int              `json:"count"`
	Tags  []string          `json:"tags"`
	Items []inner           `json:"items"`
	By    map[string]string `json:"by"`
	Role  string            `json:"-"`
	Free  string
}

func TestEveryMalformedFieldIsNamedAtOnce(t *testing.T) {
	for body, want := range map[string]string{
		`{"name":1,"day":"2026-02-30","pay":"x","role":"admin","Free":"x"}`: "invalid form.invalid name=text day=date pay=money role=unknown Free=unknown",
		`{"items":[{"on":"x"},{"oops":1}],"tags":"a"}`:                      "invalid form.invalid items.0.on=date items.1.oops=unknown tags=list",
		`{"name":"a","name":"b"}`:                                           "invalid form.invalid name=twice",
		`{"name":"a\u0000b"}`:                                               "invalid form.invalid name=characters",
		`{"count":99999999999999999999}`:                                    "invalid form.invalid count=whole_number",
		`[1]`:                                                               "invalid form.invalid =object",
		`{"name":"a"} trailing`:                                             "unreadable body.trailing",
		"{\"name\":\"\xff\"}":                                               "invalid form.invalid name=characters",
		"{\"na\xffme\":1}":                                                  "invalid form.invalid na\uFFFDme=unknown",
		`{"name":"a\ud800b"}`:                                               "invalid form.invalid name=characters",
		`{"by":{"a\u0000":"x"}}`:                                            "invalid form.invalid by=characters",
		`{`:                                                                 "unreadable body.json",
	} {
		var in sample
		if err := JSON([]byte(body), &in); err == nil || err.Error() != want {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestFormsReadWhatPeopleType(t *testing.T) {
	var in sample
	err := Form(url.Values{
		"name": {" Ana "}, "day": {"11/5/2026"}, "at": {"1:15 pm"}, "pay": {"$1,850.50"}, "count": {"3"}, "tags": {"a", "", "b"},
		"items.0.key": {"k"}, "items.0.on": {"today"}, "by.m1": {"done"}, "form_token": {"t"},
	}, &in, civil.MustParse("2026-11-23"), "form_token")
	n := 3
	want := sample{
		Name: "Ana", Day: civil.MustParse("2026-11-05"), At: civil.At(13, 15), Pay: 185050, Count: &n, Tags: []string{"a", "b"},
		Items: []inner{{"k", civil.MustParse("2026-11-23")}}, By: map[string]string{"m1": "done"},
	}
	if err != nil || !cmp.Equal(in, want, cmp.AllowUnexported(civil.Date{}, civil.Clock{})) {
		t.Errorf("%v\n%+v", err, in)
	}
}

func TestWhatAFormShowsReadsBackTheSame(t *testing.T) {
	n := 7
	in := sample{Name: "Ana", Day: civil.MustParse("2026-11-05"), At: civil.At(9, 30), Pay: 1850, Count: &n, Tags: []string{"x"}, Items: []inner{{"k", civil.Date{}}}}
	var back sample
	if err := Form(Values(in), &back, civil.Date{}); err != nil {
		t.Fatal(err)
	}
	back.By = nil
	if !cmp.Equal(in, back, cmp.AllowUnexported(civil.Date{}, civil.Clock{})) {
		t.Error(cmp.Diff(in, back, cmp.AllowUnexported(civil.Date{}, civil.Clock{})))
	}
}

func TestFormsRefuseKeysThatAreNoField(t *testing.T) {
	var in sample
	err := Form(url.Values{"Role": {"admin"}, "Free": {"x"}, "agency_id": {"1"}}, &in, civil.Date{})
	if err == nil || err.Error() != "invalid form.invalid Free=unknown Role=unknown agency_id=unknown" {
		t.Error(err)
	}
}

func FuzzJSON(f *testing.F) {
	f.Add(`{"name":"a","items":[{"key":"b"}],"by":{"x":"y"}}`)
	f.Add(strings.Repeat(`{"items":[`, 200))
	f.Fuzz(func(_ *testing.T, s string) {
		var in sample
		_ = JSON([]byte(s), &in)
	})
}

func FuzzForm(f *testing.F) {
	f.Add("name=a&day=2026-02-30&items.0.on=x&count=0x1p-2")
	f.Fuzz(func(t *testing.T, s string) {
		v, err := url.ParseQuery(s)
		if err != nil {
			t.Skip()
		}
		var in sample
		_ = Form(v, &in, civil.Date{})
	})
}

func TestErrorsComeInTheOrderOfTheQuestions(t *testing.T) {
	var in struct {
		First string `json:"first_name"`
		Jobs  []struct {
			Hours string `json:"hours"`
		} `json:"jobs"`
		Born string `json:"birth_date"`
	}
	order := Order(&in)
	if !(order("first_name") < order("jobs.3.hours") && order("jobs.3.hours") < order("birth_date") && order("birth_date") < order("unheard_of")) {
		t.Error("the order is not that of the fields")
	}
}
