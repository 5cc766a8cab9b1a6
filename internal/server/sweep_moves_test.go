package server_test

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/world"
)

// moves is a valid sending of every route that changes something, in the order of Luis's six steps.
func moves() []move {
	return slices.Concat(intakeMoves(), choiceMoves(), portalMoves(), besideMoves(), planMoves(), wordMoves(), tellingMoves(), editionMoves(), laterMoves(), resultMoves(), teamMoves(), exploreMoves(), paperMoves(), setupMoves(), ownMoves())
}

func intakeMoves() []move {
	update, decide := access.UpdateIntake, access.DecideEligibility
	return []move{
		{
			route: "POST /api/v1/participants", may: access.CreateParticipant, keep: map[string]string{"participant": "id"},
			body: body{"first_name": "Luis", "last_name": "Ortega", "birth_date": "1991-03-09", "language": "en", "phone": "207-555-0144"},
		},
		{route: "POST /participants", may: access.CreateParticipant, body: body{"first_name": "Nia", "last_name": "Okafor"}},
		{route: "POST /api/v1/participants/:participant/cases", may: access.OpenCase, body: body{"opened_on": "2026-10-05"}, keep: map[string]string{"case": "id"}},
		{
			route: "POST /participants/:participant/cases", may: access.OpenCase, at: map[string]string{"participant": "$otto"}, deaf: true,
			first: func(w *sweep) {
				w.ids["otto"] = w.api("dana").do("POST", "/participants", body{"first_name": "Otto", "last_name": "Brandt"}).is(201).text("id")
			},
		},
		{route: "PATCH /api/v1/participants/:participant", may: access.UpdateParticipant, match: "@participants:participant", body: body{"phone": "207-555-0143"}},
		{
			route: "POST /participants/:participant/edit", may: access.UpdateParticipant,
			body: body{"version": "@participants:participant", "first_name": "Luis", "last_name": "Ortega", "birth_date": "3/9/1991", "language": "en", "phone": "207-555-0145"},
		},
		{route: "POST /api/v1/participants/:participant/invitation", may: access.UpdateParticipant, body: body{"email": "luis@people.test"}},
		{route: "POST /participants/:participant/invitation", may: access.UpdateParticipant, body: body{"email": "luis@people.test"}},
		{route: "POST /api/v1/participants/:participant/lost-phone", may: access.UpdateParticipant, body: body{"by": "email", "email": "luis@people.test", "phone": "207-555-0146", "texts_ok": true}},
		{route: "POST /participants/:participant/lost-phone", may: access.UpdateParticipant, body: body{"by": "email", "email": "luis@people.test", "phone": "207-555-0147"}},
		{route: "PUT /api/v1/cases/:case/intake", may: update, body: body{"ssn": "219-09-9998", "sections": fullIntake()}, first: func(w *sweep) {
			w.sql(`update users set password_hash = (select password_hash from users where id = :dana), active = true where agency_id = :agency and email = 'luis@people.test'`, pg.Args{"dana": w.s.Dana.ID})
			w.ids["luis"] = w.text(`select cast(id as text) from users where email = 'luis@people.test'`)
			w.api("luis")
			w.token("luis", true)
		}},
		{
			route: "POST /cases/:case/intake/:section", may: update, at: map[string]string{"section": "computer"},
			body: body{"version": "1", "device": "computer", "internet": "home", "skill": "some", "can": []string{"email", "forms"}, "wants_class": "no"},
		},
		{route: "POST /cases/:case/intake/ssn", may: update, body: body{"ssn": "219-09-9998"}},
		{route: "POST /api/v1/cases/:case/intake/notice", may: update, body: body{"given_on": "2026-10-06"}},
		{route: "POST /cases/:case/intake/notice", may: update, body: body{"given_on": "10/6/2026"}},
		{route: "POST /cases/:case/intake/finish", may: update, deaf: true, first: func(w *sweep) {
			if missing := w.api("dana").do("GET", "/cases/"+w.ids["case"]+"/intake", nil).is(200); missing.text("missing.0") != "" {
				w.t.Errorf("the journey's intake lacks %v", missing.at("missing"))
			}
		}},
		{route: "POST /api/v1/cases/:case/eligibility", may: decide, body: body{
			"program": "adult", "decided_on": "2026-10-06", "birth_date": "1991-03-09", "work_authorized": "yes",
			"work_auth_verified_on": "2026-10-05", "male_at_birth": "yes", "selective_service": "registered", "education": 1, "school_status": 5,
		}},
		{route: "POST /cases/:case/eligibility", may: decide, body: body{
			"program": "wagner_peyser", "decided_on": "10/6/2026", "birth_date": "3/9/1991", "work_authorized": "yes",
			"work_auth_verified_on": "10/5/2026",
		}},
		{route: "PUT /api/v1/cases/:case/support-needs", may: access.UpdateSupport, body: body{"screened_on": "2026-10-06", "needs": []any{body{"area": "transport", "severity": 1}}}},
		{route: "POST /cases/:case/support-needs", may: access.UpdateSupport, body: fullScreen()},
		{route: "POST /api/v1/cases/:case/equal-opportunity", may: access.RecordEquity, body: body{"sex": "not_disclosed", "ethnicity": "not_disclosed", "race": []any{"not_disclosed"}, "disability": "not_disclosed", "asked_on": "2026-10-06"}},
		{route: "POST /cases/:case/equal-opportunity", may: access.RecordEquity, at: map[string]string{"case": "$nia"}, body: body{"sex": "male", "asked_on": "10/6/2026"}, first: func(w *sweep) {
			w.ids["nia"] = w.text(`select cast(c.id as text) from cases c join participants p on p.id = c.participant_id where p.first_name = 'Nia'`)
		}},
		{route: "POST /api/v1/cases/:case/assessments", may: access.RecordAssessment, body: body{"instrument": "tabe_11_12", "subject": "mathematics", "form": "D", "taken_on": "2026-10-07", "score": 560}},
		{route: "POST /cases/:case/assessment", may: access.RecordAssessment, body: body{"instrument": "tabe_11_12", "subject": "reading", "form": "D", "taken_on": "10/7/2026", "score": "560"}},
		{route: "POST /cases/:case/interests", may: access.RecordAssessment, body: body{
			"instrument": "waymark_interests", "taken_on": "10/7/2026",
			"scores.r": "30", "scores.i": "16", "scores.a": "8", "scores.s": "14", "scores.e": "10", "scores.c": "27",
		}, first: func(w *sweep) {
			at := "/cases/" + w.ids["case"] + "/assessments"
			w.api("dana").do("POST", at, body{"waives": "work_readiness", "reason": "Seen at work", "taken_on": "2026-10-07"}).is(201)
		}},
	}
}

