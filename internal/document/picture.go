package document

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

// longEdge is how many pixels a paper needs to be read, on its long side.
const longEdge = 2400

// repaint unpacks a picture and writes its pixels as a JPEG of our own: upright, on white, no larger
// than a paper needs. What else was in the file (place and camera, a second file behind the picture)
// is not in the new one. open gives the file from its beginning each time.
func repaint(media string, open func() (io.ReadCloser, error), to io.Writer) (err error) {
	defer func() {
		if recover() != nil {
			err = refused("document.unreadable") // a decoder that gives up is no fault of ours
		}
	}()
	decode, configOf := decoder(media)
	var of head
	if err := reading(open, func(r io.Reader) error { of = headOf(r); return nil }); err != nil {
		return err
	}
	var c image.Config
	if err := reading(open, func(r io.Reader) (err error) { c, err = configOf(r); return err }); err != nil {
		return refused("document.unreadable")
	}
	if err := measured(c, media, of.progressive); err != nil {
		return err
	}
	var m image.Image
	if err := reading(open, func(r io.Reader) (err error) { m, err = decode(r); return err }); err != nil {
		return refused("document.unreadable")
	}
	return jpeg.Encode(to, upright(m, of.turn), &jpeg.Options{Quality: 85})
}

func reading(open func() (io.ReadCloser, error), fn func(io.Reader) error) error {
	r, err := open()
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	return fn(bufio.NewReaderSize(r, 32<<10))
}

// upright paints m on white, turned as the camera noted, and made smaller where it is larger than needed.
func upright(m image.Image, turn int) image.Image {
	b := m.Bounds()
	w, h := float64(b.Dx()), float64(b.Dy())
	s := min(1, longEdge/max(w, h))
	tw, th := max(1, int(w*s)), max(1, int(h*s))
	if turn >= 5 {
		tw, th = th, tw
	}
	to := image.NewRGBA(image.Rect(0, 0, tw, th))
	draw.Draw(to, to.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	t := turns[turn](w*s, h*s)
	a := f64.Aff3{t[0] * s, t[1] * s, t[2], t[3] * s, t[4] * s, t[5]}
	a[2] -= a[0]*float64(b.Min.X) + a[1]*float64(b.Min.Y)
	a[5] -= a[3]*float64(b.Min.X) + a[4]*float64(b.Min.Y)
	draw.BiLinear.Transform(to, a, m, b, draw.Over, nil)
	return to
}

// turns are the eight ways in which a camera may have been held (Exif 2.32, tag 0x0112), each as the
// move that puts a picture of w by h upright.
var turns = [9]func(w, h float64) f64.Aff3{
	0: func(_, _ float64) f64.Aff3 { return f64.Aff3{1, 0, 0, 0, 1, 0} },
	1: func(_, _ float64) f64.Aff3 { return f64.Aff3{1, 0, 0, 0, 1, 0} },
	2: func(w, _ float64) f64.Aff3 { return f64.Aff3{-1, 0, w, 0, 1, 0} },
	3: func(w, h float64) f64.Aff3 { return f64.Aff3{-1, 0, w, 0, -1, h} },
	4: func(_, h float64) f64.Aff3 { return f64.Aff3{1, 0, 0, 0, -1, h} },
	5: func(_, _ float64) f64.Aff3 { return f64.Aff3{0, 1, 0, 1, 0, 0} },
	6: func(_, h float64) f64.Aff3 { return f64.Aff3{0, -1, h, 1, 0, 0} },
	7: func(w, h float64) f64.Aff3 { return f64.Aff3{0, -1, h, -1, 0, w} },
	8: func(w, _ float64) f64.Aff3 { return f64.Aff3{0, 1, 0, -1, 0, w} },
}

// head is what the segments before a JPEG's picture say: how the camera was held, and whether the
// picture comes in several passes. Anything else than a JPEG has an empty one.
type head struct {
	turn        int
	progressive bool
}

func headOf(r io.Reader) (of head) {
	var two [2]byte
	if _, err := io.ReadFull(r, two[:]); err != nil || two != [2]byte{0xff, 0xd8} {
		return of
	}
	for range 200 { // segments; a camera writes about ten
		var s [4]byte
		if _, err := io.ReadFull(r, s[:]); err != nil || s[0] != 0xff {
			return of
		}
		size := int64(binary.BigEndian.Uint16(s[2:])) - 2
		switch {
		case size < 0 || s[1] == 0xda: // the picture itself
			return of
		case s[1] == 0xc2:
			of.progressive = true
		}
		var body []byte
		if s[1] == 0xe1 {
			body = make([]byte, min(size, 4096))
			if _, err := io.ReadFull(r, body); err != nil {
				return of
			}
			if turn := turnOf(body); turn != 0 {
				of.turn = turn
			}
		}
		if _, err := io.CopyN(io.Discard, r, size-int64(len(body))); err != nil {
			return of
		}
	}
	return of
}

// turnOf reads the orientation from an Exif segment; 0 when there is none that makes sense.
func turnOf(b []byte) int {
	b, ok := bytes.CutPrefix(b, []byte("Exif\x00\x00"))
	if !ok || len(b) < 8 {
		return 0
	}
	var o binary.ByteOrder = binary.LittleEndian
	if b[0] == 'M' {
		o = binary.BigEndian
	}
	at := int(o.Uint32(b[4:]))
	if at < 8 || at+2 > len(b) {
		return 0
	}
	for i := range int(o.Uint16(b[at:])) {
		e := at + 2 + 12*i
		if e+12 > len(b) {
			return 0
		}
		if o.Uint16(b[e:]) == 0x0112 {
			if turn := int(o.Uint16(b[e+8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return 0
		}
	}
	return 0
}
