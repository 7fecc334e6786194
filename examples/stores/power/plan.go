package power

import (
	"hash/fnv"
	"math/rand/v2"
	"time"

	"samerun/sim/fault"
)

// File is a file of a store, below its folder, and about how many operations a run does to it.
type File struct {
	Name       string
	Operations int
}

// Cuts is a plan: the power goes several times, mostly at an operation on one of the files, and
// what was not synced then is there or not, as chance has it. All of it is drawn from the seed.
type Cuts struct {
	Files []File
	// Survive is the share of unsynced operations that reached the disk, in parts per million. In
	// a third of the runs it is nothing.
	Survive int64
	// Torn writes are in half of the runs.
	Torn bool
	// SyncFails is the chance of a sync to fail, in parts per million, in half of the runs.
	SyncFails int64
}

// Draw draws a schedule.
func (c Cuts) Draw(seed uint64, nodes []string, horizon time.Duration) fault.Schedule {
	s := fault.Schedule{Quiet: horizon}
	if seed == 0 {
		return s
	}
	h := fnv.New64a()
	h.Write([]byte("cuts"))
	r := rand.New(rand.NewPCG(seed, h.Sum64()))
	down := func() time.Duration { return time.Duration(50+r.IntN(500)) * time.Millisecond }
	for range 1 + r.IntN(3) {
		if len(c.Files) == 0 || r.IntN(4) == 0 {
			at := time.Duration(r.Int64N(int64(horizon)))
			s.Faults = append(s.Faults, fault.Fault{Kind: fault.Crash, Nodes: nodes, At: at, For: down()})
			continue
		}
		f := c.Files[r.IntN(len(c.Files))]
		s.Faults = append(s.Faults, fault.Fault{Kind: fault.CrashAt, Nodes: nodes, File: f.Name, Nth: 1 + r.Uint64N(uint64(f.Operations)), For: down()})
	}
	if r.IntN(3) > 0 && c.Survive > 0 {
		s.Faults = append(s.Faults, fault.Fault{Kind: fault.Unsynced, Nodes: nodes, PPM: c.Survive})
	}
	if c.Torn && r.IntN(2) == 0 {
		s.Faults = append(s.Faults, fault.Fault{Kind: fault.Torn, Nodes: nodes})
	}
	if c.SyncFails > 0 && r.IntN(2) == 0 {
		s.Faults = append(s.Faults, fault.Fault{Kind: fault.SyncFail, Nodes: nodes, PPM: c.SyncFails})
	}
	return s
}
