package server_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"waymark/internal/heap"
)

// oddNames are names that a file may be sent under: paths, names that devices have, what turns the reading
// direction around, what ends a line or a text, and what is far too long.
var oddNames = map[string]string{
	"a path up":                 "../../../etc/passwd",
	"a path up, of Windows":     `..\..\windows\system32\x.jpg`,
	"a path from the root":      "/var/lib/waymark/documents/x",
	"a path with escapes":       "..%2f..%2fx.jpg",
	"read from right to left":   "scan_\u202egpj.exe",
	"300 letters":               strings.Repeat("long", 75) + ".jpg",
	"8000 letters":              strings.Repeat("very long", 900) + ".jpg",
	"a NUL":                     "a.exe\x00.jpg",
	"a line's end":              "a\r\nContent-Type: text/html\r\n\r\n<script>",
	"a quotation mark":          `a"; filename="b.html`,
	"a device":                  "CON",
	"a device with an ending":   "aux.jpg",
	"a stream":                  "a.jpg:evil.exe:$DATA",
	"dots":                      "..",
	"a file of the web server":  ".htaccess",
	"an option":                 "-rf",
	"a script":                  `<script>alert(1)</script>.jpg`,
	"not UTF-8":                 "\xff\xfe.jpg",
	"signs that combine":        strings.Repeat("é\u0301\u0302", 60) + ".jpg",
	"a home directory":          "~root/.ssh/authorized_keys",
	"a blank and a dot behind":  "a.jpg . ",
	"the name of another field": "kind",
}

func TestTheNameOfAFileCountsForNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	luis := s.enrol(t, s.Dana, "Luis", "Andrade Peña", "en")
	me, own := s.browse(t, luis.Email), s.api(t, luis.Email)
	photo, taken := jpegPhoto(t), 0
	for what, name := range oddNames {
		me.get("/me/documents").is(200)
		switch r := me.upload("/me/documents", url.Values{"kind": {"pay"}}, name, photo); r.Status {
		case http.StatusSeeOther:
			taken++
		case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity: // the part of the form is no part
		default:
			t.Errorf("%s: %d %.300s", what, r.Status, r.Body)
		}
	}
	if taken < len(oddNames)-5 {
		t.Errorf("of %d files only %d are taken", len(oddNames), taken)
	}
	list := own.do("GET", "/me/documents", nil).is(200)
	pages := string(list.Body) + string(me.get("/me/documents").is(200).Body)
	for i := range taken {
		file := me.get("/me/documents/" + list.text("items."+strconv.Itoa(i)+".id") + "/file").is(200)
		if got := file.Header.Get("Content-Disposition"); !regexp.MustCompile(`^attachment; filename=pay-2026-11-23(-[0-9]+)?\.jpg$`).MatchString(got) || len(file.Header.Values("Content-Disposition")) != 1 {
			t.Errorf("a file is handed out as %q", got)
		}
	}
	for what, name := range oddNames {
		if len(name) > 4 && strings.Contains(pages, name) {
			t.Errorf("%s: the name is shown again", what)
		}
	}
	for _, trace := range []string{"\u202e", "passwd", "evil.exe", "htaccess", "alert(1)"} {
		if strings.Contains(pages, trace) {
			t.Errorf("the pages say %q", trace)
		}
	}
}

// burst sends so many large files at once through the whole program and gives by how much the heap grew at most.
// The files are streamed from one copy, so that what grows is the program.
func (s *site) burst(t *testing.T, at, token string, n int, corpus [][]byte) int64 {
	t.Helper()
	return heap.Growth(func() {
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				head, kind := form(t, url.Values{"kind": {"school"}, "visibility": {"staff"}}, "a.jpg", "FILE")
				begin, end, _ := bytes.Cut(head, []byte("FILE"))
				q, err := http.NewRequestWithContext(t.Context(), "POST", s.http.URL+"/api/v1"+at, io.MultiReader(bytes.NewReader(begin), bytes.NewReader(corpus[i%len(corpus)]), bytes.NewReader(end)))
				if err != nil {
					t.Error(err)
					return
				}
				q.Header.Set("Content-Type", kind)
				q.Header.Set("Authorization", "Bearer "+token)
				a, err := http.DefaultClient.Do(q)
				if err != nil {
					t.Error(err)
					return
				}
				defer func() { _ = a.Body.Close() }()
				_, _ = io.Copy(io.Discard, a.Body)
				if !slices.Contains([]int{201, 422, 503}, a.StatusCode) {
					t.Errorf("file %d: %d", i, a.StatusCode)
				}
			})
		}
		all.Wait()
	})
}

// TestMemoryStaysFlatWhileLargeFilesComeIn runs by itself: it measures the heap of the whole process.
func TestMemoryStaysFlatWhileLargeFilesComeIn(t *testing.T) {
	s := newSite(t)
	luis := s.enrol(t, s.Dana, "Luis", "Andrade Peña", "en")
	at := "/cases/" + luis.Case.String() + "/documents"
	dana := s.api(t, "dana@rivervalley.test")
	noise := image.NewRGBA(image.Rect(0, 0, 3600, 2400))
	for i := range noise.Pix {
		noise.Pix[i] = byte(rand.Uint32())
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, noise, &jpeg.Options{Quality: 60}); err != nil {
		t.Fatal(err)
	}
	noise = nil
	paper := []byte(strings.Replace(pdfPaper, "trailer", strings.Repeat("%xxxxxxx\n", 1<<20)+"trailer", 1))
	corpus := [][]byte{photo.Bytes(), paper}
	t.Logf("photos of %d KB, papers of %d KB", photo.Len()>>10, len(paper)>>10)
	few, many := s.burst(t, at, dana.token, 4, corpus), s.burst(t, at, dana.token, 20, corpus)
	t.Logf("the heap grew by %d MB with 4 at once, by %d MB with 20", few>>20, many>>20)
	if many > few+120<<20 || many > 400<<20 {
		t.Errorf("with 20 large files at once the heap grew by %d MB, with 4 by %d MB", many>>20, few>>20)
	}
}
