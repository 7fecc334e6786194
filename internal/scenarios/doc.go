// Package scenarios has small worlds of all kinds for the tests of the simulator
// itself. The golden digests in testdata/golden say, for a few seeds of each, what
// the seed means; a change of theirs changes every user's seeds (rule D8 of the
// design) and is told in CHANGELOG.md.
//
// A scenario is a function of a world, with nothing outside of it. Once it is in
// the table it stays as it is, because its digests guard the simulator and not
// the scenario.
//
// Nothing but tests may import this package: it stands on labrpc, high above the
// place that its folder has in the layers.
package scenarios

import (
	"time"

	"samerun/sim"
)

// Scenario is one small world.
type Scenario struct {
	Name string
	Run  func(w *sim.World)
}

// All returns the scenarios, in the order of their names' files.
func All() []Scenario {
	return []Scenario{
		{"ping", Ping},
		{"partition", Partition},
		{"clog", Clog},
		{"duplicates", Duplicates},
		{"gossip", Gossip},
		{"restart", Restart},
		{"pause", Pause},
		{"clocks", Clocks},
		{"locks", Locks},
		{"channels", Channels},
		{"timers", Timers},
		{"rpc", RPC},
		{"rpc-unreliable", UnreliableRPC},
	}
}

// Find returns the scenario of that name.
func Find(name string) (s Scenario, ok bool) {
	for _, s := range All() {
		if s.Name == name {
			return s, true
		}
	}
	return Scenario{}, false
}

const ms = time.Millisecond
