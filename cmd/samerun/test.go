package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"samerun/internal/seeds"
	"samerun/sched"
)

const testUsage = `usage: samerun test [flags] [packages]

Runs the simulation tests of the packages (default: the one in this directory)
over many seeds, on all cores. Prints each distinct failure once, with its first
seed and the command that repeats it, and saves it as a replay file under
testdata/replay of its package, where go test runs it from then on.

  -seeds S      the seeds, such as 7, 0x2f, 1-1000 or 1-10,15,0x20-0x2f
                (default: SAMERUN_SEEDS or SAMERUN_SEED if set, else 1-100)
  -run RE       only tests that match, as in go test
  -keep-going   run all seeds; without it the first failure ends the run
  -j N          processes at a time (default: the number of CPUs)
  -strict       fail too if a test asks for something that no seed reached: a
                Sometimes, a fault's effect (default: on if SAMERUN_STRICT=1)
  -shrink D     real time for minimising each distinct failure; 0 for none (default 30s)
  -strategy S   who runs next: fifo, random, walk, pct:D, pos, delay:D, exhaustive
                (default: SAMERUN_STRATEGY, else fifo at seed 0 and random otherwise)
  -json         one JSON object for each run on standard output, in order
  -race         build with the race detector
  -tags T       build tags, separated by commas; also -mod, -modfile, -ldflags and
                -gcflags, as in go build
  -timeout D    real time for one process, such as 90s; 0 for none (default 10m)
  -exec CMD     run test binaries by this command, as in go test

Packages whose tests do not use samerun/sim are unmodified Go: their ordinary
tests run once a seed in virtual time, goroutines and all, on a changed copy of
the standard library (docs/unmodified.md). For them:

  -overlay W    auto: as above; on: run all packages like that; off: none
                (default: SAMERUN_OVERLAY if set, else auto)
  -turn D       virtual time that a goroutine's turn takes while others are ready,
                0 for none (default 200µs); -strategy: fifo, random or pct:D
  -net W        test: sockets belong to a network of each test's own, in memory and
                in virtual time; real: to the machine's (default test)
  -date D       the day on which the clock of each test begins (default 2000-01-01)
  -watchdog D   real time after which a goroutine that does not give up its turn
                ends the run, 0 for none (default 30s)
  -record FILE  writes each turn and each random draw of one run, with stacks
  -picks FILE   takes the turns of such a record instead of those of the strategy
  -v, -short, -skip RE, -failfast, -count N   as in go test; -v prints all that the
                tests print, -count runs each of them N times in one process
  -args         what follows is for the tests themselves

example:
  samerun test -seeds 1-1000 ./examples/raft

exit status: 0 all good, 1 a failure, 2 misuse or no build, 130 interrupted
`

// testOptions is the command line of the verb test, checked.
type testOptions struct {
	seeds     seeds.Set // not empty
	run       string    // a regular expression as in go test, or empty for all
	keepGoing bool
	workers   int // at least 1
	json      bool
	strict    bool // vacuous tests fail
	race      bool
	tags      string
	mod       string // as -mod of the go command; so the next three
	modfile   string
	ldflags   string
	gcflags   string
	timeout   time.Duration // 0: none
	exec      []string      // runs test binaries, if they cannot run by themselves
	shrink    time.Duration // for each distinct failure; 0: none
	strategy  string        // as sim.Config.Order
	packages  []string      // patterns for go list, at least one
	unmodifiedOptions
}

func testVerb() verb {
	return verb{"test", "run simulation tests over many seeds", testUsage, runTest}
}

// runTest is the verb test from its arguments to its exit status.
func runTest(ctx context.Context, a *app, args []string) int {
	opts, err := parseTestFlags(args, a.environ)
	if errors.Is(err, flag.ErrHelp) {
		io.WriteString(a.stdout, testUsage)
		return exitOK
	}
	if err != nil {
		return a.misuse("samerun test", err)
	}
	if opts.packages, err = a.enterModule(opts.packages); err != nil {
		return a.misuse("samerun test", err)
	}
	tmp, err := os.MkdirTemp("", "samerun-")
	if err != nil {
		return a.misuse("samerun test", fmt.Errorf("no place for the test binaries: %w", err))
	}
	defer os.RemoveAll(tmp)

	unmodified, err := runUnmodified(ctx, a, opts, tmp)
	switch {
	case ctx.Err() != nil:
		return exitInterrupted
	case err != nil:
		return a.misuse("samerun test", err)
	case len(opts.packages) == 0:
		return unmodified
	}

	sweep := newSweep(a, opts, tmp)
	err = sweep.prepare(ctx)
	if err == nil {
		err = sweep.runSeeds(ctx)
	}
	if err == nil {
		sweep.minimise(ctx)
	}
	if ctx.Err() != nil {
		sweep.finish(true)
		return exitInterrupted
	}
	if err != nil {
		sweep.screen.stop()
		return a.misuse("samerun test", err)
	}
	return max(unmodified, sweep.finish(false))
}

