package tasks

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/testproc"
	"samerun/internal/text"
	"samerun/internal/wire"
)

// discover runs the test binary of p once to learn which of its tests are
// simulation tests: each of those writes its name, and whether it wants goroutines,
// and skips. The ordinary tests run on the way; if one fails, that comes back as a failure.
func (r *Runner) discover(ctx context.Context, p *gocmd.Package) (found runner.Mixed, failed *runner.Failure, err error) {
	found.Pkg = p
	file := r.files.Next(".jsonl")
	defer os.Remove(file)
	token, err := r.token()
	if err != nil {
		return found, nil, err
	}
	args := []string{"-test.run=" + r.opts.Run}
	proc := &testproc.Process{
		Pkg:     p,
		Args:    args,
		Environ: gocmd.ChildEnviron(r.by.Environ, wire.List+"="+token, "SAMERUN_RESULTS="+file),
		Timeout: r.opts.Timeout,
		Exec:    r.build.Exec,
	}
	end, err := proc.Run(ctx)
	if err != nil {
		return found, nil, err
	}
	if end.Cancelled {
		return found, nil, ctx.Err()
	}
	r.checkMain(&end)
	listed, err := wire.ReadFile(file)
	if err != nil {
		return found, nil, err
	}
	if err := end.Unwritten(); err != nil {
		return found, nil, err
	}
	for _, l := range listed {
		if l.Goroutines {
			found.Goroutines = append(found.Goroutines, l.Test)
		} else {
			found.Tasks = append(found.Tasks, l.Test)
		}
	}
	// The order in which parallel subtests list themselves is chance.
	for _, tests := range []*[]string{&found.Goroutines, &found.Tasks} {
		slices.Sort(*tests)
		*tests = slices.Compact(*tests)
	}
	if end.OK {
		return found, nil, nil
	}
	return found, r.ordinaryFailure(p, end), nil
}

// failLine finds the names of failed tests and subtests in the output of a test binary.
var failLine = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// ordinaryFailure describes a discovery pass that failed. It names the first
// failing test, if the output says which one that is.
func (r *Runner) ordinaryFailure(p *gocmd.Package, end testproc.Ending) *runner.Failure {
	f := &runner.Failure{Pkg: p, Output: testproc.Excerpt(end.Output)}
	f.Reason = end.Reason(r.opts.Timeout)
	if m := failLine.FindStringSubmatch(end.Output); m != nil {
		f.Test, _, _ = strings.Cut(m[1], "/")
		if strings.HasPrefix(f.Reason, "the process ended") {
			f.Reason = "an ordinary test failed"
		}
	}
	run := r.opts.Run
	if f.Test != "" {
		run = text.TestPattern(f.Test)
	}
	f.Command = r.command(p, "", run, end.TimedOut)
	return f
}
