package result

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// Column is one column of the federal record layout: a row of data, not of code. Derive names how it
// is filled, with its arguments after dots: "employed.2".
type Column struct {
	Element string `json:"element"`
	Name    string `json:"name"`
	Type    string `json:"type"`
	Length  int    `json:"length"`
	Derive  string `json:"derive"`
}

// Builtin is the version of the layout that comes with the program. It is not the official schema.
const Builtin = "waymark-1"

//go:embed pirl_columns.csv
var builtin string

// ParseColumns reads a layout: element, name, type, length, derive; in the order of the file.
func ParseColumns(text string) (list []Column, faults []LineFault) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 2 || strings.Join(rows[0], ",") != "element,name,type,length,derive" {
		return nil, []LineFault{{1, "", "layout_head", ""}}
	}
	for i, row := range rows[1:] {
		c := Column{Element: row[0], Name: row[1], Type: row[2], Derive: row[4]}
		c.Length, err = strconv.Atoi(row[3])
		if err != nil || c.Length < 1 || c.Length > 200 || !slices.Contains([]string{"IN", "AN", "DT", "DE"}, c.Type) || c.Element == "" {
			faults = append(faults, LineFault{i + 2, "type", "layout_type", row[2] + " " + row[3]})
		}
		if key, _, _ := strings.Cut(c.Derive, "."); derivations[key] == nil {
			faults = append(faults, LineFault{i + 2, "derive", "derivation", c.Derive})
		}
		list = append(list, c)
	}
	return list, faults
}

// period is everything that a row of the file is derived from.
type period struct {
	Observation int                     `db:"-"`
	CaseID      access.CaseID           `db:"case_id"`
	ExportID    string                  `db:"export_id"`
	State       string                  `db:"state"`
	County      string                  `db:"county_fips"`
	ZIP         string                  `db:"zip"`
	BirthDate   civil.Date              `db:"birth_date"`
	StartedOn   civil.Date              `db:"started_on"`
	ExitOn      civil.Date              `db:"exit_on"`
	Programs    pg.Strings              `db:"programs"`
	Exclusion   string                  `db:"exclusion"`
	Education   string                  `db:"education"`
	School      string                  `db:"school"`
	Facts       pg.JSON[map[string]any] `db:"facts"`
	Result      pg.JSON[map[string]any] `db:"result"`
	Services    pg.JSON[[]pirlService]  `db:"services"`
	Outcomes    pg.JSON[[]pirlOutcome]  `db:"outcomes"`
	Wages       pg.JSON[[]pirlWage]     `db:"wages"`
	asOf        civil.Date
	until       civil.Date
}

type pirlService struct {
	Code     string     `json:"code"`
	On       civil.Date `json:"given_on"`
	Ends     civil.Date `json:"ends_on"`
	Ongoing  bool       `json:"ongoing"`
	Provider string     `json:"provider"`
}

type pirlOutcome struct {
	Kind   string     `json:"kind"`
	On     civil.Date `json:"on_date"`
	Detail struct {
		Credential string     `json:"credential_kind"`
		Gain       string     `json:"gain"`
		Level      string     `json:"level"`
		Until      civil.Date `json:"until_on"`
	} `json:"detail"`
}

type pirlWage struct {
	Quarter    participation.Quarter `json:"quarter"`
	Source     string                `json:"source"`
	Employment string                `json:"employment"`
	Wages      *int64                `json:"wages_cents"`
	FEINs      []string              `json:"feins"`
}

