package bolt

import (
	"testing"

	"go.etcd.io/bbolt"

	"samerun/sim"
	"stores/power"
)

var cuts = power.Cuts{Files: []power.File{{Name: "bolt.db", Operations: 300}}, Survive: 500_000, Torn: true}

// As it comes, bolt loses nothing on ext4. With -tags bug it does not sync.
func TestBolt(t *testing.T) {
	sim.Test(t, power.Check(sim.Ordered, cuts, opened(bbolt.Options{NoSync: power.Careless})), sim.Goroutines)
}

// With its other list of free pages, which is not in the file.
func TestBoltFreelist(t *testing.T) {
	options := bbolt.Options{NoSync: power.Careless, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType}
	sim.Test(t, power.Check(sim.Ordered, cuts, opened(options)), sim.Goroutines)
}

// Where no file system helps, the new file's name has to be synced by who uses bolt.
func TestBoltPosix(t *testing.T) {
	open := power.FolderSynced(opened(bbolt.Options{NoSync: power.Careless}))
	sim.Test(t, power.Check(sim.Posix, cuts, open), sim.Goroutines)
}
