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
	"samerun/internal/wire"
)

var _ runner.Stopper = (*Runner)(nil)

// Until makes the run of a file up to an event of its trace: it stands still right behind that.
func (r *Runner) Until(ctx context.Context, pkg *gocmd.Package, file string, find func(*tracefile.Trace) (*tracefile.Event, error)) (*runner.Stop, error) {
	t, err := r.TraceReplay(ctx, pkg, file)
	if err != nil {
		return nil, err
	}
	at, err := find(t)
	if err != nil {
		return nil, err
	}
	env := []string{"SAMERUN_REPLAY=" + file, "SAMERUN_SHRINK=0", "SAMERUN_OUT=" + filepath.Join(r.files.Dir, "replay"), "SAMERUN_STOP=" + strconv.FormatUint(at.N, 10)}
	args := []string{"-test.run=" + text.TestPattern(t.Test)}
	x := &runner.Stop{Trace: t, At: at, Remove: func() {}}
	x.Debug = runner.Debugged{
		Binary: pkg.Binary, Args: append([]string{"-test.paniconexit0", "-test.timeout=0"}, args...),
		Environ: gocmd.ChildEnviron(r.by.Environ, append(env, "PWD="+pkg.Dir)...), Folder: pkg.Dir,
	}

	said, part := r.files.Next(".stopped"), r.files.Next(".trace")
	defer os.Remove(said)
	defer os.Remove(part)
	proc := &testproc.Process{
		Pkg: pkg, Args: args, Environ: gocmd.ChildEnviron(r.by.Environ, append(env, "SAMERUN_STOPPED="+said, "SAMERUN_TRACE="+part)...), Timeout: r.opts.Timeout, Exec: r.build.Exec,
	}
	end, err := proc.Run(ctx)
	if err != nil {
		return nil, err
	}
	if end.Cancelled {
		return nil, ctx.Err()
	}
	x.Stopped, err = wire.ReadStopped(said)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the run did not come to event %d when it was made again: %s", at.N, end.Reason(r.opts.Timeout))
	}
	if err != nil {
		return nil, err
	}
	return x, sameSoFar(part, t, at)
}

// sameSoFar holds the trace of a run that was stopped against that of the whole run.
func sameSoFar(file string, t *tracefile.Trace, at *tracefile.Event) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	part, err := tracefile.Read(in)
	if err != nil {
		return err
	}
	for i := range part.Events {
		if uint64(i) >= at.N || part.Events[i] != t.Events[i] {
			return fmt.Errorf("the run is another one when it is made again: event %d differs; the test depends on something else than its input, such as a variable that outlives a run, time.Now or math/rand", i+1)
		}
	}
	if uint64(len(part.Events)) != at.N {
		return fmt.Errorf("the run is another one when it is made again: it has %d events where there were %d", len(part.Events), at.N)
	}
	return nil
}
