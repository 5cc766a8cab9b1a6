package ownwords

import (
	"strconv"

	"waymark/internal/intake"
	"waymark/internal/page"
)

// question is one control, or a heading when it has a title.
type question struct {
	kind  string // input, date, area, select, radios, row, checks
	field page.Field
	title string
	lead  string
}

// asker makes the questions of one form in plain words.
type asker struct {
	f page.Form
	l Lists
}

// Lists are the choices that are data.
type Lists struct{ Languages, States []page.Option }

func (a asker) text(name string) question { return question{kind: "input", field: a.f.Field(name)} }

func (a asker) number(name string, size int) question {
	return question{kind: "input", field: a.f.Field(name).Numeric(size)}
}

func (a asker) typed(name, kind, complete string) question {
	return question{kind: "input", field: a.f.Field(name).Typed(kind, complete)}
}

func (a asker) date(name string) question { return question{kind: "date", field: a.f.Field(name)} }

func (a asker) area(name string) question {
	return question{kind: "area", field: a.f.Field(name).Tall(3)}
}

func (a asker) choose(name string, values ...string) question {
	return question{kind: "select", field: a.f.Choice(name, values...)}
}

func (a asker) radios(name string, values ...string) question {
	return question{kind: "radios", field: a.f.Choice(name, values...)}
}

func (a asker) checks(name string, values ...string) question {
	return question{kind: "checks", field: a.f.Choice(name, values...)}
}

func (a asker) yes(name string) question {
	return question{kind: "row", field: a.f.ChoiceOf(name, a.f.Options("own", "yes", "no"))}
}

func (a asker) known(name string) question {
	return question{kind: "row", field: a.f.ChoiceOf(name, a.f.Options("own", "yes", "no", "unknown"))}
}

// questions are those of one section.
func questions(f page.Form, name intake.Section, l Lists) []question {
	a := asker{f, l}
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

func (a asker) about() []question {
	return []question{
		a.typed("preferred_name", "text", "nickname"), a.date("birth_date"),
		{kind: "select", field: a.f.ChoiceOf("language", a.l.Languages)},
		a.yes("interpreter"), a.known("work_authorized"), a.known("veteran"), a.known("eligible_spouse"),
	}
}

func (a asker) contact() []question {
	return []question{
		a.typed("phone", "tel", "tel"), a.yes("texts_ok"), a.yes("safe_to_leave_message"), a.text("best_time"), a.typed("email", "email", "email"),
		a.radios("housing", "own", "rent", "family", "shelter", "none", "other"),
		a.typed("street", "text", "street-address"), a.typed("city", "text", "address-level2"),
		{kind: "select", field: a.f.ChoiceOf("state", a.l.States)},
		a.number("zip", 6),
	}
}

func (a asker) education() []question {
	grades := []string{"12", "11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1", "0"}
	return []question{
		a.radios("education", "0", "1", "2", "3", "4", "5", "6", "7", "8"), a.choose("school_grade", grades...),
		a.radios("school_status", "1", "2", "3", "4", "5"), a.yes("earned_abroad"), a.radios("english", "comfortable", "some", "little"),
		a.checks("help_learn", "evening", "online", "near_home", "reading", "math", "extra_time"), a.area("learning_goals"),
	}
}

// jobs is how many jobs a participant is asked about.
const jobs = 3

func (a asker) work() []question {
	list := []question{
		a.radios("employment", "1", "2", "0", "3"), a.date("unemployed_since"), a.radios("uc_status", "0", "3", "4"), a.known("laid_off"),
		a.number("needed_hourly", 8), a.checks("licences", intake.LicenceCodes...), a.text("other_licences"),
	}
	for i := range jobs {
		p := "jobs." + strconv.Itoa(i) + "."
		head := question{title: a.f.T("own.job", map[string]any{"number": i + 1})}
		if i == 0 {
			head.lead = a.f.T("own.job.lead")
		}
		list = append(list, head, a.text(p+"title"), a.text(p+"employer"), a.date(p+"started_on"), a.date(p+"ended_on"), a.number(p+"hourly", 8), a.number(p+"hours", 5))
	}
	return list
}

func (a asker) computer() []question {
	return []question{
		a.radios("device", "computer", "phone", "both", "none"), a.radios("internet", "home", "phone", "elsewhere", "none"),
		a.radios("skill", "comfortable", "some", "little"), a.checks("can", "email", "search", "forms", "documents", "spreadsheets", "video_call"), a.yes("wants_class"),
	}
}

func (a asker) supports() []question {
	return []question{
		a.radios("transport", "own_car", "bus", "ride", "bike", "none"), a.radios("dependent_care", "none", "arranged", "needed"),
		a.radios("schedule", "days", "evenings", "weekends", "any"), a.area("helpers"), a.area("accommodation"),
	}
}

func (a asker) money() []question {
	list := []question{a.number("household_size", 4), a.number("six_month_income", 10), {lead: a.f.T("own.barriers.lead")}}
	for _, name := range []string{
		"single_parent", "pregnant_or_parenting", "displaced_homemaker", "homeless", "offender", "foster_care", "english_learner", "low_literacy", "cultural", "tanf_exhausting",
	} {
		list = append(list, a.known(name))
	}
	return list
}

// needs are the questions of the support screen, one an area.
func needs(f page.Form) []question {
	list := []question{{lead: f.T("own.needs.lead")}}
	for i, area := range intake.SupportAreas {
		list = append(list, question{kind: "row", field: f.Choice("needs."+strconv.Itoa(i)+".severity", "0", "1", "2", "3").Labelled(f.T("own.need." + area))})
	}
	return list
}

// areaOf is the area that a question of the support screen is about; "" for another question.
func areaOf(q question) (name, area string) {
	for i, area := range intake.SupportAreas {
		at := "needs." + strconv.Itoa(i)
		if q.field.Name == at+".severity" {
			return at + ".area", area
		}
	}
	return "", ""
}
