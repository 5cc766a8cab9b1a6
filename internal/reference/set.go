package reference

import (
	"regexp"
	"strings"
)

// put takes one row for the set's table, in the order of its columns.
type put func(values ...any) error

// reader turns a publisher's rows into ours. It is called with nil after the last row.
type reader func(r *Row, put put) error

// part is one file of a layout.
type part struct {
	file    *regexp.Regexp
	columns []column
}

// layout is one way in which publishers give a set. Its parts are read in order into one reader;
// the first must be there.
type layout struct {
	name    string
	parts   []part
	reader  func(vintage string) reader
	vintage func(files []file) string
}

// set is one body of data that is imported whole.
type set struct {
	name    string
	table   string
	columns []string
	key     []string
	// tagged sets share a table; their rows carry the set's name.
	tagged bool
	// merges says that the publisher repeats a row here and there; what is the same is taken once.
	merges  bool
	credit  string
	layouts []layout
}

// publisher and bundled name the layouts: the publishers' own files, and those of shared/data.
const (
	publisher = "publisher"
	bundled   = "bundled"
)

func named(form string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + form + `)(?:\.gz)?$`) }

// each is a reader for sets whose rows come one by one.
func each(fn func(r *Row, put put) error) func(string) reader {
	return func(string) reader {
		return func(r *Row, put put) error {
			if r == nil {
				return nil
			}
			return fn(r, put)
		}
	}
}

// fixed is the vintage of a layout that does not say it in its files.
func fixed(v string) func([]file) string { return func([]file) string { return v } }

// inColumn says that the vintage stands in the rows themselves, in one of our columns.
func inColumn(name string) func([]file) string { return fixed("in:" + name) }

// byName takes the vintage from the first file's path.
func byName(form, words, otherwise string) func([]file) string {
	re := regexp.MustCompile(form)
	return func(files []file) string {
		for _, f := range files {
			if m := re.FindStringSubmatchIndex(strings.ToLower(f.name)); m != nil {
				return string(re.ExpandString(nil, words, strings.ToLower(f.name), m))
			}
		}
		return otherwise
	}
}

// Forms of codes.
var (
	onetForm  = regexp.MustCompile(`^\d\d-\d{4}\.\d\d$`)
	socForm   = regexp.MustCompile(`^\d\d-\d{4}$`)
	cipForm   = regexp.MustCompile(`^\d\d(\.\d\d(\d\d)?)?$`)
	unitForm  = regexp.MustCompile(`^\d{6}$`)
	stateForm = regexp.MustCompile(`^[A-Z]{2}$`)
)

// sets lists everything that can be imported, in the order in which it is.
func sets() []set {
	var list []set
	list = append(list, onetSets()...)
	list = append(list, blsSets()...)
	list = append(list, schoolSets()...)
	return append(list, rapidsSet())
}
