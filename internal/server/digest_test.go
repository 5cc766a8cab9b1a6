package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/digest"
	"waymark/internal/pg"
)

// digests queues the letters that are due and gives the last one to each address.
func (s *site) digests(t *testing.T) map[string]string {
	t.Helper()
	by := access.Actor{Agency: s.Agency.ID, Role: access.System, Zone: s.Dana.Zone}
	if err := digest.New(s.DB, s.Policy, "https://waymark.example").Due(t.Context(), by); err != nil {
		t.Fatal(err)
	}
	type row struct {
		To   string `db:"recipient"`
		Body string `db:"body"`
	}
	letters := map[string]string{}
	if err := s.Owner.Read(t.Context(), by, func(tx *pg.Tx) error {
		list, err := pg.List[row](tx, `select recipient, body from outbox where kind = 'digest' order by created_at, id limit 1000`, nil)
		for _, l := range list {
			letters[l.To] = l.Body
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return letters
}

var digestNumber = regexp.MustCompile(`(?m)^(Overdue|Due in the next seven days|Need attention): (\d+)$`)

// agrees holds a letter against the lists that its reader sees.
func (s *site) agrees(t *testing.T, email, letter string) {
	t.Helper()
	script := s.api(t, email)
	views := map[string]string{"Overdue": "overdue", "Due in the next seven days": "week", "Need attention": "attention"}
	said := digestNumber.FindAllStringSubmatch(letter, -1)
	shown := false
	for _, name := range []string{"Overdue", "Due in the next seven days", "Need attention"} {
		list := script.do("GET", "/cases?limit=100&attention="+views[name], nil)
		n := 0
		if list.Status == http.StatusOK {
			items, _ := list.at("items").([]any)
			n = len(items)
		}
		shown = shown || n > 0
		for _, m := range said {
			if m[1] == name && m[2] != fmt.Sprint(n) {
				t.Errorf("%s: the letter says %s %s, the list shows %d", email, name, m[2], n)
			}
		}
	}
	if letter != "" && len(said) != 3 {
		t.Errorf("%s: %s", email, letter)
	}
	if letter == "" && shown {
		t.Errorf("%s has people on the lists and got no letter", email)
	}
}

var staffEmails = []string{"dana@rivervalley.test", "walt@rivervalley.test", "priya@rivervalley.test", "marcus@rivervalley.test", "admin@rivervalley.test", "auditor@rivervalley.test"}

func TestTheLetterSaysWhatTheListsShowForEveryRoleAndOffice(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.crew(t)
	letters := s.digests(t)
	for _, email := range staffEmails {
		s.agrees(t, email, letters[email])
	}
	if letters["dana@rivervalley.test"] == "" || letters["marcus@rivervalley.test"] == "" || letters["dana@rivervalley.test"] == letters["marcus@rivervalley.test"] {
		t.Errorf("%v", letters)
	}
	if list := s.names(t); len(list) == 0 {
		t.Error("nobody to be named")
	} else {
		for to, body := range letters {
			for _, name := range list {
				if strings.Contains(body, name) {
					t.Errorf("the letter to %s names %s", to, name)
				}
			}
		}
	}
	n := len(letters)
	if again := s.count(t, `select count(*) from outbox where kind = 'digest'`, nil); again != n || len(s.digests(t)) != n || s.count(t, `select count(*) from outbox where kind = 'digest'`, nil) != n {
		t.Errorf("%d letters, then %d: one a person and day", n, again)
	}
}

// names are those of everybody in the agency, participants and staff.
func (s *site) names(t *testing.T) (list []string) {
	t.Helper()
	if err := s.Owner.Read(t.Context(), s.Dana, func(tx *pg.Tx) (err error) {
		list, err = pg.List[string](tx, `select last_name from participants where length(last_name) > 3 union select last_name from users where length(last_name) > 3 limit 500`, nil)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestTheNextLetterFollowsATransferACoverAndADemotion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.agreed(t, s.api(t, "dana@rivervalley.test"), rosa, "2026-11-24")
	marcus := s.api(t, "marcus@rivervalley.test")
	marcus.do("POST", "/coverages", map[string]any{"case_manager": s.Dana.ID.String(), "delegate": s.Priya.ID.String(), "until_on": "2026-11-24"}).is(201)
	check := func(day string, wants ...string) {
		t.Helper()
		at, _ := time.Parse(time.RFC3339, day+"T14:00:00Z")
		s.SetTime(at)
		letters := s.digests(t)
		for _, email := range staffEmails {
			s.agrees(t, email, s.today(t, email, letters))
		}
		for _, email := range wants {
			if s.today(t, email, letters) == "" {
				t.Errorf("%s: no letter to %s", day, email)
			}
		}
	}
	check("2026-11-23", "dana@rivervalley.test", "priya@rivervalley.test", "marcus@rivervalley.test")
	s.SetTime(time.Date(2026, 11, 24, 11, 0, 0, 0, time.UTC))
	marcus = s.api(t, "marcus@rivervalley.test")
	marcus.do("POST", "/transfers", map[string]any{"cases": []string{rosa.Case.String()}, "to": s.Priya.ID.String()}).is(201)
	s.sql(t, s.Admin, `update users set role = 'case_manager', epoch = epoch + 1 where agency_id = :agency and id = :by`, pg.Args{"by": s.Marcus.ID})
	check("2026-11-24", "priya@rivervalley.test")
	if letters := s.digests(t); s.today(t, "dana@rivervalley.test", letters) != "" || s.today(t, "marcus@rivervalley.test", letters) != "" {
		t.Error("who has nobody any more got a letter")
	}
}

func TestTheNextLetterFollowsAnEndedCover(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.agreed(t, s.api(t, emails["dana"]), rosa, "2026-11-24")
	marcus := s.api(t, emails["marcus"])
	cover := marcus.do("POST", "/coverages", body{"case_manager": s.Dana.ID.String(), "delegate": s.Walt.ID.String(), "until_on": "2026-11-30"}).is(201).text("id")
	for _, day := range []int{23, 24} {
		s.SetTime(time.Date(2026, 11, day, 14, 0, 0, 0, time.UTC))
		letters := s.digests(t)
		for _, who := range []string{"dana", "walt"} {
			letter := s.today(t, emails[who], letters)
			s.agrees(t, emails[who], letter)
			if wants := who == "dana" || day == 23; wants != (letter != "") {
				t.Errorf("November %d, %s: %q", day, who, letter)
			}
		}
		if day == 23 {
			marcus.do("POST", "/coverages/"+cover+"/end", nil).is(200)
		}
	}
}

// today is the letter that somebody got on the day that it is now; "" for none.
func (s *site) today(t *testing.T, email string, letters map[string]string) string {
	t.Helper()
	n := s.count(t, `select count(*) from digests d join users u on u.id = d.user_id where u.email = :to and d.on_day = :day and d.token_hash is not null`, pg.Args{"to": email, "day": s.Today()})
	if n == 0 {
		return ""
	}
	return letters[email]
}

func TestLettersComeOnWorkingMorningsOnly(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		at   time.Time
		hour string
		want bool
	}{
		"before the hour":    {time.Date(2026, 11, 23, 10, 59, 0, 0, time.UTC), "", false}, // 5:59 in New York
		"from the hour":      {time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC), "", true},
		"a later hour":       {time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC), "9", false},
		"a Saturday":         {time.Date(2026, 11, 28, 14, 0, 0, 0, time.UTC), "", false},
		"a day that is off":  {time.Date(2026, 11, 26, 14, 0, 0, 0, time.UTC), "", false},
		"the evening before": {time.Date(2026, 11, 24, 4, 30, 0, 0, time.UTC), "", true}, // still Monday there
	} {
		s := newSite(t)
		rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
		s.agreed(t, s.api(t, "dana@rivervalley.test"), rosa, "2026-11-24")
		if tt.hour != "" {
			s.api(t, "admin@rivervalley.test").do("POST", "/settings", map[string]any{"key": "digest_hour", "value": tt.hour, "effective_on": "2026-11-20"}).is(201)
		}
		s.SetTime(tt.at)
		if got := s.digests(t)["dana@rivervalley.test"] != ""; got != tt.want {
			t.Errorf("%s: a letter %v", name, got)
		}
	}
}

func TestWhoStopsTheLetterGetsNoMore(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.agreed(t, s.api(t, "dana@rivervalley.test"), rosa, "2026-11-24")
	letter := s.digests(t)["dana@rivervalley.test"]
	_, path, ok := strings.Cut(letter, "https://waymark.example/digest/stop/")
	if !ok {
		t.Fatalf("no link in %s", letter)
	}
	path = "/digest/stop/" + strings.TrimSpace(path)
	stopped := func() bool {
		return s.count(t, `select count(*) from users where email = 'dana@rivervalley.test' and not digest`, nil) == 1
	}
	nobody := s.browse(t, "")
	has(t, nobody.get(path).is(200), "Stop the letters")
	if stopped() {
		t.Error("a program that only opened the link stopped the letters")
	}
	nobody.get("/digest/stop/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").is(410)
	// One click in the mail program: no cookie, no form.
	r, err := http.PostForm(s.http.URL+path, url.Values{"List-Unsubscribe": {"One-Click"}})
	if err != nil || r.StatusCode != http.StatusOK || !stopped() {
		t.Fatalf("%v %v", r, err)
	}
	_ = r.Body.Close()
	s.SetTime(s.Now().AddDate(0, 0, 1))
	if s.count(t, `select count(*) from digests where on_day = '2026-11-24'`, nil) != 0 || s.today(t, "dana@rivervalley.test", s.digests(t)) != "" {
		t.Error("a letter after stopping")
	}
	// The account page starts them again.
	b := s.browse(t, "dana@rivervalley.test")
	form := presetOf(t, b.get("/account").is(200).Body)
	if form.Get("digest") != "" {
		t.Error("the account page does not know that they are stopped")
	}
}
