package page

import (
	"encoding/json"
	"unicode"
	"unicode/utf8"

	"waymark/internal/msg"
	"waymark/seeds"
)

// language is one of seeds/reference/languages.json.
type language struct {
	Code string `json:"code"`
	Name struct {
		EN string `json:"en"`
		ES string `json:"es"`
	} `json:"name"`
	Own string `json:"own"`
}

var languages = readLanguages()

func readLanguages() []language {
	b, err := seeds.FS.ReadFile("reference/languages.json")
	if err != nil {
		return nil
	}
	var list []language
	_ = json.Unmarshal(b, &list) // a test reads the file strictly
	return list
}

// LanguageName is a language's name in the page's language, the code itself when it is not listed.
func (c Chrome) LanguageName(code string) string {
	for _, l := range languages {
		if l.Code == code {
			if c.Lang() == "es" {
				return l.Name.ES
			}
			return l.Name.EN
		}
	}
	return code
}

// Spoken are the languages that the program speaks, named in the page's.
func (c Chrome) Spoken() (list []Option) {
	for _, lang := range msg.Languages {
		list = append(list, Option{Value: lang, Label: capital(c.LanguageName(lang))})
	}
	return list
}

// capital is a name as it begins a line; every name begins with one letter that has a capital, or none.
func capital(name string) string {
	r, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r)) + name[n:]
}

// LanguageOptions are the languages offered for a person, each with its own name beside it.
func (c Chrome) LanguageOptions() []Option {
	list := make([]Option, 0, len(languages))
	for _, l := range languages {
		label := c.LanguageName(l.Code)
		if l.Own != "" && l.Own != label {
			label += " (" + l.Own + ")"
		}
		list = append(list, Option{Value: l.Code, Label: label})
	}
	return ByLabel(list)
}
