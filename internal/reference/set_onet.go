package reference

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"waymark/seeds"
)

// combinedCodes maps a bare SOC to the code under which BLS publishes it where the two differ.
var combinedCodes = sync.OnceValues(func() (map[string]string, error) {
	codes := map[string]string{}
	b, err := seeds.FS.ReadFile("reference/bls_codes.json")
	if err == nil {
		err = json.Unmarshal(b, &codes)
	}
	return codes, err
})

// published is the code under which BLS publishes an O*NET occupation.
func published(soc string) (string, error) {
	codes, err := combinedCodes()
	if err != nil {
		return "", fmt.Errorf("reference: bls_codes: %w", err)
	}
	return cmp.Or(codes[soc[:7]], soc[:7]), nil
}

const onetBundled = "30.3 (May 2026)"

// onetVintage reads the release from the path, db_31_0_csv, which is how O*NET names its archives.
var onetVintage = byName(`db_(\d+)_(\d+)`, "$1.$2", "release not stated")

var socColumn = col("soc", "O*NET-SOC Code")

// onet describes a publisher's file in both layouts: text and CSV, old name and new.
func onet(names string, columns ...column) part {
	return part{named(`(?:` + names + `)\.(?:csv|txt|tsv|xlsx)`), append([]column{socColumn}, columns...)}
}

func bundledOnet(name string, columns ...column) part {
	return part{named(name + `\.csv`), append([]column{col("soc", "onetsoc_code")}, columns...)}
}

func onetSets() []set {
	return []set{
		occupationSet(), zoneSet(), interestSet(), skillSet(), educationSet(), taskSet(), titleSet(), relatedSet(), profilerSet(),
	}
}

