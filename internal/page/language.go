package page

import (
	"encoding/json"

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
