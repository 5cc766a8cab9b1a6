package heap

import (
	"os"
	"runtime/debug"
)

// A page leaves half a megabyte of garbage beside a few megabytes that live on, so the collector's usual measure has
// it run every dozen pages, a tenth of all the work. Here it waits for three times what lives, and never for more
// than the limit; design/performance.md allows the program 150 MB.
const (
	percent = 300
	limit   = 96 << 20
)

// ForServing sets the collector for a program that answers requests. What the operator sets by GOGC or GOMEMLIMIT
// stands.
func ForServing() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit)
	}
}
