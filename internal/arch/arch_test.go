// Package arch keeps the house in order: who may import whom, and what is not written here.
package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// order lists the packages from the ground up: each may import only those above its own line,
// so the six steps can look back and never forward. A package on the same line is a sibling.
var order = []string{
	"policies migrations seeds web/static",
	"internal/errs internal/civil internal/heap internal/id internal/money",
	"internal/msg",
	"internal/wire internal/check internal/access internal/export",
	"internal/pg",
	"internal/pgembed internal/pg/pgtest",
	"internal/outbox",
	"internal/audit internal/draft internal/mail internal/sms",
	"internal/agency",
	"internal/reference",
	"internal/account",
	"internal/pathway",
	"internal/participant",
	"internal/equity",
	"internal/casefile",
	"internal/notice",
	"internal/participation",
	"internal/intake",
	"internal/roster",
	"internal/explore",
	"internal/recommend",
	"internal/selection",
	"internal/goal",
	"internal/plan",
	"internal/engagement internal/notetemplate",
	"internal/document internal/calendar",
	"internal/rights",
	"internal/message",
	"internal/result",
	"internal/journey internal/ownwords internal/portal internal/record internal/revision internal/transfer internal/followup internal/review internal/fairness internal/narrative",
	"internal/caseload internal/today internal/reminder",
	"internal/team internal/digest",
	"internal/sweep",
	"internal/openapi",
	"internal/page internal/pdf",
	"web/component",
	"web/layout",
	"web/page",
	"internal/server",
	"internal/seed",
	"internal/world",
	"internal/bench internal/browser internal/e2e internal/faults",
	"cmd/waymark",
	"internal/mutants",
}

// only says where a third-party package (or a part of the standard library) may be used.
var only = map[string][]string{
	"github.com/gin-gonic/gin":               {"internal/server"},
	"net/http":                               {"internal/server", "internal/sms", "internal/bench", "internal/browser", "internal/e2e", "internal/faults", "cmd/waymark", "web/static"},
	"github.com/casbin/casbin/v2":            {"internal/access"},
	"github.com/go-playground/validator/v10": {"internal/check"},
	"github.com/jmoiron/sqlx":                {"internal/pg"},
	"github.com/prometheus/client_golang":    {"internal/server"},
	"github.com/xuri/excelize/v2":            {"internal/export"},
	"database/sql":                           {"internal/pg", "internal/pgembed", "internal/bench"},
	"github.com/chromedp/chromedp":           {"internal/pdf", "internal/browser", "internal/e2e"},
	"github.com/lib/pq":                      {"internal/pg", "internal/pgembed", "internal/bench"},
}

const root = "../.."

func TestPackagesImportOnlyWhatStandsAboveThem(t *testing.T) {
	rank := map[string]int{}
	for i, line := range order {
		for _, p := range strings.Fields(line) {
			rank[p] = i
		}
	}
	for path, imports := range sources(t, false) {
		from := packageOf(path)
		mine, known := rank[ranked(from)]
		if !known {
			t.Errorf("%s: the package is not in the order", path)
			continue
		}
		for _, imp := range imports {
			checkThird(t, path, from, imp)
			target, ok := strings.CutPrefix(imp, "waymark/")
			if !ok {
				continue
			}
			theirs, known := rank[ranked(target)]
			if !known {
				t.Errorf("%s imports %s, which is not in the order", path, target)
			} else if theirs > mine || theirs == mine && ranked(target) != ranked(from) {
				t.Errorf("%s looks forward to %s", path, target)
			}
		}
	}
}

func checkThird(t *testing.T, path, from, imp string) {
	t.Helper()
	for third, where := range only {
		if (imp == third || strings.HasPrefix(imp, third+"/")) && imp != "net/http/httptest" &&
			!slices.ContainsFunc(where, func(w string) bool { return from == w || strings.HasPrefix(from, w+"/") }) && !strings.HasPrefix(imp, "database/sql/driver") {
			t.Errorf("%s: %s is used outside %v", path, imp, where)
		}
	}
}

// ranked is the entry of the order that a package counts under.
func ranked(p string) string {
	if strings.HasPrefix(p, "web/page/") {
		return "web/page"
	}
	if strings.HasPrefix(p, "internal/pgembed/") {
		return "internal/pgembed"
	}
	return p
}

func packageOf(path string) string { return filepath.ToSlash(filepath.Dir(path)) }

// sources maps each Go file to its imports.
func sources(t *testing.T, tests bool) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	each(t, ".go", func(path string, _ []byte) {
		if strings.HasSuffix(path, "_test.go") != tests {
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, path), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		found[path] = []string{}
		for _, i := range f.Imports {
			name, _ := strconv.Unquote(i.Path.Value)
			found[path] = append(found[path], name)
		}
	})
	return found
}

func each(t *testing.T, ext string, do func(path string, text []byte)) {
	t.Helper()
	for _, top := range []string{"cmd", "internal", "migrations", "policies", "seeds", "web"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ext {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, path)
			do(filepath.ToSlash(rel), b)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

var (
	sqlText  = regexp.MustCompile("(?s)`[^`]*`")
	isSQL    = regexp.MustCompile(`(?i)^\x60\s*(select|insert|update|delete|with)\b`)
	literal  = regexp.MustCompile(`'[^']*'`)
	selfMade = regexp.MustCompile(`(?i)select\s+\*`)
)

func TestWhatIsNotWrittenHere(t *testing.T) {
	each(t, ".go", func(path string, text []byte) {
		if strings.HasPrefix(path, "internal/arch/") {
			return
		}
		for _, word := range []string{"ShouldBind", "templ.Raw(", "template.HTML(", "CachedEnforcer", "EnableEnforce", "time.Local)", "`binding:"} {
			if strings.Contains(string(text), word) {
				t.Errorf("%s: %s", path, word)
			}
		}
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		if strings.Contains(string(text), "time.Now()") && !slices.ContainsFunc([]string{"cmd/", "internal/server/health.go", "internal/server/metrics.go", "internal/server/middleware.go", "internal/pg", "internal/pgembed", "internal/bench", "internal/mail"}, func(p string) bool { return strings.HasPrefix(path, p) }) {
			t.Errorf("%s: time.Now() outside cmd; take the clock that is given", path)
		}
		for _, q := range sqlText.FindAllString(string(text), -1) {
			if !isSQL.MatchString(q) {
				continue
			}
			if strings.Contains(q, "::") || slices.ContainsFunc(literal.FindAllString(q, -1), func(l string) bool { return strings.Contains(l, ":") }) || selfMade.MatchString(q) {
				t.Errorf("%s: SQL with ::, with a colon in a literal, or with select *: %.80s", path, q)
			}
		}
	})
	each(t, ".templ", func(path string, text []byte) {
		for _, word := range []string{"templ.Raw", " style=\"", " onclick", " onload", "<style", "hx-on"} {
			if strings.Contains(string(text), word) {
				t.Errorf("%s: %s", path, word)
			}
		}
	})
}
