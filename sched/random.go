package sched

import "samerun/internal/keyed"

// Random gives each task a random priority when it becomes ready and runs the
// one that has the lowest: BasicPOS of Yuan, Yang and Gu, "Partial order aware
// concurrency sampling" (CAV 2018). Compared with a die thrown over the ready
// set, it makes every decision belong to one task: the priority is a hash of
// the seed, the task and how often that task has been ready, so that taking
// another task out of the run changes nothing between the rest.
//
// Make one with NewRandom. Invariant: heap is a binary min-heap by prio.
type Random struct {
	key  keyed.Key
	heap []ready
}

type ready struct {
	prio uint64
	t    *Task
}

// NewRandom returns the random strategy of a seed.
func NewRandom(seed uint64) *Random {
	if seed == 0 {
		// The calm key would give every task the same priority.
		return &Random{key: keyed.Ident("schedule")}
	}
	return &Random{key: keyed.Root(seed).Str("schedule")}
}

// Add gives t a priority.
func (r *Random) Add(t *Task) {
	prio := r.key.With(t.ID()).With(t.readied).Uint64()
	r.heap = append(r.heap, ready{})
	h, i := r.heap, len(r.heap)-1
	for i > 0 {
		p := (i - 1) / 2
		if h[p].prio <= prio {
			break
		}
		h[i] = h[p]
		i = p
	}
	h[i] = ready{prio, t}
}

// Next takes the task with the lowest priority.
func (r *Random) Next() *Task {
	n := len(r.heap) - 1
	if n < 0 {
		return nil
	}
	top, last := r.heap[0].t, r.heap[n]
	r.heap[n] = ready{}
	r.heap = r.heap[:n]
	if n == 0 {
		return top
	}
	h, i := r.heap, 0
	for {
		c := 2*i + 1
		if c >= n {
			break
		}
		if c+1 < n && h[c+1].prio < h[c].prio {
			c++
		}
		if last.prio <= h[c].prio {
			break
		}
		h[i] = h[c]
		i = c
	}
	h[i] = last
	return top
}
