package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pathway"
	"waymark/internal/revision"
	editionpage "waymark/web/page/edition"
)

// editionRoutes keep the catalogue: versions, report, the people a version changes, the editor.
func (s *Server) editionRoutes() {
	s.page("GET", "/pathways/:pathway/versions", (*request).showVersions)
	s.page("GET", "/pathways/:pathway/report", (*request).showGoodReport)
	s.page("GET", "/pathways/:pathway/moves", (*request).showMoves)
	s.page("GET", "/pathways/:pathway/catalogue.json", (*request).exportCatalogue)
	s.page("GET", "/pathways/:pathway/ctdl.json", (*request).ctdl)
	s.page("GET", "/cases/:case/move", (*request).showMove)
	s.page("POST", "/cases/:case/move", (*request).answerMove)

	s.button("/pathways/:pathway/drafts", (*request).beginDraft)
	s.page("GET", "/pathways/:pathway/drafts/:number", (*request).showDraft)
	s.page("POST", "/pathways/:pathway/drafts/:number/validation", (*request).validateDraft)
	s.button("/pathways/:pathway/drafts/:number/reopening", (*request).reopenDraft)
	s.button("/pathways/:pathway/drafts/:number/publication", (*request).publishDraft)
	s.button("/pathways/:pathway/drafts/:number/withdrawal", (*request).withdrawVersion)
	s.page("GET", "/pathways/:pathway/drafts/:number/:list/:row", (*request).showEditRow)
	s.page("POST", "/pathways/:pathway/drafts/:number/:list/:row", (*request).saveEditRow)
	s.button("/pathways/:pathway/drafts/:number/:list/:row/removal", (*request).removeEditRow)

	s.api("GET", "/pathways/:pathway/versions", (*request).apiVersions)
	s.api("GET", "/pathways/:pathway/report", (*request).apiGoodReport)
	s.api("GET", "/pathways/:pathway/moves", (*request).apiMoves)
	s.api("POST", "/cases/:case/move", (*request).apiAnswerMove)
	s.action("POST", "/pathways/:pathway/drafts", (*request).apiBeginDraft)
	s.api("GET", "/pathways/:pathway/drafts/:number", (*request).apiDraft)
	s.api("PUT", "/pathways/:pathway/drafts/:number", (*request).apiReplaceDraft)
	s.api("POST", "/pathways/:pathway/drafts/:number/validation", (*request).apiValidateDraft)
	s.action("POST", "/pathways/:pathway/drafts/:number/publication", (*request).apiPublishDraft)
	s.action("POST", "/pathways/:pathway/drafts/:number/withdrawal", (*request).apiWithdrawVersion)
}

// numbered is the version number of the path; what is no number names nothing.
func (r *request) numbered() (code string, version int, err error) {
	version, err = strconv.Atoi(r.c.Param("number"))
	if err != nil || version < 1 || version > 1_000_000 {
		return "", 0, errs.New(errs.NotFound, "not_found")
	}
	return r.c.Param("pathway"), version, nil
}

func draftPath(code string, version int) string {
	return "/pathways/" + code + "/drafts/" + strconv.Itoa(version)
}

func (r *request) showVersions() error { return r.showVersionsWith(nil) }

func (r *request) showVersionsWith(refused error) error {
	code := r.c.Param("pathway")
	life, err := r.s.pathway.Life(r.ctx(), r.by, code)
	if err != nil {
		return err
	}
	n, err := r.names()
	if err != nil {
		return err
	}
	c := r.chrome("pathways", "edition.versions_title", msg.Args{"name": n.pathway(code)})
	v := editionpage.Versions{Chrome: c, Life: life, Name: n.pathway(code), Edits: c.May(access.EditPathway)}
	if out, ok := life.Published(); ok && v.Edits {
		h, err := r.s.revision.Hanging(r.ctx(), r.by, code, out.Version)
		if err != nil {
			return err
		}
		v.Hanging = &h
	}
	status := http.StatusOK
	if refused != nil {
		status, v.Problem = statusOf(refused), problemWords(c, refused)
	}
	return r.show(status, c, v.Body())
}

func problemWords(c page.Chrome, err error) string {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return detailOf(c.Words, e)
	}
	return c.T("error.internal")
}

func (r *request) apiVersions() error {
	life, err := r.s.pathway.Life(r.ctx(), r.by, r.c.Param("pathway"))
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, life)
}

// goodReport holds the edition that the address asks for against the marks of a good pathway.
func (r *request) goodReport() (e pathway.Edition, review pathway.Review, err error) {
	e, catalogue, err := r.edition()
	if err != nil {
		return e, review, err
	}
	life, err := r.s.pathway.Life(r.ctx(), r.by, e.Code)
	return e, pathway.ReviewOf(e.Pathway, catalogue.Occupation).With(life.ValidatedBy(e.Version)), err
}

