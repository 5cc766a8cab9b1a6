package server_test

import (
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/pg"
)

// stranger sends a form as a browser that has never been here, and gives all that it can see of the answer.
func (s *site) stranger(t *testing.T, method, path string, form url.Values) (seen string, took time.Duration) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), method, s.http.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method == "POST" {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	begun := time.Now()
	r, err := http.DefaultTransport.RoundTrip(q)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r.Body)
	took = time.Since(begun)
	_ = r.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Del("Date")
	var head strings.Builder
	_ = r.Header.Write(&head)
	return r.Status + "\n" + nonces.ReplaceAllString(head.String()+"\n"+string(b), ""), took
}

// nonces are what differs in every answer: tokens of forms, and the address that was asked for itself.
var nonces = regexp.MustCompile(`name="form_token" value="[^"]*"|ask=[^;]*|(action|value)="/[^"]*/[A-Za-z0-9_-]{43}"|name="email"[^>]*`)

// leans is how many standard deviations the pairs lean to one side: in how many the first takes longer. A
// machine that is busy slows both of a pair alike, so chance stays small.
func leans(pairs [][2]time.Duration) float64 {
	longer := 0
	for _, p := range pairs {
		if p[0] > p[1] {
			longer++
		}
	}
	n := float64(len(pairs))
	return math.Abs(float64(longer)-n/2) / (math.Sqrt(n) / 2)
}

const (
	samples = 120
	tooFar  = 4.5 // by chance once in a hundred thousand
)

// pairsOf takes n interleaved samples of two things, either first in turn.
func pairsOf(n int, first, second func() time.Duration) (pairs [][2]time.Duration) {
	for i := range n {
		if i%2 == 0 {
			a := first()
			pairs = append(pairs, [2]time.Duration{a, second()})
		} else {
			b := second()
			pairs = append(pairs, [2]time.Duration{first(), b})
		}
	}
	return pairs
}

func TestKnownAndUnknownAreAnsweredAlikeInBytesAndTime(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.welcomed(t, nil)
	s.sql(t, s.Dana, `update users set active = false where agency_id = :agency and email = 'keisha@rivervalley.test'`, pg.Args{})
	old := func(query string) string {
		r := s.api(t, "admin@rivervalley.test").do("POST", "/users/"+s.idOf(t, query)+"/reset-link", nil).is(201)
		return strings.TrimPrefix(r.text("link"), "http://localhost")
	}
	reset := old(`select cast(id as text) from users where email = 'walt@rivervalley.test'`)
	made := s.api(t, "admin@rivervalley.test").do("POST", "/users", body{"email": "new@rivervalley.test", "first_name": "Tove", "last_name": "Lind", "role": "auditor"}).is(201)
	invitation := strings.TrimPrefix(made.text("link"), "http://localhost")
	if err := s.Owner.Write(t.Context(), s.Dana, func(tx *pg.Tx) error {
		return pg.Insert(tx, `update one_time_links set expires_at = clock_timestamp() - interval '1 second'`, nil)
	}); err != nil {
		t.Fatal(err)
	}
	never := strings.Repeat("A", 43)
	password := url.Values{"new_password": {better}, "again": {better}, "last_name": {"Lind"}}
	ask := func(where string) url.Values { return url.Values{"where": {where}, "next": {"/"}} }
	for name, one := range map[string]struct {
		method, path, other string
		form                url.Values
		alike               []url.Values
	}{
		"asking for a code":           {"POST", "/sign-in/code", "/sign-in/code", ask("rosa@people.test"), []url.Values{ask("nobody@nowhere.test"), ask("dana@rivervalley.test")}},
		"asking for a reset":          {"POST", "/password/forgot", "/password/forgot", url.Values{"email": {"walt@rivervalley.test"}}, []url.Values{{"email": {"nobody@nowhere.test"}}, {"email": {"keisha@rivervalley.test"}}}},
		"opening an invitation":       {"GET", invitation, "/invitation/" + never, nil, []url.Values{nil}},
		"using an invitation":         {"POST", invitation, "/invitation/" + never, password, []url.Values{password}},
		"opening a reset":             {"GET", reset, "/password/reset/" + never, nil, []url.Values{nil}},
		"using a reset":               {"POST", reset, "/password/reset/" + never, password, []url.Values{password}},
		"using a reset as invitation": {"GET", strings.Replace(reset, "/password/reset/", "/invitation/", 1), "/invitation/" + never, nil, []url.Values{nil}},
	} {
		send := func(path string, form url.Values) (string, time.Duration) {
			seen, took := s.stranger(t, one.method, path, form)
			s.Settle()
			return seen, took
		}
		s.calm(t)
		known, _ := send(one.path, one.form)
		for _, other := range one.alike {
			if unknown, _ := send(one.other, other); unknown != known {
				t.Errorf("%s, %v, differs:\n%s\n\n%s", name, other, known, unknown)
			}
		}
		if one.method == "GET" { // which does the same reading as the sending below
			continue
		}
		pairs := pairsOf(samples, func() time.Duration {
			s.calm(t)
			_, took := send(one.path, one.form)
			return took
		}, func() time.Duration {
			s.calm(t)
			_, took := send(one.other, one.alike[0])
			return took
		})
		if far := leans(pairs); far > tooFar {
			t.Errorf("%s: the time tells known from unknown, %.1f standard deviations", name, far)
		}
	}
}

