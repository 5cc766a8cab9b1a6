package plan

import (
	"fmt"

	"waymark/internal/id"
	"waymark/internal/msg"
)

// withGoals adds milestones for the goals that a copy has none for.
func withGoals(b Basis, milestones []Milestone) []Milestone {
	d := &made{basis: b, milestones: milestones}
	known := len(milestones)
	d.goals()
	for i := known; i < len(d.milestones); i++ {
		d.milestones[i].Position = i + 1
	}
	return d.milestones
}

// words are what both sides promise, in the person's language, to be changed as agreed.
func (b Basis) words(rhythm int) (participant, agency []string, stop string) {
	w := msg.For(b.Lang)
	args := msg.Args{"name": b.CaseManager, "count": rhythm, "weeks": rhythm / 7}
	talk := w.T("plan.does.talk_days", args)
	if rhythm%7 == 0 {
		talk = w.T("plan.does.talk_weeks", msg.Args{"name": b.CaseManager, "count": rhythm / 7})
	}
	return []string{w.T("plan.does.go"), talk, w.T("plan.does.tell", args)},
		[]string{w.T("plan.does.help"), w.T("plan.does.interpreter")}, w.T("plan.does.stop", args)
}

// promises are all those words in one list.
func (b Basis) promises(rhythm int) []string {
	participant, agency, stop := b.words(rhythm)
	return append(append(participant, agency...), stop)
}

// copied is a version's parts as the draft of the next: the dates they were moved to, nothing signed.
func copied(from Plan) (milestones []Milestone, lines []Line) {
	for _, m := range from.Milestones {
		m.ID, m.SignedDueOn = id.New[MilestoneRow](), m.DueOn
		milestones = append(milestones, m)
	}
	for _, l := range from.Lines {
		l.ID = id.New[LineRow]()
		lines = append(lines, l)
	}
	return milestones, lines
}

// carried puts what is done already before a new draft; what is drafted gets keys of its own.
func carried(from Plan, drafted []Milestone, lines []Line) ([]Milestone, []Line) {
	taken, renamed := map[string]bool{}, map[string]string{}
	var list []Milestone
	for _, m := range from.Milestones {
		taken[m.Key] = true
		if m.Status == "done" {
			m.ID, m.DependsOn = id.New[MilestoneRow](), nil
			list = append(list, m)
		}
	}
	for _, m := range drafted {
		renamed[m.Key] = freeKey(m.Key, taken)
		taken[renamed[m.Key]] = true
	}
	for _, m := range drafted {
		m.Key = renamed[m.Key]
		for i, k := range m.DependsOn {
			m.DependsOn[i] = renamed[k]
		}
		list = append(list, m)
	}
	for i := range list {
		list[i].Position = i + 1
	}
	for i := range lines {
		lines[i].MilestoneKey = renamed[lines[i].MilestoneKey]
	}
	return list, lines
}

func freeKey(key string, taken map[string]bool) string {
	free := key
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s-v%d", key, n)
	}
	return free
}
