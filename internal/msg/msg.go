// Package msg is the catalogue of words: en/*.json and es/*.json, one file a concept. go-i18n
// reads it and knows the plural rules. A language is added by one file with all of it, see Add.
package msg

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed en es
var embedded embed.FS

// Languages that there are words in: those of the program, then those that were added at its start.
var Languages = []string{"en", "es"}

// Has reports whether there is a catalogue of a language.
func Has(lang string) bool { return catalogues[lang] != nil }

// Said is a text that somebody wrote, and the language it is in.
type Said struct{ Text, Lang string }

// Args fill a message's placeholders; "count" chooses its plural form.
type Args map[string]any

// Catalogue answers in one language.
type Catalogue struct {
	Lang      string
	plain     map[string]string
	holes     map[string]text
	counted   map[string]counted // messages that go by count
	plural    map[string]bool    // has forms to choose from by count
	localizer *i18n.Localizer
	keys      map[string]bool
	dates     dates
}

var catalogues, loadErr = load()

// Load reports whether the embedded catalogue is readable; the program checks it at start.
func Load() error { return loadErr }

// For gives the catalogue of a language, English when it is not one of ours.
func For(lang string) *Catalogue {
	if c := catalogues[lang]; c != nil {
		return c
	}
	return catalogues["en"]
}

func load() (map[string]*Catalogue, error) {
	all := map[string]*Catalogue{}
	for _, lang := range Languages {
		names, err := fs.Glob(embedded, lang+"/*.json")
		if err != nil {
			return nil, err
		}
		texts := make([]source, len(names))
		for i, name := range names {
			if texts[i].json, err = embedded.ReadFile(name); err != nil {
				return nil, err
			}
			texts[i].name = name
		}
		if all[lang], err = catalogue(lang, texts...); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// source is a file of words.
type source struct {
	name string
	json []byte
}

// catalogue reads the words of one language.
func catalogue(lang string, from ...source) (*Catalogue, error) {
	bundle := i18n.NewBundle(language.English)
	c := &Catalogue{Lang: lang, plain: map[string]string{}, holes: map[string]text{}, counted: map[string]counted{}, plural: map[string]bool{}, keys: map[string]bool{}}
	for _, s := range from {
		if err := c.read(bundle, s); err != nil {
			return nil, err
		}
	}
	c.localizer = i18n.NewLocalizer(bundle, lang)
	return c, c.readDates()
}

func (c *Catalogue) read(bundle *i18n.Bundle, from source) error {
	var words map[string]any
	if err := json.Unmarshal(from.json, &words); err != nil {
		return fmt.Errorf("msg: %s: %w", from.name, err)
	}
	name := from.name
	var list []*i18n.Message
	for key, w := range words {
		if c.keys[key] {
			return fmt.Errorf("msg: %s: %q is in another file too", name, key)
		}
		c.keys[key] = true
		m := &i18n.Message{ID: key}
		switch x := w.(type) {
		case string:
			m.Other = x
			if !strings.Contains(x, "{{") {
				c.plain[key] = x
			}
			if parts, ok := holesIn(x); ok {
				c.holes[key] = parts
			}
		case map[string]any:
			c.plural[key] = true
			forms(m, x)
			if two, ok := countedIn(m); ok {
				c.counted[key] = two
			}
		default:
			return fmt.Errorf("msg: %s: %q is neither text nor plural forms", name, key)
		}
		list = append(list, m)
	}
	return bundle.AddMessages(language.Make(c.Lang), list...)
}

// forms reads a message that goes by count. A form that the language knows and the file does not is the other one.
func forms(m *i18n.Message, of map[string]any) {
	m.Other, _ = of["other"].(string)
	m.One, _ = of["one"].(string)
	for form, to := range map[string]*string{"zero": &m.Zero, "two": &m.Two, "few": &m.Few, "many": &m.Many} {
		if *to, _ = of[form].(string); *to == "" {
			*to = m.Other
		}
	}
}

// Has reports whether the key is in the catalogue.
func (c *Catalogue) Has(key string) bool { return c.keys[key] }

// Keys lists all of them, sorted.
func (c *Catalogue) Keys() []string { return slices.Sorted(maps.Keys(c.keys)) }

// T gives the words for a key. A key without words shows itself, and fails the tests.
func (c *Catalogue) T(key string, args ...Args) string {
	if s, ok := c.plain[key]; ok {
		return s
	}
	if parts, ok := c.holes[key]; ok && len(args) > 0 {
		if s, filled := parts.filled(args[0]); filled {
			return s
		}
	}
	if two, ok := c.counted[key]; ok && len(args) > 0 {
		if s, filled := two.filled(args[0]); filled {
			return s
		}
	}
	conf := &i18n.LocalizeConfig{MessageID: key}
	if len(args) > 0 {
		conf.TemplateData = map[string]any(args[0])
		if c.plural[key] {
			conf.PluralCount = whole(args[0]["count"])
		}
	}
	s, err := c.localizer.Localize(conf)
	if err != nil || !c.keys[key] {
		return "⟦" + key + "⟧"
	}
	return s
}

// whole makes a count that went through JSON a whole number again.
func whole(count any) any {
	if f, ok := count.(float64); ok && f == float64(int(f)) {
		return int(f)
	}
	return count
}
