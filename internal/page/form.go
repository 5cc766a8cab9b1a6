package page

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/wire"
)

// Form is one form as it stands: what was typed, what is wrong with it, and where it goes.
// Labels, hints and errors are found in the catalogue below Name: "checkin.held_on",
// "checkin.held_on.hint", "checkin.held_on.required", else "error.required".
type Form struct {
	Chrome
	Name    string
	Action  string
	Values  url.Values
	Errors  []errs.Field
	Problem string // a conflict or refusal that no one field is to blame for, as a catalogue key
	Version int
	// Draft is the key under which the form is saved as it is typed; "" for none. DraftTitle says on Today what was begun.
	Draft, DraftTitle string
	// Restored says when what was put back had been typed; "" when nothing was.
	Restored string
	// Row keeps the ids apart where the same form stands on a page twice, as in the rows of a list.
	Row string
	// Theirs is what somebody else saved meanwhile, shown beside what was typed.
	Theirs url.Values
}

// NewForm starts a form from what is known.
func NewForm(c Chrome, name, action string, known any) Form {
	f := Form{Chrome: c, Name: name, Action: action, Values: url.Values{}}
	if known != nil {
		f.Values = wire.Values(known)
	}
	return f
}

// Refused puts back what was typed, with what is wrong.
func (f Form) Refused(typed url.Values, err error) Form {
	if typed != nil {
		f.Values = legible(typed)
	}
	if e, ok := errors.AsType[*errs.Error](err); ok {
		f.Errors = e.Fields
		if len(e.Fields) == 0 {
			f.Problem = "error." + e.Code
		}
		f.Failed = true
	}
	return f
}

// legible is what was typed with what no page can show replaced.
func legible(typed url.Values) url.Values {
	shown := make(url.Values, len(typed))
	for k, list := range typed {
		for _, v := range list {
			shown.Add(k, wire.Legible(v))
		}
	}
	return shown
}

// DraftURL is where the form saves itself as it is typed.
func (f Form) DraftURL() string {
	return "/drafts/" + url.PathEscape(f.Draft) + "?title=" + url.QueryEscape(f.DraftTitle)
}

// Field is one control with its words.
type Field struct {
	Name, ID, Label, Hint, Value, Error string
	Values                              []string
	Optional                            bool
	// From says where a prefilled value comes from, in words; FixHref is where to change it.
	From, FixHref string
	Options       []Option
	Type          string // text, email, tel, password, search; text when empty
	Mode          string // inputmode
	Complete      string // autocomplete token
	Rows          int
	Size          int
	Max           int
	Focus         bool
	Narrows       bool // a filter: nothing chosen means any
}

// Option is one choice.
type Option struct {
	Value, Label, Hint string
	Chosen             bool
}

// Field finds the words and the state of a control.
func (f Form) Field(name string) Field {
	fd := Field{Name: name, ID: idOf(f.Name+f.Row, name), Label: f.word(name, ""), Hint: f.word(name, ".hint"), Value: f.Values.Get(name), Values: f.Values[name]}
	for _, e := range f.Errors {
		if f.control(e.Name) == name {
			fd.Error = f.ErrorText(e)
			break
		}
	}
	return fd
}

// Choice is a control with options; their words stand below the field: "checkin.method.phone".
func (f Form) Choice(name string, values ...string) Field {
	fd, words := f.Field(name), f.base(name)+"."
	for _, v := range values {
		fd.Options = append(fd.Options, Option{Value: v, Label: f.T(words + v), Chosen: slices.Contains(fd.Values, v)})
	}
	return fd
}

// ChoiceOf is a control whose options are given in words already.
func (f Form) ChoiceOf(name string, options []Option) Field {
	fd := f.Field(name)
	for _, o := range options {
		o.Chosen = slices.Contains(fd.Values, o.Value)
		fd.Options = append(fd.Options, o)
	}
	return fd
}

// Opt marks a field as optional.
func (fd Field) Opt() Field { fd.Optional = true; return fd }

// Any makes a filter of a choice: nothing chosen means any.
func (fd Field) Any() Field { fd.Narrows = true; return fd }

// Typed sets the input's type and autocomplete token.
func (fd Field) Typed(kind, complete string) Field { fd.Type, fd.Complete = kind, complete; return fd }

// Numeric asks phones for the number pad.
func (fd Field) Numeric(size int) Field { fd.Mode, fd.Size = "numeric", size; return fd }