func fullIntake() body {
	return body{
		"about": body{
			"first_name": "Luis", "last_name": "Ortega", "birth_date": "1991-03-09", "language": "en", "interpreter": "no", "work_authorized": "yes",
			"work_auth_verified_on": "2026-10-05", "selective_service": "registered", "veteran": "no", "eligible_spouse": "no",
		},
		"contact":   body{"phone": "207-555-0145", "texts_ok": "yes", "safe_to_leave_message": "yes", "housing": "rent", "street": "3 Mill Street", "city": "Auburn", "state": "ME", "zip": "04210"},
		"education": body{"education": 1, "school_status": 5, "english": "comfortable"},
		"work": body{
			"employment": 0, "uc_status": 0, "unemployed_since": "2026-06-02", "needed_hourly": 1900,
			"preferences": body{"first_choice": "M6", "named": []any{"M6", "M1"}},
		},
		"computer": body{"device": "computer", "internet": "home", "skill": "comfortable"},
		"supports": body{"transport": "own_car", "dependent_care": "none", "schedule": "days"},
		"money": body{
			"household_size": 2, "six_month_income": 900000, "displaced_homemaker": "no", "single_parent": "no", "pregnant_or_parenting": "no", "homeless": "no",
			"offender": "no", "foster_care": "no", "english_learner": "no", "low_literacy": "no", "cultural": "no", "tanf_exhausting": "no", "farmworker": 0,
		},
	}
}

