package commands

import (
	"slices"
	"time"

	"samerun/sim/fault"
	"stores/power"
)

// Chaos is fault.Chaos, and disks that lose at a crash what was not synced. The power goes as well
// at some operations on the given files.
func Chaos(files ...power.File) fault.Plan { return chaos{files} }

type chaos struct{ files []power.File }

func (c chaos) Draw(seed uint64, nodes []string, horizon time.Duration) fault.Schedule {
	s := fault.Chaos().Draw(seed, nodes, horizon)
	// An error of their disk ends these servers, for good.
	s.Faults = slices.DeleteFunc(s.Faults, func(f fault.Fault) bool {
		return f.Kind == fault.SyncFail || f.Kind == fault.NoSpace
	})
	if seed == 0 {
		return s
	}
	disks := power.Cuts{Files: c.files, Survive: 500_000, Torn: true}.Draw(seed, nodes, horizon)
	s.Faults = append(s.Faults, disks.Faults...)
	return s
}
