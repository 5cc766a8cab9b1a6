package bench

import (
	"database/sql"
	"net/http"
	"net/http/httptest"
	"testing"

	"waymark/internal/access"
	"waymark/internal/pg"
)

// teamFloor is the one best statement for the supervisor's numbers: counts by state per case manager.
const teamFloor = `select c.case_manager_id, c.step, case when c.paused_on is not null then 'paused'
		when c.step = 6 and greatest(c.progress_on, c.last_reached_on, c.step_since) <= current_date - 30 then 'stalled'
		when c.next_on < current_date then 'overdue' when c.next_on <= current_date + 6 then 'due' else 'on_track' end as urgency,
		count(*), percentile_cont(0.5) within group (order by current_date - c.step_since)
	from cases c where c.office_id = $1 and c.state not in ('ineligible', 'exited', 'follow_up', 'closed') group by 1, 2, 3`

// team has the supervisor's numbers as JSON, and the whole page. The place is a copy, in which the supervisor signs in.
func (p place) team(b *testing.B) {
	p.lead(b)
	floor := p.prepare(b, teamFloor)
	least := func(int) { p.transaction(b, []*sql.Stmt{floor}, [][]any{{p.by.Office.String()}}) }
	b.Run("team-json", func(b *testing.B) {
		p.against(b, "team-json", func(int) { p.read(b, "/api/v1/team/overview") }, least)
	})
	b.Run("team", func(b *testing.B) { p.against(b, "team", func(int) { p.get(b, "/team") }, least) })
	p.crowd(b, "team-json", func(int) { p.read(b, "/api/v1/team/overview") }, least)
}

// lead signs in the supervisor of the first office instead.
func (p *place) lead(b *testing.B) {
	b.Helper()
	type row struct {
		ID     access.UserID   `db:"id"`
		Office access.OfficeID `db:"office_id"`
		Email  string          `db:"email"`
	}
	if err := p.owner.Read(b.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) error {
		u, err := pg.Get[row](tx, `select id, office_id, email from users where email like 'lead1@%'`, nil)
		p.by.ID, p.by.Office, p.by.Role = u.ID, u.Office, access.Supervisor
		p.signIn(b, u.Email)
		return err
	}); err != nil {
		b.Fatal(err)
	}
}

func (p *place) read(b *testing.B, path string) {
	q := httptest.NewRequest("GET", path, nil)
	q.Header.Set("Authorization", "Bearer "+p.bearer)
	r := httptest.NewRecorder()
	p.site.ServeHTTP(r, q)
	if r.Code != http.StatusOK {
		b.Fatalf("%s: %d %.300s", path, r.Code, r.Body)
	}
}