func (r *request) showGoodReport() error {
	e, review, err := r.goodReport()
	if err != nil {
		return err
	}
	c := r.chrome("pathways", "edition.report_title", msg.Args{"name": e.Name.In(r.lang())})
	return r.show(http.StatusOK, c, editionpage.Report{Chrome: c, Edition: e, Review: review}.Body())
}

func (r *request) apiGoodReport() error {
	e, review, err := r.goodReport()
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"code": e.Code, "version": e.Version, "passes": review.Passes(), "findings": review.Findings})
}

// exportCatalogue is a version as a file that `waymark import catalogue` reads.
func (r *request) exportCatalogue() error {
	e, _, err := r.edition()
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(pathway.File{Format: pathway.Format, Sources: e.Cited, Pathways: []pathway.Pathway{e.Pathway}}, "", "  ")
	if err != nil {
		return err
	}
	r.c.Header("Content-Disposition", `attachment; filename="`+e.Code+"-"+strconv.Itoa(e.Version)+`.json"`)
	r.c.Data(http.StatusOK, "application/json", b)
	return nil
}

// affected is the list of the path's pathway: of the version in use, or of ?version=.
func (r *request) affected() (revision.List, error) {
	version := 0
	if text := r.c.Query("version"); text != "" {
		var err error
		if version, err = strconv.Atoi(text); err != nil || version < 1 {
			return revision.List{}, errs.New(errs.NotFound, "not_found")
		}
	}
	return r.s.revision.Affected(r.ctx(), r.by, r.c.Param("pathway"), version)
}

func (r *request) showMoves() error {
	l, err := r.affected()
	if err != nil {
		return err
	}
	e, catalogue, err := r.s.pathway.Edition(r.ctx(), r.by, l.Code, l.Version)
	if err != nil {
		return err
	}
	c := r.chrome("pathways", "edition.moves_title", msg.Args{"name": e.Name.In(r.lang()), "version": l.Version})
	v := editionpage.Moves{Chrome: c, Name: e.Name.In(r.lang()), List: l, Draft: e.State != pathway.Published, Areas: map[string]string{}}
	for _, a := range catalogue.Areas() {
		v.Areas[a.Code] = a.Name.In(r.lang())
	}
	for _, a := range e.Areas {
		v.Areas[a.Code] = a.Name.In(r.lang())
	}
	return r.show(http.StatusOK, c, v.Body())
}

func (r *request) apiMoves() error {
	l, err := r.affected()
	if err != nil {
		return err
	}
	return r.list(l.People, map[string]any{"all": l.All, "by_manager": l.ByManager, "version": l.Version})
}

func (r *request) showMove() error { return r.showMoveWith(nil) }

