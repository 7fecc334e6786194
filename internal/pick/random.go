package pick

// Random gives each a random priority when it becomes ready: BasicPOS of Yuan, Yang
// and Gu, "Partial order aware concurrency sampling" (CAV 2018). Every decision
// belongs to one of those that are ready, and not to the turn.
type Random struct{ key Key }

// NewRandom returns the strategy of a ScheduleKey.
func NewRandom(schedule Key) Random { return Random{schedule} }

// Priority returns the priority of id when it is ready for the readied-th time. The
// lowest goes first.
func (r Random) Priority(id, readied uint64) uint64 {
	return uint64(r.key.With(id).With(readied))
}
