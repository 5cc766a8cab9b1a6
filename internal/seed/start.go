package seed

import (
	"context"
	"encoding/json"
	"fmt"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/seeds"
)

// Start makes a real agency ready for work: its offices, the federal holidays, and the catalogue that
// comes with the program. Every rule holds by its default until the administrator sets another.
func Start(ctx context.Context, s Seeder, a Agency) (Made, error) {
	files, err := Catalogue(seeds.FS)
	if err != nil {
		return Made{}, err
	}
	if a.Holidays, err = federal(); err != nil {
		return Made{}, err
	}
	made := Made{ID: id.New[access.Agency]()}
	by := access.Actor{Agency: made.ID, Role: access.System}
	if err := s.Owner.Write(ctx, by, func(tx *pg.Tx) error {
		if err := insert(tx, a, &made, ""); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "agency.created", Subject: made.ID.String()})
	}); err != nil {
		return Made{}, err
	}
	s.Say("Loading the catalogue of pathways")
	if _, err := pathway.New(s.DB, s.Policy).ImportFiles(ctx, by, files); err != nil {
		return made, fmt.Errorf("the agency is there, its catalogue is not (load it with: waymark import catalogue): %w", err)
	}
	return made, nil
}

// federal lists the federal holidays that come with the program.
func federal() ([]Holiday, error) {
	var days []struct {
		Date civil.Date              `json:"date"`
		Name struct{ EN, ES string } `json:"name"`
	}
	b, err := seeds.FS.ReadFile("reference/holidays.json")
	if err == nil {
		err = json.Unmarshal(b, &days)
	}
	list := make([]Holiday, len(days))
	for i, d := range days {
		list[i] = Holiday{On: d.Date, Name: d.Name.EN, Spanish: d.Name.ES}
	}
	return list, err
}
