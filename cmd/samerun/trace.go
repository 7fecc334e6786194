package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/runner/ordinary"
	"samerun/internal/runner/tasks"
	"samerun/internal/scratch"
	"samerun/internal/seeds"
	"samerun/internal/text"
	"samerun/internal/tracefile"
	"samerun/internal/traceview"
)

const traceIntro = `usage: samerun trace [flags] FILE [FILE]
       samerun trace -seed N[,M] [flags] PACKAGE

Makes one run, of a saved failure or of a seed of one test, and writes what happened
in it as a page: a lane for each node or goroutine, messages as arrows, faults, crashes
and log lines (docs/trace.md). FILE may also be a trace that was written with
-format jsonl. The run is the one that samerun test makes of the seed. Two runs are
shown below each other, with the first difference marked.

`

const traceOutro = `
examples:
  samerun trace examples/raft/testdata/replay/TestX-5c1e37d2.json
  samerun trace -seed 7 -run TestElection -o run.jsonl ./examples/raft

exit status: 0 the trace was written, whether the run failed or not; 2 misuse or
no trace, 130 interrupted
`

// traceCommand is the command line of the verb trace.
type traceCommand struct {
	fileCommand
	seed     string
	run      string
	strategy string
	out      string
	format   string
	force    bool
	faults   faultFlags
	ordinary ordinary.Options
	overlay  string
	diff     bool      // it is the verb diff: nothing is written
	commit   string    // of diff: the other version of the code, or empty
	names    [2]string // what two runs are called; empty for their places
	of       traceview.Format
}

func traceVerb() verb {
	return verb{"trace", "write what happened in one run, as a page", traceHelp, runTrace}
}

func traceHelp() string { return traceIntro + newTraceCommand().flags.help() + traceOutro }

func newTraceCommand() *traceCommand { return newTraceOrDiff("trace") }

// newTraceOrDiff registers the flags of one of the two verbs.
func newTraceOrDiff(verb string) *traceCommand {
	c := &traceCommand{fileCommand: fileCommand{flags: newFlags(verb), workers: 1}, diff: verb == "diff"}
	f := c.flags
	if c.diff {
		f.text(&c.commit, "commit", "", "REV", "of one file: makes its run with the code of a commit of git's, too, such as HEAD~1, and compares with that")
		f.yes(&c.json, "json", false, "one JSON object on standard output")
	} else {
		c.registerOutput()
	}
	f.text(&c.seed, "seed", "", "N", "make the run of one seed, or of two, of a package instead of that of a file")
	f.text(&c.run, "run", "", "RE", "with -seed: which test, as in go test; several may match if only one of them fails")
	f.text(&c.strategy, "strategy", "", "S", "with -seed: as in samerun test, except exhaustive")
	f.text(&c.overlay, "overlay", "auto", "W", "with -seed: as in samerun test")
	f.text(&c.pkg, "pkg", "", "P", "of a file: the package, if it is neither the one above the file nor the one that the file names")
	c.built.race(f)
	c.built.tags(f)
	c.built.vet(f)
	f.duration(&c.timeout, "timeout", 10*time.Minute, "real time for the run, such as 90s; 0 for none")
	c.built.command(f)
	f.paragraph("With -seed, for ordinary Go, as in samerun test:")
	c.faults.register(f)
	registerRun(f, &c.ordinary.RunOptions)
	return c
}

// registerOutput registers the flags that say what is written.
func (c *traceCommand) registerOutput() {
	f := c.flags
	f.text(&c.out, "o", "", "FILE", "the output file (default: the name of the test and the seed, in this directory)")
	f.text(&c.format, "format", "", "F", "html: a page; jsonl: the events, a line each; perfetto: for ui.perfetto.dev; shiviz; mermaid (default: as -o ends, else html)")
	f.yes(&c.force, "force", false, "overwrite FILE even if it is no trace")
}

