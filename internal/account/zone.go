package account

import (
	"fmt"
	"time"
	_ "time/tzdata" // agencies have zones, machines may not
)

// Zone finds a time zone by its name.
func Zone(name string) (*time.Location, error) {
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("account: time zone %q: %w", name, err)
	}
	return z, nil
}
