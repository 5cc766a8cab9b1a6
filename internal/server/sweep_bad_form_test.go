package server_test

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

const formKind = "application/x-www-form-urlencoded"

// valid is the form as it would be taken.
func (p *probe) valid() url.Values {
	b, _ := p.w.content(p.m, p.token)
	v, _ := url.ParseQuery(string(b))
	return v
}

// oneButton are forms that are a button or a choice of buttons: what refuses them is a page that says so.
var oneButton = []string{"POST /account/code", "POST /digest/stop/:token", "POST /caseload/export", "POST /me/explore/likes", "POST /language", "POST /me/feeling", "POST /cases/:case/requests/:request/received"}

// unasked are fields that a page leaves to what is known already, though a script may send them.
var unasked = []string{
	"POST /cases/:case/eligibility birth_date", "POST /cases/:case/eligibility work_authorized", "POST /cases/:case/eligibility work_auth_verified_on",
	"POST /cases/:case/plan/milestones agreed_by", "POST /cases/:case/plan/milestones/:milestone agreed_by", "POST /cases/:case/recommendations computed_on",
}

// own are keys that no field stands for: the form's token and version, where to go next.
var own = []string{"form_token", "version", "next"}

// isOwn knows the one form whose version is a field: that of a record layout.
func (p *probe) isOwn(k string) bool {
	return slices.Contains(own, k) && (k != "version" || p.m.route != "POST /results/layouts")
}

// formFields are the valid form with one field broken.
func (p *probe) formFields() []bad {
	valid := p.valid()
	with := func(k string, to ...string) string {
		v, _ := url.ParseQuery(valid.Encode())
		v[k] = to
		return v.Encode()
	}
	list := []bad{
		{what: "an unknown key", kind: formKind, content: with("no_such_field", "1"), status: 422, field: "no_such_field"},
		{what: "ids that are not ours to give", kind: formKind, content: with("agency_id", "x"), status: 422, field: "agency_id"},
		{what: "a key that is no text", kind: formKind, content: with("a\xff\x00b", "x"), status: 422},
	}
	if p.by != "" {
		list = append(list, bad{what: "no form of ours", kind: formKind, content: with("form_token", "x"), status: 403})
	}
	if valid.Has("version") && p.isOwn("version") {
		for what, is := range map[string]string{"no version": "abc", "a huge version": strings.Repeat("9", 400), "NUL for a version": "\x00"} {
			list = append(list, bad{what: what, kind: formKind, content: with("version", is), status: 412})
		}
	}
	for _, k := range p.required(valid) {
		list = append(list, bad{what: k + " is missing", kind: formKind, content: with(k), status: 422, field: k, broken: k},
			bad{what: k + " is empty", kind: formKind, content: with(k, " "), status: 422, field: k, broken: k})
	}
	for k := range valid {
		if p.isOwn(k) {
			continue
		}
		for what, is := range brokenText(k, valid.Get(k)) {
			list = append(list, bad{what: k + " is " + what, kind: formKind, content: with(k, is), status: 422, field: k, broken: k})
		}
	}
	return list
}

// required are the valid form's fields that it asks for when nothing is given.
func (p *probe) required(valid url.Values) (names []string) {
	r, err := p.send(bad{kind: formKind, content: url.Values{"form_token": {p.token}, "version": {valid.Get("version")}, "no_such_field": {"1"}}.Encode()})
	if err != nil || r.Status != 422 {
		return nil
	}
	s := parsed(r.Body, p.path)
	for k := range valid {
		if !p.isOwn(k) && s.saysOf(k) != "" {
			names = append(names, k)
		}
	}
	return names
}

// brokenText are the wrong values of a form's field. Where it shows a list to choose from, any text is wrong.
func brokenText(name, is string) map[string]string {
	m := map[string]string{"NUL": "a\x00b", "bad UTF-8": "a\xff\xfeb", "half a surrogate pair": "a\xed\xa0\x80b"}
	if !strings.Contains(name, "password") && name != "again" {
		m["too long"] = strings.Repeat("ä", 20000)
	}
	if strings.Count(is, "/") == 2 || strings.HasSuffix(name, "_on") || strings.HasSuffix(name, "_date") {
		m["30 February"], m["no date"], m["month 13"], m["a word"] = "2026-02-30", "0000-00-00", "13/1/2026", "soon"
	}
	if is != "" && strings.Trim(is, "0123456789,.") == "" && name != "phone" {
		m["huge"], m["out of bounds"], m["no number"], m["64 bits"], m["a word"] = strings.Repeat("9", 400), "1e400", "NaN", "9223372036854775807", "seven"
	}
	if uuidLike.MatchString(is) {
		m["no id"] = "x"
	}
	return m
}

// screen is a page as somebody reads it: what the controls hold and what is said of them.
type screen struct {
	byID     map[string]*html.Node
	controls map[string][]*html.Node
	summary  []*html.Node
	alerts   int // lines of a page that says what is wrong and has no form
}

// parsed reads a page; its controls are those of the form that goes to action.
func parsed(page []byte, action string) screen {
	s := screen{byID: map[string]*html.Node{}, controls: map[string][]*html.Node{}}
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return s
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if id := attr(n, "id"); id != "" {
			s.byID[id] = n
		}
		switch n.Data {
		case "li":
			if n.Parent != nil && attr(n.Parent, "role") == "alert" {
				s.alerts++
			}
		case "input", "select", "textarea", "button":
			if !within(n, action) {
				continue
			}
			s.controls[attr(n, "name")] = append(s.controls[attr(n, "name")], n)
		case "a":
			if n.Parent != nil && n.Parent.Data == "li" && strings.Contains(attr(n.Parent.Parent.Parent.Parent, "class"), "sum") {
				s.summary = append(s.summary, n)
			}
		}
	}
	return s
}

