// Package selection is step 3: the person chooses a pathway, an area of it, and the steps at which
// they begin and which they aim at.
package selection

import (
	"strconv"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pathway"
	"waymark/internal/recommend"
)

// Row is the phantom type of a selection's id.
type Row struct{}

// ID is the id of a selection.
type ID = id.Of[Row]

// Input is a choice as it is made.
type Input struct {
	Area           string     `json:"area" validate:"required,max=40"`
	EntryStep      int        `json:"entry_step" validate:"required,gte=1,lte=8"`
	TargetStep     int        `json:"target_step" validate:"required,gte=1,lte=8"`
	Alternate      string     `json:"alternate" validate:"max=40"`
	Reason         string     `json:"reason" validate:"max=2000"`
	OverrideReason string     `json:"override_reason" validate:"max=2000"`
	InformedChoice Informed   `json:"informed_choice"`
	ChosenOn       civil.Date `json:"chosen_on"`
}

// Informed is what was talked about before the choice; each must be (domain.md 1.5).
type Informed struct {
	Duration    bool `json:"duration"`
	Cost        bool `json:"cost"`
	Wage        bool `json:"wage"`
	Physical    bool `json:"physical"`
	Schedule    bool `json:"schedule"`
	LicenceBars bool `json:"licence_bars"`
}

// InformedTopics are the fields of Informed, in order.
var InformedTopics = []string{"duration", "cost", "wage", "physical", "schedule", "licence_bars"}

// missing lists the topics not talked about yet.
func (i Informed) missing() []string {
	list := []string{}
	for n, done := range []bool{i.Duration, i.Cost, i.Wage, i.Physical, i.Schedule, i.LicenceBars} {
		if !done {
			list = append(list, InformedTopics[n])
		}
	}
	return list
}

// Selection is a choice as it was recorded. A later one stands for it; none is ever changed.
type Selection struct {
	ID             ID                   `json:"id"`
	CaseID         access.CaseID        `json:"case_id"`
	SnapshotID     recommend.SnapshotID `json:"snapshot_id"`
	InSnapshot     bool                 `json:"in_snapshot"`
	Pathway        string               `json:"pathway"`
	PathwayVersion int                  `json:"pathway_version"`
	Area           string               `json:"area"`
	EntryStep      int                  `json:"entry_step"`
	TargetStep     int                  `json:"target_step"`
	Alternate      string               `json:"alternate"`
	Reason         string               `json:"reason"`
	OverrideReason string               `json:"override_reason"`
	InformedChoice Informed             `json:"informed_choice"`
	ChosenOn       civil.Date           `json:"chosen_on"`
	RecordedBy     access.UserID        `json:"recorded_by"`
	RecordedByName string               `json:"recorded_by_name"`
	RecordedAt     time.Time            `json:"created_at"`
	// PlanVersionNeeded is set on the answer to a choice that differs from a plan in force.
	PlanVersionNeeded bool `json:"plan_version_needed"`
}

// choose holds an input against the catalogue and the ranking that was talked about, and makes
// the choice of it.
func choose(in Input, c pathway.Catalogue, snap recommend.Snapshot, today civil.Date) (Selection, error) {
	var e errs.Collector
	area, known := c.Area(in.Area)
	if !known {
		e.AddArgs("area", "unknown_area", map[string]any{"entered": in.Area})
	} else {
		checkSteps(&e, in, c, area)
	}
	inList := listed(snap, in.Area)
	if known && !inList && strings.TrimSpace(in.OverrideReason) == "" {
		e.AddArgs("override_reason", "needed_outside", map[string]any{"area": in.Area})
	}
	if in.Alternate != "" {
		if _, ok := c.Area(in.Alternate); !ok {
			e.AddArgs("alternate", "unknown_area", map[string]any{"entered": in.Alternate})
		} else if in.Alternate == in.Area {
			e.Add("alternate", "same_as_first")
		}
	}
	for _, topic := range in.InformedChoice.missing() {
		e.Add("informed_choice."+topic, "talk_first")
	}
	if in.ChosenOn.After(today) {
		e.Add("chosen_on", "in_future")
	} else if len(snap.Reviews) > 0 && in.ChosenOn.Before(firstReview(snap)) {
		e.Add("chosen_on", "before_review")
	}
	if err := e.Err(); err != nil {
		return Selection{}, err
	}
	return Selection{
		ID: id.New[Row](), SnapshotID: snap.ID, InSnapshot: inList, Pathway: area.PathwayCode, PathwayVersion: area.PathwayVersion,
		Area: in.Area, EntryStep: in.EntryStep, TargetStep: in.TargetStep, Alternate: in.Alternate, Reason: strings.TrimSpace(in.Reason),
		OverrideReason: strings.TrimSpace(in.OverrideReason), InformedChoice: in.InformedChoice, ChosenOn: in.ChosenOn,
	}, nil
}

// checkSteps holds both steps against the pathway.
func checkSteps(e *errs.Collector, in Input, c pathway.Catalogue, area pathway.AreaOf) {
	for _, s := range []struct {
		field string
		n     int
	}{{"entry_step", in.EntryStep}, {"target_step", in.TargetStep}} {
		if _, ok := c.Step(area.PathwayCode, s.n); !ok {
			e.AddArgs(s.field, "no_such_step", map[string]any{"entered": strconv.Itoa(s.n)})
		}
	}
	if in.TargetStep < in.EntryStep {
		e.AddArgs("target_step", "below_entry", map[string]any{"entry": in.EntryStep})
	}
}

// listed reports whether the area is one of those that were talked about.
func listed(snap recommend.Snapshot, area string) bool {
	o, ok := snap.Option(area)
	return ok && o.Listed()
}

// firstReview is the earliest day on which the ranking was talked about.
func firstReview(snap recommend.Snapshot) civil.Date {
	first := snap.Reviews[0].ReviewedOn
	for _, r := range snap.Reviews {
		if r.ReviewedOn.Before(first) {
			first = r.ReviewedOn
		}
	}
	return first
}
