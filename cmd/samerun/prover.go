package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"samerun/internal/trial"
)

// prover is a test process that makes one run after the other for the minimiser.
// It starts when it is first asked, and anew after it has died. It serves one
// caller at a time.
//
// Invariant: cmd is nil unless the process is ready for a request.
type prover struct {
	pkg     *testPackage
	test    string
	exec    []string // runs the test binary, if it cannot run by itself
	environ []string

	cmd    *exec.Cmd
	cancel context.CancelFunc
	in     io.WriteCloser
	lines  *bufio.Scanner
	output capture
}

// errDied says that a process ended in the middle of a run, errSlow that it was
// killed there because it took too long.
var (
	errDied = errors.New("the test process ended")
	errSlow = errors.New("the test process was killed because it took too long")
)

// ask has one run made, which may take limit in real time; 0 is no limit. The errors
// errDied and errSlow are about the run; any other says that no process can be had.
func (v *prover) ask(q *trial.Request, limit time.Duration) (*trial.Answer, error) {
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
	var answer *trial.Answer
	err := q.Write(v.in)
	if err == nil {
		answer, err = trial.ReadAnswer(v.lines, func(line []byte) { v.output.Write(append(line, '\n')) })
	}
	if err != nil {
		slow := !inTime()
		v.close()
		if slow {
			return nil, errSlow
		}
		return nil, errDied
	}
	if answer.Dirty {
		v.close()
	}
	return answer, nil
}

func (v *prover) start() error {
	// Ctrl-C must not reach it: what was begun is worth ending.
	ctx, cancel := context.WithCancel(context.Background())
	args := append(v.exec[:len(v.exec):len(v.exec)], v.pkg.binary, "-test.paniconexit0", "-test.timeout=0", "-test.run="+testPattern(v.test))
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = v.pkg.dir, append(v.environ, "PWD="+v.pkg.dir)
	ownGroup(cmd)
	cmd.WaitDelay = 2 * time.Second
	v.output = capture{}
	cmd.Stderr = &v.output
	in, err := cmd.StdinPipe()
	if err == nil {
		var out io.Reader
		if out, err = cmd.StdoutPipe(); err == nil {
			v.in, v.lines = in, trial.Lines(out)
			err = cmd.Start()
		}
	}
	if err != nil {
		cancel()
		return fmt.Errorf("the test binary of %s cannot be started: %w", v.pkg.arg, err)
	}
	v.cmd, v.cancel = cmd, cancel
	return nil
}

// close ends the process, if there is one.
func (v *prover) close() {
	if v.cmd == nil {
		return
	}
	_ = v.in.Close() // a process that is well ends by this
	v.cancel()
	_ = v.cmd.Wait()
	v.cmd = nil
}
