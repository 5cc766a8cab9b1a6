package server

import (
	"waymark/internal/account"
	"waymark/internal/agency"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/caseload"
	"waymark/internal/engagement"
	"waymark/internal/goal"
	"waymark/internal/intake"
	"waymark/internal/participant"
	"waymark/internal/participation"
	"waymark/internal/pathway"
	"waymark/internal/plan"
	"waymark/internal/portal"
	"waymark/internal/recommend"
	"waymark/internal/record"
	"waymark/internal/result"
	"waymark/internal/selection"
	"waymark/internal/today"
	planpage "waymark/web/page/plan"
)

// services are the use cases that routes call, one a package of the domain.
type services struct {
	record        *record.Service
	participation *participation.Service
	casefile      *casefile.Service
	caseload      *caseload.Service
	participant   *participant.Service
	account       *account.Service
	agency        *agency.Service
	audit         *audit.Service
	engagement    *engagement.Service
	goal          *goal.Service
	intake        *intake.Service
	pathway       *pathway.Service
	plan          *plan.Service
	portal        *portal.Service
	recommend     *recommend.Service
	result        *result.Service
	selection     *selection.Service
	today         *today.Service
}

func newServices(cfg Config) services {
	return services{
		record:        record.New(cfg.DB, cfg.Policy),
		participation: participation.New(cfg.DB, cfg.Policy),
		casefile:      casefile.New(cfg.DB, cfg.Policy),
		caseload:      caseload.New(cfg.DB, cfg.Policy),
		participant:   participant.New(cfg.DB, cfg.Policy),
		account:       account.New(cfg.DB, cfg.Policy, cfg.BaseURL),
		agency:        agency.New(cfg.DB, cfg.Policy),
		audit:         audit.New(cfg.DB, cfg.Policy),
		engagement:    engagement.New(cfg.DB, cfg.Policy),
		goal:          goal.New(cfg.DB, cfg.Policy),
		intake:        intake.New(cfg.DB, cfg.Policy, cfg.Key),
		pathway:       pathway.New(cfg.DB, cfg.Policy),
		plan:          plan.New(cfg.DB, cfg.Policy, planpage.Render),
		portal:        portal.New(cfg.DB, cfg.Policy),
		recommend:     recommend.New(cfg.DB, cfg.Policy),
		result:        result.New(cfg.DB, cfg.Policy),
		selection:     selection.New(cfg.DB, cfg.Policy),
		today:         today.New(cfg.DB, cfg.Policy),
	}
}

// allRoutes lists every concept's routes; each stands in the concept's own file.
func (s *Server) allRoutes() {
	s.casefileRoutes()
	s.accountRoutes()
	s.auditRoutes()
	s.draftRoutes()
	s.appointmentRoutes()
	s.demoRoutes()
	s.departureRoutes()
	s.engagementRoutes()
	s.noteRoutes()
	s.participationRoutes()
	s.todayRoutes()
	s.goalRoutes()
	s.helpRoutes()
	s.intakeRoutes()
	s.pathwayRoutes()
	s.planRoutes()
	s.portalRoutes()
	s.recommendRoutes()
	s.resultRoutes()
	s.resultFileRoutes()
	s.selectionRoutes()
	s.caseloadRoutes()
	s.participantRoutes()
	s.setupRoutes()
	s.signInRoutes()
}
