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
)

var _ runner.Stopper = (*Runner)(nil)

// stopping is the environment of a run of a file that stops behind an event.
func (r *Runner) stopping(file string, at *tracefile.Event) []string {
	return []string{"SAMERUN_REPLAY=" + file, "SAMERUN_SHRINK=0", "SAMERUN_OUT=" + filepath.Join(r.files.Dir, "replay"), "SAMERUN_STOP=" + strconv.FormatUint(at.N, 10)}
}

// Stop runs a file up to an event.
func (r *Runner) Stop(ctx context.Context, pkg *gocmd.Package, file string, t *tracefile.Trace, at *tracefile.Event) (string, error) {
	said := r.files.Next(".stopped")
	defer os.Remove(said)
	proc := &testproc.Process{
		Pkg: pkg, Args: []string{"-test.run=" + text.TestPattern(t.Test)}, Environ: gocmd.ChildEnviron(r.by.Environ, append(r.stopping(file, at), "SAMERUN_STOPPED="+said)...),
		Timeout: r.opts.Timeout, Exec: r.build.Exec,
	}
	end, err := proc.Run(ctx)
	if err != nil {
		return "", err
	}
	if end.Cancelled {
		return "", ctx.Err()
	}
	data, err := os.ReadFile(said)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("the run did not come to event #%d: %s", at.N, end.Reason(r.opts.Timeout))
	}
	return string(data), err
}

// Debug is the process that does so in a debugger.
func (r *Runner) Debug(_ context.Context, pkg *gocmd.Package, file string, t *tracefile.Trace, at *tracefile.Event) (runner.Debugged, error) {
	return runner.Debugged{
		Binary: pkg.Binary, Args: []string{"-test.paniconexit0", "-test.timeout=0", "-test.run=" + text.TestPattern(t.Test)},
		Environ: gocmd.ChildEnviron(r.by.Environ, r.stopping(file, at)...), Folder: pkg.Dir, Remove: func() {},
	}, nil
}