// fullScreen answers all thirteen areas, as the page asks.
func fullScreen() body {
	b := body{"version": "@support_screens.case_id:case", "screened_on": "10/6/2026"}
	for i, area := range []string{"transport", "child_care", "housing", "food", "utilities", "health", "legal", "tools_uniform", "books", "testing_fees", "technology", "mental_health", "documentation"} {
		at := "needs." + strconv.Itoa(i) + "."
		b[at+"area"], b[at+"severity"] = area, "0"
	}
	return b
}

func choiceMoves() []move {
	talked := body{"duration": true, "cost": true, "wage": true, "physical": true, "schedule": true, "licence_bars": true}
	return []move{
		{route: "POST /api/v1/cases/:case/recommendations", may: access.ComputeRecommendation, body: body{"computed_on": "2026-10-08"}, keep: map[string]string{"snapshot": "id"}},
		{route: "POST /cases/:case/recommendations", may: access.ComputeRecommendation, body: body{"computed_on": "10/8/2026"}},
		{route: "POST /api/v1/cases/:case/recommendations/:snapshot/review", may: access.ReviewRecommendation, body: body{"reviewed_on": "2026-10-09", "method": "phone"}},
		{route: "POST /cases/:case/recommendations/:snapshot/review", may: access.ReviewRecommendation, body: body{"reviewed_on": "10/9/2026", "method": "in_person"}},
		{
			route: "POST /api/v1/cases/:case/selection", may: access.ChooseSelection, body: body{"area": "M6", "entry_step": 2, "target_step": 3, "reason": "Likes to measure", "informed_choice": talked, "chosen_on": "2026-11-23"},
			first: func(w *sweep) { // the newest ranking is the page's, and it must have been talked about
				at := "/cases/" + w.ids["case"] + "/recommendations"
				newest := w.api("dana").do("GET", at, nil).is(200).text("items.0.id")
				w.api("dana").do("POST", at+"/"+newest+"/review", body{"reviewed_on": "2026-10-09", "method": "phone"}).is(201)
			},
		},
		{route: "POST /cases/:case/selection", may: access.ChooseSelection, body: body{
			"area": "M6", "entry_step": "2", "target_step": "3", "reason": "Likes to measure very much", "chosen_on": "11/23/2026",
			"informed_choice.duration": "yes", "informed_choice.cost": "yes", "informed_choice.wage": "yes", "informed_choice.physical": "yes", "informed_choice.schedule": "yes", "informed_choice.licence_bars": "yes",
		}},
		{route: "POST /api/v1/cases/:case/goals", may: access.WriteGoal, body: inspector(), keep: map[string]string{"goal": "id"}},
		{route: "PATCH /api/v1/cases/:case/goals/:goal", may: access.WriteGoal, match: "@goals:goal", body: body{"employer": "Tibbetts Metalworks"}},
		{route: "POST /cases/:case/goals", may: access.WriteGoal, body: body{
			"horizon": "mid", "title": "Quality technician", "target_kind": "occupation", "target_code": "51-9061.00",
			"pay_cents": "49,000", "pay_per": "year", "target_on": "6/30/2028", "agreed_on": "11/23/2026", "owner": "both", "status": "agreed",
		}},
		{route: "POST /cases/:case/goals/:goal", may: access.WriteGoal, body: body{
			"version": "@goals:goal", "horizon": "immediate", "title": "Quality inspector", "target_kind": "occupation",
			"target_code": "51-9061.00", "pay_cents": "19", "pay_per": "hour", "target_on": "1/9/2027", "agreed_on": "11/2/2026", "owner": "both", "status": "agreed",
		}},
		{route: "POST /cases/:case/goals/:goal/met", may: access.WriteGoal, at: map[string]string{"goal": "$spare"}, body: body{"version": "1", "met_on": "11/20/2026"}, first: func(w *sweep) {
			in := inspector()
			in["title"] = "Assembler"
			w.ids["spare"] = w.api("dana").do("POST", "/cases/"+w.ids["case"]+"/goals", in).is(201).text("id")
		}},
	}
}

