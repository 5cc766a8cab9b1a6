package access

import (
	"flag"
	"os"
	"strings"
	"testing"

	"waymark/policies"
)

var update = flag.Bool("update", false, "write the golden files anew")

func load(t *testing.T) *Policy {
	t.Helper()
	p, err := Load(policies.Model, policies.Policy)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// matrix is the whole policy as reviewers read it: role, permission, reaches.
func matrix(p *Policy) string {
	var b strings.Builder
	for _, role := range Roles() {
		for _, perm := range Permissions() {
			words := []string{}
			for _, r := range p.Reaches(role, perm) {
				words = append(words, string(r))
			}
			if len(words) == 0 {
				words = []string{"-"}
			}
			b.WriteString(string(role) + " " + perm.String() + " " + strings.Join(words, "+") + "\n")
		}
	}
	return b.String()
}

func TestTheMatrixIsTheOneThatWasReviewed(t *testing.T) {
	const golden = "testdata/matrix.golden"
	got := matrix(load(t))
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || got != string(want) {
		t.Errorf("the policy has changed (%v); if it is meant, run: go test ./internal/access -update\n%s", err, got)
	}
}

func TestEveryPermissionIsGrantedToSomebody(t *testing.T) {
	p := load(t)
	for _, perm := range Permissions() {
		granted := false
		for _, role := range Roles() {
			granted = granted || len(p.Reaches(role, perm)) > 0
		}
		if !granted {
			t.Errorf("%s is granted to nobody", perm)
		}
	}
}

func TestRemovingAnyLineChangesTheMatrix(t *testing.T) {
	whole := matrix(load(t))
	lines := strings.Split(strings.TrimSuffix(policies.Policy, "\n"), "\n")
	for i, line := range lines {
		rest := strings.Join(append(append([]string{}, lines[:i]...), lines[i+1:]...), "\n") + "\n"
		p, err := Load(policies.Model, rest)
		if err != nil {
			continue // refused at start: seen as well
		}
		if matrix(p) == whole {
			t.Errorf("line %d is not missed: %s", i+1, line)
		}
	}
}

func TestWhatCasbinWouldSwallowIsRefusedAtStart(t *testing.T) {
	for name, text := range map[string]string{
		"empty":           "",
		"mistyped effect": "p, case_manager, case, read, own, Allow\n",
		"unknown reach":   "p, case_manager, case, read, world, allow\n",
		"unknown role":    "p, root, case, read, own, allow\n",
		"unknown action":  "p, case_manager, case, fly, own, allow\n",
		"wildcard":        "p, case_manager, case, *, own, allow\n",
		"trailing blank":  "p, case_manager, case, read, own, allow \n",
		"short line":      "p, case_manager, case, read, own\n",
		"upper-case role": "p, Case_Manager, case, read, own, allow\n",
		"no-break space":  "p, case_manager\u00a0, case, read, own, allow\n",
		"unknown type":    "q, case_manager, case, read, own, allow\n",
	} {
		if _, err := Load(policies.Model, text); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestADenyLineWins(t *testing.T) {
	p, err := Load(policies.Model, policies.Policy+"p, supervisor, plan, approve, office, deny\n")
	if err != nil {
		t.Fatal(err)
	}
	if p.Allows(Actor{Role: Supervisor}, ApprovePlan) {
		t.Error("the deny line was ignored")
	}
}

func TestTheZeroScopeReachesNothing(t *testing.T) {
	if w := (Scope{}).Where(); w != "false" {
		t.Error(w)
	}
	if _, err := load(t).Scope(Actor{Role: CaseManager}, ReadCase); err == nil {
		t.Error("an actor without an agency got a scope")
	}
}
