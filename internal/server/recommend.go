package server

import (
	"cmp"
	"net/http"
	"slices"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/recommend"
	recommendpage "waymark/web/page/recommend"
)

func (s *Server) recommendRoutes() {
	s.page("GET", "/cases/:case/recommendations", (*request).showRecommendations)
	s.page("POST", "/cases/:case/recommendations", (*request).computeRecommendations)
	s.page("POST", "/cases/:case/recommendations/:snapshot/review", (*request).reviewRecommendations)

	s.api("GET", "/cases/:case/recommendations", (*request).apiRecommendations)
	s.api("POST", "/cases/:case/recommendations", (*request).apiCompute)
	s.api("GET", "/cases/:case/recommendations/:snapshot", (*request).apiSnapshot)
	s.api("POST", "/cases/:case/recommendations/:snapshot/review", (*request).apiReview)
}

func recommendationsPath(caseID access.CaseID) string {
	return "/cases/" + caseID.String() + "/recommendations"
}

// snapshotIDs are the case and the snapshot of the path.
func (r *request) snapshotIDs() (caseID access.CaseID, snapshot recommend.SnapshotID, err error) {
	if caseID, err = r.caseID(); err != nil {
		return caseID, snapshot, err
	}
	snapshot, err = param[recommend.SnapshotRow](r, "snapshot")
	return caseID, snapshot, err
}

// cursorOf reads ?cursor=, which is the id of the last item seen.
func cursorOf(r *request) (recommend.SnapshotID, error) {
	var id recommend.SnapshotID
	if err := id.UnmarshalText([]byte(r.c.Query("cursor"))); err != nil {
		return id, errs.At("cursor", "cursor")
	}
	return id, nil
}

func (r *request) showRecommendations() error {
	view, err := r.recommendations()
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, view.Chrome, view.Body())
}

// recommendations reads the page of step 2: the newest ranking, or the one of ?snapshot=.
func (r *request) recommendations() (recommendpage.Recommendations, error) {
	var v recommendpage.Recommendations
	caseID, err := r.caseID()
	if err != nil {
		return v, err
	}
	cursor, err := cursorOf(r)
	if err != nil {
		return v, err
	}
	h, err := r.s.recommend.History(r.ctx(), r.by, caseID, cursor)
	if err != nil {
		return v, err
	}
	c := r.chrome("caseload", "recommend.title", msg.Args{"name": h.Case.Name()})
	v = recommendpage.Recommendations{Reader: recommendpage.Reader{Chrome: c, Catalogue: h.Catalogue}, Case: h.Case, History: h.Items, Likes: h.Likes, Next: h.Next, Stale: h.Stale}
	for _, code := range h.Missing {
		v.Missing = append(v.Missing, recommendpage.Ask{Words: c.T("recommend.missing." + code), Href: whereToAdd(caseID, code)})
	}
	if len(h.Items) > 0 {
		v.Snapshot = &h.Items[0]
	}
	if err := r.pickSnapshot(&v, caseID); err != nil {
		return v, err
	}
	r.recommendForms(&v)
	return v, nil
}

// pickSnapshot shows the ranking that the address asks for, or that a refused review is about.
func (r *request) pickSnapshot(v *recommendpage.Recommendations, caseID access.CaseID) error {
	text := cmp.Or(r.c.Param("snapshot"), r.c.Query("snapshot"))
	if text == "" || v.Snapshot == nil || text == v.Snapshot.ID.String() {
		return nil
	}
	var id recommend.SnapshotID
	if err := id.UnmarshalText([]byte(text)); err != nil {
		return errs.New(errs.NotFound, "not_found")
	}
	_, snap, err := r.s.recommend.One(r.ctx(), r.by, caseID, id)
	v.Snapshot, v.Older, v.Stale = &snap, true, false
	return err
}