const pirlQuery = `
	select c.id as case_id, p.export_id, p.state, p.county_fips, p.zip, p.birth_date, c.started_on, case when c.exit_on <= cast(:until as date) then c.exit_on end as exit_on, c.programs,
		case when c.exit_on <= cast(:until as date) and d.kind = 'exit' then d.exclusion else '00' end as exclusion,
		coalesce(e.answers ->> 'education', '') as education, coalesce(e.answers ->> 'school_status', '') as school,
		coalesce(x.facts, '{}') as facts, coalesce(x.result, '{}') as result,
		coalesce((select jsonb_agg(jsonb_build_object('code', s.code, 'given_on', s.given_on, 'ends_on', s.ends_on, 'ongoing', s.ongoing, 'provider', s.provider) order by s.given_on, s.id)
			from services s where s.agency_id = c.agency_id and s.case_id = c.id and not s.planned and s.cancels is null
				and not exists (select from services n where n.agency_id = s.agency_id and n.supersedes = s.id) and not exists (select from services n where n.agency_id = s.agency_id and n.cancels = s.id)), '[]') as services,
		coalesce((select jsonb_agg(jsonb_build_object('kind', o.kind, 'on_date', o.on_date, 'detail', o.detail) order by o.on_date, o.id)
			from outcomes o where o.agency_id = c.agency_id and o.case_id = c.id and not exists (select from outcomes n where n.agency_id = o.agency_id and n.supersedes = o.id)), '[]') as outcomes,
		coalesce((select jsonb_agg(jsonb_build_object('quarter', w.quarter, 'source', w.source, 'employment', w.employment, 'wages_cents', w.wages_cents, 'feins', w.feins) order by w.quarter, w.employment = '0', w.source)
			from wage_records w where w.agency_id = c.agency_id and w.participant_id = c.participant_id and not w.withdrawn
				and not exists (select from wage_records n where n.agency_id = w.agency_id and n.supersedes = w.id)), '[]') as wages
	from cases c join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
	left join lateral (select x.kind, x.exclusion from departures x where x.agency_id = c.agency_id and x.case_id = c.id and x.kind in ('exit', 'return') order by x.recorded_at desc, x.id desc limit 1) d on true
	left join lateral (select s.answers from intake_sections s where s.agency_id = c.agency_id and s.case_id = c.id and s.section = 'education' order by s.version desc limit 1) e on true
	left join lateral (select v.facts, v.result from eligibility_decisions v where v.agency_id = c.agency_id and v.case_id = c.id and v.decision = 'eligible' order by v.recorded_at desc, v.id desc limit 1) x on true
	where c.started_on <= cast(:until as date) and (c.exit_on is null or c.exit_on >= cast(:since as date)) and `

// periodsOf reads what the file of a quarter is made of, in an order that never changes.
func periodsOf(tx *pg.Tx, scope access.Scope, report participation.Quarter, asOf civil.Date) ([]period, error) {
	list, err := pg.List[period](tx, pirlQuery+scope.Where()+` order by p.export_id, c.started_on, c.id limit 1000000`,
		pg.Args{"until": report.Last(), "since": report.Add(-9).First()}.In(scope, tx))
	for i := range list {
		list[i].Observation, list[i].asOf, list[i].until = i+1, asOf, report.Last()
	}
	return list, err
}

// write makes the file: no header line, one line a period, columns in the order of the layout.
func write(columns []Column, periods []period) (string, error) {
	var b strings.Builder
	out := csv.NewWriter(&b)
	for i := range periods {
		line := make([]string, len(columns))
		for n, c := range columns {
			line[n] = c.cell(&periods[i])
		}
		if err := out.Write(line); err != nil {
			return "", err
		}
	}
	out.Flush()
	return b.String(), out.Error()
}

// cell derives one value and cuts it to the column. Text that a spreadsheet would run loses its sign.
func (c Column) cell(p *period) string {
	key, rest, _ := strings.Cut(c.Derive, ".")
	v := derivations[key](p, strings.Split(rest, "."))
	if c.Type == "AN" {
		v = strings.TrimLeft(v, "=+-@\t\r\n ")
	}
	if r := []rune(v); len(r) > c.Length {
		v = string(r[:c.Length])
	}
	return v
}

func compact(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d%02d%02d", d.Year(), int(d.Month()), d.Day())
}
