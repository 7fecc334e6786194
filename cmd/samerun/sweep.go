package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"samerun/internal/seeds"
	"samerun/internal/text"
)

// slot is a place in the order of the results. Each package has one for its
// ordinary tests, with an empty name, and behind it one for each simulation test.
type slot struct {
	simTest
	done uint64 // seeds with a good result
	bad  uint64 // seeds with a failure
	// covered is what the exhaustive searches of the seeds have covered, if it was the
	// same for all; else "different orders".
	covered string
	coverage
}

// sweep is one call of the verb test.
type sweep struct {
	app    *app
	opts   *testOptions
	tmp    string
	screen *screen
	files  atomic.Int64 // numbers the temporary files

	pkgs  []*testPackage
	tests []*simTest // by slot

	mu       sync.Mutex // guards what follows
	slots    []slot
	failures failureSet
	progress *progress
	json     *jsonStream // nil without -json
	// minimising, if set, is how far that is.
	minimising func() string

	unmodified *unmodified // nil if the packages have simulation tests
}

// newSweep returns a sweep whose progress is on the screen from now on.
func newSweep(a *app, opts *testOptions, tmp string) *sweep {
	s := &sweep{app: a, opts: opts, tmp: tmp, screen: newScreen(a), progress: newProgress()}
	s.screen.start(s.status)
	return s
}

// status is the present line of progress.
func (s *sweep) status() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.minimising != nil {
		return s.minimising()
	}
	return s.progress.line()
}

// tempFile returns a file name that no other call returns.
func (s *sweep) tempFile() string {
	return filepath.Join(s.tmp, strconv.FormatInt(s.files.Add(1), 10)+".jsonl")
}

// prepare finds and builds the packages and discovers their simulation tests.
func (s *sweep) prepare(ctx context.Context) error {
	pkgs, untested, err := listPackages(ctx, s.app, s.opts)
	if err != nil {
		return err
	}
	s.noteUntested(untested)
	s.pkgs = pkgs
	step := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.progress.stepsDone++
	}
	s.phase("building", len(pkgs))
	if err := buildAll(ctx, s.app, s.opts, s.tmp, pkgs, step); err != nil {
		return err
	}
	s.phase("looking for simulation tests in", len(pkgs))
	failed := make([]*failure, len(pkgs))
	errs := make([]error, len(pkgs))
	forEach(s.opts.workers, len(pkgs), func(i int) {
		failed[i], errs[i] = s.discover(ctx, pkgs[i])
		step()
	})
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return s.layOut(failed)
}

// phase tells the progress line what is being done before the first seed.
func (s *sweep) phase(what string, steps int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress.phase, s.progress.steps, s.progress.stepsDone = what, steps, 0
}

// noteUntested says which packages have nothing to run.
func (s *sweep) noteUntested(untested []string) {
	const few = 3
	switch n := len(untested); {
	case n > few:
		s.screen.note(fmt.Sprintf("skipped %d packages without test files", n))
	case n > 0:
		s.screen.note("skipped, no test files: " + strings.Join(untested, " "))
	}
}

// layOut makes the slots and enters what discovery found.
func (s *sweep) layOut(failed []*failure) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := 0
	for i, p := range s.pkgs {
		s.slots = append(s.slots, slot{simTest: simTest{pkg: p}})
		if f := failed[i]; f != nil {
			s.slots[len(s.slots)-1].bad++
			s.failures.add(position{test: len(s.slots) - 1}, *f)
			s.progress.failures++
		}
		for _, name := range p.tests {
			found++
			s.slots = append(s.slots, slot{simTest: simTest{p, name}})
		}
	}
	for i := range s.slots {
		s.tests = append(s.tests, &s.slots[i].simTest)
	}
	if s.opts.json {
		s.json = newJSONStream(s.screen, s.seedSets(), !s.opts.keepGoing)
		if s.opts.shrink <= 0 {
			s.json.save = s.save // else the lines at the end have the smaller ones
		}
		for _, g := range s.failures.sorted() {
			s.json.head(g.at.test, ordinaryLine(g.first))
		}
	}
	if found == 0 && len(s.failures.groups) == 0 {
		return s.nothingFound()
	}
	s.progress.begin(uint64(found), s.opts.seeds.Len())
	return nil
}

