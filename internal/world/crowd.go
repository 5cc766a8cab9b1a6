package world

import (
	"regexp"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/pg"
	"waymark/internal/seed"
)

// Crowd fills a further agency with so many people, and gives a case manager of it and their supervisor.
func (w *World) Crowd(t testing.TB, people int) (manager, lead access.Actor) {
	t.Helper()
	if err := seed.Many(t.Context(), seed.Seeder{Owner: w.Owner, DB: w.DB, Policy: w.Policy, Key: w.Key, Say: func(string) {}}, people, 1); err != nil {
		t.Fatal(err)
	}
	type person struct {
		Agency access.AgencyID `db:"agency_id"`
		ID     access.UserID   `db:"id"`
		Office access.OfficeID `db:"office_id"`
	}
	found := func(tx *pg.Tx, role access.Role, which string) (access.Actor, error) {
		p, err := pg.Get[person](tx, `select agency_id, id, office_id from users where `+which, nil)
		return access.Actor{Agency: p.Agency, ID: p.ID, Office: p.Office, Role: role, Zone: w.Dana.Zone}, err
	}
	if err := w.Owner.Read(t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) (err error) {
		if lead, err = found(tx, access.Supervisor, `email like 'lead2@%'`); err != nil {
			return err
		}
		manager, err = found(tx, access.CaseManager, `id = (select case_manager_id from cases c
			where c.office_id = (select office_id from users where email like 'lead2@%') and c.exit_on is null order by id limit 1)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return manager, lead
}

// NoScan fails where a statement would read one of the tables from end to end: "cases|check_ins".
func NoScan(t testing.TB, tx *pg.Tx, tables, what, query string, args pg.Args) error {
	t.Helper()
	plan, err := pg.List[string](tx, `explain `+query, args)
	if text := strings.Join(plan, "\n"); regexp.MustCompile(`Seq Scan on (` + tables + `)\b`).MatchString(text) {
		t.Errorf("%s:\n%s", what, text)
	}
	return err
}
