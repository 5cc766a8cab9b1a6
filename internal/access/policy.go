package access

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"waymark/internal/errs"
)

// Reach is how far a permission goes.
type Reach string

// The reaches. A permission may have several; the scope is their union.
const (
	Self       Reach = "self"       // the participant's own cases
	Own        Reach = "own"        // cases the actor manages now
	Covered    Reach = "covered"    // cases of a colleague the actor covers for today
	OfficeWide Reach = "office"     // cases of the actor's office
	AgencyWide Reach = "agency"     // every case of the agency
	Shared     Reach = "shared"     // cases shared with a partner by consent
	BreakGlass Reach = "breakglass" // one case opened in an emergency
)

var reaches = []Reach{Self, Own, Covered, OfficeWide, AgencyWide, Shared, BreakGlass}

// Policy is the compiled table from role and permission to reaches. It never changes;
// a reload makes another one.
type Policy struct {
	table   map[Role]map[Permission][]Reach
	version string
}

// VersionOf names a policy by its text: the beginning of a hash.
func VersionOf(modelText, policyText string) string {
	h := sha256.Sum256([]byte(modelText + "\x00" + policyText))
	return hex.EncodeToString(h[:6])
}

// Version is that of the text it was loaded from.
func (p *Policy) Version() string { return p.version }

// Load parses and compiles a policy. casbin is the parser, the model and the inheritance
// engine; asking it per request costs tens of microseconds and cannot narrow a list.
func Load(modelText, policyText string) (*Policy, error) {
	if err := lint(policyText); err != nil {
		return nil, err
	}
	m, err := model.NewModelFromString(modelText)
	if err != nil {
		return nil, fmt.Errorf("access: model: %w", err)
	}
	e, err := casbin.NewEnforcer(m, lines(policyText))
	if err != nil {
		return nil, fmt.Errorf("access: policy: %w", err)
	}
	p := &Policy{table: map[Role]map[Permission][]Reach{}, version: VersionOf(modelText, policyText)}
	for _, role := range Roles() {
		rules, err := e.GetImplicitPermissionsForUser(string(role))
		if err != nil {
			return nil, fmt.Errorf("access: compile %s: %w", role, err)
		}
		p.table[role] = compile(rules)
	}
	return p, nil
}

func compile(rules [][]string) map[Permission][]Reach {
	allowed, denied := map[Permission][]Reach{}, map[Permission]bool{}
	for _, r := range rules {
		perm := Permission{r[1], r[2]}
		if r[4] == "deny" {
			denied[perm] = true
		} else if !slices.Contains(allowed[perm], Reach(r[3])) {
			allowed[perm] = append(allowed[perm], Reach(r[3]))
		}
	}
	for perm := range denied {
		delete(allowed, perm)
	}
	for _, list := range allowed {
		slices.Sort(list)
	}
	return allowed
}

// lint refuses what casbin would load without a word and then silently deny or allow.
func lint(policyText string) error {
	n := 0
	for i, line := range strings.Split(strings.TrimSuffix(policyText, "\n"), "\n") {
		f := strings.Split(line, ", ")
		ok := line == strings.TrimSpace(line) && !strings.ContainsAny(line, "*\t\"")
		switch {
		case f[0] == "p" && len(f) == 6:
			ok = ok && slices.Contains(Roles(), Role(f[1])) && slices.Contains(reaches, Reach(f[4])) &&
				(f[5] == "allow" || f[5] == "deny") && slices.Contains(Permissions(), Permission{f[2], f[3]})
			n++
		case f[0] == "g" && len(f) == 3:
			ok = ok && slices.Contains(Roles(), Role(f[1])) && slices.Contains(Roles(), Role(f[2]))
		default:
			ok = false
		}
		if !ok {
			return fmt.Errorf("access: policy line %d is not understood: %q", i+1, line)
		}
	}
	if n == 0 {
		return fmt.Errorf("access: the policy grants nothing")
	}
	return nil
}

// Reaches lists how far the role's permission goes; none means it has it not.
func (p *Policy) Reaches(role Role, perm Permission) []Reach { return p.table[role][perm] }

// Allows reports whether the role has the permission at all, for menus and buttons.
func (p *Policy) Allows(by Actor, perm Permission) bool { return len(p.table[by.Role][perm]) > 0 }

// Scope is the set of cases on which the actor may use the permission, or Forbidden.
func (p *Policy) Scope(by Actor, perm Permission) (Scope, error) {
	if by.Role == System {
		return Scope{by: by, reaches: []Reach{AgencyWide}}, nil
	}
	r := p.table[by.Role][perm]
	if len(r) == 0 || by.Agency.IsZero() {
		return Scope{}, errs.New(errs.Forbidden, "forbidden")
	}
	return Scope{by: by, reaches: r}, nil
}

// Require is Scope for what hangs under no case: settings, users, offices.
func (p *Policy) Require(by Actor, perm Permission) error {
	_, err := p.Scope(by, perm)
	return err
}
