package ownwords

import (
	"encoding/json"
	"maps"
	"slices"

	"waymark/internal/errs"
	"waymark/internal/intake"
)

// saidOf keeps the questions that were asked and answered, by the names of the staff form. What was
// left empty was not said, so that a skipped question takes nothing away.
func saidOf(a intake.Answers) (map[string]any, error) {
	all, err := object(a)
	said := map[string]any{}
	trimJobs(all)
	for _, name := range Asked(a.Section()) {
		if v := filled(all[name]); v != nil && !(name == "household_size" && v == 0.0) {
			said[name] = v
		}
	}
	return said, err
}

// jobParts are what a participant is asked of a job.
var jobParts = []string{"title", "employer", "started_on", "ended_on", "hourly", "hours"}

// trimJobs takes from each job what only staff write.
func trimJobs(all map[string]any) {
	jobs, _ := all["jobs"].([]any)
	for _, j := range jobs {
		if job, ok := j.(map[string]any); ok {
			maps.DeleteFunc(job, func(name string, _ any) bool { return !slices.Contains(jobParts, name) })
		}
	}
}

// filled is a value without what is empty in it; nil when nothing is left.
func filled(v any) any {
	switch x := v.(type) {
	case string:
		if x == "" {
			return nil
		}
	case []any:
		list := []any{}
		for _, one := range x {
			if one = filled(one); one != nil {
				list = append(list, one)
			}
		}
		if len(list) == 0 {
			return nil
		}
		return list
	case map[string]any:
		some := map[string]any{}
		for k, one := range x {
			if one = filled(one); one != nil {
				some[k] = one
			}
		}
		if len(some) == 0 {
			return nil
		}
		return some
	}
	return v
}

// over lays what was said over what is known: an object name by name, a list of objects row by row,
// everything else whole.
func over(known, said any) any {
	switch s := said.(type) {
	case map[string]any:
		k, ok := known.(map[string]any)
		if !ok {
			return s
		}
		for name, v := range s {
			k[name] = over(k[name], v)
		}
		return k
	case []any:
		k, ok := known.([]any)
		if !ok || !slices.ContainsFunc(s, func(v any) bool { _, row := v.(map[string]any); return row }) {
			return s
		}
		for i, v := range s {
			if i < len(k) {
				k[i] = over(k[i], v)
			} else {
				k = append(k, v)
			}
		}
		return k
	}
	return said
}

// merged are a section's answers with somebody's own words in their place.
func merged(known intake.Answers, words json.RawMessage) (intake.Answers, error) {
	all, err := object(known)
	if err != nil {
		return nil, err
	}
	var said map[string]any
	if err := json.Unmarshal(words, &said); err != nil {
		return nil, errs.Wrapf(err, "ownwords: answers of %s", known.Section())
	}
	return answersOf(known.Section(), over(all, said))
}

// shown are a section's answers as its participant may see them: what they are asked, and no text of staff.
func shown(known intake.Answers) (intake.Answers, error) {
	all, err := object(known)
	if err != nil {
		return nil, err
	}
	for name := range all {
		if !slices.Contains(Asked(known.Section()), name) || slices.Contains(private, name) {
			delete(all, name)
		}
	}
	trimJobs(all)
	return answersOf(known.Section(), all)
}

func answersOf(name intake.Section, v any) (intake.Answers, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, errs.Wrapf(err, "ownwords: answers of %s", name)
	}
	var s intake.Sections
	err = s.Read(name, b)
	return s.Of(name), err
}

func object(v any) (all map[string]any, err error) {
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &all)
	}
	return all, errs.Wrapf(err, "ownwords: not an object")
}

// screenWith is the support screen with somebody's own words: how bad it is becomes what they say; what
// staff arranged stays.
func screenWith(known []intake.SupportNeed, said map[string]int) intake.ScreenInput {
	var in intake.ScreenInput
	for _, area := range intake.SupportAreas {
		i := slices.IndexFunc(known, func(n intake.SupportNeed) bool { return n.Area == area })
		severity, spoke := said[area]
		if i < 0 && !spoke {
			continue
		}
		row := intake.NeedInput{Area: area}
		if i >= 0 {
			row = intake.NeedOf(known[i])
		}
		if spoke {
			row.Severity = severity
			row.Blocking = row.Blocking && severity > 0
		}
		in.Needs = append(in.Needs, row)
	}
	return in
}
