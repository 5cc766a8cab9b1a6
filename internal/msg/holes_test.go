package msg

import (
	"slices"
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

func TestAMessageWithHolesSaysWhatTheLibraryMakesOfIt(t *testing.T) {
	values := []any{"Luis <Ortega> & Söhne", 12, 0.5, []int{1, 2}, struct{ A string }{"x"}}
	filled := 0
	for _, lang := range Languages {
		c := For(lang)
		for key, parts := range c.holes {
			args := Args{}
			for i, name := range parts.names {
				args[name] = values[i%len(values)]
			}
			want, err := c.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: map[string]any(args)})
			if got := c.T(key, args); err != nil || got != want {
				t.Errorf("%s: %s says %q, the library %q (%v)", lang, key, got, want, err)
			}
			filled++
		}
	}
	if filled < 100 {
		t.Errorf("only %d messages have holes", filled)
	}
}

func TestAMessageThatGoesByCountSaysWhatTheLibraryMakesOfIt(t *testing.T) {
	said := 0
	for _, lang := range Languages {
		c := For(lang)
		for key, two := range c.counted {
			for _, n := range []any{0, 1, 2, 21, 101, 999_999, 1_000_000, 3.0} {
				args := Args{}
				for _, name := range slices.Concat(two.one.names, two.other.names) {
					args[name] = "<x> & y"
				}
				args["count"] = n
				want, err := c.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: map[string]any(args), PluralCount: whole(n)})
				if got := c.T(key, args); err != nil || got != want {
					t.Errorf("%s: %s of %v says %q, the library %q (%v)", lang, key, n, got, want, err)
				}
				said++
			}
		}
	}
	if said < 500 {
		t.Errorf("only %d messages go by count", said)
	}
}

func TestOnlyMessagesThatFillHolesAreFilledByUs(t *testing.T) {
	for _, no := range []string{"plain", "{{if .a}}x{{end}}", "{{.a}} {{len .b}}", `{{printf "%d" .n}}`, "{{.a.b}}"} {
		if _, ok := holesIn(no); ok {
			t.Errorf("%q is taken for a text with holes", no)
		}
	}
	parts, ok := holesIn("{{.a}} to {{ .b }}!")
	if s, filled := parts.filled(Args{"a": 1, "b": "two"}); !ok || !filled || s != "1 to two!" {
		t.Errorf("%v %v %q", ok, filled, s)
	}
	if s, filled := parts.filled(Args{"a": 1}); filled {
		t.Errorf("a missing argument gives %q", s)
	}
}
