package intake

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// SSN is a Social Security number as nine digits. Service is never refused for lack of one.
type SSN string

// ParseSSN reads what is typed: nine digits, with or without hyphens. Area 001 to 899 but not
// 666, group 01 to 99, serial 0001 to 9999. Refused: ssn=ssn.
func ParseSSN(s string) (SSN, error) {
	d := strings.NewReplacer("-", "", " ", "").Replace(s)
	if len(d) != 9 || strings.Trim(d, "0123456789") != "" {
		return "", errs.At("ssn", "ssn")
	}
	area, group, serial := d[:3], d[3:5], d[5:]
	if area == "000" || area == "666" || area > "899" || group == "00" || serial == "0000" {
		return "", errs.At("ssn", "ssn")
	}
	return SSN(d), nil
}

// Last4 is what people may see of it.
func (n SSN) Last4() string { return string(n[5:]) }

// vault seals numbers. Each use has a key of its own, drawn from the program's.
type vault struct{ key []byte }

var errNoKey = errors.New("intake: no key for encrypted fields")

func (v vault) derive(use string) ([]byte, error) {
	if len(v.key) == 0 {
		return nil, errNoKey
	}
	return hkdf.Key(sha256.New, v.key, nil, "waymark/"+use, 32)
}

func (v vault) gcm() (cipher.AEAD, error) {
	key, err := v.derive("ssn-cipher")
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// seal encrypts with AES-256-GCM; the text is bound to its agency and person.
func (v vault) seal(n SSN, agency access.AgencyID, person access.ParticipantID) ([]byte, error) {
	gcm, err := v.gcm()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, gcm.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return gcm.Seal(nonce, nonce, []byte(n), []byte(agency.String()+"|"+person.String())), nil
}

// open decrypts what seal made for the same agency and person.
func (v vault) open(sealed []byte, agency access.AgencyID, person access.ParticipantID) (SSN, error) {
	gcm, err := v.gcm()
	if err != nil {
		return "", err
	}
	if len(sealed) < gcm.NonceSize() {
		return "", errors.New("intake: sealed number is too short")
	}
	n, err := gcm.Open(nil, sealed[:gcm.NonceSize()], sealed[gcm.NonceSize():], []byte(agency.String()+"|"+person.String()))
	return SSN(n), err
}

// mark finds the same number again within one agency without telling it.
func (v vault) mark(n SSN, agency access.AgencyID) ([]byte, error) {
	key, err := v.derive("ssn-index/" + agency.String())
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(n))
	return h.Sum(nil), nil
}

// KeepSSN keeps a person's number, in a case if it is told of one. That it belongs to somebody else already
// is said, but not to whom.
func (s *Service) KeepSSN(tx *pg.Tx, by access.Actor, person access.ParticipantID, of access.CaseID, n SSN) error {
	sealed, err := s.vault.seal(n, by.Agency, person)
	if err != nil {
		return err
	}
	mark, err := s.vault.mark(n, by.Agency)
	if err != nil {
		return err
	}
	taken, err := pg.Get[bool](tx, `select exists (select from participants where ssn_hmac = :mark and id <> :person)`, pg.Args{"mark": mark, "person": person})
	if err != nil {
		return err
	}
	if taken {
		return errs.New(errs.Conflict, "ssn.in_use")
	}
	err = pg.ExecOne(tx, `
		update participants set ssn_cipher = :sealed, ssn_last4 = :last4, ssn_hmac = :mark, version = version + 1, updated_at = :now
		where id = :person`, pg.Args{"sealed": sealed, "last4": n.Last4(), "mark": mark, "person": person, "now": tx.Now})
	if err != nil {
		return err
	}
	return audit.Append(tx, by, audit.Entry{Action: "ssn.stored", Case: of, Participant: person, Detail: map[string]any{"field": "ssn"}})
}
