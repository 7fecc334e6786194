package sched

import "samerun/internal/pick"

// Walk is the random walk: at each step every ready task has the same chance to
// be the next, whatever was chosen before. It is the plainest of the random
// strategies, and what the others are held against: the naive random scheduler of
// Thomson, Donaldson and Betts, "Concurrency testing using schedule bounding: an
// empirical study" (PPoPP 2014). It gives no guarantee.
//
// A choice belongs to a step and not to a task, so that Walk departs from the
// other strategies: taking a task out of the run changes every choice in which it
// took part. The choice is drawn from the seed and the set of the tasks that are
// ready, not from the number of the step; so those in which it took no part stay.
//
// Make one with NewWalk. Invariant: set is the sum of the hashes of the ready.
type Walk struct {
	by    pick.Walk
	ready arrivals[*Task]
	set   uint64
}

// NewWalk returns the random walk of a seed.
func NewWalk(seed uint64) *Walk { return &Walk{by: pick.NewWalk(pick.ScheduleKey(seed))} }

// Add takes t into the set.
func (w *Walk) Add(t *Task) {
	w.set += w.hash(t)
	w.ready.add(t)
}

// Next throws the die.
func (w *Walk) Next() *Task {
	n := w.ready.len()
	if n == 0 {
		return nil
	}
	t := w.ready.take(w.by.Draw(w.set, n))
	w.set -= w.hash(t)
	return t
}

// hash tells one readiness of a task from all others. No set comes twice in a
// run, because whoever was taken out comes back with another hash.
func (w *Walk) hash(t *Task) uint64 {
	return w.by.Hash(t.ID(), t.readied, t.resumed)
}