// parseTestFlags reads the command line. Flags may stand before, between and
// behind the packages.
func parseTestFlags(args, environ []string) (*testOptions, error) {
	fs := flag.NewFlagSet("test", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	opts := &testOptions{}
	var seedText string
	fs.StringVar(&seedText, "seeds", "", "")
	fs.StringVar(&opts.run, "run", "", "")
	fs.BoolVar(&opts.keepGoing, "keep-going", false, "")
	fs.IntVar(&opts.workers, "j", runtime.NumCPU(), "")
	fs.BoolVar(&opts.json, "json", false, "")
	strict, _ := lookupEnv(environ, "SAMERUN_STRICT")
	fs.BoolVar(&opts.strict, "strict", strict != "" && strict != "0" && strict != "false", "")
	fs.BoolVar(&opts.race, "race", false, "")
	fs.StringVar(&opts.tags, "tags", "", "")
	fs.StringVar(&opts.mod, "mod", "", "")
	fs.StringVar(&opts.modfile, "modfile", "", "")
	fs.StringVar(&opts.ldflags, "ldflags", "", "")
	fs.StringVar(&opts.gcflags, "gcflags", "", "")
	fs.DurationVar(&opts.timeout, "timeout", 10*time.Minute, "")
	fs.DurationVar(&opts.shrink, "shrink", 30*time.Second, "")
	strategy, _ := lookupEnv(environ, "SAMERUN_STRATEGY")
	fs.StringVar(&opts.strategy, "strategy", strategy, "")
	var run string
	fs.StringVar(&run, "exec", "", "")
	opts.unmodifiedOptions.register(fs, environ)

	var err error
	args, opts.args = cutArgs(args)
	if opts.packages, err = parseMixed(fs, args); err != nil {
		return nil, err
	}
	if len(opts.packages) == 0 {
		opts.packages = []string{"."}
	}
	opts.exec = strings.Fields(run)
	seedsGiven := false
	fs.Visit(func(f *flag.Flag) { seedsGiven = seedsGiven || f.Name == "seeds" })

	if opts.seeds, err = chooseSeeds(seedText, seedsGiven, environ); err != nil {
		return nil, err
	}
	if err := opts.unmodifiedOptions.check(); err != nil {
		return nil, err
	}
	return opts, opts.check()
}

// check refuses values that no run could make sense of.
func (o *testOptions) check() error {
	if o.workers < 1 {
		return fmt.Errorf("-j %d: the number of processes must be at least 1", o.workers)
	}
	if o.shrink < 0 {
		return fmt.Errorf("-shrink %v: the time must not be negative; 0 means not to minimise", o.shrink)
	}
	if _, err := sched.ParseStrategy(o.strategy); err != nil {
		return fmt.Errorf("-strategy: %w", err)
	}
	if o.timeout < 0 {
		return fmt.Errorf("-timeout %v: the time must not be negative; 0 means no limit", o.timeout)
	}
	if _, err := regexp.Compile(o.run); err != nil {
		return fmt.Errorf("-run %q is not a regular expression: %w", o.run, err)
	}
	for _, p := range o.packages {
		if strings.HasSuffix(p, ".go") {
			return fmt.Errorf("%q is a file; name its package instead, such as ./examples/raft", p)
		}
	}
	return nil
}

// chooseSeeds takes the flag, else the environment, else 1-100.
func chooseSeeds(text string, given bool, environ []string) (seeds.Set, error) {
	if given {
		return seeds.Parse(text)
	}
	if replay, ok := lookupEnv(environ, "SAMERUN_REPLAY"); ok && replay != "" {
		return seeds.Set{}, errors.New("SAMERUN_REPLAY is set, but this command runs seeds; unset it, or name the seeds with -seeds, or use samerun replay")
	}
	for _, name := range []string{"SAMERUN_SEEDS", "SAMERUN_SEED"} {
		if value, ok := lookupEnv(environ, name); ok && value != "" {
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

// parseMixed reads a command line in which flags may stand before, between and behind
// the other words, and returns those.
func parseMixed(fs *flag.FlagSet, args []string) (words []string, err error) {
	for rest := args; ; rest = fs.Args()[1:] {
		if err := fs.Parse(rest); err != nil {
			return nil, flagError(fs.Name(), err)
		}
		if fs.NArg() == 0 {
			return words, nil
		}
		words = append(words, fs.Arg(0))
	}
}

// flagError puts an error of package flag into this tool's words.
func flagError(verb string, err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	msg := err.Error()
	if name, ok := strings.CutPrefix(msg, "flag provided but not defined: "); ok {
		msg = "there is no flag " + name
	}
	return fmt.Errorf("%s; \"samerun help %s\" lists the flags", msg, verb)
}
