package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"samerun/internal/overlay"
)

// simPath is the package by which simulation tests are known.
const simPath = "samerun/sim"

// unmodifiedOptions are the flags that are about unmodified tests alone.
type unmodifiedOptions struct {
	overlay     string        // auto, on or off
	turn        time.Duration // virtual time of a turn
	watchdog    time.Duration // real time; 0: none
	verbose     bool
	net         string // "test" or "real"
	date        string // on which the clock of a test begins
	short       bool
	skip        string // a regular expression, or empty
	failFast    bool
	count       int      // how often each test runs in a process
	args        []string // for the tests themselves
	record      string   // a file for the record of one run, or empty
	picks       string   // a record to be replayed, or empty
	overlayFile string   // for the go command, once made; empty for packages that need none
}

func (o *unmodifiedOptions) register(fs *flag.FlagSet, environ []string) {
	o.registerRun(fs, environ)
	fs.BoolVar(&o.verbose, "v", false, "")
	fs.StringVar(&o.skip, "skip", "", "")
	fs.BoolVar(&o.failFast, "failfast", false, "")
	fs.IntVar(&o.count, "count", o.count, "")
	fs.StringVar(&o.record, "record", "", "")
	fs.StringVar(&o.picks, "picks", "", "")
}

// registerRun registers those that say which run a seed is.
func (o *unmodifiedOptions) registerRun(fs *flag.FlagSet, environ []string) {
	choice, _ := lookupEnv(environ, "SAMERUN_OVERLAY")
	if choice == "" {
		choice = "auto"
	}
	o.count = 1
	fs.StringVar(&o.overlay, "overlay", choice, "")
	fs.DurationVar(&o.turn, "turn", 200*time.Microsecond, "")
	fs.StringVar(&o.net, "net", "test", "")
	fs.StringVar(&o.date, "date", "2000-01-01", "")
	fs.DurationVar(&o.watchdog, "watchdog", 30*time.Second, "")
	fs.BoolVar(&o.short, "short", false, "")
}

func (o *unmodifiedOptions) check() error {
	switch {
	case o.overlay != "auto" && o.overlay != "on" && o.overlay != "off":
		return fmt.Errorf("-overlay %s: say auto, on or off", o.overlay)
	case o.net != "test" && o.net != "real":
		return fmt.Errorf("-net %s: say test, for a network of each test's own, or real, for the machine's", o.net)
	case !isDate(o.date):
		return fmt.Errorf("-date %s: say a day from 1970 to 2199, such as 2026-11-29", o.date)
	case o.turn < 0:
		return fmt.Errorf("-turn %v: the time must not be negative; 0 means that a turn takes none", o.turn)
	case o.count < 1:
		return fmt.Errorf("-count %d: the number must be at least 1", o.count)
	case o.watchdog < 0:
		return fmt.Errorf("-watchdog %v: the time must not be negative; 0 means no limit", o.watchdog)
	}
	if _, err := regexp.Compile(o.skip); err != nil {
		return fmt.Errorf("-skip %q is not a regular expression: %w", o.skip, err)
	}
	return nil
}

// isDate reports whether the clock of a test can begin on a day.
func isDate(text string) bool {
	t, err := time.Parse(time.DateOnly, text)
	return err == nil && t.Year() >= 1970 && t.Year() < 2200
}

// unmodified is the part of a sweep over packages of unmodified tests.
type unmodified struct {
	*sweep
	leftovers map[string]leftover // by package and test; guarded by sweep.mu
}

// leftover is what the tests of a package leave behind or should not do.
type leftover struct {
	goroutines int    // the most in one run
	io         int    // runs that waited for real input or output
	refused    string // an address that was dialled in vain, if a run failed
	runs       int
}

// runUnmodified runs those of the packages whose tests are unmodified Go, and
// leaves the others in opts.packages. If there are none it does nothing. The
// error means that nothing could be run.
func runUnmodified(ctx context.Context, a *app, opts *testOptions, tmp string) (code int, err error) {
	mine, others, err := splitPackages(ctx, a, opts)
	if err == nil && len(others) > 0 && len(opts.args) > 0 {
		err = fmt.Errorf("-args is for unmodified tests, and those of %s use samerun/sim, where all is in the seed; name the packages apart", others[0])
	}
	if err != nil || len(mine) == 0 {
		return exitOK, err
	}
	own := *opts
	own.packages = mine
	opts.packages = others
	switch kind, _, _ := strings.Cut(own.strategy, ":"); kind {
	case "", "random", "walk", "fifo", "pct":
	default:
		return exitOK, fmt.Errorf("-strategy %s: unmodified tests, such as those of %s, know fifo, random and pct:D", own.strategy, mine[0])
	}
	if (own.record != "" || own.picks != "") && (own.seeds.Len() != 1 || len(mine) != 1) {
		return exitOK, fmt.Errorf("a record is of one run: -record and -picks want one seed and one package, not %s of %s", count(own.seeds.Len(), "seed"), count(uint64(len(mine)), "package"))
	}
	if own.picks != "" {
		if _, err := readDeviations(a.abs(own.picks)); err != nil {
			return exitOK, fmt.Errorf("-picks %s: %w; give a file that -record or a failing sweep has written", own.picks, err)
		}
	}
	with, err := makeOverlay(ctx, a)
	if err != nil {
		return exitOK, err
	}
	own.overlayFile, a = with.file, with.app
	u := &unmodified{sweep: newSweep(a, &own, tmp), leftovers: make(map[string]leftover)}
	u.unmodified = u
	if err = u.prepare(ctx); err == nil {
		err = u.runSeeds(ctx)
	}
	if err == nil {
		u.minimise(ctx)
	}
	if err != nil && ctx.Err() == nil {
		u.screen.stop()
		return exitOK, err
	}
	code = u.finish(ctx.Err() != nil)
	u.tellLeftovers()
	return code, nil
}

