//go:build !linux

package store

import "syscall"

// dieWithParent keeps the terminal's interrupt from the child; only Linux can
// also end it when this process dies.
func dieWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
