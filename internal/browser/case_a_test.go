package browser

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// manager is a case manager at work on one case.
type manager struct {
	*tab
	h    house
	base string // the path of the case
}

// on moves the clock to a day; the session of the day before has ended by then.
func (m *manager) on(day string) {
	m.t.Helper()
	m.h.Set(day)
	m.signIn("dana@rivervalley.test")
}

func (m *manager) to(rest string) { m.t.Helper(); m.open(m.base + rest) }

// send fills the main form of the page and sends it with its first button.
func (m *manager) send(pairs ...string) { m.t.Helper(); m.sendIn("main form[action]", pairs...) }

func (m *manager) sendIn(form string, pairs ...string) {
	m.t.Helper()
	m.fill(form, pairs...)
	m.click(form + ` button[type="submit"]`)
	if m.status >= 400 {
		m.t.Fatalf("%s: status %d: %.2500s", m.at(), m.status, m.text())
	}
}

// service records a service on the services page.
func (m *manager) service(code, given string, more ...string) {
	m.t.Helper()
	m.to("/services")
	m.sendIn(`main form[action$="/services"]`, append([]string{"code", code, "given_on", given}, more...)...)
	m.says(code + " ")
}

// clock holds the exit clock of the services page against what is printed.
func (m *manager) clock(facts ...string) {
	m.t.Helper()
	m.to("/services")
	m.says(facts...)
}

func (m *manager) assess(instrument string, pairs ...string) {
	m.t.Helper()
	m.to("/assessment/new?instrument=" + instrument)
	m.send(pairs...)
}

// Domain.md 6.2: Rosa, an adult who learns English, from the portal to the soft exit, clicked and typed by
// her case manager on the days it happened.

func TestCaseAThroughTheBrowser(t *testing.T) { t.Parallel(); caseA(t, true, false) }

func TestCaseAThroughTheBrowserWithoutJavaScript(t *testing.T) { t.Parallel(); caseA(t, false, false) }

func TestCaseAThroughTheBrowserByKeyboardAlone(t *testing.T) { t.Parallel(); caseA(t, true, true) }

func caseA(t *testing.T, scripts, byKeys bool) {
	h := dirigo(t)
	h.Set("2025-07-14")
	m := &manager{h.tab(t, "dana@rivervalley.test", scripts), h, ""}
	m.byKeys = byKeys

	// Registered in the portal: a reportable individual, not a participant.
	m.open("/participants/new")
	m.send("first_name", "Rosa", "last_name", "Delgado", "birth_date", "3/9/1991", "phone", "(207) 555-0118")
	m.base = regexp.MustCompile(`/cases/[0-9a-f-]{36}`).FindString(m.at())
	m.service("B02", "7/14/2025")
	m.says("Participation has not started")
	m.open(m.base)
	m.says("Applicant")

	m.on("2025-07-16")
	m.rosasIntake()
	m.rosasEligibility()
	m.service("B01", "7/16/2025")
	m.says("Participation has not started")
	m.open(m.base)
	m.says("Eligible", "WIOA Adult")

	m.on("2025-07-21")
	m.service("B11", "7/21/2025")
	m.says("Participation since Jul 21, 2025")
	m.rosasResults()

	m.on("2025-07-28")
	m.rosasRanking()
	m.on("2025-07-30")
	m.rosasChoice()
	m.on("2025-08-04")
	m.rosasGoals()
	m.rosasPlan()

	m.on("2025-08-18")
	m.service("S01", "8/18/2025")
	m.says("Last service that counts Aug 4, 2025")
	m.on("2025-10-14")
	m.rosasCheckIn()

	m.on("2025-12-05")
	m.service("T06", "8/18/2025", "ends_on", "12/5/2025")
	m.says("Last service that counts Dec 5, 2025", "Aug 18, 2025 to Dec 5, 2025")
	m.assess("casas_steps", "taken_on", "11/14/2025", "subject", "listening", "form", "627L", "score", "214")
	m.says("listening, form 627L 214 points: English level 5")
	m.to("/outcomes")
	m.sendIn(`main form[action$="/outcomes"]`, "kind", "skill_gain", "on_date", "11/14/2025", "gain", "functioning_level")
	m.to("/outcomes")
	m.sendIn(`main form[action$="/outcomes"]`, "kind", "credential", "on_date", "12/5/2025", "credential", "Certified Quality Inspector", "credential_kind", "certification")
	m.says("Nov 14, 2025", "Dec 5, 2025", "Certified Quality Inspector")

	// The last service that counts; a bus pass and follow-up do not move it.
	m.on("2025-12-16")
	m.service("B10", "12/16/2025")
	m.says("Last service that counts Dec 16, 2025", "Day 90 Mar 16, 2026")
	m.on("2026-01-20")
	m.service("F01", "1/20/2026")
	m.service("S01", "1/20/2026")
	m.says("Last service that counts Dec 16, 2025", "Day 90 Mar 16, 2026")
	m.to("/outcomes")
	m.sendIn(`main form[action$="/outcomes"]`, "kind", "job", "on_date", "1/5/2026", "employer", "Dirigo Gauge", "job_title", "Inspector", "pay_cents", "19.50", "pay_per", "hour", "hours_week", "40")
	m.says("Jan 5, 2026", "Dirigo Gauge", "$19.50")
	m.open(m.base)
	m.says("Step 6 of 6: Engagement", "Done Jul 21", "Done Jul 30", "Done Aug 4", "Signed Aug 4")

	// Nothing that counts follows: after March 16 the exit is set back to December 16.
	m.on("2026-03-17")
	m.clock("Day 90 was Mar 16, 2026", "set back to Dec 16, 2025")
}

