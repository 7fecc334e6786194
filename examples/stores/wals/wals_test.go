package wals

import (
	"testing"

	"samerun/sim"
	"samerun/sim/fault"
	"stores/power"
)

func cuts(files ...power.File) fault.Plan {
	return power.Cuts{Files: files, Survive: 500_000, Torn: true}
}

var (
	walCuts  = cuts(power.File{Name: "wal-meta.db", Operations: 40}, power.File{Name: "00000000000000000001-0000000000000000.wal", Operations: 30})
	boltCuts = cuts(power.File{Name: "raft.db", Operations: 300})
	tidCuts  = cuts(power.File{Name: "00000000000000000001", Operations: 40}, power.File{Name: "00000000000000000012", Operations: 40})
)

func TestRaftWAL(t *testing.T)      { check(t, sim.Ordered, walCuts, openRaftWAL) }
func TestRaftWALPosix(t *testing.T) { check(t, sim.Posix, walCuts, openRaftWAL) }

// With -tags bug these do not sync.
func TestRaftBolt(t *testing.T) { check(t, sim.Ordered, boltCuts, openRaftBolt(power.Careless)) }
func TestTidwall(t *testing.T)  { check(t, sim.Ordered, tidCuts, openTidwall(power.Careless)) }

func check(t *testing.T, level sim.FileSystem, plan fault.Plan, open power.Open) {
	sim.Test(t, power.Check(level, plan, open), sim.Goroutines)
}
