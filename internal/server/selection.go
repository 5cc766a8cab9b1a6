package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/selection"
	recommendpage "waymark/web/page/recommend"
	selectionpage "waymark/web/page/selection"
)

func (s *Server) selectionRoutes() {
	s.page("GET", "/cases/:case/selection", (*request).showSelection)
	s.page("POST", "/cases/:case/selection", (*request).choose)

	s.api("GET", "/cases/:case/selection", (*request).apiSelections)
	s.api("POST", "/cases/:case/selection", (*request).apiChoose)
}

func selectionPath(caseID access.CaseID) string { return "/cases/" + caseID.String() + "/selection" }

func (r *request) showSelection() error {
	v, err := r.choice()
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, v.Chrome, v.Body())
}

// choice reads the page of step 3. ?area= comes from a card of step 2 and fills the form with it.
func (r *request) choice() (selectionpage.Choice, error) {
	var v selectionpage.Choice
	caseID, err := r.caseID()
	if err != nil {
		return v, err
	}
	b, err := r.s.selection.Board(r.ctx(), r.by, caseID)
	if err != nil {
		return v, err
	}
	c := r.chrome("caseload", "selection.title", msg.Args{"name": b.Case.Name()})
	v = selectionpage.Choice{Reader: recommendpage.Reader{Chrome: c, Catalogue: b.Catalogue}, Case: b.Case, Snapshot: b.Snapshot, Reviewed: b.Reviewed, Items: b.Items, Editions: b.Editions}
	if b.Reviewed && b.Case.Open() && c.May(access.ChooseSelection) {
		in := selection.Input{ChosenOn: r.today(), Area: r.c.Query("area")}
		if o, ok := b.Snapshot.Option(in.Area); ok {
			in.EntryStep, in.TargetStep = o.EntryStep, o.TargetStep
		}
		f := page.NewForm(c, "selection", selectionPath(caseID), in)
		f = r.restore(f, begun(caseID, "selection?area="+in.Area), "selection.crumb")
		v.Form = &f
	}
	return v, nil
}

func (r *request) choose() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in selection.Input
	var made selection.Selection
	if err = r.bind(&in); err == nil {
		made, err = r.s.selection.Choose(r.ctx(), r.by, caseID, in)
	}
	switch {
	case err == nil && made.PlanVersionNeeded:
		return r.done("selection.saved_new_plan", selectionPath(caseID))
	case err == nil:
		return r.done("selection.saved", selectionPath(caseID))
	case !correctable(err):
		return err
	}
	v, again := r.choice()
	if again != nil {
		return again
	}
	if v.Form != nil {
		f := v.Form.Refused(r.posted, err)
		v.Form = &f
	}
	v.Failed = true
	return r.show(statusOf(err), v.Chrome, v.Body())
}

func (r *request) apiSelections() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	items, err := r.s.selection.History(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.list(items, nil)
}

func (r *request) apiChoose() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in selection.Input
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.selection.Choose(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+selectionPath(caseID), made)
}
