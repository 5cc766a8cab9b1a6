package msg_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mtso/syllables"
)

// What participants read is plain (design/ux.md 10): English of grade 5 or below by Flesch and Kincaid,
// Spanish of 65 or more on the INFLESZ scale. No library counts the syllables of both languages, so the
// English ones are counted by the port of a known counter, and the Spanish ones here, where the rules of
// the language leave little open.
const (
	mostGrade = 5.0
	leastEase = 65.0
	mostLine  = 7.0 // a message by itself, of at least lineWords words: short texts swing
	leastLine = 60.0
	lineWords = 10
	// A label would make the rest look easier than it is.
	textWords = 5
)

// read are the keys of what participants read, in groups that are read together.
var read = map[string]*regexp.Regexp{
	"my plan":    regexp.MustCompile(`^(portal\.|tell\.|other_time\.|timeout\.|my_history\.|error\.portal\.)`),
	"about me":   regexp.MustCompile(`^(own|own_goal)\.|^error\.own\.`),
	"signing":    regexp.MustCompile(`^plan(\.|_)own\.`),
	"my papers":  regexp.MustCompile(`^my_documents?\.`),
	"my data":    regexp.MustCompile(`^my_data\.(title|lead|get|what|care|index|made|plan)`),
	"rights":     regexp.MustCompile(`^(rights\.|eo_notice\.|my_consent\.|my_complaint\.)`),
	"explore":    regexp.MustCompile(`^explore\.`),
	"getting in": regexp.MustCompile(`^(sign_in\.|forgot\.|reset\.|invitation\.|new_password\.|link_once\.)`),
	"beside me":  regexp.MustCompile(`^(my_helper|with|helped|guardian_sign)\.`),
	"codes":      regexp.MustCompile(`^(code_ask\.|code_enter\.|sign_in_link\.|own_code\.)`),
	"texts":      regexp.MustCompile(`^text\.`),
	"letters":    regexp.MustCompile(`^mail\.(code|invitation|reset|notice)\.`),
	"notices":    regexp.MustCompile(`^notices\.`),
	"on paper":   regexp.MustCompile(`^(verify\.|plan\.print\.)`),
	"calendar":   regexp.MustCompile(`^(calendar\.|my_calendar\.)`),
	"help":       regexp.MustCompile(`^(my_help|privacy|accessibility)\.`),
}

// fixed are texts that others have worded: what the law or a licence wants said as it stands.
var fixed = []string{"explore.onet_credit", "eo_notice.short", "my_complaint.crc", "plan.print.eo"}

var (
	gap      = regexp.MustCompile(`\{\{[^}]*\}\}`)
	sentence = regexp.MustCompile(`[.!?:;]+(\s|$)|\n`)
	word     = regexp.MustCompile(`[\p{L}\p{N}][\p{L}\p{N}'’-]*`)
)

// count is what a text is made of.
type count struct{ words, sentences, syllables float64 }

func (c *count) add(d count) {
	c.words += d.words
	c.sentences += d.sentences
	c.syllables += d.syllables
}

// grade is the school grade of Flesch and Kincaid.
func (c count) grade() float64 { return 0.39*c.words/c.sentences + 11.8*c.syllables/c.words - 15.59 }

// ease is the INFLESZ scale: the formula of Szigriszt Pazos (1993) read by Barrio Cantalejo (2008).
func (c count) ease() float64 { return 206.835 - 62.3*c.syllables/c.words - c.words/c.sentences }

func counted(text string, in func(string) int) (c count) {
	text = gap.ReplaceAllString(text, "Ana")
	for _, part := range sentence.Split(text, -1) {
		list := word.FindAllString(part, -1)
		if len(list) == 0 {
			continue
		}
		c.sentences++
		for _, w := range list {
			c.words++
			c.syllables += float64(max(1, in(w)))
		}
	}
	return c
}

// silabas counts the syllables of a Spanish word: its vowels, where two that melt count as one, as a weak
// one without an accent does beside any other.
func silabas(w string) (n int) {
	w = strings.NewReplacer("qu", "q", "gue", "ge", "gui", "gi", "gué", "gé", "guí", "gí").Replace(strings.ToLower(w))
	runes := []rune(w)
	if len(runes) > 1 && runes[len(runes)-1] == 'y' {
		runes[len(runes)-1] = 'i'
	}
	var before rune
	for _, r := range runes {
		if !strings.ContainsRune("aeiouáéíóúü", r) {
			if r != 'h' {
				before = 0
			}
			continue
		}
		weak := strings.ContainsRune("iuü", r) || strings.ContainsRune("iuü", before)
		accented := strings.ContainsRune("íú", r) || strings.ContainsRune("íú", before)
		if before == 0 || !weak || accented || r == before {
			n++
			before = r
			continue
		}
		before = r
	}
	return n
}

func TestSpanishSyllables(t *testing.T) {
	for w, want := range map[string]int{
		"sí": 1, "usted": 2, "día": 2, "guerra": 2, "pingüino": 3, "ciudad": 2, "aéreo": 4, "quiere": 2, "muy": 1, "ahora": 3, "leer": 2, "Dios": 1, "país": 2, "estudiáis": 3, "reunir": 2, "yo": 1, "trabajo": 3,
	} {
		if got := silabas(w); got != want {
			t.Errorf("%s has %d syllables, counted %d", w, want, got)
		}
	}
}

func TestParticipantsReadPlainWords(t *testing.T) {
	for lang, in := range map[string]func(string) int{"en": syllables.In, "es": silabas} {
		all := words(t, lang)
		for _, group := range slices.Sorted(maps.Keys(read)) {
			var sum count
			for _, k := range slices.Sorted(maps.Keys(all)) {
				if !read[group].MatchString(keyOf(k)) || slices.Contains(fixed, keyOf(k)) {
					continue
				}
				c := counted(all[k], in)
				if c.words < textWords {
					continue
				}
				sum.add(c)
				switch {
				case c.words < lineWords:
				case lang == "en" && c.grade() > mostLine:
					t.Errorf("%s: grade %.1f, may be %.0f: %s", k, c.grade(), mostLine, all[k])
				case lang == "es" && c.ease() < leastLine:
					t.Errorf("%s: INFLESZ %.0f, must be %.0f: %s", k, c.ease(), leastLine, all[k])
				}
			}
			if sum.words == 0 {
				t.Errorf("%s: nothing is read in %s", group, lang)
				continue
			}
			t.Logf("%s in %s: %.0f words, grade %.1f, INFLESZ %.0f", group, lang, sum.words, sum.grade(), sum.ease())
			switch {
			case lang == "en" && sum.grade() > mostGrade:
				t.Errorf("%s: grade %.1f, may be %.0f", group, sum.grade(), mostGrade)
			case lang == "es" && sum.ease() < leastEase:
				t.Errorf("%s: INFLESZ %.0f, must be %.0f", group, sum.ease(), leastEase)
			}
		}
	}
}
