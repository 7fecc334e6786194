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
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/records"
	"samerun/internal/report"
	"samerun/internal/runner/ordinary"
	"samerun/internal/runner/tasks"
	"samerun/internal/safefile"
	"samerun/internal/scratch"
	"samerun/internal/screen"
	"samerun/internal/seeds"
	"samerun/internal/sweep"
	"samerun/internal/text"
	"samerun/sched"
)

const testIntro = `usage: samerun test [flags] [packages]

Runs the tests of the packages (default: the one in this directory) over many seeds,
on all cores. Reports each distinct failure once, with its first seed and the command
that repeats it, and saves it as a replay file in testdata/replay of its package. From
then on this command runs the saved failure first. go test runs it, too, if it is of a
simulation test.

`

const testOrdinary = `Packages whose tests do not use samerun/sim are unmodified Go. Their tests run
once per seed, in virtual time, with a changed copy of the standard library
(docs/unmodified.md). So do tests whose nodes run goroutines (sim.Goroutines).
They have all strategies except exhaustive, and the default is walk. For them:`

const testOutro = `
example:
  samerun test -seeds 1-1000 ./examples/raft

exit status: 0 all passed, 1 a failure, 2 misuse, no build or no test to run, 130 interrupted
`

// testCommand is the command line of the verb test.
type testCommand struct {
	flags    *flags
	seedText string
	run      string // a regular expression as in go test, or empty for all
	strategy string // as sim.Config.Strategy
	timeout  time.Duration
	overlay  string   // auto, on or off
	packages []string // patterns for go list, at least one
	plain    []string // names of the flags that are for ordinary Go alone, sorted
	built    buildFlags
	faults   faultFlags
	report   string // a folder, or empty
	force    bool

	sweep    sweep.Options
	ordinary ordinary.Options
}

func testVerb() verb {
	return verb{"test", "run simulation tests over many seeds", testHelp, runTest}
}

func testHelp() string { return testIntro + newTestCommand(nil).flags.help() + testOutro }

// newTestCommand registers the flags. The environment has defaults of some.
func newTestCommand(environ []string) *testCommand {
	c := &testCommand{flags: newFlags("test")}
	f, o := c.flags, &c.ordinary
	f.text(&c.seedText, "seeds", "", "S", "the seeds, such as 7, 0x2f, 1-1000 or 1-10,15,0x20-0x2f (default: SAMERUN_SEEDS or SAMERUN_SEED if set, else 1-100)")
	f.text(&c.run, "run", "", "RE", "only tests that match, as in go test")
	f.yes(&c.sweep.Guided.On, "guided", false, "look for runs that see something new (docs/guided.md); makes as many runs of each test as there are seeds, and the first seed decides which")
	f.duration(&c.sweep.Guided.Time, "search", 0, "the same for this long in real time, shared by the tests")
	f.yes(&c.sweep.KeepGoing, "keep-going", false, "run all seeds; without it the first failure ends the run")
	f.number(&c.sweep.Workers, "j", runtime.NumCPU(), "processes at a time (default: the number of CPUs)")
	strict, _ := presetStrict(environ)
	f.yes(&c.sweep.Strict, "strict", strict, "also fail if a test asks for something that no seed reached: a Sometimes, the effect of a fault (default: on if SAMERUN_STRICT=1)")
	f.duration(&c.sweep.Shrink, "shrink", 30*time.Second, "real time for minimising each distinct failure; 0 for none")
	strategy, _ := gocmd.LookupEnv(environ, "SAMERUN_STRATEGY")
	f.text(&c.strategy, "strategy", strategy, "S", "who runs next: fifo, random, walk, pct:D, pos, delay:D, urw, surw, exhaustive, exhaustive:dpor; for pct and delay, the number of choices may follow the D, as in pct:3:4096 (default: SAMERUN_STRATEGY, else fifo at seed 0 and random otherwise)")
	f.yes(&c.sweep.JSON, "json", false, "one JSON object for each run on standard output, in order")
	f.text(&c.report, "report", "", "DIR", "writes a report into a folder: a page, report.json and summary.md, with a page for each distinct failure (docs/report.md)")
	f.yes(&c.force, "force", false, "with -report: also into a folder that has something else")
	c.built.race(f)
	c.built.tags(f)
	c.built.others(f)
	c.built.vet(f)
	f.duration(&c.timeout, "timeout", 10*time.Minute, "real time for one process, and virtual time for each test of ordinary Go, such as 90s; 0 for none")
	c.built.command(f)

	f.paragraph(testOrdinary)
	choice, _ := gocmd.LookupEnv(environ, "SAMERUN_OVERLAY")
	if choice == "" {
		choice = "auto"
	}
	f.text(&c.overlay, "overlay", choice, "W", "auto: as above; on: run all packages like that; off: none (default: SAMERUN_OVERLAY if set, else auto)")
	shared := f.names()
	c.faults.register(f)
	registerRun(f, &o.RunOptions)
	registerRecords(f, o)
	f.text(&o.Leaks, "leaks", "", "W", "what happens to a test that leaves goroutines waiting for ever. tell: it passes, and the end of the report names them; fail: it fails; off: no check (default tell; fail with -strict)")
	f.yes(&o.Verbose, "v", false, "print everything that the tests print, as in go test")
	f.text(&o.Skip, "skip", "", "RE", "as in go test")
	registerApart(f, o)
	f.yes(&o.FailFast, "failfast", false, "as in go test")
	f.number(&o.Count, "count", 1, "run each test N times in one process, as in go test")
	c.plain = slices.DeleteFunc(f.names(), func(name string) bool { return slices.Contains(shared, name) })
	f.word("-args", "the rest of the line is for the tests themselves")
	return c
}