// rosasIntake answers the seven sections in their order, and gives the notice.
func (m *manager) rosasIntake() {
	m.t.Helper()
	next := func(pairs ...string) { m.t.Helper(); m.send(pairs...) }
	m.to("/intake/about")
	next("language", "es", "interpreter", "no", "work_authorized", "yes", "work_auth_verified_on", "7/16/2025", "selective_service", "not_required", "veteran", "no", "eligible_spouse", "no")
	next("texts_ok", "yes", "safe_to_leave_message", "yes", "housing", "rent", "street", "12 Water Street", "city", "Augusta", "state", "ME")
	next("education", "1", "school_status", "5", "earned_abroad", "yes", "english", "some")
	next("employment", "0", "uc_status", "0", "unemployed_since", "6/2/2025", "needed_hourly", "19.00",
		"preferences.first_choice", "M6", "preferences.named", "M6", "preferences.named", "M1", "preferences.named", "H2")
	next("device", "phone", "internet", "phone", "skill", "some")
	next("transport", "bus", "dependent_care", "needed", "schedule", "days")
	next("household_size", "3", "six_month_income", "11,900", "benefits.0.kind", "snap", "benefits.0.from_on", "5/1/2025",
		"single_parent", "yes", "english_learner", "yes", "displaced_homemaker", "no", "offender", "no", "homeless", "no", "foster_care", "no",
		"low_literacy", "no", "cultural", "no", "tanf_exhausting", "no", "pregnant_or_parenting", "yes", "farmworker", "0")
	if !strings.HasSuffix(m.at(), "/intake/review") {
		m.t.Fatalf("the intake ends at %s: %.2000s", m.at(), m.text())
	}
	m.says("7 of 7", "Family income of the last 6 months $11,900", "SNAP")
	m.sendIn(`main form[action$="/intake/notice"]`, "given_on", "7/16/2025")
	m.says("Jul 16, 2025")
}

