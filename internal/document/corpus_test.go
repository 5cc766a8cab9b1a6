package document

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/heap"
	"waymark/internal/id"
)

var agency = id.New[access.Agency]()

func files(t testing.TB, scanner Scanner) (*Files, string) {
	t.Helper()
	dir := t.TempDir()
	f, err := NewFiles(dir, bytes.Repeat([]byte{7}, 32), scanner)
	if err != nil {
		t.Fatal(err)
	}
	return f, dir
}

// take sends one file and reads back what would be handed out.
func take(t testing.TB, f *Files, content []byte) (*Taken, []byte, error) {
	t.Helper()
	s, err := f.Receive(bytes.NewReader(content))
	if err != nil {
		return nil, nil, err
	}
	defer s.Drop()
	taken, err := f.Take(t.Context(), agency, s)
	if err != nil {
		return nil, nil, err
	}
	if err := taken.keep(); err != nil {
		t.Fatal(err)
	}
	r, err := f.read(agency, taken.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	b, err := io.ReadAll(r)
	if err != nil || int64(len(b)) != taken.Size {
		t.Fatalf("%d bytes of %d: %v", len(b), taken.Size, err)
	}
	return taken, b, nil
}

// photo is a picture whose left half is red and whose right half is blue.
func photo(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{200, 0, 0, 255}
			if x >= w/2 {
				c = color.RGBA{0, 0, 200, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif puts a segment with the orientation, and a place that must not survive, behind a JPEG's start.
func exif(j []byte, turn byte) []byte {
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(turn) + "\x00\x00\x00\x00\x00\x00GPS 44.0979 N 70.2312 W")
	body := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(body)+2))
	return append(append(head, body...), j[2:]...)
}

const paper = "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

// chunk is one chunk of a PNG.
func chunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// wall is a small PNG that says it is w by h, with picture data that unpacks without end.
func wall(w, h uint32, unpacked int) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	var z bytes.Buffer
	zw := zlib.NewWriter(&z)
	_, _ = io.CopyN(zw, zeros{}, int64(unpacked))
	_ = zw.Close()
	return bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, 8, 2, 0, 0, 0)), chunk("IDAT", z.Bytes()), chunk("IEND", nil)}, nil)
}

