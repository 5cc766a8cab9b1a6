package msg

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// text is a message that only has holes to fill, "Select {{.name}}": what stands before each hole with the
// name of the argument, and what stands after the last. A table of fifty people fills hundreds of them, and
// text/template, which go-i18n fills them with, takes longer than all the rest of the table.
type text struct {
	before, names []string
	after         string
}

var slot = regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)

// holesIn reads a message; one that does more than fill holes is no text, and go-i18n's to say.
func holesIn(message string) (t text, ok bool) {
	at := 0
	for _, m := range slot.FindAllStringSubmatchIndex(message, -1) {
		t.before, t.names = append(t.before, message[at:m[0]]), append(t.names, message[m[2]:m[3]])
		at = m[1]
	}
	t.after = message[at:]
	return t, len(t.names) > 0 && !strings.Contains(strings.Join(t.before, "")+t.after, "{{")
}

// filled is the message with its arguments; one that lacks an argument is not filled.
func (t text) filled(args Args) (string, bool) {
	var b strings.Builder
	for i, name := range t.names {
		v, ok := args[name]
		if !ok || v == nil {
			return "", false
		}
		b.WriteString(t.before[i])
		if s, plain := v.(string); plain {
			b.WriteString(s)
		} else {
			fmt.Fprint(&b, v)
		}
	}
	b.WriteString(t.after)
	return b.String(), true
}

// counted is a message that goes by count, in the two forms that whole numbers below a million have in English and
// in Spanish; other numbers are go-i18n's to say.
type counted struct{ one, other text }

func countedIn(m *i18n.Message) (c counted, ok bool) {
	one, ok1 := words(cmp.Or(m.One, m.Other))
	other, ok2 := words(m.Other)
	return counted{one, other}, ok1 && ok2
}

// words is a text that may have holes.
func words(message string) (text, bool) {
	if !strings.Contains(message, "{{") {
		return text{after: message}, true
	}
	return holesIn(message)
}

func (c counted) filled(args Args) (string, bool) {
	n, isInt := whole(args["count"]).(int)
	switch {
	case !isInt || n < 0 || n >= 1_000_000:
		return "", false
	case n == 1:
		return c.one.filled(args)
	}
	return c.other.filled(args)
}