// parse reads the command line.
func (c *traceCommand) parse(args []string) (err error) {
	if c.files, err = c.flags.parse(args); err != nil {
		return err
	}
	c.built.finish()
	if c.of, err = traceview.FormatOf(c.format, c.out); err != nil {
		return err
	}
	if err := checkRun(c.run, c.strategy, c.timeout); err != nil {
		return err
	}
	if err := checkChoice(c.overlay); err != nil {
		return err
	}
	if c.commit != "" && (c.seed != "" || len(c.files) != 1 || c.pkg != "") {
		return errors.New("-commit compares the runs of one saved failure: name one file, and no -seed or -pkg")
	}
	if c.seed != "" {
		set, err := seeds.Parse(c.seed)
		switch {
		case err != nil:
			return err
		case set.Len() != 1 && set.Len() != 2:
			return fmt.Errorf("-seed %s: a trace is of one run or of two, and these are %d seeds; name one or two", text.Line(c.seed), set.Len())
		case strings.HasPrefix(c.strategy, "exhaustive"):
			return fmt.Errorf("-strategy %s makes many runs of a seed, and a trace is of one; trace the replay file of its failure", text.Line(c.strategy))
		case len(c.files) > 1:
			return fmt.Errorf("a trace is of one test: name one package, not %d", len(c.files))
		}
		if len(c.files) == 0 {
			c.files = []string{"."}
		}
		return cmp.Or(c.checkTwo(int(set.Len())), checkPackages(c.files))
	}
	for _, name := range []string{"run", "strategy", "overlay", "faults", "horizon", "turn", "net", "date", "go", "watchdog", "short"} {
		if c.flags.given(name) {
			return fmt.Errorf("-%s goes with -seed; a file says itself which run it is", name)
		}
	}
	switch len(c.files) {
	case 0:
		return errors.New("no run was named; give the path of a replay file, or -seed N and a package, such as -seed 7 ./examples/raft")
	case 1, 2:
		return c.checkTwo(len(c.files))
	}
	return fmt.Errorf("a trace is of one run or of two: name one file or two, not %d", len(c.files))
}

// checkTwo refuses two runs where one fits.
func (c *traceCommand) checkTwo(runs int) error {
	if runs == 2 && c.of != traceview.HTML && !c.diff {
		return fmt.Errorf("two runs are shown on a page; -format %s is of one run", c.of)
	}
	if runs != 2 && c.diff && c.commit == "" {
		return errors.New("two runs are compared: name two files, or -seed N,M and a package, or -commit REV and a file")
	}
	return nil
}

// runTrace is the verb trace from its arguments to its exit status.
func runTrace(ctx context.Context, a *app, args []string) int {
	return newTraceCommand().main(ctx, a, args, traceHelp)
}

// main is one of the two verbs.
func (c *traceCommand) main(ctx context.Context, a *app, args []string, help func() string) int {
	who := "samerun " + c.flags.Name()
	err := c.parse(args)
	if errors.Is(err, flag.ErrHelp) {
		io.WriteString(a.stdout, help())
		return exitOK
	}
	if err == nil && c.out != "" {
		err = mayWrite(a.Abs(c.out), c.out, c.force) // before minutes are spent
	}
	if err != nil {
		return a.misuse(who, err)
	}
	tmp, err := scratch.Make()
	if err != nil {
		return a.misuse(who, fmt.Errorf("no place for the test binaries: %w", err))
	}
	defer tmp.Remove()
	all, err := c.trace(ctx, a, tmp.Path)
	if ctx.Err() != nil {
		return exitInterrupted
	}
	if err == nil {
		err = c.write(a, all)
	}
	if err != nil {
		return a.misuse(who, err)
	}
	if c.diff && c.parting(all) >= 0 {
		return exitFailure
	}
	return exitOK
}