func portalMoves() []move {
	answer := access.AnswerPortal
	return []move{
		{route: "POST /api/v1/me/answers", by: "luis", may: answer, body: body{"message": "The bus changed its times."}, keep: map[string]string{"signal": "id"}},
		{route: "POST /cases/:case/signals/:signal/seen", may: access.AnswerSignal, deaf: true},
		{route: "POST /api/v1/cases/:case/signals/:signal/seen", may: access.AnswerSignal, deaf: true, first: func(w *sweep) {
			w.ids["signal"] = w.api("luis").do("POST", "/me/answers", body{"message": "And again."}).is(201).text("id")
		}},
		{route: "POST /me/messages", by: "luis", may: answer, body: body{"body": "I have a question about the class."}},
		{route: "POST /me/feeling", by: "luis", may: answer, body: body{"feeling": "so_so"}},
		{route: "POST /me/appointments/:appointment/coming", by: "luis", may: answer, deaf: true, first: func(w *sweep) {
			w.ids["appointment"] = id.New[access.Case]().String()
			w.sql(`insert into appointments (agency_id, id, case_id, kind, on_date, at_time, place) values (:agency, cast(:id as uuid), cast(:case_id as uuid), 'class', '2026-12-01', cast(:at as time), 'office')`,
				pg.Args{"at": "10:00", "id": w.ids["appointment"], "case_id": w.ids["case"]})
		}},
		{route: "POST /me/appointments/:appointment/other-time", by: "luis", may: answer, body: body{"note": "Work until four"}},
	}
}

