package msg_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// words are the texts of a language: a key, or a key and a plural form, to its text.
func words(t *testing.T, lang string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(lang + "/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	all := map[string]string{}
	for _, name := range files {
		for k, v := range fileWords(t, name) {
			if _, twice := all[k]; twice {
				t.Errorf("%s: %s stands in another file as well", name, k)
			}
			all[k] = v
		}
	}
	return all
}

func fileWords(t *testing.T, name string) map[string]string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	all := map[string]string{}
	for k, v := range raw {
		switch x := v.(type) {
		case string:
			all[k] = x
		case map[string]any:
			for form, text := range x {
				all[k+"|"+form], _ = text.(string)
			}
		default:
			t.Errorf("%s: %s is neither text nor plural", name, k)
		}
	}
	return all
}

func keyOf(k string) string { key, _, _ := strings.Cut(k, "|"); return key }

var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

func placeholders(s string) []string {
	list := placeholder.FindAllString(s, -1)
	slices.Sort(list)
	return slices.Compact(list)
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	en, es := words(t, "en"), words(t, "es")
	for k, text := range en {
		theirs, ok := es[k]
		if !ok {
			t.Errorf("%s has no Spanish", k)
			continue
		}
		if got, want := placeholders(theirs), placeholders(text); !slices.Equal(got, want) && !strings.HasSuffix(k, "|one") {
			t.Errorf("%s: %v in English, %v in Spanish", k, want, got)
		}
	}
	for k := range es {
		if _, ok := en[k]; !ok {
			t.Errorf("%s has no English", k)
		}
	}
	for lang, all := range map[string]map[string]string{"en": en, "es": es} {
		for k, text := range all {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s %s is empty", lang, k)
			}
			if strings.ContainsAny(text, "—") {
				t.Errorf("%s %s has a long dash: %s", lang, k, text)
			}
			if form := strings.TrimPrefix(k, keyOf(k)); form == "|one" {
				if _, ok := all[keyOf(k)+"|other"]; !ok {
					t.Errorf("%s %s has one form and no other", lang, k)
				}
			}
		}
	}
}

var literal = regexp.MustCompile("\"((?:[^\"\\\\\n]|\\\\.)*)\"|`([^`]*)`")