func (m *manager) rosasEligibility() {
	m.t.Helper()
	m.to("/eligibility")
	m.sendIn(`main form[action$="/eligibility"]`, "program", "adult", "decided_on", "7/16/2025", "evidence.0.kind", "document", "evidence.0.note", "Permit and SNAP letter seen",
		"disability", "no", "native_american", "no", "governor_defined", "no")
	m.says("Jul 16, 2025, Dana Whitfield", "Eligible", "34 years", "2. Low income, public aid or low basic skills", "SNAP, household income", "low income, English, reading or culture, single parent",
		"High school diploma", "Single parent? Yes", "Learning English? Yes", "Did not have to register")
}

func (m *manager) rosasResults() {
	m.t.Helper()
	m.assess("tabe_11_12", "taken_on", "7/21/2025", "subject", "mathematics", "form", "M", "score", "520")
	m.assess("casas_steps", "taken_on", "7/21/2025", "subject", "listening", "form", "625L", "score", "205")
	m.assess("northstar", "taken_on", "7/21/2025", "subject", "essential_computer", "module", "Internet", "score", "90", "proctored", "yes")
	m.assess("northstar", "taken_on", "7/21/2025", "subject", "essential_software", "module", "Spreadsheets", "score", "70")
	m.to("/interests?way=scores")
	m.send("instrument", "waymark_interests", "taken_on", "7/21/2025", "scores.r", "30", "scores.i", "16", "scores.a", "8", "scores.s", "14", "scores.e", "10", "scores.c", "27")
	m.to("/assessment/new?instrument=waiver&waives=work_readiness")
	m.send("taken_on", "7/21/2025", "reason", "Seen at work")
	m.says("520 points: level 3, low intermediate", "205 points: English level 4, low intermediate", "Internet 90 percent: passed", "Spreadsheets 70 percent: not passed", "RCI", "Seen at work")
	m.to("/support-needs")
	m.send("screened_on", "7/21/2025", "needs."+m.area("child_care")+".severity", "3", "needs."+m.area("child_care")+".blocking", "yes",
		"needs."+m.area("transport")+".severity", "1", "needs."+m.area("transport")+".referral", "Bus pass")
}

// area is the place of a support area in the form.
func (m *manager) area(code string) string {
	m.t.Helper()
	var name string
	m.run(chromedp.Evaluate(`document.querySelector("input[value='`+code+`']").name.split(".")[1]`, &name))
	return name
}

// rosasRanking holds the list against all ten totals, in their order, and the components of the first.
func (m *manager) rosasRanking() {
	m.t.Helper()
	m.to("/recommendations")
	m.click(`main form[action$="/recommendations"] button`)
	m.press(`details.tbl summary`)
	cards, rows := m.texts(`main .card`), m.texts(`main details.tbl tbody tr`)
	for i, want := range []struct{ area, total string }{
		{"Quality assurance", "89.5"},
		{"Production", "85.4"},
		{"Trucking", "81.1"},
		{"Maintenance", "78.2"},
		{"Logistics", "71"},
		{"IT support", "70.7"},
		{"safety", "69.3"},
		{"Clinic", "69.1"},
		{"Patient care", "67"},
		{"development", "66.6"},
	} {
		words := ""
		if i < len(cards) {
			words = cards[i]
		} else if i-len(cards) < len(rows) {
			words = rows[i-len(cards)]
		}
		if !strings.Contains(strings.ToLower(words), strings.ToLower(want.area)) || !regexp.MustCompile(`\b`+regexp.QuoteMeta(want.total)+`(\D|$)`).MatchString(words) || !strings.Contains(words, strconv.Itoa(i+1)) {
			m.t.Errorf("place %d is not %s with %s: %.600s", i+1, want.area, want.total, words)
		}
	}
	for _, fact := range []string{"Fit: 89.5 of 100", "95.5", "81.6", "Demand 65 ", "Readiness 100 ", "Own wish 100 ", "Typical pay at step 3 $22 an hour", "Begins at Step 2", "First goal Step 3"} {
		if !strings.Contains(cards[0], fact) {
			m.t.Errorf("the first option does not say %q: %s", fact, cards[0])
		}
	}
	if !strings.Contains(cards[2], "85") || !strings.Contains(strings.ToLower(cards[2]), "licen") {
		m.t.Errorf("the third option does not say that a licence is missing: %s", cards[2])
	}
	m.says("rule rank/1", "HLT/1 ITS/1 MFG/1 TRN/1")
}

