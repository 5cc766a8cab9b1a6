package server

import (
	"waymark/internal/account"
	"waymark/internal/agency"
	"waymark/internal/audit"
	"waymark/internal/calendar"
	"waymark/internal/casefile"
	"waymark/internal/caseload"
	"waymark/internal/digest"
	"waymark/internal/document"
	"waymark/internal/engagement"
	"waymark/internal/explore"
	"waymark/internal/fairness"
	"waymark/internal/followup"
	"waymark/internal/goal"
	"waymark/internal/intake"
	"waymark/internal/journey"
	"waymark/internal/message"
	"waymark/internal/narrative"
	"waymark/internal/notetemplate"
	"waymark/internal/notice"
	"waymark/internal/outbox"
	"waymark/internal/ownwords"
	"waymark/internal/participant"
	"waymark/internal/participation"
	"waymark/internal/pathway"
	"waymark/internal/plan"
	"waymark/internal/portal"
	"waymark/internal/recommend"
	"waymark/internal/record"
	"waymark/internal/reference"
	"waymark/internal/result"
	"waymark/internal/review"
	"waymark/internal/revision"
	"waymark/internal/rights"
	"waymark/internal/selection"
	"waymark/internal/team"
	"waymark/internal/today"
	"waymark/internal/transfer"
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
	calendar      *calendar.Service
	digest        *digest.Service
	document      *document.Service
	engagement    *engagement.Service
	fairness      *fairness.Service
	followup      *followup.Service
	explore       *explore.Service
	goal          *goal.Service
	intake        *intake.Service
	message       *message.Service
	narrative     *narrative.Service
	noteTemplates *notetemplate.Service
	notice        *notice.Service
	outbox        *outbox.Service
	ownwords      *ownwords.Service
	journey       *journey.Service
	pathway       *pathway.Service
	plan          *plan.Service
	portal        *portal.Service
	recommend     *recommend.Service
	review        *review.Service
	revision      *revision.Service
	reference     *reference.Service
	rights        *rights.Service
	result        *result.Service
	selection     *selection.Service
	team          *team.Service
	today         *today.Service
	transfer      *transfer.Service
}

func newServices(cfg Config) services {
	return services{
		record:        record.New(cfg.DB, cfg.Policy),
		participation: participation.New(cfg.DB, cfg.Policy),
		casefile:      casefile.New(cfg.DB, cfg.Policy),
		caseload:      caseload.New(cfg.DB, cfg.Policy),
		participant:   participant.New(cfg.DB, cfg.Policy, intake.FollowPerson),
		account:       account.New(cfg.DB, cfg.Policy, cfg.BaseURL),
		agency:        agency.New(cfg.DB, cfg.Policy),
		audit:         audit.New(cfg.DB, cfg.Policy),
		calendar:      calendar.New(cfg.DB, cfg.Policy),
		digest:        digest.New(cfg.DB, cfg.Policy, cfg.BaseURL),
		document:      document.New(cfg.DB, cfg.Policy, cfg.Files),
		engagement:    engagement.New(cfg.DB, cfg.Policy),
		fairness:      fairness.New(cfg.DB, cfg.Policy),
		followup:      followup.New(cfg.DB, cfg.Policy),
		explore:       explore.New(cfg.DB, cfg.Policy),
		goal:          goal.New(cfg.DB, cfg.Policy),
		intake:        intake.New(cfg.DB, cfg.Policy, cfg.Key),
		message:       message.New(cfg.DB, cfg.Policy, cfg.BaseURL),
		narrative:     narrative.New(cfg.DB, cfg.Policy),
		noteTemplates: notetemplate.New(cfg.DB, cfg.Policy),
		notice:        notice.New(cfg.DB, cfg.Policy),
		outbox:        outbox.New(cfg.DB, cfg.Policy),
		ownwords:      ownwords.New(cfg.DB, cfg.Policy),
		journey:       journey.New(cfg.DB, cfg.Policy),
		pathway:       pathway.New(cfg.DB, cfg.Policy),
		plan:          plan.New(cfg.DB, cfg.Policy, planpage.Render),
		portal:        portal.New(cfg.DB, cfg.Policy),
		recommend:     recommend.New(cfg.DB, cfg.Policy),
		review:        review.New(cfg.DB, cfg.Policy),
		revision:      revision.New(cfg.DB, cfg.Policy),
		reference:     reference.New(cfg.DB),
		rights:        rights.New(cfg.DB, cfg.Policy, cfg.Files),
		result:        result.New(cfg.DB, cfg.Policy),
		selection:     selection.New(cfg.DB, cfg.Policy, goal.Recheck),
		team:          team.New(cfg.DB, cfg.Policy),
		today:         today.New(cfg.DB, cfg.Policy),
		transfer:      transfer.New(cfg.DB, cfg.Policy, cfg.BaseURL),
	}
}

// allRoutes lists every concept's routes; each stands in the concept's own file.
func (s *Server) allRoutes() {
	s.casefileRoutes()
	s.accountRoutes()
	s.auditRoutes()
	s.calendarRoutes()
	s.codeRoutes()
	s.digestRoutes()
	s.documentRoutes()
	s.draftRoutes()
	s.appointmentRoutes()
	s.demoRoutes()
	s.docsRoutes()
	s.departureRoutes()
	s.engagementRoutes()
	s.exploreRoutes()
	s.occupationRoutes()
	s.noteRoutes()
	s.ownWordsRoutes()
	s.participationRoutes()
	s.todayRoutes()
	s.goalRoutes()
	s.helpRoutes()
	s.intakeRoutes()
	s.pathwayRoutes()
	s.planRoutes()
	s.portalRoutes()
	s.recommendRoutes()
	s.rightsRoutes()
	s.resultRoutes()
	s.resultFileRoutes()
	s.selectionRoutes()
	s.caseloadRoutes()
	s.participantRoutes()
	s.setupRoutes()
	s.signInRoutes()
	s.teamRoutes()
	s.transferRoutes()
	s.transferAskRoutes()
	s.coverRoutes()
	s.messageRoutes()
	s.besideRoutes()
	s.bulkRoutes()
	s.savedViewRoutes()
	s.caseloadExportRoutes()
	s.followUpRoutes()
	s.reviewRoutes()
	s.fairnessRoutes()
	s.narrativeRoutes()
}
