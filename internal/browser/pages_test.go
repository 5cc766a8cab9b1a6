package browser

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"waymark/internal/access"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/seed"
)

// The pages come from the router. Somebody must be able to open each; who, and on whose record, is
// tried out. A new page needs nothing here unless its path names a new kind of thing.

// people are those who may open pages; "" is nobody.
var people = []string{"dana@rivervalley.test", "marcus@rivervalley.test", "admin@rivervalley.test", "rosa@rivervalley.test", "auditor@rivervalley.test", hugo, marta, ""}

// things finds what a part of a path, or the one part of a whole path, stands for: an id, when a case is given one of that case.
var things = map[string]string{
	":participant": `select cast(participant_id as text) from cases where id = cast(:case as uuid)`,
	":section":     `select 'about'`,
	":pathway":     `select 'MFG'`,
	":soc":         `select '51-9161.00'`,
	":key":         `select 'approval_needed'`,
	":goal":        `select cast(id as text) from goals where case_id = cast(:case as uuid) order by id`,
	":checkin":     `select cast(id as text) from check_ins k where case_id = cast(:case as uuid) and not withdrawn and not exists (select from check_ins n where n.supersedes = k.id) order by id desc`,
	":note":        `select cast(id as text) from notes n where case_id = cast(:case as uuid) and not exists (select from notes m where m.supersedes = n.id) order by id`,
	":service":     `select cast(id as text) from services s where case_id = cast(:case as uuid) and cancels is null and not exists (select from services n where n.supersedes = s.id or n.cancels = s.id) order by id desc`,
	":appointment": `select cast(id as text) from appointments where case_id = cast(:case as uuid) and state = 'planned' order by id`,
	":milestone":   `select m.key from milestones m join plan_versions v on v.id = m.plan_id where m.case_id = cast(:case as uuid) and v.state in ('draft', 'returned') order by m.position`,
	":line":        `select cast(l.id as text) from plan_lines l join plan_versions v on v.id = l.plan_id where l.case_id = cast(:case as uuid) and v.state in ('draft', 'returned') order by l.id`,
	":user":        `select cast(id as text) from users where email = 'priya@rivervalley.test'`,
	":action":      `select 'message'`,
	":indicator":   `select 'employment_q2'`,
	":document":    `select cast(id as text) from documents where case_id = cast(:case as uuid) and visibility = 'shared' order by source, id`,
	"/me/milestones/:milestone": `select m.key from milestones m join plan_versions v on v.id = m.plan_id join cases c on c.id = v.case_id join users u on u.participant_id = c.participant_id
		where u.email = 'rosa@rivervalley.test' and v.state = 'in_force' order by m.position desc`,
	"/me/documents/:document/file": `select cast(d.id as text) from documents d join cases c on c.id = d.case_id join users u on u.participant_id = c.participant_id
		where u.email = 'rosa@rivervalley.test' and d.visibility = 'shared' order by d.id`,
	":topic":    `select 'work'`,
	":template": `select cast(id as text) from note_templates order by title`,
	":office":   `select cast(id as text) from offices order by name`,
	":transfer": `select cast(id as text) from transfers where state = 'done' order by id desc`,
	":ask":      `select cast(id as text) from transfer_requests order by id`,
	":review":   `select cast(id as text) from file_reviews order by id`,
	":import":   `select cast(id as text) from wage_imports order by id`,
	":week":     `select '2026-11-16'`,

	":complaint":  `select cast(id as text) from complaints order by id`,
	":submission": `select cast(id as text) from submissions_pirl order by id`,
	":number":     `select cast(version as text) from pathway_versions where code = 'MFG' and state = 'draft'`,
	":list":       `select 'jobs'`,
	":row":        `select '2.0'`,
}

// asked is what a page is not opened without.
var asked = map[string]string{"/results/:indicator": "?program=adult"}

// tokens are the parts of a path that come by letter.
var tokens = map[string]string{"/password/reset/:token": "reset", "/invitation/:token": "invitation", "/sign-in/link/:token": "sign-in", "/digest/stop/:token": "digest", "/with/:token": "with"}

