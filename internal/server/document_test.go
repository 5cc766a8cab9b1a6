package server_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/document"
	"waymark/internal/pg"
)

const pdfPaper = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

func jpegPhoto(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 90, 60)), nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// form writes fields, and then the file, as a browser does.
func form(t testing.TB, fields url.Values, name, file string) ([]byte, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, list := range fields {
		for _, v := range list {
			_ = w.WriteField(k, v)
		}
	}
	if name != "" {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", `form-data; name="file"; filename="`+name+`"`)
		h.Set("Content-Type", "image/jpeg")
		p, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(p, file)
	}
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType()
}

// upload sends a form with a file from the page seen last.
func (b *browser) upload(path string, fields url.Values, name, file string) reply {
	b.t.Helper()
	if !fields.Has("form_token") {
		fields.Set("form_token", b.token())
	}
	content, kind := form(b.t, fields, name, file)
	q, err := http.NewRequestWithContext(b.t.Context(), "POST", b.s.http.URL+path, bytes.NewReader(content))
	if err != nil {
		b.t.Fatal(err)
	}
	q.Header.Set("Content-Type", kind)
	r := send(b.t, b.http, q)
	if r.Status != 303 && strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		pageRules(b.t, path, r.Body)
		b.last = r
	}
	return r
}

// upload sends a form with a file to the API.
func (a *script) upload(path string, fields url.Values, name, file string, header ...string) reply {
	a.t.Helper()
	content, kind := form(a.t, fields, name, file)
	return a.do("POST", path, string(content), append([]string{"Content-Type", kind}, header...)...)
}

func TestAParticipantSendsAPhotoAndStaffLookAtIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	luis := s.enrol(t, s.Dana, "Luis", "Andrade Peña", "es")
	me := s.browse(t, luis.Email)
	has(t, me.get("/me/documents").is(200), "Mis papeles", "¿Qué papel es?", `accept="image/jpeg,image/png,application/pdf"`)
	has(t, me.upload("/me/documents", url.Values{}, "", "").is(422), "Elija qué papel es", "Primero elija una foto")
	has(t, me.upload("/me/documents", url.Values{"kind": {"pay"}}, "IMG 1.HEIC", "\x00\x00\x00\x18ftypheic"+strings.Repeat("x", 90)).is(422), "(HEIC)", `value="pay" id="my-document-kind-2" checked`)
	has(t, me.upload("/me/documents", url.Values{"kind": {"pay"}}, "x.jpg", strings.Repeat("x", 10<<20+9)).is(422), "más de 10 MB")
	has(t, me.follow(me.upload("/me/documents", url.Values{"kind": {"pay"}}, `..\..\"><script>.jpg`, jpegPhoto(t))).is(200), "Ya tenemos su papel", "Talón de pago", "Nadie lo vio todavía")

	dana, at := s.browse(t, "dana@rivervalley.test"), "/cases/"+luis.Case.String()
	has(t, dana.get(at).is(200), "1 new paper to look at.", "See the papers")
	has(t, dana.get("/today").is(200), "1 new paper to look at", `href="`+at+`/documents"`)
	list := dana.get(at + "/documents").is(200)
	has(t, list, "Pay stub or proof of income", "New", "Luis Andrade Peña")
	id := s.api(t, "dana@rivervalley.test").do("GET", at+"/documents", nil).is(200).text("items.0.id")
	one := at + "/documents/" + id
	file := dana.get(one + "/file").is(200)
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "Content-Disposition": "attachment; filename=pay-2026-11-23.jpg", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store",
	} {
		if got := file.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if _, err := jpeg.Decode(bytes.NewReader(file.Body)); err != nil {
		t.Error(err)
	}
	dana.get(one).is(200)
	dana.follow(dana.post(one+"/seen", nil)).is(200)
	if strings.Contains(string(dana.get(at).is(200).Body), "new paper") {
		t.Error("the record still asks to look at it")
	}
	has(t, me.get("/me/documents").is(200), "Ya lo vimos")
	if mine := me.get("/me/documents/" + id + "/file").is(200); !bytes.Equal(mine.Body, file.Body) {
		t.Error("the participant gets another file")
	}
	dana.get(one)
	has(t, dana.post(one+"/archive", url.Values{"version": {"2"}, "reason": {""}}).is(422), "Say why the paper is put away")
	has(t, dana.post(one+"/archive", url.Values{"version": {"1"}, "reason": {"A newer one"}}).is(409), "Somebody else saved this")
	has(t, dana.follow(dana.post(one+"/archive", url.Values{"version": {"2"}, "reason": {"A newer one"}})).is(200), "Put away", "A newer one")
	me.get("/me/documents/" + id + "/file").is(404)
	if n := s.count(t, `select count(*) from audit_log where action in ('document.added', 'document.seen', 'document.archived')`, nil); n != 3 {
		t.Errorf("%d entries in the audit trail, want 3", n)
	}
	if n := s.count(t, `select count(*) from audit_log where action = 'record.opened' and participant_id = :person`, pg.Args{"person": luis.Person}); n != 1 {
		t.Errorf("the record was opened once, noted %d times", n)
	}
}

func TestPapersAreSeenByTheirClassOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	luis, rosa := s.enrol(t, s.Dana, "Luis", "Andrade", "en"), s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	dana, at := s.api(t, "dana@rivervalley.test"), "/cases/"+luis.Case.String()+"/documents"
	ids := map[string]string{}
	for _, class := range []string{"shared", "staff", "restricted"} {
		r := dana.upload(at, url.Values{"kind": {"school"}, "title": {"Paper " + class}, "visibility": {class}, "expires_on": {"2026-12-10"}}, "a.pdf", pdfPaper).is(201)
		ids[class] = r.text("id")
		if want := "/api/v1" + at + "/" + ids[class] + "/file"; r.Header.Get("Location") != want {
			t.Error(r.Header.Get("Location"))
		}
	}
	file := func(class string) string { return at + "/" + ids[class] + "/file" }
	for who, sees := range map[string]map[string]int{
		"dana@rivervalley.test":    {"shared": 200, "staff": 200, "restricted": 200},
		"marcus@rivervalley.test":  {"shared": 200, "staff": 200, "restricted": 200},
		"auditor@rivervalley.test": {"shared": 200, "staff": 200, "restricted": 404},
		"priya@rivervalley.test":   {"shared": 404, "staff": 404, "restricted": 404},
		"walt@rivervalley.test":    {"shared": 404, "staff": 404, "restricted": 404},
		"kim@northcoast.test":      {"shared": 404, "staff": 404, "restricted": 404},
		"admin@rivervalley.test":   {"shared": 403, "staff": 403, "restricted": 403},
		luis.Email:                 {"shared": 403, "staff": 403, "restricted": 403},
	} {
		a := s.api(t, who)
		for class, want := range sees {
			if r := a.do("GET", file(class), nil); r.Status != want {
				t.Errorf("%s opens a %s paper: %d, want %d", who, class, r.Status, want)
			}
		}
	}
	own, other := s.api(t, luis.Email), s.api(t, rosa.Email)
	if n := len(own.do("GET", "/me/documents", nil).is(200).at("items").([]any)); n != 1 {
		t.Errorf("Luis lists %d papers, want the shared one", n)
	}
	for class, id := range ids {
		want := 404
		if class == "shared" {
			want = 200
		}
		own.do("GET", "/me/documents/"+id+"/file", nil).is(want)
		other.do("GET", "/me/documents/"+id+"/file", nil).is(404)
	}
	has(t, s.browse(t, "dana@rivervalley.test").get("/cases/"+luis.Case.String()).is(200), "A paper ends in 17 days.")
	has(t, s.browse(t, luis.Email).get("/me/documents").is(200), "It is good until December 10.")
	s.Set("2026-12-15")
	has(t, s.browse(t, luis.Email).get("/me/documents").is(200), "It ended on December 10. Send us a new one.")
	has(t, s.browse(t, "dana@rivervalley.test").get("/cases/"+luis.Case.String()).is(200), "A paper ended 5 days ago.")
}