// trace makes the runs, or reads traces.
func (c *traceCommand) trace(ctx context.Context, a *app, tmp string) (all []*tracefile.Trace, err error) {
	if c.seed != "" {
		return c.traceSeed(ctx, a, tmp)
	}
	if c.commit != "" {
		return c.traceCommit(ctx, a, tmp)
	}
	x := c.open(a, tmp)
	for _, file := range c.files {
		t, err := c.traceFile(ctx, a, x, file)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// traceFile makes the run of a file, or reads a trace.
func (c *traceCommand) traceFile(ctx context.Context, a *app, x *files, file string) (*tracefile.Trace, error) {
	t, isTrace, err := readTrace(a.Abs(file))
	if isTrace {
		if err != nil {
			err = fmt.Errorf("%s: %w", file, err)
		}
		return t, err
	}
	s, err := x.find(ctx, file)
	if err != nil {
		return nil, err
	}
	by, ok := s.by.(runner.Tracer)
	if !ok {
		return nil, fmt.Errorf("%s is of a world of which there are no traces", file)
	}
	return by.TraceReplay(ctx, s.pkg, s.path)
}

// readTrace reads a file, if it is a trace.
func readTrace(path string) (t *tracefile.Trace, isTrace bool, err error) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || !begins(path, traceview.JSONL) {
		return nil, false, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, true, err
	}
	defer f.Close()
	t, err = tracefile.Read(f)
	return t, true, err
}

// traceSeed finds the one test that is asked for, and makes its run.
func (c *traceCommand) traceSeed(ctx context.Context, a *app, tmp string) ([]*tracefile.Trace, error) {
	if err := gocmd.CheckEnviron(a.Environ, "samerun "+c.flags.Name()); err != nil {
		return nil, err
	}
	set, err := seeds.Parse(c.seed)
	if err != nil {
		return nil, err
	}
	o := &c.ordinary
	if o.Faults, err = c.faults.read(c.flags, o.Net, a.Abs); err != nil {
		return nil, err
	}
	o.Run, o.Timeout, o.Limit, o.Workers, o.Strategy, o.Forced = c.run, c.timeout, ordinary.DefaultLimit, 1, c.strategy, c.overlay == "on"
	o.Apart, o.Count = ordinary.ApartOff, 1
	if err := o.Check(); err != nil {
		return nil, err
	}
	patterns, err := a.EnterModule(c.files)
	if err != nil {
		return nil, err
	}
	list, err := a.List(ctx, &c.built.build, patterns)
	if err != nil {
		return nil, err
	}
	ready := gocmd.Ready(list.Packages)
	switch {
	case len(ready) == 0 && len(list.Packages) > 0:
		return nil, gocmd.AllUnready(list.Packages)
	case len(ready) != 1:
		return nil, fmt.Errorf("%s is %s with tests, and a trace is of one test: name one package", strings.Join(c.files, " "), text.Count(uint64(len(ready)), "package"))
	}
	return c.traceTarget(ctx, a, tmp, ready, set)
}

// traceTarget prepares a package, and makes the runs of the one target that there is in it.
func (c *traceCommand) traceTarget(ctx context.Context, a *app, tmp string, pkgs []*gocmd.Package, set seeds.Set) (made []*tracefile.Trace, err error) {
	b := &c.built.build
	phase := func(string, int) func() { return func() {} }
	type candidate struct {
		by runner.Tracer
		t  runner.Target
	}
	var all []candidate
	prepare := func(r interface {
		runner.Runner
		runner.Tracer
	}, pkgs []*gocmd.Package) error {
		p, err := r.Prepare(ctx, pkgs, phase)
		for _, t := range p.Targets {
			if t.Name != "" && t.Failure == nil {
				all = append(all, candidate{r, t})
			}
		}
		return err
	}
	folder := func(world string) (string, error) {
		dir := filepath.Join(tmp, world)
		return dir, os.Mkdir(dir, 0o777)
	}
	plain, o := gocmd.Ordinary(pkgs, c.overlay), c.ordinary
	if len(plain) == 0 {
		dir, err := folder("tasks")
		if err != nil {
			return nil, err
		}
		r := tasks.New(&a.Caller, b, tasks.Options{Run: c.run, Strategy: c.strategy, Timeout: c.timeout, Workers: 1, Patterns: c.files, Alone: c.overlay == "off"}, dir)
		o.Mixed = r.Mixed
		if err := prepare(r, pkgs); err != nil {
			return nil, err
		}
	}
	if c.overlay != "off" {
		dir, err := folder("ordinary")
		if err != nil {
			return nil, err
		}
		if err := prepare(ordinary.New(&a.Caller, b, o, dir), plain); err != nil {
			return nil, err
		}
	}
	if pkgs[0].Unready != nil {
		return nil, pkgs[0].Err()
	}
	switch len(all) {
	case 0:
		return nil, fmt.Errorf("no test of %s matches -run %s", pkgs[0].Arg, text.Clip(c.run))
	case 1:
		for seed := range set.All() {
			t, err := all[0].by.TraceSeed(ctx, &all[0].t, seed)
			if err != nil {
				return nil, err
			}
			made = append(made, t)
		}
		return made, nil
	}
	var names []string
	for _, x := range all {
		names = append(names, x.t.Name)
	}
	return nil, fmt.Errorf("a trace is of one test, and there are %d: choose one, such as -run %s (of %s)", len(all), text.AlwaysShellQuote(text.TestPattern(names[0])), text.Cut(strings.Join(names, ", "), 200))
}