// Tall makes a text area of so many rows.
func (fd Field) Tall(rows int) Field { fd.Rows = rows; return fd }

// Labelled replaces the label by words that name the person or thing.
func (fd Field) Labelled(label string) Field { fd.Label = label; return fd }

// Hinted replaces the hint.
func (fd Field) Hinted(hint string) Field { fd.Hint = hint; return fd }

// Known says where the value comes from.
func (fd Field) Known(from, fix string) Field { fd.From, fd.FixHref = from, fix; return fd }

// Begins says whether the keyboard enters the options here: at the one chosen, else at the first.
func (fd Field) Begins(i int) bool {
	chosen := slices.IndexFunc(fd.Options, func(o Option) bool { return o.Chosen })
	return i == max(chosen, 0)
}

// Describes lists the ids of hint and error for aria-describedby.
func (fd Field) Describes() string {
	var ids []string
	if fd.Hint != "" {
		ids = append(ids, fd.ID+"-hint")
	}
	if fd.Error != "" {
		ids = append(ids, fd.ID+"-error")
	}
	return strings.Join(ids, " ")
}

func idOf(form, name string) string { return dashes.Replace(form + "-" + name) }

var dashes = strings.NewReplacer(".", "-", "_", "-")

// base drops list positions: "milestones.0.due_on" has the words of "milestones.due_on".
func (f Form) base(name string) string {
	parts := []string{f.Name}
	for _, p := range strings.Split(name, ".") {
		if _, err := strconv.Atoi(p); err != nil {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ".")
}

func (f Form) word(name, suffix string) string {
	key := f.base(name) + suffix
	if !f.Words.Has(key) {
		if suffix != "" {
			return ""
		}
		if last := name[strings.LastIndex(name, ".")+1:]; f.Words.Has("field." + last) {
			return f.T("field." + last)
		}
		if i := strings.LastIndex(name, "."); i > 0 && f.Words.Has(f.base(name[:i])) {
			return f.word(name[:i], "")
		}
	}
	return f.T(key)
}

// ErrorText says what is wrong, how to fix it, and what was entered.
func (f Form) ErrorText(e errs.Field) string {
	label := e.Name // of a key that no control stands for
	if e.Code != "unknown" && f.labelled(e.Name) {
		label = f.Field0Label(e.Name)
	}
	args := msg.Args{"label": label, "entered": f.Values.Get(e.Name)}
	for k, v := range e.Args {
		args[k] = v
	}
	for _, key := range []string{f.base(e.Name) + "." + e.Code, "error." + e.Code} {
		if f.Words.Has(key) {
			return f.T(key, args)
		}
	}
	return f.T("error.value", args)
}

// labelled reports whether the form has words for a field, or for what it is a part of.
func (f Form) labelled(name string) bool {
	return f.Words.Has(f.base(name)) || f.Words.Has("field."+name[strings.LastIndex(name, ".")+1:]) || strings.Contains(name, ".") && f.Words.Has(f.base(name[:strings.LastIndex(name, ".")]))
}

// Field0Label is the bare label, without looking for errors again.
func (f Form) Field0Label(name string) string {
	if name == "" {
		return ""
	}
	return f.word(name, "")
}

// Link is one line of the error summary.
type Link struct{ Href, Text string }

// control is the name of the control that an error belongs to: of one answer of several, "can.0", the
// control that posts them all, "can".
func (f Form) control(field string) string {
	if i := strings.LastIndexByte(field, '.'); i > 0 && !f.Values.Has(field) && f.Values.Has(field[:i]) {
		return field[:i]
	}
	return field
}

// Summary lists the errors with links to their controls, in form order.
func (f Form) Summary() []Link {
	var list []Link
	for _, e := range f.Errors {
		list = append(list, Link{"#" + idOf(f.Name+f.Row, f.control(e.Name)), f.ErrorText(e)})
	}
	return list
}

// VersionText is the hidden field's value.
func (f Form) VersionText() string { return strconv.Itoa(f.Version) }

// Options makes options of catalogue keys "prefix.value".
func (c Chrome) Options(prefix string, values ...string) []Option {
	list := make([]Option, 0, len(values))
	for _, v := range values {
		list = append(list, Option{Value: v, Label: c.T(prefix + "." + v)})
	}
	return list
}

// ByLabel sorts options as people read them.
func ByLabel(list []Option) []Option {
	slices.SortFunc(list, func(a, b Option) int { return cmp.Compare(a.Label, b.Label) })
	return list
}
