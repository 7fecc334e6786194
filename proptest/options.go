package proptest

import (
	"fmt"
	"slices"
	"time"

	"samerun/sim/fault"
)

// Option says which schedules are drawn, for P.Faults, Schedules and Configs.
// The one of nodes (Nodes or Names) is needed; the others have defaults.
type Option func(*settings)

// settings is what the options of a schedule come to.
type settings struct {
	names   []string
	horizon time.Duration
	quiet   time.Duration // 0: after four fifths of the horizon
	kinds   []fault.Kind
	budget  int
	maxDown int // -1: a minority
	methods []string
	all     bool   // kinds are those of AllKinds
	sockets bool   // nodes have sockets
	problem string // the first thing that is wrong
}

const (
	defaultHorizon = 10 * time.Second
	defaultBudget  = 40
)

// Nodes has faults befall the n nodes n0, n1 and so on.
func Nodes(n int) Option {
	return func(s *settings) {
		if n <= 0 || n > fault.MaxNames {
			s.wrong("proptest.Nodes was given %d; faults need at least one node and at most %d", n, fault.MaxNames)
			return
		}
		s.names = nodeNames(n)
	}
}

// Names has faults befall the nodes of these names.
func Names(names ...string) Option {
	return func(s *settings) {
		if len(names) == 0 {
			s.wrong("proptest.Names was given no name; faults need at least one node")
		}
		s.names = slices.Clone(names)
	}
}

// Horizon is the virtual time that the run is meant to last: faults happen in
// its first four fifths, unless QuietAt says otherwise. Without it, 10 s.
func Horizon(d time.Duration) Option {
	return func(s *settings) {
		if d < 10*time.Millisecond || d > fault.MaxTime {
			s.wrong("proptest.Horizon was given %v; it must lie between 10ms and ten years", d)
			return
		}
		s.horizon = d
	}
}

// QuietAt is the virtual time at which all is healed, so that liveness can be
// asked for. Every fault begins before it.
func QuietAt(d time.Duration) Option {
	return func(s *settings) {
		if d < 10*time.Millisecond || d > fault.MaxTime {
			s.wrong("proptest.QuietAt was given %v; it must lie between 10ms and ten years", d)
			return
		}
		s.quiet = d
	}
}

// Budget is the largest number of faults. Without it, 40.
func Budget(faults int) Option {
	return func(s *settings) {
		if faults < 0 || faults > fault.MaxFaults {
			s.wrong("proptest.Budget was given %d; it must lie between 0 and %d", faults, fault.MaxFaults)
			return
		}
		s.budget = faults
	}
}

// MaxDown is how many nodes may be crashed, paused or isolated at a time. Without
// it a minority of them, so that a quorum stays alive; of one or two nodes, one.
func MaxDown(nodes int) Option {
	return func(s *settings) {
		if nodes < 0 {
			s.wrong("proptest.MaxDown was given %d; it must not be negative", nodes)
			return
		}
		s.maxDown = nodes
	}
}

// Methods are kinds of messages, such as "Raft.AppendEntries", to which some of
// the faults of links then limit themselves.
func Methods(names ...string) Option {
	return func(s *settings) { s.methods = slices.Clone(names) }
}

// Kinds draws faults of these kinds only. The kinds that stand first are
// those towards which rapid shrinks.
func Kinds(kinds ...fault.Kind) Option {
	return func(s *settings) {
		if len(kinds) == 0 {
			s.wrong("proptest.Kinds was given no kind; name some, such as fault.Cut")
		}
		for _, k := range kinds {
			switch info, ok := k.Info(); {
			case !ok:
				s.wrong("proptest.Kinds was given %q, which is no kind of fault; see fault.Kinds", string(k))
			case needsFile(info):
				s.wrong("proptest.Kinds was given %s, which needs the name of a file; put such elements in a schedule by hand", k)
			}
		}
		s.kinds, s.all = slices.Clone(kinds), false
	}
}

// needsFile says whether elements of the kind must name a file, of which nobody knows here.
func needsFile(info fault.Info) bool { return info.Required&fault.FieldFile != 0 }

// AllKinds draws faults of all kinds that tasks have, those of clocks and disks included, but for
// lose and crashat, which need the name of a file; in P.Faults of goroutines (Goroutines) those
// of sockets, too. Without it
// and without Kinds, faults are of links, single messages, partitions and nodes.
func AllKinds(s *settings) {
	s.kinds, s.all = nil, true
	for _, info := range fault.Kinds() {
		if info.Group != fault.Sockets && !needsFile(info) {
			s.kinds = append(s.kinds, info.Kind)
		}
	}
}

// haveSockets adds the kinds of sockets to all others.
func haveSockets(s *settings) { s.sockets = true }

func (s *settings) wrong(format string, args ...any) {
	if s.problem == "" {
		s.problem = fmt.Sprintf(format, args...)
	}
}

// settle applies the options and fills in the defaults.
func settle(options []Option) *settings {
	s := &settings{horizon: defaultHorizon, budget: defaultBudget, maxDown: -1}
	for _, info := range fault.Kinds() {
		if info.Group != fault.Clocks && info.Group != fault.Disks && info.Group != fault.Sockets {
			s.kinds = append(s.kinds, info.Kind)
		}
	}
	for _, o := range options {
		if o == nil {
			s.wrong("an option is nil; leave it out")
			continue
		}
		o(s)
	}
	if s.all && s.sockets {
		for _, info := range fault.Kinds() {
			if info.Group == fault.Sockets {
				s.kinds = append(s.kinds, info.Kind)
			}
		}
	}
	if len(s.names) == 0 {
		s.wrong("faults need nodes to befall: give proptest.Nodes or proptest.Names")
	}
	if s.quiet == 0 {
		s.quiet = s.horizon - s.horizon/5
	}
	if s.maxDown < 0 {
		s.maxDown = max(1, (len(s.names)-1)/2)
	}
	s.kinds = slices.DeleteFunc(s.kinds, func(k fault.Kind) bool {
		return fewest(k) > len(s.names) || s.maxDown == 0 && goesDown(k)
	})
	if len(s.kinds) == 0 {
		s.wrong("none of the kinds can befall %d nodes with at most %d down; give more nodes or other kinds", len(s.names), s.maxDown)
	}
	return s
}

// fewest is how many nodes a kind needs to do anything.
func fewest(k fault.Kind) int {
	info, _ := k.Info()
	switch {
	case k == fault.Ring:
		return 4
	case k == fault.Bridge:
		return 3
	case info.Group == fault.Links || info.Group == fault.Picks || info.Group == fault.Partitions:
		return 2
	}
	return 1
}

// goesDown says that a node that the kind befalls counts as down.
func goesDown(k fault.Kind) bool {
	return k == fault.Crash || k == fault.Pause || k == fault.Isolate
}

func nodeNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprint("n", i)
	}
	return names
}
