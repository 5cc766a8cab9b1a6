//go:build !linux

package pdf

import "os/exec"

func apart(*exec.Cmd) {}

// finish ends the browser; its helpers end with it.
func finish(cmd *exec.Cmd) {
	if cmd != nil && cmd.Process != nil {
		_ = cmd.Process.Kill()
	}
}

// taken is not known here; time and count are the limits.
func taken(*exec.Cmd) int64 { return 0 }
