package sweep

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/report"
	"samerun/internal/runner"
	"samerun/internal/screen"
	"samerun/internal/seeds"
	"samerun/internal/text"
)

// slot is a place in the order of the results: one target.
type slot struct {
	runner.Target
	by    runner.Runner
	done  uint64 // seeds with a good result
	bad   uint64 // seeds with a failure
	empty uint64 // those of done in which there was nothing to run
	why   string // why there was not, at one of them
	names
	// covered is what the exhaustive searches of the seeds have covered, if it was the
	// same for all; else "different orders".
	covered string
	// Of a guided search: how many runs there were, and what came of those of each test.
	runs     uint64
	searches []searched
	coverage
}

// Options say which seeds are run, when it ends, and how it is told.
type Options struct {
	Seeds     seeds.Set // not empty
	KeepGoing bool      // else the first failure ends it
	Workers   int       // processes at a time, at least 1
	JSON      bool
	Strict    bool          // vacuous tests fail
	Shrink    time.Duration // for each distinct failure; 0: none
	Guided    Guided
	Reporting Reporting
	Some      bool // not all tests are run: -run or -skip was given
	Blind     bool // a guided search that hands out fresh seeds only, for comparison
}

// Sweep runs seeds of all targets of some packages and tells what it has found.
//
// Invariant: the slots do not change after prepare, but for what is counted in them.
type Sweep struct {
	opts    Options
	screen  *screen.Screen
	runners []runner.Runner

	mu       sync.Mutex // guards what follows
	slots    []slot
	failures failureSet
	progress *progress
	json     *jsonStream      // nil without -json
	unready  []*gocmd.Package // those of the sweep that cannot be run
	// minimising, if set, is how far that is.
	minimising string
	searching  string            // if set, how far a guided search is
	collector  *report.Collector // nil if there is to be no report
	ran        time.Duration     // from the first run to the last
}

// New returns a sweep whose progress is on the screen from now on, until finish
// or abandon.
func New(sc *screen.Screen, opts Options) *Sweep {
	s := &Sweep{opts: opts, screen: sc, progress: newProgress()}
	s.screen.Start(s.status)
	return s
}

// Abandon ends a sweep without a word.
func (s *Sweep) Abandon() { s.screen.Stop() }

// status is the present line of progress.
func (s *Sweep) status() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.minimising != "" {
		return s.minimising
	}
	if s.searching != "" {
		return s.searching
	}
	return s.progress.line()
}

// Part is the packages of one world.
type Part struct {
	Runner   runner.Runner
	Packages []*gocmd.Package
}

// Prepare has the packages of each part built, and lays out what there is to run in
// them, in the order of the list, which has them all. A package that cannot be run is told
// at the end; the error means that none can.
func (s *Sweep) Prepare(ctx context.Context, list *gocmd.Listing, parts []Part) error {
	s.noteUntested(list)
	pkgs := list.Packages
	var nothing error
	var slots []slot
	for _, p := range parts {
		s.runners = append(s.runners, p.Runner)
		found, err := p.Runner.Prepare(ctx, p.Packages, s.phase)
		if err != nil {
			return err
		}
		nothing = cmp.Or(nothing, found.Nothing)
		for _, t := range found.Targets {
			slots = append(slots, slot{Target: t, by: p.Runner})
		}
	}
	slices.SortStableFunc(slots, func(a, b slot) int {
		return cmp.Compare(placeOf(pkgs, a.Pkg), placeOf(pkgs, b.Pkg))
	})
	s.noteUnready(pkgs)
	return s.withUnready(s.layOut(slots, nothing))
}

// placeOf is where a package stands in a list. One with tests of both worlds is built twice.
func placeOf(pkgs []*gocmd.Package, pkg *gocmd.Package) int {
	return slices.IndexFunc(pkgs, func(p *gocmd.Package) bool { return p.Path == pkg.Path })
}

