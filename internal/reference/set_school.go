package reference

import (
	"regexp"
	"strconv"
	"strings"
)

func schoolSets() []set {
	return []set{programSet(), crosswalkSet(), institutionSet(), completionSet()}
}

// retired are the actions of codes that are no longer given out.
func retired(action string) bool {
	a := strings.ReplaceAll(strings.ToLower(action), "_", " ")
	return strings.HasPrefix(a, "moved from") || strings.HasPrefix(a, "deleted")
}

func programSet() set {
	read := each(func(r *Row, put put) error {
		return put(r.code("cip", cipForm), r.need("title"), !retired(r.text("action")))
	})
	return set{
		name: "cip", table: "programs", columns: []string{"cip", "title", "valid"}, key: []string{"cip"}, credit: "nces_cip",
		layouts: []layout{
			{
				publisher,
				[]part{{named(`cipcode(\d{4})\.(?:csv|txt|tsv|xlsx)`), []column{col("cip", "CIPCode"), col("title", "CIPTitle"), col("action", "Action")}}},
				read,
				byName(`cipcode(\d{4})`, "$1", ""),
			},
			{bundled, []part{{named(`cip_2020\.csv`), []column{col("cip", "cip_code"), col("title"), col("action")}}}, read, fixed("2020")},
		},
	}
}

// crosswalkSet joins programs and occupations; the publisher's lines without a match are left out.
func crosswalkSet() set {
	read := each(func(r *Row, put put) error {
		cip, soc := r.code("cip", cipForm), r.code("soc", socForm)
		if cip == "99.9999" || soc == "99-9999" {
			return nil
		}
		return put(cip, soc)
	})
	return set{
		name: "cip_soc", table: "program_occupations", columns: []string{"cip", "soc"}, key: []string{"cip", "soc"}, credit: "nces_cip",
		layouts: []layout{
			{
				publisher,
				[]part{{named(`cip\d{4}_soc\d{4}_crosswalk\.(?:csv|txt|tsv|xlsx)`), []column{col("cip", `~^cip\d{4}code$`), col("soc", `~^soc\d{4}code$`)}}},
				read,
				byName(`cip(\d{4})_soc(\d{4})`, "CIP $1, SOC $2", ""),
			},
			{bundled, []part{{named(`cip_soc_crosswalk\.csv`), []column{col("cip", "cip_code"), col("soc", "soc2018_code")}}}, read, fixed("CIP 2020, SOC 2018")},
		},
	}
}

func institutionSet() set {
	read := each(func(r *Row, put put) error {
		state := r.text("state")
		if state != "" {
			state = r.code("state", stateForm) // a few closed schools have none
		}
		return put(r.code("unitid", unitForm), r.need("name"), r.text("city"), state, r.text("county"), sectorOf(r.text("sector")))
	})
	return set{
		name: "ipeds_institutions", table: "institutions", columns: []string{"unitid", "name", "city", "state", "county", "sector"}, key: []string{"unitid"}, credit: "nces_ipeds",
		layouts: []layout{
			{publisher, []part{{named(`hd(\d{4})\.(?:csv|txt|tsv|xlsx)`), []column{
				col("unitid", "UNITID"), col("name", "INSTNM"), col("city", "CITY"), col("state", "STABBR"), col("county", "COUNTYCD"), col("sector", "SECTOR"),
			}}}, read, byName(`hd(\d{4})`, "$1", "")},
			{bundled, []part{{named(`ipeds_institutions\.csv`), []column{
				col("unitid"), col("name"), col("city"), col("state"), col("county", "county_fips"), col("sector"),
			}}}, read, fixed("2023")},
		},
	}
}

// sectorOf turns IPEDS's number into a code; other words stay.
func sectorOf(s string) string {
	names := []string{"", "public_4yr", "private_nonprofit_4yr", "private_forprofit_4yr", "public_2yr", "private_nonprofit_2yr", "private_forprofit_2yr", "public_lt2yr", "private_nonprofit_lt2yr", "private_forprofit_lt2yr"}
	if n, err := strconv.Atoi(s); err == nil {
		if n > 0 && n < len(names) {
			return names[n]
		}
		return ""
	}
	return s
}

// awards are IPEDS's levels of award.
var awards = map[int]string{
	20: "cert_lt_12wk", 21: "cert_12wk_1yr", 2: "cert_1_2yr", 3: "associate", 4: "cert_2_4yr", 5: "bachelor", 6: "postbacc_cert", 7: "master", 8: "postmaster_cert",
	17: "doctor_research", 18: "doctor_professional", 19: "doctor_other",
}

var awardForm = regexp.MustCompile(`^[a-z0-9_]{2,30}$`)

func completionSet() set {
	columns := []string{"unitid", "cip", "award", "awards"}
	return set{
		name: "ipeds_completions", table: "completions", columns: columns, key: columns[:3], credit: "nces_ipeds",
		layouts: []layout{
			{publisher, []part{{named(`c(\d{4})_a(?:_rv)?\.(?:csv|txt|tsv|xlsx)`), []column{
				col("unitid", "UNITID"), col("cip", "CIPCODE"), col("major", "MAJORNUM"), col("award", "AWLEVEL"), col("awards", "CTOTALT"),
			}}}, each(ownCompletion), byName(`c(\d{4})_a`, "awards to June $1", "")},
			{bundled, []part{{named(`ipeds_completions_institution_2023\.csv`), []column{
				col("unitid"), col("cip", "cip_code"), col("award", "award_level"), col("awards"),
			}}}, each(func(r *Row, put put) error {
				return put(r.code("unitid", unitForm), r.code("cip", cipForm), r.code("award", awardForm), r.whole("awards", 1, 1_000_000))
			}), fixed("awards to June 2023")},
		},
	}
}

// ownCompletion keeps first majors in six-digit programs.
func ownCompletion(r *Row, put put) error {
	cip := r.code("cip", cipForm)
	if r.text("major") != "1" || cip == "99" || len(cip) != 7 {
		return nil
	}
	level := r.whole("award", 1, 30)
	name, ok := awards[level]
	if !ok {
		return nil // levels that IPEDS has withdrawn
	}
	n := r.whole("awards", 0, 1_000_000)
	if n == 0 {
		return nil
	}
	return put(r.code("unitid", unitForm), cip, name, n)
}