// presetStrict is what the environment says of -strict.
func presetStrict(environ []string) (bool, error) {
	value, _ := gocmd.LookupEnv(environ, "SAMERUN_STRICT")
	on, ok := text.Switch(value)
	if !ok {
		return false, fmt.Errorf("the environment variable SAMERUN_STRICT is %s; say 1 for on, or 0 for off", text.Clip(value))
	}
	return on, nil
}

// parse reads the command line and checks it. Flags may stand before, between and
// behind the packages.
func (c *testCommand) parse(args, environ []string) (err error) {
	if err := gocmd.CheckEnviron(environ, "samerun test"); err != nil {
		return err
	}
	if _, err := presetStrict(environ); err != nil {
		return err
	}
	args, c.ordinary.Args = cutArgs(args)
	if c.packages, err = c.flags.parse(args); err != nil {
		return err
	}
	if len(c.packages) == 0 {
		c.packages = []string{"."}
	}
	if c.sweep.Seeds, err = chooseSeeds(c.seedText, c.flags.given("seeds"), environ); err != nil {
		return err
	}
	if err := checkChoice(c.overlay); err != nil {
		return err
	}
	c.built.finish()
	o := &c.ordinary
	if err := c.checkGuided(); err != nil {
		return err
	}
	if c.force && c.report == "" {
		return errors.New("-force goes with -report; leave it out")
	}
	o.Saw = c.report != ""
	o.Limit = c.timeout
	o.Run, o.Timeout, o.Workers, o.Strategy, o.Forced = c.run, c.timeout, c.sweep.Workers, c.strategy, c.overlay == "on"
	if c.sweep.Strict && o.Leaks == "" {
		o.Leaks = ordinary.LeaksFail
	}
	if err := o.Check(); err != nil {
		return err
	}
	return c.check()
}

// check refuses values that no run could make sense of.
func (c *testCommand) check() error {
	if c.sweep.Shrink < 0 {
		return fmt.Errorf("-shrink %v: the time must not be negative; 0 means not to minimise", c.sweep.Shrink)
	}
	return cmp.Or(checkWorkers(c.sweep.Workers), checkRun(c.run, c.strategy, c.timeout), checkPackages(c.packages))
}

