package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/text"
)

// delveVersion is the version that .ci/run shows to work.
const delveVersion = "v1.27.2"

// findDelve returns the debugger.
func (s *stopFlags) findDelve() (string, error) {
	name := cmp.Or(s.dlv, "dlv")
	path, err := exec.LookPath(name)
	if err == nil {
		path, err = filepath.Abs(path) // delve runs in the folder of the test
	}
	if err != nil {
		return "", fmt.Errorf("the debugger delve is not found as %s; install it with go install github.com/go-delve/delve/cmd/dlv@%s, or name its file with -dlv", text.Line(name), delveVersion)
	}
	return path, nil
}

// forDebugger changes a build so that a debugger can follow the program: no run depends on how it is
// compiled. The standard library stays as it is.
func forDebugger(b *gocmd.Build) {
	b.Debug = true
	if b.Gcflags == "" {
		b.Unoptimised = true
	}
}

// toTheTurn are commands of delve, in its script language, that come when the run is stopped: they go
// to the goroutine that has the turn, and to the innermost call in it that is neither of the standard
// library nor of samerun. GOROOT stands for that folder.
const toTheTurn = `def theirs(at):
	if at.File.startswith("GOROOT/") or at.File.startswith("<") or not at.Function:
		return False
	for begin in ("samerun/sim.", "samerun/sched.", "samerun/clock.", "samerun/labrpc.", "samerun/internal/"):
		if at.Function.Name_.startswith(begin):
			return False
	return True

def main():
	turn = state().State.CurrentThread.GoroutineID
	for v in package_vars("^testing.samerunHasTurn$").Variables:
		turn = int(v.Value) or turn
	dlv_command("goroutine %d" % turn)
	calls = stacktrace(turn, 50, False).Locations
	for i in range(len(calls)):
		if theirs(calls[i].Location):
			dlv_command("frame %d" % i)
			return
`

// runDelve runs the debugger, which has the terminal. Ctrl-C is for it.
func (c *fileCommand) runDelve(ctx context.Context, a *app, dlv, tmp string, d *runner.Debugged) error {
	args := []string{"exec", d.Binary, "--wd", d.Folder, "--check-go-version=false"}
	if c.stop.listen != "" {
		args = append(args, "--headless", "--api-version=2", "--accept-multiclient", "--listen="+c.stop.listen)
		fmt.Fprintf(a.stdout, "waiting for an editor at %s; the run stops at the event when the editor continues (docs/debugging.md)\n", text.Line(c.stop.listen))
	} else {
		goroot, _, err := a.Go(ctx, []string{"env", "GOROOT"})
		if err != nil {
			return err
		}
		script, begin := filepath.Join(tmp, "turn.star"), filepath.Join(tmp, "begin")
		err = os.WriteFile(script, []byte(strings.ReplaceAll(toTheTurn, "GOROOT", filepath.ToSlash(strings.TrimSpace(goroot)))), 0o666)
		if err == nil {
			err = os.WriteFile(begin, []byte("continue\nsource "+script+"\n"), 0o666)
		}
		if err != nil {
			return fmt.Errorf("there is no place for the first commands of delve: %w", err)
		}
		args = append(args, "--init", begin, "--allow-non-terminal-interactive=true")
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), dlv, append(append(args, "--"), d.Args...)...)
	cmd.Dir, cmd.Env = d.Folder, d.Environ
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, a.stdout, a.stderr
	if err := cmd.Run(); err != nil {
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			return fmt.Errorf("delve ended with %v", exit.ProcessState)
		}
		return fmt.Errorf("delve cannot be started: %w", err)
	}
	return nil
}
