package pathway

import (
	"slices"
	"strconv"
	"strings"

	"waymark/internal/access"
	"waymark/internal/journey"
	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pathway"
)

// Map is the pathway drawn as levels and areas, with a person's route on it if one is shown.
type Map struct {
	page.Chrome
	Edition   pathway.Edition
	Catalogue pathway.Catalogue
	Map       pathway.Map
	// Journey is nil when nobody's route is shown.
	Journey *journey.Journey
	// Self says that the reader looks at their own route.
	Self bool
	// People are those whom the reader may show.
	People []journey.Person
	// Notices are what there is to know or do about this edition.
	Notices []Notice
	// Note says who stands behind the edition.
	Note string
}

// Notice is a line above the map with a link.
type Notice struct{ Words, Href, Link string }

// Address of a page of the pathway, at the version that is shown.
func Address(e pathway.Edition, tail string) string {
	to := "/pathways/" + e.Code + tail
	if e.State != "published" && e.Version > 0 {
		to += "?version=" + strconv.Itoa(e.Version)
	}
	return to
}

// LevelName is "Level 3: Entry-level skilled".
func LevelName(c page.Chrome, s pathway.Step) string {
	return c.T("map.level", msg.Args{"number": s.Number, "title": s.Title.In(c.Lang())})
}

func (v Map) subject() string {
	if v.Journey != nil && !v.Self {
		return v.T("map.title_with", msg.Args{"pathway": v.Edition.Name.In(v.Lang()), "name": v.Journey.Case.Name()})
	}
	return v.T("pathway.title", msg.Args{"name": v.Edition.Name.In(v.Lang())})
}

// place is "10%": the middle of a column, or of the gap's height.
func place(percent float64) string {
	return strconv.FormatFloat(percent, 'f', -1, 64) + "%"
}

func (v Map) middle(column int) float64 {
	return float64(200*column+100) / float64(2*len(v.Map.Areas))
}

func percent(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) + "%" }

// bar is the pay range of a level on the map's scale.
func (v Map) bar(s pathway.Step) (x, width string) {
	low, high := s.Wage.Yearly()
	from, to := v.Map.Scale.At(low), v.Map.Scale.At(high)
	return percent(from), percent(to - from)
}

func (v Map) scaleWords() string {
	return v.T("map.key.bar", msg.Args{"low": money.Cents(v.Map.Scale.Low).String(), "high": money.Cents(v.Map.Scale.High).String()})
}

// arrow is one straight piece of a line in a gap.
type arrow struct {
	X1, Y1, X2, Y2 string
	Class          string
	Head           string // the marker's address; "" for none
}

// Moves between areas run along the foot of the gap, below the credentials on the arrows, so many pixels apart.
const (
	footFirst = 6
	footStep  = 7
	footMost  = 6
)

// feet are the pieces of the moves between areas that are measured from the foot of the gap.
func (v Map) feet(g *pathway.Gap) []arrow {
	list := []arrow{}
	for i, t := range g.Turns {
		y := strconv.Itoa(-footFirst - footStep*(i%footMost))
		a, b := place(v.middle(t.From)), place(v.middle(t.To))
		list = append(list, arrow{a, "0", a, y, "way", ""}, arrow{a, y, b, y, "way", ""}, arrow{b, y, b, "-50%", "way", ""})
	}
	return list
}

// footing makes room for the moves between areas.
func footing(g *pathway.Gap) string {
	if len(g.Turns) == 0 {
		return ""
	}
	return "ln--t" + strconv.Itoa(min(len(g.Turns), footMost))
}

// arrows are the lines of a gap: where moves between areas arrive, then the ways up, the person's last.
func (v Map) arrows(g *pathway.Gap) []arrow {
	list := []arrow{}
	for _, t := range g.Turns {
		b := place(v.middle(t.To))
		list = append(list, arrow{b, "50%", b, "8", "way", "url(#ah)"})
	}
	mine := []arrow{}
	for i, w := range g.Ways {
		list = append(list, v.over(g, i, w)...)
		x := place(v.middle(i))
		in, planned := v.covers(g.From, w.Area)
		switch {
		case in:
			mine = append(mine, arrow{x, "100%", x, "8", "mine", "url(#an)"})
		case planned:
			mine = append(mine, arrow{x, "100%", x, "8", "mine planned", "url(#an)"})
		case w.Drawn:
			list = append(list, arrow{x, "100%", x, "8", "way", "url(#ah)"})
		}
	}
	return append(list, mine...)
}

// over are the lines that pass over a level, beside the middle of their column: they have a head where they arrive.
func (v Map) over(g *pathway.Gap, column int, w pathway.Way) []arrow {
	list := []arrow{}
	for i, t := range w.Over {
		x := place(v.middle(column) + float64(18+4*i)/float64(len(v.Map.Areas)))
		a := arrow{x, "100%", x, "0", "way over", ""}
		if t.ToStep == g.To {
			a.Y2, a.Head = "8", "url(#ah)"
		}
		list = append(list, a)
	}
	return list
}

func (v Map) covers(from int, area string) (in, planned bool) {
	if v.Journey == nil {
		return false, false
	}
	return v.Journey.Covers(from, area)
}

func (v Map) mine(g *pathway.Gap, w pathway.Way) bool {
	in, planned := v.covers(g.From, w.Area)
	return in || planned
}

// up is what it takes to get from one level to the next: the credential for all, else that each
// area has its own.
func (v Map) up(g *pathway.Gap) string {
	switch {
	case len(v.earned(g.Shared)) > 0:
		return v.T("map.up", msg.Args{"what": strings.Join(v.earned(g.Shared), v.or())})
	case v.owns(g):
		return v.T("map.up_by_area")
	}
	return v.T("map.up_by_work")
}

func (Map) owns(g *pathway.Gap) bool {
	return slices.ContainsFunc(g.Ways, func(w pathway.Way) bool { return len(w.Own) > 0 })
}

// upTime is how long it usually takes: one figure, or the span over the areas.
func (v Map) upTime(g *pathway.Gap) string {
	low, high := 0, 0
	add := func(list []pathway.Transition) {
		for _, t := range list {
			if t.Weeks == 0 {
				continue
			}
			if low == 0 || t.Weeks < low {
				low = t.Weeks
			}
			high = max(high, t.Weeks)
		}
	}
	add(g.Shared)
	for _, w := range g.Ways {
		add(w.Own)
	}
	switch {
	case high == 0:
		return ""
	case low == high:
		return Weeks(v.Chrome, low)
	}
	return v.T("map.weeks_span", msg.Args{"low": low, "high": high})
}

// earned are the credentials that arrows ask for.
func (v Map) earned(list []pathway.Transition) []string {
	names := []string{}
	for _, t := range list {
		if t.Credential != "" {
			names = append(names, v.credential(t.Credential))
		}
	}
	return names
}

func (v Map) or() string { return " " + v.T("map.or") + " " }

// chip is a credential on an arrow of a column, and the level it leads to if that is not the next one.
type chip struct{ Code, Name, To string }

func (v Map) chips(g *pathway.Gap, w pathway.Way) []chip {
	list := []chip{}
	for _, t := range g.Leaving(w) {
		if t.Credential == "" || t.Area == "" {
			continue
		}
		c := chip{Code: t.Credential, Name: v.credential(t.Credential)}
		if t.ToStep != g.To {
			c.To = v.T("map.to_level", msg.Args{"number": t.ToStep})
			if t.Weeks > 0 {
				c.To += ", " + Weeks(v.Chrome, t.Weeks)
			}
		}
		list = append(list, c)
	}
	return list
}

func (v Map) credential(code string) string {
	if k, ok := v.Edition.CredentialCoded(code); ok {
		return k.Name.In(v.Lang())
	}
	return code
}

func (v Map) columnName(code string) string {
	a, _ := v.Edition.AreaCoded(code)
	return a.Name.In(v.Lang())
}

// needsLine is the first three things that employers insist on, schooling and papers first.
func needsLine(c page.Chrome, s pathway.Step) (words string, more int) {
	list := hardNeeds(s)
	more = max(0, len(list)-3)
	words = strings.Join(lowered(c, list[:len(list)-more]), ", ")
	return words, more
}

