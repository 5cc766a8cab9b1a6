package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/review"
	reviewpage "waymark/web/page/review"
)

func (s *Server) reviewRoutes() {
	s.page("GET", "/reviews", (*request).showReviews)
	s.page("POST", "/reviews", (*request).beginReview)
	s.page("GET", "/reviews/:review", (*request).showFileReview)
	s.button("/reviews/:review/close", (*request).closeReview)
	s.page("GET", "/reviews/:review/cases/:case", (*request).showSheet)
	s.page("POST", "/reviews/:review/cases/:case", (*request).answerSheet)
	s.page("GET", "/findings", (*request).showFindings)
	s.page("POST", "/reviews/:review/cases/:case/correct", (*request).correctFinding)

	s.api("GET", "/reviews", (*request).apiReviews)
	s.api("POST", "/reviews", (*request).apiBeginReview)
	s.api("GET", "/reviews/:review", (*request).apiFileReview)
	s.action("POST", "/reviews/:review/close", (*request).apiCloseReview)
	s.api("PUT", "/reviews/:review/cases/:case", (*request).apiAnswerSheet)
	s.api("POST", "/reviews/:review/cases/:case/correct", (*request).apiCorrectFinding)
	s.api("GET", "/findings", (*request).apiFindings)
}

func (r *request) showReviews() error { return r.reviewsPage(nil) }

func (r *request) reviewsPage(refused error) error {
	list, err := r.s.review.List(r.c.Request.Context(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("team", "review.title")
	f := page.NewForm(c, "review", "/reviews", nil)
	f.Values.Set("size", "5")
	f.Values.Set("kind", review.Kinds[0])
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	}
	return r.show(status, c, reviewpage.List{Chrome: c, Form: f, Items: list}.Body())
}

func (r *request) begun() (made review.Review, err error) {
	var in review.BeginInput
	if err := r.bind(&in); err != nil {
		return made, err
	}
	return r.s.review.Begin(r.ctx(), r.by, in)
}

func (r *request) beginReview() error {
	made, err := r.begun()
	if correctable(err) {
		return r.reviewsPage(err)
	}
	if err != nil {
		return err
	}
	return r.done("review.begun", "/reviews/"+made.ID.String(), msg.Args{"count": made.Files})
}

func (r *request) reviewOf() (review.Review, error) {
	of, err := param[review.Review](r, "review")
	if err != nil {
		return review.Review{}, err
	}
	return r.s.review.Get(r.c.Request.Context(), r.by, of)
}

func (r *request) showFileReview() error {
	format := r.c.Query("format")
	if format == "" {
		return r.fileReviewPage(nil)
	}
	of, err := param[review.Review](r, "review")
	if err != nil {
		return err
	}
	v, list, err := r.s.review.Found(r.ctx(), r.by, of)
	if err != nil {
		return err
	}
	return r.download(reviewpage.Table(r.wording(), v, list), format)
}

func (r *request) fileReviewPage(refused error) error {
	v, err := r.reviewOf()
	if err != nil {
		return err
	}
	c := r.chrome("team", "review.one", msg.Args{"count": v.Files})
	f := page.NewForm(c, "review", "/reviews/"+v.ID.String()+"/close", nil)
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(nil, refused), statusOf(refused), true
	}
	return r.show(status, c, reviewpage.Show{Chrome: c, Form: f, Review: v}.Body())
}

func (r *request) closed() (v review.Review, err error) {
	of, err := param[review.Review](r, "review")
	if err != nil {
		return v, err
	}
	return r.s.review.Close(r.ctx(), r.by, of)
}

func (r *request) closeReview() error {
	v, err := r.closed()
	if correctable(err) {
		return r.fileReviewPage(err)
	}
	if err != nil {
		return err
	}
	return r.done("review.closed", "/reviews/"+v.ID.String())
}

// sheetIDs are the review and the case of the path.
func (r *request) sheetIDs() (of review.ID, caseID access.CaseID, err error) {
	if of, err = param[review.Review](r, "review"); err != nil {
		return of, caseID, err
	}
	caseID, err = r.caseID()
	return of, caseID, err
}

func (r *request) showSheet() error { return r.sheetPage(nil) }

func (r *request) sheetPage(refused error) error {
	of, caseID, err := r.sheetIDs()
	if err != nil {
		return err
	}
	sheet, err := r.s.review.Sheet(r.c.Request.Context(), r.by, of, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("team", "review.sheet", msg.Args{"name": sheet.Case.Name()})
	f := page.NewForm(c, "review", "/reviews/"+of.String()+"/cases/"+caseID.String(), reviewpage.Known(sheet))
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	}
	return r.show(status, c, reviewpage.Sheet{Chrome: c, Form: f, Sheet: sheet}.Body())
}

func (r *request) answeredSheet() (sheet review.Sheet, err error) {
	of, caseID, err := r.sheetIDs()
	if err != nil {
		return sheet, err
	}
	var in review.FindingsInput
	if err := r.bind(&in); err != nil {
		return sheet, err
	}
	return r.s.review.Answer(r.ctx(), r.by, of, caseID, in)
}

func (r *request) answerSheet() error {
	sheet, err := r.answeredSheet()
	if correctable(err) {
		return r.sheetPage(err)
	}
	if err != nil {
		return err
	}
	return r.done("review.answered", "/reviews/"+sheet.Review.ID.String())
}

func (r *request) showFindings() error {
	format := r.c.Query("format")
	if format == "" {
		return r.findingsPage("", nil)
	}
	list, err := r.s.review.Findings(r.ctx(), r.by, wholeList)
	if err != nil {
		return err
	}
	return r.download(reviewpage.FindingsTable(r.wording(), list), format)
}

func (r *request) findingsPage(row string, refused error) error {
	list, err := r.s.review.Findings(r.c.Request.Context(), r.by, review.Listed)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "review.findings")
	v := reviewpage.Findings{Chrome: c, Items: list}
	status := http.StatusOK
	if refused != nil {
		v.Row, v.Form, status, v.Failed = row, page.NewForm(c, "review", "", nil).Refused(r.posted, refused), statusOf(refused), true
	}
	return r.show(status, v.Chrome, v.Body())
}

func (r *request) corrected() (f review.Finding, err error) {
	of, caseID, err := r.sheetIDs()
	if err != nil {
		return f, err
	}
	var in review.CorrectInput
	if err := r.bind(&in); err != nil {
		return f, err
	}
	return r.s.review.Correct(r.ctx(), r.by, of, caseID, in)
}

func (r *request) correctFinding() error {
	_, err := r.corrected()
	if correctable(err) {
		return r.findingsPage(r.c.Param("review")+r.c.Param("case")+r.posted.Get("item"), err)
	}
	if err != nil {
		return err
	}
	return r.done("review.corrected", "/findings")
}

func (r *request) apiReviews() error {
	list, err := r.s.review.List(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiBeginReview() error {
	made, err := r.begun()
	if err != nil {
		return err
	}
	return r.created("/api/v1/reviews/"+made.ID.String(), made)
}

func (r *request) apiFileReview() error {
	v, err := r.reviewOf()
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, v)
}

func (r *request) apiCloseReview() error {
	v, err := r.closed()
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, v)
}

func (r *request) apiAnswerSheet() error {
	sheet, err := r.answeredSheet()
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"findings": sheet.Findings, "record_says": sheet.Says, "open_findings": sheet.Review.Open})
}

func (r *request) apiCorrectFinding() error {
	f, err := r.corrected()
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, f)
}

func (r *request) apiFindings() error {
	list, err := r.s.review.Findings(r.ctx(), r.by, review.Listed)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}