// packed is a PDF that has objects packed together, as newer ones have.
func packed(objects, filter, end string) []byte {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, _ = io.WriteString(w, objects)
	_ = w.Close()
	return []byte(strings.Replace(paper, "trailer", "9 0 obj<</Type/ObjStm/N 1/First 4/Filter "+filter+"/Length "+strconv.Itoa(z.Len())+">>\nstream"+end+z.String()+"\nendstream endobj\ntrailer", 1))
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// hugeJPEG says that it is w by h, in as many passes as the marker tells.
func hugeJPEG(t *testing.T, w, h uint16, marker byte) []byte {
	j := asJPEG(t, photo(8, 8))
	i := bytes.Index(j, []byte{0xff, 0xc0})
	j[i+1] = marker
	binary.BigEndian.PutUint16(j[i+5:], h)
	binary.BigEndian.PutUint16(j[i+7:], w)
	return j
}

func TestTheCorpusIsRefused(t *testing.T) {
	t.Parallel()
	f, dir := files(t, nil)
	animated := &bytes.Buffer{}
	_ = gif.Encode(animated, photo(4, 4), nil)
	good := asJPEG(t, photo(60, 40))
	broken := bytes.Clone(good[:len(good)/2])
	heic := "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + strings.Repeat("x", 200)
	for name, tt := range map[string]struct {
		content []byte
		code    string
	}{
		"nothing":                               {nil, "document.empty"},
		"a page named photo.jpg":                {[]byte("<!doctype html><script>alert(1)</script>"), "document.type"},
		"a page behind blanks":                  {[]byte("   \n<html><body onload=alert(1)>"), "document.type"},
		"an SVG":                                {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "document.type"},
		"an SVG behind an XML line":             {[]byte(`<?xml version="1.0"?><svg onload="alert(1)"/>`), "document.type"},
		"a GIF":                                 {animated.Bytes(), "document.type"},
		"a GIF that is a script too":            {[]byte("GIF89a/*" + strings.Repeat("a", 40) + "*/=1;alert(1)"), "document.type"},
		"a program":                             {[]byte("MZ\x90\x00" + strings.Repeat("\x00", 100)), "document.type"},
		"a program of another system":           {[]byte("\x7fELF" + strings.Repeat("\x00", 100)), "document.type"},
		"an archive":                            {[]byte("PK\x03\x04" + strings.Repeat("\x00", 100)), "document.type"},
		"a WebP":                                {[]byte("RIFF\x24\x00\x00\x00WEBPVP8 " + strings.Repeat("\x00", 100)), "document.type"},
		"a TIFF":                                {[]byte("II*\x00" + strings.Repeat("\x00", 100)), "document.type"},
		"a BMP":                                 {[]byte("BM" + strings.Repeat("\x00", 100)), "document.type"},
		"a picture of an iPhone":                {[]byte(heic), "document.heic"},
		"a PDF behind a page":                   {[]byte("<html><script>x</script>" + paper), "document.type"},
		"a PDF behind blanks":                   {[]byte("\n\n" + paper), "document.type"},
		"a PDF that does not end":               {[]byte(paper[:60]), "document.unreadable"},
		"a PDF with a program":                  {[]byte(strings.Replace(paper, "/Pages 2", "/OpenAction<</S/JavaScript/JS(app.alert(1))>>/Pages 2", 1)), "document.active"},
		"a PDF that starts a program":           {[]byte(strings.Replace(paper, "/Pages 2", "/OpenAction<</S/Launch/F(cmd.exe)>>/Pages 2", 1)), "document.active"},
		"a PDF behind comments":                 {[]byte(strings.Repeat("%\n", 40000) + paper), "document.type"},
		"a PDF with a file far inside":          {[]byte(strings.Replace(paper, "endobj\n2", "endobj\n"+strings.Repeat("%xxxxxxx\n", 9000)+"9 0 obj<</Type/EmbeddedFile>>endobj\n2", 1)), "document.active"},
		"a PDF with a program in other letters": {[]byte(strings.Replace(paper, "/Pages 2", "/OpenAction<</S/J#61v#61Script/JS(app.alert(1))>>/Pages 2", 1)), "document.active"},
		"a PDF with a program among packed objects": {packed("<</S/JavaScript/JS(app.alert(1))>>", "/FlateDecode", "\r\n"), "document.active"},
		"the same behind a bare line's end":         {packed("<</S/JavaScript/JS(app.alert(1))>>", "/FlateDecode", "\r"), "document.active"},
		"the same with its filter in other letters": {packed("<</S/JavaScript/JS(app.alert(1))>>", "/Fl#61teDecode", "\n"), "document.active"},
		"a PDF of objects packed twice":             {packed("<</S/JavaScript>>", "[/ASCII85Decode/FlateDecode]", "\n"), "document.unreadable"},
		"a PDF whose objects unpack without end":    {packed(strings.Repeat(" ", 40<<20), "/FlateDecode", "\n"), "document.unreadable"},
		"a PDF whose packed objects are no objects": {[]byte(strings.Replace(paper, "trailer", "9 0 obj<</Type/ObjStm/Filter/FlateDecode>>\nstream\nxxxx\nendstream endobj\ntrailer", 1)), "document.unreadable"},
		"half a photo":                              {broken, "document.unreadable"},
		"the beginning of a photo":                  {[]byte("\xff\xd8\xff\xe0<script>alert(1)</script>"), "document.unreadable"},
		"the beginning of a PNG":                    {[]byte("\x89PNG\r\n\x1a\n<script>alert(1)</script>"), "document.unreadable"},
		"a wall of 60000 by 60000 pixels":           {wall(60000, 60000, 1<<20), "document.too_big"},
		"a wall of 9000 by 9000 pixels":             {wall(9000, 9000, 64<<20), "document.too_big"},
		"a line of two billion pixels":              {wall(1<<31-1, 1, 1<<10), "document.too_big"},
		"a picture without pixels":                  {wall(0, 0, 10), "document.unreadable"},
		"a PNG whose data unpacks without end":      {wall(40, 40, 64<<20), "document.unreadable"},
		"a photo that says 65000 by 65000 pixels":   {hugeJPEG(t, 65000, 65000, 0xc0), "document.too_big"},
		"a photo of many passes and 16 mega pixels": {hugeJPEG(t, 4000, 4000, 0xc2), "document.too_big"},
		"eleven megabytes":                          {append(bytes.Clone(good), make([]byte, 11<<20)...), "document.too_large"},
	} {
		_, _, err := take(t, f, tt.content)
		e, ok := errors.AsType[*errs.Error](err)
		if !ok || e.Kind != errs.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != "file" || e.Fields[0].Code != tt.code {
			t.Errorf("%s: %v, want %s", name, err, tt.code)
		}
	}
	left := 0
	_ = filepath.WalkDir(dir, func(_ string, d os.DirEntry, _ error) error {
		if !d.IsDir() {
			left++
		}
		return nil
	})
	if left != 0 {
		t.Errorf("%d files are left of what was refused", left)
	}
}

func TestWhatIsTakenIsInert(t *testing.T) {
	t.Parallel()
	f, dir := files(t, nil)
	evil := []byte("<script>alert('EVIL-7f3')</script>")
	withText := func(p []byte) []byte { // a chunk with a script, and a page behind the picture
		at := 8 + 25
		return bytes.Join([][]byte{p[:at], chunk("tEXt", append([]byte("Comment\x00"), evil...)), p[at:], evil}, nil)
	}
	comment := func(j []byte) []byte {
		head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xfe}, uint16(len(evil)+2))
		return bytes.Join([][]byte{head, evil, j[2:], evil, []byte("PK\x03\x04")}, nil)
	}
	for name, content := range map[string][]byte{
		"a photo with a script in its comment and an archive behind it": comment(asJPEG(t, photo(300, 200))),
		"a photo with place and camera":                                 exif(asJPEG(t, photo(300, 200)), 1),
		"a PNG with a script in a chunk":                                withText(asPNG(t, photo(300, 200))),
		"a PNG one can see through":                                     asPNG(t, image.NewNRGBA(image.Rect(0, 0, 30, 20))),
		"a large photo":                                                 asJPEG(t, image.NewGray(image.Rect(0, 0, 4000, 3000))),
		"a photo of one pixel":                                          asJPEG(t, photo(1, 1)),
		"a very long photo":                                             asJPEG(t, photo(9000, 3)),
	} {
		taken, b, err := take(t, f, content)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		m, err := jpeg.Decode(bytes.NewReader(b))
		if err != nil || taken.Media != "image/jpeg" {
			t.Errorf("%s: it comes back as %s, %v", name, taken.Media, err)
			continue
		}
		if max(m.Bounds().Dx(), m.Bounds().Dy()) > longEdge {
			t.Errorf("%s: still %v", name, m.Bounds())
		}
		for _, trace := range []string{"EVIL", "script", "GPS", "Exif", "PK\x03\x04"} {
			if bytes.Contains(b, []byte(trace)) {
				t.Errorf("%s: what comes back has %q in it", name, trace)
			}
		}
	}
	taken, b, err := take(t, f, []byte(paper))
	if err != nil || taken.Media != "application/pdf" || string(b) != paper {
		t.Errorf("a PDF comes back as %s, %d bytes, %v", taken.Media, len(b), err)
	}
	if _, b, err := take(t, f, packed("1 0 2 15 <</Type/Page>> (JavaScript is a word)", "/FlateDecode", "\n")); err != nil || !bytes.HasPrefix(b, []byte("%PDF")) {
		t.Errorf("a PDF with harmless packed objects: %v", err)
	}
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, _ error) error {
		if !d.IsDir() {
			// Only at the start: three given bytes come up by chance somewhere in megabytes of cipher.
			if raw, _ := os.ReadFile(path); bytes.HasPrefix(raw, []byte("%PDF")) || bytes.HasPrefix(raw, []byte("\xff\xd8\xff")) || bytes.Contains(raw, []byte(paper)) {
				t.Errorf("%s can be read on the disk", path)
			}
			if i, _ := d.Info(); i.Mode().Perm() != 0o600 {
				t.Errorf("%s is %v", path, i.Mode())
			}
		}
		return nil
	})
}

