package badstore

import (
	"testing"

	"samerun/sim"
	"stores/power"
)

// Every kind of misfortune: a store that has failed to sync is opened anew.
var cuts = power.Cuts{Files: []power.File{
	{Name: "log", Operations: 120}, {Name: "all", Operations: 6}, {Name: "all.new", Operations: 15},
}, Survive: 500_000, Torn: true, SyncFails: 100_000}

func TestRight(t *testing.T) { sim.Test(t, power.Check(cuts, Opened(Mistakes{})), sim.Goroutines) }
