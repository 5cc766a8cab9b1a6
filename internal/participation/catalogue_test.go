package participation

import "testing"

func TestTheCatalogueHasEveryCodeOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range All() {
		if seen[s.Code] || s.Pirl == "" || s.Class == "" {
			t.Errorf("%+v", s)
		}
		seen[s.Code] = true
		if s.Extends && !s.Starts {
			t.Errorf("%s extends but could never start", s.Code)
		}
	}
	if len(seen) != 5+6+11+13+14+3 {
		t.Error(len(seen))
	}
}

func TestTheCatalogueSaysWhatStartsAndWhatExtends(t *testing.T) {
	for code, want := range map[string][2]bool{
		"B01": {false, false}, "B05": {false, false}, "B10": {true, true}, "B15": {true, true},
		"I02": {true, true}, "I11": {true, true}, "T01": {true, true}, "T12": {true, true}, "T13": {false, false},
		"Y01": {true, true}, "Y07": {true, false}, "Y09": {false, false}, "S01": {false, false}, "F01": {false, false}, "R01": {false, false},
	} {
		s, ok := Lookup(code)
		if !ok || s.Starts != want[0] || s.Extends != want[1] {
			t.Errorf("%s: %+v", code, s)
		}
	}
	if s, _ := Lookup("I02"); s.Name() != "service.i02" || s.Pirl != "1004,1200,1201,1202" {
		t.Errorf("%+v", s)
	}
	if _, ok := Lookup("b10"); ok {
		t.Error("codes are upper case")
	}
}

func TestNobodyCanChangeTheCatalogue(t *testing.T) {
	All()[0].Starts = true
	if s, _ := Lookup("B01"); s.Starts {
		t.Error("All hands out the catalogue itself")
	}
}
