//go:build unix

package mutate

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the process into a group of its own and makes cancelling end the
// whole group: test binaries, and what these have started.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
