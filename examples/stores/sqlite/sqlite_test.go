package sqlite

import (
	"testing"

	"samerun/sim"
	"stores/power"
)

var cuts = power.Cuts{Files: []power.File{
	{Name: "sqlite.db", Operations: 200}, {Name: "sqlite.db-journal", Operations: 300}, {Name: "sqlite.db-wal", Operations: 300},
}, Survive: 500_000, Torn: true}

func TestWAL(t *testing.T)           { check(t, sim.Ordered, "WAL") }
func TestWALPosix(t *testing.T)      { check(t, sim.Posix, "WAL") }
func TestRollback(t *testing.T)      { check(t, sim.Ordered, "DELETE") }
func TestRollbackPosix(t *testing.T) { check(t, sim.Posix, "DELETE") }

// With -tags bug sqlite is told not to sync.
func check(t *testing.T, level sim.FileSystem, journal string) {
	synchronous := "FULL"
	if power.Careless {
		synchronous = "OFF"
	}
	sim.Test(t, power.Check(level, cuts, opened(journal, synchronous)), sim.Goroutines)
}
