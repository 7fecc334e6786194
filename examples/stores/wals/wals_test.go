package wals

import (
	"testing"

	"samerun/sim"
	"stores/power"
)

func cuts(files ...power.File) power.Cuts {
	return power.Cuts{Files: files, Survive: 500_000, Torn: true}
}

func TestRaftWAL(t *testing.T) {
	plan := cuts(power.File{Name: "wal-meta.db", Operations: 40}, power.File{Name: "00000000000000000001-0000000000000000.wal", Operations: 30})
	sim.Test(t, power.Check(plan, openRaftWAL), sim.Goroutines)
}

func TestRaftBolt(t *testing.T) {
	plan := cuts(power.File{Name: "raft.db", Operations: 300})
	sim.Test(t, power.Check(plan, openRaftBolt(power.Careless)), sim.Goroutines)
}

func TestTidwall(t *testing.T) {
	plan := cuts(power.File{Name: "00000000000000000001", Operations: 80})
	sim.Test(t, power.Check(plan, openTidwall(power.Careless)), sim.Goroutines)
}
