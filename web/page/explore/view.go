package explore

import (
	"strconv"
	"strings"

	"waymark/internal/explore"
	"waymark/internal/intake"
	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/page"
)

// href is where an item is told in full.
func href(i explore.Item) string {
	if i.Kind == explore.Area {
		return "/pathways/" + i.Pathway
	}
	return "/occupations/" + i.Code
}

func (v Browse) filtered() bool {
	f := v.View.Filter
	return f != explore.Filter{}
}

func (v Browse) askKey() string {
	switch {
	case v.View.Answered > 0:
		return "explore.interests.go_on"
	case v.View.Code != "":
		return "explore.interests.again"
	}
	return "explore.interests.go"
}

// options are choices with their words: "explore.pay.15"; the empty one is ".any".
func (v Browse) options(name string, values ...string) []page.Option {
	list := make([]page.Option, len(values))
	for i, value := range values {
		key := value
		if value == "" || value == "0" {
			key = "any"
		}
		list[i] = page.Option{Value: value, Label: v.T("explore." + name + "." + key)}
	}
	return list
}

func (v Browse) types() []page.Option {
	list := []page.Option{{Value: "", Label: v.T("explore.interest.any")}}
	for _, letter := range intake.Types {
		list = append(list, page.Option{Value: string(letter), Label: v.letter(string(letter))})
	}
	return list
}

// letter is an interest type with what it is about: "Realistic: hands-on work".
func (v Browse) letter(l string) string {
	key := strings.ToLower(l)
	return v.T("interest."+key) + ": " + v.T("explore.type."+key)
}

func (v Browse) letters(code string) string {
	list := make([]string, len(code))
	for i := range code {
		list[i] = v.T("interest." + strings.ToLower(code[i:i+1]))
	}
	return strings.Join(list, ", ")
}

func (v Browse) kind(i explore.Item) string {
	if i.Kind == explore.Area {
		return v.T("explore.kind.area_of", msg.Args{"pathway": i.PathwayName.In(v.Lang())})
	}
	return v.T("explore.kind.occupation")
}

// titleLang marks words that only English has.
func (v Browse) titleLang(i explore.Item) string {
	if i.Kind == explore.Occupation && i.Title.EN == i.Title.ES {
		return "en"
	}
	return v.Lang()
}

// longest is how much of a description a list shows.
const longest = 160

func short(s string) string {
	if len(s) <= longest {
		return s
	}
	cut := strings.LastIndexByte(s[:longest], ' ')
	return s[:max(cut, 1)] + " ..."
}

func (v Browse) pay(i explore.Item) string {
	if i.Hourly == nil {
		return v.T("explore.pay.unknown")
	}
	level := "pathway"
	if i.Level != "" {
		level = i.Level
	}
	words := v.Pay(money.Cents(*i.Hourly), money.Cents(*i.Hourly), "hour") + " " + v.T("explore.level."+level)
	if i.Year > 0 {
		words += ", " + strconv.Itoa(i.Year)
	}
	return words
}

func (v Browse) time(i explore.Item) string {
	if i.Zone == 0 {
		return v.T("explore.time.unknown")
	}
	return v.T("explore.zone." + strconv.Itoa(i.Zone))
}

func (v Browse) needs(i explore.Item) string {
	list := []string{}
	if i.Education != "" {
		list = append(list, v.T("occupation.entry."+i.Education))
	}
	for _, code := range i.Needs {
		list = append(list, v.constraint(code))
	}
	if len(list) == 0 {
		return v.T("explore.need.unknown")
	}
	return strings.Join(list, "; ")
}

func (v Browse) constraint(code string) string {
	if age, ok := strings.CutPrefix(code, "age_"); ok {
		return v.T("explore.need.age", msg.Args{"age": age})
	}
	if key := "intake.work.licences." + code; v.Words.Has(key) {
		return v.T(key)
	}
	if key := "explore.need." + code; v.Words.Has(key) {
		return v.T(key)
	}
	return code
}

// match says in words how the work goes with the person's interests; the number only sorts.
func (v Browse) match(i explore.Item) string {
	return v.T("explore.match." + [...]string{"little", "some", "good", "strong"}[i.Fits()])
}

func (v Interests) own() bool { return v.Part.Instrument == intake.WaymarkInterests }

// itemLang is English for the O*NET items, which their licence keeps as they are.
func (v Interests) itemLang() string {
	if v.own() {
		return v.Lang()
	}
	return "en"
}

func (v Interests) saveKey() string {
	if v.Part.Number == explore.Parts {
		return "explore.interests.finish"
	}
	return "explore.interests.next"
}

func answerID(id string, i int) string {
	if i == 0 {
		return id
	}
	return id + "-" + strconv.Itoa(i)
}
