package document

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"waymark/internal/errs"
)

// MaxFile is the most that one file may have.
const MaxFile = 10 << 20

// maxDecoded bounds the memory that a picture takes while it is painted anew. A phone's photo of
// 25 million pixels fits; a small file that unpacks into a wall does not.
const maxDecoded = 100 << 20

const (
	jpegMedia = "image/jpeg"
	pngMedia  = "image/png"
	pdfMedia  = "application/pdf"
)

func refused(code string) error { return errs.At("file", code) }

// kindOf tells what a file is by how it begins; its name and the type it was sent as count for nothing.
func kindOf(head []byte) (string, error) {
	begins := func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }
	switch {
	case len(head) == 0:
		return "", refused("document.empty")
	case begins("\xff\xd8\xff"):
		return jpegMedia, nil
	case begins("\x89PNG\r\n\x1a\n"):
		return pngMedia, nil
	case begins("%PDF-1.") || begins("%PDF-2."):
		return pdfMedia, nil
	case len(head) > 12 && string(head[4:8]) == "ftyp":
		return "", refused("document.heic") // the iPhone's own form of pictures, and films
	}
	return "", refused("document.type")
}

// decoder opens a picture, once its head says that there is room for it.
func decoder(media string) (func(io.Reader) (image.Image, error), func(io.Reader) (image.Config, error)) {
	if media == pngMedia {
		return png.Decode, png.DecodeConfig
	}
	return jpeg.Decode, jpeg.DecodeConfig
}

// weight is how many bytes a pixel takes while the picture is unpacked.
func weight(c image.Config, media string, progressive bool) int64 {
	switch {
	case media == pngMedia && (c.ColorModel == color.RGBA64Model || c.ColorModel == color.NRGBA64Model):
		return 8
	case media == pngMedia:
		return 4
	case progressive:
		return 15 // three samples and their coefficients
	}
	return 3
}

// measured holds a picture's size against the limits before anything of it is unpacked.
func measured(c image.Config, media string, progressive bool) error {
	w, h := int64(c.Width), int64(c.Height)
	if w < 1 || h < 1 {
		return refused("document.unreadable")
	}
	if w > 20000 || h > 20000 || w*h*weight(c, media, progressive) > maxDecoded {
		return refused("document.too_big")
	}
	return nil
}
