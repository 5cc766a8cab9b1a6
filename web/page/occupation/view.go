package occupation

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/casefile"
	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pathway"
	"waymark/internal/reference"
	"waymark/web/component"
)

// Show is one occupation: what the catalogue says of it, and what reference data adds.
type Show struct {
	page.Chrome
	Occupation pathway.Occupation
	Job        reference.Job
	Catalogue  pathway.Catalogue
	Sources    []pathway.Source
	// Case is whose goals the occupation may be added to; MayAdd shows the button.
	Case   casefile.Case
	MayAdd bool
	// MayPropose lets a participant send the occupation as a goal of their own.
	MayPropose bool
	// Liked and MayLike are the participant's own.
	Liked, MayLike bool
}

func (v Show) crumbs() []component.Crumb {
	name := component.Crumb{Words: v.Occupation.Title.In(v.Lang())}
	switch {
	case !v.Case.ID.IsZero():
		base := "/cases/" + v.Case.ID.String()
		return []component.Crumb{{Href: base, Words: v.Case.Name()}, {Href: base + "/goals", Words: v.T("goal.crumb")}, name}
	case v.Active == "explore":
		return []component.Crumb{{Href: "/me/explore", Words: v.T("explore.title")}, name}
	}
	return []component.Crumb{{Href: "/pathways", Words: v.T("nav.pathways")}, {Href: "/explore", Words: v.T("explore.title")}, name}
}

// keeping is an address that stays with the case that the page was opened from.
func (v Show) keeping(path string) string {
	if v.Case.ID.IsZero() {
		return path
	}
	return path + "?case=" + v.Case.ID.String()
}

// tags are the marks with where they come from.
func (v Show) tags() []string {
	list := []string{}
	if v.Occupation.RapidGrowth || v.Job.Outlook != nil && v.Job.Outlook.Rapid() {
		list = append(list, v.T("occupation.rapid", msg.Args{"years": v.years()}))
	}
	if v.Occupation.NumerousOpenings || v.Job.Outlook != nil && v.Job.Outlook.Many() {
		list = append(list, v.T("occupation.many", msg.Args{"years": v.years()}))
	}
	if len(v.Job.Apprenticeships)+len(v.Occupation.RAPIDS) > 0 {
		list = append(list, v.T("occupation.apprenticeable"))
	}
	return list
}

func (v Show) years() string {
	if v.Job.Outlook != nil {
		return v.Job.Outlook.Years
	}
	return v.Occupation.Outlook
}

func (v Show) description() string {
	switch {
	case v.Occupation.Description != nil:
		return v.Occupation.Description.In(v.Lang())
	case v.Job.Occupation.Description != "":
		return v.Job.Occupation.Description
	}
	return v.T("occupation.no_description")
}

func (v Show) descriptionLang() string {
	if v.Occupation.Description == nil && v.Job.Occupation.Description != "" {
		return "en"
	}
	return v.Lang()
}

func (v Show) onet() string {
	if release := v.Job.Vintage("onet_occupations"); release != "" {
		return " " + v.T("occupation.onet", msg.Args{"release": release})
	}
	return ""
}

func joined(list []string) string { return strings.Join(list, ", ") }

// titled puts what a publisher prints in capitals into ordinary letters.
func titled(s string) string {
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

func likeIcon(liked bool) string {
	if liked {
		return "check_circle"
	}
	return "star"
}

// left are the sources that no imported credit line repeats.
func left(cited []pathway.Source, credits []reference.Credit) []pathway.Source {
	return slices.DeleteFunc(slices.Clone(cited), func(s pathway.Source) bool {
		return slices.ContainsFunc(credits, func(k reference.Credit) bool { return k.Title == s.Title || k.URL == s.URL })
	})
}

func (v Show) zone() string {
	z := cmp.Or(v.Occupation.Zone, v.Job.Occupation.Zone)
	if z == 0 {
		return v.T("occupation.no_figure")
	}
	return v.T("occupation.zone." + strconv.Itoa(z))
}

func (v Show) entry() string {
	if v.Occupation.EntryEducation != "" {
		return v.T("occupation.entry." + v.Occupation.EntryEducation)
	}
	if v.Job.Outlook != nil && v.Job.Outlook.Education != "" {
		return v.T("occupation.entry." + v.Job.Outlook.Education)
	}
	return v.T("occupation.no_figure")
}

// measure is one row of words, bar and number. Lang is the language of the words.
type measure struct{ Label, Value, Width, Lang string }

func (v Show) shares() []measure {
	list := []measure{}
	for _, s := range v.Job.Education {
		if s.Percent >= 0.5 {
			n := fmt.Sprintf("%.0f%%", s.Percent)
			list = append(list, measure{v.T("occupation.level." + strconv.Itoa(s.Level)), n, n, v.Lang()})
		}
	}
	return list
}

func (v Show) skillMeters() []measure {
	list := []measure{}
	for _, s := range v.Job.Skills {
		list = append(list, measure{s.Name, v.T("occupation.of_5", msg.Args{"value": strconv.FormatFloat(s.Importance, 'f', 1, 64)}), percent((s.Importance - 1) / 4), "en"})
	}
	return list
}

func percent(share float64) string { return fmt.Sprintf("%.0f%%", 100*max(0, min(1, share))) }

func (v Show) interestMeters() []measure {
	list := []measure{}
	for i, key := range []string{"r", "i", "a", "s", "e", "c"} {
		x := v.Occupation.RIASEC[i]
		list = append(list, measure{v.T("interest." + key), v.T("occupation.of_7", msg.Args{"value": strconv.FormatFloat(x, 'f', 1, 64)}), percent((x - 1) / 6), v.Lang()})
	}
	slices.SortStableFunc(list, func(a, b measure) int { return cmp.Compare(len(b.Width), len(a.Width)) })
	slices.SortStableFunc(list, func(a, b measure) int { return cmp.Compare(number(b.Width), number(a.Width)) })
	return list
}

func number(width string) int {
	n, _ := strconv.Atoi(strings.TrimSuffix(width, "%"))
	return n
}

func (v Show) openings() string {
	if v.Occupation.Openings != nil {
		return v.T("occupation.openings_a_year", msg.Args{"number": thousands(*v.Occupation.Openings), "years": v.years()})
	}
	if v.Job.Outlook != nil && v.Job.Outlook.Openings != nil {
		return v.T("occupation.openings_a_year", msg.Args{"number": thousands(*v.Job.Outlook.Openings), "years": v.years()})
	}
	return v.T("occupation.no_figure")
}

func (v Show) growth() string {
	g := v.Occupation.Growth
	if v.Job.Outlook != nil && v.Job.Outlook.Growth != nil {
		g = v.Job.Outlook.Growth
	}
	if g == nil {
		return v.T("occupation.no_figure")
	}
	return v.T("occupation.growth_percent", msg.Args{"percent": strconv.FormatFloat(*g, 'f', 1, 64), "years": v.years()})
}

func (v Show) jobs() string {
	if v.Job.Outlook == nil || v.Job.Outlook.Employment == nil {
		return ""
	}
	return v.T("occupation.jobs_in", msg.Args{"number": thousands(int(*v.Job.Outlook.Employment)), "year": v.Job.Outlook.Base()})
}

func (v Show) term(a reference.Apprenticeship) string {
	kind := v.T("occupation.apprenticeship." + a.Training)
	switch {
	case a.Min < 0:
		return kind
	case a.Max > a.Min:
		return kind + ", " + v.T("occupation.hours_range", msg.Args{"low": thousands(a.Min), "high": thousands(a.Max)})
	}
	return kind + ", " + v.T("occupation.hours", msg.Args{"number": thousands(a.Min)})
}

// local are the programs that pathways name for the step and area of the occupation.
func (v Show) local() []string {
	list := []string{}
	for _, p := range v.Catalogue.Places(v.Occupation.SOC) {
		s, _ := v.Catalogue.Step(p.Pathway, p.Step)
		for _, x := range s.Programs {
			if x.Area != "" && x.Area != p.Area {
				continue
			}
			words := x.Name.In(v.Lang()) + ", " + x.Provider
			if x.Kind == pathway.ProgramBridge {
				words += " (" + v.T("edition.program."+x.Kind) + ")"
			}
			for _, when := range x.Schedule {
				words += ", " + v.T("edition.schedule."+when)
			}
			if !slices.Contains(list, words) {
				list = append(list, words)
			}
		}
	}
	return list
}

// before are the pre-apprenticeships of our pathways that lead to the occupation, each once.
func (v Show) before() []string {
	list := []string{}
	for _, e := range v.Catalogue.Pathways() {
		for _, a := range e.Before(v.Occupation.SOC) {
			list = append(list, v.T("occupation.apprenticeship.before", msg.Args{"name": a.Name.In(v.Lang()), "pathway": e.Name.In(v.Lang())}))
		}
	}
	return list
}

func (v Show) relatedTitle(r reference.Related) string {
	if o, ok := v.Catalogue.Occupation(r.SOC); ok {
		return o.Title.In(v.Lang())
	}
	return r.Title
}

func (v Show) titleLang(r reference.Related) string {
	if _, ok := v.Catalogue.Occupation(r.SOC); ok {
		return v.Lang()
	}
	return "en"
}

// amount is an amount with its unit.
func (v Show) amount(cents int64, per string) string {
	return v.Pay(money.Cents(cents), money.Cents(cents), per)
}

// thousands is a whole number with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
