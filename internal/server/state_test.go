package server_test

import "testing"

func TestACaseIsFollowedUpAfterItsExitAndClosedOnceAllFourQuartersAreKnown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, emails["dana"])
	_, at := s.participantSince(t, dana, "Rosa", "2026-01-12")
	state := func(want string) reply {
		t.Helper()
		return dana.do("GET", at, nil).is(200).all(map[string]string{"state": want})
	}
	s.sweepOf(t, "2026-04-13")
	state("exited").all(map[string]string{"exit_on": "2026-01-12", "steps.5.state": "later"})
	dana.do("POST", at+"/services", body{"code": "F01", "given_on": "2026-04-13"}).is(201)
	state("follow_up")
	s.Set("2027-02-01")
	dana = s.api(t, emails["dana"])
	for _, quarter := range []string{"2026-Q2", "2026-Q3", "2026-Q4"} {
		dana.do("POST", at+"/wages", body{"quarter": quarter, "employment": "0", "evidence": "Call"}).is(201)
	}
	state("follow_up")
	made := dana.do("POST", at+"/wages", body{"quarter": "2027-Q1", "employment": "0", "evidence": "Call"}).is(201).text("id")
	state("closed")
	dana.do("POST", at+"/wages", body{"quarter": "2027-Q1", "employment": "0", "evidence": "Call", "supersedes": made, "reason": "Not this one", "withdrawn": true}).is(201)
	state("follow_up")
	dana.do("POST", at+"/follow-up", body{"why": "not_located", "on_date": "2027-01-20"})
	state("closed")
	dana.do("POST", at+"/follow-up", body{"why": "resumed", "on_date": "2027-02-01"})
	state("follow_up")
	s.sweepOf(t, "2028-01-12")
	dana = s.api(t, emails["dana"])
	state("closed")
}

func TestSomebodyWhomNoProgramTakesIsNotEligibleUntilOneDoes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	dana, at := s.api(t, emails["dana"]), "/cases/"+of.Case.String()
	state := func(want string) {
		t.Helper()
		dana.do("GET", at, nil).is(200).all(map[string]string{"state": want})
	}
	no := body{"birth_date": "1991-03-09", "work_authorized": "no", "male_at_birth": "no"}
	for i, program := range []string{"adult", "dislocated_worker", "youth", "wagner_peyser"} {
		in := body{"program": program}
		for k, v := range no {
			in[k] = v
		}
		dana.do("POST", at+"/eligibility", in).is(201).all(map[string]string{"decision": "ineligible"})
		if i < 3 {
			state("applicant")
		}
	}
	state("ineligible")
	dana.do("POST", at+"/check-ins", body{"held_on": "2026-11-23", "method": "phone", "result": "talked"}).is(409)
	no["program"], no["work_authorized"], no["work_auth_verified_on"] = "wagner_peyser", "yes", "2026-11-20"
	dana.do("POST", at+"/eligibility", no).is(201).all(map[string]string{"decision": "eligible"})
	state("eligible")
}

func TestAPlanIsPlannedUntilSomebodyHasTalked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, dana, at := s.drafted(t)
	record := at[:len(at)-len("/plan")]
	signedPlan(t, dana, at).is(201)
	dana.do("GET", record, nil).is(200).all(map[string]string{"state": "planned"})
	dana.do("POST", record+"/check-ins", body{"held_on": "2026-11-23", "method": "phone", "result": "talked", "next_on": "2026-12-07"}).is(201)
	dana.do("GET", record, nil).is(200).all(map[string]string{"state": "active"})
}
