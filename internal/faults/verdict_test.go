package faults

// kept is a check-in as it stands in the database, with what must have come with it.
type kept struct {
	ID           string `db:"id"`
	Key          string `db:"note"`
	Case         string `db:"case_id"`
	Audits       int    `db:"audits"`
	Services     int    `db:"services"`
	Progress     int    `db:"progress"`
	Appointments int    `db:"appointments"`
	Submissions  int    `db:"submissions"`
}

const keptQuery = `
	select cast(k.id as text) as id, k.note, cast(k.case_id as text) as case_id,
		(select count(*) from audit_log l where l.subject_id = k.id and l.action = 'checkin.recorded') as audits,
		(select count(*) from services v where v.id = k.service_id and v.case_id = k.case_id) as services,
		(select count(*) from milestone_progress m where m.check_in_id = k.id) as progress,
		(select count(*) from appointments a where a.id = k.appointment_id and a.case_id = k.case_id and a.state = 'kept') as appointments,
		(select count(*) from submissions s where s.key = k.note) as submissions
	from check_ins k where k.note like 'ledger-%'`

// judge holds the ledger against the database.
func (p *program) judge(l *ledger) {
	p.t.Helper()
	found := map[string][]kept{}
	for _, k := range rowsOf[kept](p.t, p.dsn(), keptQuery) {
		found[k.Key] = append(found[k.Key], k)
		if want := (kept{k.ID, k.Key, k.Case, 1, 1, 1, 1, 1}); k != want {
			p.t.Errorf("what came with a check-in is not there once: %+v", k)
		}
	}
	retried, unnamed := 0, 0
	for _, e := range l.entries {
		rows := found[e.Key]
		delete(found, e.Key)
		switch {
		case e.Acked && len(rows) != 1:
			p.t.Errorf("%s was acknowledged after %d tries and is there %d times", e.Key, e.Tries, len(rows))
		case len(rows) > 1:
			p.t.Errorf("%s is there %d times", e.Key, len(rows))
		case len(rows) == 1 && (rows[0].Case != e.Case || e.ID != "" && rows[0].ID != e.ID):
			p.t.Errorf("%+v is there as %+v", e, rows[0])
		}
		if e.Tries > 1 {
			retried++
		}
		if e.Acked && e.ID == "" {
			unnamed++
		}
	}
	for key := range found {
		p.t.Errorf("%s is there and nobody sent it", key)
	}
	p.t.Logf("%d check-ins, %d of them sent more than once, %d acknowledged after the answer was lost", len(l.entries), retried, unnamed)
	p.nothingElse(len(l.entries))
	p.projections()
	listed(l)
}

// nothingElse counts from the other side: nothing hangs on a check-in that is not there.
func (p *program) nothingElse(checkIns int) {
	p.t.Helper()
	type counts struct {
		Audits       int `db:"audits"`
		Services     int `db:"services"`
		Progress     int `db:"progress"`
		Appointments int `db:"appointments"`
		Submissions  int `db:"submissions"`
	}
	got := rowsOf[counts](p.t, p.dsn(), `select
		(select count(*) from audit_log where action = 'checkin.recorded') as audits,
		(select count(*) from audit_log where action = 'service.recorded') as services,
		(select count(*) from milestone_progress) as progress,
		(select count(*) from appointments where state = 'kept') as appointments,
		(select count(*) from submissions) as submissions`)[0]
	if want := (counts{checkIns, checkIns, checkIns, checkIns, checkIns}); got != want {
		p.t.Errorf("%d check-ins, and beside them %+v", checkIns, got)
	}
}

// projections are what lists are read from: they say the same as the check-ins.
func (p *program) projections() {
	p.t.Helper()
	wrong := rowsOf[string](p.t, p.dsn(), `select cast(c.id as text) from cases c
		join lateral (select k.next_on, k.next_at, k.held_on, k.note from check_ins k where k.agency_id = c.agency_id and k.case_id = c.id order by k.held_on desc, k.id desc limit 1) k on k.note like 'ledger-%'
		left join appointments a on a.agency_id = c.agency_id and a.case_id = c.id and a.kind = 'check_in' and a.state = 'planned'
		where (c.next_on, c.next_at, c.last_contact_on, c.last_reached_on) is distinct from (a.on_date, a.at_time, k.held_on, k.held_on)
			or (a.on_date, a.at_time) is distinct from (k.next_on, k.next_at)`)
	if len(wrong) > 0 {
		p.t.Errorf("the next talk or the last one is not the newest check-in's: %v", wrong)
	}
}

// listed holds the ledger against what the case managers are shown: five hundred of a case at most.
func listed(l *ledger) {
	l.t.Helper()
	for _, c := range l.clients {
		seen := map[string]int{}
		notes := c.list()
		for _, n := range notes {
			seen[n]++
		}
		for _, e := range l.entries {
			if n := seen[e.Key]; e.Case == c.caseID && (n > 1 || n == 0 && len(notes) < 500) {
				l.t.Errorf("the list of the case %s has %s %d times", c.caseID, e.Key, n)
			}
		}
	}
}
