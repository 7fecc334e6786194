//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the process into a process group of its own and makes
// cancelling kill the whole group. Ctrl-C then reaches the tool alone, which
// stops its children itself and never takes one for a crash.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}
