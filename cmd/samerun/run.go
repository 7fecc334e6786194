package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/runner/ordinary"
	"samerun/internal/scratch"
	"samerun/internal/screen"
	"samerun/internal/sweep"
	"samerun/internal/text"
)

const runIntro = `usage: samerun run [flags] PACKAGE [arguments]

Runs a main package over many seeds, as go run does once. The program runs in virtual
time, with a changed copy of the standard library (docs/samerun-run.md). The words after
the package are the program's own arguments. A run passes if main returns or the
program calls os.Exit(0). Everything else is a failure: another exit status, as of
log.Fatal, a panic, a deadlock. As with samerun test, each distinct failure is
minimised, reported with the command that repeats it, and saved in testdata/replay of
the package. From then on this command runs it first.

`

const runOutro = `
example:
  samerun run -seeds 1-100 ./examples/httprpc

exit status: 0 all passed, 1 a failure, 2 misuse or no build, 130 interrupted
`

// runCommand is the command line of the verb run.
type runCommand struct {
	flags    *flags
	seedText string
	strategy string
	timeout  time.Duration
	stdin    string
	faults   faultFlags
	pattern  string // of the package
	built    buildFlags

	sweep    sweep.Options
	ordinary ordinary.Options
}

func runVerb() verb { return verb{"run", "run a program over many seeds", runHelp, runRun} }

func runHelp() string { return runIntro + newRunCommand(nil).flags.help() + runOutro }

// newRunCommand registers the flags. The environment has defaults of some.
func newRunCommand(environ []string) *runCommand {
	c := &runCommand{flags: newFlags("run")}
	f, o := c.flags, &c.ordinary
	f.text(&c.seedText, "seeds", "", "S", "the seeds, such as 7, 0x2f, 1-1000 or 1-10,15,0x20-0x2f (default: SAMERUN_SEEDS or SAMERUN_SEED if set, else 1-100)")
	f.yes(&c.sweep.KeepGoing, "keep-going", false, "run all seeds; without it the first failure ends the run")
	f.number(&c.sweep.Workers, "j", runtime.NumCPU(), "processes at a time (default: the number of CPUs)")
	f.yes(&o.Verbose, "v", false, "print what the program prints at each seed; with a single seed this is always printed, as it comes")
	f.text(&c.stdin, "stdin", "", "FILE", "the standard input of the program; empty without this flag")
	f.duration(&c.sweep.Shrink, "shrink", 30*time.Second, "real time for minimising each distinct failure; 0 for none")
	strategy, _ := gocmd.LookupEnv(environ, "SAMERUN_STRATEGY")
	f.text(&c.strategy, "strategy", strategy, "S", "who runs next: fifo, random, walk, pct:D, pos, delay:D, urw, surw; for pct and delay, the number of choices may follow the D, as in pct:3:4096 (default: SAMERUN_STRATEGY, else fifo at seed 0 and walk otherwise)")
	f.yes(&c.sweep.JSON, "json", false, "one JSON object for each run on standard output, in order")
	c.built.race(f)
	c.built.tags(f)
	c.built.others(f)
	f.duration(&c.timeout, "timeout", 10*time.Minute, "real time for one process, and virtual time for the program, such as 90s; 0 for none")
	c.built.command(f)
	c.faults.registerForProgram(f)
	strict, _ := presetStrict(environ)
	f.yes(&c.sweep.Strict, "strict", strict, "also fail if faults were asked for and none took effect at any seed (default: on if SAMERUN_STRICT=1)")
	registerCourse(f, &o.RunOptions)
	registerRecords(f, o)
	return c
}

