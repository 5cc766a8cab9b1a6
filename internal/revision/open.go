package revision

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/pathway"
	"waymark/internal/pg"
)

// Move is somebody whose steps the version in use changed and who has not been asked about it.
type Move struct {
	Affected
	Code      string `json:"pathway"`
	ToVersion int    `json:"to_version"`
}

// Name is the person's.
func (m Move) Name() string { return m.First + " " + m.Last }

// Open lists the moves that the actor is to answer, of all pathways. One statement says whether anybody
// is on an earlier version at all; only then are versions compared.
func (s *Service) Open(ctx context.Context, by access.Actor) (list []Move, err error) {
	scope, err := s.policy.Scope(by, access.ChooseSelection)
	if err != nil {
		return nil, nil //nolint:nilerr // who may not answer has none to answer
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = open(tx, scope, "", pg.Args{})
		return err
	})
	return list, err
}

// OpenOf is the move of one case that the actor is to answer, if there is one.
func (s *Service) OpenOf(ctx context.Context, by access.Actor, caseID access.CaseID) (list []Move, err error) {
	scope, err := s.policy.Scope(by, access.ChooseSelection)
	if err != nil {
		return nil, nil //nolint:nilerr // who may not answer has none to answer
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = open(tx, scope, " and c.id = :only", pg.Args{"only": caseID})
		return err
	})
	return list, err
}

func open(tx *pg.Tx, scope access.Scope, only string, args pg.Args) (list []Move, err error) {
	codes, err := behind(tx, scope, only, args)
	if err != nil {
		return nil, err
	}
	for _, code := range codes {
		life, err := pathway.LifeOf(tx, code)
		if err != nil {
			return nil, err
		}
		out, ok := life.Published()
		if !ok {
			continue
		}
		now, err := pathway.At(tx, code, out.Version)
		if err != nil {
			return nil, err
		}
		staked, err := people(tx, scope, scope, code, now.Version, "and "+scope.Where()+only, args)
		if err != nil {
			return nil, err
		}
		found, err := affected(staked, now.Pathway, func(v int) (pathway.Pathway, error) {
			e, err := pathway.At(tx, code, v)
			return e.Pathway, err
		})
		if err != nil {
			return nil, err
		}
		for _, a := range found {
			list = append(list, Move{Affected: a, Code: code, ToVersion: now.Version})
		}
	}
	return list, nil
}

// behind are the pathways of which somebody in the scope stands on a version before the one in use, not yet answered.
func behind(tx *pg.Tx, scope access.Scope, only string, args pg.Args) ([]string, error) {
	all := pg.Args{}
	for k, v := range args {
		all[k] = v
	}
	return pg.List[string](tx, `select distinct v.code from pathway_versions v join cases c on c.agency_id = v.agency_id and c.pathway_code = v.code
		where v.state = 'published' and v.version > 1 and `+casefile.OpenStates+` and `+scope.Where()+only+`
			and (exists (select from selections n where n.agency_id = c.agency_id and n.case_id = c.id and n.pathway_code = v.code and n.pathway_version < v.version)
				or exists (select from plan_versions n where n.agency_id = c.agency_id and n.case_id = c.id and n.pathway_code = v.code and n.pathway_version < v.version))
			and not exists (select from pathway_moves m where m.agency_id = c.agency_id and m.case_id = c.id and m.code = v.code and m.to_version = v.version)
		order by v.code limit 50`, all.In(scope, tx))
}
