package plan

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// sameName reports whether what was typed is a way of writing one of the names on file. Case, accents and
// punctuation do not count, nor do middle names and a second last name; another first or last name does.
func sameName(typed string, onFile ...[2]string) bool {
	words := nameWords(typed)
	for _, n := range onFile {
		first, last := nameWords(n[0]), nameWords(n[1])
		if holds(words, first) && holds(words, last) && within(words, append(first, last...)) {
			return true
		}
	}
	return false
}

// particles stand in many names and tell nobody apart.
var particles = []string{"da", "das", "de", "del", "den", "der", "di", "do", "dos", "du", "el", "la", "las", "le", "los", "van", "von", "y"}

// holds reports that a word of a name was typed that tells it from others; a name that somebody does not have
// asks for none.
func holds(typed, name []string) bool {
	for _, w := range name {
		if slices.Contains(typed, w) && (len(name) == 1 || !slices.Contains(particles, w)) {
			return true
		}
	}
	return len(name) == 0
}

// within reports that no more words were typed than the name has, but for one that may be a middle name, and
// that they stand in the name's own order.
func within(typed, name []string) bool {
	at, strange := 0, 0
	for _, t := range typed {
		found := false
		for i := at; i < len(name) && !found; i++ {
			if found = name[i] == t || len(t) == 1 && strings.HasPrefix(name[i], t); found {
				at = i + 1
			}
		}
		if !found {
			strange++
		}
	}
	return len(typed) > 0 && strange <= 1 && strange < len(typed)
}

// nameWords are the words of a name as they compare: "De la Peña-Ruiz" is de, la, pena, ruiz.
func nameWords(s string) []string {
	plain := strings.Map(func(c rune) rune {
		switch {
		case unicode.Is(unicode.Mn, c) || c == '\'' || c == '’' || c == '.':
			return -1
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			return ' '
		}
		return unicode.ToLower(c)
	}, norm.NFD.String(s))
	return strings.Fields(plain)
}
