package reference

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// payColumns are the columns of pay of our table, with BLS's own names for them.
var payColumns = [][2]string{
	{"h_mean", "H_MEAN"},
	{"h_p10", "H_PCT10"},
	{"h_p25", "H_PCT25"},
	{"h_median", "H_MEDIAN"},
	{"h_p75", "H_PCT75"},
	{"h_p90", "H_PCT90"},
	{"a_mean", "A_MEAN"},
	{"a_p10", "A_PCT10"},
	{"a_p25", "A_PCT25"},
	{"a_median", "A_MEDIAN"},
	{"a_p75", "A_PCT75"},
	{"a_p90", "A_PCT90"},
}

func wageColumns() []string {
	list := []string{"area", "area_name", "code", "year", "employment"}
	for _, c := range payColumns {
		list = append(list, c[0])
	}
	return append(list, "topped")
}

var fourDigits = regexp.MustCompile(`\d{4}`)

// yearIn is the year of a vintage, "May 2025".
func yearIn(vintage string) int {
	n, _ := strconv.Atoi(fourDigits.FindString(vintage))
	return n
}

// wageRow is one occupation's pay in an area. A column that the layout lacks is unknown.
func wageRow(r *Row, put put, area, areaName string, year int) error {
	values := []any{area, areaName, r.code("code", socForm), year, r.count("employment", 1)}
	topped, any1 := false, false
	for _, c := range payColumns {
		v := r.cents(c[0])
		any1 = any1 || v != nil
		topped = topped || r.text(c[0]) == topcode
		values = append(values, v)
	}
	if !any1 && !topped {
		return nil // everything suppressed: nothing is known
	}
	return put(append(values, topped)...)
}

// ownWages reads a publisher's workbook: detailed occupations and the total, all industries.
func ownWages(areas string) func(string) reader {
	return func(vintage string) reader {
		year := yearIn(vintage)
		return func(r *Row, put put) error {
			if r == nil || !strings.Contains(" detailed total ", " "+strings.ToLower(r.text("group"))+" ") {
				return nil
			}
			if g := r.text("industry"); g != "" && g != "cross-industry" {
				return nil
			}
			area := r.need("area")
			switch kind := r.text("kind"); {
			case areas == "nation":
				area = "US"
			case areas == "state" && (kind == "2" || kind == "3"):
				area = r.code("state", stateForm)
			case areas == "local" && (kind == "4" || kind == "6"):
			default:
				return nil
			}
			return wageRow(r, put, area, r.need("area_name"), year)
		}
	}
}

func ownWageLayout(files, areas string) layout {
	columns := []column{
		col("area", "AREA"), col("area_name", "AREA_TITLE"), col("kind", "AREA_TYPE"), col("state", "PRIM_STATE"), col("industry?", "I_GROUP"), col("code", "OCC_CODE"),
		col("group", "O_GROUP"), col("employment", "TOT_EMP"),
	}
	for _, c := range payColumns {
		columns = append(columns, col(c[0], c[1]))
	}
	return layout{
		publisher, []part{{named(files + `_m\d{4}_dl\.(?:csv|txt|tsv|xlsx)`), columns}, {named(`bos_m\d{4}_dl\.(?:csv|txt|tsv|xlsx)`), columns}}[:parts(areas)],
		ownWages(areas), byName(`_m(\d{4})_dl`, "May $1", ""),
	}
}

// parts says that only local areas come in two files, metropolitan and the balance of states.
func parts(areas string) int {
	if areas == "local" {
		return 2
	}
	return 1
}

func bundledWages(name string, vintage string, areaOf func(*Row) string, columns ...column) layout {
	return layout{
		bundled,
		[]part{{named(name + `\.csv`), append(columns, col("code", "occ_code"))}},
		func(vintage string) reader {
			return each(func(r *Row, put put) error { a := areaOf(r); return wageRow(r, put, a, a, yearIn(vintage)) })(vintage)
		},
		fixed(vintage),
	}
}

func blsSets() []set {
	wages := func(name string, layouts ...layout) set {
		return set{name: name, table: "wages", columns: wageColumns(), key: []string{"area", "code"}, tagged: true, credit: "bls_oews", layouts: layouts}
	}
	nation := []column{col("group", "occ_group"), col("employment")}
	for _, c := range payColumns {
		nation = append(nation, col(c[0]))
	}
	state := func(r *Row) string { return r.code("state", stateForm) }
	national := bundledWages("oews_national_2025", "May 2025", func(*Row) string { return "US" }, nation...)
	inner := national.reader
	national.reader = func(vintage string) reader {
		read := inner(vintage)
		return func(r *Row, put put) error {
			if r != nil && r.text("group") != "detailed" && r.text("group") != "total" {
				return nil
			}
			return read(r, put)
		}
	}
	return []set{
		wages("oews_national", ownWageLayout("national", "nation"), national),
		wages("oews_state", ownWageLayout("state", "state"), bundledWages("oews_state_median_2025", "May 2025", state, col("state"), col("h_median"), col("a_median"))),
		wages("oews_local", ownWageLayout("msa", "local")),
		wages("oews_state_mean", bundledWages("oews_state_mean_2023", "May 2023", state, col("state"), col("h_mean"), col("a_mean"))),
		projectionSet(),
	}
}

