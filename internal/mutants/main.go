// Command mutants shows that every use of a scope is held by a test: it removes them one at a
// time, runs tests of the server, and fails when they still pass. Arguments narrow it to places that contain one. Run it with `make mutants`.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// tests are those that must notice: the quick ones first, then all that talk to the server.
var tests = []string{"Reach", "EveryNumber|Transfer|VersionIsDrafted|NobodyCompares|NamesNobody|SameQuestions|Team|Review|FollowUp|Results|Narrative|Document|Export", "Stranger"}

const scopeFile = "internal/access/scope.go"

var (
	use  = regexp.MustCompile(`\.(Where|WherePerson)\(\)`)
	head = regexp.MustCompile(`func \(s Scope\) (Where|WherePerson)\(\) string \{\n`)
)

// removed is added to package access: the use that the environment names has no condition.
const removed = `package access

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

func removed() bool {
	_, file, line, _ := runtime.Caller(2)
	return strings.HasSuffix(fmt.Sprintf("%s:%d", file, line), "/"+os.Getenv("WAYMARK_REMOVED_SCOPE"))
}
`

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program, err := build(dir)
	if err != nil {
		return err
	}
	if out, err := try(program, "none"); err != nil {
		return fmt.Errorf("the tests fail with every scope in place: %s", out)
	}
	places, err := places()
	if err != nil {
		return err
	}
	survived := 0
	for _, at := range places {
		_, err := try(program, at)
		verdict := "noticed"
		if err == nil {
			verdict, survived = "NOT NOTICED", survived+1
		}
		fmt.Printf("%-40s %s\n", at, verdict)
	}
	fmt.Printf("%d uses of a scope, %d removed without a test noticing\n", len(places), survived)
	if survived > 0 {
		return errors.New("a scope can be removed unnoticed")
	}
	return nil
}

// build compiles the server's tests with a package access that can leave out one condition.
func build(dir string) (string, error) {
	source, err := os.ReadFile(scopeFile)
	if err != nil {
		return "", err
	}
	changed := head.ReplaceAllString(string(source), "${0}\tif removed() {\n\t\treturn \"true\"\n\t}\n")
	if strings.Count(changed, "removed()") != 2 {
		return "", fmt.Errorf("%s is not as expected", scopeFile)
	}
	overlay := map[string]string{scopeFile: filepath.Join(dir, "scope.go"), filepath.Dir(scopeFile) + "/removed.go": filepath.Join(dir, "removed.go")}
	list, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return "", err
	}
	for name, text := range map[string]string{"scope.go": changed, "removed.go": removed, "overlay.json": string(list)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	program := filepath.Join(dir, "server.test")
	out, err := exec.Command("go", "test", "-c", "-overlay", filepath.Join(dir, "overlay.json"), "-o", program, "./internal/server").CombinedOutput() //nolint:gosec // our own arguments
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return program, nil
}

// try runs the tests without the scope of one line; an error is that they noticed.
func try(program, without string) (out []byte, err error) {
	for _, name := range tests {
		c := exec.Command(program, "-test.run", name, "-test.failfast") //nolint:gosec // what was built above
		c.Dir = "internal/server"
		c.Env = append(os.Environ(), "WAYMARK_REMOVED_SCOPE="+without)
		if out, err = c.CombinedOutput(); err != nil {
			return out, err
		}
	}
	return nil, nil
}

// wanted reports whether a path is asked for; without arguments all are.
func wanted(path string) bool {
	return len(os.Args) == 1 || slices.ContainsFunc(os.Args[1:], func(part string) bool { return strings.Contains(path, part) })
}

// places are the lines of the program that use a scope.
func places() (list []string, err error) {
	err = filepath.WalkDir("internal", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || filepath.Dir(path) == filepath.Dir(scopeFile) || strings.HasPrefix(path, "internal/mutants") {
			return err
		}
		b, err := os.ReadFile(path) //nolint:gosec // our own source
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(b), "\n") {
			if use.MatchString(line) && wanted(path) {
				list = append(list, fmt.Sprintf("%s:%d", path, i+1))
			}
		}
		return nil
	})
	return list, err
}
