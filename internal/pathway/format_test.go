package pathway_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"waymark/internal/pathway"
)

func TestAFileIsRefusedWithPathAndLine(t *testing.T) {
	head := "{\n\"format\": \"waymark-catalogue/1\",\n"
	for _, c := range []struct {
		why, text, code, path string
		line                  int
	}{
		{"an unknown key", head + "\"pathways\": [{\n\"colour\": 1}]}", pathway.ParseUnknownKey, "pathways[0].colour", 4},
		{"a key in capitals", "{\"Format\": \"waymark-catalogue/1\"}", pathway.ParseUnknownKey, "Format", 1},
		{"a key given twice", head + "\"regions\": [],\n\"regions\": []}", pathway.ParseDuplicateKey, "regions", 4},
		{"text for a number", head + "\"pathways\": [{\"steps\": [{}, {\n\"number\": \"2\"}]}]}", pathway.ParseWrongType, "pathways[0].steps[1].number", 4},
		{"a fraction of a cent", head + "\"regions\": [{\"areas\": [{\"wage\": {\n\"hourly_cents\": 22.5}}]}]}", pathway.ParseWrongType, "regions[0].areas[0].wage.hourly_cents", 4},
		{"null", head + "\"occupations\": null}", pathway.ParseWrongType, "occupations", 3},
		{"an object for a list", head + "\"occupations\": {}}", pathway.ParseWrongType, "occupations", 3},
		{"a truth value as text", head + "\"occupations\": [{\"rapid_growth\": \"yes\"}]}", pathway.ParseWrongType, "occupations[0].rapid_growth", 3},
		{"a file cut off", head + "\"pathways\": [", pathway.ParseSyntax, "pathways", 3},
		{"a missing comma", "{\"format\": \"waymark-catalogue/1\"\n\"pathways\": []}", pathway.ParseSyntax, "", 2},
		{"text after the end", head + "\"pathways\": []}\n{}", pathway.ParseSyntax, "", 4},
		{"an empty file", "", pathway.ParseSyntax, "", 1},
		{"another format", "{\"format\": \"x/9\"}", pathway.ParseWrongFormat, "format", 1},
		{"no format", "{}", pathway.ParseWrongFormat, "format", 1},
		{"bytes that are not UTF-8", "{\"format\": \"\xff\"}", pathway.ParseUnreadable, "", 0},
	} {
		t.Run(c.why, func(t *testing.T) {
			_, err := pathway.Parse("x.json", strings.NewReader(c.text))
			got, ok := errors.AsType[*pathway.ParseError](err)
			if !ok {
				t.Fatalf("not refused as a ParseError: %v", err)
			}
			if got.Code != c.code || got.Path != c.path || got.Line != c.line || got.Name != "x.json" {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestAReaderThatFailsIsReported(t *testing.T) {
	cause := errors.New("disk")
	_, err := pathway.Parse("x.json", iotest.ErrReader(cause))
	if !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}

func TestAnErrorReadsAsFileLinePathAndKey(t *testing.T) {
	_, err := pathway.Parse("x.json", strings.NewReader("{\n\"hue\": 1}"))
	if got := err.Error(); got != "x.json:2: hue: catalogue.unknown_key key=hue" {
		t.Error(got)
	}
}

func TestHourlyPayIsComparedByTheYearOf2080Hours(t *testing.T) {
	w := pathway.Wage{MinCents: 1500, MaxCents: 2400, Per: pathway.PerHour}
	if low, high := w.Yearly(); low != 3_120_000 || high != 4_992_000 {
		t.Errorf("yearly %d to %d", low, high)
	}
	y := pathway.Wage{MinCents: 3_120_000, MaxCents: 4_992_000, Per: pathway.PerYear}
	if low, high := y.Hourly(); low != 1500 || high != 2400 {
		t.Errorf("hourly %d to %d", low, high)
	}
}

func TestDemandIsTheReadyIndexOrItsParts(t *testing.T) {
	index, half, yes, no := 85, 0.5, true, false
	for _, c := range []struct {
		why  string
		d    pathway.Demand
		want float64
		ok   bool
	}{
		{"ready", pathway.Demand{Index: &index, OpeningsPercentile: &half}, 85, true},
		{"all parts", pathway.Demand{OpeningsPercentile: &half, GrowthAtMean: &yes, InDemand: &yes}, 75, true},
		{"no local list", pathway.Demand{OpeningsPercentile: &half, GrowthAtMean: &yes}, 68.75, true},
		{"a list that it is not on", pathway.Demand{OpeningsPercentile: &half, GrowthAtMean: &yes, InDemand: &no}, 55, true},
		{"growth unknown", pathway.Demand{OpeningsPercentile: &half, InDemand: &yes}, 64.28571428571429, true},
		{"openings only", pathway.Demand{OpeningsPercentile: &half}, 50, true},
		{"nothing", pathway.Demand{InDemand: &yes}, 0, false},
	} {
		if got, ok := c.d.Score(); got != c.want || ok != c.ok {
			t.Errorf("%s: %v %v", c.why, got, ok)
		}
	}
}

func TestAnAreasOwnMilestonesReplaceTheSharedOnes(t *testing.T) {
	s := pathway.Step{TypicalMilestones: []pathway.Milestone{{Kind: "enroll"}, {Kind: "exam", Area: "M6"}}}
	for area, want := range map[string]string{"M6": "exam", "M1": "enroll", "": "enroll"} {
		if got := s.MilestonesFor(area); len(got) != 1 || got[0].Kind != want {
			t.Errorf("%q: %+v", area, got)
		}
	}
}

func TestMergeKeepsAnUnchangedSourceOnce(t *testing.T) {
	a := pathway.File{Sources: []pathway.Source{{Code: "bls", Title: "BLS"}}}
	b := pathway.File{Sources: []pathway.Source{{Code: "bls", Title: "BLS"}, {Code: "onet", Title: "O*NET"}}}
	if m := pathway.Merge(a, b); len(m.Sources) != 2 || m.Format != pathway.Format {
		t.Errorf("got %+v", m)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("{\"format\": \"waymark-catalogue/1\", \"pathways\": [{\"code\": \"X\"}]}")
	f.Add("[]")
	f.Fuzz(func(t *testing.T, s string) {
		file, err := pathway.Parse("x", strings.NewReader(s))
		if err == nil {
			file.Check()
		} else if _, ok := errors.AsType[*pathway.ParseError](err); !ok {
			t.Errorf("another error: %v", err)
		}
	})
}