// look asks the database one thing; "" when there is no such thing.
func (s *stage) look(t *testing.T, query string, args pg.Args) (found string) {
	t.Helper()
	if err := s.owner.Read(t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) error {
		list, err := pg.List[string](tx, query+" limit 1", args)
		if len(list) > 0 {
			found = list[0]
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return found
}

// dossiers are the cases that show the most: the one with a plan under way, one with a draft, one to sign, one that
// paused, one that waits for a choice, one new, one of a review.
func (s *stage) dossiers(t *testing.T) []string {
	t.Helper()
	plan := func(state string) string {
		return s.look(t, `select cast(v.case_id as text) from plan_versions v join cases c on c.id = v.case_id join users u on u.id = c.case_manager_id
			where u.email = 'dana@rivervalley.test' and v.state = :state order by v.id`, pg.Args{"state": state})
	}
	paused := s.look(t, `select cast(c.id as text) from cases c join users u on u.id = c.case_manager_id where u.email = 'dana@rivervalley.test' and c.paused_on is not null order by c.id`, nil)
	own := s.look(t, `select cast(c.id as text) from cases c join users u on u.participant_id = c.participant_id where u.email = 'rosa@rivervalley.test'`, nil)
	noted := s.look(t, `select cast(n.case_id as text) from notes n join cases c on c.id = n.case_id join users u on u.id = c.case_manager_id where u.email = 'dana@rivervalley.test' order by n.id`, nil)
	reviewed := s.look(t, `select cast(case_id as text) from file_review_cases order by position`, nil)
	list := []string{s.cases["CP-20312"], plan("draft"), plan("returned"), plan("submitted"), s.cases["CP-20461"], paused, noted, s.cases["CP-20489"], s.cases["CP-20502"], own, reviewed}
	return slices.DeleteFunc(list, func(c string) bool { return c == "" })
}

// steady is somebody who is well on the way.
const steady = `c.step = 6 and c.paused_on is null and c.unanswered = 0 and c.next_on > '2026-12-01'`

// danas finds a case of Dana's.
func (s *stage) danas(t *testing.T, where string) string {
	t.Helper()
	found := s.look(t, `select cast(c.id as text) from cases c join users u on u.agency_id = c.agency_id and u.id = c.case_manager_id
		where u.email = 'dana@rivervalley.test' and `+where+` order by c.id`, pg.Args{})
	if found == "" {
		t.Errorf("the demonstration has nobody for whom %s", where)
	}
	return found
}

// visitor opens pages without a browser, to see whether they open.
type visitor struct {
	email string
	http  *http.Client
}

func (s *stage) visitor(t *testing.T, email string) visitor {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	r := visitor{email, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if email == "" {
		return r
	}
	if beside[email] != "" {
		return s.companion(t, email)
	}
	_, form := r.get(t, s.base+"/sign-in")
	in := url.Values{"email": {email}, "password": {seed.DemoPassword}, "form_token": {hidden(form, "form_token")}}
	answer, err := r.http.PostForm(s.base+"/sign-in", in)
	if err != nil || answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s cannot sign in: %v %v", email, err, answer)
	}
	_ = answer.Body.Close()
	return r
}

func (r visitor) get(t *testing.T, address string) (*http.Response, string) {
	t.Helper()
	answer, err := r.http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// hidden is the value of a hidden field of a page.
func hidden(body, name string) string {
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return ""
	}
	for n := range doc.Descendants() {
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
		}
		if n.Data == "input" && at["name"] == name {
			return at["value"]
		}
	}
	return ""
}

var part = regexp.MustCompile(`:[a-z_]+`)

// fillIn puts things in the place of a pattern's parts; false when a case has no such thing.
func (s *stage) fillIn(t *testing.T, pattern, caseID string) (string, bool) {
	t.Helper()
	if kind := tokens[pattern]; kind != "" {
		return s.letter(t, kind), true
	}
	whole := true
	path := part.ReplaceAllStringFunc(pattern, func(p string) string {
		found := caseID
		if p != ":case" {
			query := cmp.Or(things[pattern], things[p])
			if query == "" {
				t.Errorf("GET %s: say in things what %s stands for", pattern, p)
			} else {
				found = s.look(t, query, pg.Args{"case": caseID})
			}
		}
		whole = whole && found != ""
		return found
	})
	return path + asked[pattern], whole
}

// stopLetters keeps a letter of the day and gives the path of a link to stop them.
func (s *stage) stopLetters(t *testing.T) string {
	t.Helper()
	hash := sha256.Sum256([]byte("stop-letters"))
	if err := s.owner.Write(t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) error {
		return pg.Insert(tx, `insert into digests (agency_id, user_id, on_day, token_hash, made_at)
			select agency_id, id, date '2026-11-23', :hash, now() from users where email = 'dana@rivervalley.test' on conflict do nothing`, pg.Args{"hash": hash[:]})
	}); err != nil {
		t.Fatal(err)
	}
	return "/digest/stop/stop-letters"
}

