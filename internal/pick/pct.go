package pick

// PCT is probabilistic concurrency testing: Burckhardt, Kothari, Musuvathi and
// Nagarakatte, "A randomized scheduler with probabilistic guarantees of finding
// bugs" (ASPLOS 2010). Each has a random priority for life, and at depth-1 choices,
// drawn at random, the one whose turn it would be falls below all others. A choice
// is a turn for which two or more are ready.
//
// After twice length choices it goes on as Random does, like the fair PCT of
// Coyote: who has the highest priority and waits in a loop would keep the others out
// for ever.
//
// The caller stores to which priority somebody fell.
type PCT struct {
	task, fair Key
	changes    marks
	depth      uint64
	choices    uint64
	patience   uint64 // choices until it becomes fair
	yields     uint64
}

// lowest is above the numbers of all that have not fallen.
const lowest = 1 << 63

// NewPCT returns the strategy of a ScheduleKey. A depth below 1 counts as 1, and length
// 0 as DefaultLength.
func NewPCT(schedule Key, depth, length uint64) PCT {
	key := schedule.Str("pct")
	if length == 0 {
		length = DefaultLength
	}
	return PCT{task: key.Str("task"), fair: key.Str("fair"), patience: 2 * length,
		depth: depth, changes: newMarks(key.Str("change"), 1, depth, length)}
}

// Priority returns the priority of id when it is ready for the readied-th time; the
// lowest goes first. fallen is what Change or Yield said of it last, or 0.
func (p *PCT) Priority(id, readied, fallen uint64) uint64 {
	switch {
	case p.Fair():
		return uint64(p.fair.With(id).With(readied))
	case fallen > 0:
		return fallen
	}
	return uint64(p.task.With(id)) >> 1
}

// Change reports whether the one that would be next falls, and to which priority.
// It is asked before a choice until it says no.
func (p *PCT) Change() (prio uint64, falls bool) {
	if !p.changes.due(p.choices) {
		return 0, false
	}
	// As in the paper, who falls at the i-th point is above who falls at the ones
	// with lower numbers, and the points come in any order.
	return lowest + p.depth - p.changes.pass(), true
}

// Chosen counts a choice. It reports whether PCT has just become fair: then all that
// are ready draw their priorities anew.
func (p *PCT) Chosen() (fair bool) {
	p.choices++
	return p.choices == p.patience
}

// Fair reports whether PCT has gone over to Random.
func (p *PCT) Fair() bool { return p.choices >= p.patience }

// Yield returns the priority to which somebody falls that says that it waits for
// others: below all.
func (p *PCT) Yield() (prio uint64) {
	p.yields++
	return lowest + MaxCount + p.yields
}
