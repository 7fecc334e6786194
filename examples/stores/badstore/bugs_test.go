//go:build bug

package badstore

import (
	"testing"

	"samerun/sim"
	"stores/power"
)

func TestNoFolderSync(t *testing.T) { bad(t, Mistakes{NoFolderSync: true}) }
func TestNoChecksum(t *testing.T)   { bad(t, Mistakes{NoChecksum: true}) }
func TestSyncTwice(t *testing.T)    { bad(t, Mistakes{SyncTwice: true}) }

func bad(t *testing.T, m Mistakes) { sim.Test(t, power.Check(cuts, Opened(m)), sim.Goroutines) }
