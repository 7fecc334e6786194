package fault

import (
	"fmt"
	"time"
)

// Plan draws schedules. The same arguments give the same schedule, always.
//
// horizon is how long the run is meant to last in virtual time. Only the given
// nodes are hit, so that clients and the like can be left out.
type Plan interface {
	Draw(seed uint64, nodes []string, horizon time.Duration) Schedule
}

// Mix is a Plan that is data: which kinds of faults, how many and how hard.
// Presets are mixes.
//
// Each element is drawn from a key of its own, (seed, Name, kind, n-th of that
// kind), so that taking a rule out leaves the elements of the others as they
// are. Two rules of one kind count as the first and the second of it.
//
// The zero value draws no faults. Seed 0 draws the empty schedule, whatever the
// rules.
type Mix struct {
	// Name is part of every key: two mixes of different names draw differently.
	Name  string
	Rules []Rule
	// MaxDown is how many nodes may be down at a time: crashed, paused or cut off by
	// Isolate. 0 is a minority of them, (n-1)/2, which keeps a quorum alive.
	MaxDown int
	// Window is the longest time that a node is down. Time is cut in windows of this
	// length; for each MaxDown nodes are chosen, and only these go down in it, and
	// are up again at its end. 0 is two seconds.
	Window time.Duration
}

// Rule says how many faults of one kind a Mix draws, and from which ranges their
// numbers come. Ranges of fields that the kind does not have are not looked at.
type Rule struct {
	Kind Kind
	// Rate is how many there are in a thousand node-seconds, on average. 0 is one
	// that lasts as long as the faults do and hits all nodes.
	//
	// For Crash, Pause and Isolate, of which only so many may be at a time, it is an
	// upper bound, and there is none at 0.
	Rate  int64
	For   Durations // how long
	PPM   Range     // chance, share or rate
	Shape Shape     // of Latency
	// Delay is not drawn from: it gives Min and Max as they are. See Sites.
	Delay Durations
	// Sites, if positive and the kind is Latency, spreads the nodes in turn over so
	// many sites, at most 64. Each pair of sites has a distance, drawn from Delay,
	// that stays the same throughout the run; a message takes from that to three
	// times that, by Shape. Inside a site the latency of the link stays.
	Sites  int
	Bytes  Range
	Queue  int
	Period Durations
	Offset Durations // half of them are negative
}

// Range is a range of numbers, both ends included. The zero value is the number 0.
type Range struct{ Min, Max int64 }

// Durations is a range of durations, both ends included.
type Durations struct{ Min, Max time.Duration }

// maxRate bounds the rates of a mix: a thousand a second on each node.
const maxRate = 1_000_000

// Validate returns nil if every schedule that the mix draws is valid, or one
// sentence that says which rule is wrong and what to do.
func (m Mix) Validate() error {
	if m.MaxDown < 0 {
		return fmt.Errorf("mix %q: MaxDown is %d; it must not be negative", m.Name, m.MaxDown)
	}
	if m.Window < 0 || m.Window > MaxTime {
		return fmt.Errorf("mix %q: Window is %v; it must lie between 0 and ten years", m.Name, m.Window)
	}
	for i, r := range m.Rules {
		if err := r.validate(); err != nil {
			return fmt.Errorf("mix %q, rule %d: %w", m.Name, i, err)
		}
	}
	return nil
}

func (r *Rule) validate() error {
	info, ok := r.Kind.Info()
	switch {
	case !ok:
		return fmt.Errorf("%s", unknownKind(string(r.Kind)))
	case info.Group == Picks:
		return fmt.Errorf("%s picks one message by its number; a mix cannot know which, so leave it out", r.Kind)
	case info.picks():
		return fmt.Errorf("%s picks one operation of a file by its number; a mix cannot know which, so leave it out", r.Kind)
	case r.Rate < 0 || r.Rate > maxRate:
		return fmt.Errorf("%s: Rate is %d; it must lie between 0 and %d", r.Kind, r.Rate, maxRate)
	case r.Rate == 0 && info.goesDown():
		return fmt.Errorf("%s: Rate is 0, so that there would be none; give one or leave the rule out", r.Kind)
	case r.Sites < 0 || r.Sites > maxSites:
		return fmt.Errorf("%s: Sites is %d; it must lie between 0 and %d", r.Kind, r.Sites, maxSites)
	case r.Sites > 0 && (r.Delay.Max > MaxTime/far || r.Delay.Min <= 0):
		return fmt.Errorf("%s: Delay is %v to %v; distances need a longest delay, and one above 0", r.Kind, r.Delay.Min, r.Delay.Max)
	}
	for _, c := range [...]struct {
		name      string
		low, high int64
	}{
		{"For", int64(r.For.Min), int64(r.For.Max)},
		{"PPM", r.PPM.Min, r.PPM.Max},
		{"Delay", int64(r.Delay.Min), int64(r.Delay.Max)},
		{"Bytes", r.Bytes.Min, r.Bytes.Max},
		{"Period", int64(r.Period.Min), int64(r.Period.Max)},
		{"Offset", int64(r.Offset.Min), int64(r.Offset.Max)},
	} {
		if c.high < c.low {
			return fmt.Errorf("%s: the range %s ends before it begins; swap its ends", r.Kind, c.name)
		}
	}
	// The ends of every range must make an element that is right, also the shortest
	// with the longest period.
	for ends := range 3 {
		f := r.numbers(info, func(what string, low, high int64) int64 {
			if ends == 0 || ends == 1 && what == "for" {
				return low
			}
			return high
		})
		switch {
		case r.Kind == Latency && r.Sites > 0:
			f = r.apart([...]time.Duration{r.Delay.Min, r.Delay.Min, r.Delay.Max}[ends])
		case r.Rate == 0:
			f.For = 0
		}
		if info.Uses(FieldFrom) {
			f.From, f.To = []string{"a"}, []string{"b"}
		} else {
			f.Nodes = []string{"a"}
		}
		if err := f.Validate(); err != nil {
			return err
		}
	}
	return nil
}

// picks reports whether an element of the kind needs a number of what it befalls.
func (i Info) picks() bool { return i.Required&FieldNth != 0 }

// goesDown reports whether a node that the kind befalls counts as down.
func (i Info) goesDown() bool { return i.Kind == Crash || i.Kind == Pause || i.Kind == Isolate }