// texts are the words of each element that a selector finds.
func (b *tab) texts(selector string) []string {
	b.t.Helper()
	var words []string
	b.run(chromedp.Evaluate(`[...document.querySelectorAll(`+strconv.Quote(selector)+`)].map(e => e.innerText.replace(/\s+/g, " "))`, &words))
	return words
}

func (m *manager) rosasChoice() {
	m.t.Helper()
	m.to("/recommendations")
	m.sendIn(`main form[action$="/review"]`, "reviewed_on", "7/30/2025", "method", "in_person", "comment", "Likes exact work")
	m.says("July 30, 2025", "Likes exact work")
	m.click(`main .card a.btn`)
	m.send("area", "M6", "entry_step", "2", "target_step", "3", "chosen_on", "7/30/2025", "reason", "I like exact work",
		"informed_choice.duration", "yes", "informed_choice.cost", "yes", "informed_choice.wage", "yes", "informed_choice.physical", "yes", "informed_choice.schedule", "yes", "informed_choice.licence_bars", "yes")
	m.says("Jul 30, 2025", "I like exact work")
}

func (m *manager) rosasGoals() {
	m.t.Helper()
	for _, g := range [][]string{
		{"immediate", "target_kind", "occupation", "title", "Inspector", "target_code", "51-9061.00", "pay_cents", "19.00", "pay_per", "hour", "measure", "hourly_wage", "target_value", "19.00", "target_on", "1/9/2026"},
		{"mid", "target_kind", "credential", "title", "Calibration or CMM certificate", "target_code", "cqi", "measure", "certificates", "target_value", "1", "target_on", "6/30/2027"},
		{"long", "target_kind", "occupation", "title", "Quality lead", "target_code", "51-9061.00", "pay_cents", "33.00", "pay_per", "hour", "measure", "hourly_wage", "target_value", "33.00", "target_on", "6/30/2030"},
	} {
		m.to("/goals/new?horizon=" + g[0])
		m.send(append(g[1:], "agreed_on", "8/4/2025", "rationale", "Chosen together", "owner", "participant")...)
	}
	m.to("/goals")
	m.says("Inspector", "Jan 9, 2026", "$19 an hour", "Calibration or CMM certificate", "Jun 30, 2027", "Quality lead", "Jun 30, 2030", "$33 an hour")
	if cards := m.texts(`main .card`); len(cards) != 3 || strings.Count(strings.Join(cards, " "), "all 5 points hold") != 3 {
		m.t.Errorf("not every goal is complete: %v", cards)
	}
}

