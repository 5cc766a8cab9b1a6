package agency

import (
	"fmt"
	"strconv"
	"strings"

	"waymark/internal/errs"
	"waymark/internal/money"
)

// Law are the rules of eligibility and of assessments that nobody has verified here (decisions.md
// "Unverified law"): dated settings, whose first edition stands in domain.md 1.1 to 1.3.
type Law struct {
	AdultAge int
	OSYAge   [2]int // out-of-school youth, least and greatest age
	ISYAge   [2]int // in-school youth
	BSDLevel int
	// SelectiveAge is the last age at which somebody can still register; SelectiveAutomatic says that
	// nobody of that age needs proof any more.
	SelectiveAge       int
	SelectiveAutomatic bool
	// LLSIL70 is 70 % of the lower living standard for families of 1 to 6, and what each further person adds.
	// Zero: not loaded.
	LLSIL70     [6]money.Cents
	LLSIL70More money.Cents
	Cuts        Cuts
	NRS         map[string]NRS
}

// NRS says of one instrument whether its results count as gains, and how long to wait between two of them.
type NRS struct {
	Approved   bool
	RetestDays int // 0: no rule on file
}

// Cuts are the scores at which the levels of a test begin, and the highest score that there is, by the
// key "<instrument>_<subject>".
type Cuts map[string][7]int

// firstCuts are the cut scores of domain.md 1.3.
var firstCuts = []struct{ test, scores string }{
	{"tabe_11_12_reading", "300 442 501 536 576 617 800"},
	{"tabe_11_12_mathematics", "300 449 496 537 596 657 800"},
	{"tabe_11_12_language", "300 458 511 547 584 631 800"},
	{"casas_goals_reading", "0 204 217 228 239 249 300"},
	{"casas_goals_mathematics", "0 194 204 215 226 236 300"},
	{"casas_steps_listening", "0 182 192 202 212 222 300"},
	{"casas_steps_reading", "0 184 197 207 217 228 238"},
}

// nrsInstruments are those whose gains are measured on the levels of the NRS.
var nrsInstruments = []string{"tabe_11_12", "casas_goals", "casas_steps"}

// FirstCuts are the cut scores that hold where an agency has set none.
func FirstCuts() Cuts {
	cuts := Cuts{}
	for _, c := range firstCuts {
		cuts[c.test], _ = scoresOf(c.scores)
	}
	return cuts
}

// lawSettings are the law's part of the registry.
func lawSettings() []Setting {
	list := []Setting{
		{Key: "adult_age", Kind: Number, Min: 16, Max: 25, Default: always("18")},
		{Key: "osy_age_least", Kind: Number, Min: 14, Max: 24, Default: always("16")},
		{Key: "osy_age_most", Kind: Number, Min: 16, Max: 30, Default: always("24")},
		{Key: "isy_age_least", Kind: Number, Min: 12, Max: 21, Default: always("14")},
		{Key: "isy_age_most", Kind: Number, Min: 14, Max: 30, Default: always("21")},
		{Key: "bsd_level", Kind: Number, Min: 0, Max: 6, Default: always("4")},
		{Key: "selective_service_age", Kind: Number, Min: 18, Max: 40, Default: always("25")},
		{Key: "selective_service_automatic", Kind: Choice, Choices: []string{"no", "yes"}, Default: always("no")},
	}
	for _, key := range []string{"llsil70_1", "llsil70_2", "llsil70_3", "llsil70_4", "llsil70_5", "llsil70_6", "llsil70_more"} {
		list = append(list, Setting{Key: key, Kind: Amount, Max: 200_000_00, Default: always("0")})
	}
	for _, i := range nrsInstruments {
		list = append(list,
			Setting{Key: "nrs_" + i, Kind: Choice, Choices: []string{"yes", "no"}, Default: always("yes")},
			Setting{Key: "retest_" + i, Kind: Number, Max: 365, Default: always("0")})
	}
	for _, c := range firstCuts {
		list = append(list, Setting{Key: "cuts_" + c.test, Kind: Cut, Default: always(c.scores)})
	}
	for i := range list {
		list[i].CheckWithState = true
	}
	return list
}

func lawOf(held map[string]string) Law {
	number := func(key string) int { n, _ := strconv.Atoi(held[key]); return n }
	l := Law{
		AdultAge: number("adult_age"), OSYAge: [2]int{number("osy_age_least"), number("osy_age_most")}, ISYAge: [2]int{number("isy_age_least"), number("isy_age_most")},
		BSDLevel: number("bsd_level"), SelectiveAge: number("selective_service_age"), SelectiveAutomatic: held["selective_service_automatic"] == "yes",
		LLSIL70More: money.Cents(number("llsil70_more")), Cuts: Cuts{}, NRS: map[string]NRS{},
	}
	for i := range l.LLSIL70 {
		l.LLSIL70[i] = money.Cents(number("llsil70_" + strconv.Itoa(i+1)))
	}
	for _, i := range nrsInstruments {
		l.NRS[i] = NRS{held["nrs_"+i] == "yes", number("retest_" + i)}
	}
	for _, c := range firstCuts {
		l.Cuts[c.test], _ = scoresOf(held["cuts_"+c.test])
	}
	return l
}

// scoresOf reads seven whole numbers that rise.
func scoresOf(text string) (scores [7]int, err error) {
	words := strings.Fields(strings.ReplaceAll(text, ",", " "))
	if len(words) != len(scores) {
		return scores, errs.At("value", "cut_scores")
	}
	for i, w := range words {
		n, err := strconv.Atoi(w)
		if err != nil || n < 0 || n > 1000 || i > 0 && n <= scores[i-1] {
			return scores, errs.At("value", "cut_scores")
		}
		scores[i] = n
	}
	return scores, nil
}

// writeScores writes them as they are stored.
func writeScores(scores [7]int) string { return strings.Trim(fmt.Sprint(scores), "[]") }
