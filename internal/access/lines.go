package access

import (
	"errors"
	"strings"

	"github.com/casbin/casbin/v2/model"
	"github.com/casbin/casbin/v2/persist"
)

// lines is a read-only casbin adapter over the embedded table.
type lines string

// LoadPolicy feeds each line to casbin.
func (l lines) LoadPolicy(m model.Model) error {
	for line := range strings.Lines(string(l)) {
		if err := persist.LoadPolicyLine(strings.TrimSpace(line), m); err != nil {
			return err
		}
	}
	return nil
}

var errReadOnly = errors.New("access: the policy is part of the program")

// SavePolicy is refused: the policy changes by code review.
func (lines) SavePolicy(model.Model) error { return errReadOnly }

// AddPolicy is refused.
func (lines) AddPolicy(string, string, []string) error { return errReadOnly }

// RemovePolicy is refused.
func (lines) RemovePolicy(string, string, []string) error { return errReadOnly }

// RemoveFilteredPolicy is refused.
func (lines) RemoveFilteredPolicy(string, string, int, ...string) error { return errReadOnly }