// educations, experiences and trainings are BLS's words and our codes.
var (
	educations = map[string]string{
		"No formal educational credential": "none", "High school diploma or equivalent": "high_school", "Some college, no degree": "some_college",
		"Postsecondary nondegree award": "certificate", "Associate's degree": "associate", "Bachelor's degree": "bachelor", "Master's degree": "master",
		"Doctoral or professional degree": "doctoral",
	}
	experiences = map[string]string{"None": "none", "Less than 5 years": "under_5", "5 years or more": "over_5"}
	trainings   = map[string]string{
		"None": "none", "Short-term on-the-job training": "short", "Moderate-term on-the-job training": "moderate", "Long-term on-the-job training": "long",
		"Internship/residency": "residency", "Apprenticeship": "apprenticeship",
	}
)

// coded turns a publisher's words into our code; an empty cell is given as otherwise.
func (r *Row) coded(col string, codes map[string]string, otherwise string) string {
	s := strings.ReplaceAll(r.text(col), "’", "'")
	if s == "" || s == "—" || s == "-" {
		return otherwise
	}
	code, ok := codes[s]
	if !ok {
		r.bad(col, "%q is not one of the publisher's words that this program knows", clip(s))
	}
	return code
}

// detailed and total are the two kinds of lines that are kept.
func kept(kind, code string) bool { return code == "00-0000" || !strings.EqualFold(kind, "summary") }

func projectionRow(r *Row, put put, years string, none string) error {
	code := r.text("code")
	if !socForm.MatchString(code) && r.text("kind") == "" {
		return nil // a footnote under the table
	}
	code = r.code("code", socForm)
	if !kept(r.text("kind"), code) {
		return nil
	}
	growth := r.number("growth")
	if growth != nil {
		growth = new(math.Round(*growth*10) / 10)
	}
	return put(code, r.need("title"), years, r.count("employment", 1000), optional(growth), r.count("openings", 1000),
		r.coded("education", educations, ""), r.coded("experience", experiences, none), r.coded("training", trainings, none))
}

func projectionSet() set {
	years := "2024-2034"
	return set{
		name: "projections", table: "projections", columns: []string{"code", "title", "years", "employment", "growth", "openings", "education", "experience", "training"}, key: []string{"code"}, credit: "bls_ep",
		layouts: []layout{
			{publisher, []part{{named(`occupation(?:[ _]?\d{4}-\d{4})?\.(?:csv|txt|tsv|xlsx)`), []column{
				col("title", `~^\d{4} national employment matrix title$`), col("code", `~^\d{4} national employment matrix code$`), col("kind", "Occupation type"),
				col("employment", `~^employment, (\d{4})$`), col("growth", `~^employment change, percent, \d{4}[-–]\d{2,4}$`),
				col("openings", `~^occupational openings, \d{4}[-–]\d{2,4} annual average`), col("education", `~^typical education needed for entry`),
				col("experience", `~^work experience in a related occupation`), col("training", `~^typical on-the-job training`),
			}}}, each(ownProjections), inColumn("years")},
			{bundled, []part{{named(`ep_occupations_2024_2034\.csv`), []column{
				col("title", "occ_title"), col("code", "occ_code"), col("kind", "occ_type"), col("employment", "employment_2024_k"), col("growth", "change_pct"),
				col("openings", "annual_openings_k"), col("education", "typical_entry_education"), col("experience", "related_work_experience"), col("training", "on_the_job_training"),
			}}}, each(func(r *Row, put put) error { return projectionRow(r, put, years, "none") }), fixed(years)},
		},
	}
}

// ownProjections takes the years from the header: "Employment change, percent, 2024–34".
func ownProjections(r *Row, put put) error {
	return projectionRow(r, put, spanOf(r.heads["growth"]), "")
}

var span = regexp.MustCompile(`(\d{2})(\d{2})[-–](?:\d{2})?(\d{2})`)

func spanOf(header string) string {
	m := span.FindStringSubmatch(header)
	if m == nil {
		return ""
	}
	return m[1] + m[2] + "-" + m[1] + m[3]
}
