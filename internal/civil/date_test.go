package civil

import "testing"

func TestDatesThatDoNotExistAreRefused(t *testing.T) {
	for _, s := range []string{"2026-02-30", "2026-13-01", "20261101", "2026-1-1", "", "0001-01-01", "2026-11-05T00:00:00Z"} {
		if d, err := Parse(s); err == nil {
			t.Errorf("Parse(%q) = %v", s, d)
		}
	}
}

func TestPeopleTypeDatesTheirWay(t *testing.T) {
	today := MustParse("2026-11-23")
	for in, want := range map[string]string{"11/5/2026": "2026-11-05", "11-05-2026": "2026-11-05", "today": "2026-11-23", " HOY ": "2026-11-23", "2026-11-05": "2026-11-05"} {
		if d, err := ParseTyped(in, today); err != nil || d.String() != want {
			t.Errorf("ParseTyped(%q) = %v, %v", in, d, err)
		}
	}
	for _, in := range []string{"31/10", "2/30/2026", "tomorrow", "11/5/26"} {
		if d, err := ParseTyped(in, today); err == nil {
			t.Errorf("ParseTyped(%q) = %v", in, d)
		}
	}
}

func TestMonthsStayInsideTheMonth(t *testing.T) {
	if got := MustParse("2027-01-31").AddMonths(1).String(); got != "2027-02-28" {
		t.Error(got)
	}
	if got := MustParse("2027-12-01").AddDays(90).String(); got != "2028-02-29" {
		t.Error(got)
	}
}

func TestAgeTurnsOnTheBirthday(t *testing.T) {
	born := MustParse("1991-03-09")
	if a := born.AgeOn(MustParse("2025-07-16")); a != 34 {
		t.Error(a)
	}
	if a := born.AgeOn(MustParse("2025-03-08")); a != 33 {
		t.Error(a)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("2026-02-30")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := Parse(s); err == nil && d.String() != s {
			t.Errorf("%q became %q", s, d)
		}
	})
}
