package main

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
)

// discover runs the test binary of p once to learn which of its tests are
// simulation tests: each of those writes its name and skips. The ordinary tests
// run on the way; if one fails, that comes back as a failure.
func (r *taskRunner) discover(ctx context.Context, p *testPackage) (tests []string, failed *failure, err error) {
	file := r.files.next(".jsonl")
	defer os.Remove(file)
	args := []string{"-test.run=" + r.opts.run}
	proc := &process{
		pkg:     p,
		args:    args,
		environ: childEnviron(r.by.environ, "SAMERUN_LIST=1", "SAMERUN_RESULTS="+file),
		timeout: r.opts.timeout,
		exec:    r.build.exec,
	}
	end, err := proc.run(ctx)
	if err != nil {
		return nil, nil, err
	}
	if end.cancelled {
		return nil, nil, ctx.Err()
	}
	listed, err := readResults(file)
	if err != nil {
		return nil, nil, err
	}
	for _, l := range listed {
		tests = append(tests, l.Test)
	}
	// The order in which parallel subtests list themselves is chance.
	slices.Sort(tests)
	tests = slices.Compact(tests)
	if end.ok {
		return tests, nil, nil
	}
	return tests, r.ordinaryFailure(p, end), nil
}

// failLine finds the names of failed tests and subtests in the output of a test binary.
var failLine = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// ordinaryFailure describes a discovery pass that failed. It names the first
// failing test, if the output says which one that is.
func (r *taskRunner) ordinaryFailure(p *testPackage, end ending) *failure {
	f := &failure{pkg: p, story: excerpt(end.output)}
	f.reason = end.reason(r.opts.timeout)
	if m := failLine.FindStringSubmatch(end.output); m != nil {
		f.test, _, _ = strings.Cut(m[1], "/")
		if strings.HasPrefix(f.reason, "the process ended") {
			f.reason = "an ordinary test failed"
		}
	}
	run := r.opts.run
	if f.test != "" {
		run = testPattern(f.test)
	}
	f.command = r.command(p, "", run, end.timedOut)
	return f
}
