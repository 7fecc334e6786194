package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// ordinaryOptions are what ordinary tests are run by.
type ordinaryOptions struct {
	runOptions
	run      string        // a regular expression as in go test, or empty for all
	timeout  time.Duration // for one process; 0: none
	workers  int           // processes at a time, at least 1
	skip     string        // a regular expression, or empty
	failFast bool
	count    int       // how often each test runs in a process, at least 1
	args     []string  // for the tests themselves
	record   string    // a file for the record of one run, absolute, or empty
	picks    string    // a record to be replayed, absolute, or empty
	verbose  bool      // as -v of go test
	output   io.Writer // gets what the tests print with -v, process by process; nil for nothing
}

// runOptions decide, with the seed, which run it is.
type runOptions struct {
	strategy string        // as -strategy; empty for the one that goes with the seed
	turn     time.Duration // virtual time of a turn
	watchdog time.Duration // real time; 0: none
	net      string        // "test" or "real"
	date     string        // on which the clock of a test begins
	short    bool          // as -short of go test
	forced   bool          // tests that use samerun/sim are run as ordinary ones, too
}

// check refuses values that no run could make sense of.
func (o *runOptions) check() error {
	switch {
	case o.net != "test" && o.net != "real":
		return fmt.Errorf("-net %s: say test, for a network of each test's own, or real, for the machine's", o.net)
	case !isDate(o.date):
		return fmt.Errorf("-date %s: say a day from 1970 to 2199, such as 2026-11-29", o.date)
	case o.turn < 0:
		return fmt.Errorf("-turn %v: the time must not be negative; 0 means that a turn takes none", o.turn)
	case o.watchdog < 0:
		return fmt.Errorf("-watchdog %v: the time must not be negative; 0 means no limit", o.watchdog)
	}
	return nil
}

// isDate reports whether the clock of a test can begin on a day.
func isDate(text string) bool {
	t, err := time.Parse(time.DateOnly, text)
	return err == nil && t.Year() >= 1970 && t.Year() < 2200
}

// knowsStrategy reports whether ordinary tests have a strategy.
func knowsStrategy(strategy string) bool {
	kind, _, _ := strings.Cut(strategy, ":")
	return slices.Contains([]string{"", "random", "walk", "fifo", "pct"}, kind)
}

// check refuses values that no run could make sense of.
func (o *ordinaryOptions) check() error {
	if o.count < 1 {
		return fmt.Errorf("-count %d: the number must be at least 1", o.count)
	}
	if _, err := regexp.Compile(o.skip); err != nil {
		return fmt.Errorf("-skip %q is not a regular expression: %w", o.skip, err)
	}
	return o.runOptions.check()
}

// ordinaryRunner runs ordinary tests, goroutines and all, on the overlay.
type ordinaryRunner struct {
	by    *caller
	build *build
	opts  ordinaryOptions
	files tempFiles

	mu        sync.Mutex
	leftovers map[string]leftover // by package and test
}

// newOrdinaryRunner returns a runner that keeps its files below tmp. by and b are those
// that build with the overlay, once prepare has made it.
func newOrdinaryRunner(by *caller, b *build, opts ordinaryOptions, tmp string) *ordinaryRunner {
	return &ordinaryRunner{by: by, build: b, opts: opts, files: tempFiles{dir: tmp}, leftovers: make(map[string]leftover)}
}

// leftover is what the tests of a package leave behind or should not do.
type leftover struct {
	goroutines int    // the most in one run
	io         int    // runs that waited for real input or output
	refused    string // an address that was dialled in vain, if a run failed
	runs       int
}

// prepare makes the overlay and builds the packages with it. There is nothing to be
// found out about their tests: a package is one target.
func (u *ordinaryRunner) prepare(ctx context.Context, pkgs []*testPackage, phase phaseFunc) (prepared, error) {
	with, err := u.by.makeOverlay(ctx)
	if err != nil {
		return prepared{}, err
	}
	own := *u.build
	own.overlay = with.file
	u.by, u.build = with.by, &own
	if err := u.by.buildAll(ctx, u.build, u.opts.workers, u.files.dir, pkgs, phase("building", len(pkgs))); err != nil {
		return prepared{}, err
	}
	name := "all tests"
	if u.opts.run != "" {
		name = "-run " + u.opts.run
	}
	var p prepared
	for _, pkg := range pkgs {
		p.targets = append(p.targets, target{pkg: pkg, name: name})
	}
	return p, nil
}

// again is the line that repeats a failure: minimise has put the one with the file into
// the failure, where there is one.
func (u *ordinaryRunner) again(f *failure) string { return f.command }

// remarks say which tests leave goroutines behind, and which wait for the real world.
func (u *ordinaryRunner) remarks() (all []string) {
	const few = 5
	left := 0
	for _, name := range slices.Sorted(maps.Keys(u.leftovers)) {
		l := u.leftovers[name]
		if l.io > 0 {
			all = append(all, fmt.Sprintf("%s waited for real input or output in %d of %s: those may differ from run to run", name, l.io, count(uint64(l.runs), "run")))
		}
		if l.refused != "" {
			all = append(all, fmt.Sprintf("%s dialled %s, where nobody in the test listens: -net real lets tests reach the machine's own servers", name, l.refused))
		}
		if l.goroutines == 0 {
			continue
		}
		if left++; left <= few {
			all = append(all, fmt.Sprintf("%s: up to %s left at its end, and dropped", name, count(uint64(l.goroutines), "goroutine")))
		}
	}
	if left > few {
		all = append(all, fmt.Sprintf("%d more tests left goroutines at their ends", left-few))
	}
	return all
}

// noteLeftovers remembers what the tests of a run left behind.
func (u *ordinaryRunner) noteLeftovers(p *testPackage, run *ordinaryRun) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, t := range run.tests {
		name := p.arg + "  " + t.Test
		l := u.leftovers[name]
		l.runs++
		l.goroutines = max(l.goroutines, t.Left)
		if t.IO > 0 {
			l.io++
		}
		l.refused = cmp.Or(l.refused, t.Refused)
		u.leftovers[name] = l
	}
}
