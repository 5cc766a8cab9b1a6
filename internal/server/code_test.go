package server_test

import (
	"net/url"
	"regexp"
	"sort"
	"strings"
	"sync"
	"testing"

	"waymark/internal/pg"
)

// outbox gives the bodies of what waits to be sent to an address, oldest first.
func (s *site) outbox(t testing.TB, to string) (list []string) {
	t.Helper()
	s.Settle()
	if err := s.Owner.Read(t.Context(), s.Dana, func(tx *pg.Tx) (err error) {
		list, err = pg.List[string](tx, `select body from outbox where recipient = :to order by created_at, id limit 100`, pg.Args{"to": to})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

var (
	sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)
	ownLink   = regexp.MustCompile(`http://localhost(/sign-in/link/[A-Za-z0-9_-]{43})`)
)

// codeIn is the code and the link of the newest message to an address.
func (s *site) codeIn(t *testing.T, to string) (code, link string) {
	t.Helper()
	list := s.outbox(t, to)
	if len(list) == 0 {
		t.Fatalf("nothing was sent to %s", to)
	}
	newest := list[len(list)-1]
	found := ownLink.FindStringSubmatch(newest)
	if found == nil {
		t.Fatalf("no link in %q", newest)
	}
	return sixDigits.FindString(newest), found[1]
}

// welcomed adds a participant of Dana, invites them and lets them accept without a password.
func (s *site) welcomed(t *testing.T, more body) (person string, at *browser) {
	t.Helper()
	dana := s.api(t, "dana@rivervalley.test")
	in := body{"first_name": "Rosa", "last_name": "Jiménez", "birth_date": "1990-02-03", "email": "rosa@people.test", "phone": "207-555-0177", "texts_ok": true, "language": "en"}
	for k, v := range more {
		in[k] = v
	}
	person = dana.do("POST", "/participants", in).is(201).text("id")
	link := dana.do("POST", "/participants/"+person+"/invitation", body{"email": in["email"]}).is(201).text("link")
	at = s.browse(t, "")
	at.get(strings.TrimPrefix(link, "http://localhost")).is(200)
	at.post(strings.TrimPrefix(link, "http://localhost"), url.Values{"last_name": {in["last_name"].(string)}, "new_password": {""}, "again": {""}}).is(303)
	return person, at
}

// asks asks for a code and gives the browser that may use it.
func (s *site) asks(t *testing.T, where string) *browser {
	t.Helper()
	b := s.browse(t, "")
	b.get("/sign-in/code").is(200)
	b.follow(b.post("/sign-in/code", url.Values{"where": {where}, "next": {"/account"}})).is(200)
	s.Settle()
	return b
}

func enterCode(b *browser, code string, more ...string) reply {
	v := url.Values{"code": {code}, "next": {"/account"}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return b.post("/sign-in/code/enter", v)
}

func TestAParticipantSignsInWithACodeByEMailOrText(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at := s.welcomed(t, nil)
	if l := at.get("/").is(303).Header.Get("Location"); l != "/me" {
		t.Fatalf("accepting the invitation leads to %s", l)
	}
	at.get("/me").is(200)
	at.follow(at.post("/sign-out", nil))
	for where, to := range map[string]string{" ROSA@people.test": "rosa@people.test", "(207) 555-0177": "+12075550177", "+1 207 555 0177": "+12075550177"} {
		b := s.asks(t, where)
		code, _ := s.codeIn(t, to)
		if l := enterCode(b, code[:3]+" "+code[3:]).is(303).Header.Get("Location"); l != "/account" {
			t.Errorf("%q: after the code comes %s", where, l)
		}
		b.get("/account").is(200)
		out := b.post("/sign-out", nil)
		if got := out.is(303).Header.Get("Clear-Site-Data"); got != `"cache", "storage"` {
			t.Errorf("signing out clears %q", got)
		}
		b.get("/account").is(303)
	}
}

// Every one-time thing under 20 tries at once: exactly one counts, and altered or old ones never do.
func TestCodesAndLinksCountOnceUnderTwentyParallelTries(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana, admin := s.api(t, "dana@rivervalley.test"), s.api(t, "admin@rivervalley.test")
	person := dana.do("POST", "/participants", body{"first_name": "Ana", "last_name": "Ruiz", "email": "ana@people.test"}).is(201).text("id")
	invitation := strings.TrimPrefix(dana.do("POST", "/participants/"+person+"/invitation", body{"email": "ana@people.test"}).is(201).text("link"), "http://localhost")
	reset := strings.TrimPrefix(admin.do("POST", "/users/"+s.Walt.ID.String()+"/reset-link", nil).is(201).text("link"), "http://localhost")
	s.welcomed(t, nil)

	asked := s.asks(t, "rosa@people.test")
	code, _ := s.codeIn(t, "rosa@people.test")
	s.asks(t, "207-555-0177")
	_, link := s.codeIn(t, "+12075550177")
	for _, one := range []struct {
		name, path string
		values     url.Values
		cookies    *browser
		won        int
		lost       int
	}{
		{"invitation", invitation, url.Values{"last_name": {"ruiz"}}, nil, 303, 410},
		{"reset", reset, url.Values{"new_password": {better}, "again": {better}}, nil, 303, 410},
		{"code", "/sign-in/code/enter", url.Values{"code": {code}}, asked, 303, 422},
		{"sign-in link", link, url.Values{}, nil, 303, 410},
	} {
		if one.cookies == nil {
			s.browse(t, "").post(one.path[:len(one.path)-2]+"AA", one.values).is(410) // altered
		} else {
			s.browse(t, "").post(one.path, one.values).is(422) // another browser did not ask
		}
		statuses := twenty(t, func() int {
			b := s.browse(t, "")
			if one.cookies != nil {
				u, _ := url.Parse(s.http.URL + "/sign-in")
				b.http.Jar.SetCookies(u, one.cookies.http.Jar.Cookies(u))
			}
			return b.post(one.path, one.values).Status
		})
		if statuses[one.won] != 1 || statuses[one.lost] != 19 {
			t.Errorf("%s: of 20 at once the statuses are %v, want exactly one %d and else %d", one.name, statuses, one.won, one.lost)
		}
	}
}

func twenty(t *testing.T, try func() int) map[int]int {
	t.Helper()
	var wg sync.WaitGroup
	statuses := make(chan int, 20)
	for range 20 {
		wg.Go(func() { statuses <- try() })
	}
	wg.Wait()
	close(statuses)
	count := map[int]int{}
	for status := range statuses {
		count[status]++
	}
	return count
}

func TestOldCodesAndLinksAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.welcomed(t, nil)
	b := s.asks(t, "rosa@people.test")
	code, link := s.codeIn(t, "rosa@people.test")
	if err := s.Owner.Write(t.Context(), s.Dana, func(tx *pg.Tx) error {
		return pg.Insert(tx, `update sign_in_codes set expires_at = clock_timestamp() - interval '1 second'`, nil)
	}); err != nil {
		t.Fatal(err)
	}
	enterCode(b, code).is(422)
	b.get(link).is(200) // opening uses nothing up and tells nothing
	b.post(link, nil).is(410)
}

func TestFiveWrongCodesEndAnAsking(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.welcomed(t, nil)
	b := s.asks(t, "rosa@people.test")
	code, link := s.codeIn(t, "rosa@people.test")
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	for range 5 {
		enterCode(b, wrong).is(422)
	}
	enterCode(b, code).is(422)
	b.post(link, nil).is(410)
	again := s.browse(t, "") // and the address has to wait
	again.get("/sign-in/code")
	again.post("/sign-in/code", url.Values{"where": {"rosa@people.test"}})
	if r := again.post("/sign-in/code", url.Values{"where": {"rosa@people.test"}}); r.Status != 429 {
		t.Errorf("after five wrong codes asking again is %d", r.Status)
	}
}

func TestKnownAndUnknownAddressesAreAnsweredAlikeWhenACodeIsAsked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.welcomed(t, nil)
	nonce := regexp.MustCompile(`name="form_token" value="[^"]*"`)
	cookie := regexp.MustCompile(`ask=[^;]*`)
	// walk asks, opens the page that comes, and enters a wrong code and a wrong link: all that is answered.
	walk := func(where string) (seen []string) {
		b := s.browse(t, "")
		b.get("/sign-in/code").is(200)
		r := b.post("/sign-in/code", url.Values{"where": {where}}).is(303)
		head := r.Header.Clone()
		head.Del("Date")
		for i, c := range head.Values("Set-Cookie") {
			head["Set-Cookie"][i] = cookie.ReplaceAllString(c, "ask")
		}
		keys := make([]string, 0, len(head))
		for k, v := range head {
			keys = append(keys, k+": "+strings.Join(v, " | "))
		}
		sort.Strings(keys)
		seen = append(seen, strings.Join(keys, "\n"), string(r.Body), nonce.ReplaceAllString(string(b.follow(r).Body), ""))
		s.Settle()
		seen = append(seen, nonce.ReplaceAllString(string(enterCode(b, "12345").is(422).Body), ""))
		return seen
	}
	known := walk("rosa@people.test")
	for _, where := range []string{"nobody@nowhere.test", "dana@rivervalley.test", "207-555-9999"} {
		unknown := walk(where)
		for i := range known {
			if known[i] != unknown[i] {
				t.Errorf("%s: answer %d differs:\n%s\n\n%s", where, i, known[i], unknown[i])
			}
		}
	}
	if list := s.outbox(t, "dana@rivervalley.test"); len(list) > 0 {
		t.Error("staff sign in with a password, not with a code")
	}
}

// calm forgets what slows tries down.
func (s *site) calm(t *testing.T) {
	t.Helper()
	if err := s.Owner.Write(t.Context(), s.Dana, func(tx *pg.Tx) error { return pg.Insert(tx, `delete from throttle`, nil) }); err != nil {
		t.Fatal(err)
	}
}

func TestAFamilyThatSharesATelephoneOrAMailboxIsToldApartByBirthDate(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.welcomed(t, nil)
	dana := s.api(t, "dana@rivervalley.test")
	// The daughter has the same telephone and the same mailbox; the mailbox stays her mother's account.
	stranger := dana.do("POST", "/participants", body{"first_name": "Eva", "last_name": "Other", "birth_date": "2001-05-06"}).is(201).text("id")
	dana.do("POST", "/participants/"+stranger+"/invitation", body{"email": "rosa@people.test"}).is(422)
	_, eva := s.welcomed(t, body{"first_name": "Eva", "last_name": "Peña", "birth_date": "2008-05-06", "phone": "(207) 555 0177"})
	if page := string(eva.get("/me").is(200).Body); !strings.Contains(page, "Eva") {
		t.Error("the daughter must see her own page")
	}
	for _, where := range []string{"rosa@people.test", "207-555-0177"} {
		to := map[string]string{"rosa@people.test": "rosa@people.test", "207-555-0177": "+12075550177"}[where]
		b := s.asks(t, where)
		code, _ := s.codeIn(t, to)
		if r := enterCode(b, "999"+"111").is(422); strings.Contains(string(r.Body), `name="birth_date"`) {
			t.Error("a wrong code must not tell that an address is shared")
		}
		if r := enterCode(b, code).is(422); !strings.Contains(string(r.Body), `name="birth_date"`) || !strings.Contains(string(r.Body), code) {
			t.Errorf("%s: a right code must ask for the birth date and stay", where)
		}
		enterCode(b, code, "birth_date", "1/1/1999").is(422)
		enterCode(b, code, "birth_date", "5/6/2008").is(303)
		if page := string(b.get("/me").is(200).Body); !strings.Contains(page, "Eva") {
			t.Errorf("%s: the birth date must lead to the daughter", where)
		}
	}
	b := s.asks(t, "rosa@people.test")
	_, link := s.codeIn(t, "rosa@people.test")
	b.post(link, nil).is(422)
	b.post(link, url.Values{"birth_date": {"2/3/1990"}}).is(303)
	if page := string(b.get("/me").is(200).Body); !strings.Contains(page, "Rosa") {
		t.Error("the link must lead to the mother")
	}
}

func TestAChangedNumberAndAStopWordEndCodesByText(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	person, _ := s.welcomed(t, nil)
	dana := s.api(t, "dana@rivervalley.test")
	p := dana.do("GET", "/participants/"+person, nil).is(200)
	dana.do("PATCH", "/participants/"+person, body{"phone": "207-555-0178"}, "If-Match", p.Header.Get("ETag")).is(200)
	s.asks(t, "207-555-0177")
	if list := s.outbox(t, "+12075550177"); len(list) > 0 {
		t.Error("the old number may be somebody else's now")
	}
	s.asks(t, "207-555-0178")
	if list := s.outbox(t, "+12075550178"); len(list) != 1 {
		t.Errorf("%d texts to the new number", len(list))
	}
	if err := s.Owner.Write(t.Context(), s.Dana, func(tx *pg.Tx) error {
		return pg.Insert(tx, `insert into text_stops (agency_id, digits, stopped_at) values (:agency, '2075550178', :now)`, pg.Args{"agency": s.Dana.Agency, "now": tx.Now})
	}); err != nil {
		t.Fatal(err)
	}
	s.asks(t, "207-555-0178")
	if list := s.outbox(t, "+12075550178"); len(list) != 1 {
		t.Error("whoever wrote STOP gets no text")
	}
}

func TestWhoeverHasNoPasswordChangesTheirEMailWithACode(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, b := s.welcomed(t, body{"texts_ok": false})
	in := url.Values{"first_name": {"Rosa"}, "last_name": {"Jiménez"}, "email": {"rosa@elsewhere.test"}, "language": {"en"}, "version": {"2"}}
	b.get("/account").is(200)
	b.post("/account", in).is(422)
	b.follow(b.post("/account/code", url.Values{"next": {"/account"}}))
	list := s.outbox(t, "rosa@people.test")
	last := list[len(list)-1]
	if strings.Contains(last, "/sign-in/") {
		t.Errorf("a code to confirm with signs nobody in: %q", last)
	}
	in.Del("form_token")
	in.Set("password", sixDigits.FindString(last))
	b.post("/account", in).is(303)
	b.get("/account")
	in.Del("form_token")
	in.Set("email", "rosa@third.test")
	in.Set("version", "3")
	b.post("/account", in).is(422) // the code is used up
}