// literals are the texts that stand in the program's own sources.
func literals(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, root := range []string{"..", "../../web", "../../cmd", "../../seeds"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			source := strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_templ.go") && !strings.HasSuffix(path, "_test.go") ||
				strings.HasSuffix(path, ".templ") || strings.HasSuffix(path, ".js") || strings.HasSuffix(path, ".json") && strings.HasPrefix(path, "../../seeds")
			if err != nil || d.IsDir() || !source {
				return err
			}
			b, err := os.ReadFile(path)
			for _, m := range literal.FindAllStringSubmatch(string(b), -1) {
				found[m[1]+m[2]] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

var fieldName = regexp.MustCompile(`json:\\?"([a-z0-9_]+)`)

var verb = regexp.MustCompile(`%[sdv]`)

var format = regexp.MustCompile(`^[a-z_]+\.[a-z_.%]*$`)

// patterns are the literals that make keys by a format: "efl.%s.%d".
func patterns(lits map[string]bool) (list []*regexp.Regexp) {
	for l := range lits {
		if format.MatchString(l) && verb.MatchString(l) {
			list = append(list, regexp.MustCompile("^"+verb.ReplaceAllString(regexp.QuoteMeta(l), `[a-z0-9_]+`)+"$"))
		}
	}
	return list
}

// used reports whether the sources can ask for a key: as it stands, by a beginning that ends in a
// dot, by a beginning and a number, by an ending, or by the convention of forms ("<form>.<field>...").
func used(key string, lits, fields map[string]bool, formats []*regexp.Regexp) bool {
	if lits[key] || slices.ContainsFunc(formats, func(p *regexp.Regexp) bool { return p.MatchString(key) }) {
		return true
	}
	parts := strings.Split(key, ".")
	for i := 1; i < len(parts); i++ {
		prefix := strings.Join(parts[:i], ".")
		if lits[prefix+"."] || lits[prefix] && (fields[parts[i]] || strings.Trim(parts[i], "0123456789") == "") || lits["."+strings.Join(parts[i:], ".")] {
			return true
		}
	}
	return false
}

func TestEveryKeyIsUsed(t *testing.T) {
	t.Parallel()
	lits := literals(t)
	fields := map[string]bool{}
	for l := range lits {
		for _, m := range fieldName.FindAllStringSubmatch(l, -1) {
			fields[m[1]] = true
		}
	}
	seen, formats := map[string]bool{}, patterns(lits)
	for k := range words(t, "en") {
		if k = keyOf(k); !seen[k] && !used(k, lits, fields, formats) {
			t.Errorf("%s: nothing asks for it", k)
		}
		seen[k] = true
	}
}

// prose is what participants read, as sentences: labels of one or two words say nothing about reading.
func prose(t *testing.T, name string) (words []string, sentences int) {
	t.Helper()
	for _, text := range fileWords(t, name) {
		text = placeholder.ReplaceAllString(text, "one")
		list := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
		if len(list) < 4 {
			continue
		}
		words = append(words, list...)
		ends := strings.Count(text, ".") + strings.Count(text, "!") + strings.Count(text, "?")
		if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") && !strings.HasSuffix(text, "!") {
			ends++
		}
		sentences += ends
	}
	return words, sentences
}

// groups counts the runs of vowels of a word, which is near enough to its syllables.
func groups(word, vowels string) int {
	n, in := 0, false
	for _, r := range strings.ToLower(word) {
		v := strings.ContainsRune(vowels, r)
		if v && !in {
			n++
		}
		in = v
	}
	return n
}

func english(word string) int {
	n := groups(word, "aeiouy")
	w := strings.ToLower(word)
	if strings.HasSuffix(w, "e") && !strings.HasSuffix(w, "le") && n > 1 {
		n--
	}
	if strings.HasSuffix(w, "ed") && !strings.HasSuffix(w, "ted") && !strings.HasSuffix(w, "ded") && n > 1 {
		n--
	}
	return max(n, 1)
}

// spanish counts a hiatus, two strong vowels or an accented weak one, as two syllables.
func spanish(word string) int {
	n, before := 0, rune(0)
	for _, r := range strings.ToLower(word) {
		if !strings.ContainsRune("aeiouáéíóúü", r) {
			before = 0
			continue
		}
		strong := func(x rune) bool { return strings.ContainsRune("aeoáéóíú", x) }
		if before == 0 || strong(before) && strong(r) {
			n++
		}
		before = r
	}
	return max(n, 1)
}

func TestParticipantsCanReadTheirPages(t *testing.T) {
	t.Parallel()
	list, sentences := prose(t, "en/portal.json")
	syllables := 0
	for _, w := range list {
		syllables += english(w)
	}
	grade := 0.39*float64(len(list))/float64(sentences) + 11.8*float64(syllables)/float64(len(list)) - 15.59
	t.Logf("English: grade %.1f of %d words", grade, len(list))
	if grade > 6 {
		t.Errorf("en/portal.json reads at grade %.1f, want 6 at most", grade)
	}
	list, sentences = prose(t, "es/portal.json")
	syllables = 0
	for _, w := range list {
		syllables += spanish(w)
	}
	inflesz := 206.835 - 62.3*float64(syllables)/float64(len(list)) - float64(len(list))/float64(sentences)
	t.Logf("Spanish: INFLESZ %.1f of %d words", inflesz, len(list))
	if inflesz < 65 {
		t.Errorf("es/portal.json reads at INFLESZ %.1f, want 65 at least", inflesz)
	}
}

// oneWord are Spanish words that stand for something which has its one word already: people must not
// wonder whether a second word means a second thing.
var oneWord = map[string]string{
	"plática": "conversación", "charla": "conversación", "chequeo": "conversación",
	"responsable del caso": "consejero", "gestor": "consejero", "encargado del caso": "consejero",
}

func TestOneThingHasOneSpanishWord(t *testing.T) {
	t.Parallel()
	for key, text := range words(t, "es") {
		for other, word := range oneWord {
			if strings.Contains(strings.ToLower(text), other) {
				t.Errorf("%s says %q, the word is %q: %s", key, other, word, text)
			}
		}
	}
}
