package result

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"waymark/internal/civil"
	"waymark/internal/money"
)

type wageLine struct {
	line        int
	participant string
	record
	faults []LineFault
}

// known reports that the line says something: 9 is not known yet.
func (l wageLine) known() bool { return l.employment != "9" }

// wrong reports that the line cannot be taken in.
func (l wageLine) wrong() bool { return len(l.faults) > 0 }

// parseWages reads a file: its lines, each with what is wrong with it, and what is wrong with the file itself.
func parseWages(text, source string, today civil.Date) (lines []wageLine, faults []LineFault) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if err != nil {
		return nil, []LineFault{{1, "", "unreadable", ""}}
	}
	at := map[string]int{}
	for i, h := range head {
		name := strings.ToLower(strings.TrimSpace(h))
		if !slices.Contains(WageColumns, name) {
			faults = append(faults, LineFault{1, name, "unknown_column", h})
		}
		at[name] = i
	}
	for _, name := range WageColumns[:4] {
		if _, ok := at[name]; !ok {
			faults = append(faults, LineFault{1, name, "column_missing", ""})
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines, faults
		}
		n, _ := r.FieldPos(0)
		if err != nil {
			return lines, append(faults, LineFault{n, "", "unreadable", ""})
		}
		if len(lines) >= maxLines {
			return lines, append(faults, LineFault{n, "", "too_many_lines", ""})
		}
		get := func(name string) string {
			if i, ok := at[name]; ok && i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		lines = append(lines, wageLineOf(n, get, source, today))
	}
}

func wageLineOf(n int, get func(string) string, source string, today civil.Date) (l wageLine) {
	l = wageLine{line: n, participant: get("participant"), record: record{source: source, employment: get("employment"), naics: get("naics"), evidence: "file"}}
	bad := func(column, code string) { l.faults = append(l.faults, LineFault{n, column, code, get(column)}) }
	if l.participant == "" {
		bad("participant", "missing")
	}
	q, err := ParseReport(get("quarter"), today)
	if err != nil || get("quarter") == "" {
		bad("quarter", "quarter")
	} else if q.First().After(today) {
		bad("quarter", "quarter_ahead")
	}
	l.quarter = q
	if !slices.Contains([]string{"0", "1", "2", "3", "9"}, l.employment) {
		bad("employment", "employment")
	}
	if text := get("wages"); text != "" && l.known() {
		amount, err := money.Parse(text)
		if err != nil || amount > 0 && l.employment == "0" {
			bad("wages", "wages")
		} else if p, wages, wrong := payOf(amount, strings.ToLower(get("unit")), get("hours")); wrong != "" {
			bad(wrong, wrong)
		} else if l.employment != "0" {
			l.pay, l.wages = &p, &wages
		}
	}
	if text := get("fein"); text != "" {
		if !fein.MatchString(text) {
			bad("fein", "fein")
		}
		l.feins = []string{plainFEIN(text)}
	}
	return l
}

// keyOf is what is one record: a person and a quarter.
func keyOf(r record) string { return r.participant.String() + r.quarter.String() }

// merged puts the lines of a person and quarter together: wages add up, employers are listed once.
func merged(lines []wageLine, people map[string]named) []record {
	var list []record
	at := map[string]int{}
	for _, l := range lines {
		if !l.known() {
			continue
		}
		l.record.participant = people[l.participant].id
		key := keyOf(l.record)
		i, ok := at[key]
		if !ok {
			at[key] = len(list)
			list = append(list, l.record)
			continue
		}
		was := &list[i]
		was.pay = nil
		if l.wages != nil {
			sum := *l.wages
			if was.wages != nil {
				sum += *was.wages
			}
			was.wages = &sum
		}
		if was.employment == "0" || l.employment != "0" && l.employment < was.employment {
			was.employment = l.employment
		}
		for _, f := range l.feins {
			if !slices.Contains(was.feins, f) {
				was.feins = append(was.feins, f)
			}
		}
	}
	for i := range list {
		slices.Sort(list[i].feins)
	}
	return list
}
