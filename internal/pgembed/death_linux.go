package pgembed

import "syscall"

// commandLocale is there on every Linux with glibc 2.35 or from Debian.
const commandLocale = "C.UTF-8"

// signalOnDeath has the kernel send sig to the child when the thread that
// started it ends, and so when this program ends, however it ends.
func signalOnDeath(attr *syscall.SysProcAttr, sig syscall.Signal) { attr.Pdeathsig = sig }