func (r *request) showMoveWith(refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	q, err := r.s.revision.Question(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("pathways", "edition.move_title", msg.Args{"name": q.Case.Name()})
	answer := "accepted"
	if !q.Affected.Proposed {
		answer = "declined"
	}
	v := editionpage.Move{Chrome: c, Q: q, Form: page.NewForm(c, "move", "/cases/"+caseID.String()+"/move", revision.AnswerInput{Answer: answer})}
	status := http.StatusOK
	if refused != nil {
		v.Form = v.Form.Refused(r.posted, refused)
		status, v.Chrome.Failed = statusOf(refused), true
	}
	return r.show(status, v.Chrome, v.Body())
}

func (r *request) answerMove() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in revision.AnswerInput
	if err = r.bind(&in); err == nil {
		err = r.s.revision.Decide(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showMoveWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("edition.done."+in.Answer, "/cases/"+caseID.String()+"/path")
}

func (r *request) apiAnswerMove() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in revision.AnswerInput
	if err := r.bind(&in); err != nil {
		return err
	}
	if err := r.s.revision.Decide(r.ctx(), r.by, caseID, in); err != nil {
		return err
	}
	q, err := r.s.revision.Question(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.created("/api/v1/cases/"+caseID.String()+"/selection", map[string]any{"answer": q.Answer, "selection": q.Choice})
}

func (r *request) beginDraft() error {
	code := r.c.Param("pathway")
	e, err := r.s.pathway.Begin(r.ctx(), r.by, code)
	if correctable(err) {
		return r.showVersionsWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("edition.done.drafted", draftPath(code, e.Version), msg.Args{"version": e.Version})
}

func (r *request) apiBeginDraft() error {
	e, err := r.s.pathway.Begin(r.ctx(), r.by, r.c.Param("pathway"))
	if err != nil {
		return err
	}
	return r.versioned(e.Revision).created("/api/v1"+draftPath(e.Code, e.Version), e)
}

func (r *request) showDraft() error { return r.showDraftWith(nil) }

// showDraftWith shows the editor; refused is what kept a step of the version's life from being done.
func (r *request) showDraftWith(refused error) error {
	code, version, err := r.numbered()
	if err != nil {
		return err
	}
	d, catalogue, err := r.s.pathway.Draft(r.ctx(), r.by, code, version)
	if err != nil {
		return err
	}
	v := editionpage.Draft{Draft: d, Catalogue: catalogue, List: r.c.Query("list")}
	if !slices.Contains(pathway.Lists, v.List) {
		v.List = "steps"
	}
	if v.Affected, err = r.s.revision.Affected(r.ctx(), r.by, code, version); err != nil {
		return err
	}
	life, err := r.s.pathway.Life(r.ctx(), r.by, code)
	if err != nil {
		return err
	}
	v.Employers, _ = life.ValidatedBy(version)
	v.Chrome = r.chrome("pathways", "edition.draft_title", msg.Args{"name": d.Name.In(r.lang()), "version": version})
	v.Validation = page.NewForm(v.Chrome, "validation", "", nil)
	v.Validation.Values.Set("validated_on", r.today().Time().Format("1/2/2006"))
	status := http.StatusOK
	if refused != nil {
		status = statusOf(refused)
		if errs.Is(refused, errs.Invalid) {
			v.Validation, v.Chrome.Failed = v.Validation.Refused(r.posted, refused), true
		} else {
			v.Failed = problemWords(v.Chrome, refused)
		}
	}
	return r.show(status, v.Chrome, v.Body())
}

func (r *request) apiDraft() error {
	code, version, err := r.numbered()
	if err != nil {
		return err
	}
	d, _, err := r.s.pathway.Draft(r.ctx(), r.by, code, version)
	if err != nil {
		return err
	}
	return r.versioned(d.Revision).json(http.StatusOK, draftView(d))
}

type draftProblem struct {
	Path string         `json:"path"`
	Code string         `json:"code"`
	Args map[string]any `json:"args,omitempty"`
}

// draftView is a draft as JSON: the pathway as in a file, and what there is to say about it.
func draftView(d pathway.Draft) any {
	problems := []draftProblem{}
	for _, p := range d.Problems {
		problems = append(problems, draftProblem{p.Path, p.Code, p.Args})
	}
	return struct {
		Version  int             `json:"version"`
		State    string          `json:"state"`
		Revision int             `json:"revision"`
		Pathway  pathway.Pathway `json:"pathway"`
		Problems []draftProblem  `json:"problems"`
		Passes   bool            `json:"passes"`
	}{d.Version, d.State, d.Revision, d.Pathway, problems, d.Review.Passes()}
}

// apiReplaceDraft takes a whole pathway, in the form of a catalogue file's.
func (r *request) apiReplaceDraft() error {
	code, version, err := r.numbered()
	if err != nil {
		return err
	}
	if _, _, err := r.s.pathway.Draft(r.ctx(), r.by, code, version); err != nil {
		return err
	}
	revision, err := r.version()
	if err != nil {
		return err
	}
	p, err := pathway.ParseOne(r.body)
	if err != nil {
		return err
	}
	if _, err := r.s.pathway.Change(r.ctx(), r.by, code, version, revision, func(was *pathway.Pathway) error {
		*was = p
		return nil
	}); err != nil {
		return err
	}
	return r.apiDraft()
}

// validationForm is the form's own shape: one employer a line.
type validationForm struct {
	Employers   string     `json:"employers"`
	ValidatedOn civil.Date `json:"validated_on"`
}

func (r *request) validateDraft() error {
	code, version, err := r.numbered()
	if err != nil {
		return err
	}
	var in validationForm
	if err = r.bind(&in); err == nil {
		err = r.s.pathway.Validate(r.ctx(), r.by, code, version, pathway.ValidationInput{Employers: lines(in.Employers), ValidatedOn: in.ValidatedOn})
	}
	if correctable(err) {
		return r.showDraftWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("edition.done.validated", draftPath(code, version), msg.Args{"version": version})
}

func lines(s string) []string {
	list := []string{}
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

func (r *request) apiValidateDraft() error {
	code, version, err := r.numbered()
	if err != nil {
		return err
	}
	var in pathway.ValidationInput
	if err := r.bind(&in); err != nil {
		return err
	}
	if err := r.s.pathway.Validate(r.ctx(), r.by, code, version, in); err != nil {
		return err
	}
	return r.apiDraft()
}

// step does one step of a version's life from its page.
func (r *request) step(do func(code string, version int) error, flash string, to func(code string, version int) string) error {
	code, version, err := r.numbered()
	if err != nil {
		return err
	}
	err = do(code, version)
	if correctable(err) {
		return r.showDraftWith(err)
	}
	if err != nil {
		return err
	}
	return r.done(flash, to(code, version), msg.Args{"version": version})
}

func versionsPath(code string, _ int) string { return "/pathways/" + code + "/versions" }

func (r *request) reopenDraft() error {
	return r.step(func(code string, v int) error { return r.s.pathway.Reopen(r.ctx(), r.by, code, v) }, "edition.done.reopened", draftPath)
}

func (r *request) publishDraft() error {
	return r.step(func(code string, v int) error { return r.s.pathway.Publish(r.ctx(), r.by, code, v) }, "edition.done.published",
		func(code string, _ int) string { return "/pathways/" + code + "/moves" })
}

// withdraw gives up a draft, or takes back the version in use.
func (r *request) withdraw(code string, version int) error {
	d, _, err := r.s.pathway.Draft(r.ctx(), r.by, code, version)
	if err != nil {
		return err
	}
	if d.Out() {
		return r.s.revision.TakeBack(r.ctx(), r.by, code, version)
	}
	return r.s.pathway.Drop(r.ctx(), r.by, code, version)
}

func (r *request) withdrawVersion() error {
	return r.step(r.withdraw, "edition.done.withdrawn", versionsPath)
}

func (r *request) apiPublishDraft() error {
	code, version, err := r.numbered()
	if err != nil {
		return err
	}
	if err := r.s.pathway.Publish(r.ctx(), r.by, code, version); err != nil {
		return err
	}
	l, err := r.s.revision.Affected(r.ctx(), r.by, code, version)
	if err != nil {
		return err
	}
	return r.created("/api/v1/pathways/"+code, map[string]any{"version": version, "all": l.All, "items": l.People, "by_manager": l.ByManager})
}

func (r *request) apiWithdrawVersion() error {
	code, version, err := r.numbered()
	if err != nil {
		return err
	}
	if err := r.withdraw(code, version); err != nil {
		return err
	}
	return r.apiVersions()
}

// row reads the row of the path with its draft.
func (r *request) editRow() (v editionpage.RowForm, err error) {
	code, version, err := r.numbered()
	if err != nil {
		return v, err
	}
	d, catalogue, err := r.s.pathway.Draft(r.ctx(), r.by, code, version)
	if err != nil {
		return v, err
	}
	v = editionpage.RowForm{Edition: d.Edition, Catalogue: catalogue, List: r.c.Param("list"), ID: r.c.Param("row")}
	known, ok := pathway.BlankRow(v.List)
	if ok && v.ID != pathway.NewRow {
		known, ok = pathway.ReadRow(d.Pathway, v.List, v.ID)
	}
	if !ok || v.ID == pathway.NewRow && v.List == "about" {
		return v, errs.New(errs.NotFound, "not_found")
	}
	key := "edition.change_row"
	args := msg.Args{"list": msg.For(r.lang()).T("edition.list." + v.List)}
	if v.ID == pathway.NewRow {
		key, args = "edition.add."+v.List, msg.Args{}
	}
	v.Chrome = r.chrome("pathways", key, args)
	v.Form = page.NewForm(v.Chrome, "row", draftPath(code, version)+"/"+v.List+"/"+v.ID, known)
	v.Form.Version = d.Revision
	return v, nil
}

func (r *request) showEditRow() error {
	v, err := r.editRow()
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, v.Chrome, v.Body())
}

func (r *request) saveEditRow() error {
	v, err := r.editRow()
	if err != nil {
		return err
	}
	revision, err := r.version()
	if err != nil {
		return err
	}
	in, _ := pathway.BlankRow(v.List)
	if err = r.bind(in); err == nil {
		_, err = r.s.pathway.SaveRow(r.ctx(), r.by, v.Edition.Code, v.Edition.Version, revision, v.List, v.ID, in)
	}
	if correctable(err) {
		v.Form, v.Chrome.Failed = v.Form.Refused(r.posted, err), true
		return r.show(statusOf(err), v.Chrome, v.Body())
	}
	if err != nil {
		return err
	}
	return r.done("edition.done.saved", draftPath(v.Edition.Code, v.Edition.Version)+"?list="+v.List)
}

func (r *request) removeEditRow() error {
	v, err := r.editRow()
	if err != nil {
		return err
	}
	revision, err := r.version()
	if err != nil {
		return err
	}
	err = r.s.pathway.RemoveRow(r.ctx(), r.by, v.Edition.Code, v.Edition.Version, revision, v.List, v.ID)
	if correctable(err) {
		v.Form, v.Chrome.Failed = v.Form.Refused(r.posted, err), true
		return r.show(statusOf(err), v.Chrome, v.Body())
	}
	if err != nil {
		return err
	}
	return r.done("edition.done.removed", draftPath(v.Edition.Code, v.Edition.Version)+"?list="+v.List)
}
