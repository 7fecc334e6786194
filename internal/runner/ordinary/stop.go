package ordinary

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"samerun/internal/faultplan"
	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/tracefile"
)

var _ runner.Stopper = (*Runner)(nil)

// turnAt is the turn before which a run stands at an event: that one, or the next one behind an
// event that is none.
func turnAt(t *tracefile.Trace, at *tracefile.Event) (turn uint64, err error) {
	for i := range t.Events {
		e := &t.Events[i]
		if e.Kind == tracefile.Turn {
			turn++
			if e.N >= at.N {
				return turn, nil
			}
		}
	}
	return 0, fmt.Errorf("behind event #%d nobody has a turn any more; stop at an earlier one, such as #%d", at.N, lastTurn(t))
}

// lastTurn is the number of the last event that is a turn.
func lastTurn(t *tracefile.Trace) (n uint64) {
	for i := range t.Events {
		if t.Events[i].Kind == tracefile.Turn {
			n = t.Events[i].N
		}
	}
	return n
}

// stopping is how a file is run that stops at an event: as for its trace, since events are of that.
func (u *Runner) stopping(pkg *gocmd.Package, file string, t *tracefile.Trace, at *tracefile.Event) (own *Runner, seed uint64, spec Spec, err error) {
	p, err := read(file)
	if err != nil {
		return nil, 0, spec, err
	}
	own = u.asSaved(p, pkg)
	turn, err := turnAt(t, at)
	if err != nil {
		return nil, 0, spec, err
	}
	if spec, err = own.specOf(p); err != nil {
		return nil, 0, spec, err
	}
	spec.Quiet, spec.Stop = true, fmt.Sprintf("%d %s", turn, p.Test)
	if spec.Faults == nil && !spec.Scenario {
		spec.Faults = []faultplan.Given{}
	}
	return own, p.Seed, spec, nil
}

// Stop runs a file up to an event.
func (u *Runner) Stop(ctx context.Context, pkg *gocmd.Package, file string, t *tracefile.Trace, at *tracefile.Event) (string, error) {
	own, seed, spec, err := u.stopping(pkg, file, t, at)
	if err != nil {
		return "", err
	}
	defer spec.remove()
	spec.Stopped = u.files.Next(".stopped")
	defer os.Remove(spec.Stopped)
	run, err := own.runOnce(ctx, pkg, seed, spec)
	if err != nil || run.End.Cancelled {
		return "", cmp.Or(err, ctx.Err())
	}
	data, err := os.ReadFile(spec.Stopped)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("the run did not come to event #%d: %s", at.N, run.End.Reason(u.opts.Timeout))
	}
	return strings.TrimRight(string(data), "\n") + "\n", err
}

// Debug is the process that does so in a debugger. It has no watchdog: people think in real time.
func (u *Runner) Debug(_ context.Context, pkg *gocmd.Package, file string, t *tracefile.Trace, at *tracefile.Event) (d runner.Debugged, err error) {
	own, seed, spec, err := u.stopping(pkg, file, t, at)
	if err != nil {
		return d, err
	}
	own.opts.Watchdog = 0
	spec.Timeout = 0
	tmp := u.files.Next(".tmp")
	if err := os.Mkdir(tmp, 0o777); err != nil {
		spec.remove()
		return d, err
	}
	env, remove, err := own.environ(pkg, seed, spec, tmp)
	if err != nil {
		spec.remove()
		return d, err
	}
	d = runner.Debugged{Binary: pkg.Binary, Args: own.args(pkg, spec), Environ: gocmd.ChildEnviron(u.by.Environ, env...), Folder: pkg.Dir}
	if pkg.Program {
		d.Folder = own.opts.Program.Folder
		d.Environ = append(d.Environ, "SAMERUN_ALARM=0s")
	} else {
		d.Args = append([]string{"-test.paniconexit0", "-test.timeout=0"}, d.Args...)
	}
	d.Environ = append(d.Environ, "PWD="+d.Folder)
	d.Remove = func() {
		remove()
		spec.remove()
		os.RemoveAll(tmp)
	}
	return d, nil
}
