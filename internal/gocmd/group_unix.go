//go:build unix

package gocmd

import (
	"os/exec"
	"syscall"
)

// OwnGroup puts the process into a process group of its own and makes
// cancelling kill the whole group. Ctrl-C then reaches the tool alone, which
// stops its children itself and never takes one for a crash. On Linux the process ends with
// the tool, whatever ends that.
func OwnGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	endWithTool(cmd)
	cmd.Cancel = func() error {
		return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}

// EndGroup ends what is left of the group of a process that has ended, and reports whether
// anything was.
func EndGroup(cmd *exec.Cmd) bool { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) == nil }
