package tasks

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/testproc"
	"samerun/internal/text"
	"samerun/internal/wire"
	"samerun/sim/replay"
)

// Replay runs a saved failure of a package again, and says what became of it. The error
// says why it cannot be run.
func (r *Runner) Replay(ctx context.Context, pkg *gocmd.Package, file string) (runner.Verdict, error) {
	p, err := replay.Read(file)
	if err != nil {
		return runner.Verdict{}, err
	}
	results := r.files.Next(".jsonl")
	defer os.Remove(results)
	proc := &testproc.Process{
		Pkg:     pkg,
		Args:    []string{"-test.run=" + text.TestPattern(p.Test)},
		Environ: gocmd.ChildEnviron(r.by.Environ, "SAMERUN_REPLAY="+file, "SAMERUN_RESULTS="+results, "SAMERUN_OUT="+filepath.Join(r.files.Dir, "replay")),
		Timeout: r.opts.Timeout,
		Exec:    r.build.Exec,
	}
	end, err := proc.Run(ctx)
	if err != nil {
		return runner.Verdict{}, err
	}
	lines, err := wire.ReadFile(results)
	if err != nil {
		return runner.Verdict{}, err
	}
	if err := end.Unwritten(); err != nil {
		return runner.Verdict{}, err
	}
	return r.judgeReplay(pkg, p.Test, lines, end)
}

// judgeReplay says what a test process made of a file.
func (r *Runner) judgeReplay(pkg *gocmd.Package, test string, lines []wire.Result, end testproc.Ending) (runner.Verdict, error) {
	lines = slices.DeleteFunc(lines, func(o wire.Result) bool { return o.Test != test || o.Outcome == "" })
	if len(lines) == 0 {
		if end.OK {
			return runner.Verdict{}, fmt.Errorf("the test is gone: %s has no simulation test %s that runs (was it renamed, or is it skipped?); correct the name in the file, if it has another one now", pkg.Arg, test)
		}
		return r.died(runner.Verdict{}, end), nil
	}
	// A test that calls sim.Test twice writes two lines: a failure counts.
	o := slices.MinFunc(lines, func(a, b wire.Result) int { return cmp.Compare(runner.Rank(a.Outcome), runner.Rank(b.Outcome)) })
	v := runner.Verdict{Outcome: o.Outcome, Words: o.Words, Digest: o.Digest, Property: o.Property, Error: o.Error, Unmet: o.Unmet, Story: runner.StoryText(o.Story), Rows: runner.RowsOf(o.Story)}
	// The run was good. Was the process? An unmet key alone fails the test.
	if o.OK && !end.OK && (o.Outcome != replay.Unmet || end.TimedOut || !strings.HasPrefix(end.Reason(r.opts.Timeout), "the process ended")) {
		return r.died(v, end), nil
	}
	return v, nil
}

// died enters a failure that the process itself is the witness of.
func (r *Runner) died(v runner.Verdict, end testproc.Ending) runner.Verdict {
	v.Error = end.Reason(r.opts.Timeout)
	v.Outcome, v.Words = replay.Other, "another failure, outside of the run: "+v.Error
	v.Story, v.Rows = testproc.Excerpt(end.Output), nil
	return v
}

// Shrink makes a saved failure of a package smaller, until there is nothing to take out
// or ctx is done.
func (r *Runner) Shrink(ctx context.Context, pkg *gocmd.Package, file string, tell func(status string)) (runner.Shrunk, error) {
	p, err := replay.Read(file)
	if err != nil {
		return runner.Shrunk{}, err
	}
	// What a run of the failure takes is not known here: as long as a patient person
	// waits for one.
	s, err := r.newMinimiser(pkg, tell).minimiseReplay(ctx, p, time.Second)
	if err != nil {
		return runner.Shrunk{}, err
	}
	small := runner.Shrunk{Replay: s.path, Words: s.words, Story: runner.StoryText(s.answer.Story), Rows: runner.RowsOf(s.answer.Story), Minimal: s.result.Minimal}
	if q, err := replay.Read(s.path); err == nil {
		small.Unchanged = q.SameRun(p)
	}
	return small, nil
}

// Keep copies the file of a smaller failure, and what lies beside it, into a folder.
func (r *Runner) Keep(s runner.Shrunk, folder string) (saved string, attached []string, err error) {
	return saveReplay(s.Replay, folder)
}
