package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"samerun/internal/text"
)

// delveVersion is the version that .ci/run shows to work.
const delveVersion = "v1.27.2"

// FindDelve returns the path of the debugger: of that name, or of dlv if it is empty.
func FindDelve(name string) (string, error) {
	name = cmp.Or(name, "dlv")
	path, err := exec.LookPath(name)
	if err == nil {
		path, err = filepath.Abs(path) // delve runs in the folder of the test
	}
	if err != nil {
		return "", fmt.Errorf("the debugger delve is not found as %s; install it with go install github.com/go-delve/delve/cmd/dlv@%s, or name its file with -dlv", text.Line(name), delveVersion)
	}
	return path, nil
}

// Debugged is a test process that interrupts itself for a debugger.
type Debugged struct {
	Binary  string
	Args    []string
	Environ []string // all of it
	Folder  string
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

// Delve runs the process in the debugger, which has the terminal, until that ends; Ctrl-C is for it.
// It begins where the process has interrupted itself. With an address it waits there for an editor.
// Its files are in tmp.
func (d *Debugged) Delve(ctx context.Context, dlv, listen, goroot, tmp string, stdout, stderr io.Writer) error {
	args := []string{"exec", d.Binary, "--wd", d.Folder, "--check-go-version=false"}
	if listen != "" {
		args = append(args, "--headless", "--api-version=2", "--accept-multiclient", "--listen="+listen)
	} else {
		script, begin := filepath.Join(tmp, "turn.star"), filepath.Join(tmp, "begin")
		err := os.WriteFile(script, []byte(strings.ReplaceAll(toTheTurn, "GOROOT", filepath.ToSlash(goroot))), 0o666)
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
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, stdout, stderr
	if err := cmd.Run(); err != nil {
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			return fmt.Errorf("delve ended with %v", exit.ProcessState)
		}
		return fmt.Errorf("delve cannot be started: %w", err)
	}
	return nil
}
