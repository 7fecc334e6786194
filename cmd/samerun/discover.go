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
func (s *sweep) discover(ctx context.Context, p *testPackage) (*failure, error) {
	file := s.tempFile()
	defer os.Remove(file)
	args := []string{"-test.run=" + s.opts.run}
	proc := &process{
		pkg:     p,
		args:    args,
		environ: childEnviron(s.app.environ, "SAMERUN_LIST=1", "SAMERUN_RESULTS="+file),
		timeout: s.opts.timeout,
		exec:    s.opts.exec,
	}
	end, err := proc.run(ctx)
	if err != nil {
		return nil, err
	}
	if end.cancelled {
		return nil, ctx.Err()
	}
	listed, err := readResults(file)
	if err != nil {
		return nil, err
	}
	for _, l := range listed {
		p.tests = append(p.tests, l.Test)
	}
	// The order in which parallel subtests list themselves is chance.
	slices.Sort(p.tests)
	p.tests = slices.Compact(p.tests)
	if end.ok {
		return nil, nil
	}
	return s.ordinaryFailure(p, end), nil
}

// failLine finds the names of failed tests and subtests in the output of a test binary.
var failLine = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// ordinaryFailure describes a discovery pass that failed. It names the first
// failing test, if the output says which one that is.
func (s *sweep) ordinaryFailure(p *testPackage, end ending) *failure {
	f := &failure{pkg: p, output: excerpt(end.output)}
	f.reason = end.reason(s.opts.timeout)
	if m := failLine.FindStringSubmatch(end.output); m != nil {
		f.test, _, _ = strings.Cut(m[1], "/")
		if strings.HasPrefix(f.reason, "the process ended") {
			f.reason = "an ordinary test failed"
		}
	}
	run := s.opts.run
	if f.test != "" {
		run = testPattern(f.test)
	}
	f.command = s.command(p, "", run, end.timedOut)
	return f
}
