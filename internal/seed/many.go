package seed

import (
	"context"
	"fmt"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/document"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/plan"
	"waymark/seeds"
)

// Seeder is what making demonstration data needs.
type Seeder struct {
	Owner  *pg.DB
	DB     *pg.DB
	Policy *access.Policy
	Key    []byte
	// Files is where the papers of the demonstration's people are kept.
	Files *document.Files
	Say   func(string)
	// Render prints a plan: the product's own page.
	Render func(plan.Document) (string, error)
	// BaseURL is where the links of the demonstration's letters lead.
	BaseURL string
}

// DemoPassword is everybody's in the demonstration.
const DemoPassword = "waymark-demo-2026"

// Many makes agencies with people in bulk, beside whatever is there.
func Many(ctx context.Context, s Seeder, participants, agencies int) error {
	hash, err := account.Hash(DemoPassword)
	if err != nil {
		return err
	}
	files, err := Catalogue(seeds.FS)
	if err != nil {
		return err
	}
	existing, err := pg.AskAll[string](ctx, s.DB, `select slug from app.agencies()`, pg.Args{})
	if err != nil {
		return err
	}
	for i := range agencies {
		n := len(existing) + i + 1
		s.Say(fmt.Sprintf("Agency %d of %d: %d people", i+1, agencies, participants))
		made, err := Create(ctx, s.Owner, Agency{
			Slug: fmt.Sprintf("madeup-%d", n), Name: fmt.Sprintf("Made-up Agency %d", n), Zone: "America/New_York", State: "ME", Region: "ME-RIVER", WageArea: "30340", Demo: true,
			Offices: []Office{{"Head office", "1 Made-up Street", "(207) 555-0100"}},
			Staff:   []Person{{fmt.Sprintf("admin@madeup-%d.test", n), "Admin", "Madeup", "", access.Administrator, -1}},
		}, hash)
		if err != nil {
			return err
		}
		if _, err := pathway.New(s.DB, s.Policy).ImportFiles(ctx, access.Actor{Agency: made.ID, Role: access.System}, files); err != nil {
			return err
		}
		if err := Bulk(ctx, s, made, Shape(participants), hash); err != nil {
			return err
		}
	}
	return nil
}
