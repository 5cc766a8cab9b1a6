package sms_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/pg"
	"waymark/internal/sms"
	"waymark/internal/world"
)

const (
	account = "AC0123456789"
	token   = "a-token-of-the-test"
)

// provider speaks the Messages protocol: it takes texts, refuses those to some numbers, and loses its
// answers when told to.
type provider struct {
	sync.Mutex
	t      *testing.T
	http   *httptest.Server
	asked  []url.Values
	taken  []map[string]any
	answer func(to string, w http.ResponseWriter) bool // false: take it
	mute   bool                                        // takes it and never answers
	stay   chan struct{}
}

func newProvider(t *testing.T) *provider {
	p := &provider{t: t, stay: make(chan struct{})}
	p.http = httptest.NewServer(p)
	t.Cleanup(func() { close(p.stay); p.http.Close() })
	return p
}

func (p *provider) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	p.Lock()
	defer p.Unlock()
	user, password, _ := q.BasicAuth()
	if user != account || password != token || q.URL.Path != "/2010-04-01/Accounts/"+account+"/Messages.json" {
		refuse(w, 401, 20003)
		return
	}
	if q.Method == http.MethodGet {
		list := slices.Clone(p.taken)
		slices.Reverse(list)
		list = slices.DeleteFunc(list, func(m map[string]any) bool { return m["to"] != q.URL.Query().Get("To") })
		_ = json.NewEncoder(w).Encode(map[string]any{"messages": list})
		return
	}
	_ = q.ParseForm()
	p.asked = append(p.asked, q.PostForm)
	if p.answer != nil && p.answer(q.PostForm.Get("To"), w) {
		return
	}
	made := map[string]any{
		"sid": fmt.Sprintf("SM%d", len(p.taken)+1), "status": "queued", "to": q.PostForm.Get("To"), "body": q.PostForm.Get("Body"), "date_created": time.Now().UTC().Format(time.RFC1123Z),
	}
	p.taken = append(p.taken, made)
	if p.mute {
		p.Unlock()
		select {
		case <-p.stay:
		case <-q.Context().Done():
		}
		p.Lock()
		return
	}
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(made)
}

func refuse(w http.ResponseWriter, status, code int) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"code": code, "status": status, "message": "no"})
}

