package ordinary

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/tracefile"
	"samerun/internal/wire"
	"samerun/sim/replay"
)

var _ runner.Stopper = (*Runner)(nil)

// Until makes the run of a file up to an event of its trace. The run stands still at a turn, before
// whoever has that does anything.
func (u *Runner) Until(ctx context.Context, pkg *gocmd.Package, file string, find func(*tracefile.Trace) (*tracefile.Event, error)) (*runner.Stop, error) {
	p, err := read(file)
	if err != nil {
		return nil, err
	}
	own := u.asSaved(p, pkg)
	spec, err := own.specOf(p)
	if err != nil {
		spec.remove()
		return nil, err
	}
	x, err := own.until(ctx, pkg, p, spec, find)
	if err != nil {
		spec.remove()
	}
	return x, err
}

// until is Until, of a file of which u is as it wants it. It leaves the files of spec.
func (u *Runner) until(ctx context.Context, pkg *gocmd.Package, p *replay.File, spec Spec, find func(*tracefile.Trace) (*tracefile.Event, error)) (x *runner.Stop, err error) {
	x = new(runner.Stop)
	whole, part := u.files.Next(".record"), u.files.Next(".record")
	defer os.Remove(whole)
	defer os.Remove(part)
	spec.Record = whole
	if x.Trace, err = u.trace(ctx, pkg, p.Seed, spec, p.Test); err != nil {
		return nil, err
	}
	if x.At, err = find(x.Trace); err != nil {
		return nil, err
	}
	turn, err := turnAt(x.Trace, x.At)
	if err != nil {
		return nil, err
	}
	spec.Record, spec.Stop, spec.Stopped = part, fmt.Sprintf("%d %s", turn, p.Test), u.files.Next(".stopped")
	defer os.Remove(spec.Stopped)
	run, err := u.runOnce(ctx, pkg, p.Seed, spec.traced())
	if err != nil || run.End.Cancelled {
		return nil, cmp.Or(err, ctx.Err())
	}
	x.Stopped, err = wire.ReadStopped(spec.Stopped)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the run did not come to event %d when it was made again: %s; samerun doctor looks for the reason", x.At.N, run.End.Reason(u.opts.Timeout))
	}
	if err != nil {
		return nil, err
	}
	if err := isPrefix(part, whole); err != nil {
		return nil, err
	}
	spec.Record, spec.Stopped = "", ""
	return x, u.debugged(x, pkg, p, spec)
}

// turnAt is the turn at which a run stands at an event: that one, or the next one behind an event
// that is none, or else the last.
func turnAt(t *tracefile.Trace, at *tracefile.Event) (turn uint64, err error) {
	for i := range t.Events {
		e := &t.Events[i]
		if e.Kind == tracefile.Turn {
			if turn++; e.N >= at.N {
				break
			}
		}
	}
	if turn == 0 {
		err = fmt.Errorf("nobody has a turn in this run, so that there is nowhere to stop")
	}
	return turn, err
}

// isPrefix holds the record of a run that was stopped against that of the whole run: it is how that
// begins, line by line.
func isPrefix(part, whole string) error {
	a, err := os.Open(part)
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := os.Open(whole)
	if err != nil {
		return err
	}
	defer b.Close()
	in, of := bufio.NewReader(a), bufio.NewReader(b)
	for line := 1; ; line++ {
		x, err := in.ReadBytes('\n')
		if err == io.EOF && len(x) == 0 {
			return nil
		}
		y, err2 := of.ReadBytes('\n')
		if err := errors.Join(unread(err), unread(err2)); err != nil {
			return fmt.Errorf("the record of the run cannot be read: %w", err)
		}
		if !bytes.Equal(withoutAddress(x), withoutAddress(y)) {
			return fmt.Errorf("the run is another one when it is made again: line %d of its record differs; samerun doctor looks for the reason", line)
		}
	}
}

// unread leaves out that a file ends.
func unread(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// withoutAddress is a line of a record without the address of the lock or channel for which somebody
// waits: memory is no part of the run, which has numbers for those in its trace.
func withoutAddress(line []byte) []byte {
	const at = 5 // waits TURN TIME WHO WHY ADDRESS HOLDER FRAMES
	if !bytes.HasPrefix(line, []byte("waits ")) {
		return line
	}
	words := bytes.SplitN(line, []byte(" "), at+2)
	if len(words) > at {
		words[at] = nil
	}
	return bytes.Join(words, []byte(" "))
}

// debugged enters the process for a debugger. It has no watchdog: people think in real time.
func (u *Runner) debugged(x *runner.Stop, pkg *gocmd.Package, p *replay.File, spec Spec) error {
	u.opts.Watchdog, spec.Timeout = 0, 0
	tmp := u.files.Next(".tmp")
	if err := os.Mkdir(tmp, 0o777); err != nil {
		return err
	}
	env, remove, err := u.environ(pkg, p.Seed, spec, tmp)
	if err != nil {
		os.RemoveAll(tmp)
		return err
	}
	x.Remove = func() {
		remove()
		spec.remove()
		os.RemoveAll(tmp)
	}
	d := &x.Debug
	d.Binary, d.Args, d.Folder = pkg.Binary, u.args(pkg, spec), pkg.Dir
	if pkg.Program {
		d.Folder, env = u.opts.Program.Folder, append(env, "SAMERUN_ALARM=0s")
	} else {
		d.Args = append([]string{"-test.paniconexit0", "-test.timeout=0"}, d.Args...)
	}
	d.Environ = gocmd.ChildEnviron(u.by.Environ, append(env, "PWD="+d.Folder)...)
	return nil
}