// checkGuided refuses what a guided search cannot be made with.
func (c *testCommand) checkGuided() error {
	g := &c.sweep.Guided
	name := "-guided"
	if c.flags.given("search") {
		if g.Time <= 0 {
			return fmt.Errorf("-search %v: the time must be positive, such as 10m", g.Time)
		}
		if c.flags.given("guided") && !g.On {
			return errors.New("-search is a guided search, and -guided=false is none; leave one of the two out")
		}
		g.On, name = true, "-search"
	}
	if !g.On {
		return nil
	}
	c.sweep.Some = c.run != "" || c.ordinary.Skip != ""
	if spec, err := sched.ParseStrategy(c.strategy); err == nil {
		if _, many := spec.Exhaustive(); many {
			return fmt.Errorf("%s looks for runs in its own way, and -strategy %s makes all there are; leave one of the two out", name, c.strategy)
		}
	}
	for _, other := range []string{"record", "picks", "count"} {
		if c.flags.given(other) {
			return fmt.Errorf("%s makes many runs that are no seed's, and -%s is about one; leave one of the two out", name, other)
		}
	}
	for _, other := range []string{"v", "failfast", "apart"} {
		if c.flags.given(other) {
			return fmt.Errorf("%s runs each test in processes of its own and prints nothing of theirs, so that -%s would do nothing; leave one of the two out", name, other)
		}
	}
	return nil
}

// guidedLine is the line that makes a guided search again.
func (c *testCommand) guidedLine(a *app) string {
	g := &c.sweep.Guided
	if !g.On {
		return ""
	}
	words := append(a.Platform(), a.Self, "test", "-guided", "-seeds", c.sweep.Seeds.String())
	if g.Time > 0 {
		words = append(words, "-search", g.Time.String())
	}
	if c.strategy != "" {
		words = append(words, "-strategy", text.ShellQuote(c.strategy))
	}
	if c.run != "" {
		words = append(words, "-run", text.AlwaysShellQuote(c.run))
	}
	words = append(words, c.built.build.Words()...)
	for _, p := range c.packages {
		words = append(words, text.ShellQuote(p))
	}
	return strings.Join(words, " ")
}

// checkWorkers refuses numbers of processes that there cannot be.
func checkWorkers(n int) error {
	if n < 1 {
		return fmt.Errorf("-j %d: the number of processes must be at least 1", n)
	}
	return nil
}

// checkRun refuses what no test can be run by.
func checkRun(run, strategy string, timeout time.Duration) error {
	if _, err := sched.ParseStrategy(strategy); err != nil {
		return fmt.Errorf("-strategy: %w", err)
	}
	if timeout < 0 {
		return fmt.Errorf("-timeout %v: the time must not be negative; 0 means no limit", timeout)
	}
	if _, err := regexp.Compile(run); err != nil {
		return fmt.Errorf("-run %q is not a regular expression: %w", run, err)
	}
	return nil
}

// checkPackages refuses names that are none of packages.
func checkPackages(patterns []string) error {
	for _, p := range patterns {
		if strings.HasSuffix(p, ".go") {
			return fmt.Errorf("%q is a file; name its package instead, such as ./examples/raft", p)
		}
	}
	return nil
}

// runTest is the verb test from its arguments to its exit status.
func runTest(ctx context.Context, a *app, args []string) int {
	c := newTestCommand(a.Environ)
	err := c.parse(args, a.Environ)
	if errors.Is(err, flag.ErrHelp) {
		io.WriteString(a.stdout, testHelp())
		return exitOK
	}
	if err != nil {
		return a.misuse("samerun test", err)
	}
	if c.packages, err = a.EnterModule(c.packages); err != nil {
		return a.misuse("samerun test", err)
	}
	if c.ordinary.Faults, err = c.faults.read(c.flags, c.ordinary.Net, a.Abs); err != nil {
		return a.misuse("samerun test", err)
	}
	if c.report != "" {
		if c.sweep.Reporting.To, err = report.Open(a.Abs(c.report), c.report, c.force); err != nil {
			return a.misuse("samerun test", err)
		}
		c.sweep.Reporting.Command = commandLine(a, "test", args)
	}
	tmp, err := scratch.Make()
	if err != nil {
		return a.misuse("samerun test", fmt.Errorf("no place for the test binaries: %w", err))
	}
	defer tmp.Remove()

	sc := a.screen()
	s := sweep.New(sc, c.sweep)
	return finish(ctx, a, "samerun test", s, c.prepare(ctx, a, s, sc, tmp.Path))
}

