package document

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"io"

	"github.com/tink-crypto/tink-go/v2/streamingaead/subtle"
)

var errNoKey = errors.New("document: no key for stored files")

// seal encrypts files piece by piece (AES-256-GCM with a key of its own for each file), so that a
// file of any size is written and read in little memory, and neither a piece of it nor its end can
// be changed unseen.
type seal struct {
	aead   *subtle.AESGCMHKDF
	agency []byte
}

// sealFor draws the key of one use from the program's; what is sealed for one agency opens for no other.
func sealFor(key []byte, use, agency string) (seal, error) {
	if len(key) < 32 {
		return seal{}, errNoKey
	}
	k, err := hkdf.Key(sha256.New, key, nil, "waymark/document/"+use, 32)
	if err != nil {
		return seal{}, err
	}
	a, err := subtle.NewAESGCMHKDF(k, "SHA256", 32, 64<<10, 0)
	return seal{a, []byte(agency)}, err
}

func (s seal) writer(w io.Writer) (io.WriteCloser, error) {
	return s.aead.NewEncryptingWriter(w, s.agency)
}

func (s seal) reader(r io.Reader) (io.Reader, error) { return s.aead.NewDecryptingReader(r, s.agency) }
