package shrink

import (
	"context"
	"errors"
	"fmt"
	"time"

	"samerun/sched"
	"samerun/sim/fault"
)

// Verdict is what a try says about an input. The zero value is Pass.
type Verdict uint8

// The verdicts. Only Same makes an input a result.
const (
	Pass    Verdict = iota // the run did not fail
	Same                   // the same failure: the same property, for the same reason
	Other                  // another failure, which is none of the minimiser's business
	Unknown                // the try was cut short, so that it says nothing about the input
)

// String returns the verdict in one word.
func (v Verdict) String() string {
	switch v {
	case Pass:
		return "pass"
	case Same:
		return "same"
	case Other:
		return "other"
	case Unknown:
		return "unknown"
	}
	return fmt.Sprintf("verdict %d", uint8(v))
}

// Options are how to minimise. The zero value tries one input at a time and tells
// nobody before the end.
type Options struct {
	// Workers is how many tries may go on at once. 0 means 1. The result does not
	// depend on it.
	Workers int
	// Nodes are the names of the nodes of the world, by which "*" and roles may be
	// replaced. Nil means the names that the schedule mentions.
	Nodes []string
	// Mishaps, if set, runs an input and tells what chance did to single messages, as
	// elements of a schedule. Without it, an input becomes calm only if it fails
	// without them.
	Mishaps func(Input) []fault.Fault
	// Hits, if set, runs an input and tells which messages its elements befell, and which
	// operations of disks. Without it, a step cannot be taken out if that changes the number
	// of a message that an element picks, and what crashes have lost is left to chance.
	Hits func(Input) []Hit
	// Resolve, if set, runs an input and tells what its elements befell that leave something
	// to chance, with an element for each stroke that does the same. Without it, such an
	// element gives way to a pick only if one of the first messages of one link will do.
	Resolve func(Input) []Hit
	// Record, if set, runs an input and writes down its order as deviations from
	// "fifo". Without it, the strategy becomes simple only if the order does not
	// matter.
	Record func(Input) []sched.Deviation
	// Reseed is how many seeds, from 1 on, are tried for each element that the run's own
	// seed cannot do without. 0 tries none, so that the seed stays.
	Reseed int
	// Prove, if set, makes the verification in the place of try. It is for a try that
	// stops when the context is done: the verification comes after that, and must run
	// to its end.
	Prove func(Input) Verdict
	// Better, if set, is called with each input that is the smallest so far, on the
	// goroutine that called Minimise.
	Better func(Input)
	// Progress, if set, is called after each try, on the goroutine that called
	// Minimise. It should be quick.
	Progress func(Stats)
}

// Result is what Minimise found.
type Result struct {
	// Input is the smallest input found. It is valid, and a try of it said Same.
	Input Input
	// Minimal says that the search came to its end: no single fault and no single
	// deviation can be taken out, and no other step makes the input simpler. Only elements that
	// say which of the operations of a disk a crash has lost may be there beside the others: without
	// them all is lost.
	Minimal bool
	// Verified says that one more try of Input, after the search, said Same again. It is
	// not set if that try said Unknown, or if the search was over before its first try.
	Verified bool
	// Passing are inputs that have one thing less than Input, or than it had before the elements
	// were added that say what crashes have lost, and that do not fail, the nearest first. It
	// has those that the search has come across: all of them, if it came to its end.
	Passing []Neighbour
	// Stopped is why the search was cut short: the context's cause, or nil.
	Stopped error
	Stats   Stats
}

// Minimise looks for the smallest input that still fails in the same way. It
// calls try, from as many goroutines as Options.Workers says, with valid inputs
// only and, but for the last verification, never with the same one twice. try
// must be a function of its input: the same input, the same verdict.
//
// It ends when nothing can be made simpler, or when ctx is done; then it still
// waits for the tries that are running and for the verification, and the result
// is the best so far. That is no error. An error says that in is invalid, that it
// does not fail, that try panicked, or that the result did not fail again. In the
// last two cases the Result holds what was found until then.
//
// A try that is cut short must say Unknown. Its input is left alone, as if it had
// passed, but it is no evidence: a verification that says Unknown is no error.
func Minimise(ctx context.Context, in Input, try func(Input) Verdict, opt Options) (Result, error) {
	if err := check(in, try, opt); err != nil {
		return Result{Input: in}, err
	}
	m := newMinimiser(ctx, in, try, opt)
	defer m.close()
	if !m.fails() {
		m.close()
		r := m.result()
		switch {
		case m.failure != nil:
			return r, m.failure
		case r.Stopped != nil:
			return r, nil
		case m.cut > 0:
			return r, errors.New("the run of the input was cut short before it failed; give it more time")
		}
		return r, errors.New("the input does not fail in the way that is looked for; give the one that failed, with its seed and its code")
	}
	m.search()
	m.close()
	r := m.result()
	if m.failure != nil {
		return r, m.failure
	}
	verdict := m.verify()
	r.Verified = m.failure == nil && verdict == Same
	r.Stats = m.snapshot()
	switch {
	case m.failure != nil:
		return r, m.failure
	case verdict != Same && verdict != Unknown:
		return r, errors.New("the smallest input failed once and not again, so a run depends on more than its input; look for what differs from run to run before minimising")
	}
	return r, nil
}

