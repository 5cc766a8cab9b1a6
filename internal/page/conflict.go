package page

import "slices"

// Difference is one field of a conflict, in words.
type Difference struct{ Label, Mine, Theirs string }

// Differences lists the fields in which what was typed and what is saved differ.
func (f Form) Differences() []Difference {
	var names []string
	for k := range f.Values {
		names = append(names, k)
	}
	for k := range f.Theirs {
		if _, ok := f.Values[k]; !ok {
			names = append(names, k)
		}
	}
	slices.Sort(names)
	var list []Difference
	for _, n := range names {
		if slices.Contains([]string{"form_token", "version", "draft", "next", "go"}, n) || f.Values.Get(n) == f.Theirs.Get(n) {
			continue
		}
		list = append(list, Difference{f.word(n, ""), f.Values.Get(n), f.Theirs.Get(n)})
	}
	return list
}