// letter asks for a letter with a link and gives the link's path.
func (s *stage) letter(t *testing.T, kind string) string {
	t.Helper()
	if kind == "sign-in" { // it looks the same whatever stands in it
		return "/sign-in/link/none"
	}
	if kind == "digest" {
		return s.stopLetters(t)
	}
	if kind == "with" {
		return s.linkOf(t, hugo)
	}
	nobody, admin := s.visitor(t, ""), s.visitor(t, "admin@rivervalley.test")
	if kind == "reset" {
		_, form := nobody.get(t, s.base+"/password/forgot")
		s.post(t, nobody, "/password/forgot", url.Values{"email": {"walt@rivervalley.test"}, "form_token": {hidden(form, "form_token")}})
	} else {
		_, form := admin.get(t, s.base+"/setup/people/new")
		office := s.look(t, things[":office"], pg.Args{})
		s.post(t, admin, "/setup/people", url.Values{"first_name": {"Ana"}, "last_name": {"Ruiz"}, "email": {"ana@rivervalley.test"}, "role": {"case_manager"}, "office_id": {office}, "language": {"en"}, "form_token": {hidden(form, "form_token")}})
	}
	link := regexp.MustCompile(map[string]string{"reset": `/password/reset/[\w-]+`, "invitation": `/invitation/[\w-]+`}[kind])
	for stop := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) { // letters are written after the answer
		if path := link.FindString(s.look(t, `select coalesce(string_agg(body, ' ' order by created_at desc), '') from outbox`, pg.Args{})); path != "" {
			return path
		}
		if time.Now().After(stop) {
			t.Errorf("no letter with a link for %s came", kind)
			return ""
		}
	}
}

// note writes a note, so that there is one to correct.
func (s *stage) note(t *testing.T, dana visitor, caseID string) {
	t.Helper()
	_, form := dana.get(t, s.base+"/cases/"+caseID+"/check-ins")
	s.post(t, dana, "/cases/"+caseID+"/notes", url.Values{"body": {"Asked for the class hours"}, "visibility": {"staff"}, "written_on": {"11/23/2026"}, "form_token": {hidden(form, "form_token")}})
}

func (s *stage) post(t *testing.T, r visitor, path string, in url.Values) {
	t.Helper()
	answer, err := r.http.PostForm(s.base+path, in)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode >= 400 {
		body, _ := io.ReadAll(answer.Body)
		t.Errorf("POST %s: %d %.1500s", path, answer.StatusCode, body)
	}
}

