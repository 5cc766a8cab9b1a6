package plan

import (
	"context"
	"crypto/sha256"
	"regexp"
	"strconv"
	"strings"

	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// VerifyInput is what stands at the foot of a printed plan: CP-20312-v2 and 7f3a 91c2 0be4.
type VerifyInput struct {
	Plan        string `json:"plan" validate:"required,max=60"`
	Fingerprint string `json:"fingerprint" validate:"required,max=100"`
}

var (
	planNumber  = regexp.MustCompile(`^(.{3,40})-[vV](\d{1,4})$`)
	fingerprint = regexp.MustCompile(`^[0-9a-f]{12,64}$`)
)

// Verify answers whether a printed plan is the one on file: its state when it is, "" when not.
// Nothing of the person is told, and who guesses is slowed down.
func (s *Service) Verify(ctx context.Context, in VerifyInput, ip string) (State, error) {
	if err := check.Struct(in); err != nil {
		return "", err
	}
	m := planNumber.FindStringSubmatch(strings.TrimSpace(in.Plan))
	print := strings.ToLower(strings.Join(strings.Fields(in.Fingerprint), ""))
	var c errs.Collector
	if m == nil {
		c.AddArgs("plan", "plan_number", map[string]any{"entered": in.Plan})
	}
	if !fingerprint.MatchString(print) {
		c.AddArgs("fingerprint", "fingerprint", map[string]any{"entered": in.Fingerprint})
	}
	if err := c.Err(); err != nil {
		return "", err
	}
	hash := sha256.Sum256([]byte("verify\x00" + ip))
	keys := pg.Array([][]byte{hash[:]})
	wait, err := pg.Ask[int](ctx, s.db, `select app.throttled(:keys)`, pg.Args{"keys": keys})
	if err != nil {
		return "", err
	}
	if wait > 0 {
		e := errs.New(errs.TooMany, "too_many")
		e.RetryAfter = wait
		return "", e
	}
	number, _ := strconv.Atoi(m[2])
	state, err := pg.Ask[State](ctx, s.db, `select app.verify_plan(:person, :version, :print)`, pg.Args{"person": strings.ToUpper(m[1]), "version": number, "print": print})
	if err == nil && state == "" {
		_, err = pg.Ask[int](ctx, s.db, `select app.failed(:keys)`, pg.Args{"keys": keys})
	}
	return state, err
}
