package msg

import (
	"fmt"
	"regexp"
	"strings"
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
