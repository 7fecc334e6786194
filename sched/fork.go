package sched

import (
	"fmt"
	"time"

	"samerun/internal/keyed"
)

// Fork says that from a virtual time on, that included, chance is that of another seed. Until
// then a run with it is the run without it, to the bit. So a run that came to a rare state
// can be gone on with in many ways.
type Fork struct {
	At   time.Duration
	Seed uint64
}

// String writes a fork as "1.2s: seed 77".
func (f Fork) String() string { return fmt.Sprintf("%v: seed %d", f.At, f.Seed) }

// CheckForks says in one sentence what no run can have: a fork before the beginning, or two
// that are not one after the other.
func CheckForks(forks []Fork) error {
	for i, f := range forks {
		switch {
		case f.At <= 0:
			return fmt.Errorf("the fork %q is at %v; it must be behind the beginning of the run, where the seed itself decides", f, f.At)
		case i > 0 && f.At <= forks[i-1].At:
			return fmt.Errorf("the fork %q does not come behind the one before it (%q); forks stand in the order of their times", f, forks[i-1])
		}
	}
	return nil
}

// forkAt is how many of the forks have come by a time. Those that have come stay so.
func forkAt(forks []Fork, have int, now time.Duration) int {
	for have < len(forks) && forks[have].At <= now {
		have++
	}
	return have
}

// Seed returns the seed that decides at present: Config.Seed, or that of the last fork.
func (s *Scheduler) Seed() uint64 {
	if s.forked = forkAt(s.cfg.Forks, s.forked, s.clk.Now()); s.forked > 0 {
		return s.cfg.Forks[s.forked-1].Seed
	}
	return s.cfg.Seed
}

// chance is the key of what is left to chance at present.
func (s *Scheduler) chance() keyed.Key {
	if len(s.cfg.Forks) == 0 {
		return s.key
	}
	return keyed.Root(s.Seed())
}

// forking is a strategy that begins anew, with another seed, at each fork.
type forking struct {
	spec  StrategySpec
	forks []Fork
	at    int
	base  Strategy
}

// NewForked returns the strategy for one run of a seed with forks.
func (s StrategySpec) NewForked(seed uint64, forks []Fork) (Strategy, error) {
	base, err := s.New(seed)
	if err != nil || len(forks) == 0 {
		return base, err
	}
	return &forking{spec: s, forks: forks, base: base}, nil
}

// Add gives t to the strategy of the present seed. Time moves on only when nobody is ready, so
// that the one before has mostly nobody left.
func (f *forking) Add(t *Task) {
	if at := forkAt(f.forks, f.at, t.s.clk.Now()); at != f.at {
		next, err := f.spec.New(f.forks[at-1].Seed)
		if err != nil {
			panic(err) // it made the first one
		}
		for old := f.base.Next(); old != nil; old = f.base.Next() {
			next.Add(old)
		}
		f.at, f.base = at, next
	}
	f.base.Add(t)
}

// Next takes the choice of the strategy of the present seed.
func (f *forking) Next() *Task { return f.base.Next() }
