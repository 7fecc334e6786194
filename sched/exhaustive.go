package sched

import (
	"errors"
	"fmt"
	"math"

	"samerun/internal/keyed"
)

// ExhaustiveOptions bound a search. The zero value bounds nothing.
type ExhaustiveOptions struct {
	// Deviations is the largest number of choices in one run that are not FIFO's.
	// 0 means that there is no bound.
	Deviations int
	// Runs is the largest number of runs. 0 means that there is no bound.
	Runs int
	// DPOR leaves out orders that are equivalent to one that is run; see Exhaustive. It
	// cannot be had together with a bound on deviations.
	DPOR bool
}

// Exhaustive runs a program under every schedule that it has: a stateless search,
// depth first, as in Godefroid, "Model checking for programming languages using
// VeriSoft" (POPL 1997), without its reductions. It is for small worlds: two tasks
// of ten turns each have 184,756 schedules.
//
//	x, err := sched.NewExhaustive(sched.ExhaustiveOptions{})
//	for x.More() {
//		s, err := sched.New(sched.Config{Seed: seed, Strategy: x.Strategy()})
//		… run, and look at the result
//		if err := x.Done(); err != nil {
//			… the program is not deterministic
//		}
//	}
//	if x.Covered() …
//
// The seed must be the same in each run, as everything else that the program
// depends on. The first run is FIFO. Without a bound on deviations each schedule is
// run once. With one, the search goes from few to many, as in iterative context
// bounding (Musuvathi and Qadeer, PLDI 2007): first FIFO, then all schedules with
// up to one deviation, up to two, and so on. The first failure then has the fewest;
// the price is that schedules with fewer are run again on the way to those with
// more, which are many times as many.
//
// # Partial order reduction
//
// With DPOR, of orders that differ only in turns that do not depend on each other one is
// run (Flanagan and Godefroid, POPL 2005; Abdulla, Aronis, Jonsson and Sagonas, POPL
// 2014): two tasks of ten turns need a single run if they belong to two groups and share
// nothing. Turns depend on each other
//
//   - if they are of one group: its tasks share memory, as those of a node do;
//   - if one is of the root group, to which the main task belongs: it may share memory with all;
//   - if both use a Mutex, Chan or another thing of this package, and not just to read it;
//   - if both schedule events of one instant and tie-break: these fire in that order;
//   - if one has started or woken the other's task;
//   - if one makes, freezes or pauses a group, sets a clock or ends the run: with any other;
//   - if both have said so: see Touch.
//
// It is for the program to keep to this: a variable that tasks of two groups share, neither of
// them the root, needs a call of Touch in each turn that uses it, or else orders are
// left out that would show something. All orders of a set of equivalent ones lead to the same
// state, to the same failure too; digests and the numbers of records differ.
// A run that turns out to be equivalent to an earlier one is given up: it ends with ErrRedundant,
// which is no failure.
//
// A choice is a step at which two or more tasks could run. Those that are frozen
// or paused do not count, so that there may be fewer than Scheduler.Choices.
//
// Make one with NewExhaustive. It is not safe for concurrent use, and runs are made
// one after the other.
//
// Invariants: path holds the choices of the last run, or of the next one as far as
// they are decided; a run follows it and takes the first task after its end.
type Exhaustive struct {
	opts   ExhaustiveOptions
	path   []choice
	given  int // how much of path was decided before the run
	pos    int // choices made in this run
	level  int // deviations allowed for now; -1 means any number
	pruned bool
	runs   int
	found  int // different schedules
	most   int // deviations in one schedule
	full   int // see CoveredDeviations
	over   bool
	done   bool // the run in progress has been reported; so at the start
	err    error
	dpor   *dpor // nil without
}

// choice is a point at which two or more tasks could run.
type choice struct {
	width  int          // how many
	took   int          // which one, in the order in which they became ready
	before int          // deviations before this choice
	who    keyed.Digest // their identities
}

// errBoundedDPOR says why the two do not go together (Coons, Musuvathi and McKinley, "Bounded
// partial-order reduction", OOPSLA 2013).
var errBoundedDPOR = errors.New("sched.ExhaustiveOptions has both DPOR and Deviations; an order with few deviations may be left out for an equivalent one with more, so choose one of the two")

// NewExhaustive returns a search that has yet to make its first run.
func NewExhaustive(opts ExhaustiveOptions) (*Exhaustive, error) {
	if opts.Deviations < 0 {
		return nil, fmt.Errorf("sched.ExhaustiveOptions.Deviations is %d; it counts choices and cannot be negative (0 means no bound)", opts.Deviations)
	}
	if opts.Runs < 0 {
		return nil, fmt.Errorf("sched.ExhaustiveOptions.Runs is %d; it counts runs and cannot be negative (0 means no bound)", opts.Runs)
	}
	if opts.DPOR && opts.Deviations > 0 {
		return nil, errBoundedDPOR
	}
	x := &Exhaustive{opts: opts, full: -1, done: true}
	if opts.DPOR {
		x.dpor = newDPOR()
	}
	if opts.Deviations == 0 {
		x.level = -1
	}
	return x, nil
}

// More says whether there is another run to make.
func (x *Exhaustive) More() bool {
	return !x.over && x.err == nil && (x.opts.Runs == 0 || x.runs < x.opts.Runs)
}

// Strategy returns the strategy of the next run. After it, Done must be called.
func (x *Exhaustive) Strategy() Strategy {
	x.given, x.pos, x.done = len(x.path), 0, false
	if x.dpor != nil {
		x.dpor.begin()
		return &reducing{d: x.dpor}
	}
	return &searching{x: x}
}