// commandLine is what was typed.
func commandLine(a *app, verb string, args []string) string {
	words := append(a.Platform(), a.Self, verb)
	for _, arg := range args {
		words = append(words, text.ShellQuote(arg))
	}
	return strings.Join(words, " ")
}

// finish runs the seeds of a sweep that was prepared, unless err says that it was not, tells
// what came of them, and returns the exit status.
func finish(ctx context.Context, a *app, who string, s *sweep.Sweep, err error) int {
	if err == nil {
		err = s.Run(ctx)
	}
	if err == nil {
		s.Minimise(ctx)
		s.Picture(ctx)
	}
	if ctx.Err() != nil {
		s.Finish(true)
		if err == nil {
			if err := s.WriteReport(true, true); err != nil {
				fmt.Fprintf(a.stderr, "%s: %s\n", who, text.Block(err.Error()))
			}
		}
		return exitInterrupted
	}
	if err == nil {
		err = s.NothingRan()
	}
	if err != nil {
		s.Abandon()
		return a.misuse(who, err)
	}
	failed := s.Finish(false)
	if err := s.WriteReport(false, failed); err != nil {
		status := a.misuse(who, err)
		if failed {
			status = exitFailure
		}
		return status
	}
	if failed {
		return exitFailure
	}
	if s.Unready() {
		return exitMisuse
	}
	return exitOK
}

// prepare finds the packages and gives each to the runner that it is for.
func (c *testCommand) prepare(ctx context.Context, a *app, s *sweep.Sweep, sc *screen.Screen, tmp string) error {
	b := &c.built.build
	list, err := a.List(ctx, b, c.packages)
	if err != nil {
		return err
	}
	ready := gocmd.Ready(list.Packages)
	if len(ready) == 0 {
		return gocmd.AllUnready(list.Packages)
	}
	mine := gocmd.Ordinary(ready, c.overlay)
	others := slices.DeleteFunc(ready, func(p *gocmd.Package) bool { return slices.Contains(mine, p) })
	if err := c.fits(a, mine, others); err != nil {
		return err
	}
	var parts []sweep.Part
	folder := func(world string) (string, error) {
		// Both number their files.
		dir := filepath.Join(tmp, world)
		return dir, os.Mkdir(dir, 0o777)
	}
	o := c.ordinary
	o.Guided = c.guidedLine(a)
	if o.Verbose && !c.sweep.JSON {
		o.Output = sc
	}
	if len(others) > 0 {
		dir, err := folder("tasks")
		if err != nil {
			return err
		}
		of := tasks.Options{Run: c.run, Strategy: c.strategy, Timeout: c.timeout, Workers: c.sweep.Workers, Patterns: c.packages, Guided: c.guidedLine(a), Alone: c.overlay == "off", Saw: c.report != ""}
		r := tasks.New(&a.Caller, b, of, dir)
		o.Mixed = r.Mixed
		parts = append(parts, sweep.Part{Runner: r, Packages: others})
	}
	if c.overlay != "off" {
		// It has the packages of ordinary Go, and comes to know from the other one which
		// tests want goroutines.
		dir, err := folder("ordinary")
		if err != nil {
			return err
		}
		parts = append(parts, sweep.Part{Runner: ordinary.New(&a.Caller, b, o, dir), Packages: mine})
	}
	return s.Prepare(ctx, list, parts)
}

