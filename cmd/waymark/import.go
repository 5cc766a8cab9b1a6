package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"waymark/internal/access"
	"waymark/internal/pathway"
)

// importKinds are the sets of data that come in from files.
var importKinds = map[string]func(context.Context, config, []string) error{
	"catalogue": importCatalogue, "grid": importGrid, "participants": importParticipants, "reference": importReference, "wages": importWages,
}

func importCommand(ctx context.Context, c config, args []string) error {
	if len(args) == 0 || importKinds[args[0]] == nil {
		return fmt.Errorf("%w: import catalogue FILE..., grid FILE..., participants FILE, reference DIR or wages FILE; see: waymark import --help", errUsage)
	}
	return importKinds[args[0]](ctx, c, args[1:])
}

// importCatalogue loads pathways, occupations and regions, all or nothing.
func importCatalogue(ctx context.Context, c config, args []string) error {
	slug := ""
	files, err := flags("import", args, func(f *flag.FlagSet) { f.StringVar(&slug, "agency", "", "") })
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%w: name at least one file; see: waymark import --help", errUsage)
	}
	parsed, documents, err := readCatalogue(files)
	if err != nil {
		return err
	}
	s, by, err := openAgency(ctx, c, slug, say)
	if err != nil {
		return err
	}
	defer s.close()
	if err := importCTDL(ctx, s, by, documents); err != nil || len(parsed) == 0 {
		return err
	}
	report, err := pathway.New(s.db, s.policy).ImportFiles(ctx, by, parsed)
	if err != nil {
		return err
	}
	for _, p := range report.Pathways {
		if p.Changed {
			fmt.Printf("%s: version %d is in use now\n", p.Code, p.Version)
		} else {
			fmt.Printf("%s: version %d was in use already, nothing changed\n", p.Code, p.Version)
		}
	}
	fmt.Printf("%d occupations and %d regions changed\n", report.Occupations, report.Regions)
	return nil
}

// importCTDL makes a draft of each document of a credential registry: it may lack what the registry does
// not know, so somebody completes, validates and publishes it.
func importCTDL(ctx context.Context, s *store, by access.Actor, documents []registryFile) error {
	for _, doc := range documents {
		code, err := pathway.CTDLCode(doc.name, doc.data)
		if err != nil {
			return err
		}
		e, err := pathway.New(s.db, s.policy).BeginWith(ctx, by, code, func(from pathway.Pathway) (pathway.Pathway, error) { return pathway.FromCTDL(doc.name, doc.data, from) })
		if err != nil {
			return err
		}
		fmt.Printf("%s: version %d is a draft; see /pathways/%s/drafts/%d\n", code, e.Version, code, e.Version)
	}
	return nil
}

// importGrid loads local demand by schooling and area. Every fault is named with its line, and a
// file with one changes nothing.
func importGrid(ctx context.Context, c config, args []string) error {
	slug := ""
	files, err := flags("import", args, func(f *flag.FlagSet) { f.StringVar(&slug, "agency", "", "") })
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%w: name at least one file, for example: waymark import grid seeds/grids/louisville-it.csv", errUsage)
	}
	var grids []pathway.Grid
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		list, err := pathway.ParseGrids(filepath.Base(name), f)
		_ = f.Close()
		if err != nil {
			return err
		}
		grids = append(grids, list...)
	}
	s, by, err := openAgency(ctx, c, slug, say)
	if err != nil {
		return err
	}
	defer s.close()
	stored, err := pathway.New(s.db, s.policy).ImportGrids(ctx, by, grids)
	if err != nil {
		return err
	}
	for _, g := range grids {
		fmt.Printf("%s: %d postings, the totals add up\n", g.Sector.EN, g.Total)
	}
	fmt.Printf("%d of %d stored; the others were there already\n", stored, len(grids))
	return nil
}

// registryFile is one file of a credential registry, unread.
type registryFile struct {
	name string
	data []byte
}

// readCatalogue reads every file before anything is changed; each problem names its file and line.
// Documents of a credential registry are told apart by what is in them.
func readCatalogue(files []string) (parsed []pathway.File, documents []registryFile, err error) {
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		if pathway.IsCTDL(data) {
			documents = append(documents, registryFile{filepath.Base(name), data})
			continue
		}
		one, err := pathway.Parse(filepath.Base(name), bytes.NewReader(data))
		if err != nil {
			return nil, nil, err
		}
		parsed = append(parsed, one)
	}
	return parsed, documents, nil
}