// recommendForms adds what the reader may do here.
func (r *request) recommendForms(v *recommendpage.Recommendations) {
	base := recommendationsPath(v.Case.ID)
	if v.Case.Open() && len(v.Missing) == 0 && v.May(access.ComputeRecommendation) && !v.Older {
		f := page.NewForm(v.Chrome, "recommend", base, nil)
		v.Compute = &f
	}
	if v.Snapshot != nil && v.Case.Open() && v.May(access.ReviewRecommendation) {
		f := page.NewForm(v.Chrome, "review", base+"/"+v.Snapshot.ID.String()+"/review", recommend.ReviewInput{ReviewedOn: r.today()})
		f = r.restore(f, begun(v.Case.ID, "recommendations?snapshot="+v.Snapshot.ID.String()), "recommend.review_begun")
		v.Review = &f
	}
	v.MayChoose = v.Snapshot != nil && v.Snapshot.Reviewed() && v.Case.Open() && v.May(access.ChooseSelection)
}

// whereToAdd is the page on which something missing is entered.
func whereToAdd(caseID access.CaseID, code string) string {
	base := "/cases/" + caseID.String()
	switch code {
	case "eligibility":
		return base + "/eligibility"
	case "foundational", "work_readiness", "english":
		return base + "/assessment"
	case "interests":
		return base + "/interests"
	case "support_needs":
		return base + "/support-needs"
	case "school_completion":
		return base + "/intake/education"
	}
	return base + "/intake/review"
}

func (r *request) computeRecommendations() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in recommend.ComputeInput
	if err = r.bind(&in); err == nil {
		in.Add = slices.DeleteFunc(in.Add, func(a recommend.Added) bool { return a == recommend.Added{} })
		_, err = r.s.recommend.Compute(r.ctx(), r.by, caseID, in)
	}
	if err == nil {
		return r.done("recommend.done", recommendationsPath(caseID))
	}
	return r.recommendRefused(err, func(v *recommendpage.Recommendations) **page.Form { return &v.Compute })
}

// recommendRefused shows the page again with what was typed in one of its forms.
func (r *request) recommendRefused(refused error, which func(*recommendpage.Recommendations) **page.Form) error {
	if !correctable(refused) {
		return refused
	}
	v, err := r.recommendations()
	if err != nil {
		return err
	}
	if f := which(&v); *f != nil {
		again := (*f).Refused(r.posted, refused)
		*f = &again
	}
	v.Failed = true
	return r.show(statusOf(refused), v.Chrome, v.Body())
}

func (r *request) reviewRecommendations() error {
	caseID, snapshot, err := r.snapshotIDs()
	if err != nil {
		return err
	}
	var in recommend.ReviewInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.recommend.Review(r.ctx(), r.by, caseID, snapshot, in)
	}
	if err == nil {
		return r.done("recommend.review_saved", recommendationsPath(caseID))
	}
	return r.recommendRefused(err, func(v *recommendpage.Recommendations) **page.Form { return &v.Review })
}

func (r *request) apiRecommendations() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	cursor, err := cursorOf(r)
	if err != nil {
		return err
	}
	h, err := r.s.recommend.History(r.ctx(), r.by, caseID, cursor)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"items": h.Items, "next": h.Next, "missing": h.Missing, "likes": h.Likes})
}

func (r *request) apiCompute() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in recommend.ComputeInput
	if len(r.body) > 0 {
		if err := r.bind(&in); err != nil {
			return err
		}
	}
	snap, err := r.s.recommend.Compute(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+recommendationsPath(caseID)+"/"+snap.ID.String(), snap)
}

func (r *request) apiSnapshot() error {
	caseID, snapshot, err := r.snapshotIDs()
	if err != nil {
		return err
	}
	_, snap, err := r.s.recommend.One(r.ctx(), r.by, caseID, snapshot)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, snap)
}

func (r *request) apiReview() error {
	caseID, snapshot, err := r.snapshotIDs()
	if err != nil {
		return err
	}
	var in recommend.ReviewInput
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.recommend.Review(r.ctx(), r.by, caseID, snapshot, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+recommendationsPath(caseID)+"/"+snapshot.String(), made)
}
