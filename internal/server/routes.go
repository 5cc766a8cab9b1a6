package server

import (
	"waymark/internal/account"
	"waymark/internal/casefile"
	"waymark/internal/caseload"
	"waymark/internal/goal"
	"waymark/internal/intake"
	"waymark/internal/participant"
	"waymark/internal/pathway"
	"waymark/internal/portal"
	"waymark/internal/recommend"
	"waymark/internal/selection"
)

// services are the use cases that routes call, one a package of the domain.
type services struct {
	casefile    *casefile.Service
	caseload    *caseload.Service
	participant *participant.Service
	account     *account.Service
	goal        *goal.Service
	intake      *intake.Service
	pathway     *pathway.Service
	portal      *portal.Service
	recommend   *recommend.Service
	selection   *selection.Service
}

func newServices(cfg Config) services {
	return services{
		casefile:    casefile.New(cfg.DB, cfg.Policy),
		caseload:    caseload.New(cfg.DB, cfg.Policy),
		participant: participant.New(cfg.DB, cfg.Policy),
		account:     account.New(cfg.DB, cfg.Policy, cfg.BaseURL),
		goal:        goal.New(cfg.DB, cfg.Policy),
		intake:      intake.New(cfg.DB, cfg.Policy, cfg.Key),
		pathway:     pathway.New(cfg.DB, cfg.Policy),
		portal:      portal.New(cfg.DB, cfg.Policy),
		recommend:   recommend.New(cfg.DB, cfg.Policy),
		selection:   selection.New(cfg.DB, cfg.Policy),
	}
}

// allRoutes lists every concept's routes; each stands in the concept's own file.
func (s *Server) allRoutes() {
	s.goalRoutes()
	s.intakeRoutes()
	s.pathwayRoutes()
	s.portalRoutes()
	s.recommendRoutes()
	s.selectionRoutes()
	s.caseloadRoutes()
	s.participantRoutes()
	s.signInRoutes()
}