func occupationSet() set {
	return set{
		name: "onet_occupations", table: "occupations", columns: []string{"soc", "title", "description", "oews_code", "ep_code"}, key: []string{"soc"}, credit: "onet",
		layouts: []layout{
			{publisher, []part{onet("occupation[ _]data", col("title"), col("description"))}, each(func(r *Row, put put) error {
				soc := r.code("soc", onetForm)
				if r.err != nil {
					return r.err
				}
				code, err := published(soc)
				if err != nil {
					return err
				}
				return put(soc, r.need("title"), r.text("description"), code, code)
			}), onetVintage},
			{bundled, []part{bundledOnet("onet_occupations", col("title"), col("description"), col("oews_code"), col("ep_code"))}, each(func(r *Row, put put) error {
				return put(r.code("soc", onetForm), r.need("title"), r.text("description"), orNull(r.text("oews_code")), orNull(r.text("ep_code")))
			}), fixed(onetBundled)},
		},
	}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func zoneSet() set {
	read := each(func(r *Row, put put) error {
		if slices.Contains(unknown, r.text("zone")) {
			return nil
		}
		return put(r.code("soc", onetForm), r.whole("zone", 1, 5))
	})
	return set{
		name: "onet_job_zones", table: "job_zones", columns: []string{"soc", "zone"}, key: []string{"soc"}, credit: "onet",
		layouts: []layout{
			{publisher, []part{onet("job[ _]zones", col("zone", "Job Zone"))}, read, onetVintage},
			{bundled, []part{bundledOnet("onet_occupations", col("zone", "job_zone"))}, read, fixed(onetBundled)},
		},
	}
}

func interestSet() set {
	types := []string{"realistic", "investigative", "artistic", "social", "enterprising", "conventional"}
	columns := make([]column, len(types))
	for i, t := range types {
		columns[i] = col(t)
	}
	return set{
		name: "onet_interests", table: "interests", columns: []string{"soc", "r", "i", "a", "s", "e", "c"}, key: []string{"soc"}, credit: "onet",
		layouts: []layout{
			{
				publisher,
				[]part{onet("interests|career[ _]interest[ _]types", col("element", "Element ID"), col("scale", "Scale ID"), col("value", "Data Value"))},
				longInterests, onetVintage,
			},
			{bundled, []part{bundledOnet("onet_interests", columns...)}, each(func(r *Row, put put) error {
				values := []any{r.code("soc", onetForm)}
				for _, t := range types {
					values = append(values, r.within(t, 1, 7))
				}
				return put(values...)
			}), fixed(onetBundled)},
		},
	}
}

// longInterests gathers the six rows of an occupation into one.
func longInterests(string) reader {
	soc, line, values := "", 0, [6]float64{}
	flush := func(put put, name string) error {
		if soc == "" {
			return nil
		}
		row := []any{soc}
		for i, v := range values {
			if v == 0 {
				return &Fault{File: name, Line: line, What: fmt.Sprintf("occupation %s lacks the interest 1.B.1.%c", soc, 'a'+i)}
			}
			row = append(row, v)
		}
		return put(row...)
	}
	name := ""
	return func(r *Row, put put) error {
		if r == nil {
			return flush(put, name)
		}
		name = r.file
		next := r.code("soc", onetForm)
		if next != soc {
			if err := flush(put, name); err != nil {
				return err
			}
			soc, values = next, [6]float64{}
		}
		line = r.line
		letter, ok := strings.CutPrefix(r.text("element"), "1.B.1.")
		if r.text("scale") != "OI" || !ok || len(letter) != 1 || letter[0] < 'a' || letter[0] > 'f' {
			return nil
		}
		if values[letter[0]-'a'] != 0 {
			r.bad("element", "the interest stands twice for occupation %s", soc)
		}
		values[letter[0]-'a'] = r.within("value", 1, 7)
		return nil
	}
}

func skillSet() set {
	long := []column{
		col("element", "Element ID"), col("skill", "Element Name"), col("scale", "Scale ID"), col("value", "Data Value"),
		col("suppress?", "Recommend Suppress"), col("irrelevant?", "Not Relevant"),
	}
	return set{
		name: "onet_skills", table: "skills", columns: []string{"soc", "element_id", "skill", "importance", "level"}, key: []string{"soc", "element_id"}, credit: "onet",
		layouts: []layout{
			{publisher, []part{onet("skills|essential[ _]skills", long...), onet("transferable[ _]skills", long...)}, longSkills, onetVintage},
			{
				bundled,
				[]part{bundledOnet("onet_skills_top10", col("element", "element_id"), col("skill"), col("importance"), col("level"))},
				each(func(r *Row, put put) error {
					return put(r.code("soc", onetForm), r.need("element"), r.need("skill"), r.within("importance", 1, 5), optional(r.number("level")))
				}),
				fixed(onetBundled),
			},
		},
	}
}

// longSkills joins importance and level, which stand in rows of their own, one after the other.
func longSkills(string) reader {
	var soc, element, skill string
	var importance, level *float64
	flush := func(put put) error {
		if importance == nil {
			return nil
		}
		return put(soc, element, skill, *importance, optional(level))
	}
	return func(r *Row, put put) error {
		if r == nil {
			return flush(put)
		}
		of, el := r.code("soc", onetForm), r.need("element")
		if of != soc || el != element {
			if err := flush(put); err != nil {
				return err
			}
			soc, element, skill, importance, level = of, el, r.need("skill"), nil, nil
		}
		if r.text("suppress") == "Y" {
			return nil
		}
		switch r.text("scale") {
		case "IM":
			if importance != nil {
				r.bad("element", "the importance stands twice for occupation %s", soc)
			}
			importance = new(r.within("value", 1, 5))
		case "LV":
			if r.text("irrelevant") != "Y" {
				level = new(r.within("value", 0, 7))
			}
		}
		return nil
	}
}

func educationSet() set {
	wide := make([]column, 12)
	for i := range wide {
		wide[i] = col(fmt.Sprintf("pct_level_%d", i+1))
	}
	return set{
		name: "onet_education", table: "education", columns: []string{"soc", "level", "percent"}, key: []string{"soc", "level"}, credit: "onet",
		layouts: []layout{
			{
				publisher,
				[]part{onet("education|education,[ _]training,[ _]and[ _]experience", col("scale", "Scale ID"), col("level", "Category"), col("value", "Data Value"), col("suppress?", "Recommend Suppress"))},
				each(func(r *Row, put put) error {
					if r.text("scale") != "RL" || r.text("suppress") == "Y" {
						return nil
					}
					if n := r.within("value", 0, 100); n == 0 && r.err == nil {
						return nil
					}
					return put(r.code("soc", onetForm), r.whole("level", 1, 12), r.within("value", 0, 100))
				}),
				onetVintage,
			},
			{bundled, []part{bundledOnet("onet_education", wide...)}, each(func(r *Row, put put) error {
				for i, c := range wide {
					n := r.within(c.name, 0, 100)
					if n == 0 {
						continue
					}
					if err := put(r.code("soc", onetForm), i+1, n); err != nil {
						return err
					}
				}
				return nil
			}), fixed(onetBundled)},
		},
	}
}

// mainTasks is how many tasks of an occupation are kept.
const mainTasks = 6

// ranked numbers the rows of an occupation in the order of the file and keeps the first ones.
func ranked(most int, columns ...string) func(string) reader {
	return func(string) reader {
		soc, n := "", 0
		return func(r *Row, put put) error {
			if r == nil {
				return nil
			}
			if of := r.code("soc", onetForm); of != soc {
				soc, n = of, 0
			}
			if n++; n > most {
				return nil
			}
			values := []any{soc, n}
			for _, c := range columns {
				values = append(values, r.need(c))
			}
			return put(values...)
		}
	}
}

func taskSet() set {
	return set{
		name: "onet_tasks", table: "tasks", columns: []string{"soc", "rank", "task"}, key: []string{"soc", "rank"}, credit: "onet",
		layouts: []layout{
			{publisher, []part{onet("task[ _]statements", col("task"))}, ranked(mainTasks, "task"), onetVintage},
			{bundled, []part{bundledOnet("onet_tasks_top6", col("rank"), col("task"))}, each(func(r *Row, put put) error {
				return put(r.code("soc", onetForm), r.whole("rank", 1, mainTasks), r.need("task"))
			}), fixed(onetBundled)},
		},
	}
}

func titleSet() set {
	read := each(func(r *Row, put put) error { return put(r.code("soc", onetForm), r.need("title")) })
	return set{
		name: "onet_titles", table: "titles", columns: []string{"soc", "title"}, key: []string{"soc", "title"}, credit: "onet",
		layouts: []layout{
			{publisher, []part{onet("sample[ _]of[ _]reported[ _]titles", col("title", "Reported Job Title"))}, read, onetVintage},
			{bundled, []part{bundledOnet("onet_reported_titles", col("title", "job_title"))}, read, fixed(onetBundled)},
		},
	}
}

func relatedSet() set {
	return set{
		name: "onet_related", table: "related", columns: []string{"soc", "related", "rank"}, key: []string{"soc", "related"}, credit: "onet",
		layouts: []layout{
			{publisher, []part{onet("related[ _]occupations", col("related", "Related O*NET-SOC Code"), col("rank", "Index"))}, relatedRows, onetVintage},
			{bundled, []part{bundledOnet("onet_related_occupations", col("related", "related_onetsoc_code"), col("rank"))}, relatedRows, fixed(onetBundled)},
		},
	}
}

var relatedRows = each(func(r *Row, put put) error {
	return put(r.code("soc", onetForm), r.code("related", onetForm), r.whole("rank", 1, 1000))
})

// profilerSet is the Interest Profiler, whose licence forbids changes: the items are kept word for word.
func profilerSet() set {
	read := func(string) reader {
		seen, file := [6]int{}, ""
		return func(r *Row, put put) error {
			if r == nil {
				if seen != [6]int{10, 10, 10, 10, 10, 10} {
					return &Fault{File: file, What: fmt.Sprintf("the profile needs 60 items, ten of each type; there are %v of R, I, A, S, E, C", seen)}
				}
				return nil
			}
			file = r.file
			letter := strings.ToUpper(r.need("type") + " ")[:1]
			i := strings.Index("RIASEC", letter)
			if i < 0 {
				r.bad("type", "%q is not one of the six interest types", clip(r.text("type")))
				return r.err
			}
			seen[i]++
			return put(r.whole("item", 1, 60), letter, r.need("text"))
		}
	}
	return set{
		name: "interest_profiler", table: "profiler_items", columns: []string{"item", "type", "text"}, key: []string{"item"}, credit: "onet_tools",
		layouts: []layout{
			{
				publisher,
				[]part{{named(`interest[ _]?profiler[ _a-z]*\.(?:csv|txt|tsv|xlsx)`), []column{col("item", "index", "Item Number"), col("type", "area"), col("text", "text", "Item Text")}}},
				read, fixed("Short Form"),
			},
			{bundled, []part{{named(`onet_interest_profiler_short_form\.csv`), []column{col("item", "item_no"), col("type", "area_code"), col("text", "item_text")}}}, read, fixed("Short Form")},
		},
	}
}