func TestAPhotoComesBackUpright(t *testing.T) {
	t.Parallel()
	f, _ := files(t, nil)
	at := func(m image.Image, x, y int) string {
		r, _, b, _ := m.At(x, y).RGBA()
		if r > b {
			return "red"
		}
		return "blue"
	}
	// The picture is red on the left and blue on the right; where is the red once it is turned?
	for turn, where := range map[byte]string{0: "left", 1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom", 9: "left"} {
		_, b, err := take(t, f, exif(asJPEG(t, photo(120, 80)), turn))
		if err != nil {
			t.Fatal(err)
		}
		m, _ := jpeg.Decode(bytes.NewReader(b))
		w, h := m.Bounds().Dx(), m.Bounds().Dy()
		if lying := where == "left" || where == "right"; lying != (w == 120 && h == 80) || !lying && (w != 80 || h != 120) {
			t.Errorf("turn %d: %d by %d", turn, w, h)
		}
		got := map[string]string{"left": at(m, 5, h/2), "right": at(m, w-5, h/2), "top": at(m, w/2, 5), "bottom": at(m, w/2, h-5)}
		if got[where] != "red" {
			t.Errorf("turn %d: red should be at the %s: %v", turn, where, got)
		}
	}
}

func TestAnAlteredOrForeignFileIsNotHandedOut(t *testing.T) {
	t.Parallel()
	f, dir := files(t, nil)
	taken, _, err := take(t, f, asJPEG(t, photo(500, 300)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.read(id.New[access.Agency](), taken.SHA256); err == nil {
		t.Error("another agency reads the file")
	}
	_, name := place(agency, taken.SHA256)
	path := filepath.Join(dir, name)
	whole, _ := os.ReadFile(path)
	for what, b := range map[string][]byte{
		"a byte changed": append(append(bytes.Clone(whole[:len(whole)/2]), whole[len(whole)/2]^1), whole[len(whole)/2+1:]...), "the end cut off": whole[:len(whole)-20], "nothing left": {},
	} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := f.read(agency, taken.SHA256); err == nil {
			t.Errorf("%s, and it is handed out", what)
		}
	}
}

// TestMemoryStaysFlat sends large photos, walls and PDFs from many sides at once and holds the heap
// against what two pictures at a time may take.
func TestMemoryStaysFlat(t *testing.T) {
	f, _ := files(t, nil)
	noise := image.NewRGBA(image.Rect(0, 0, 3000, 2000))
	for i := range noise.Pix {
		noise.Pix[i] = byte(rand.Uint32())
	}
	corpus := [][]byte{asJPEG(t, noise), wall(9000, 9000, 64<<20), wall(40, 40, 64<<20), []byte(paper + strings.Repeat("%x\n", 3<<20) + "%%EOF"), hugeJPEG(t, 5000, 5000, 0xc0)}
	noise = nil
	grown := heap.Growth(func() {
		var all sync.WaitGroup
		for i := range 24 {
			all.Go(func() { _, _, _ = take(t, f, corpus[i%len(corpus)]) })
		}
		all.Wait()
	})
	t.Logf("24 files at once: the heap grew by %d MB at most", grown>>20)
	if grown > 400<<20 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
}

func TestReceivingStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	f, _ := files(t, nil)
	read := int64(0)
	_, err := f.Receive(readerFunc(func(b []byte) (int, error) { read += int64(len(b)); return len(b), nil }))
	if !errs.Is(err, errs.Invalid) || read > MaxFile+1<<20 {
		t.Errorf("%v after %d bytes", err, read)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }
