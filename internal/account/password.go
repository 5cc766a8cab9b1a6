package account

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ccojocar/zxcvbn-go"

	"waymark/internal/errs"
)

// Passwords are hashed with PBKDF2-HMAC-SHA256, 600,000 rounds: the only slow hash that is FIPS-approved
// (security.md, standards). Rounds are stored with each hash, so they can be raised.
const (
	rounds      = 600_000
	saltLength  = 16
	keyLength   = 32
	minPassword = 15 // NIST SP 800-63B-4: single factor
	maxPassword = 128
)

// hashing bounds concurrent hashes, so that a flood of sign-ins does not starve everybody else.
var hashing = make(chan struct{}, 2)

// Hash makes the stored form of a password.
func Hash(password string) (string, error) {
	salt := make([]byte, saltLength)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	key, err := derive(password, salt, rounds)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("pbkdf2$%d$%s$%s", rounds, base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

func derive(password string, salt []byte, n int) ([]byte, error) {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return pbkdf2.Key(sha256.New, password, salt, n, keyLength)
}

// nobody is the hash compared when there is no such account, so that both answers take as long.
var nobody = "pbkdf2$600000$" + base64.RawStdEncoding.EncodeToString(make([]byte, saltLength)) + "$" + base64.RawStdEncoding.EncodeToString(make([]byte, keyLength))

// matches compares a password with its stored form in constant time.
func matches(stored, password string) bool {
	if stored == "" {
		stored = nobody
	}
	f := strings.Split(stored, "$")
	if len(f) != 4 || len(password) > 4*maxPassword {
		return false
	}
	n, err := strconv.Atoi(f[1])
	if err != nil {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(f[2])
	want, err2 := base64.RawStdEncoding.DecodeString(f[3])
	if err1 != nil || err2 != nil {
		return false
	}
	got, err := derive(password, salt, n)
	return err == nil && stored != nobody && subtle.ConstantTimeCompare(got, want) == 1
}

// Acceptable says whether a new password may be used: length by code point, a blocklist, nothing
// of the person's own; no composition rules (NIST SP 800-63B-4).
func Acceptable(field, password string, own ...string) error {
	n := utf8.RuneCountInString(password)
	low := strings.ToLower(password)
	switch {
	case n < minPassword:
		return errs.AtArgs(field, "password_short", map[string]any{"param": minPassword})
	case n > maxPassword:
		return errs.AtArgs(field, "max", map[string]any{"param": maxPassword})
	}
	for _, o := range own {
		if o = strings.ToLower(o); len(o) > 3 && strings.Contains(low, o) {
			return errs.At(field, "password_own")
		}
	}
	if common(low, own) {
		return errs.At(field, "password_common")
	}
	return nil
}

// famous are passphrases that everybody knows, which no list of words gives away.
var famous = []string{"correcthorsebatterystaple", "thequickbrownfoxjumpsoverthelazydog", "maytheforcebewithyou"}

const (
	// safely is the score of zxcvbn from which a password counts as unguessable to somebody who tries ten a second:
	// more than 10^8 guesses.
	safely = 3
	// weighed is how much of a long password is looked at: the time grows with the square of its length.
	weighed = 64
)

// common refuses passwords that are guessed first: zxcvbn knows the common ones and names, dates, runs of the
// keyboard, repeats and spellings of them.
func common(low string, own []string) bool {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, low)
	for _, p := range famous {
		if strings.Contains(plain, p) {
			return true
		}
	}
	for size := 1; size <= len(low)/2; size++ {
		if strings.Repeat(low[:size], len(low)/size+1)[:len(low)] == low {
			return true
		}
	}
	runes := []rune(low)
	return zxcvbn.PasswordStrength(string(runes[:min(len(runes), weighed)]), append([]string{"waymark"}, own...)).Score < safely
}
