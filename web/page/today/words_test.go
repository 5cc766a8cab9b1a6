package today

import (
	"testing"

	"waymark/internal/draft"
)

func TestADraftGoesOnWhereItWasBegun(t *testing.T) {
	t.Parallel()
	const of = "0198d1d0-0000-7000-8000-000000000001"
	for key, want := range map[string]string{
		"checkin": "/check-ins/new", "note": "/check-ins", "intake.contact": "/intake/contact", "goal.mid": "/goals/new?horizon=mid", "goal." + of: "/goals/" + of + "/edit",
		"plan." + of + ".3": "/plan/edit", "support-needs": "/support-needs", "interests.onet": "/interests?way=onet",
	} {
		d := draft.Draft{Form: key + ":" + of, CaseID: draft.CaseOf(key + ":" + of)}
		if got := draftHref(d); got != "/cases/"+of+want {
			t.Errorf("%s goes to %s", key, got)
		}
	}
}
