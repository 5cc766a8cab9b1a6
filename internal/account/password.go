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
	"unicode/utf8"

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
	case common(low):
		return errs.At(field, "password_common")
	}
	for _, o := range own {
		if o = strings.ToLower(o); len(o) > 3 && strings.Contains(low, o) {
			return errs.At(field, "password_own")
		}
	}
	return nil
}

// common refuses passwords that are guessed first: known phrases, one character or short piece
// repeated, runs of the keyboard or the alphabet, also with digits added at the end.
func common(low string) bool {
	core := strings.TrimRight(low, "0123456789!.?")
	for _, p := range []string{"password", "passphrase", "correcthorsebatterystaple", "correct horse battery staple", "letmein", "iloveyou", "welcome", "qwertyuiop", "administrator", "changeme", "trustno1", "waymark"} {
		if core == p || strings.ReplaceAll(core, p, "") == "" {
			return true
		}
	}
	for size := 1; size <= 5; size++ {
		if len(low) > size && strings.Repeat(low[:size], len(low)/size+1)[:len(low)] == low {
			return true
		}
	}
	for _, run := range []string{"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "01234567890123456789012345", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "zyxwvutsrqponmlkjihgfedcba"} {
		if strings.Contains(run, low) || len(core) > 7 && strings.Contains(run, core) {
			return true
		}
	}
	return false
}