func setupMoves() []move {
	office, holiday, setting, template, user := access.ManageOffice, access.ManageHoliday, access.ManageSetting, access.ManageNoteTemplate, access.ManageUser
	person := func(email string) body {
		return body{"email": email, "first_name": "Tove", "last_name": "Lind", "role": "case_manager", "office_id": "$office", "language": "en"}
	}
	with := func(b body, k string, v any) body { b[k] = v; return b }
	return []move{
		{route: "POST /api/v1/users", by: "admin", may: user, body: person("tove@rivervalley.test"), keep: map[string]string{"user": "id", "invitation": "link"}},
		{route: "POST /invitation/:token", at: map[string]string{"token": "$token"}, body: body{"new_password": "a long enough sentence 7", "again": "a long enough sentence 7"}, first: func(w *sweep) {
			w.ids["token"] = last(w.ids["invitation"])
		}},
		{route: "PATCH /api/v1/users/:user", by: "admin", may: user, match: "@users:user", body: body{"phone": "(207) 555-0125"}},
		{route: "POST /api/v1/users/:user/deactivate", by: "admin", may: user, match: "@users:user", deaf: true},
		{route: "POST /api/v1/users/:user/reactivate", by: "admin", may: user, match: "@users:user", deaf: true},
		{route: "POST /api/v1/users/:user/reset-link", by: "admin", may: user, deaf: true, keep: map[string]string{"reset": "link"}},
		{route: "POST /password/reset/:token", at: map[string]string{"token": "$token"}, body: body{"new_password": "another long sentence 8", "again": "another long sentence 8"}, first: func(w *sweep) {
			w.ids["token"] = last(w.ids["reset"])
		}},
		{route: "POST /setup/people", by: "admin", may: user, body: person("bo@rivervalley.test")},
		{route: "POST /setup/people/:user", by: "admin", may: user, body: with(person("tove@rivervalley.test"), "version", "@users:user")},
		{route: "POST /setup/people/:user/deactivate", by: "admin", may: user, body: body{"version": "@users:user"}, deaf: true},
		{route: "POST /setup/people/:user/reactivate", by: "admin", may: user, body: body{"version": "@users:user"}, deaf: true},
		{route: "POST /setup/people/:user/link", by: "admin", may: user, deaf: true},
		{
			route: "POST /setup/agency", by: "admin", may: setting, body: body{"version": "@agencies:agency", "name": "River Valley Workforce Board", "phone": "(207) 555-0100", "address": "45 Main Street", "wage_area": "38860"},
			first: func(w *sweep) { w.ids["agency"] = w.s.World.Agency.ID.String() },
		},
		{route: "POST /api/v1/offices", by: "admin", may: office, body: body{"name": "Mill Street", "address": "3 Mill Street"}, keep: map[string]string{"mill": "id"}},
		{route: "PATCH /api/v1/offices/:office", by: "admin", may: office, match: "@offices:mill", at: map[string]string{"office": "$mill"}, body: body{"phone": "(207) 555-0126"}},
		{route: "POST /api/v1/offices/:office/archive", by: "admin", may: office, match: "@offices:mill", at: map[string]string{"office": "$mill"}, deaf: true},
		{route: "POST /setup/offices", by: "admin", may: office, body: body{"name": "Bridge Street", "address": "9 Bridge Street"}},
		{
			route: "POST /setup/offices/:office", by: "admin", may: office, at: map[string]string{"office": "$bridge"}, body: body{"version": "@offices:bridge", "name": "Bridge Street", "phone": "(207) 555-0127"},
			first: func(w *sweep) {
				w.ids["bridge"] = w.text(`select cast(id as text) from offices where name = 'Bridge Street'`)
			},
		},
		{route: "POST /setup/offices/:office/archive", by: "admin", may: office, at: map[string]string{"office": "$bridge"}, body: body{"version": "@offices:bridge"}, deaf: true},
		{route: "POST /api/v1/note-templates", by: "admin", may: template, body: body{"title": "Home visit", "body": "Who was there:"}, keep: map[string]string{"template": "id"}},
		{route: "PATCH /api/v1/note-templates/:template", by: "admin", may: template, match: "@note_templates:template", body: body{"body": "Who was at home:"}},
		{route: "POST /setup/note-templates/:template", by: "admin", may: template, body: body{"version": "@note_templates:template", "title": "Home visit", "body": "Who opened:"}},
		{route: "POST /api/v1/note-templates/:template/archive", by: "admin", may: template, match: "@note_templates:template", deaf: true},
		{route: "POST /setup/note-templates", by: "admin", may: template, body: body{"title": "Office visit", "body": "Why:"}},
		{
			route: "POST /setup/note-templates/:template/archive", by: "admin", may: template, body: body{"version": "@note_templates:template"}, deaf: true,
			first: func(w *sweep) {
				w.ids["template"] = w.text(`select cast(id as text) from note_templates where title = 'Office visit'`)
			},
		},
		{route: "POST /api/v1/holidays", by: "admin", may: holiday, body: body{"on_date": "2027-05-31", "name": "Memorial Day"}, keep: map[string]string{"holiday": "id"}},
		{route: "POST /api/v1/holidays/:holiday/archive", by: "admin", may: holiday, match: "@holidays:holiday", deaf: true},
		{route: "POST /setup/holidays", by: "admin", may: holiday, body: body{"on_date": "7/5/2027", "name": "Independence Day, observed"}},
		{route: "POST /setup/holidays/:holiday/archive", by: "admin", may: holiday, deaf: true, body: body{"version": "@holidays:holiday"}, first: func(w *sweep) {
			w.ids["holiday"] = w.text(`select cast(id as text) from holidays where on_date = '2027-07-05' and archived_at is null`)
		}},
		{route: "POST /api/v1/settings", by: "admin", may: setting, body: body{"key": "stalled_days", "value": 40, "effective_on": "2026-11-24"}},
		{route: "POST /setup/demo", by: "admin", may: access.ResetDemo, body: body{"sure": "yes"}},
		{route: "POST /setup/settings/:key", by: "admin", may: setting, at: map[string]string{"key": "no_reply_tries"}, body: body{"value": "3", "effective_on": "11/24/2026"}},
	}
}

