package seed

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// modelDays is how long before today the model was taken in: people in bulk opened their cases no later.
const modelDays = 195

// model takes one person through the first four steps by the services, so that what people in bulk are
// given of those steps is what the product writes, whatever it comes to write.
func model(ctx context.Context, s Seeder, by access.Actor) (access.CaseID, error) {
	t := newTeller(ctx, s, by)
	day := by.Today(s.DB.Now()).AddDays(-modelDays)
	p := who("Model", "Participant", "2075550100", "en", "M1", 0)
	t.at(day, 9, 30)
	t.takeIn(p)
	t.intake(p, 7)
	t.at(day.AddDays(3), 10, 0)
	t.assess(p)
	t.at(day.AddDays(7), 10, 0)
	t.recommend(true)
	t.at(day.AddDays(9), 11, 0)
	t.choose(p, 2, 3, "I want work with a future.")
	t.at(day.AddDays(14), 14, 0)
	j := jobsOf(p.Area)
	t.goals(j.titles, j.codes, j.pays)
	return t.caseID, t.err
}

// evidence are the tables of the first four steps and the step whose people have come past each.
var evidence = []struct {
	table string
	past  int
}{
	{"intake_sections", 1},
	{"eligibility_decisions", 1},
	{"assessments", 1},
	{"support_screens", 1},
	{"snapshots", 2},
	{"snapshot_reviews", 2},
	{"selections", 3},
	{"goals", 4},
}

// copies give every open case what the model has of the steps that it has come past.
func copies(ctx context.Context, owner *pg.DB, by access.Actor, from access.CaseID) error {
	return owner.Long(ctx, by, func(tx *pg.Tx) error {
		for _, e := range evidence {
			columns, err := pg.List[string](tx, `select column_name from information_schema.columns where table_schema = 'public' and table_name = :table
				and is_generated = 'NEVER' order by ordinal_position limit 100`, pg.Args{"table": e.table})
			if err != nil {
				return err
			}
			if err := pg.Insert(tx, copyOf(e.table, columns), pg.Args{"agency": by.Agency, "model": from, "past": e.past}); err != nil {
				return fmt.Errorf("seed: copies of %s: %w", e.table, err)
			}
		}
		return nil
	})
}

// copyOf copies the model's rows of a table: ids are derived from the case's own and the copied one, and
// of a ranking the best five options are kept, which is what pages show.
func copyOf(table string, columns []string) string {
	values := make([]string, len(columns))
	for i, c := range columns {
		values[i] = "m." + c
		switch {
		case c == "id" || c == "snapshot_id":
			values[i] = "cast(md5(cast(c.id as text) || cast(m." + c + " as text)) as uuid)"
		case c == "case_id":
			values[i] = "c.id"
		case c == "recorded_by" || strings.HasSuffix(c, "ed_by"):
			values[i] = "c.case_manager_id"
		case table == "snapshots" && c == "options":
			values[i] = "(select jsonb_agg(o.value order by o.ordinality) from jsonb_array_elements(m.options) with ordinality o where o.ordinality <= 5)"
		}
	}
	return "insert into " + table + " (" + strings.Join(slices.Clone(columns), ", ") + ") select " + strings.Join(values, ", ") +
		" from " + table + " m cross join cases c where m.agency_id = :agency and m.case_id = :model and c.agency_id = m.agency_id and c.exit_on is null and c.step > :past and c.id <> m.case_id"
}

// noticed puts the day of the equal-opportunity notice on the cases that have come past step 1.
func noticed(ctx context.Context, owner *pg.DB, by access.Actor, on civil.Date) error {
	return owner.Long(ctx, by, func(tx *pg.Tx) error {
		return pg.Insert(tx, `update cases set notice_given_on = :on where agency_id = :agency and step > 1 and exit_on is null`, pg.Args{"on": on, "agency": by.Agency})
	})
}
