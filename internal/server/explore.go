package server

import (
	"net/http"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/explore"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/wire"
	explorepage "waymark/web/page/explore"
)

func (s *Server) exploreRoutes() {
	s.page("GET", "/explore", (*request).showExplore)
	s.page("GET", "/me/explore", (*request).showMyExplore)
	s.page("GET", "/me/explore/interests", (*request).showMyInterests)
	s.page("POST", "/me/explore/interests", (*request).answerMyInterests)
	s.page("POST", "/me/explore/likes", (*request).likeOnPage)

	s.api("GET", "/explore", (*request).apiExplore)
	s.api("GET", "/me/explore", (*request).apiMyExplore)
	s.api("POST", "/me/interests", (*request).apiAnswerInterests)
	s.api("POST", "/me/likes", (*request).apiLike)
}

// lookAround reads the page that the address asks for. A filter that cannot be is left out.
func (r *request) lookAround() (explore.View, error) {
	var f explore.Filter
	q := r.c.Request.URL.Query()
	n, err := strconv.Atoi(q.Get("page"))
	if err != nil || n < 1 {
		n = 1
	}
	q.Del("page")
	if q.Get("pay") == "" {
		q.Del("pay")
	}
	if err := wire.Form(q, &f, r.today()); err != nil {
		f = explore.Filter{}
	}
	v, err := r.s.explore.Browse(r.ctx(), r.by, f, n, r.lang())
	if errs.Is(err, errs.Invalid) {
		v, err = r.s.explore.Browse(r.ctx(), r.by, explore.Filter{}, n, r.lang())
	}
	return v, err
}

func (r *request) showExplore() error {
	if r.by.Role == access.ParticipantRole {
		return r.go303("/me/explore")
	}
	return r.explorePage("pathways")
}

func (r *request) showMyExplore() error {
	if err := r.s.policy.Require(r.by, access.ReadPortal); err != nil {
		return err
	}
	return r.explorePage("explore")
}

func (r *request) explorePage(active string) error {
	v, err := r.lookAround()
	if err != nil {
		return err
	}
	c := r.chrome(active, "explore.title")
	f := page.NewForm(c, "explore", c.Path, v.Filter)
	return r.show(http.StatusOK, c, explorepage.Browse{Chrome: c, View: v, Form: f, Own: active == "explore"}.Body())
}

func (r *request) showMyInterests() error { return r.interestPart(0, nil) }

func (r *request) interestPart(n int, refused error) error {
	if text := r.c.Query("part"); text != "" && n == 0 {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 1 {
			return errs.New(errs.NotFound, "not_found")
		}
	}
	p, err := r.s.explore.Part(r.ctx(), r.by, n)
	if err != nil {
		return err
	}
	known := map[string]any{"part": p.Number}
	answers := map[string]int{}
	for i, a := range p.Answers {
		answers[strconv.Itoa(i)] = a
	}
	known["answers"] = answers
	c := r.chrome("explore", "explore.interests.title")
	f := page.NewForm(c, "explore", "/me/explore/interests", known)
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	}
	return r.show(status, c, explorepage.Interests{Chrome: c, Part: p, Form: f}.Body())
}

func (r *request) answerMyInterests() error {
	var in explore.AnswersInput
	err := r.bind(&in)
	done := false
	if err == nil {
		done, err = r.s.explore.Answer(r.ctx(), r.by, in)
	}
	if correctable(err) {
		if in.Part < 1 || in.Part > explore.Parts {
			in.Part = 1
		}
		return r.interestPart(in.Part, err)
	}
	switch {
	case err != nil:
		return err
	case done:
		return r.done("explore.interests.done", "/me/explore")
	case in.Part < explore.Parts:
		return r.go303("/me/explore/interests?part=" + strconv.Itoa(in.Part+1))
	}
	return r.go303("/me/explore/interests") // the first part that lacks an answer
}

// likeForm is a like as its button sends it.
type likeForm struct {
	explore.LikeInput
	Next string `json:"next"`
}

func (r *request) likeOnPage() error {
	var in likeForm
	if err := r.bind(&in); err != nil {
		return err
	}
	title, err := r.s.explore.Say(r.ctx(), r.by, in.LikeInput)
	if err != nil {
		return err
	}
	key := "explore.unliked"
	if in.Liked {
		key = "explore.done.liked"
	}
	next := safeNext(in.Next)
	if next == "/" {
		next = "/me/explore"
	}
	return r.done(key, next, msg.Args{"what": title.In(r.lang())})
}

func (r *request) apiExplore() error {
	v, err := r.lookAround()
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, v)
}

func (r *request) apiMyExplore() error {
	if err := r.s.policy.Require(r.by, access.ReadPortal); err != nil {
		return err
	}
	return r.apiExplore()
}

func (r *request) apiAnswerInterests() error {
	var in explore.AnswersInput
	if err := r.bind(&in); err != nil {
		return err
	}
	done, err := r.s.explore.Answer(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"complete": done})
}

func (r *request) apiLike() error {
	var in explore.LikeInput
	if err := r.bind(&in); err != nil {
		return err
	}
	if _, err := r.s.explore.Say(r.ctx(), r.by, in); err != nil {
		return err
	}
	return r.created("/api/v1/me/explore?liked=true", in)
}