// tour finds for every page somebody who can open it, and gives the paths to open by visitor.
func (s *stage) tour(t *testing.T) map[string][]string {
	t.Helper()
	var readers []visitor
	for _, email := range people {
		readers = append(readers, s.visitor(t, email))
	}
	s.note(t, readers[0], s.cases["CP-20312"])
	s.paused(t, s.danas(t, steady))
	cases, tour := s.dossiers(t), map[string][]string{}
	for _, pattern := range s.pages {
		if strings.HasPrefix(pattern, "/calendar/") {
			continue
		}
		if who, path, ok := s.opens(t, readers, cases, pattern); !ok {
			t.Errorf("GET %s: nobody can open it", pattern)
		} else if path != "" {
			tour[who] = append(tour[who], path)
		}
	}
	tour["marcus@rivervalley.test"] = append(tour["marcus@rivervalley.test"], s.editor(t)...)
	return tour
}

// editor are the tables of a pathway's draft with a row of each: every one has a form of its own.
func (s *stage) editor(t *testing.T) (paths []string) {
	t.Helper()
	draft := "/pathways/MFG/drafts/" + s.look(t, things[":number"], nil)
	for _, list := range pathway.Lists {
		row := "0"
		if slices.Contains([]string{"jobs", "requirements", "programs", "milestones"}, list) {
			row = "2.0"
		}
		paths = append(paths, draft+"?list="+list, draft+"/"+list+"/"+row)
	}
	return paths
}

// opens finds a visitor and a path for a pattern. A page that only leads on to another has no path.
func (s *stage) opens(t *testing.T, readers []visitor, cases []string, pattern string) (who, path string, ok bool) {
	t.Helper()
	if !strings.Contains(pattern, ":") || tokens[pattern] != "" {
		cases = cases[:1]
	}
	leads := false
	for _, c := range cases {
		path, whole := s.fillIn(t, pattern, c)
		if !whole {
			continue
		}
		for _, r := range readers {
			answer, _ := r.get(t, s.base+path)
			to := answer.Header.Get("Location")
			switch {
			case answer.StatusCode == http.StatusOK && strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html"):
				return r.email, path, true
			case answer.StatusCode == http.StatusOK: // a file
				leads = true
			case answer.StatusCode == http.StatusSeeOther && !strings.HasPrefix(to, "/sign-in"):
				leads = true
			}
		}
	}
	return "", "", leads
}

// states are pages in a state that their plain address does not show: a step not yet done, an empty list, an
// error, a form that came back.
func (s *stage) states() map[string][]string {
	mai, denise, amina := "/cases/"+s.cases["CP-20502"], "/cases/"+s.cases["CP-20489"], "/cases/"+s.cases["CP-20461"]
	luis := "/cases/" + s.cases["CP-20312"]
	return map[string][]string{
		"": {"/nothing-here"},
		"dana@rivervalley.test": {
			"/search?q=an", "/search?q=zzzzzz", "/today?all=week", "/caseload?attention=zzz", "/transfers/requests/new?cases=" + s.cases["CP-20312"], luis + "/leave?kind=exit", luis + "/goals/new?horizon=mid", luis + "/plan?version=1",
			luis + "/assessment/new?instrument=readiness", luis + "/assessment/new?instrument=tabe_11_12", luis + "/assessment/new?instrument=waiver", luis + "/interests?way=scores",
			mai + "/intake/contact", mai + "/intake/education", mai + "/intake/work", mai + "/intake/computer", mai + "/intake/supports", mai + "/intake/money", mai + "/intake/review",
			mai + "/eligibility", mai + "/assessment", mai + "/recommendations", mai + "/selection", mai + "/goals", mai + "/plan", mai, denise + "/selection", denise + "/recommendations", "/nothing-here", "/setup",
		},
		"marcus@rivervalley.test":  {"/caseload", "/today", amina + "/plan/review", amina},
		"auditor@rivervalley.test": {"/caseload", luis},
		"admin@rivervalley.test":   {"/setup/people/new"},
		ines:                       {"/me", "/me/plan", "/me/plan/sign", "/me/plan/print"},
		marta:                      {"/guardian/print"},
		"rosa@rivervalley.test":    {"/account", "/nothing-here", "/me/tasks/contact", "/me/tasks/needs"},
	}
}

