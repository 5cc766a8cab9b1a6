package roster

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"waymark/internal/errs"
)

// decode finds out how the file is written: by its mark, by the zeros of UTF-16, as UTF-8, else as
// Windows-1252, which every old spreadsheet writes here.
func decode(b []byte) (text, name string, err error) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		b, name = b[3:], "UTF-8"
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}) || zeros(b, 1):
		from, name = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16"
		if zeros(b, 1) {
			from = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
		}
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}) || zeros(b, 0):
		from, name = unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "UTF-16"
		if zeros(b, 0) {
			from = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
		}
	case utf8.Valid(b):
		name = "UTF-8"
	default:
		from, name = charmap.Windows1252, "Windows-1252"
	}
	if from != nil {
		if b, err = from.NewDecoder().Bytes(b); err != nil {
			return "", "", errs.At("file", "import.encoding").With(err)
		}
		b = bytes.TrimPrefix(b, []byte("\ufeff"))
	}
	if !utf8.Valid(b) {
		return "", "", errs.At("file", "import.encoding")
	}
	return string(b), name, nil
}

// zeros reports whether every other byte of the beginning is mostly zero, as in UTF-16 without a mark.
func zeros(b []byte, at int) bool {
	n, odd := 0, 0
	for i := at; i < min(len(b), 4096); i += 2 {
		n++
		if b[i] == 0 {
			odd++
		}
	}
	return n >= 8 && odd*10 > n*6
}

func fingerprint(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