// needOrder puts what takes longest to get first.
var needOrder = []string{"education", "credential", "licence", "experience", "age", "background", "physical", "math", "language", "digital", "skill"}

func hardNeeds(s pathway.Step) []pathway.Requirement {
	list := []pathway.Requirement{}
	for _, kind := range needOrder {
		for _, r := range s.Requirements {
			if r.Kind == kind && r.Hard && r.Area == "" {
				list = append(list, r)
			}
		}
	}
	return list
}

// lowered writes requirements as parts of one sentence: only the first begins with a capital.
func lowered(c page.Chrome, list []pathway.Requirement) []string {
	words := make([]string, len(list))
	for i, r := range list {
		words[i] = r.Text.In(c.Lang())
		if i > 0 {
			words[i] = lower(words[i])
		}
	}
	return words
}

// lower makes the first letter small, unless the word is an abbreviation.
func lower(s string) string {
	r := []rune(s)
	if len(r) > 1 && strings.ToUpper(string(r[1])) == string(r[1]) && string(r[1]) != " " {
		return s
	}
	if len(r) == 0 {
		return s
	}
	return strings.ToLower(string(r[0])) + string(r[1:])
}

// pin is what the route says about a job.
type pin struct{ Class, Icon, Words string }

func (v Map) pinOf(kind string) pin {
	key, args := "map.pin."+kind, msg.Args{}
	if v.Self {
		key += "_you"
	} else {
		args["name"] = v.Journey.First()
	}
	words := v.T(key, args)
	switch kind {
	case journey.Here:
		return pin{"here", "location_on", words}
	case journey.Next:
		return pin{"nextj", "school", words}
	}
	return pin{"goal", "flag", words}
}

func (v Map) pin(step int, j pathway.Job) (pin, bool) {
	if v.Journey == nil {
		return pin{}, false
	}
	s, ok := v.Journey.At(step, j)
	if !ok {
		return pin{}, false
	}
	return v.pinOf(s.Kind), true
}

// loose is a pin for a level of which no job is named.
func (v Map) loose(step int, area string) (pin, string, bool) {
	if v.Journey == nil {
		return pin{}, "", false
	}
	s, ok := v.Journey.Without(step, area)
	if !ok {
		return pin{}, "", false
	}
	p := v.pinOf(s.Kind)
	if s.Kind == journey.Here && s.Title == "" {
		key, args := "map.pin.level", msg.Args{"name": v.Journey.First()}
		if v.Self {
			key = "map.pin.level_you"
		}
		p.Words = v.T(key, args)
	}
	return p, s.Title, true
}

// stopWords is one stop of the banner: "Now: assembler, $18.50 an hour".
func (v Map) stopWords(s journey.Stop) string {
	what := s.Title
	if what == "" {
		step, _ := v.Journey.Edition.StepNumbered(s.Step)
		what = LevelName(v.Chrome, step)
	}
	if s.Kind == journey.Here {
		if s.Pay > 0 {
			what += ", " + v.Pay(s.Pay, s.PayMax, s.Per)
		}
		return v.T("map.stop.here", msg.Args{"what": what})
	}
	if s.By.IsZero() {
		return v.T("map.stop."+s.Kind, msg.Args{"what": what})
	}
	return v.T("map.stop."+s.Kind+"_by", msg.Args{"what": what, "by": v.Month(s.By)})
}

func (v Map) routeTitle() string {
	if v.Self {
		return v.T("map.route_you")
	}
	return v.T("map.route", msg.Args{"name": v.Journey.First()})
}

// needed are the words for what lies between here and the goal.
func (v Map) needed() []string {
	list := []string{}
	for _, n := range v.Journey.Needs {
		what := n.Credential.In(v.Lang())
		for _, or := range n.Or {
			what += v.or() + or.In(v.Lang())
		}
		switch {
		case what == "":
			what = v.T("map.need.work", msg.Args{"to": n.To, "time": Weeks(v.Chrome, n.Weeks)})
		case n.Weeks > 0:
			what = v.T("map.need.credential", msg.Args{"to": n.To, "what": what, "time": Weeks(v.Chrome, n.Weeks)})
		default:
			what = v.T("map.need.credential_only", msg.Args{"to": n.To, "what": what})
		}
		list = append(list, what)
	}
	return list
}

