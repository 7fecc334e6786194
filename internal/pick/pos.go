package pick

// POS is partial order sampling: Yuan, Yang and Gu, "Partial order aware
// concurrency sampling" (CAV 2018). It is Random, but after each turn those that
// race with it draw anew. They race if they belong to one group, such as a node: who
// is in one group shares its memory.
type POS struct{ key Key }

// NewPOS returns the strategy of a ScheduleKey.
func NewPOS(schedule Key) POS { return POS{schedule.Str("pos")} }

// Priority returns the priority of id when it is ready for the readied-th time and
// has been through races since. The lowest goes first.
func (p POS) Priority(id, readied, races uint64) uint64 { return p.Ready(id, readied).Priority(races) }

// Ready is what the priorities of id have in common while it is ready for the readied-th
// time. Who draws for many keeps it.
func (p POS) Ready(id, readied uint64) POSReady { return POSReady{p.key.With(id).With(readied)} }

// POSReady is one who is ready. Its priorities are a function of how many races it has been
// through since.
type POSReady struct{ key Key }

// Priority is [POS.Priority] of the one who is ready.
func (r POSReady) Priority(races uint64) uint64 { return uint64(r.key.With(races)) }