// rosasPlan drafts the plan from the pathway, puts the milestones of the worked case in the place of the
// drafted ones, and signs.
func (m *manager) rosasPlan() {
	m.t.Helper()
	m.to("/plan")
	m.send("start_on", "8/4/2025")
	remove := `main form[action$="/remove"] button`
	for _, kind := range []string{"/milestones/", "/lines/"} {
		for {
			m.to("/plan/edit")
			link := `main fieldset a[href*="/plan` + kind + `"]`
			if m.count(link) == 0 {
				break
			}
			m.click(link)
			m.click(remove)
		}
	}
	before := ""
	for _, s := range [][3]string{
		{"enroll", "Enroll", "8/18/2025"},
		{"midterm", "Midterm", "10/10/2025"},
		{"exam", "Post-test", "11/14/2025"},
		{"credential", "Certification", "12/5/2025"},
		{"placement", "Placement", "1/9/2026"},
		{"review", "Review of the long goal", "1/9/2026"},
	} {
		m.to("/plan/milestones/new")
		pairs := []string{"title", s[1], "kind", s[0], "due_on", s[2]}
		if goal := map[string]string{"credential": "Calibration or CMM certificate", "placement": "Inspector", "review": "Quality lead"}[s[0]]; goal != "" {
			pairs = append(pairs, "goal_id", m.option("goal_id", goal))
		}
		if before != "" && s[0] != "review" {
			pairs = append(pairs, "depends_on", m.box("depends_on", before))
		}
		m.send(pairs...)
		before = s[1]
	}
	m.to("/plan/lines/new")
	m.send("kind", "support", "need", "child_care", "what", "Child care", "provider", "Kids First", "starts_on", "8/18/2025", "cost_cents", "900", "funding", m.option("funding", "WIOA Adult"), "state", "planned")

	m.to("/plan/lines/new")
	m.send("kind", "training", "what", "Manufacturing class", "provider", "Adult education", "starts_on", "8/18/2025", "ends_on", "12/5/2025", "cost_cents", "1,200", "funding", m.option("funding", "WIOA Adult"), "state", "planned")

	// Moving the midterm moves what hangs on it; moving it back brings the dates back.
	m.to("/plan/edit")
	m.click(`main fieldset:nth-of-type(2) a[href*="/plan/milestones/"]`)
	m.send("due_on", "10/13/2025")
	m.to("/plan/edit")
	m.dues("2025-08-18", "2025-10-13", "2025-11-17", "2025-12-08", "2026-01-12")
	for i, due := range []string{"8/18/2025", "10/10/2025", "11/14/2025", "12/5/2025", "1/9/2026", "1/9/2026"} {
		m.fill("main form[action]", "milestones."+strconv.Itoa(i)+".due_on", due)
	}
	m.send("end_on", "1/9/2026")
	m.says("sign")

	m.to("/plan/sign")
	m.sendIn(`main form[action]:has([name=signed_on])`, "role", "participant", "method", "in_person", "name", "Rosa Delgado", "signed_on", "8/4/2025")
	m.to("/plan/sign")
	m.sendIn(`main form[action]:has([value=case_manager])`, "name", "Dana Whitfield")
	m.to("/plan")
	m.says("Ready to sign", "a supervisor's approval")
	m.approve()
	m.to("/plan")
	m.says("Version 1", "In force", "Aug 4, 2025 to Jan 9, 2026", "Rosa Delgado, Participant. Signed in person Aug 4, 2025", "Dana Whitfield, Case manager. Signed online Aug 4, 2025", "Enroll", "Aug 18", "Midterm", "Oct 10", "Post-test", "Certification", "Placement", "A supervisor approves it", "Child care", "Kids First", "Aug 18, 2025")
	m.to("/plan/print")
	m.says("4 de agosto de 2025", "18 de ago de 2025", "10 de oct de 2025", "14 de nov de 2025", "5 de dic de 2025", "9 de ene de 2026", "$900", "$1,200")
	m.service("I02", "8/4/2025")
	m.says("Last service that counts Aug 4, 2025")
}

// approve is the supervisor's part: training that costs needs it.
func (m *manager) approve() {
	m.t.Helper()
	m.signIn("marcus@rivervalley.test")
	m.open("/approvals")
	m.clicks = 0
	m.click(`main a[href="` + m.base + `/plan/review"]`)
	m.click(`main button[value="approved"]`)
	if m.clicks > 2 || m.status >= 400 {
		m.t.Errorf("approving took %d clicks and ended with %d", m.clicks, m.status)
	}
	m.signIn("dana@rivervalley.test")
}

// rosasCheckIn records the first talk on the signed plan.
func (m *manager) rosasCheckIn() {
	m.t.Helper()
	m.to("/check-ins/new")
	m.send("result", "talked", "method", "in_person", "progress.0.status", "done", "progress.1.status", "done", "note", "Midterm passed", "next_on", "10/28/2025")
	m.to("/check-ins")
	m.says("Oct 14, 2025", "Midterm passed", "Oct 28, 2025")
	m.open(m.base)
	m.says("2 of 6 milestones done")
}
