package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// How long a test binary has, behind its own time limit, to end by itself: then
// its output has the stacks of all goroutines. After that it is killed.
const timeoutGrace = 5 * time.Second

// process is a test binary to be run once.
type process struct {
	pkg     *testPackage
	args    []string
	environ []string
	timeout time.Duration // 0: none
	exec    []string      // runs the test binary, if it cannot run by itself
	output  io.Writer     // gets all that the process prints, if not nil; the ending keeps a part
}

// ending is how a process ended.
type ending struct {
	ok        bool   // exit status 0
	status    string // "exit status 2", "signal: killed"
	timedOut  bool
	cancelled bool // the tool stopped it; it says nothing about the test
	output    string
	elapsed   time.Duration
}

// run runs the process to its end. The error means that it could not be started.
func (p *process) run(ctx context.Context) (ending, error) {
	limited := ctx
	if p.timeout > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, p.timeout+timeoutGrace)
		defer cancel()
	}
	args := append(p.exec[:len(p.exec):len(p.exec)], p.pkg.binary, "-test.paniconexit0", "-test.timeout="+p.timeout.String())
	args = append(args, p.args...)
	cmd := exec.CommandContext(limited, args[0], args[1:]...)
	cmd.Dir = p.pkg.dir
	cmd.Env = append(p.environ, "PWD="+p.pkg.dir)
	ownGroup(cmd)
	// A grandchild that keeps the pipe open must not hold up the sweep.
	cmd.WaitDelay = 2 * time.Second
	var out capture
	cmd.Stdout, cmd.Stderr = &out, &out
	if p.output != nil {
		all := io.MultiWriter(&out, p.output)
		cmd.Stdout, cmd.Stderr = all, all
	}

	begin := time.Now()
	if err := cmd.Start(); err != nil {
		if ctx.Err() != nil {
			return ending{cancelled: true}, nil
		}
		return ending{}, fmt.Errorf("the test binary of %s cannot be started: %w", p.pkg.arg, err)
	}
	err := cmd.Wait()
	e := ending{
		ok:      cmd.ProcessState.Success(),
		status:  cmd.ProcessState.String(),
		output:  out.String(),
		elapsed: time.Since(begin),
	}
	if ctx.Err() != nil && err != nil {
		e.cancelled = true
		return e, nil
	}
	killed := errors.Is(limited.Err(), context.DeadlineExceeded)
	e.timedOut = !e.ok && (killed || strings.Contains(e.output, "panic: test timed out after "))
	return e, nil
}

// reason puts the end of a process that failed into one line.
func (e ending) reason(timeout time.Duration) string {
	if e.timedOut {
		return fmt.Sprintf("still running after %v, so it was killed", timeout)
	}
	for line := range strings.Lines(e.output) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			// The remark that package testing adds tells nothing about the cause.
			line, _, _ = strings.Cut(line, " [recovered")
			return line
		}
		if line == "WARNING: DATA RACE" {
			return "data race"
		}
	}
	return "the process ended with " + e.status
}
