package intake

import (
	"strconv"

	"waymark/internal/intake"
	"waymark/internal/page"
)

// control is one question: how it is asked and its words.
type control struct {
	kind  string // input, pay, date, area, select, radios, row, checks
	field page.Field
}

// group is a part of a section under its own heading.
type group struct {
	title    string
	lead     string
	controls []control
}

// Lists are the choices that are data.
type Lists struct{ Languages, States, Areas []page.Option }

// asker makes the controls of one form.
type asker struct {
	f     page.Form
	lists Lists
}

func (a asker) text(name string) control { return control{"input", a.f.Field(name)} }
func (a asker) opt(name string) control  { return control{"input", a.f.Field(name).Opt()} }
func (a asker) date(name string) control { return control{"date", a.f.Field(name)} }
func (a asker) optDate(name string) control {
	return control{"date", a.f.Field(name).Opt()}
}

func (a asker) number(name string, size int) control {
	return control{"input", a.f.Field(name).Numeric(size)}
}

func (a asker) area(name string, rows int) control {
	return control{"area", a.f.Field(name).Opt().Tall(rows)}
}

func (a asker) choose(name string, values ...string) control {
	return control{"select", a.f.Choice(name, values...)}
}

func (a asker) radios(name string, values ...string) control {
	return control{"radios", a.f.Choice(name, values...)}
}

func (a asker) checks(name string, values ...string) control {
	return control{"checks", a.f.Choice(name, values...).Opt()}
}

// yesNo is a question with yes and no; known adds "nobody knows".
func (a asker) yesNo(name string) control { return control{"row", a.f.ChoiceOf(name, a.said(false))} }

func (a asker) known(name string) control { return control{"row", a.f.ChoiceOf(name, a.said(true))} }

func (a asker) said(unknown bool) []page.Option {
	list := []page.Option{{Value: "yes", Label: a.f.T("form.yes")}, {Value: "no", Label: a.f.T("form.no")}}
	if unknown {
		list = append(list, page.Option{Value: "unknown", Label: a.f.T("intake.unknown")})
	}
	return list
}

func (c control) opt() control { c.field = c.field.Opt(); return c }

// fromPerson says that the value is known from the person's record already.
func (c control) fromPerson(a asker) control {
	if c.field.Value != "" && c.field.Error == "" && a.f.Version == 0 {
		c.field = c.field.Known(a.f.T("intake.from_person"), "")
	}
	return c
}

// groups are the questions of a section.
func groups(f page.Form, name intake.Section, lists Lists) []group {
	a := asker{f, lists}
	switch name {
	case intake.SectionAbout:
		return a.about()
	case intake.SectionContact:
		return a.contact()
	case intake.SectionEducation:
		return a.education()
	case intake.SectionWork:
		return a.work()
	case intake.SectionComputer:
		return a.computer()
	case intake.SectionSupports:
		return a.supports()
	case intake.SectionMoney:
		return a.money()
	}
	return nil
}

func (a asker) group(key string, controls ...control) group {
	return group{a.f.T("intake.group." + key), "", controls}
}

func (a asker) about() []group {
	language := control{"select", a.f.ChoiceOf("language", a.lists.Languages)}
	return []group{
		a.group("name", a.text("first_name").fromPerson(a), a.text("last_name").fromPerson(a), a.opt("middle_name"), a.opt("preferred_name"),
			a.opt("prior_names"), a.date("birth_date").fromPerson(a)),
		a.group("language", language.fromPerson(a), a.yesNo("interpreter")),
		a.group("right_to_work", a.known("work_authorized"), a.opt("work_auth_type"), a.opt("work_auth_last4"), a.date("work_auth_verified_on"), a.optDate("work_auth_expires"),
			a.radios("selective_service", "registered", "not_required", "exempt", "failed_not_knowing", "failed_knowing", "unknown")),
		a.group("veteran", a.known("veteran"), a.known("eligible_spouse"), a.optDate("separated_on"), a.known("served_180_days_or_less").opt(),
			a.known("disabled_veteran").opt(), a.known("campaign_veteran").opt()),
	}
}

func (a asker) contact() []group {
	phone := a.text("phone")
	phone.field = phone.field.Typed("tel", "off")
	email := a.opt("email")
	email.field = email.field.Typed("email", "off")
	zip := a.number("zip", 6).opt()
	county := a.number("county_fips", 4).opt()
	states := control{"select", a.f.ChoiceOf("state", a.lists.States)}
	return []group{
		a.group("reach", phone.fromPerson(a), email.fromPerson(a), a.yesNo("texts_ok"), a.yesNo("safe_to_leave_message"), a.opt("best_time"), a.yesNo("no_contact").opt()),
		a.group("home", a.radios("housing", "own", "rent", "family", "shelter", "none", "other"), a.text("street"), a.text("city"), states, zip, county),
	}
}

