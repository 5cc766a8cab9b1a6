package account

import (
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // agencies have zones, machines may not
)

// zones are those that were asked for: every request needs its agency's, and reading one takes longer than a statement.
var zones sync.Map // name -> *time.Location

// Zone finds a time zone by its name.
func Zone(name string) (*time.Location, error) {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), nil
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("account: time zone %q: %w", name, err)
	}
	zones.Store(name, z)
	return z, nil
}