// overlaid is an overlay and what builds with it.
type overlaid struct {
	file  string // for -overlay
	found bool   // it was made before
	tc    overlay.Toolchain
	app   *app // with the go command of the toolchain
}

// makeOverlay makes the overlay of the toolchain that builds in the user's folder.
func makeOverlay(ctx context.Context, a *app) (*overlaid, error) {
	tc, err := overlay.Find(ctx, cmp.Or(a.goDir, a.dir), a.environ)
	if err != nil {
		return nil, err
	}
	cache, err := overlay.CacheDir()
	if err != nil {
		return nil, err
	}
	file, found, err := overlay.Prepare(tc, cache)
	if err != nil {
		return nil, err
	}
	own := *a
	if tc.Linked {
		path, _ := lookupEnv(a.environ, "PATH")
		own.goName, own.environ = tc.Command(), append(slices.Clip(a.environ), tc.Environ(path)...)
	}
	return &overlaid{file, found, tc, &own}, nil
}

// splitPackages tells packages of unmodified tests from those with simulation
// tests. With auto, a package without test files counts among the latter, which
// say so.
func splitPackages(ctx context.Context, a *app, opts *testOptions) (unmodified, others []string, err error) {
	if opts.overlay == "off" {
		return nil, opts.packages, nil
	}
	args := append([]string{"list", "-test", "-f", "{{if .ForTest}}{{else}}{{.ImportPath}} {{.Name}} {{range .Deps}} {{.}}{{end}}{{end}}"}, opts.buildFlags()...)
	stdout, stderr, err := a.goCommand(ctx, append(append(args, "--"), opts.packages...))
	if err != nil {
		return nil, nil, fmt.Errorf("the packages cannot be listed: %w", withOutput(err, stderr))
	}
	var plain []string
	tested := make(map[string]bool) // packages with a test binary: whether it has simulations
	for line := range strings.Lines(stdout) {
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		if path, ok := strings.CutSuffix(words[0], ".test"); ok && words[1] == "main" {
			tested[path] = slices.Contains(words[2:], simPath)
		} else {
			plain = append(plain, words[0])
		}
	}
	for _, path := range plain {
		simulates, ok := tested[path]
		if ok && (!simulates || opts.overlay == "on") {
			unmodified = append(unmodified, path)
		} else {
			others = append(others, path)
		}
	}
	if len(unmodified) == 0 {
		return nil, opts.packages, nil
	}
	if !slices.ContainsFunc(others, func(path string) bool { return tested[path] }) {
		// What is left has no tests at all.
		others = nil
	}
	return unmodified, others, nil
}

// prepare lists and builds the packages. There is nothing to be found out about
// their tests: a package is one row of results.
func (u *unmodified) prepare(ctx context.Context) error {
	pkgs, untested, err := listPackages(ctx, u.app, u.opts)
	if err != nil {
		return err
	}
	u.noteUntested(untested)
	u.pkgs = pkgs
	u.phase("building", len(pkgs))
	err = buildAll(ctx, u.app, u.opts, u.tmp, pkgs, func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.progress.stepsDone++
	})
	if err != nil {
		return err
	}
	name := "all tests"
	if u.opts.run != "" {
		name = "-run " + u.opts.run
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, p := range pkgs {
		u.slots = append(u.slots, slot{simTest: simTest{pkg: p, name: name}})
	}
	for i := range u.slots {
		u.tests = append(u.tests, &u.slots[i].simTest)
	}
	if u.opts.json {
		u.json = newJSONStream(u.screen, u.seedSets(), !u.opts.keepGoing)
	}
	u.progress.begin(uint64(len(pkgs)), u.opts.seeds.Len())
	return nil
}

// tellLeftovers says which tests leave goroutines behind, and which wait for the
// real world.
func (u *unmodified) tellLeftovers() {
	const few = 5
	var names []string
	for name := range u.leftovers { //samerun:allow maprange: the names are sorted below
		names = append(names, name)
	}
	slices.Sort(names)
	left := 0
	for _, name := range names {
		l := u.leftovers[name]
		if l.io > 0 {
			u.screen.note(fmt.Sprintf("%s waited for real input or output in %d of %s: those may differ from run to run", name, l.io, count(uint64(l.runs), "run")))
		}
		if l.refused != "" {
			u.screen.note(fmt.Sprintf("%s dialled %s, where nobody in the test listens: -net real lets tests reach the machine's own servers", name, l.refused))
		}
		if l.goroutines == 0 {
			continue
		}
		if left++; left <= few {
			u.screen.note(fmt.Sprintf("%s: up to %s left at its end, and dropped", name, count(uint64(l.goroutines), "goroutine")))
		}
	}
	if left > few {
		u.screen.note(fmt.Sprintf("%d more tests left goroutines at their ends", left-few))
	}
}
