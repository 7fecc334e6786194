package sched

// readyHeap holds ready tasks by priority; the lowest number comes out first.
// The zero value is empty.
//
// Invariant: it is a binary min-heap by prio.
type readyHeap []ready

type ready struct {
	prio uint64
	t    *Task
}

// push puts a task in.
func (r *readyHeap) push(x ready) {
	*r = append(*r, ready{})
	h, i := *r, len(*r)-1
	for i > 0 {
		p := (i - 1) / 2
		if h[p].prio <= x.prio {
			break
		}
		h[i] = h[p]
		i = p
	}
	h[i] = x
}

// pop takes the task with the lowest priority out; nil if there is none.
func (r *readyHeap) pop() *Task {
	n := len(*r) - 1
	if n < 0 {
		return nil
	}
	top, last := (*r)[0].t, (*r)[n]
	(*r)[n] = ready{}
	*r = (*r)[:n]
	if n == 0 {
		return top
	}
	h, i := *r, 0
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
