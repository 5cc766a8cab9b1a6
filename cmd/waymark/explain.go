package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"waymark/internal/errs"
	"waymark/internal/msg"
)

// explained says a refusal in words: every field that is wrong on a line of its own. What is no
// refusal says itself.
func explained(err error) error {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return err
	}
	words := msg.For("en")
	if len(e.Fields) == 0 && errors.Unwrap(e) != nil {
		return fmt.Errorf("%s (%w)", said(words, e.Code, nil), errors.Unwrap(e))
	}
	if len(e.Fields) == 0 {
		return errors.New(said(words, e.Code, nil))
	}
	lines := []string{fmt.Sprintf("nothing was changed; %d things to correct:", len(e.Fields))}
	for _, f := range e.Fields {
		args := msg.Args{"label": f.Name, "entered": ""}
		for k, v := range f.Args {
			args[k] = v
		}
		lines = append(lines, "  "+placed(f)+said(words, f.Code, args))
	}
	return errors.New(strings.Join(lines, "\n"))
}

// placed is the file and line that a fault was read from, before its words.
func placed(f errs.Field) string {
	file, ok := f.Args["file"].(string)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s:%v: ", file, f.Args["line"])
}

// said is the catalogue's sentence, else the code itself.
func said(words *msg.Catalogue, code string, args msg.Args) string {
	if key := "error." + code; words.Has(key) {
		return words.T(key, args)
	}
	return code
}

// refusedBy reports whether a rule of the schema said no.
func refusedBy(err error, constraint string) bool {
	e, ok := errors.AsType[*errs.Error](err)
	return ok && e.Code == "constraint."+constraint
}

// refusedAt reports whether a field was refused for the reason.
func refusedAt(err error, code string) bool {
	e, ok := errors.AsType[*errs.Error](err)
	return ok && slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Code == code })
}
