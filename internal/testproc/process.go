package testproc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"

	"samerun/internal/gocmd"
)

// How long a test binary has, behind its own time limit, to end by itself: then
// its output has the stacks of all goroutines. After that it is killed.
const timeoutGrace = 5 * time.Second

// Process is a test binary to be run once.
type Process struct {
	Pkg     *gocmd.Package
	Args    []string
	Environ []string
	Timeout time.Duration // 0: none
	Exec    []string      // runs the test binary, if it cannot run by itself
	Output  io.Writer     // gets all that the process prints, if not nil; the ending keeps a part

	// Of a program (gocmd.Package, field Program), whose flags are its own: package testing
	// has none, and reads its limit of time in the environment.
	Folder string // where it runs; of tests it is the folder of the package
	Stdin  string // the file that it reads as standard input; empty for none
}

// Ending is how a process ended.
type Ending struct {
	OK        bool   // exit status 0
	Odd       string // how it ended, if the exit status tells something else (CheckMain)
	Status    string // "exit status 2", "signal: killed"
	TimedOut  bool
	Cancelled bool    // the tool stopped it; it says nothing about the test
	Outlived  bool    // processes that it had started held its output when it had ended, so the tool ended them
	Output    string  // what matters begins a line, even behind a text without an end of line
	Begins    []Begin // where tests of ordinary Go begin in the output, in order
	Elapsed   time.Duration
}

// Run runs the process to its end. The error means that it could not be started.
func (p *Process) Run(ctx context.Context) (Ending, error) {
	limited := ctx
	if p.Timeout > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, p.Timeout+timeoutGrace)
		defer cancel()
	}
	what, folder, environ := "test binary", p.Pkg.Dir, p.Environ[:len(p.Environ):len(p.Environ)]
	args := append(p.Exec[:len(p.Exec):len(p.Exec)], p.Pkg.Binary)
	if p.Pkg.Program {
		what, folder, environ = "binary", p.Folder, append(environ, "SAMERUN_ALARM="+p.Timeout.String())
	} else {
		args = append(args, "-test.paniconexit0", "-test.timeout="+p.Timeout.String())
	}
	args = append(args, p.Args...)
	cmd := exec.CommandContext(limited, args[0], args[1:]...)
	cmd.Dir = folder
	cmd.Env = append(environ, "PWD="+folder)
	if p.Stdin != "" {
		in, err := os.Open(p.Stdin)
		if err != nil {
			return Ending{}, fmt.Errorf("the standard input of %s cannot be read: %w", p.Pkg.Arg, err)
		}
		defer in.Close()
		cmd.Stdin = in
	}
	gocmd.OwnGroup(cmd)
	cmd.WaitDelay = 2 * time.Second
	var out capture
	var all io.Writer = &out
	if p.Output != nil {
		all = io.MultiWriter(&out, p.Output)
	}
	output, err := attach(cmd, all)
	if err != nil {
		return Ending{}, fmt.Errorf("the %s of %s cannot be started: %w", what, p.Pkg.Arg, err)
	}

	begin := time.Now()
	err = cmd.Start()
	output.started()
	if err != nil {
		output.end(nil)
		if ctx.Err() != nil {
			return Ending{Cancelled: true}, nil
		}
		return Ending{}, fmt.Errorf("the %s of %s cannot be started: %w", what, p.Pkg.Arg, err)
	}
	err = cmd.Wait()
	e := Ending{
		OK:      cmd.ProcessState.Success(),
		Status:  cmd.ProcessState.String(),
		Elapsed: time.Since(begin),
	}
	e.Outlived = output.end(cmd)
	e.Output, e.Begins = cutBegins(onLines(out.String()))
	if ctx.Err() != nil && err != nil {
		e.Cancelled = true
		return e, nil
	}
	killed := errors.Is(limited.Err(), context.DeadlineExceeded)
	e.TimedOut = !e.OK && (killed || strings.Contains(e.Output, "panic: test timed out after "))
	return e, nil
}

// outside are the ends by a signal that somebody else has sent. A program that is at
// fault itself dies of others, or prints why.
var outside = []string{"signal: killed", "signal: terminated", "signal: hangup", "signal: interrupt"}

// Killed reports whether neither the program nor the tool ended the process.
func (e Ending) Killed() bool {
	return !e.OK && !e.TimedOut && !e.Cancelled && slices.Contains(outside, e.Status)
}

// deadly is how the runtime tells that a signal ends the process: "SIGSEGV: segmentation violation".
var deadly = regexp.MustCompile(`^SIG(?:SEGV: segmentation violation|BUS: bus error|FPE: floating-point exception|ILL: illegal instruction|ABRT: abort|TRAP: trace trap|SYS: bad system call|STKFLT: stack fault)$`)

// Plain reports whether a process that failed has said nothing of why: there was no
// panic, no fatal error, and no data race.
func (e Ending) Plain() bool { return e.Reason(0) == "the process ended with "+e.Status }

// Reason puts the end of a process that failed into one line.
func (e Ending) Reason(timeout time.Duration) string {
	if e.TimedOut {
		return fmt.Sprintf("still running after %v, the limit of -timeout, so the tool ended it", timeout)
	}
	if e.Killed() {
		return "killed from outside (" + e.Status + "), by the system for want of memory or by somebody: this says nothing of the test"
	}
	if e.Odd != "" {
		return e.Odd
	}
	for line := range strings.Lines(e.Output) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			// The remark that package testing adds tells nothing about the cause.
			line, _, _ = strings.Cut(line, " [recovered")
			return line
		}
		if line == "WARNING: DATA RACE" {
			return "data race"
		}
		if deadly.MatchString(line) {
			return line // in C or assembly: no panic comes of that
		}
	}
	return "the process ended with " + e.Status
}
