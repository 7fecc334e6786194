package guide

import (
	"slices"
	"time"

	"samerun/internal/feature"
	"samerun/internal/keyed"
	"samerun/internal/seeds"
	"samerun/sched"
	"samerun/sim/fault"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// Generation is how many inputs are handed out at a time. It is the same for everybody, since
// what a search finds depends on it.
const Generation = 32

// Options are what a search begins with.
type Options struct {
	// Base has what all inputs have in common, such as the test.
	Base replay.File
	// Seeds are the fresh seeds, in their order, not empty. Behind the last one come those above it.
	Seeds seeds.Set
	// Corpus is run first, in its order: entries of earlier searches.
	Corpus []*replay.File
	// Blind hands out nothing but fresh seeds. It is for comparison.
	Blind bool
}

// Search is one guided search of one test.
//
// Invariants: hits has how many runs have seen each feature that was seen in a good run; own of
// an entry are the features that no run before it has seen; asked are the inputs that were
// handed out and not taken in.
type Search struct {
	opts    Options
	key     keyed.Key
	fresh   seeds.Set // those that are left
	last    uint64    // the last fresh seed
	asked   []try
	runs    uint64
	hits    map[feature.Feature]uint64
	count   [feature.Kinds]int
	entries []*entry
	sums    []uint64 // of the energies of the entries, each with those before it; for one generation
	arms    [arms]arm
	names   []string // of nodes, as the runs had them
	down    int      // how many nodes at most were down at a time, in schedules that were drawn
}

// try is an input that was handed out.
type try struct {
	in    *replay.File
	arm   int
	read  bool // it is of the corpus
	drawn bool // its schedule is what the scenario draws
}

// Outcome is what became of an input.
type Outcome struct {
	Failed bool
	Digest string
	Seen   feature.Seen
	Made   *Made // what the run was made of; may be nil if it saw nothing new
}

// Made is what a run was made of.
type Made struct {
	Schedule *fault.Schedule
	Steps    shrink.Steps
	Sizes    []shrink.Size
	Nodes    []string
	Virtual  time.Duration
	Turns    []sched.Deviation
}

// entry is an input that is kept.
type entry struct {
	in     *replay.File // with its digest
	made   *Made
	own    []feature.Feature
	seen   feature.Seen
	at     time.Duration // when it had seen the first of its own
	tries  uint64        // how often it was changed
	corpus bool          // it was read
}

// New begins a search.
func New(opts Options) *Search {
	first, _ := opts.Seeds.First()
	return &Search{
		opts: opts, key: keyed.Ident("guided").With(first), fresh: opts.Seeds, last: first,
		hits: map[feature.Feature]uint64{}, arms: firstArms(),
	}
}

// Next hands out the inputs of the next generation, at most n. Their outcomes must be taken in
// before the next ones are handed out.
func (s *Search) Next(n int) []*replay.File {
	s.asked = s.asked[:0]
	s.weigh()
	var inputs []*replay.File
	for range min(n, Generation) {
		t := s.next(s.key.With(s.runs))
		s.runs++
		s.asked = append(s.asked, t)
		inputs = append(inputs, t.in)
	}
	return inputs
}

func (s *Search) next(k keyed.Key) try {
	if s.runs < uint64(len(s.opts.Corpus)) {
		in := s.base()
		old := s.opts.Corpus[s.runs]
		in.Seed, in.Forks, in.Schedule, in.Deviations = old.Seed, old.Forks, old.Schedule, old.Deviations
		in.Steps, in.Sizes, in.Horizon, in.Calm, in.Strategy, in.Data = old.Steps, old.Sizes, old.Horizon, old.Calm, old.Strategy, old.Data
		return try{in: in, arm: armFresh, read: true}
	}
	if a := s.chooseArm(k.Str("arm")); a != armFresh {
		if p := s.choose(k.Str("entry")); p != nil {
			p.tries++
			for _, a := range []int{a, armFork} { // some have no faults, or no steps
				if in := s.mutate(a, p, k.Str("change")); in != nil {
					return try{in: in, arm: a}
				}
			}
		}
	}
	in := s.base()
	in.Seed = s.freshSeed()
	return try{in: in, arm: armFresh, drawn: true}
}

// base is an input that has nothing of its own.
func (s *Search) base() *replay.File {
	in := s.opts.Base
	in.Kept, in.Digest = []string{}, noDigest
	return &in
}

// noDigest stands in inputs, which have none yet.
const noDigest = "0000000000000000"

// freshSeed is the next seed that no run has had.
func (s *Search) freshSeed() uint64 {
	head, rest := s.fresh.Cut(1)
	if seed, ok := head.First(); ok {
		s.fresh, s.last = rest, seed
		return seed
	}
	if s.last++; s.last == 0 {
		s.last++ // seed 0 is the calm run
	}
	return s.last
}

// Take takes in what became of the first inputs that were handed out last, in their order.
// There may be fewer of them, if the search is interrupted.
func (s *Search) Take(outcomes []Outcome) {
	for i := range outcomes {
		s.take(&s.asked[i], &outcomes[i])
	}
	s.asked = s.asked[:0]
}

func (s *Search) take(t *try, o *Outcome) {
	e := &entry{in: t.in, made: o.Made, seen: o.Seen, corpus: t.read}
	for _, x := range o.Seen {
		n, old := s.hits[x.Feature]
		if old {
			s.hits[x.Feature] = n + 1
			continue
		}
		if o.Failed || o.Made == nil {
			continue // it ends early, and so would what is made of it
		}
		s.hits[x.Feature] = 1
		s.count[x.Kind]++
		if len(e.own) == 0 || x.At < e.at {
			e.at = x.At
		}
		e.own = append(e.own, x.Feature)
	}
	if !t.read {
		s.arms[t.arm].learn(s.gains(e))
	}
	if t.drawn && o.Made != nil && o.Made.Schedule != nil {
		s.down = max(s.down, mostDown(*o.Made.Schedule))
	}
	if len(e.own) == 0 {
		return
	}
	for _, name := range o.Made.Nodes {
		if at, twice := slices.BinarySearch(s.names, name); !twice {
			s.names = slices.Insert(s.names, at, name)
		}
	}
	e.in.Digest = o.Digest
	e.in.Kept = words(e.own)
	s.entries = append(s.entries, e)
}

// gains reports whether a run has seen what its change is to be praised for. Where a test tells
// states or has a Sometimes, orders alone are no merit: there is always another one.
func (s *Search) gains(e *entry) bool {
	if s.count[feature.State]+s.count[feature.Sometimes] == 0 {
		return len(e.own) > 0
	}
	return slices.ContainsFunc(e.own, func(f feature.Feature) bool { return f.Kind != feature.Order })
}

// Runs is how many inputs were handed out.
func (s *Search) Runs() uint64 { return s.runs }

// Count is how many features of a kind were seen, and Entries how many inputs are kept.
func (s *Search) Count(k feature.Kind) int { return s.count[k] }

// Entries is how many inputs are kept.
func (s *Search) Entries() int { return len(s.entries) }
