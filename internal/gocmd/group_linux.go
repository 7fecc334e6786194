package gocmd

import (
	"os/exec"
	"syscall"
)

// endWithTool has the system kill the process when the tool dies, even by SIGKILL: nobody would
// end it, and a test may go on for minutes. The signal comes when the thread that started the
// process ends, and threads of the tool live as long as it does: nothing in it locks a goroutine
// to one.
func endWithTool(cmd *exec.Cmd) { cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL }
