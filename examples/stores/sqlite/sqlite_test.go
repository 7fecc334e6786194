package sqlite

import (
	"testing"

	"samerun/sim"
	"stores/power"
)

var cuts = power.Cuts{Files: []power.File{
	{Name: "sqlite.db", Operations: 200}, {Name: "sqlite.db-journal", Operations: 300}, {Name: "sqlite.db-wal", Operations: 300},
}, Survive: 500_000, Torn: true}

func TestWAL(t *testing.T) {
	sim.Test(t, power.Check(cuts, opened("WAL", synchronous())), sim.Goroutines)
}

func TestRollback(t *testing.T) {
	sim.Test(t, power.Check(cuts, opened("DELETE", synchronous())), sim.Goroutines)
}

// synchronous is OFF with -tags bug.
func synchronous() string {
	if power.Careless {
		return "OFF"
	}
	return "FULL"
}