func (p *provider) sender() *sms.Twilio {
	p.t.Helper()
	s, err := sms.NewTwilio(strings.Replace(p.http.URL, "http://", "http://"+account+":"+token+"@", 1)+"?from=%2B12075550100", "http://localhost")
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// kept is a text as the outbox has it.
type kept struct {
	Body     string `db:"body"`
	Delivery string `db:"delivery"`
	Failed   string `db:"failed"`
	Provider string `db:"provider_id"`
	Attempts int    `db:"attempts"`
	Over     bool   `db:"over"`
}

func queue(t *testing.T, w *world.World, digits, kind, once string) {
	t.Helper()
	if err := w.DB.Write(t.Context(), access.Actor{Agency: w.Dana.Agency, Role: access.System}, func(tx *pg.Tx) error {
		_, err := sms.Queue(tx, w.Dana, digits, sms.Text{Kind: kind, Body: "words for " + digits, Once: once})
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func outbox(t *testing.T, w *world.World, digits string) (k kept) {
	t.Helper()
	if err := w.Owner.Read(t.Context(), w.Dana, func(tx *pg.Tx) (err error) {
		k, err = pg.Get[kept](tx, `select body, delivery, failed, provider_id, attempts, next_at = 'infinity' as over from outbox where recipient = '+1' || :digits order by created_at desc limit 1`, pg.Args{"digits": digits})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return k
}

func sql(t *testing.T, w *world.World, query string) {
	t.Helper()
	if err := w.Owner.Write(t.Context(), w.Dana, func(tx *pg.Tx) error { return pg.Insert(tx, query, nil) }); err != nil {
		t.Fatal(err)
	}
}

func swept(t *testing.T, w *world.World, s sms.Sender) int {
	t.Helper()
	n, err := sms.Sweep(t.Context(), w.DB, s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

const dueNow = `update outbox set next_at = clock_timestamp() where sent_at is null and next_at < 'infinity'`

func TestATextIsSentOnceAndItsWordsForgotten(t *testing.T) {
	t.Parallel()
	w, p := world.New(t), newProvider(t)
	queue(t, w, "2075550142", "code", "one")
	queue(t, w, "2075550142", "code", "one")
	if n := swept(t, w, p.sender()); n != 1 {
		t.Fatalf("%d sent, want 1", n)
	}
	if n := swept(t, w, p.sender()); n != 0 || len(p.asked) != 1 {
		t.Fatalf("sent again: %d, %d", n, len(p.asked))
	}
	asked := p.asked[0]
	if asked.Get("To") != "+12075550142" || asked.Get("From") != "+12075550100" || asked.Get("Body") != "words for 2075550142" || !strings.HasPrefix(asked.Get("StatusCallback"), "http://localhost/texts/status/"+w.Dana.Agency.String()+"/") {
		t.Errorf("asked %v", asked)
	}
	if got := outbox(t, w, "2075550142"); got != (kept{Delivery: "sent", Provider: "SM1", Attempts: 1}) {
		t.Errorf("%+v", got)
	}
}

func TestRefusedTextsAreGivenUpOrWait(t *testing.T) {
	t.Parallel()
	w, p := world.New(t), newProvider(t)
	p.answer = func(to string, rw http.ResponseWriter) bool {
		switch to {
		case "+12075550101":
			refuse(rw, 400, 21211)
		case "+12075550102":
			refuse(rw, 400, 21610)
		case "+12075550103":
			rw.Header().Set("Retry-After", "1800")
			refuse(rw, 429, 20429)
		case "+12075550104":
			refuse(rw, 401, 20003)
		case "+12075550105":
			refuse(rw, 400, 21602)
		}
		return true
	}
	for _, digits := range []string{"2075550101", "2075550102", "2075550103", "2075550104", "2075550105"} {
		queue(t, w, digits, "message", "")
	}
	if n := swept(t, w, p.sender()); n != 0 {
		t.Fatalf("%d sent", n)
	}
	words := func(d string) string { return "words for " + d }
	for digits, want := range map[string]kept{
		"2075550101": {Delivery: "failed", Failed: sms.WrongNumber, Attempts: 1, Over: true},
		"2075550102": {Delivery: "failed", Failed: sms.OptedOut, Attempts: 1, Over: true},
		"2075550103": {Failed: sms.Busy, Attempts: 1, Body: words("2075550103")},
		"2075550104": {Failed: sms.NotTaken, Attempts: 1, Body: words("2075550104")},
		"2075550105": {Delivery: "failed", Failed: sms.NotTaken, Attempts: 1, Over: true},
	} {
		if got := outbox(t, w, digits); got != want {
			t.Errorf("%s: %+v, want %+v", digits, got, want)
		}
	}
	if err := w.Owner.Read(t.Context(), w.Dana, func(tx *pg.Tx) error {
		wait, err := pg.Get[bool](tx, `select next_at > clock_timestamp() + interval '29 minutes' from outbox where recipient = '+12075550103'`, nil)
		if !wait {
			t.Error("Retry-After is not honoured")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	queue(t, w, "2075550102", "message", "again") // the provider said that they wrote STOP
	p.answer = nil
	sql(t, w, dueNow)
	if n := swept(t, w, p.sender()); n != 2 {
		t.Errorf("%d sent, want the two that wait", n)
	}
}

// A provider that took a text and whose answer was lost is asked before it is sent again.
func TestATextWhoseAnswerWasLostIsNotSentTwice(t *testing.T) {
	t.Parallel()
	w, p := world.New(t), newProvider(t)
	queue(t, w, "2075550142", "message", "")
	sql(t, w, `update outbox set body = 'the same words'`)
	if n := swept(t, w, p.sender()); n != 1 {
		t.Fatal("the first was not sent")
	}
	queue(t, w, "2075550142", "message", "")
	sql(t, w, `update outbox set body = 'the same words' where sent_at is null`)
	p.answer = func(_ string, rw http.ResponseWriter) bool { refuse(rw, 503, 0); return true } // not taken, but nobody knows
	swept(t, w, p.sender())
	if got := outbox(t, w, "2075550142"); got.Delivery != "queued" || got.Failed != sms.Unsure || got.Body == "" {
		t.Fatalf("%+v", got)
	}
	p.answer = nil
	for round := range 2 { // it is not there: sent once, and then it is
		sql(t, w, dueNow)
		swept(t, w, p.sender())
		if len(p.taken) != 2 {
			t.Fatalf("round %d: the provider has %d texts, want 2", round, len(p.taken))
		}
	}
	queue(t, w, "2075550143", "message", "")
	p.mute = true
	ctx, s := t.Context(), p.sender()
	done := make(chan error, 1)
	go func() { _, err := sms.Sweep(ctx, w.DB, s); done <- err }()
	for { // it was taken, and we go down before the answer
		p.Lock()
		n := len(p.taken)
		p.Unlock()
		if n == 3 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	p.mute = false
	sql(t, w, dueNow)
	if n := swept(t, w, p.sender()); n != 1 || len(p.taken) != 3 {
		t.Errorf("%d sent, the provider has %d texts, want 3", n, len(p.taken))
	}
	if got := outbox(t, w, "2075550143"); got.Delivery != "sent" || got.Provider != "SM3" || got.Body != "" {
		t.Errorf("%+v", got)
	}
	p.http.CloseClientConnections()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := outbox(t, w, "2075550143"); got.Delivery != "sent" || got.Provider != "SM3" {
		t.Errorf("the late answer undid it: %+v", got)
	}
}

func TestTwoSweepsAtOnceSendEachTextOnce(t *testing.T) {
	t.Parallel()
	w, p := world.New(t), newProvider(t)
	for i := range 20 {
		queue(t, w, fmt.Sprintf("20755502%02d", i), "message", "")
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := sms.Sweep(t.Context(), w.DB, p.sender()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(p.taken) != 20 {
		t.Errorf("%d texts taken, want 20", len(p.taken))
	}
}

func TestOldTextsAreGivenUpAndTheirWordsForgotten(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	queue(t, w, "2075550101", "code", "")
	queue(t, w, "2075550102", "message", "")
	queue(t, w, "2075550103", "code", "")
	sql(t, w, `update outbox set created_at = clock_timestamp() - interval '11 minutes' where recipient <> '+12075550103'`)
	swept(t, w, nil) // nobody carries texts here
	if got := outbox(t, w, "2075550101"); got.Failed != sms.GivenUp || got.Body != "" || !got.Over {
		t.Errorf("an old code: %+v", got)
	}
	for _, digits := range []string{"2075550102", "2075550103"} {
		if got := outbox(t, w, digits); got.Body == "" {
			t.Errorf("%s: %+v", digits, got)
		}
	}
	if n := swept(t, w, sms.Log{}); n != 2 {
		t.Errorf("%d shown, want 2", n)
	}
	if got := outbox(t, w, "2075550103"); got.Delivery != "shown" || got.Body == "" {
		t.Errorf("shown: %+v", got)
	}
	sql(t, w, `update outbox set sent_at = clock_timestamp() - interval '25 hours' where delivery = 'shown'`)
	swept(t, w, sms.Log{})
	if got := outbox(t, w, "2075550103"); got.Body != "" {
		t.Errorf("a day later: %+v", got)
	}
}

func TestNobodyWhoWroteStopGetsATextThatWaited(t *testing.T) {
	t.Parallel()
	w, p := world.New(t), newProvider(t)
	queue(t, w, "2075550142", "message", "")
	if err := w.DB.Write(t.Context(), access.Actor{Agency: w.Dana.Agency, Role: access.System}, func(tx *pg.Tx) error { return sms.StopFor(tx, w.Dana, "2075550142") }); err != nil {
		t.Fatal(err)
	}
	swept(t, w, p.sender())
	if got := outbox(t, w, "2075550142"); got.Failed != sms.OptedOut || got.Body != "" || len(p.asked) != 0 {
		t.Errorf("%+v, %d asked", got, len(p.asked))
	}
}

func TestTheProvidersAddressIsHeldAgainstWhatItNeeds(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{
		"https://AC1:secret@api.twilio.com?from=%2B12075550100": true, "https://AC1:secret@api.twilio.com?service=MG1": true, "http://AC1:s@127.0.0.1:9?from=2075550100": true,
		"http://AC1:s@api.twilio.com?from=%2B12075550100": false, "https://api.twilio.com?from=%2B12075550100": false, "https://AC1@api.twilio.com?from=%2B12075550100": false,
		"https://AC1:s@api.twilio.com": false, "https://AC1:s@api.twilio.com?from=123": false, "https://AC1:s@api.twilio.com?from=2075550100&service=MG1": false, "": false,
	} {
		if _, err := sms.NewTwilio(address, "https://waymark.example.org"); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
	nowhere, _ := sms.NewTwilio("http://AC1:s@127.0.0.1:1?from=2075550100", "")
	if _, err := nowhere.Send(t.Context(), sms.Text{To: "+12075550142"}); !surelyNotTaken(err) {
		t.Errorf("a connection that was never made: %v", err)
	}
}

func surelyNotTaken(err error) bool {
	r, ok := errors.AsType[*sms.Refused](err)
	return ok && r.Reason == sms.NotTaken && !r.Final
}

// The example is the provider's own, from its page on how requests are signed.
func TestASignatureIsOfEveryByte(t *testing.T) {
	t.Parallel()
	s, err := sms.NewTwilio("https://AC1:12345@api.twilio.com?from=2075550100", "https://example.com")
	if err != nil {
		t.Fatal(err)
	}
	address, form := "https://example.com/myapp.php?foo=1&bar=2", url.Values{"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675310"}, "Digits": {"1234"}, "From": {"+14158675310"}, "To": {"+18005551212"}}
	good := "L/OH5YylLD5NRKLltdqwSvS0BnU="
	if !s.Genuine(address, form, good) {
		t.Error("the provider's own example is refused")
	}
	other := url.Values{}
	for k, v := range form {
		other[k] = v
	}
	other.Set("Digits", "1235")
	if s.Genuine(address, other, good) || s.Genuine(address+"&x=1", form, good) || s.Genuine(address, form, "") || s.Genuine(address, form, "?") {
		t.Error("something altered is taken")
	}
}

func TestWordsOfBothLanguages(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]sms.Word{
		"STOP": sms.Stop, " stop. ": sms.Stop, "Opt out": sms.Stop, "¡ALTO!": sms.Stop, "No más": sms.Stop, "Cancelar": sms.Stop, "START": sms.Start, "Empezar": sms.Start,
		"help": sms.Help, "Ayuda!": sms.Help, "1": sms.Yes, "Sí": sms.Yes, "yes!": sms.Yes, "2": sms.OtherTime, "cambiar": sms.OtherTime,
		"stop by at 5?": sms.Message, "12": sms.Message, "": sms.Message, "no puedo": sms.Message,
	} {
		if got, _ := sms.Read(body); got != want {
			t.Errorf("%q means %s, want %s", body, got, want)
		}
	}
}
