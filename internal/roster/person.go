package roster

import (
	"slices"
	"strings"

	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/intake"
	"waymark/internal/participant"
)

// person is one line as it will be entered.
type person struct {
	participant.Input
	ssn             intake.SSN
	office, manager string // as the file names them
	opened          civil.Date
}

// personOf reads a line; everything wrong with it is said at once.
func personOf(r row, today civil.Date) (p person, err error) {
	var c errs.Collector
	get := func(name string) string { return r.cells[name] }
	date := func(name string) civil.Date {
		d, err := civil.ParseTyped(get(name), today)
		if err != nil && get(name) != "" {
			c.Add(name, "date")
		}
		return d
	}
	p = person{office: get("office"), manager: strings.ToLower(get("case_manager")), opened: date("opened_on")}
	p.Input = participant.Input{
		FirstName: get("first_name"), MiddleName: get("middle_name"), LastName: get("last_name"), PreferredName: get("preferred_name"), PriorNames: get("prior_names"),
		BirthDate: date("birth_date"), Phone: get("phone"), TextsOK: yes(&c, r, "texts_ok"), SafeMessage: yes(&c, r, "safe_to_leave_message"), BestTime: get("best_time"),
		Email: get("email"), Street: get("street"), City: get("city"), State: strings.ToUpper(get("state")), ZIP: zip(get("zip")), County: get("county_fips"),
		Language: language(&c, get("language")), Interpreter: yes(&c, r, "interpreter"),
	}
	if err := c.Merge(participant.Check(&p.Input, today)); err != nil {
		return p, err
	}
	if text := get("ssn"); text != "" {
		var wrong error
		if p.ssn, wrong = intake.ParseSSN(text); wrong != nil {
			if err := c.Merge(wrong); err != nil {
				return p, err
			}
		}
	}
	return p, c.Err()
}

// yes reads what people write for yes and no.
func yes(c *errs.Collector, r row, name string) bool {
	switch strings.ToLower(r.cells[name]) {
	case "yes", "y", "true", "t", "1", "x", "sí", "si":
		return true
	case "", "no", "n", "false", "f", "0":
	default:
		c.Add(name, "import.yes_no")
	}
	return false
}

// zip drops the four digits that a spreadsheet may have added, and puts back the zeros that it took away.
func zip(text string) string {
	five, _, _ := strings.Cut(text, "-")
	if n := len(five); n > 0 && n < 5 && strings.Trim(five, "0123456789") == "" {
		five = strings.Repeat("0", 5-n) + five
	}
	return five
}

// language takes a code or a name.
func language(c *errs.Collector, text string) string {
	all, _ := intake.Languages()
	i := slices.IndexFunc(all, func(l intake.Coded) bool {
		return strings.EqualFold(l.Code, text) || strings.EqualFold(l.Name.EN, text) || strings.EqualFold(l.Name.ES, text)
	})
	if text != "" && i < 0 {
		c.Add("language", "import.language")
	}
	if i < 0 {
		return ""
	}
	return all[i].Code
}
