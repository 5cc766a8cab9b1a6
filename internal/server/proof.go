package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/participation"
	engagementpage "waymark/web/page/engagement"
)

func (r *request) showProof() error { return r.proofPage(nil) }

// proofPage asks until when somebody is known to have taken part in a service that goes on.
func (r *request) proofPage(refused error) error {
	if err := r.s.policy.Require(r.by, access.RecordService); err != nil {
		return err
	}
	of, err := param[participation.Record](r, "service")
	if err != nil {
		return err
	}
	set, err := r.serviceSet()
	if err != nil {
		return err
	}
	service, ok := set.Find(of)
	if !ok {
		return errs.New(errs.NotFound, "not_found")
	}
	c := r.chrome("caseload", "proof.page", msg.Args{"name": set.Case.Name()})
	f := page.NewForm(c, "proof", casePath(set.Case.ID, "/services/"+of.String()+"/proofs"), participation.ProofInput{AttendedOn: r.today()})
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	return r.show(status, c, engagementpage.Proof{Chrome: c, Set: set, Service: service, Form: f}.Body())
}

func (r *request) proveService() error {
	_, caseID, err := r.prove()
	if correctable(err) {
		return r.proofPage(err)
	}
	if err != nil {
		return err
	}
	return r.done("proof.saved", casePath(caseID, "/services"))
}

func (r *request) apiProveService() error {
	made, caseID, err := r.prove()
	if err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, "/services")+"#"+made.ID.String(), made)
}

func (r *request) prove() (made participation.Record, caseID access.CaseID, err error) {
	if caseID, err = r.caseID(); err != nil {
		return made, caseID, err
	}
	of, err := param[participation.Record](r, "service")
	if err != nil {
		return made, caseID, err
	}
	var in participation.ProofInput
	if err := r.bind(&in); err != nil {
		return made, caseID, err
	}
	made, err = r.s.participation.Prove(r.ctx(), r.by, caseID, of, in)
	return made, caseID, err
}