func TestAnUploadCountsOnceAndAsksForItsOwnForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	luis := s.enrol(t, s.Dana, "Luis", "Andrade", "en")
	at := "/cases/" + luis.Case.String() + "/documents"
	b := s.browse(t, "dana@rivervalley.test")
	b.get(at).is(200)
	fields := url.Values{"kind": {"id"}, "visibility": {"staff"}, "form_token": {b.token()}}
	for range 2 {
		b.upload(at, fields, "a.pdf", pdfPaper).is(303)
	}
	a, key := s.api(t, "dana@rivervalley.test"), []string{"Idempotency-Key", "the-same-one"}
	a.upload(at, url.Values{"kind": {"id"}, "visibility": {"staff"}}, "a.pdf", pdfPaper, key...).is(201)
	if n := s.count(t, `select count(*) from documents`, nil); n != 2 {
		t.Errorf("%d papers, want 2", n)
	}
	b.upload(at, url.Values{"kind": {"id"}, "visibility": {"staff"}, "form_token": {"x"}}, "a.pdf", pdfPaper).is(403)
	b.get(at)
	b.post(at, url.Values{"kind": {"id"}}).is(415)
	a.do("POST", at, map[string]any{"kind": "id"}).is(415)
	b.get("/account")
	b.upload("/account", url.Values{"first_name": {"x"}}, "a.pdf", pdfPaper).is(415)
	content, kind := form(t, url.Values{"kind": {"id"}}, "a.pdf", strings.Repeat("x", 11<<20))
	a.do("POST", at, string(content), "Content-Type", kind).is(413)
	a.do("POST", at, string(content[:3000]), "Content-Type", kind).is(400)
	many := url.Values{}
	for i := range 30 {
		many.Add("kind", string(rune('a'+i)))
	}
	a.upload(at, many, "", "").is(413)
	a.upload(at, url.Values{"kind": {strings.Repeat("x", 20000)}}, "", "").is(413)
	a.upload(at, url.Values{"kind": {"id"}, "visibility": {"staff"}, "agency_id": {"x"}}, "a.pdf", pdfPaper).is(422)
	if n := s.count(t, `select count(*) from documents`, nil); n != 2 {
		t.Errorf("%d papers after what was refused, want 2", n)
	}
}

func TestTheSweepTakesAwayOnlyWhatNobodyNames(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	luis := s.enrol(t, s.Dana, "Luis", "Andrade", "en")
	files, err := document.NewFiles(t.TempDir(), s.Key, nil)
	if err != nil {
		t.Fatal(err)
	}
	docs := document.New(s.DB, s.Policy, files)
	add := func(by access.Actor, content string) error {
		spool, err := docs.Receive(strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		_, err = docs.Add(t.Context(), by, luis.Case, document.Input{Kind: "id", Visibility: document.Staff}, spool)
		return err
	}
	if err := add(s.Dana, pdfPaper); err != nil {
		t.Fatal(err)
	}
	by := access.Actor{Agency: s.Dana.Agency, Role: access.System}
	sweep := func(now time.Time) int {
		n, err := files.Sweep(context.Background(), s.DB, by, now)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := sweep(time.Now()); n != 0 {
		t.Errorf("%d files went at once", n)
	}
	if n := sweep(time.Now().Add(48 * time.Hour)); n != 1 { // the spool that the test did not drop
		t.Errorf("%d files went after two days, want the spool", n)
	}
	s.sql(t, s.Dana, `update documents set sha256 = sha256('another') where id in (select id from documents) and agency_id = :agency`, pg.Args{})
	if n := sweep(time.Now().Add(48 * time.Hour)); n != 1 {
		t.Errorf("%d files that no row names went, want 1", n)
	}
}
