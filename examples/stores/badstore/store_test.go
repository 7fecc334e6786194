package badstore

import (
	"testing"

	"samerun/sim"
	"stores/power"
)

// With -tags bug each of these has its mistake, and without it none. In the last one a sync fails
// now and then as well.
func TestFolderIsSynced(t *testing.T)  { check(t, 0, Mistakes{NoFolderSync: power.Careless}) }
func TestRecordsAreWhole(t *testing.T) { check(t, 0, Mistakes{NoChecksum: power.Careless}) }
func TestSyncIsBelieved(t *testing.T)  { check(t, 100_000, Mistakes{SyncTwice: power.Careless}) }

func check(t *testing.T, syncFails int64, m Mistakes) {
	cuts := power.Cuts{Files: []power.File{
		{Name: "log", Operations: 120}, {Name: "all", Operations: 6}, {Name: "all.new", Operations: 15},
	}, Survive: 500_000, Torn: true, SyncFails: syncFails}
	sim.Test(t, power.Check(sim.Posix, cuts, Opened(m)), sim.Goroutines)
}
