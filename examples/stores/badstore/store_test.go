package badstore

import (
	"testing"

	"samerun/sim"
	"stores/power"
)

// The power goes, unsynced data survives in part, and a sync fails now and then.
var cuts = power.Cuts{Files: []power.File{
	{Name: "log", Operations: 120}, {Name: "all", Operations: 6}, {Name: "all.new", Operations: 15},
}, Survive: 500_000, Torn: true, SyncFails: 100_000}

// With -tags bug each of these has its mistake, and without it none.
func TestFolderIsSynced(t *testing.T)  { check(t, Mistakes{NoFolderSync: power.Careless}) }
func TestRecordsAreWhole(t *testing.T) { check(t, Mistakes{NoChecksum: power.Careless}) }
func TestSyncIsBelieved(t *testing.T)  { check(t, Mistakes{SyncTwice: power.Careless}) }

func check(t *testing.T, m Mistakes) {
	sim.Test(t, power.Check(sim.Posix, cuts, Opened(m)), sim.Goroutines)
}
