package pdf

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// apart starts the browser in a group of its own, which ends with us.
func apart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// finish ends everything of the group.
func finish(cmd *exec.Cmd) {
	if cmd != nil && cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}

// taken is the memory of all processes of the group, what they share counted once.
func taken(cmd *exec.Cmd) (bytes int64) {
	if cmd == nil || cmd.Process == nil {
		return 0
	}
	list, err := os.ReadDir("/proc")
	if err != nil {
		return 0
	}
	for _, d := range list {
		pid, err := strconv.Atoi(d.Name())
		if err != nil {
			continue
		}
		if group, err := syscall.Getpgid(pid); err == nil && group == cmd.Process.Pid {
			bytes += share(pid)
		}
	}
	return bytes
}

// share is the line "Pss" of a process, in bytes.
func share(pid int) int64 {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/smaps_rollup")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(b) {
		if rest, ok := bytes.CutPrefix(line, []byte("Pss:")); ok {
			n, _ := strconv.ParseInt(string(bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(rest), []byte("kB")))), 10, 64)
			return n << 10
		}
	}
	return 0
}
