package explore

import (
	"context"
	"slices"
	"sync"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/intake"
	"waymark/internal/participation"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/reference"
)

// Service has the use cases of looking around.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// pageSize is how many items a page has.
const pageSize = 12

// View is one page of what there is.
type View struct {
	Items []Item `json:"items"`
	Total int    `json:"total"`
	Page  int    `json:"page"`
	Pages int    `json:"pages"`
	// Code is the person's interest code, "" while it is not known; Answered counts the statements
	// that have been answered in a profile that was begun.
	Code     string             `json:"interest_code"`
	Answered int                `json:"answered"`
	Likes    []Item             `json:"likes"`
	MayLike  bool               `json:"may_like"`
	Credits  []reference.Credit `json:"credits"`
	Filter   Filter             `json:"-"`
}

// Browse shows areas and occupations that pass the filter: for staff as they are, for a participant
// with the own interests and likes.
func (s *Service) Browse(ctx context.Context, by access.Actor, f Filter, page int, lang string) (v View, err error) {
	if err := check.Struct(f); err != nil {
		return v, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		v, err = s.browse(tx, by, f, page, lang)
		return err
	})
	return v, err
}

func (s *Service) browse(tx *pg.Tx, by access.Actor, f Filter, page int, lang string) (View, error) {
	v := View{Items: []Item{}, Likes: []Item{}, Credits: []reference.Credit{}, Filter: f}
	all, err := everything(tx, by)
	if err != nil {
		return v, err
	}
	var scores *[6]float64
	var likes []Liked
	if by.Role == access.ParticipantRole {
		if scores, likes, err = s.own(tx, by, &v); err != nil {
			return v, err
		}
	}
	if scores != nil {
		v.Code = lettersOf(scores[:])
	}
	found := []Item{}
	for _, i := range all {
		i.Liked = slices.ContainsFunc(likes, func(l Liked) bool { return l.Kind == i.Kind && l.Code == i.Code })
		i.Match = match(scores, i.riasec)
		if i.Liked {
			v.Likes = append(v.Likes, i)
		}
		if f.takes(i, lang) {
			found = append(found, i)
		}
	}
	v.page(sorted(found, lang), page)
	return v, v.credit(tx)
}

func (v *View) page(found []Item, page int) {
	v.Total = len(found)
	v.Pages = max(1, (v.Total+pageSize-1)/pageSize)
	v.Page = min(max(1, page), v.Pages)
	v.Items = found[min(len(found), (v.Page-1)*pageSize):min(len(found), v.Page*pageSize)]
}