func (v Map) also() string {
	list := make([]string, len(v.Journey.Also))
	for i, t := range v.Journey.Also {
		list[i] = t.In(v.Lang())
		if i > 0 {
			list[i] = lower(list[i])
		}
	}
	return strings.Join(list, ", ")
}

// jobAddress is the page of a job; with somebody's route on the map it can become their goal there.
func (v Map) jobAddress(soc string) string {
	if v.Journey != nil && !v.Self {
		return "/occupations/" + soc + "?case=" + v.Journey.Case.ID.String()
	}
	return "/occupations/" + soc
}

func (v Map) recordAddress() string { return "/cases/" + v.Journey.Case.ID.String() }

func (v Map) emptyAreas() string {
	names := make([]string, len(v.Map.Empty))
	for i, a := range v.Map.Empty {
		names[i] = a.Name.In(v.Lang())
	}
	return strings.Join(names, "; ")
}

func (v Map) leftAreas() string {
	names := make([]string, len(v.Map.Left))
	for i, a := range v.Map.Left {
		names[i] = a.Name.In(v.Lang())
	}
	return strings.Join(names, "; ")
}

// markIcons are the drawings of the marks; their words stand in the key and behind each job.
var markIcons = map[string]string{pathway.MarkGrowing: "trending_up", pathway.MarkOpenings: "groups", pathway.MarkApprentice: "verified"}

// markWords says what a mark means, with its source and years.
func (v Map) markWords(n pathway.MarkNote) string {
	years := n.Years
	if years == "" && n.Source.Year > 0 {
		years = strconv.Itoa(n.Source.Year)
	}
	return v.T("map.mark."+n.Kind+".from", msg.Args{"source": n.Source.Title, "years": years})
}

func marks(j pathway.MapJob) []string {
	list := []string{}
	for _, m := range []struct {
		on   bool
		kind string
	}{{j.Growing, pathway.MarkGrowing}, {j.Openings, pathway.MarkOpenings}, {j.Apprentice, pathway.MarkApprentice}} {
		if m.on {
			list = append(list, m.kind)
		}
	}
	return list
}

// bridges are the bridge classes of a level; one that is named as a way into an apprenticeship is named once.
func bridges(l pathway.Level) []pathway.Program {
	return slices.DeleteFunc(slices.Clone(l.Bridges), func(p pathway.Program) bool {
		return slices.ContainsFunc(l.Apprenticeships, func(a pathway.Apprenticeship) bool {
			return a.Kind == pathway.ApprenticeshipPre && a.Name == p.Name
		})
	})
}

// apprenticeships parts what prepares for an apprenticeship from those that are registered.
func apprenticeships(l pathway.Level) (before []pathway.Apprenticeship, registered int) {
	for _, a := range l.Apprenticeships {
		if a.Kind == pathway.ApprenticeshipPre {
			before = append(before, a)
		} else {
			registered++
		}
	}
	return before, registered
}

// opens names the areas that a credential leads into.
func (v Map) opens(k pathway.Credential) string {
	names := make([]string, len(k.LatticesTo))
	for i, code := range k.LatticesTo {
		names[i] = v.columnName(code)
	}
	return strings.Join(names, "; ")
}

func (v Map) staff() bool { return v.By.Role != access.ParticipantRole }

func (v Map) mayPick() bool { return len(v.People) > 0 }

func (v Map) chosen(p journey.Person) bool {
	return v.Journey != nil && v.Journey.Case.ID == p.Case
}

// anyOwn reports whether any area has a job, or the person a place, at the level.
func (v Map) anyOwn(l pathway.Level) bool {
	return slices.ContainsFunc(l.Cells, func(c pathway.Cell) bool {
		_, _, pinned := v.loose(l.Step.Number, c.Code)
		return len(c.Jobs) > 0 || pinned
	})
}