func within(n *html.Node, action string) bool {
	for ; n != nil; n = n.Parent {
		if n.Data == "form" {
			to, _, _ := strings.Cut(attr(n, "action"), "?")
			return to == action
		}
	}
	return false
}

// saysOf is the error that is linked to a control: it describes the control, or the group it stands in.
func (s screen) saysOf(name string) string {
	for _, c := range s.controls[name] {
		for n := c; n != nil; n = n.Parent {
			for id := range strings.FieldsSeq(attr(n, "aria-describedby")) {
				if e := s.byID[id]; e != nil && strings.HasSuffix(id, "-error") {
					return strings.TrimSpace(textOf(e))
				}
			}
			if n != c && n.Data == "fieldset" {
				break
			}
		}
	}
	return ""
}

// holds are the values that the controls of one name would send again.
func (s screen) holds(name string) (values []string) {
	for _, c := range s.controls[name] {
		switch {
		case c.Data == "textarea":
			values = append(values, textOf(c))
		case c.Data == "select":
			for o := range c.Descendants() {
				if o.Data == "option" && given(o, "selected") {
					values = append(values, attr(o, "value"))
				}
			}
		case c.Data == "button":
		case attr(c, "type") == "radio" || attr(c, "type") == "checkbox":
			if given(c, "checked") {
				values = append(values, attr(c, "value"))
			}
		default:
			values = append(values, attr(c, "value"))
		}
	}
	return values
}

// hidden reports whether nobody sees the control of that name, or there is none.
func (s screen) hidden(name string) bool {
	return !slices.ContainsFunc(s.controls[name], func(n *html.Node) bool { return attr(n, "type") != "hidden" })
}

// chosen reports whether the control lets choose only.
func (s screen) chosen(name string) bool {
	return slices.ContainsFunc(s.controls[name], func(n *html.Node) bool {
		return n.Data == "select" || n.Data == "button" || attr(n, "type") == "radio" || attr(n, "type") == "checkbox"
	})
}

// pressed reports whether the field is the button that is pressed.
func (s screen) pressed(name string) bool {
	return slices.ContainsFunc(s.controls[name], func(n *html.Node) bool { return n.Data == "button" })
}

func given(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// judgeForm holds a refused form against what it must be: there again, with the error linked to its
// field and everything typed as it was.
func (p *probe) judgeForm(about string, x bad, r reply) {
	t, s := p.w.t, parsed(r.Body, p.path)
	if bytes.Contains(r.Body, []byte("⟦")) {
		t.Errorf("%s: words are missing: %.200s", about, r.Body[bytes.Index(r.Body, []byte("⟦")):])
	}
	if p.m.deaf {
		return // a button has nothing to fill in again
	}
	if slices.Contains(oneButton, p.m.route) || p.m.route == "POST /cases/:case/assessment" && x.broken == "instrument" {
		if s.alerts == 0 {
			t.Errorf("%s: the page does not say what is wrong", about)
		}
		return
	}
	if len(s.summary) == 0 {
		t.Errorf("%s: no summary of what is wrong", about)
		return
	}
	if x.broken != "" && s.hidden(x.broken) {
		return // nobody can break it in the page
	}
	if x.broken != "" {
		if s.saysOf(x.broken) == "" && !s.pressed(x.broken) {
			t.Errorf("%s: nothing is said at the field", about)
		}
		if strings.HasPrefix(textOf(s.summary[0]), x.broken) {
			t.Errorf("%s: the summary has no words for the field: %s", about, textOf(s.summary[0]))
		}
		for _, a := range s.summary {
			if s.byID[strings.TrimPrefix(attr(a, "href"), "#")] == nil && !s.pressed(x.broken) {
				t.Errorf("%s: the summary leads to %s, which is not there", about, attr(a, "href"))
			}
		}
	}
	typed, _ := url.ParseQuery(x.content)
	for k, is := range typed {
		secret := strings.Contains(k, "password") || k == "again" || p.m.route == "POST /cases/:case/equal-opportunity" && k != "asked_on"
		if p.isOwn(k) || secret || k == x.field || k == x.broken || strings.ContainsRune(k, 0) {
			continue
		}
		if len(s.controls[k]) == 0 {
			if !p.gone[k] && !slices.Contains(unasked, p.m.route+" "+k) {
				t.Errorf("%s: the page has no control %s", about, k)
			}
			p.gone[k] = true
		} else if is := trimmed(is); !s.pressed(k) && !slices.Equal(trimmed(s.holds(k)), is) {
			t.Errorf("%s: %s holds %.100q, was typed %.100q", about, k, s.holds(k), is)
		}
	}
	if is := typed.Get(x.broken); x.broken != "" && !strings.HasSuffix(x.what, "NUL") && !strings.HasSuffix(x.what, "UTF-8") && !strings.HasSuffix(x.what, "pair") &&
		!s.hidden(x.broken) && !s.chosen(x.broken) && strings.TrimSpace(is) != "" && !slices.Equal(s.holds(x.broken), []string{is}) {
		t.Errorf("%s: holds %.100q, was typed %.100q", about, s.holds(x.broken), is)
	}
}

func trimmed(list []string) (full []string) {
	for _, v := range list {
		if v != "" {
			full = append(full, v)
		}
	}
	slices.Sort(full) // boxes stand in the page's order
	return full
}

func manyFields(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("&f" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/182) + "=1")
	}
	return b.String()
}
