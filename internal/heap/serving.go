package heap

import (
	"os"
	"runtime/debug"
)

// percent is how much garbage the collector waits for, in parts of a hundred of what lives. A page leaves half a
// megabyte beside a few megabytes that live on, so by the usual measure the collector runs every dozen pages.
// design/performance.md allows the program 150 MB under load; this takes 120.
const percent = 300

// ForServing sets the collector for a program that answers requests, unless the operator has, by GOGC.
func ForServing() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}
