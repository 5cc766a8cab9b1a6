package server

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// opening is one reader at one record.
type opening struct {
	reader access.UserID
	record string
}

// readings remembers which openings of this hour are already noted, so that only the first page
// of a record costs a write. The database keeps them to one a person and hour whatever this forgets.
type readings struct {
	sync.Mutex
	hour  time.Time
	noted map[opening]bool
}

func (n *readings) has(o opening, hour time.Time) bool {
	n.Lock()
	defer n.Unlock()
	return n.hour.Equal(hour) && n.noted[o]
}

func (n *readings) add(o opening, hour time.Time) {
	n.Lock()
	defer n.Unlock()
	if !n.hour.Equal(hour) {
		n.hour, n.noted = hour, map[opening]bool{}
	}
	n.noted[o] = true
}

// noteOpening writes down that the reader opened the record that the address names, before
// anything of it is sent: what cannot be noted is not shown. An address that names nobody's
// record notes nothing.
func (r *request) noteOpening() error {
	if record := cmp.Or(r.record, r.c.Param("case")+r.c.Param("participant")); record != "" {
		return r.noteRecords(record)
	}
	return nil
}

// noteRecords notes the opening of several records at once, for what shows facts of each.
func (r *request) noteRecords(records ...string) error {
	hour := r.now.Truncate(time.Hour)
	records = slices.DeleteFunc(records, func(record string) bool { return r.s.readings.has(opening{r.by.ID, record}, hour) })
	if len(records) == 0 {
		return nil
	}
	if err := r.s.db.Write(r.c.Request.Context(), r.by, func(tx *pg.Tx) error {
		for _, record := range records {
			subject, err := id.Parse[audit.Row](record)
			if err != nil {
				return err
			}
			if err := audit.Opened(tx, r.by, subject.String()); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for _, record := range records {
		r.s.readings.add(opening{r.by.ID, record}, hour)
	}
	return nil
}
