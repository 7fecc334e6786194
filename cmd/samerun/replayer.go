package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"samerun/sim"
	"slices"
	"strings"
	"time"
)

// replay runs a saved failure of a package again, and says what became of it. The error
// says why it cannot be run.
func (r *taskRunner) replay(ctx context.Context, pkg *testPackage, file string) (verdict, error) {
	p, err := sim.ReadReplay(file)
	if err != nil {
		return verdict{}, err
	}
	results := r.files.next(".jsonl")
	defer os.Remove(results)
	proc := &process{
		pkg:     pkg,
		args:    []string{"-test.run=" + testPattern(p.Test)},
		environ: childEnviron(r.by.environ, "SAMERUN_REPLAY="+file, "SAMERUN_RESULTS="+results, "SAMERUN_OUT="+filepath.Join(r.files.dir, "replay")),
		timeout: r.opts.timeout,
		exec:    r.build.exec,
	}
	end, err := proc.run(ctx)
	if err != nil {
		return verdict{}, err
	}
	lines, err := readResults(results)
	if err != nil {
		return verdict{}, err
	}
	return r.judgeReplay(pkg, p.Test, lines, end)
}

// judgeReplay says what a test process made of a file.
func (r *taskRunner) judgeReplay(pkg *testPackage, test string, lines []result, end ending) (verdict, error) {
	lines = slices.DeleteFunc(lines, func(o result) bool { return o.Test != test || o.Outcome == "" })
	if len(lines) == 0 {
		if end.ok {
			return verdict{}, fmt.Errorf("the test is gone: %s has no simulation test %s that runs (was it renamed, or is it skipped?); rename it in the file, or delete the file", pkg.arg, test)
		}
		return r.died(verdict{}, end), nil
	}
	// A test that calls sim.Test twice writes two lines: a failure counts.
	o := slices.MinFunc(lines, func(a, b result) int { return cmp.Compare(rank(a.Outcome), rank(b.Outcome)) })
	v := verdict{outcome: o.Outcome, words: o.Words, digest: o.Digest, property: o.Property, err: o.Error, unmet: o.Unmet, story: o.Story}
	// The run was good. Was the process? An unmet key alone fails the test.
	if o.OK && !end.ok && (o.Outcome != unmet || end.timedOut || !strings.HasPrefix(end.reason(r.opts.timeout), "the process ended")) {
		return r.died(v, end), nil
	}
	return v, nil
}

// died enters a failure that the process itself is the witness of.
func (r *taskRunner) died(v verdict, end ending) verdict {
	v.err = end.reason(r.opts.timeout)
	v.outcome, v.words = other, "another failure, outside of the run: "+v.err
	v.story = excerpt(end.output)
	return v
}

// shrink makes a saved failure of a package smaller, until there is nothing to take out
// or ctx is done.
func (r *taskRunner) shrink(ctx context.Context, pkg *testPackage, file string, tell func(status string)) (shrunk, error) {
	p, err := sim.ReadReplay(file)
	if err != nil {
		return shrunk{}, err
	}
	// What a run of the failure takes is not known here: as long as a patient person
	// waits for one.
	s, err := r.newMinimiser(pkg, tell).minimiseReplay(ctx, p, time.Second)
	if err != nil {
		return shrunk{}, err
	}
	small := shrunk{replay: s.path, words: s.words, story: s.answer.Story, minimal: s.result.Minimal}
	if q, err := sim.ReadReplay(s.path); err == nil {
		small.unchanged = q.SameRun(p)
	}
	return small, nil
}
