package server

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/page"
	"waymark/internal/pdf"
	"waymark/web/static"
)

// Printer makes a PDF of a page.
type Printer interface {
	Print(ctx context.Context, p pdf.Page, style string) ([]byte, error)
}

// pdfPath is the address of the PDF of the print page that is shown.
func pdfPath(c page.Chrome) string {
	at := strings.TrimSuffix(c.Path, ".pdf") + ".pdf"
	keep := url.Values{}
	for _, name := range []string{"version", "copy"} {
		if v := c.Query.Get(name); v != "" {
			keep.Set(name, v)
		}
	}
	if len(keep) > 0 {
		at += "?" + keep.Encode()
	}
	return at
}

func (r *request) printPlanPDF() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	return r.printPDF(caseID)
}

func (r *request) printOwnPDF() error {
	caseID, err := r.s.plan.OwnCase(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.printPDF(caseID)
}

// printPDF hands the print page out as a PDF: the same HTML, put on paper by a browser of our own.
func (r *request) printPDF(caseID access.CaseID) error {
	if r.s.config.Printer == nil {
		return errs.New(errs.NotFound, "not_found")
	}
	v, err := r.paperOf(caseID, "")
	if err != nil {
		return err
	}
	if !v.Paper.Whole {
		return errs.New(errs.Conflict, "plan.altered")
	}
	var body bytes.Buffer
	if err := v.Body().Render(r.c.Request.Context(), &body); err != nil {
		return err
	}
	style, err := pdf.Style(static.FS(), strings.TrimPrefix(static.Asset("app.css"), "/static/"))
	if err != nil {
		return err
	}
	r.gathered() // printing takes a while and needs no connection
	b, err := r.s.config.Printer.Print(r.c.Request.Context(), pdf.Page{Lang: v.Lang(), Title: v.Title, Class: "paper", Body: body.String()}, style)
	if err != nil {
		return err
	}
	if err := r.noteOpening(); err != nil {
		return err
	}
	r.attachment("plan-" + v.ID() + ".pdf")
	r.c.Data(http.StatusOK, "application/pdf", b)
	return nil
}
