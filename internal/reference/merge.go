package reference

import (
	"fmt"
	"slices"
	"strings"

	"waymark/internal/pg"
)

// lock lets one import work at a time.
func lock(tx *pg.Tx) error {
	_, err := pg.Exec(tx, `select pg_advisory_xact_lock(7116333)`, nil)
	return err
}

// repeated refuses a set that names a row twice. Where the publisher itself repeats a few rows word
// for word, they are taken once; a file that does so all over was pasted together.
func repeated(tx *pg.Tx, s set, found [][]file, r *Result) error {
	key := strings.Join(s.key, ", ")
	type twice struct {
		File int `db:"from_file"`
		Line int `db:"from_line"`
		All  int `db:"all_of_them"`
	}
	again, there, err := pg.Find[twice](tx, `
		select from_file, from_line, count(*) over () as all_of_them
		from (select from_file, from_line, row_number() over (partition by `+key+` order by from_file, from_line) as n from staging) x
		where n > 1 order by from_file, from_line limit 1`, nil)
	if err != nil || !there {
		return err
	}
	if s.merges && again.All*50 <= r.Read {
		_, err = pg.Exec(tx, `delete from staging s using (select ctid as place, row_number() over (partition by `+key+` order by from_line) as n from staging) x
			where x.place = s.ctid and x.n > 1`, nil)
		r.Read -= again.All
		return err
	}
	name := strings.Join(r.Files, ", ")
	if len(found) > again.File && len(found[again.File]) > 0 {
		name = found[again.File][0].name
	}
	return &Fault{File: name, Line: again.Line, Column: 1, Name: key, What: fmt.Sprintf("the row stands in the file already; %d rows are repeated", again.All)}
}

// merge makes the table equal to what was staged, touching only what differs, a few pages of it at a
// time. It is one transaction, so readers see the old set or the new one and wait for neither.
func merge(tx *pg.Tx, s set, r *Result, p *pace) error {
	m := mergeOf(s)
	var err error
	if r.Removed, err = pg.Exec(tx, m.remove, pg.Args{"name": s.name}); err != nil {
		return err
	}
	p.breathe()
	pages, err := pg.Get[int](tx, `select pg_relation_size('staging') / cast(current_setting('block_size') as bigint)`, nil)
	if err != nil {
		return err
	}
	for page := 0; page < pages; page += pagesAtOnce {
		n, err := pg.Get[merged](tx, m.upsert, pg.Args{"from": place(page), "to": place(page + pagesAtOnce)})
		if err != nil {
			return err
		}
		r.Added, r.Changed = r.Added+n.Added, r.Changed+n.Changed
		p.breathe()
	}
	return nil
}

// pagesAtOnce is how much of what was staged one statement merges: some thousand rows, in which no reader waits long.
const pagesAtOnce = 32

// place is where a page of a table begins.
func place(page int) string { return fmt.Sprintf("(%d,0)", page) }

// merged is what one statement did.
type merged struct {
	Added   int `db:"added"`
	Changed int `db:"changed"`
}

// merging is a set's merge in SQL: what goes, and what comes or changes.
type merging struct{ remove, upsert string }

func mergeOf(s set) merging {
	key, columns, own := s.key, s.columns, "true"
	if s.tagged {
		key, columns, own = slices.Concat([]string{"set_name"}, key), slices.Concat([]string{"set_name"}, columns), "t.set_name = :name"
	}
	var same, to, old, renewed []string
	for _, k := range key {
		same = append(same, "s."+k+" = t."+k)
	}
	for _, c := range columns {
		if slices.Contains(key, c) {
			continue
		}
		to, old, renewed = append(to, c+" = excluded."+c), append(old, "t."+c), append(renewed, "excluded."+c)
	}
	action := "nothing"
	if len(to) > 0 {
		action = "update set " + strings.Join(to, ", ") + " where (" + strings.Join(old, ", ") + ") is distinct from (" + strings.Join(renewed, ", ") + ")"
	}
	list := strings.Join(columns, ", ")
	return merging{
		remove: `delete from reference.` + s.table + ` t where ` + own + ` and not exists (select from staging s where ` + strings.Join(same, " and ") + `)`,
		upsert: `
			with merged as (
				insert into reference.` + s.table + ` as t (` + list + `)
				select ` + list + ` from staging where ctid >= cast(:from as tid) and ctid < cast(:to as tid)
				on conflict (` + strings.Join(key, ", ") + `) do ` + action + `
				returning xmax = 0 as fresh)
			select count(*) filter (where fresh) as added, count(*) filter (where not fresh) as changed from merged`,
	}
}
