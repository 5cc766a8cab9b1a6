package seed

import (
	"fmt"
	"io/fs"

	"waymark/internal/pathway"
)

// Catalogue reads the pathway files that a new agency starts with.
func Catalogue(files fs.FS) ([]pathway.File, error) {
	names, err := fs.Glob(files, "pathways/*.json")
	if err != nil {
		return nil, err
	}
	var list []pathway.File
	for _, name := range names {
		f, err := files.Open(name)
		if err != nil {
			return nil, err
		}
		one, err := pathway.Parse(name, f)
		_ = f.Close()
		if err != nil {
			return nil, fmt.Errorf("seed: %w", err)
		}
		list = append(list, one)
	}
	return list, nil
}