// fits refuses flags that are not for the packages.
func (c *testCommand) fits(a *app, plain, simulating []*gocmd.Package) error {
	o := &c.ordinary
	ones := plain
	if len(plain) == 0 {
		// Whether one of their tests wants goroutines is known when they have been built.
		if o.Unused = c.refusePlain(simulating); o.Unused == nil || c.overlay == "off" {
			return o.Unused
		}
		ones = simulating
	} else if len(simulating) > 0 && len(o.Args) > 0 {
		return fmt.Errorf("-args is for unmodified tests, and those of %s use samerun/sim, where all is in the seed; name the packages apart", simulating[0].Path)
	}
	if _, err := ordinary.ReadStrategy(c.strategy); err != nil && len(plain) > 0 {
		return fmt.Errorf("%w (the tests of %s do not use samerun/sim)", err, plain[0].Path)
	}
	if (o.Record != "" || o.Picks != "") && (c.sweep.Seeds.Len() != 1 || len(ones) != 1) {
		return fmt.Errorf("a record is of one run: -record and -picks want one seed and one package, not %s of %s", text.Count(c.sweep.Seeds.Len(), "seed"), text.Count(uint64(len(ones)), "package"))
	}
	return checkRecords(a, o)
}

// checkRecords makes the names of records absolute, and refuses those that can be neither
// written nor read.
func checkRecords(a *app, o *ordinary.Options) error {
	if o.Record != "" {
		typed := o.Record
		o.Record = a.Abs(typed)
		if err := safefile.CanCreate(o.Record); err != nil {
			return fmt.Errorf("-record %s: %w; name a file in a folder that exists", typed, err)
		}
	}
	if o.Picks != "" {
		typed := o.Picks
		o.Picks = a.Abs(typed)
		if _, err := records.ReadDeviations(o.Picks); err != nil {
			return fmt.Errorf("-picks %s: %w; give a file that -record or a failing sweep has written", typed, err)
		}
	}
	return nil
}

// refusePlain refuses the flags for ordinary Go where no package is run as that: they
// would do nothing.
func (c *testCommand) refusePlain(simulating []*gocmd.Package) error {
	given := slices.DeleteFunc(slices.Clone(c.plain), func(name string) bool { return !c.flags.given(name) })
	if len(c.ordinary.Args) > 0 {
		given = append(given, "args")
	}
	switch {
	case len(given) == 0:
		return nil
	case c.overlay == "off":
		return fmt.Errorf("-%s is for tests of ordinary Go, and with -overlay off none are run as that; leave one of the two out", given[0])
	}
	return fmt.Errorf("-%s is for tests of ordinary Go, and those of %s use samerun/sim, where it would do nothing; leave it out", given[0], simulating[0].Path)
}

// chooseSeeds takes the flag, else the environment, else 1-100.
func chooseSeeds(text string, given bool, environ []string) (seeds.Set, error) {
	if given {
		return seeds.Parse(text)
	}
	if replay, ok := gocmd.LookupEnv(environ, "SAMERUN_REPLAY"); ok && replay != "" {
		return seeds.Set{}, errors.New("SAMERUN_REPLAY is set, but this command runs seeds; unset it, or name the seeds with -seeds, or use samerun replay")
	}
	for _, name := range []string{"SAMERUN_SEEDS", "SAMERUN_SEED"} {
		if value, ok := gocmd.LookupEnv(environ, name); ok && value != "" {
			set, err := seeds.Parse(value)
			if err != nil {
				return set, fmt.Errorf("the environment variable %s: %w", name, err)
			}
			return set, nil
		}
	}
	return seeds.Parse("1-100")
}

// cutArgs cuts a command line at -args: what follows is for the tests.
func cutArgs(line []string) (ours, theirs []string) {
	if i := slices.IndexFunc(line, func(word string) bool { return word == "-args" || word == "--args" }); i >= 0 {
		return line[:i], line[i+1:]
	}
	return line, nil
}
