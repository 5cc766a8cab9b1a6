package msg

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

var (
	code = regexp.MustCompile(`^[a-z]{2,3}$`)
	hole = regexp.MustCompile(`\{\{\s*\.([a-z_]+)\s*\}\}`)
)

// Add takes up every language of a folder: one file each, so.json for Somali, with all of the keys that the
// English words have, those of dates among them. A file that lacks a key, has one too many, or leaves out what
// a text is to name is not taken, and the fault says which. It is called before anybody is answered.
func Add(folder fs.FS) error {
	names, err := fs.Glob(folder, "*.json")
	for _, name := range names {
		if err == nil {
			err = add(folder, name)
		}
	}
	return err
}

func add(folder fs.FS, name string) error {
	lang := strings.TrimSuffix(path.Base(name), ".json")
	if !code.MatchString(lang) || Has(lang) {
		return fmt.Errorf("msg: %s: a file is called by a language's code that is not there yet, like so.json", name)
	}
	b, err := fs.ReadFile(folder, name)
	if err != nil {
		return err
	}
	if err := faults(name, b); err != nil {
		return err
	}
	c, err := catalogue(lang, source{name, b})
	if err != nil {
		return err
	}
	catalogues[lang] = c
	Languages = append(Languages, lang)
	return nil
}

// faults holds a file against the English words.
func faults(name string, b []byte) error {
	theirs, err := texts(b)
	if err != nil {
		return fmt.Errorf("msg: %s: %w", name, err)
	}
	ours := map[string]string{}
	files, _ := fs.Glob(embedded, "en/*.json")
	for _, f := range files {
		b, _ := embedded.ReadFile(f)
		list, err := texts(b)
		if err != nil {
			return err
		}
		maps.Copy(ours, list)
	}
	var wrong []string
	for key, text := range ours {
		said, there := theirs[key]
		_, unread := template.New(key).Parse(said)
		switch {
		case !there || strings.TrimSpace(said) == "":
			wrong = append(wrong, key+" is missing")
		case unread != nil:
			wrong = append(wrong, key+" cannot be read")
		case !slices.Equal(holes(said), holes(text)):
			wrong = append(wrong, fmt.Sprintf("%s must name %v", key, holes(text)))
		}
	}
	for key := range theirs {
		if _, there := ours[key]; !there {
			wrong = append(wrong, key+" is unknown")
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("msg: %s: %d faults: %s", name, len(wrong), strings.Join(wrong[:min(len(wrong), 10)], "; "))
}

// texts are the words of a file, by key; of what goes by count, the other form.
func texts(b []byte) (map[string]string, error) {
	var raw map[string]any
	if err := json.Unmarshal(b, &raw); err != nil {
		return nil, err
	}
	all := map[string]string{}
	for key, w := range raw {
		switch x := w.(type) {
		case string:
			all[key] = x
		case map[string]any:
			all[key], _ = x["other"].(string)
		default:
			return nil, fmt.Errorf("%q is neither text nor plural forms", key)
		}
	}
	return all, nil
}

// holes are what a text names.
func holes(text string) (list []string) {
	for _, m := range hole.FindAllStringSubmatch(text, -1) {
		list = append(list, m[1])
	}
	slices.Sort(list)
	return slices.Compact(list)
}