// The measure must notice what it is there for, work done before the answer, and nothing else: one side that
// takes a tenth longer amid noise twice as large leans too far, the same noise on both does not.
func TestTheMeasureOfTimeNoticesWorkDoneBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	d := rand.New(rand.NewPCG(17, 2026))
	pairs := func(work time.Duration) float64 {
		return leans(pairsOf(samples, func() time.Duration {
			return 10*time.Millisecond + work + time.Duration(d.IntN(int(2*time.Millisecond)))
		}, func() time.Duration { return 10*time.Millisecond + time.Duration(d.IntN(int(2*time.Millisecond))) }))
	}
	if far := pairs(time.Millisecond); far <= tooFar {
		t.Errorf("a tenth more work is %.1f standard deviations", far)
	}
	if far := pairs(0); far > tooFar {
		t.Errorf("no work is %.1f standard deviations", far)
	}
}

// What is too old opens nothing, though nobody used it.
func TestExpiredLinksAndCodesAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, signer, at := s.drafted(t)
	s.sql(t, s.Dana, `update users set email = 'signs@people.test' where agency_id = :agency and participant_id = :id`, pg.Args{"id": of.Person})
	dana, admin := s.api(t, "dana@rivervalley.test"), s.api(t, "admin@rivervalley.test")
	s.welcomed(t, body{"first_name": "Rosalía", "last_name": "Quispe"})
	person := dana.do("POST", "/participants", body{"first_name": "Otto", "last_name": "Brandt", "email": "otto@people.test"}).is(201).text("id")
	invitation := strings.TrimPrefix(dana.do("POST", "/participants/"+person+"/invitation", body{"email": "otto@people.test"}).is(201).text("link"), "http://localhost")
	reset := strings.TrimPrefix(admin.do("POST", "/users/"+s.Walt.ID.String()+"/reset-link", nil).is(201).text("link"), "http://localhost")
	asked := s.asks(t, "rosa@people.test")
	code, link := s.codeIn(t, "rosa@people.test")

	frozen := signer.submits(at, nil).is(200)
	signs := s.browse(t, "signs@people.test")
	s.sql(t, s.Dana, `update users set password_hash = '', confirmed_at = clock_timestamp() where agency_id = :agency and participant_id = :id`, pg.Args{"id": of.Person})
	signs.get("/me/plan/sign").is(200)
	signs.post("/account/code", url.Values{"by": {"email"}, "next": {"/me/plan/sign"}}).is(303)
	own := s.outbox(t, "signs@people.test")
	ownCode := sixDigits.FindString(own[len(own)-1])

	if err := s.Owner.Write(t.Context(), s.Dana, func(tx *pg.Tx) error {
		if err := pg.Insert(tx, `update one_time_links set expires_at = clock_timestamp() - interval '1 second'`, nil); err != nil {
			return err
		}
		return pg.Insert(tx, `update sign_in_codes set expires_at = clock_timestamp() - interval '1 second'`, nil)
	}); err != nil {
		t.Fatal(err)
	}
	s.browse(t, "").get(invitation).is(410)
	s.browse(t, "").post(invitation, url.Values{"last_name": {"Brandt"}}).is(410)
	s.browse(t, "").get(reset).is(410)
	s.browse(t, "").post(reset, url.Values{"new_password": {better}, "again": {better}}).is(410)
	s.browse(t, "").post(link, nil).is(410)
	if r := enterCode(asked, code); r.Status != 422 {
		t.Errorf("an old code: %d", r.Status)
	}
	signs.get("/me/plan/sign").is(200)
	if r := signs.post("/me/plan/sign", url.Values{"consent": {"yes"}, "name": {"Rosa Jiménez"}, "sha256": {frozen.text("sha256")}, "password": {ownCode}}); r.Status != 422 {
		t.Errorf("an old code to sign with: %d", r.Status)
	}
	if n := s.count(t, `select count(*) from signatures where role = 'participant'`, pg.Args{}); n != 0 {
		t.Error("something was signed")
	}
	s.api(t, "walt@rivervalley.test") // with the password he had
	if got := slices.Compact(s.strings(t, `select cast(confirmed_at is null and password_hash = '' as text) from users where email = 'otto@people.test'`, pg.Args{})); len(got) != 1 || got[0] != "true" {
		t.Errorf("Otto got in: %v", got)
	}
}
