package plan

import (
	"slices"
	"testing"

	"waymark/internal/civil"
)

func TestWhichChangesNeedANewVersion(t *testing.T) {
	signed := Terms{Goals: []string{"inspector", "cmm"}, Training: "iet-16", Pathway: "manufacturing/M6", Ends: day("2026-01-09"), CostCents: 4_000_00}
	for name, tt := range map[string]struct {
		edit func(*Terms)
		want []string
	}{
		"nothing":                      {func(*Terms) {}, nil},
		"the order of goals":           {func(n *Terms) { n.Goals = []string{"cmm", "inspector"} }, nil},
		"a goal":                       {func(n *Terms) { n.Goals = []string{"inspector"} }, []string{"goal"}},
		"the training":                 {func(n *Terms) { n.Training = "ojt-20" }, []string{"training"}},
		"the pathway":                  {func(n *Terms) { n.Pathway = "manufacturing/M1" }, []string{"pathway"}},
		"thirty days later":            {func(n *Terms) { n.Ends = n.Ends.AddDays(30) }, nil},
		"thirty-one days later":        {func(n *Terms) { n.Ends = n.Ends.AddDays(31) }, []string{"end"}},
		"thirty-one days earlier":      {func(n *Terms) { n.Ends = n.Ends.AddDays(-31) }, []string{"end"}},
		"no end any more":              {func(n *Terms) { n.Ends = civil.Date{} }, []string{"end"}},
		"ten percent dearer":           {func(n *Terms) { n.CostCents = 4_400_00 }, nil},
		"a cent more than ten percent": {func(n *Terms) { n.CostCents = 4_400_01 }, []string{"cost"}},
		"much cheaper":                 {func(n *Terms) { n.CostCents = 3_500_00 }, []string{"cost"}},
		"everything":                   {func(n *Terms) { *n = Terms{} }, []string{"goal", "training", "pathway", "end", "cost"}},
	} {
		after := signed
		tt.edit(&after)
		if got := NeedsNewVersion(signed, after); !slices.Equal(got, tt.want) || got == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := NeedsNewVersion(Terms{}, Terms{CostCents: 1}); !slices.Equal(got, []string{"cost"}) {
		t.Error("from nothing:", got)
	}
}
