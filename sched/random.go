package sched

import "samerun/internal/pick"

// Random gives each task a random priority when it becomes ready and runs the
// one that has the lowest: BasicPOS of Yuan, Yang and Gu, "Partial order aware
// concurrency sampling" (CAV 2018). Compared with a die thrown over the ready
// set, it makes every decision belong to one task: the priority is a hash of
// the seed, the task and how often that task has been ready, so that taking
// another task out of the run changes nothing between the rest.
//
// Make one with NewRandom.
type Random struct {
	by   pick.Random
	heap readyHeap
}

// NewRandom returns the random strategy of a seed.
func NewRandom(seed uint64) *Random { return &Random{by: pick.NewRandom(pick.ScheduleKey(seed))} }

// Add gives t a priority.
func (r *Random) Add(t *Task) {
	r.heap.push(ready{r.by.Priority(t.ID(), t.readied), t})
}

// Next takes the task with the lowest priority.
func (r *Random) Next() *Task { return r.heap.pop() }
