package reference

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"waymark/seeds"
)

// Words are a text in both languages.
type Words struct {
	EN string `json:"en"`
	ES string `json:"es"`
}

// In gives the words of a language, English when it is not one of ours.
func (w Words) In(lang string) string {
	if lang == "es" || strings.HasPrefix(lang, "es-") {
		return w.ES
	}
	return w.EN
}

// Credit is a publisher's line as its licence asks for it.
type Credit struct {
	Code    string `json:"code"`
	Title   string `json:"title"`
	URL     string `json:"url"`
	Licence string `json:"licence"`
	// LicenceURL is where the licence stands, "" for the public domain.
	LicenceURL string `json:"licence_url"`
	Notice     Words  `json:"notice"`
	Vintage    string `json:"vintage"`
}

var credits = sync.OnceValues(func() (map[string]Credit, error) {
	var list []Credit
	b, err := seeds.FS.ReadFile("reference/credits.json")
	if err == nil {
		err = json.Unmarshal(b, &list)
	}
	by := map[string]Credit{}
	for _, c := range list {
		by[c.Code] = c
	}
	return by, err
})

func creditOf(code string) (Credit, error) {
	by, err := credits()
	if err != nil {
		return Credit{}, err
	}
	c, ok := by[code]
	if !ok {
		return c, fmt.Errorf("reference: no credit line for %q", code)
	}
	return c, nil
}

// Of gives the credit line for a set as it was imported.
func (s Stamp) Of() Credit {
	c, _ := creditOf(s.Credit)
	return c.with(s.Vintage)
}

// with puts the vintage into the title and the notice.
func (c Credit) with(vintage string) Credit {
	fill := strings.NewReplacer("{vintage}", vintage)
	c.Vintage, c.Title = vintage, fill.Replace(c.Title)
	c.Notice = Words{fill.Replace(c.Notice.EN), fill.Replace(c.Notice.ES)}
	return c
}
