package intake

import (
	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// CheckGain holds a gain in functioning level of a day against the tests of that day (domain.md 1.3, A1):
// it needs a lower result before it on the same instrument and subject, and the instrument approved for the
// NRS on both days. Refused: gain not_approved, gain no_lower_test. A day without a test says nothing: the
// gain rests on something else.
func CheckGain(tx *pg.Tx, caseID access.CaseID, on civil.Date) error {
	live, err := liveResults(tx, caseID)
	if err != nil {
		return err
	}
	approved := map[civil.Date]map[string]agency.NRS{}
	for _, r := range live {
		if approved[r.TakenOn] != nil {
			continue
		}
		held, err := agency.SettingsOn(tx, r.TakenOn)
		if err != nil {
			return err
		}
		approved[r.TakenOn] = held.Law.NRS
	}
	code := gainOf(live, on, func(r Scored) bool { return approved[r.TakenOn][r.Instrument].Approved })
	if code == "" {
		return nil
	}
	return errs.At("gain", code)
}

// gainOf says what keeps the tests of a day from being a gain; "" for nothing.
func gainOf(live []Scored, on civil.Date, approved func(Scored) bool) string {
	tested, rose := false, false
	for _, post := range live {
		if post.EFL == nil || post.TakenOn != on {
			continue
		}
		tested = true
		for _, pre := range live {
			if pre.EFL == nil || !pre.TakenOn.Before(on) || pre.Instrument != post.Instrument || pre.Subject != post.Subject || *pre.EFL >= *post.EFL {
				continue
			}
			if rose = true; approved(pre) && approved(post) {
				return ""
			}
		}
	}
	switch {
	case rose:
		return "not_approved"
	case tested:
		return "no_lower_test"
	}
	return ""
}

// tooEarly refuses a test that comes sooner after another of the same subject than its publisher allows.
func tooEarly(live []Scored, made Scored, days int) error {
	for _, r := range live {
		apart := made.TakenOn.DaysSince(r.TakenOn)
		if r.ID == made.Supersedes || r.EFL == nil || r.Instrument != made.Instrument || r.Subject != made.Subject || max(apart, -apart) >= days {
			continue
		}
		return errs.AtArgs("taken_on", "retest_too_early", map[string]any{"days": days, "date": r.TakenOn.Time().Format("1/2/2006")})
	}
	return nil
}
