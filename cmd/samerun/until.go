package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"samerun/internal/runner"
	"samerun/internal/text"
	"samerun/internal/tracefile"
	"samerun/internal/traceview"
)

// stopFlags are those of the verb replay that stop the run.
type stopFlags struct {
	until  string // an event or a time, or empty
	debug  bool
	dlv    string
	listen string
}

// registerStop registers the flags of the verb replay that stop the run.
func (c *fileCommand) registerStop() {
	f := c.flags
	f.text(&c.stop.until, "until", "", "E", "stop the run at an event of its trace, such as 120, or at the first event at a time or later, such as 1.25s, and print the state: each node with what Node.Dump says of it, each task or goroutine, and the locks (docs/debugging.md)")
	f.yes(&c.stop.debug, "debug", false, "with -until: start the debugger delve on that run, stopped there")
	f.text(&c.stop.dlv, "dlv", "", "FILE", "with -debug: delve, if it is not the dlv of PATH")
	f.text(&c.stop.listen, "listen", "", "ADDR", "with -debug: wait for an editor there, such as 127.0.0.1:2345, instead of reading commands")
}

// checkStop refuses what cannot be stopped.
func (c *fileCommand) checkStop() error {
	s := &c.stop
	switch {
	case s.until == "" && s.debug:
		return errors.New("-debug needs to know where to stop; add -until, such as -until 120 or -until 1.25s")
	case !s.debug && (s.dlv != "" || s.listen != ""):
		return errors.New("-dlv and -listen go with -debug; add it, or leave them out")
	case s.until == "":
		return nil
	case len(c.files) != 1:
		return fmt.Errorf("-until stops one run: name one file, not %d", len(c.files))
	case c.json:
		return errors.New("-until prints for people, and -json for programs; leave one of them out")
	case s.debug && len(c.built.build.Exec) > 0:
		return errors.New("-debug starts the process in delve, and -exec in another program; leave one of them out")
	}
	_, _, err := parseUntil(s.until)
	return err
}

// parseUntil reads an event or a time.
func parseUntil(s string) (event uint64, at time.Duration, err error) {
	if n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 10, 64); err == nil && n > 0 {
		return n, 0, nil
	}
	if d, err := time.ParseDuration(s); err == nil && d >= 0 && strings.TrimLeft(s, "0123456789") != "" {
		return 0, d, nil
	}
	return 0, 0, fmt.Errorf("-until %s is neither an event of the trace, such as 120, nor a time, such as 1.25s", text.Clip(s))
}

// eventAt finds the event at which a run is to stop.
func eventAt(t *tracefile.Trace, until string) (*tracefile.Event, error) {
	n, at, err := parseUntil(until)
	all := len(t.Events)
	switch {
	case err != nil:
		return nil, err
	case all == 0:
		return nil, fmt.Errorf("-until %s: the run has no events", until)
	case n > uint64(all):
		return nil, fmt.Errorf("-until %s: there is no such event; the run has %s, the last at %v", until, text.Count(uint64(all), "event"), time.Duration(t.Events[all-1].At))
	case n > 0:
		return &t.Events[n-1], nil
	}
	i := slices.IndexFunc(t.Events, func(e tracefile.Event) bool { return e.At >= int64(at) })
	if i < 0 {
		return nil, fmt.Errorf("-until %s: nothing happens so late; the last event is number %d, at %v", until, all, time.Duration(t.Events[all-1].At))
	}
	return &t.Events[i], nil
}

// runUntil stops the run of a file and prints how all stands, or hands it to the debugger.
func (c *fileCommand) runUntil(ctx context.Context, a *app, tmp string) int {
	err := c.until(ctx, a, tmp)
	var wrong *cannotTell
	switch {
	case errors.As(err, &wrong):
		for _, w := range wrong.all {
			a.misuse("samerun replay", errors.New(w))
		}
		return exitMisuse
	case ctx.Err() != nil && !c.stop.debug:
		return exitInterrupted
	case err != nil:
		return a.misuse("samerun replay", err)
	}
	return exitOK
}

// cannotTell is that some of the state could not be told.
type cannotTell struct{ all []string }

func (e *cannotTell) Error() string { return strings.Join(e.all, "; ") }

func (c *fileCommand) until(ctx context.Context, a *app, tmp string) error {
	s := &c.stop
	dlv := ""
	if s.debug {
		var err error
		if dlv, err = runner.FindDelve(s.dlv); err != nil {
			return err
		}
		b := &c.built.build // no run depends on how it is compiled
		b.Debug, b.Unoptimised = true, b.Gcflags == ""
	}
	x := c.open(a, tmp)
	found, err := x.find(ctx, c.files[0])
	if err != nil {
		return err
	}
	by, ok := found.by.(runner.Stopper)
	if !ok {
		return fmt.Errorf("%s is of a world whose runs cannot be stopped", c.files[0])
	}
	stop, err := by.Until(ctx, found.pkg, found.path, func(t *tracefile.Trace) (*tracefile.Event, error) { return eventAt(t, s.until) })
	if err != nil {
		return err
	}
	defer stop.Remove()
	io.WriteString(a.stdout, stopHead(stop.Trace, stop.At)+changedSince(found, stop.Trace)+"\n")
	if s.debug {
		goroot, _, err := a.Go(ctx, []string{"env", "GOROOT"})
		if err != nil {
			return err
		}
		if s.listen != "" {
			fmt.Fprintf(a.stdout, "waiting for an editor at %s; the run stops at the event when the editor continues (docs/debugging.md)\n", text.Line(s.listen))
		}
		return stop.Debug.Delve(ctx, dlv, s.listen, strings.TrimSpace(goroot), tmp, a.stdout, a.stderr)
	}
	io.WriteString(a.stdout, strings.TrimRight(text.Block(stop.State), "\n")+"\n")
	if len(stop.Wrong) > 0 {
		return &cannotTell{stop.Wrong}
	}
	return nil
}

// stopHead says where a run stands: the event, with those around it.
func stopHead(t *tracefile.Trace, at *tracefile.Event) string {
	const before, behind = 5, 2
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s, seed %d, stopped at event %d of %d, %v\n", text.Line(t.Test), text.Line(t.Package), t.Seed, at.N, len(t.Events), time.Duration(at.At))
	i := int(at.N) - 1
	for k := max(0, i-before); k < min(len(t.Events), i+behind+1); k++ {
		mark := "    "
		if k == i {
			mark = "  > "
		}
		b.WriteString(mark + traceview.Line(&t.Events[k]) + where(&t.Events[k]) + "\n")
	}
	return b.String()
}

// where says of a turn where the goroutine stands that has it.
func where(e *tracefile.Event) string {
	if e.Kind != tracefile.Turn || e.Where == "" {
		return ""
	}
	return " at " + text.Line(text.Cut(e.Where, 80))
}

// changedSince says that a run is not the one that was saved.
func changedSince(s saved, t *tracefile.Trace) string {
	if t.Digest == "" || s.Digest == "" || t.Digest == s.Digest {
		return ""
	}
	return "this is not the run that was saved, since the code has changed\n"
}