// Done is told that the run has ended, however it did, and decides on the next. The
// error says that the program is not deterministic: it was led along the choices
// of an earlier run and came to others. The search is then over.
func (x *Exhaustive) Done() error {
	if x.done {
		return x.err
	}
	x.done = true
	x.runs++
	if x.dpor != nil {
		x.over = !x.dpor.finish()
		if x.dpor.err != nil {
			x.err = fmt.Errorf("run %d %w", x.runs, x.dpor.err)
		}
		return x.err
	}
	if x.err == nil && x.pos < x.given {
		x.err = fmt.Errorf("run %d is not deterministic: it ended after %d choices, and an earlier run that chose the same had more; look for what is not part of the run, such as a global variable, map order or the wall clock", x.runs, x.pos)
	}
	if x.err != nil {
		return x.err
	}
	deviations := 0
	if n := len(x.path); n > 0 {
		deviations = x.path[n-1].deviations()
	}
	x.most = max(x.most, deviations)
	if x.level < 0 || deviations == x.level {
		x.found++
	}
	x.advance()
	return nil
}

// advance changes the last choice of the path that can be changed, and forgets
// those after it.
func (x *Exhaustive) advance() {
	for i := len(x.path) - 1; i >= 0; i-- {
		switch c := &x.path[i]; {
		case c.took+1 == c.width:
		case x.level >= 0 && c.before == x.level:
			x.pruned = true
		default:
			c.took++
			x.path = x.path[:i+1]
			return
		}
	}
	x.path = x.path[:0]
	x.full = x.level
	if !x.pruned {
		x.full = x.most
	}
	if !x.pruned || x.level == x.opts.Deviations {
		x.over = true
		return
	}
	x.level++
	x.pruned = false
}

func (c *choice) deviations() int {
	if c.took > 0 {
		return c.before + 1
	}
	return c.before
}

// Covered says that every schedule of the program has been run.
func (x *Exhaustive) Covered() bool { return x.over && !x.pruned && x.err == nil }

// CoveredDeviations returns the number n such that every schedule with at most n
// deviations from FIFO has been run; -1 if there is none yet. If Covered is true,
// no schedule has more. Without a bound on deviations it is -1 until the end.
func (x *Exhaustive) CoveredDeviations() int { return x.full }

// Runs returns how many runs have been made, those that were given up included.
func (x *Exhaustive) Runs() int { return x.runs }

// Schedules returns how many different schedules were among them or, with DPOR, are
// equivalent to one of them. It is math.MaxInt if there are more.
func (x *Exhaustive) Schedules() int {
	if x.dpor == nil {
		return x.found
	}
	if n := x.dpor.orders; n.IsInt64() && n.Int64() <= math.MaxInt {
		return int(n.Int64())
	}
	return math.MaxInt
}

// Redundant returns how many of the runs were given up; see ErrRedundant.
func (x *Exhaustive) Redundant() int {
	if x.dpor == nil {
		return 0
	}
	return x.dpor.cuts
}

// String says what has been covered, for a report: "all 20 schedules".
func (x *Exhaustive) String() string {
	switch {
	case x.dpor != nil:
		return x.dpor.report(x.runs, x.Covered())
	case x.Covered():
		return fmt.Sprintf("all %d schedules", x.found)
	case x.full >= 0:
		return fmt.Sprintf("%d schedules, all with at most %d deviations from FIFO among them", x.found, x.full)
	}
	return fmt.Sprintf("%d schedules, not all", x.found)
}

// choose decides between width tasks whose identities are who.
func (x *Exhaustive) choose(width int, who keyed.Digest) int {
	x.pos++
	switch n := len(x.path); {
	case x.err != nil:
		return 0
	case x.pos <= x.given:
		c := &x.path[x.pos-1]
		if c.width != width || c.who != who {
			x.diverged(c, width)
			return 0
		}
		return c.took
	case n == 0:
		x.path = append(x.path, choice{width: width, who: who})
	default:
		x.path = append(x.path, choice{width: width, who: who, before: x.path[n-1].deviations()})
	}
	return 0
}

func (x *Exhaustive) diverged(c *choice, width int) {
	what := fmt.Sprintf("%d tasks could run, and %d", width, c.width)
	if c.width == width {
		what = fmt.Sprintf("%d other tasks could run than", width)
	}
	x.err = fmt.Errorf("run %d is not deterministic: at choice %d %s in an earlier run that chose the same; look for what is not part of the run, such as a global variable, map order or the wall clock", x.runs+1, x.pos, what)
}

// searching is the strategy of one run of the search.
type searching struct {
	x     *Exhaustive
	ready arrivals[*Task]
}

// Add puts t last.
func (s *searching) Add(t *Task) { s.ready.add(t) }

// Next takes the first, where there is no choice, or else the one that the search
// wants. A task that cannot run is taken when it is the first, as by FIFO.
func (s *searching) Next() *Task {
	n := s.ready.len()
	if n == 0 {
		return nil
	}
	width, who := 0, keyed.Digest(0)
	if (*s.ready.at(0)).runnable() {
		for i := range n {
			if t := *s.ready.at(i); t.runnable() {
				width++
				who.Add(t.ID())
			}
		}
	}
	if width < 2 {
		return s.ready.take(0)
	}
	took := s.x.choose(width, who)
	for i := range n {
		if !(*s.ready.at(i)).runnable() {
			continue
		}
		if took == 0 {
			return s.ready.take(i)
		}
		took--
	}
	return nil // took is below width
}
