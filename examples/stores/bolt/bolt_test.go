package bolt

import (
	"testing"

	"go.etcd.io/bbolt"

	"samerun/sim"
	"stores/power"
)

var cuts = power.Cuts{Files: []power.File{{Name: "bolt.db", Operations: 300}}, Survive: 500_000, Torn: true}

// As it comes, bolt loses nothing. With -tags bug it does not sync.
func TestBolt(t *testing.T) {
	sim.Test(t, power.Check(cuts, opened(bbolt.Options{NoSync: power.Careless})), sim.Goroutines)
}

// With its other list of free pages, which is not in the file.
func TestBoltFreelist(t *testing.T) {
	options := bbolt.Options{NoSync: power.Careless, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType}
	sim.Test(t, power.Check(cuts, opened(options)), sim.Goroutines)
}
