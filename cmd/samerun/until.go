package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"samerun/internal/gocmd"
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

// delveVersion is the one that .ci/run shows to work.
const delveVersion = "v1.27.2"

// registerStop registers the flags of the verb replay that stop the run.
func (c *fileCommand) registerStop() {
	f := c.flags
	f.text(&c.stop.until, "until", "", "E", "stops the run at an event of its trace, such as 120, or at the first one at a time or later, such as 1.25s, and prints how all stands there: each node, what it says of itself (Node.Dump), each task or goroutine, and the locks (docs/debugging.md)")
	f.yes(&c.stop.debug, "debug", false, "with -until: starts the debugger delve on that run, stopped there")
	f.text(&c.stop.dlv, "dlv", "", "FILE", "with -debug: delve, if it is not dlv of PATH")
	f.text(&c.stop.listen, "listen", "", "ADDR", "with -debug: waits for an editor there, such as 127.0.0.1:2345, in place of commands")
}

// checkStop refuses what cannot be stopped.
func (c *fileCommand) checkStop() error {
	s := &c.stop
	switch {
	case s.until == "" && s.debug:
		return errors.New("-debug says in which debugger, and not where to stop; add -until, such as -until 120 or -until 1.25s")
	case s.until == "":
		return nil
	case !s.debug && (s.dlv != "" || s.listen != ""):
		return errors.New("-dlv and -listen go with -debug; add it, or leave them out")
	case len(c.files) != 1:
		return fmt.Errorf("-until stops one run: name one file, not %d", len(c.files))
	case c.json:
		return errors.New("-until prints for people, and -json for programs; leave one of the two out")
	case s.debug && len(c.built.build.Exec) > 0:
		return errors.New("-debug starts the process itself, and -exec another one that does; leave one of the two out")
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
	if err != nil {
		return nil, err
	}
	i := int(min(n, 1<<40)) - 1
	if n == 0 {
		i = slices.IndexFunc(t.Events, func(e tracefile.Event) bool { return e.At >= int64(at) })
		if i < 0 {
			return nil, fmt.Errorf("-until %s: nothing happens so late: the run ends at %v, with event %d", until, time.Duration(t.Virtual), len(t.Events))
		}
	}
	if i >= len(t.Events) {
		return nil, fmt.Errorf("-until %s: there is no such event: the run has %s, the last at %v", until, text.Count(len(t.Events), "event"), time.Duration(t.Virtual))
	}
	return &t.Events[i], nil
}

// findDelve returns the debugger.
func (s *stopFlags) findDelve() (string, error) {
	path, err := exec.LookPath(cmp.Or(s.dlv, "dlv"))
	if err != nil {
		return "", fmt.Errorf("delve is not there as %s; install it with go install github.com/go-delve/delve/cmd/dlv@%s, or name it with -dlv", text.Line(cmp.Or(s.dlv, "dlv")), delveVersion)
	}
	return path, nil
}

// until stops the run of a file and prints how all stands, or hands it to the debugger.
func (c *fileCommand) until(ctx context.Context, a *app, tmp string) error {
	s := &c.stop
	dlv := ""
	if s.debug {
		var err error
		if dlv, err = s.findDelve(); err != nil {
			return err
		}
		c.built.build.Debug = true
	}
	x := c.open(a, tmp)
	found, err := x.find(ctx, c.files[0])
	if err != nil {
		return err
	}
	tracer, _ := found.by.(runner.Tracer)
	by, ok := found.by.(runner.Stopper)
	if !ok || tracer == nil {
		return fmt.Errorf("%s is of a world whose runs cannot be stopped", c.files[0])
	}
	t, err := tracer.TraceReplay(ctx, found.pkg, found.path)
	if err != nil {
		return err
	}
	at, err := eventAt(t, s.until)
	if err != nil {
		return err
	}
	if s.debug {
		d, err := by.Debug(ctx, found.pkg, found.path, t, at)
		if err != nil {
			return err
		}
		defer d.Remove()
		fmt.Fprintf(a.stdout, "%s\n", stopHead(t, at))
		return c.runDelve(ctx, a, dlv, tmp, d)
	}
	said, err := by.Stop(ctx, found.pkg, found.path, t, at)
	if err != nil {
		return err
	}
	io.WriteString(a.stdout, stopHead(t, at)+"\n"+text.Block(said))
	return nil
}

// stopHead says where a run stands: the event, with those around it.
func stopHead(t *tracefile.Trace, at *tracefile.Event) string {
	const around = 3
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s, seed %d, stopped at event %d of %d, %v\n", text.Line(t.Test), text.Line(t.Package), t.Seed, at.N, len(t.Events), time.Duration(at.At))
	i := int(at.N) - 1
	for k := max(0, i-around); k < min(len(t.Events), i+around+1); k++ {
		mark := "    "
		if k == i {
			mark = "  > "
		}
		b.WriteString(mark + traceview.Line(&t.Events[k]) + "\n")
	}
	return b.String()
}

// runDelve runs the debugger, which has the terminal. Ctrl-C is for it.
func (c *fileCommand) runDelve(ctx context.Context, a *app, dlv, tmp string, d runner.Debugged) error {
	args := []string{"exec", d.Binary, "--wd", d.Folder}
	if c.stop.listen != "" {
		args = append(args, "--headless", "--api-version=2", "--accept-multiclient", "--listen="+c.stop.listen)
		fmt.Fprintf(a.stdout, "waiting for an editor at %s: it stops there at the first continue (docs/debugging.md)\n", text.Line(c.stop.listen))
	} else {
		begin, err := os.CreateTemp(tmp, "delve-*")
		if err == nil {
			_, err = io.WriteString(begin, "continue\n")
			err = errors.Join(err, begin.Close())
		}
		if err != nil {
			return fmt.Errorf("no place for the first command of delve: %w", err)
		}
		args = append(args, "--init", begin.Name())
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), dlv, append(append(args, "--"), d.Args...)...)
	cmd.Dir, cmd.Env = d.Folder, d.Environ
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, a.stdout, a.stderr
	if err := cmd.Run(); err != nil {
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			return fmt.Errorf("delve ended with %v", exit.ProcessState)
		}
		return fmt.Errorf("delve cannot be started: %w", err)
	}
	return nil
}

// forDebugger are the flags of a build whose code a debugger can follow, for tests of tasks: no
// run of theirs depends on how they are compiled.
func forDebugger(b *gocmd.Build) {
	if b.Gcflags == "" {
		b.Gcflags = "all=-N -l"
	}
}