func (a asker) education() []group {
	grades := []string{"12", "11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1", "0"}
	return []group{
		a.group("school", a.radios("education", "0", "1", "2", "3", "4", "5", "6", "7", "8"), a.choose("school_grade", grades...).opt(),
			a.radios("school_status", "1", "2", "3", "4", "5", "6"), a.yesNo("earned_abroad").opt(),
			a.checks("help_learn", "evening", "online", "near_home", "reading", "math", "extra_time"), a.area("learning_goals", 2)),
		a.group("english", a.radios("english", "comfortable", "some", "little")),
	}
}

func (a asker) work() []group {
	list := []group{
		a.group("now", a.radios("employment", "1", "2", "0", "3"), a.choose("uc_status", "0", "1", "2", "3", "4", "5"), a.date("unemployed_since").opt(), a.pay("needed_hourly")),
		a.group("ended", a.known("laid_off").opt(), a.known("closure").opt(), a.known("unlikely_to_return").opt(), a.known("self_employed_lost").opt()),
	}
	for i := range rows(a.f, "jobs", 5) {
		p := "jobs." + strconv.Itoa(i) + "."
		list = append(list, group{a.f.T("intake.group.job", map[string]any{"number": i + 1}), "", []control{
			a.opt(p + "employer"), a.opt(p + "title"), a.optDate(p + "started_on"), a.optDate(p + "ended_on"),
			a.pay(p + "hourly").opt(), a.number(p+"hours", 5).opt(), a.opt(p + "reason_left"),
		}})
	}
	return append(list, a.group("likes", a.checks("licences", intake.LicenceCodes...), a.opt("other_licences"), a.areas("preferences.first_choice", "select"),
		a.areas("preferences.named", "checks"), a.areas("preferences.experienced", "checks")))
}

// areas offers the pathway areas, which the server puts in words.
func (a asker) areas(name, kind string) control {
	return control{kind, a.f.ChoiceOf(name, a.lists.Areas).Opt()}
}

func (a asker) pay(name string) control { return control{"pay", a.f.Field(name).Numeric(8)} }

func (a asker) computer() []group {
	return []group{a.group("computer", a.radios("device", "computer", "phone", "both", "none"), a.radios("internet", "home", "phone", "elsewhere", "none"),
		a.radios("skill", "comfortable", "some", "little"), a.yesNo("wants_class").opt(),
		a.checks("can", "email", "search", "forms", "documents", "spreadsheets", "video_call"), a.area("note", 2))}
}

func (a asker) supports() []group {
	return []group{a.group("supports", a.radios("transport", "own_car", "bus", "ride", "bike", "none"), a.radios("dependent_care", "none", "arranged", "needed"),
		a.radios("schedule", "days", "evenings", "weekends", "any"), a.opt("helpers"), a.area("accommodation", 3), a.area("note", 2))}
}

func (a asker) money() []group {
	list := []group{a.group("household", a.number("household_size", 4), a.pay("six_month_income").opt(), a.pay("own_six_month_income").opt(), a.number("tanf_months_left", 4).opt())}
	for i := range rows(a.f, "income", 10) {
		p := "income." + strconv.Itoa(i) + "."
		list = append(list, group{a.f.T("intake.group.income", map[string]any{"number": i + 1}), "", []control{
			a.opt(p + "source"), a.pay(p + "gross").opt(), a.choose(p+"period", intake.IncomePeriods...).opt(), {"check", a.f.Field(p + "excluded")},
		}})
	}
	for i := range rows(a.f, "benefits", 10) {
		p := "benefits." + strconv.Itoa(i) + "."
		list = append(list, group{a.f.T("intake.group.benefit", map[string]any{"number": i + 1}), "", []control{
			a.choose(p+"kind", intake.BenefitKinds...).opt(), a.optDate(p + "from_on"), a.optDate(p + "until_on"),
		}})
	}
	barriers := a.group("barriers")
	barriers.lead = a.f.T("intake.group.barriers.lead")
	for _, b := range intake.BarrierFields {
		barriers.controls = append(barriers.controls, a.known(b))
	}
	barriers.controls = append(barriers.controls, a.choose("farmworker", "0", "1", "2", "3", "4", "5"))
	return append(list, barriers)
}

// rows is how many rows of a list the form offers: those filled and one more.
func rows(f page.Form, list string, most int) int {
	n := 0
	for i := range most {
		for k, v := range f.Values {
			if p := list + "." + strconv.Itoa(i) + "."; len(k) > len(p) && k[:len(p)] == p && len(v) > 0 && v[0] != "" && v[0] != "no" {
				n = i + 1
			}
		}
	}
	return min(n+1, most)
}
