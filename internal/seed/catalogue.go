package seed

import (
	"context"
	"fmt"
	"io/fs"

	"waymark/internal/access"
	"waymark/internal/pathway"
	"waymark/seeds"
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

// grids imports the tables of local demand that come with the program.
func grids(ctx context.Context, s Seeder, made Made) error {
	names, err := fs.Glob(seeds.FS, "grids/*.csv")
	if err != nil {
		return err
	}
	for _, name := range names {
		f, err := seeds.FS.Open(name)
		if err != nil {
			return err
		}
		list, err := pathway.ParseGrids(name, f)
		_ = f.Close()
		if err != nil {
			return fmt.Errorf("seed: %w", err)
		}
		if _, err := pathway.New(s.DB, s.Policy).ImportGrids(ctx, access.Actor{Agency: made.ID, Role: access.System}, list); err != nil {
			return err
		}
	}
	return nil
}
