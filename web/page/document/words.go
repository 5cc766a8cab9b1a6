package document

import (
	"slices"
	"strconv"

	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/document"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/web/component"
)

func crumbs(c page.Chrome, of casefile.Case, one bool) []component.Crumb {
	list := []component.Crumb{{Href: "/caseload", Words: c.T("nav.caseload")}, {Href: "/cases/" + of.ID.String(), Words: of.Name()}}
	if one {
		return append(list, component.Crumb{Href: "/cases/" + of.ID.String() + "/documents", Words: c.T("document.crumb")}, component.Crumb{Words: c.T("document.one")})
	}
	return append(list, component.Crumb{Words: c.T("document.crumb")})
}

func at(of casefile.Case, d document.Document, rest string) string {
	return "/cases/" + of.ID.String() + "/documents/" + d.ID.String() + rest
}

func (v List) at(d document.Document, rest string) string { return at(v.Case, d, rest) }

func (v List) live() []document.Document {
	return slices.DeleteFunc(slices.Clone(v.List), func(d document.Document) bool { return d.ArchivedAt != nil })
}

func (v List) away() []document.Document {
	return slices.DeleteFunc(slices.Clone(v.List), func(d document.Document) bool { return d.ArchivedAt == nil })
}

// what names a paper: by its title, else by its kind.
func what(c page.Chrome, d document.Document) string {
	kind := c.T("document.kind." + d.Kind)
	if d.Title == "" {
		return kind
	}
	return kind + ": " + d.Title
}

func ownWhat(c page.Chrome, d document.Own) string {
	kind := c.T("my_document.kind." + d.Kind)
	if d.Title == "" {
		return kind
	}
	return kind + ": " + d.Title
}

func came(c page.Chrome, d document.Document) string {
	return c.T("document.came", msg.Args{"on": c.Day(civil.Of(c.By.Local(d.UploadedAt))), "by": d.UploadedBy})
}

// late says that a paper has ended, or ends within a month.
func late(c page.Chrome, d document.Document) string {
	switch left := d.ExpiresOn.DaysSince(c.Today); {
	case left < 0:
		return c.T("document.ended")
	case left <= 30:
		return c.T("document.ends_in", msg.Args{"count": left})
	}
	return ""
}

func lateTone(c page.Chrome, d document.Document) string {
	if d.ExpiresOn.Before(c.Today) {
		return "red"
	}
	return "orange"
}

func size(c page.Chrome, d document.Document) string {
	kind := "document.photo"
	if d.Media == "application/pdf" {
		kind = "document.pdf"
	}
	return c.T(kind, msg.Args{"size": strconv.FormatInt(max(1, d.Size>>10), 10)})
}

func (v Mine) helper() msg.Args { return msg.Args{"name": v.Helper} }

// status says who sent a paper and whether it was looked at.
func (v Mine) status(d document.Own) string {
	on := v.NearDate(civil.Of(v.By.Local(d.UploadedAt)))
	switch {
	case d.Source == "staff":
		return v.T("my_documents.from_us", msg.Args{"on": on})
	case d.Seen:
		return v.T("my_documents.seen", msg.Args{"on": on})
	}
	return v.T("my_documents.waits", msg.Args{"on": on})
}

// valid says until when a paper is good; "" of one that has no end.
func (v Mine) valid(d document.Own) string {
	switch on := (msg.Args{"on": v.NearDate(d.ExpiresOn)}); {
	case d.ExpiresOn.IsZero():
		return ""
	case d.ExpiresOn.Before(v.Today):
		return v.T("my_documents.ended", on)
	default:
		return v.T("my_documents.good_until", on)
	}
}
