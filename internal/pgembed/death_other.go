//go:build !linux

package pgembed

import "syscall"

const commandLocale = "C"

// signalOnDeath has no equal here: the next start ends a server left running.
func signalOnDeath(*syscall.SysProcAttr, syscall.Signal) {}
