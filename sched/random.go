package sched

import "samerun/internal/keyed"

// Random gives each task a random priority when it becomes ready and runs the
// one that has the lowest: BasicPOS of Yuan, Yang and Gu, "Partial order aware
// concurrency sampling" (CAV 2018). Compared with a die thrown over the ready
// set, it makes every decision belong to one task: the priority is a hash of
// the seed, the task and how often that task has been ready, so that taking
// another task out of the run changes nothing between the rest.
//
// Make one with NewRandom.
type Random struct {
	key  keyed.Key
	heap readyHeap
}

// NewRandom returns the random strategy of a seed.
func NewRandom(seed uint64) *Random { return &Random{key: scheduleKey(seed)} }

// scheduleKey returns the key from which the strategies of a seed draw.
func scheduleKey(seed uint64) keyed.Key {
	if seed == 0 {
		// The calm key would give every task the same priority.
		return keyed.Ident("schedule")
	}
	return keyed.Root(seed).Str("schedule")
}

// Add gives t a priority.
func (r *Random) Add(t *Task) {
	r.heap.push(ready{r.key.With(t.ID()).With(t.readied).Uint64(), t})
}

// Next takes the task with the lowest priority.
func (r *Random) Next() *Task { return r.heap.pop() }