// ownMoves are what people do to their own account, and what those do who are not signed in.
func ownMoves() []move {
	return []move{
		{route: "POST /sign-in", body: body{"email": emails["dana"], "password": world.Password, "next": "/"}},
		{route: "POST /language", body: body{"language": "en", "next": "/"}},
		{route: "POST /password/forgot", body: body{"email": emails["walt"]}},
		{route: "POST /api/v1/session", body: body{"email": emails["dana"], "password": world.Password}, first: func(w *sweep) {
			for range 100 { // the letter to Walt is written after the answer
				if w.text(`select cast(count(*) as text) from outbox where recipient = 'walt@rivervalley.test'`) != "0" {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
			w.t.Error("no letter to Walt")
		}},
		{route: "POST /sign-in/code", body: body{"where": "nobody@nowhere.test", "next": "/"}},
		{route: "POST /sign-in/code/enter", body: body{"code": "123456", "next": "/"}, first: func(w *sweep) { w.code("", "other", "123456") }},
		{route: "POST /sign-in/link/:token", at: map[string]string{"token": "link"}, body: body{"birth_date": ""}, first: func(w *sweep) { w.code("third", "link", "1") }},
		{route: "POST /digest/stop/:token", at: map[string]string{"token": "stop-letters"}, body: body{"List-Unsubscribe": "One-Click"}, first: func(w *sweep) {
			hash := sha256.Sum256([]byte("stop-letters"))
			w.sql(`insert into digests (agency_id, user_id, on_day, token_hash, made_at) values (:agency, :dana, '2026-11-23', :hash, now())`, pg.Args{"dana": w.s.Dana.ID, "hash": hash[:]})
		}},
		{route: "POST /account/code", by: "luis", body: body{"by": "email"}},
		{route: "POST /account/notices", by: "luis", may: access.AnswerPortal, body: body{"channel": "email", "appointment": "yes"}},
		{route: "POST /session/touch", deaf: true},
		{route: "POST /drafts/:key", at: map[string]string{"key": "goal:$case"}, body: body{"title": "half a"}, deaf: true, free: true},
		{route: "POST /drafts/:key/discard", at: map[string]string{"key": "goal:$case"}, deaf: true},
		{
			route: "POST /account", by: "keisha", body: body{"version": "@users:keisha", "first_name": "Keisha", "last_name": "Boone", "email": emails["keisha"], "language": "en", "shortcuts": "yes"},
			first: func(w *sweep) {
				w.ids["keisha"] = w.text(`select cast(id as text) from users where email = 'keisha@rivervalley.test'`)
			},
		},
		{route: "POST /account/password", by: "keisha", body: body{"current_password": world.Password, "new_password": better, "again": better}},
		{route: "POST /account/sessions/end", by: "keisha", deaf: true, first: func(w *sweep) {
			w.sql(`update users set password_hash = (select password_hash from users where id = :dana) where agency_id = :agency and email = 'keisha@rivervalley.test'`, pg.Args{"dana": w.s.Dana.ID})
		}},
		{route: "POST /sign-out", by: "keisha", deaf: true},
		{route: "DELETE /api/v1/session", by: "keisha", deaf: true},
	}
}

// code stores one as it is kept for a browser that asked with no cookie at all, or for a link.
func (w *sweep) code(ask, link, digits string) {
	sum := func(text string) []byte {
		h := sha256.Sum256([]byte(text))
		return h[:]
	}
	w.sql(`insert into sign_in_codes (ask_hash, link_hash, code_hash, address_key, agency_id, user_id, tries, expires_at)
		values (:ask, :link, :code, :ask, :agency, :user, -100000, clock_timestamp() + interval '1 hour')`,
		pg.Args{"ask": sum(ask), "link": sum(link), "code": sum("code\x00" + ask + "\x00" + digits), "agency": w.s.Dana.Agency, "user": w.s.Dana.ID})
}

// last is the last segment of an address.
func last(address string) string { return address[strings.LastIndex(address, "/")+1:] }

// at gives the parameters of readings that are no ids kept.
func (w *sweep) at(path string) map[string]string {
	switch path {
	case "/setup/settings/:key":
		return map[string]string{"key": "stalled_days"}
	case "/caseload/bulk/:action":
		return map[string]string{"action": "message"}
	case "/cases/:case/intake/:section":
		return map[string]string{"section": "computer"}
	case "/me/tasks/:topic", "/api/v1/me/tasks/:topic":
		return map[string]string{"topic": "computer"}
	case "/me/milestones/:milestone":
		return map[string]string{"milestone": "$key"}
	case "/team/weeks/:week", "/api/v1/team/weeks/:week":
		return map[string]string{"week": "2026-11-16"}
	}
	return nil
}
