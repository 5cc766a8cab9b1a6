package server

import (
	"net/http"

	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/transfer"
	transferpage "waymark/web/page/transfer"
)

func (s *Server) coverRoutes() {
	s.page("GET", "/team/cover", (*request).showCovers)
	s.page("POST", "/team/cover", (*request).arrangeCover)
	s.button("/team/cover/:cover/end", (*request).endCover)

	s.api("GET", "/coverages", (*request).apiCovers)
	s.api("POST", "/coverages", (*request).apiArrangeCover)
	s.action("POST", "/coverages/:cover/end", (*request).apiEndCover)
}

func (r *request) showCovers() error { return r.coversPage(nil) }

func (r *request) coversPage(refused error) error {
	list, staff, err := r.s.transfer.Covers(r.c.Request.Context(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("team", "cover.title")
	f := page.NewForm(c, "cover", "/team/cover", nil)
	f.Values.Set("from_on", r.today().Time().Format("1/2/2006"))
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
		f = f.Refused(r.posted, refused)
	}
	return r.show(status, c, transferpage.Covers{Chrome: c, Form: f, Items: list, Staff: staff}.Body())
}

func (r *request) arrangeCover() error {
	var in transfer.CoverInput
	var made transfer.Cover
	err := r.bind(&in)
	if err == nil {
		made, err = r.s.transfer.Arrange(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.coversPage(err)
	}
	if err != nil {
		return err
	}
	return r.done("cover.saved", "/team/cover", msg.Args{"of": made.Of, "by": made.By})
}

func (r *request) endedCover() (transfer.Cover, error) {
	of, err := param[transfer.Cover](r, "cover")
	if err != nil {
		return transfer.Cover{}, err
	}
	return r.s.transfer.EndCover(r.ctx(), r.by, of)
}

func (r *request) endCover() error {
	if _, err := r.endedCover(); err != nil {
		return err
	}
	return r.done("cover.over", "/team/cover")
}

func (r *request) apiCovers() error {
	list, _, err := r.s.transfer.Covers(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiArrangeCover() error {
	var in transfer.CoverInput
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.transfer.Arrange(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1/coverages/"+made.ID.String(), made)
}

func (r *request) apiEndCover() error {
	c, err := r.endedCover()
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, c)
}