// refusals are forms sent empty or as they stand: the page that comes back names what is wrong.
var refusals = map[string][][2]string{
	"":                       {{"/sign-in", "main form"}, {"/sign-in/code", "main form"}, {"/sign-in/code/enter", "main form"}, {"/password/forgot", "main form"}, {"/verify", "main form"}},
	"dana@rivervalley.test":  {{"/participants/new", "main form"}, {"MAI/intake/money", "main form"}, {"MAI/eligibility", "main form[action]"}, {"LUIS/goals/new?horizon=long", "main form[action]"}, {"LUIS/interests?way=own", "main form[action]"}, {"LUIS/assessment/new?instrument=tabe_11_12", "main form"}, {"LUIS/outcomes", "main form"}, {"LUIS/services", "main form"}},
	"admin@rivervalley.test": {{"/setup/people/new", "main form"}, {"/setup/offices", `main form[action="/setup/offices"]`}, {"/setup/holidays", `main form[action="/setup/holidays"]`}},
	ines:                     {{"/me/plan/sign", `main form[action="/me/plan/sign"]`}},
	marta:                    {{"/guardian", "main form"}},
	"rosa@rivervalley.test":  {{"/me/messages", "main form"}, {"/me/goals/new", "main form"}, {"/account", `main form[action="/account/password"]`}},
}

// chunk is how many pages one tab opens; further tabs go on beside it.
const chunk = 30

// everyPage holds the pages of the tour, and the states, against the rules, in both languages.
func (s *stage) everyPage(t *testing.T) {
	tour := s.tour(t)
	for who, more := range s.states() {
		for _, path := range more {
			if !slices.Contains(tour[who], path) {
				tour[who] = append(tour[who], path)
			}
		}
	}
	for _, lang := range []string{"es", "en"} { // English last: the tasks are done in it
		t.Run(lang, func(t *testing.T) {
			for _, who := range slices.Sorted(maps.Keys(tour)) {
				s.speak(t, who, lang)
				n := 0
				for paths := range slices.Chunk(tour[who], chunk) {
					n++
					t.Run(fmt.Sprintf("%s %d", cmp.Or(strings.Split(who, "@")[0], "nobody"), n), func(t *testing.T) {
						t.Parallel()
						s.pagesOf(t, who, lang, paths, n == 1)
					})
				}
			}
		})
	}
}

// speak sets somebody's language.
func (s *stage) speak(t *testing.T, who, lang string) {
	t.Helper()
	if who == "" {
		return // whoever is not signed in chooses anew in every browser
	}
	r := s.visitor(t, who)
	_, form := r.get(t, s.base+"/help")
	s.post(t, r, "/language", url.Values{"language": {lang}, "next": {"/"}, "form_token": {hidden(form, "form_token")}})
}

// pagesOf holds pages of one visitor against the rules, and with them the forms that come back.
func (s *stage) pagesOf(t *testing.T, who, lang string, paths []string, forms bool) {
	b := s.tab(t, who, true)
	b.open("/help")
	b.language(lang)
	for _, path := range paths {
		b.open(path)
		if b.status >= 400 && !slices.Contains(s.states()[who], path) {
			t.Errorf("%s %s: status %d", who, path, b.status)
		}
		b.accessible(fmt.Sprintf("%s %s in %s", who, path, lang))
	}
	if !forms {
		return
	}
	for _, r := range refusals[who] {
		path := strings.NewReplacer("MAI", "/cases/"+s.cases["CP-20502"], "LUIS", "/cases/"+s.cases["CP-20312"]).Replace(r[0])
		b.open(path)
		b.click(r[1] + ` button[type="submit"]`)
		if b.status < 400 || b.count(".sum a") == 0 {
			t.Errorf("%s %s sent empty: status %d, %d errors: %.600s", who, path, b.status, b.count(".sum a"), b.text())
		}
		b.accessible(fmt.Sprintf("%s %s sent empty in %s", who, path, lang))
	}
}
