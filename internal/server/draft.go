package server

import (
	"cmp"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/draft"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pg"
)

func (s *Server) draftRoutes() {
	s.quietPage("POST", "/drafts/:key", (*request).saveDraft)
	s.button("/drafts/:key/discard", (*request).discardDraft)
}

// saveDraft keeps what is typed while it is typed. Nothing is checked yet: that is for saving.
func (r *request) saveDraft() error {
	title := r.c.Query("title")
	if !msg.For("en").Has(title) {
		title = ""
	}
	err := r.s.db.Write(r.ctx(), r.by, func(tx *pg.Tx) error {
		return draft.Save(tx, r.by, r.c.Param("key"), title, r.posted)
	})
	if err != nil {
		return err
	}
	r.c.Status(http.StatusNoContent)
	return nil
}

func (r *request) discardDraft() error {
	err := r.s.db.Write(r.ctx(), r.by, func(tx *pg.Tx) error { return draft.Clear(tx, r.by, r.c.Param("key")) })
	if err != nil {
		return err
	}
	return r.done("draft.discarded", safeNext(r.posted.Get("next")))
}

// begun is the key of the form on a page of a case, as "at.leave?kind=exit:<case id>": Today leads back to
// that page. A key is one part of an address, so it has no slash of its own.
func begun(caseID access.CaseID, page string) string {
	return "at." + strings.ReplaceAll(page, "/", "~") + ":" + caseID.String()
}

// restore makes a form save itself under the key as it is typed, and puts back what was typed
// before; a form that just came back with errors keeps what was posted. titleKey says on Today what
// was begun. A key is like "checkin:<case id>", "intake.contact:<case id>", "goal:<case id>".
func (r *request) restore(f page.Form, key, titleKey string) page.Form {
	f.Draft, f.DraftTitle = cmp.Or(r.posted.Get("draft"), key), titleKey
	if f.Failed || r.c.Query("draft") == "no" {
		return f
	}
	var (
		values url.Values
		at     time.Time
		found  bool
	)
	err := r.s.db.Read(r.c.Request.Context(), r.by, func(tx *pg.Tx) (err error) {
		values, at, found, err = draft.Load(tx, r.by, key)
		return err
	})
	if err != nil {
		slog.WarnContext(r.c.Request.Context(), "draft", "err", scrub(err))
	}
	if found {
		f.Values, f.Restored = values, f.Recently(at)
	}
	return f
}

// clearDraft forgets a draft whose form was saved.
func (r *request) clearDraft(key string) {
	err := r.s.db.Write(r.c.Request.Context(), r.by, func(tx *pg.Tx) error { return draft.Clear(tx, r.by, key) })
	if err != nil {
		slog.WarnContext(r.c.Request.Context(), "draft", "err", scrub(err))
	}
}
