// Package explore lets people look around before they choose: they answer the interest statements,
// browse areas and occupations, and say what they like. What they like is a stated preference.
package explore

import (
	"slices"
	"time"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/intake"
	"waymark/internal/pathway"
	"waymark/internal/pg"
)

// Like is the phantom type of a like's id.
type Like struct{}

// Kinds of what can be liked.
const (
	Area       = "area"
	Occupation = "occupation"
)

// Liked is one thing that somebody likes.
type Liked struct {
	Kind string    `db:"kind" json:"kind"`
	Code string    `db:"code" json:"code"`
	At   time.Time `db:"recorded_at" json:"at"`
}

// LikesOf lists what the person of a case likes now, newest first.
func LikesOf(tx *pg.Tx, caseID access.CaseID) ([]Liked, error) {
	return pg.List[Liked](tx, `
		select kind, code, recorded_at from (
			select distinct on (kind, code) kind, code, liked, recorded_at, id from likes where case_id = :case_id order by kind, code, recorded_at desc, id desc) newest
		where liked order by recorded_at desc, id desc limit 200`, pg.Args{"case_id": caseID})
}

func insertLike(tx *pg.Tx, by access.Actor, caseID access.CaseID, in LikeInput) (id.Of[Like], error) {
	made := id.New[Like]()
	return made, pg.Insert(tx, `insert into likes (agency_id, id, case_id, kind, code, liked, recorded_by, recorded_at)
		values (:agency, :id, :case_id, :kind, :code, :liked, :by, :now)`,
		pg.Args{"agency": by.Agency, "id": made, "case_id": caseID, "kind": in.Kind, "code": in.Code, "liked": in.Liked, "by": by.ID, "now": tx.Now})
}

// Areas are the areas that the likes name: those liked, and those in which a liked occupation stands.
func Areas(likes []Liked, c pathway.Catalogue) []string {
	list := []string{}
	add := func(code string) {
		if _, ok := c.Area(code); ok && !slices.Contains(list, code) {
			list = append(list, code)
		}
	}
	for _, l := range likes {
		if l.Kind == Area {
			add(l.Code)
			continue
		}
		for _, p := range c.Places(l.Code) {
			add(p.Area)
		}
	}
	return list
}

// WithLikes adds what the person likes to what was stated in intake. Somebody who likes something
// has been asked.
func WithLikes(p *intake.Preferences, likes []Liked, c pathway.Catalogue) *intake.Preferences {
	areas := Areas(likes, c)
	if len(areas) == 0 {
		return p
	}
	all := intake.Preferences{}
	if p != nil {
		all = *p
		all.Named = slices.Clone(p.Named)
	}
	for _, code := range areas {
		if !slices.Contains(all.Named, code) {
			all.Named = append(all.Named, code)
		}
	}
	return &all
}