// phase tells the progress line what is being done before the first seed.
func (s *Sweep) phase(what string, steps int) (done func()) {
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
func (s *Sweep) layOut(slots []slot, nothing error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slots = slots
	if s.opts.Reporting.To != nil {
		s.collector = report.NewCollector(len(slots))
	}
	for i := range s.slots {
		if f := s.slots[i].Failure; f != nil {
			s.slots[i].bad++
			s.failures.add(position{test: i}, *f)
			s.progress.failures++
		}
	}
	if s.opts.JSON {
		s.json = newJSONStream(s.screen, s.seedSets(), !s.opts.KeepGoing)
		if s.opts.Shrink <= 0 {
			s.json.save = s.save // else the lines at the end have the smaller ones
		}
		for _, g := range s.failures.sorted() {
			s.json.head(g.at.test, ordinaryLine(g.first))
		}
	}
	found := s.seeded()
	if found == 0 && len(s.failures.groups) == 0 {
		return cmp.Or(nothing, gocmd.AllUnready(s.unready))
	}
	s.progress.begin(found, s.opts.Seeds.Len())
	return nil
}

// seedSets returns the seeds to run for each slot; ordinary tests have none.
func (s *Sweep) seedSets() []seeds.Set {
	sets := make([]seeds.Set, len(s.slots))
	for i := range s.slots {
		if s.slots[i].Name != "" {
			sets[i] = s.opts.Seeds
			if s.opts.Guided.On {
				sets[i] = seeds.Set{} // its runs come in order, each with a number
			}
		}
	}
	return sets
}

// record enters what became of a chunk of a slot's seeds.
func (s *Sweep) record(at int, r *runner.Chunk) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	sl := &s.slots[at]
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		s.progress.done++
		s.progress.current = sl.Name
		sl.add(&o.Result)
		sl.note(o)
		s.collect(at, o.Seed, o, seedSaw(&o.Result))
		if o.Empty != "" {
			sl.empty++
			sl.why = o.Empty
		}
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
			g, isNew, old := s.failures.enter(position{at, o.Seed}, *o.Failure)
			switch {
			case isNew:
				s.keep(g)
			case old != nil:
				s.replace(g, *old)
			}
			if isNew || old != nil {
				saved := g.first
				o.Failure = &saved
			}
			if isNew && s.opts.KeepGoing {
				name := sl.Name
				if sl.Pkg.Program {
					name = sl.Label()
				}
				s.screen.Note(fmt.Sprintf("FAIL  %s  seed %d: %s", text.Line(name), o.Seed, text.Line(o.Failure.Headline())))
			}
		}
		if s.json != nil {
			s.json.add(at, seedLine(&sl.Target, o))
		}
	}
	if s.json != nil {
		return s.json.flush()
	}
	return nil
}

// isEmpty reports whether a target has run, and nothing of it at any seed.
func (sl *slot) isEmpty() bool {
	return sl.Name != "" && sl.bad == 0 && sl.done > 0 && sl.empty == sl.done
}

// NothingRan says why no seed of any target had anything to run, if that was so.
func (s *Sweep) NothingRan() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var why error
	for i := range s.slots {
		sl := &s.slots[i]
		switch {
		case sl.bad > 0 || sl.Name != "" && !sl.isEmpty():
			return nil
		case sl.Name != "" && why == nil:
			why = fmt.Errorf("%s: %s: %s", sl.Pkg.Arg, sl.Name, sl.why)
		}
	}
	return s.withUnready(why)
}

// stopEarly reports whether a failing ordinary test has ended the sweep already.
func (s *Sweep) stopEarly() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.opts.KeepGoing && len(s.failures.groups) > 0
}

// save has a failure of a slot saved, if there is anything to save.
func (s *Sweep) save(at int, f *runner.Failure) { s.slots[at].by.Save(f) }

// Finish prints the results and reports whether there was a failure, or what counts
// as one.
func (s *Sweep) Finish(interrupted bool) (failed bool) {
	s.screen.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.opts.KeepGoing {
		s.failures.keepLowest()
	}
	groups := s.failures.sorted()
	idle := s.idle()
	if s.json != nil {
		// If a write fails, so did the reader, and there is nobody left to tell.
		_ = s.json.close()
		_ = s.json.vacuous(idle, s.opts.Strict)
		_ = s.json.searched(s.slots)
	}
	for _, g := range groups {
		s.keep(g)
	}
	if s.json != nil {
		_ = s.json.minimised(groups)
		_ = s.json.unready(s.unready)
	}
	if s.opts.JSON {
		s.screen.Note(s.summary(groups, idle, interrupted))
	} else {
		s.screen.Print(s.report(groups, idle, interrupted))
	}
	for _, r := range s.runners {
		for _, text := range r.Remarks() {
			s.screen.Note(text)
		}
	}
	return len(groups) > 0 || s.opts.Strict && (len(idle) > 0 || s.allSkipped() > 0)
}
