package wals

import (
	"testing"

	"samerun/sim"
	"samerun/sim/fault"
	"stores/power"
)

var (
	// raft-wal v0.4.0 takes no entries any more, after any number of starts, if the power goes when
	// it has sealed a file and not yet noted that: "segment is sealed". So its file is large, but
	// with -tags bug.
	walCuts = power.Cuts{Files: []power.File{
		{Name: "wal-meta.db", Operations: 12}, {Name: "00000000000000000001-0000000000000000.wal", Operations: 80},
	}, Survive: 500_000, Torn: true}

	boltCuts = power.Cuts{Files: []power.File{{Name: "raft.db", Operations: 300}}, Survive: 500_000, Torn: true}

	// tidwall/wal has no checksums, and cannot be opened if its last entry is not whole: "log
	// corrupt". So its writes are not torn, but with -tags bug.
	tidwallCuts = power.Cuts{Files: []power.File{
		{Name: "00000000000000000001", Operations: 40}, {Name: "00000000000000000012", Operations: 40},
	}, Survive: 500_000, Torn: power.Careless}
)

func TestRaftWAL(t *testing.T)      { check(t, sim.Ordered, walCuts, openRaftWAL) }
func TestRaftWALPosix(t *testing.T) { check(t, sim.Posix, walCuts, openRaftWAL) }

// With -tags bug these do not sync.
func TestRaftBolt(t *testing.T) { check(t, sim.Ordered, boltCuts, openRaftBolt(power.Careless)) }
func TestTidwall(t *testing.T)  { check(t, sim.Ordered, tidwallCuts, openTidwall(power.Careless)) }

func check(t *testing.T, level sim.FileSystem, plan fault.Plan, open power.Open) {
	sim.Test(t, power.Check(level, plan, open), sim.Goroutines)
}
