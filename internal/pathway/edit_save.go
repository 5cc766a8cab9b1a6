package pathway

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/access"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/pg"
	"waymark/internal/wire"
)

// SaveRow writes one row of a draft; id NewRow adds it. A row that would not pass the check is refused
// with its fields, and nothing is saved. It answers with the id of the row.
func (s *Service) SaveRow(ctx context.Context, by access.Actor, code string, version, revision int, list, id string, in any) (string, error) {
	t, ok := tableOf(list)
	if !ok {
		return id, errs.New(errs.NotFound, "not_found")
	}
	if err := check.Struct(in); err != nil {
		return id, err
	}
	if err := lengths(in); err != nil {
		return id, err
	}
	_, err := s.changeWith(ctx, by, code, version, revision, func(tx *pg.Tx, p *Pathway) (err error) {
		if id, err = t.write(p, id, in); err != nil {
			return err
		}
		problems, err := problemsOf(tx, *p)
		if err != nil {
			return err
		}
		return rowProblems(problems, list, t.path(id))
	})
	return id, err
}

// lengths refuses texts that are longer than any ought to be.
func lengths(in any) error {
	var c errs.Collector
	for name, values := range wire.Values(in) {
		for _, v := range values {
			if len(v) > MaxTextBytes {
				c.AddArgs(name, "max", map[string]any{"param": strconv.Itoa(MaxTextBytes)})
			}
		}
	}
	return c.Err()
}

// RemoveRow takes one row out of a draft. What points at it shows as a problem of the draft.
func (s *Service) RemoveRow(ctx context.Context, by access.Actor, code string, version, revision int, list, id string) error {
	t, ok := tableOf(list)
	if !ok {
		return errs.New(errs.NotFound, "not_found")
	}
	_, err := s.Change(ctx, by, code, version, revision, func(p *Pathway) error {
		if !t.remove(p, id) {
			return errs.New(errs.NotFound, "not_found")
		}
		return nil
	})
	return err
}

// fieldOf gives the form's name of a field that is called otherwise in the document.
var fieldOf = strings.NewReplacer(
	"wage.min_cents", "wage_low", "wage.max_cents", "wage_high", "wage.per", "wage_per", "wage.source", "wage_source", "wage.year", "wage_year",
	"wage_hourly_cents", "wage", "cost_cents", "cost",
)

var position = regexp.MustCompile(`\[\d+\]`)

// rowProblems are the problems of one row as fields of its form.
func rowProblems(problems []Problem, list, at string) error {
	var c errs.Collector
	seen := map[string]bool{}
	for _, p := range problems {
		field, mine := strings.CutPrefix(p.Path, at)
		if !mine || list == "about" && !slices.Contains([]string{"name", "sector", "naics", "summary", "version_note"}, strings.FieldsFunc(field+".", func(r rune) bool { return r == '.' || r == '[' })[0]) {
			continue
		}
		field = strings.TrimPrefix(field, ".")
		if list == "steps" && slices.Contains([]string{"jobs", "requirements", "programs", "typical_milestones"}, strings.SplitN(field, "[", 2)[0]) {
			continue
		}
		field = fieldOf.Replace(position.ReplaceAllString(field, ""))
		if field == "wage" {
			field = "wage_low"
		}
		if !seen[field+p.Code] {
			c.AddArgs(field, p.Code, p.Args)
		}
		seen[field+p.Code] = true
	}
	return c.Err()
}

// RowOf finds the row of the editor that a problem is in.
func RowOf(p Problem) (list, id string) {
	m := problemPath.FindStringSubmatch(p.Path)
	switch {
	case m == nil:
		return "about", "0"
	case m[1] != "steps" || m[3] == "":
		return m[1], m[2]
	case m[3] == "typical_milestones":
		return "milestones", m[2] + "." + m[4]
	}
	return m[3], m[2] + "." + m[4]
}

var problemPath = regexp.MustCompile(`^(areas|steps|credentials|transitions|edges|apprenticeships)\[(\d+)\](?:\.(jobs|requirements|programs|typical_milestones)\[(\d+)\])?`)