// own reads what the participant has said so far.
func (s *Service) own(tx *pg.Tx, by access.Actor, v *View) (*[6]float64, []Liked, error) {
	scope, err := s.policy.Scope(by, access.ReadPortal)
	if err != nil {
		return nil, nil, err
	}
	c, err := casefile.Current(tx, scope, by.Participant)
	if errs.Is(err, errs.NotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	v.MayLike = c.Open()
	p, err := intake.ProfileOf(tx, c.ID)
	if err != nil {
		return nil, nil, err
	}
	if v.Answered, err = pg.Get[int](tx, `select count(*) from interest_answers where case_id = :case_id`, pg.Args{"case_id": c.ID}); err != nil {
		return nil, nil, err
	}
	likes, err := LikesOf(tx, c.ID)
	return p.Scores, likes, err
}

// credit names whose data the page shows.
func (v *View) credit(tx *pg.Tx) error {
	stamps, err := reference.Stamps(tx)
	for _, s := range stamps {
		shown := slices.Contains([]string{"onet_interests", "oews_national", "oews_state", "oews_local", "oews_state_mean", "projections", "rapids"}, s.Name)
		if c := s.Of(); shown && !slices.ContainsFunc(v.Credits, func(x reference.Credit) bool { return x.Title == c.Title }) {
			v.Credits = append(v.Credits, c)
		}
	}
	return err
}

// cached keeps each agency's list. It holds no personal data.
var cached sync.Map // agency -> held

type held struct {
	print string
	items []Item
}

// everything lists all areas and occupations: those of the catalogue, then those that only
// reference data knows. It is made anew when either changes.
func everything(tx *pg.Tx, by access.Actor) ([]Item, error) {
	c, err := pathway.Load(tx, "")
	if err != nil {
		return nil, err
	}
	print := c.Version + " " + c.DataVersion
	if h, ok := cached.Load(by.Agency); ok && h.(held).print == print {
		return h.(held).items, nil
	}
	list, err := gather(tx, c)
	if err == nil {
		cached.Store(by.Agency, held{print, list})
	}
	return list, err
}

func gather(tx *pg.Tx, c pathway.Catalogue) ([]Item, error) {
	list := []Item{}
	for _, a := range c.Areas() {
		list = append(list, areaItem(c, a))
	}
	for _, o := range c.Occupations() {
		list = append(list, jobItem(c, o))
	}
	wide, err := reference.Occupations(tx, nil)
	if err != nil || len(wide) == 0 {
		return list, err
	}
	wide = slices.DeleteFunc(wide, func(o reference.Occupation) bool { _, ok := c.Occupation(o.SOC); return ok })
	socs := make([]string, len(wide))
	for i, o := range wide {
		socs[i] = o.SOC
	}
	at, err := reference.PlaceOf(tx)
	if err != nil {
		return nil, err
	}
	wages, err := reference.Wages(tx, socs, at)
	if err != nil {
		return nil, err
	}
	outlook, err := reference.Projections(tx, socs)
	for _, o := range wide {
		list = append(list, wider(o, wages[o.SOC], outlook[o.SOC]))
	}
	if err != nil {
		return nil, err
	}
	trades, err := reference.Trades(tx, socs)
	for i := range list {
		list[i].Apprentice = list[i].Apprentice || list[i].Kind == Occupation && len(trades[list[i].Code]) > 0
	}
	return list, err
}

// LikeInput says that somebody likes something, or no longer does.
type LikeInput struct {
	Kind  string `json:"kind" validate:"required,oneof=area occupation"`
	Code  string `json:"code" validate:"required,max=20"`
	Liked bool   `json:"liked"`
}

// Say records what a participant likes. Only what there is can be liked.
func (s *Service) Say(ctx context.Context, by access.Actor, in LikeInput) (title pathway.Text, err error) {
	if err := check.Struct(in); err != nil {
		return title, err
	}
	err = s.write(ctx, by, func(tx *pg.Tx, c casefile.Case) error {
		all, err := everything(tx, by)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(i Item) bool { return i.Kind == in.Kind && i.Code == in.Code })
		if i < 0 {
			return errs.At("code", "explore.unknown")
		}
		title = all[i].Title
		made, err := insertLike(tx, by, c.ID, in)
		if err != nil {
			return err
		}
		action := "like.said"
		if !in.Liked {
			action = "like.taken_back"
		}
		return audit.Append(tx, by, audit.Entry{Action: action, Case: c.ID, Subject: made.String(), Detail: map[string]any{"kind": in.Kind, "code": in.Code}})
	})
	return title, err
}

// write changes what the participant says of their own case. The case is refreshed from rows that they may not read.
func (s *Service) write(ctx context.Context, by access.Actor, fn func(*pg.Tx, casefile.Case) error) error {
	scope, err := s.policy.Scope(by, access.AnswerPortal)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, by.Program(), func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		if err != nil {
			return err
		}
		if c, err = casefile.LockOpen(tx, scope, c.ID); err != nil {
			return err
		}
		if err := fn(tx, c); err != nil {
			return err
		}
		return participation.RefreshCase(tx, c, by.Today(tx.Now))
	})
}

// Likes reports whether the participant likes one thing, and whether they may say so.
func (s *Service) Likes(ctx context.Context, by access.Actor, kind, code string) (liked, may bool, err error) {
	scope, err := s.policy.Scope(by, access.ReadPortal)
	if err != nil {
		return false, false, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		may = c.Open()
		list, err := LikesOf(tx, c.ID)
		liked = slices.ContainsFunc(list, func(l Liked) bool { return l.Kind == kind && l.Code == code })
		return err
	})
	return liked, may, err
}
