package roster

import (
	"slices"
	"strings"
	"unicode"

	"waymark/internal/errs"
)

// known lists the columns by the name that Waymark has for them, each with what else it is called.
var known = []struct {
	name string
	also []string
}{
	{"first_name", []string{"first", "firstname", "given_name", "fname"}},
	{"middle_name", []string{"middle", "middlename", "mi", "middle_initial"}},
	{"last_name", []string{"last", "lastname", "surname", "family_name", "lname"}},
	{"preferred_name", []string{"preferred", "nickname", "goes_by"}},
	{"prior_names", []string{"maiden_name", "former_names", "other_names"}},
	{"birth_date", []string{"dob", "date_of_birth", "birthdate", "birthday"}},
	{"ssn", []string{"social_security_number", "social_security", "ss_number"}},
	{"phone", []string{"telephone", "phone_number", "mobile", "cell", "cell_phone", "home_phone"}},
	{"texts_ok", []string{"sms_ok", "text_ok", "texting"}},
	{"safe_to_leave_message", []string{"voicemail_ok", "message_ok"}},
	{"best_time", []string{"best_time_to_call"}},
	{"email", []string{"e_mail", "email_address", "e_mail_address"}},
	{"street", []string{"address", "address_1", "address1", "street_address"}},
	{"city", []string{"town"}},
	{"state", nil},
	{"zip", []string{"zip_code", "zipcode", "postal_code"}},
	{"county_fips", []string{"county"}},
	{"language", []string{"preferred_language"}},
	{"interpreter", []string{"needs_interpreter", "interpreter_needed"}},
	{"office", []string{"site", "location"}},
	{"case_manager", []string{"case_manager_email", "manager", "worker"}},
	{"opened_on", []string{"case_opened", "opened", "enrolled_on", "start_date"}},
}

// Names lists the columns that a file may have.
func Names() []string {
	list := make([]string, len(known))
	for i, k := range known {
		list[i] = k.name
	}
	return list
}

// columnsOf finds what each heading is for. Unknown and doubled ones are refused together, and so is a
// file without names.
func columnsOf(head, ignore []string) (list []Column, err error) {
	var c errs.Collector
	left := make([]string, len(ignore))
	for i, name := range ignore {
		left[i] = plain(name)
	}
	taken := map[string]bool{}
	for i, h := range head {
		col := Column{Number: i + 1, Heading: strings.TrimSpace(h)}
		switch name := nameOf(plain(h)); {
		case slices.Contains(left, plain(h)):
		case name == "":
			c.AddArgs(col.label(), "import.column_unknown", map[string]any{"param": strings.Join(Names(), ", ")})
		case taken[name]:
			c.AddArgs(col.label(), "import.column_twice", map[string]any{"param": name})
		default:
			col.For, taken[name] = name, true
		}
		list = append(list, col)
	}
	for _, must := range []string{"first_name", "last_name"} {
		if !taken[must] {
			c.Add(must, "import.column_missing")
		}
	}
	return list, c.Err()
}

// label names a column in a refusal.
func (c Column) label() string {
	if c.Heading == "" || strings.ContainsFunc(c.Heading, unicode.IsControl) || len(c.Heading) > 80 {
		return "?"
	}
	return c.Heading
}

func nameOf(heading string) string {
	for _, k := range known {
		if k.name == heading || slices.Contains(k.also, heading) {
			return k.name
		}
	}
	return ""
}

// plain makes "Date of birth" date_of_birth.
func plain(heading string) string {
	words := strings.FieldsFunc(strings.ToLower(heading), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "_")
}
