package plan

import (
	"cmp"
	"slices"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/msg"
	"waymark/internal/pathway"
	"waymark/internal/pg"
)

// Document is everything that stands on the paper that is signed, and nothing else.
type Document struct {
	Plan     Plan
	Lang     string
	Date     civil.Date
	Agency   Office
	Name     string
	Number   string
	Language string
	Phone    string
	Manager  string
	Programs []string
	Pathway  string
	Area     string
	Goals    []goal.Goal
	// Participant and Office are what both promise, IfIStop what holds when the person has to stop.
	Participant, Office []msg.Said
	IfIStop             msg.Said
}

// Office is whom to write to and call.
type Office struct {
	Name    string `db:"name"`
	Address string `db:"address"`
	Phone   string `db:"phone"`
}

// LinesOf lists what a milestone costs.
func (d Document) LinesOf(key string) []Line {
	var list []Line
	for _, l := range d.Plan.Lines {
		if l.MilestoneKey == key && l.State != "not_needed" {
			list = append(list, l)
		}
	}
	return list
}

// LooseLines are supports and services that belong to no milestone.
func (d Document) LooseLines() []Line {
	var list []Line
	for _, l := range d.Plan.Lines {
		if l.MilestoneKey == "" && l.State != "not_needed" {
			list = append(list, l)
		}
	}
	return list
}

// rhythms are those that a draft may have begun with.
var rhythms = []int{7, 14, 21, 28}

// promise puts what both do into the language of the paper where the words are those that a draft begins with;
// what somebody wrote stays as they wrote it.
func (d *Document) promise(manager string) {
	known := map[string]string{}
	for _, days := range append(rhythms, d.Plan.RhythmDays) {
		want := Basis{Lang: d.Lang, CaseManager: manager}.promises(days)
		for _, lang := range msg.Languages {
			for i, words := range (Basis{Lang: lang, CaseManager: manager}).promises(days) {
				known[words] = want[i]
			}
		}
	}
	say := func(words string) msg.Said {
		if same, ok := known[words]; ok {
			return msg.Said{Text: same, Lang: d.Lang}
		}
		return msg.Said{Text: words, Lang: d.Plan.DocumentLang}
	}
	for _, words := range d.Plan.ParticipantDoes {
		d.Participant = append(d.Participant, say(words))
	}
	for _, words := range d.Plan.AgencyDoes {
		d.Office = append(d.Office, say(words))
	}
	d.IfIStop = say(d.Plan.IfIStop)
}

// documentOf gathers the facts.
func documentOf(tx *pg.Tx, by access.Actor, c casefile.Case, p Plan, lang string) (d Document, err error) {
	d = Document{
		Plan: p, Lang: lang, Date: by.Today(tx.Now), Name: c.FirstName + " " + c.LastName, Number: c.Number, Language: c.Language, Phone: c.Phone,
		Manager: c.CaseManager, Programs: c.Programs, Pathway: p.PathwayCode, Area: p.AreaCode,
	}
	if p.FrozenAt != nil {
		d.Date = civil.Of(by.Local(*p.FrozenAt))
	}
	d.Plan.Milestones = slices.SortedStableFunc(slices.Values(p.Milestones), func(a, b Milestone) int {
		return cmp.Or(a.first().Compare(b.first()), cmp.Compare(a.Position, b.Position))
	})
	if d.Agency, err = pg.Get[Office](tx, `select name, address, phone from agencies where id = :id`, pg.Args{"id": by.Agency}); err != nil {
		return d, err
	}
	d.promise(firstWord(c.CaseManager))
	goals, err := goal.Of(tx, c.ID)
	if err != nil {
		return d, err
	}
	d.Goals = slices.DeleteFunc(goals, func(g goal.Goal) bool { return !g.Status.Live() && g.Status != goal.Met })
	e, err := pathway.At(tx, p.PathwayCode, p.PathwayVersion)
	if errs.Is(err, errs.NotFound) {
		return d, nil
	}
	d.Pathway = e.Name.In(lang)
	if a, ok := e.AreaCoded(p.AreaCode); ok {
		d.Area = a.Name.In(lang)
	}
	return d, err
}
