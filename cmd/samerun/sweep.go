package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"samerun/internal/seeds"
)

// slot is a place in the order of the results: one target.
type slot struct {
	target
	by   runner
	done uint64 // seeds with a good result
	bad  uint64 // seeds with a failure
	// covered is what the exhaustive searches of the seeds have covered, if it was the
	// same for all; else "different orders".
	covered string
	coverage
}

// sweepOptions say which seeds are run, when it ends, and how it is told.
type sweepOptions struct {
	seeds     seeds.Set // not empty
	keepGoing bool      // else the first failure ends it
	workers   int       // processes at a time, at least 1
	json      bool
	strict    bool          // vacuous tests fail
	shrink    time.Duration // for each distinct failure; 0: none
}

// sweep runs seeds of all targets of some packages and tells what it has found.
//
// Invariant: the slots do not change after prepare, but for what is counted in them.
type sweep struct {
	opts    sweepOptions
	screen  *screen
	runners []runner

	mu       sync.Mutex // guards what follows
	slots    []slot
	failures failureSet
	progress *progress
	json     *jsonStream // nil without -json
	// minimising, if set, is how far that is.
	minimising string
}

// newSweep returns a sweep whose progress is on the screen from now on, until finish
// or abandon.
func newSweep(sc *screen, opts sweepOptions) *sweep {
	s := &sweep{opts: opts, screen: sc, progress: newProgress()}
	s.screen.start(s.status)
	return s
}

// abandon ends a sweep without a word.
func (s *sweep) abandon() { s.screen.stop() }

// status is the present line of progress.
func (s *sweep) status() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.minimising != "" {
		return s.minimising
	}
	return s.progress.line()
}

// part is the packages of one world.
type part struct {
	by   runner
	pkgs []*testPackage
}

// prepare has the packages of each part built, and lays out what there is to run in
// them, in the order of pkgs, which has them all.
func (s *sweep) prepare(ctx context.Context, pkgs []*testPackage, parts []part) error {
	var nothing error
	var slots []slot
	for _, p := range parts {
		s.runners = append(s.runners, p.by)
		found, err := p.by.prepare(ctx, p.pkgs, s.phase)
		if err != nil {
			return err
		}
		nothing = cmp.Or(nothing, found.nothing)
		for _, t := range found.targets {
			slots = append(slots, slot{target: t, by: p.by})
		}
	}
	slices.SortStableFunc(slots, func(a, b slot) int {
		return cmp.Compare(slices.Index(pkgs, a.pkg), slices.Index(pkgs, b.pkg))
	})
	return s.layOut(slots, nothing)
}

// phase tells the progress line what is being done before the first seed.
func (s *sweep) phase(what string, steps int) (done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress.phase, s.progress.steps, s.progress.stepsDone = what, steps, 0
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.progress.stepsDone++
	}
}

// layOut takes the slots and enters what was found out on the way to them. nothing
// says why none has seeds.
func (s *sweep) layOut(slots []slot, nothing error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slots = slots
	for i := range s.slots {
		if f := s.slots[i].failure; f != nil {
			s.slots[i].bad++
			s.failures.add(position{test: i}, *f)
			s.progress.failures++
		}
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
	found := s.seeded()
	if found == 0 && len(s.failures.groups) == 0 {
		return nothing
	}
	s.progress.begin(found, s.opts.seeds.Len())
	return nil
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
		sl.add(&o.result)
		if o.OK {
			sl.done++
			switch sl.covered {
			case "", o.Covered:
				sl.covered = o.Covered
			default:
				sl.covered = "different numbers of schedules; -json tells of each"
			}
		} else {
			sl.bad++
			s.progress.failures++
			if s.failures.add(position{at, o.Seed}, *o.failure) && s.opts.keepGoing {
				s.screen.note(fmt.Sprintf("FAIL  %s  seed %d: %s", sl.name, o.Seed, headline(o.failure)))
			}
		}
		if s.json != nil {
			s.json.add(at, seedLine(&sl.target, o))
		}
	}
	if s.json != nil {
		return s.json.flush()
	}
	return nil
}

// stopEarly reports whether a failing ordinary test has ended the sweep already.
func (s *sweep) stopEarly() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.opts.keepGoing && len(s.failures.groups) > 0
}

// save has a failure of a slot saved, if there is anything to save.
func (s *sweep) save(at int, f *failure) { s.slots[at].by.save(f) }

// finish prints the results and reports whether there was a failure, or what counts
// as one.
func (s *sweep) finish(interrupted bool) (failed bool) {
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
		s.save(g.at.test, &g.first)
	}
	if s.json != nil {
		_ = s.json.minimised(groups)
	}
	if s.opts.json {
		s.screen.note(s.summary(groups, idle, interrupted))
	} else {
		s.screen.print(s.report(groups, idle, interrupted))
	}
	for _, r := range s.runners {
		for _, text := range r.remarks() {
			s.screen.note(text)
		}
	}
	return len(groups) > 0 || s.opts.strict && len(idle) > 0
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