// check returns nil if the search can begin, or says what is wrong.
func check(in Input, try func(Input) Verdict, opt Options) error {
	switch {
	case try == nil:
		return errors.New("there is no function to try an input with; give one")
	case opt.Reseed < 0:
		return fmt.Errorf("the number of seeds to try is %d; give a positive one, or 0 for none", opt.Reseed)
	case opt.Workers < 0:
		return fmt.Errorf("the number of workers is %d; give a positive one, or 0 for one worker", opt.Workers)
	case in.Horizon < 0 || in.Horizon > fault.MaxTime:
		return fmt.Errorf("the horizon is %v; it must lie between 0 and ten years", in.Horizon)
	}
	for i, n := range opt.Nodes {
		if n == "" || !isNode(n) {
			return fmt.Errorf("nodes[%d] is %q, which is not the name of one node; give the names of the world's nodes", i, n)
		}
	}
	if err := in.Schedule.Validate(); err != nil {
		return fmt.Errorf("the schedule to minimise is not valid: %w", err)
	}
	return nil
}

// minimiser is one search. Its methods run on the caller's goroutine; only tries
// run on others.
//
// Invariants: best is valid and a try of it said Same (after fails), and each
// best is simpler than the one before, so that the search ends.
type minimiser struct {
	*engine
	best    candidate
	nodes   []string      // names that may stand for "*" and roles
	last    time.Duration // when the faults of the input are over
	tail    time.Duration // from the quiet time to the horizon; 0 if they are apart
	options Options
	input   candidate // as it was given
	barren  int       // the number of faults for which mutants have been tried in vain
	seeds   int       // tries under other seeds that are left
	better  func(Input)
	minimal bool
	passed  []Neighbour
}

func newMinimiser(ctx context.Context, in Input, try func(Input) Verdict, opt Options) *minimiser {
	m := &minimiser{best: newCandidate(in), nodes: opt.Nodes, last: lastOf(in.Schedule), better: opt.Better, options: opt}
	m.input, m.seeds = m.best, mostSeeds
	if in.Schedule.Quiet > 0 {
		m.tail = max(0, in.Horizon-in.Schedule.Quiet)
	}
	if m.nodes == nil {
		m.nodes = namesIn(in.Schedule)
	}
	m.engine = newEngine(ctx, try, max(1, opt.Workers), opt.Progress)
	m.stats.Before = sizeOf(m.best)
	m.stats.After = m.stats.Before
	return m
}

// fails reports whether the input fails at all.
func (m *minimiser) fails() bool {
	return m.first(1, func(int) (candidate, bool) { return m.best, true }) == 0
}

// search repeats the phases until none of them changes anything.
func (m *minimiser) search() {
	for {
		before := m.stats.Better
		m.structure()
		m.run(Numbers, m.milderAll)
		m.run(Deviations, m.fewerDeviations)
		if m.stats.Better == before {
			m.run(Seeds, m.otherSeeds)
		}
		if m.over() || m.stats.Better == before {
			m.passed = m.passing()
		}
		if m.over() {
			return
		}
		if m.stats.Better == before {
			m.minimal = true
			m.run(Luck, m.explain)
			return
		}
	}
}

// structure makes the input smaller in what it has, before it is worth the tries to
// look at numbers.
func (m *minimiser) structure() {
	for !m.over() {
		before := m.stats.Better
		m.run(Order, m.plainOrder)
		m.run(Elements, m.fewerFaults)
		m.run(Seeds, m.resample)
		m.run(Workload, m.fewerSteps)
		m.run(Seeds, m.halve)
		m.run(Luck, m.calmer)
		m.run(Luck, m.resolve)
		m.run(Luck, m.resolveDisks)
		m.run(Sizes, m.fewerOfAll)
		m.run(Aims, m.narrowAll)
		if m.stats.Better == before && len(m.best.faults) > manyFaults {
			m.run(Seeds, m.otherSeeds)
		}
		if m.stats.Better == before {
			return
		}
	}
}

// manyFaults are so many that it would take too many tries to make them milder.
const manyFaults = 10

// run runs a phase.
func (m *minimiser) run(p Phase, phase func()) {
	if !m.over() {
		m.enter(p)
		phase()
	}
}

// step tries candidates in order and takes the first that fails. It returns its
// index, or -1. The candidates must be valid and simpler than the best.
func (m *minimiser) step(count int, at func(i int) (candidate, bool)) int {
	i := m.first(count, at)
	if i < 0 {
		return i
	}
	c, _ := at(i)
	m.accept(c)
	return i
}

// accept makes a candidate that fails the best.
func (m *minimiser) accept(c candidate) {
	m.best = c
	m.stats.Better++
	m.stats.Phases[m.stats.Phase].Better++
	m.stats.After = sizeOf(c)
	if m.better != nil {
		m.better(c.input())
	}
}

// replaced is the best with another element i, if that is valid and simpler.
func (m *minimiser) replaced(i int, f fault.Fault) (candidate, bool) {
	if !less(rankOf(f), rankOf(m.best.faults[i].Fault)) || f.Validate() != nil {
		return candidate{}, false
	}
	return m.best.with(i, f), true
}

// stepElement tries other forms of element i and takes the first that fails.
func (m *minimiser) stepElement(i int, forms []fault.Fault) bool {
	return m.step(len(forms), func(j int) (candidate, bool) { return m.replaced(i, forms[j]) }) >= 0
}

func (m *minimiser) result() Result {
	return Result{Input: m.best.input(), Minimal: m.minimal, Passing: m.passed, Stopped: m.stopped, Stats: m.snapshot()}
}
