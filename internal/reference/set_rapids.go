package reference

import (
	"regexp"
	"strconv"
	"strings"
)

// rapidsSet lists the occupations with registered apprenticeships. Codes come several times, with
// other titles or hours, and once the very same row does.
func rapidsSet() set {
	columns := []string{"code", "title", "training", "hours_min", "hours_max", "soc"}
	return set{
		name: "rapids", table: "apprenticeships", columns: columns, key: columns, merges: true, credit: "rapids",
		layouts: []layout{
			{publisher, []part{{named(`apprenticeship[-_]occupations\.(?:csv|txt|tsv|xlsx)`), []column{
				col("code", "RAPIDS CODE"), col("soc", "ONET SOC CODE"), col("title", "RAPIDS TITLE"), col("time_based", "TIME-BASED"), col("hybrid", "HYBRID"), col("competency_based", "COMPETENCY-BASED"),
			}}}, each(ownApprenticeship), fixed("as downloaded")},
			{bundled, []part{{named(`rapids_occupations_2019\.csv`), []column{
				col("code", "rapids_code"), col("title"), col("training", "training_type"), col("min", "term_hours_min"), col("max", "term_hours_max"), col("socs", "onetsoc_2019_codes"), col("military", "military_only"),
			}}}, each(bundledApprenticeship), fixed("September 2019")},
		},
	}
}

var rapidsForm = regexp.MustCompile(`^\d{4}[A-Z0-9-]{0,10}$`)

func bundledApprenticeship(r *Row, put put) error {
	if r.text("military") == "Y" {
		return nil
	}
	training := r.need("training")
	if !strings.Contains(" time_based hybrid competency_based ", " "+training+" ") {
		r.bad("training", "%q is not a kind of apprenticeship", clip(training))
	}
	for soc := range strings.SplitSeq(r.text("socs"), "|") {
		if soc != "" && !onetForm.MatchString(soc) {
			r.bad("socs", "%q is not a code of the right form", clip(soc))
		}
		if err := put(r.code("code", rapidsForm), r.need("title"), training, r.hours("min"), r.hours("max"), soc); err != nil {
			return err
		}
	}
	return nil
}

// hours is a term, -1 when the list gives none.
func (r *Row) hours(col string) int {
	if r.text(col) == "" {
		return -1
	}
	return r.whole(col, 0, 50_000)
}

var digits = regexp.MustCompile(`\d+`)

// ownApprenticeship makes one row of each kind of training that the list names. The cell holds hours,
// a range of them, or only a mark.
func ownApprenticeship(r *Row, put put) error {
	soc := r.text("soc")
	if !onetForm.MatchString(soc) {
		soc = ""
	}
	for _, training := range []string{"time_based", "hybrid", "competency_based"} {
		cell := r.text(training)
		if cell == "" || strings.EqualFold(cell, "n") || strings.EqualFold(cell, "no") {
			continue
		}
		low, high := -1, -1
		for _, d := range digits.FindAllString(strings.ReplaceAll(cell, ",", ""), 2) {
			if high, _ = strconv.Atoi(d); low < 0 {
				low = high
			}
		}
		if high > 50_000 {
			r.bad(training, "%q cannot be hours", clip(cell))
		}
		if err := put(r.code("code", rapidsForm), r.need("title"), training, low, high, soc); err != nil {
			return err
		}
	}
	return nil
}
