package tasks

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/testproc"
	"samerun/internal/text"
	"samerun/internal/tracefile"
	"samerun/sim/replay"
)

var _ runner.Tracer = (*Runner)(nil)

// TraceReplay runs a saved failure again, and returns its trace.
func (r *Runner) TraceReplay(ctx context.Context, pkg *gocmd.Package, file string) (*tracefile.Trace, error) {
	p, err := replay.Read(file)
	if err != nil {
		return nil, err
	}
	t, err := r.trace(ctx, pkg, p.Test, "SAMERUN_REPLAY="+file)
	if t != nil {
		t.Replay = filepath.Base(file)
	}
	return t, err
}

// TraceSeed runs a seed of a test, and returns its trace.
func (r *Runner) TraceSeed(ctx context.Context, t *runner.Target, seed uint64) (*tracefile.Trace, error) {
	return r.trace(ctx, t.Pkg, t.Name, "SAMERUN_SEED="+strconv.FormatUint(seed, 10), "SAMERUN_STRATEGY="+r.opts.Strategy)
}

// trace runs one test in a process that writes the trace of its first run.
func (r *Runner) trace(ctx context.Context, pkg *gocmd.Package, test string, env ...string) (*tracefile.Trace, error) {
	file, results := r.files.Next(".trace"), r.files.Next(".jsonl")
	defer os.Remove(file)
	defer os.Remove(results)
	env = append(env, "SAMERUN_TRACE="+file, "SAMERUN_RESULTS="+results, "SAMERUN_SHRINK=0", "SAMERUN_OUT="+filepath.Join(r.files.Dir, "replay"))
	proc := &testproc.Process{
		Pkg: pkg, Args: []string{"-test.run=" + text.TestPattern(test)}, Environ: gocmd.ChildEnviron(r.by.Environ, env...),
		Timeout: r.opts.Timeout, Exec: r.build.Exec,
	}
	end, err := proc.Run(ctx)
	if err != nil {
		return nil, err
	}
	if end.Cancelled {
		return nil, ctx.Err()
	}
	in, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		if end.OK {
			return nil, fmt.Errorf("%s of %s left no trace: is it skipped, or is sim.Test not reached?", test, pkg.Arg)
		}
		return nil, fmt.Errorf("%s of %s left no trace, because its process did not come to the end of the run: %s", test, pkg.Arg, end.Reason(r.opts.Timeout))
	}
	if err != nil {
		return nil, err
	}
	defer in.Close()
	t, err := tracefile.Read(in)
	if err != nil {
		return nil, fmt.Errorf("the test process wrote a trace that is not understood (%w); the tool and package sim must be of one version", err)
	}
	t.Package = pkg.Path
	return t, nil
}
