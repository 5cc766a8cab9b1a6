package server_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"waymark/internal/agency"
)

// TestNoSettingIsInert looks in the program for who reads each rule that an administrator can set.
func TestNoSettingIsInert(t *testing.T) {
	t.Parallel()
	read := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "../agency/") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				read[s.Sel.Name] = true
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []reflect.Type{reflect.TypeFor[agency.Settings](), reflect.TypeFor[agency.Law](), reflect.TypeFor[agency.NRS]()} {
		for i := range kind.NumField() {
			if name := kind.Field(i).Name; !read[name] && !elsewhere[name] {
				t.Errorf("%s.%s is set by administrators and read by nobody", kind.Name(), name)
			}
		}
	}
}

// elsewhere are rules that the database itself reads for a session (app.idle_minutes).
var elsewhere = map[string]bool{"IdleMinutesStaff": true, "IdleMinutesParticipant": true}

func TestTheLawIsWhatTheAgencyHasSet(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		key    string
		value  any
		path   string
		before string
		after  string
	}{
		"least age of adults":          {"adult_age", 20, "preview.0.decision", "eligible", "ineligible"},
		"greatest age out of school":   {"osy_age_most", 18, "preview.2.decision", "eligible", "ineligible"},
		"least age out of school":      {"osy_age_least", 20, "preview.2.decision", "eligible", "ineligible"},
		"living standard, family of 3": {"llsil70_3", 3000000, "preview.0.low_income", "false", "true"},
		"what staff read on priority":  {"priority_note", "Local group first", "priority_note", "", "Local group first"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			_, at := s.rosaHere(t)
			dana := s.api(t, "dana@rivervalley.test")
			dana.do("PUT", at+"/intake", map[string]any{"sections": map[string]any{
				"about": map[string]any{
					"first_name": "Rosa", "last_name": "D", "birth_date": "2007-03-09", "work_authorized": "yes", "work_auth_verified_on": "2026-11-20",
					"selective_service": "registered", "veteran": "no", "eligible_spouse": "no",
				},
				"education": map[string]any{"education": "0", "school_status": "4"},
				"money":     map[string]any{"household_size": 3, "six_month_income": 1400000},
			}}).is(200)
			if got := dana.do("GET", at+"/eligibility", nil).is(200); got.text(tt.path) != tt.before {
				t.Errorf("before, %s is %q: %s", tt.path, got.text(tt.path), got.Body)
			}
			s.setting(t, tt.key, tt.value)
			if got := dana.do("GET", at+"/eligibility", nil).is(200); got.text(tt.path) != tt.after {
				t.Errorf("after, %s is %q: %s", tt.path, got.text(tt.path), got.Body)
			}
			if tt.key == "priority_note" {
				has(t, s.browse(t, "dana@rivervalley.test").get(at+"/eligibility").is(200), "Local group first")
			}
		})
	}
}

func TestAPlanBeginsWithTheAgencysRhythm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.setting(t, "check_in_rhythm_days", 21)
	_, dana, at := s.drafted(t)
	if p := dana.do("GET", at, nil).is(200); p.text("rhythm_days") != "21" || !strings.Contains(p.text("participant_does.1"), "3 weeks") {
		t.Errorf("%s", p.Body)
	}
}

func TestTestsAreReadByTheCutScoresAndApprovalsOfTheirDay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at := s.rosaHere(t)
	dana, admin := s.api(t, "dana@rivervalley.test"), s.api(t, "admin@rivervalley.test")
	set := func(key, value, from string, status int) {
		t.Helper()
		admin.do("POST", "/settings", map[string]any{"key": key, "value": value, "effective_on": from}).is(status)
	}
	test := func(form, on string, score int) map[string]any {
		return map[string]any{"instrument": "tabe_11_12", "subject": "mathematics", "form": form, "score": score, "taken_on": on}
	}
	dana.do("POST", at+"/assessments", test("M", "2026-08-03", 520)).is(201)
	set("cuts_tabe_11_12_mathematics", "300 449 496", "2026-09-01", 422)
	set("cuts_tabe_11_12_mathematics", "300 449 440 537 596 657 800", "2026-09-01", 422)
	set("cuts_tabe_11_12_mathematics", "300, 449, 500, 530, 596, 657, 800", "2026-09-01", 201)
	if got := dana.do("POST", at+"/assessments", test("M", "2026-08-04", 535)).is(201); got.text("efl") != "3" {
		t.Errorf("before the new edition: %s", got.Body)
	}
	if got := dana.do("POST", at+"/assessments", test("M", "2026-10-05", 535)).is(201); got.text("efl") != "4" {
		t.Errorf("by the new edition: %s", got.Body)
	}
	set("retest_tabe_11_12", "60", "2026-10-01", 201)
	early := dana.do("POST", at+"/assessments", test("D", "2026-11-02", 560)).is(422)
	if early.text("errors.0.field") != "taken_on" || early.text("errors.0.code") != "retest_too_early" || !strings.Contains(string(early.Body), "60 days after the one of 10/5/2026") {
		t.Errorf("%s", early.Body)
	}
	set("retest_tabe_11_12", "20", "2026-11-01", 201)
	dana.do("POST", at+"/assessments", test("D", "2026-11-02", 600)).is(201)
	gain := map[string]any{"kind": "skill_gain", "gain": "functioning_level", "on_date": "2026-11-02"}
	set("nrs_tabe_11_12", "no", "2026-10-20", 201)
	no := dana.do("POST", at+"/outcomes", gain).is(422)
	if no.text("errors.0.field") != "gain" || no.text("errors.0.code") != "not_approved" {
		t.Errorf("%s", no.Body)
	}
	set("nrs_tabe_11_12", "yes", "2026-11-02", 201)
	dana.do("POST", at+"/outcomes", gain).is(201)
	gain["on_date"] = "2026-08-03"
	if first := dana.do("POST", at+"/outcomes", gain).is(422); first.text("errors.0.code") != "no_lower_test" {
		t.Errorf("%s", first.Body)
	}
}
