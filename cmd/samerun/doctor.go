package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"samerun/internal/seeds"
)

const doctorUsage = `usage: samerun doctor [flags] [packages]

Checks whether unmodified Go runs exactly here: that the toolchain can be used,
and that the tests of the packages (default: the one in this directory) take the
same course each time they run on one seed, turn by turn and draw by draw.

All tests of a package run on the seed again and again, under conditions that must
not matter: another number of processors, another pace of the collector, busy
processors, another folder for temporary files. Then each test runs by itself.
Where two runs part, both sides are shown with their stacks, and what the cause
is likely to be: real input or output, addresses that decide an order, C code, a
variable left from an earlier test, and the like.

  -seed N       the seed (default 1)
  -runs N       runs of all tests, at least 2 (default 3)
  -run RE       only tests that match, as in go test
  -race         build with the race detector
  -tags T       build tags, separated by commas
  -short        as in go test
  -timeout D    real time for one process, such as 90s; 0 for none (default 10m)
  -exec CMD     run test binaries by this command, as in go test
  -strategy S   who runs next: fifo, random or pct:D (default: SAMERUN_STRATEGY,
                else fifo at seed 0 and random otherwise)
  -turn D       virtual time of a turn while others are ready (default 200µs)
  -net W        test: a network of each test's own; real: the machine's (default test)
  -date D       the day on which the clock of each test begins (default 2000-01-01)
  -watchdog D   real time for one turn, 0 for no limit (default 30s)
  -overlay on   look at packages whose tests use samerun/sim, too

example:
  samerun doctor ./raft

exit status: 0 equal runs, 1 runs that differ, 2 misuse, no build or a toolchain
that cannot be used, 130 interrupted
`

func doctorVerb() verb {
	return verb{"doctor", "check that unmodified tests run exactly here", doctorUsage, runDoctor}
}

// doctor is one call of the verb.
type doctor struct {
	app    *app
	opts   *testOptions
	seed   uint64
	runs   int // of all tests of a package, at least 2
	screen *screen
	u      *unmodified // for what it knows of commands and environments

	mu    sync.Mutex // guards what follows
	doing string     // for the line of progress
	since time.Time
}

// runDoctor is the verb doctor from its arguments to its exit status.
func runDoctor(ctx context.Context, a *app, args []string) int {
	d := &doctor{app: a}
	err := d.parse(args)
	if errors.Is(err, flag.ErrHelp) {
		io.WriteString(a.stdout, doctorUsage)
		return exitOK
	}
	if err != nil {
		return a.misuse("samerun doctor", err)
	}
	if d.opts.packages, err = a.enterModule(d.opts.packages); err != nil {
		return a.misuse("samerun doctor", err)
	}
	tmp, err := os.MkdirTemp("", "samerun-")
	if err != nil {
		return a.misuse("samerun doctor", fmt.Errorf("no place for the test binaries: %w", err))
	}
	defer os.RemoveAll(tmp)

	d.screen = newScreen(a)
	d.screen.start(d.status)
	defer d.screen.stop()
	d.u = &unmodified{sweep: &sweep{app: a, opts: d.opts, tmp: tmp, screen: d.screen}}
	code, err := d.examine(ctx, tmp)
	switch {
	case ctx.Err() != nil:
		d.screen.note("interrupted")
		return exitInterrupted
	case err != nil:
		d.screen.stop()
		return a.misuse("samerun doctor", err)
	}
	return code
}

// parse reads the command line.
func (d *doctor) parse(args []string) error {
	fs := flag.NewFlagSet("doctor", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	o := &testOptions{workers: runtime.NumCPU()}
	d.opts = o
	var seed, command string
	fs.StringVar(&seed, "seed", "1", "")
	fs.IntVar(&d.runs, "runs", 3, "")
	fs.StringVar(&o.run, "run", "", "")
	fs.BoolVar(&o.race, "race", false, "")
	fs.StringVar(&o.tags, "tags", "", "")
	fs.DurationVar(&o.timeout, "timeout", 10*time.Minute, "")
	strategy, _ := lookupEnv(d.app.environ, "SAMERUN_STRATEGY")
	fs.StringVar(&o.strategy, "strategy", strategy, "")
	fs.StringVar(&command, "exec", "", "")
	o.registerRun(fs, d.app.environ)
	var err error
	if o.packages, err = parseMixed(fs, args); err != nil {
		return err
	}
	if len(o.packages) == 0 {
		o.packages = []string{"."}
	}
	o.exec = strings.Fields(command)
	if d.seed, err = seeds.ParseSeed(seed); err != nil {
		return fmt.Errorf("-seed: %w", err)
	}
	if d.runs < 2 {
		return fmt.Errorf("-runs %d: at least 2 runs can be compared", d.runs)
	}
	switch kind, _, _ := strings.Cut(o.strategy, ":"); kind {
	case "", "random", "walk", "fifo", "pct":
	default:
		return fmt.Errorf("-strategy %s: unmodified tests know fifo, random and pct:D", o.strategy)
	}
	if o.overlay == "off" {
		return errors.New("-overlay off: the doctor is for tests that run on the overlay; say auto or on")
	}
	if err := o.unmodifiedOptions.check(); err != nil {
		return err
	}
	return o.check()
}

// examine checks the toolchain and then the packages, one after another, and returns
// the exit status. The error means that nothing could be looked at.
func (d *doctor) examine(ctx context.Context, tmp string) (int, error) {
	d.step("the toolchain")
	if err := d.checkToolchain(ctx); err != nil {
		return 0, err
	}
	d.step("listing the packages")
	pkgs, untested, err := listPackages(ctx, d.app, d.opts)
	if err != nil {
		return 0, err
	}
	mine, _, err := splitPackages(ctx, d.app, d.opts)
	if err != nil {
		return 0, err
	}
	for _, arg := range untested {
		d.say(faint, "none", arg, "no test files")
	}
	worst := exitOK
	for i, pkg := range pkgs {
		if !slices.Contains(mine, pkg.path) {
			d.say(faint, "sim", pkg.arg, "its tests use samerun/sim and run on the stock toolchain; -overlay on looks at them nevertheless")
			continue
		}
		p := &patient{doctor: d, pkg: pkg, tmp: filepath.Join(tmp, "p"+strconv.Itoa(i))}
		code, err := p.examine(ctx)
		if err != nil {
			return 0, err
		}
		worst = max(worst, code)
	}
	return worst, nil
}

// step tells the line of progress what is being done from now on.
func (d *doctor) step(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.doing, d.since = what, time.Now()
}

// status is the line of progress. It changes with the seconds only where it is redrawn.
func (d *doctor) status() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.doing == "" || !d.screen.live {
		return d.doing
	}
	return excerptOf(d.doing, progressWidth-8) + "  " + strconv.Itoa(int(time.Since(d.since)/time.Second)) + "s"
}

// say prints a line of results: a word on how it is, what it is about, and the rest.
func (d *doctor) say(color, word, name, rest string) {
	pad := strings.Repeat(" ", max(0, 6-len(word)))
	d.screen.print(d.screen.paint(color, word) + pad + name + "  " + d.screen.paint(faint, rest) + "\n")
}