// parse reads the command line and checks it. Flags stand before the package: what is
// behind it is the program's.
func (c *runCommand) parse(args, environ []string) (err error) {
	if err := gocmd.CheckEnviron(environ, "samerun run"); err != nil {
		return err
	}
	if _, err := presetStrict(environ); err != nil {
		return err
	}
	if err := c.flags.Parse(args); err != nil {
		return c.flags.error(err)
	}
	if c.flags.NArg() == 0 {
		return errors.New("no package was named; give the folder of a main package, such as ./cmd/prog")
	}
	c.pattern = c.flags.Arg(0)
	if c.sweep.Seeds, err = chooseSeeds(c.seedText, c.flags.given("seeds"), environ); err != nil {
		return err
	}
	c.built.finish()
	o := &c.ordinary
	o.Args, o.Strategy, o.Timeout, o.Limit, o.Workers = c.flags.Args()[1:], c.strategy, c.timeout, c.timeout, c.sweep.Workers
	o.Apart, o.Count, o.Leaks = ordinary.ApartOff, 1, ordinary.LeaksOff
	if err := o.Check(); err != nil {
		return err
	}
	if c.sweep.Shrink < 0 {
		return fmt.Errorf("-shrink %v: the time must not be negative; 0 means not to minimise", c.sweep.Shrink)
	}
	if _, err := ordinary.ReadStrategy(c.strategy); err != nil {
		return err
	}
	return cmp.Or(checkWorkers(c.sweep.Workers), checkRun("", c.strategy, c.timeout), checkPackages([]string{c.pattern}))
}

// files makes the names of files absolute, and refuses those that are not there.
func (c *runCommand) files(a *app) (err error) {
	o := &c.ordinary
	if o.Faults, err = c.faults.read(c.flags, o.Net, a.Abs); err != nil {
		return err
	}
	if (o.Record != "" || o.Picks != "") && c.sweep.Seeds.Len() != 1 {
		return fmt.Errorf("a record is of one run: -record and -picks want one seed, not %s", text.Count(c.sweep.Seeds.Len(), "seed"))
	}
	if c.stdin != "" {
		typed := c.stdin
		c.stdin = a.Abs(typed)
		switch info, err := os.Stat(c.stdin); {
		case err != nil:
			return fmt.Errorf("-stdin %s: there is no such file to read", typed)
		case !info.Mode().IsRegular():
			return fmt.Errorf("-stdin %s: this is not a regular file, which alone is the same for each seed", typed)
		}
	}
	return checkRecords(a, o)
}

// runRun is the verb run from its arguments to its exit status.
func runRun(ctx context.Context, a *app, args []string) int {
	c := newRunCommand(a.Environ)
	err := c.parse(args, a.Environ)
	if errors.Is(err, flag.ErrHelp) {
		io.WriteString(a.stdout, runHelp())
		return exitOK
	}
	if err == nil {
		err = c.files(a)
	}
	if err != nil {
		return a.misuse("samerun run", err)
	}
	patterns, err := a.EnterModule([]string{c.pattern})
	if err != nil {
		return a.misuse("samerun run", err)
	}
	c.pattern = patterns[0]
	tmp, err := scratch.Make()
	if err != nil {
		return a.misuse("samerun run", fmt.Errorf("no place for the program: %w", err))
	}
	defer tmp.Remove()

	sc := a.screen()
	s := sweep.New(sc, c.sweep)
	return finish(ctx, a, "samerun run", s, c.prepare(ctx, a, s, sc, tmp.Path))
}

// prepare finds the program and gives it to the runner.
func (c *runCommand) prepare(ctx context.Context, a *app, s *sweep.Sweep, sc *screen.Screen, tmp string) error {
	b := &c.built.build
	p, err := a.Program(ctx, b, c.pattern)
	if err != nil {
		return err
	}
	if p.Unready != nil {
		return p.Err()
	}
	o := c.ordinary
	one := c.sweep.Seeds.Len() == 1
	o.Program = &ordinary.Program{Name: p.ProgramName(), Folder: a.Dir, Stdin: c.stdin, Live: one}
	o.Run = text.TestPattern(o.Program.Name)
	if (o.Verbose || one) && !c.sweep.JSON {
		o.Output = sc
	}
	o.Verbose = false // it is no flag of the program
	list := &gocmd.Listing{Packages: []*gocmd.Package{p}}
	return s.Prepare(ctx, list, []sweep.Part{{Runner: ordinary.New(&a.Caller, b, o, tmp), Packages: list.Packages}})
}