// nothingFound explains that there is nothing to run any seed on.
func (s *sweep) nothingFound() error {
	where := strings.Join(s.opts.packages, " ")
	if s.opts.run != "" {
		return fmt.Errorf("no simulation test in %s matches -run %q; a simulation test is a test that calls sim.Test", where, s.opts.run)
	}
	return fmt.Errorf("no simulation test in %s; a simulation test is a test that calls sim.Test", where)
}

// seedSets returns the seeds to run for each slot; ordinary tests have none.
func (s *sweep) seedSets() []seeds.Set {
	sets := make([]seeds.Set, len(s.slots))
	for i := range s.slots {
		if s.slots[i].name != "" {
			sets[i] = s.opts.seeds
		}
	}
	return sets
}

// record enters what became of a chunk of a slot's seeds.
func (s *sweep) record(at int, r *chunkResult) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	sl := &s.slots[at]
	for i := range r.outcomes {
		o := &r.outcomes[i]
		s.progress.done++
		s.progress.current = sl.name
		sl.add(o)
		var f *failure
		if o.OK {
			sl.done++
			switch sl.covered {
			case "", o.Covered:
				sl.covered = o.Covered
			default:
				sl.covered = "different numbers of schedules; -json tells of each"
			}
		} else {
			f = s.seedFailure(&sl.simTest, o)
			sl.bad++
			s.progress.failures++
			if s.failures.add(position{at, o.Seed}, *f) && s.opts.keepGoing {
				s.screen.note(fmt.Sprintf("FAIL  %s  seed %d: %s", sl.name, o.Seed, headline(f)))
			}
		}
		if s.json != nil {
			s.json.add(at, seedLine(&sl.simTest, o, f))
		}
	}
	if s.json != nil {
		return s.json.flush()
	}
	return nil
}

// seedFailure describes a failing run.
func (s *sweep) seedFailure(test *simTest, o *outcome) *failure {
	if o.failure != nil {
		return o.failure
	}
	env := "SAMERUN_SEED=" + strconv.FormatUint(o.Seed, 10)
	if s.opts.strategy != "" {
		env = "SAMERUN_STRATEGY=" + s.opts.strategy + " " + env
	}
	if o.together.Len() > 0 {
		env = "SAMERUN_SEEDS=" + o.together.String()
	}
	seed := o.Seed
	return &failure{
		pkg: test.pkg, test: test.name, seed: &seed,
		property: o.Property, reason: text.FirstLine(o.Error), signature: o.Signature, told: o.Story, output: o.output, repeats: o.Repeats, replay: o.Replay, wall: realTime(o),
		command: s.command(test.pkg, env, testPattern(test.name), o.timedOut),
	}
}

// stopEarly reports whether a failing ordinary test has ended the sweep already.
func (s *sweep) stopEarly() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.opts.keepGoing && len(s.failures.groups) > 0
}

// finish prints the results and returns the exit status of a sweep that was not
// interrupted.
func (s *sweep) finish(interrupted bool) int {
	s.screen.stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.opts.keepGoing {
		s.failures.keepLowest()
	}
	groups := s.failures.sorted()
	idle := s.idle()
	if s.json != nil {
		// If a write fails, so did the reader, and there is nobody left to tell.
		_ = s.json.close()
		_ = s.json.vacuous(idle, s.opts.strict)
	}
	for _, g := range groups {
		s.save(&g.first)
	}
	if s.json != nil {
		_ = s.json.minimised(groups)
	}
	if s.opts.json {
		s.screen.note(s.summary(groups, idle, interrupted))
	} else {
		s.screen.print(s.report(groups, idle, interrupted))
	}
	if len(groups) > 0 || s.opts.strict && len(idle) > 0 {
		return exitFailure
	}
	return exitOK
}
