// Package seed makes agencies and their first people. It runs as the schema's owner, because an
// agency does not exist until it has made it; everything inside an agency goes through the services.
package seed

import (
	"context"
	"fmt"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/notetemplate"
	"waymark/internal/pg"
)

// Agency is what an agency begins with.
type Agency struct {
	Slug, Name, Zone, Phone, Address, State, Region, WageArea string
	Demo                                                      bool
	Offices                                                   []Office
	Staff                                                     []Person
	Holidays                                                  []Holiday
	NoteTemplates                                             []notetemplate.Input
}

// Office of an agency.
type Office struct{ Name, Address, Phone string }

// Person is somebody who works there; Office is the office's position, -1 for none.
type Person struct {
	Email, First, Last, Phone string
	Role                      access.Role
	Office                    int
}

// Holiday is a day on which every office is closed.
type Holiday struct {
	On            civil.Date
	Name, Spanish string
}

// Made has the ids, in the order given.
type Made struct {
	ID      access.AgencyID
	Offices []access.OfficeID
	Staff   []access.Actor
}

type holiday struct{}

// Create makes an agency; hash is the stored form of everybody's first password.
func Create(ctx context.Context, owner *pg.DB, a Agency, hash string) (Made, error) {
	made := Made{ID: id.New[access.Agency]()}
	err := owner.Write(ctx, access.Actor{Agency: made.ID, Role: access.System}, func(tx *pg.Tx) error { return insert(tx, a, &made, hash) })
	if err != nil {
		return made, fmt.Errorf("seed: agency %s: %w", a.Slug, err)
	}
	return made, nil
}

// insert writes the agency and what it begins with.
func insert(tx *pg.Tx, a Agency, made *Made, hash string) error {
	*made = Made{ID: made.ID} // a transaction may be tried again
	if err := pg.Insert(tx, `insert into agencies (id, slug, name, time_zone, phone, address, state, region, wage_area, demo)
		values (:id, :slug, :name, :zone, :phone, :address, :state, :region, :area, :demo)`,
		pg.Args{"id": made.ID, "slug": a.Slug, "name": a.Name, "zone": a.Zone, "phone": a.Phone, "address": a.Address, "state": a.State, "region": a.Region, "area": a.WageArea, "demo": a.Demo}); err != nil {
		return err
	}
	for _, o := range a.Offices {
		oid := id.New[access.Office]()
		made.Offices = append(made.Offices, oid)
		if err := pg.Insert(tx, `insert into offices (agency_id, id, name, address, phone) values (:agency, :id, :name, :address, :phone)`,
			pg.Args{"agency": made.ID, "id": oid, "name": o.Name, "address": o.Address, "phone": o.Phone}); err != nil {
			return err
		}
	}
	for _, h := range a.Holidays {
		if err := pg.Insert(tx, `insert into holidays (agency_id, id, on_date, name, name_es) values (:agency, :id, :on, :name, :es)`,
			pg.Args{"agency": made.ID, "id": id.New[holiday](), "on": h.On, "name": h.Name, "es": h.Spanish}); err != nil {
			return err
		}
	}
	for _, t := range a.NoteTemplates {
		if err := pg.Insert(tx, `insert into note_templates (agency_id, id, title, title_es, body, body_es) values (:agency, :id, :title, :title_es, :body, :body_es)`,
			pg.Args{"agency": made.ID, "id": id.New[notetemplate.Template](), "title": t.Title, "title_es": t.TitleES, "body": t.Text, "body_es": t.TextES}); err != nil {
			return err
		}
	}
	return insertStaff(tx, a, made, hash)
}

func insertStaff(tx *pg.Tx, a Agency, made *Made, hash string) error {
	zone, err := account.Zone(a.Zone)
	if err != nil {
		return err
	}
	for _, p := range a.Staff {
		actor := access.Actor{Agency: made.ID, ID: id.New[access.User](), Role: p.Role, FirstName: p.First, LastName: p.Last, AgencyName: a.Name, Language: "en", Zone: zone, Demo: a.Demo}
		if p.Office >= 0 {
			actor.Office = made.Offices[p.Office]
		}
		made.Staff = append(made.Staff, actor)
		if err := pg.Insert(tx, `insert into users (agency_id, id, email, first_name, last_name, phone, role, office_id, password_hash)
			values (:agency, :id, :email, :first, :last, :phone, :role, :office, :hash)`,
			pg.Args{"agency": made.ID, "id": actor.ID, "email": p.Email, "first": p.First, "last": p.Last, "phone": p.Phone, "role": string(p.Role), "office": actor.Office, "hash": hash}); err != nil {
			return err
		}
	}
	return nil
}
