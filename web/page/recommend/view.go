package recommend

import (
	"waymark/internal/casefile"
	"waymark/internal/explore"
	"waymark/internal/page"
	"waymark/internal/recommend"
)

// Recommendations is the page of step 2.
type Recommendations struct {
	Reader
	Case casefile.Case
	// Missing is what step 2 waits for, each with where to add it.
	Missing []Ask
	// Snapshot is the ranking shown; nil when there is none yet.
	Snapshot *recommend.Snapshot
	// Older is true when a ranking of the history is shown instead of the newest.
	Older   bool
	Stale   bool
	History []recommend.Snapshot
	// Likes are what the person said on the page Explore.
	Likes []explore.Liked
	Next  string
	// Compute and Review are the forms; nil hides them.
	Compute *page.Form
	Review  *page.Form
	// MayChoose shows the way on to step 3.
	MayChoose bool
}

// Ask is one thing that is missing and where it is added.
type Ask struct{ Words, Href string }

func (v Recommendations) base() string { return "/cases/" + v.Case.ID.String() + "/recommendations" }

func (v Recommendations) reviewHref() string {
	return v.base() + "/" + v.Snapshot.ID.String() + "/review"
}

func (v Recommendations) chooseHref(area string) string {
	return "/cases/" + v.Case.ID.String() + "/selection?area=" + area
}

func (v Recommendations) record() string { return "/cases/" + v.Case.ID.String() }

// others are the areas that may be put on the list by hand.
func (v Recommendations) others() []page.Option {
	list := []page.Option{}
	for _, a := range v.Catalogue.Areas() {
		list = append(list, page.Option{Value: a.Code, Label: a.PathwayName.In(v.Lang()) + ": " + a.Name.In(v.Lang())})
	}
	return list
}

// like is a liked area or occupation in words, and where it is told in full.
func (v Recommendations) like(l explore.Liked) (words, href string) {
	if l.Kind == explore.Area {
		a, _ := v.Catalogue.Area(l.Code)
		return v.Catalogue.AreaName(l.Code, v.Lang()), "/pathways/" + a.PathwayCode
	}
	return v.Catalogue.JobTitle(l.Code, v.Lang()), "/occupations/" + l.Code + "?case=" + v.Case.ID.String()
}
