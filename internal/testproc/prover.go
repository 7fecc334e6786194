package testproc

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/text"
	"samerun/internal/wire"
)

// Prover is a test process that makes one run after the other for the minimiser.
// It starts when it is first asked, and anew after it has died. It serves one
// caller at a time.
//
// Invariant: cmd is nil unless the process is ready for a request.
type Prover struct {
	Pkg     *gocmd.Package
	Test    string
	Exec    []string // runs the test binary, if it cannot run by itself
	Environ []string

	cmd    *exec.Cmd
	cancel context.CancelFunc
	in     io.WriteCloser
	lines  *bufio.Scanner
	output capture
	ended  Ending
}

// Ended is how the process ended that died in the last run.
func (v *Prover) Ended() Ending { return v.ended }

// ErrDied says that a process ended in the middle of a run, ErrSlow that it was
// killed there because it took too long.
var (
	ErrDied = errors.New("the test process ended")
	ErrSlow = errors.New("the test process was killed because it took too long")
)

// Ask has one run made, which may take limit in real time; 0 is no limit. The errors
// ErrDied and ErrSlow are about the run; any other says that no process can be had.
func (v *Prover) Ask(q *wire.Request, limit time.Duration) (*wire.Answer, error) {
	if v.cmd == nil {
		if err := v.start(); err != nil {
			return nil, err
		}
	}
	inTime := func() bool { return true }
	if limit > 0 {
		inTime = time.AfterFunc(limit, v.cancel).Stop
	}
	defer inTime()
	var answer *wire.Answer
	err := q.Write(v.in)
	if err == nil {
		answer, err = wire.ReadAnswer(v.lines, func(line []byte) { v.output.Write(append(line, '\n')) })
	}
	if err != nil {
		slow := !inTime()
		v.Close()
		v.ended.TimedOut = slow
		if slow {
			return nil, ErrSlow
		}
		return nil, ErrDied
	}
	if answer.Dirty {
		v.Close()
	}
	return answer, nil
}

func (v *Prover) start() error {
	// Ctrl-C must not reach it: what was begun is worth ending.
	ctx, cancel := context.WithCancel(context.Background())
	args := append(v.Exec[:len(v.Exec):len(v.Exec)], v.Pkg.Binary, "-test.paniconexit0", "-test.timeout=0", "-test.run="+text.TestPattern(v.Test))
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = v.Pkg.Dir, append(v.Environ, "PWD="+v.Pkg.Dir)
	gocmd.OwnGroup(cmd)
	cmd.WaitDelay = 2 * time.Second
	v.output = capture{}
	cmd.Stderr = &v.output
	in, err := cmd.StdinPipe()
	if err == nil {
		var out io.Reader
		if out, err = cmd.StdoutPipe(); err == nil {
			v.in, v.lines = in, wire.Lines(out)
			err = cmd.Start()
		}
	}
	if err != nil {
		cancel()
		return fmt.Errorf("the test binary of %s cannot be started: %w", v.Pkg.Arg, err)
	}
	v.cmd, v.cancel = cmd, cancel
	return nil
}

// Close ends the process, if there is one.
func (v *Prover) Close() {
	if v.cmd == nil {
		return
	}
	_ = v.in.Close() // a process that is well ends by this
	v.cancel()
	_ = v.cmd.Wait()
	v.ended = Ending{OK: v.cmd.ProcessState.Success(), Status: v.cmd.ProcessState.String(), Output: onLines(v.output.String())}
	v.cmd = nil
}
