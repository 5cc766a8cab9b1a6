package server

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"

	"waymark/internal/msg"
	"waymark/internal/pdf"
	rightspage "waymark/web/page/rights"
	"waymark/web/static"
)

func (s *Server) copyRoutes() {
	s.page("GET", "/me/data", (*request).showMyData)
	s.page("GET", "/me/data.zip", (*request).fetchMyData)
	s.api("GET", "/me/data", (*request).apiMyData)
}

func (r *request) showMyData() error {
	if _, err := r.s.rights.Own(r.ctx(), r.by); err != nil {
		return err
	}
	c := r.chrome("rights", "my_data.title")
	return r.show(http.StatusOK, c, rightspage.Data{Chrome: c}.Body())
}

func (r *request) apiMyData() error {
	copied, err := r.s.rights.Copy(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, copied)
}

// fetchMyData hands out everything in one file. It is sent as it is put together; a fault on the way
// breaks the connection, so that nobody takes a part for the whole.
func (r *request) fetchMyData() error {
	copied, err := r.s.rights.Copy(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("", "my_data.index")
	var body bytes.Buffer
	if err := (rightspage.Index{Chrome: c, Copy: copied}).Body().Render(r.c.Request.Context(), &body); err != nil {
		return err
	}
	style, err := pdf.Style(static.FS(), strings.TrimPrefix(static.Asset("app.css"), "/static/"))
	if err != nil {
		return err
	}
	r.gathered()
	index := pdf.Whole(pdf.Page{Lang: c.Lang(), Title: c.Title, Body: body.String()}, style)
	plan := func(number, text string) []byte {
		return []byte(pdf.Whole(pdf.Page{Lang: c.Lang(), Title: c.T("my_data.plan", msg.Args{"number": number}), Class: "paper", Body: `<main class="pp">` + text + `</main>`}, style))
	}
	r.attachment("waymark-" + r.today().String() + ".zip")
	r.c.Header("Content-Type", "application/zip")
	r.c.Status(http.StatusOK)
	if err := r.s.rights.Pack(r.by, copied, []byte(index), plan, r.c.Writer); err != nil {
		slog.ErrorContext(r.c.Request.Context(), "copy", "err", scrub(err))
		panic(http.ErrAbortHandler)
	}
	return nil
}
