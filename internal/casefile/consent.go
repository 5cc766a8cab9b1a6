package casefile

import (
	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// Consent is what a participant has said about one partner, as it stands on a day: whether they were ever asked,
// and whether their yes holds. A yes ends by its day, by a newer one in its place, and by being taken back.
type Consent struct {
	Asked bool `db:"asked"`
	Holds bool `db:"holds"`
}

// Over reports a yes that was given and does not hold any more: the partner is told nothing.
func (c Consent) Over() bool { return c.Asked && !c.Holds }

// ConsentFor reads what was said about a partner; whatever goes to one asks it.
func ConsentFor(tx *pg.Tx, caseID access.CaseID, partner string, on civil.Date) (Consent, error) {
	return pg.Get[Consent](tx, `
		select count(*) filter (where k.from_on <= :on) > 0 as asked, coalesce(bool_or(k.from_on <= :on and k.until_on >= :on
			and not exists (select from consents n where n.agency_id = k.agency_id and n.supersedes = k.id)
			and not exists (select from consent_withdrawals w where w.agency_id = k.agency_id and w.consent_id = k.id and w.withdrawn_on <= :on)), false) as holds
		from consents k where k.case_id = :case_id and lower(k.partner) = lower(cast(:partner as text))`, pg.Args{"case_id": caseID, "partner": partner, "on": on})
}
