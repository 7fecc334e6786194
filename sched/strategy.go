package sched

// Strategy decides which of the ready tasks runs next. It holds the ready set
// itself, because the data structure is half of each algorithm: a ring for
// FIFO, a heap for priorities.
//
// A strategy serves one run, and must be a pure function of its seed and of the
// calls made to it. Tasks are told apart by Task.ID, which is the same in every
// run; it must not look at their addresses.
type Strategy interface {
	// Add puts a task that became ready into the ready set.
	Add(t *Task)
	// Next takes the task that shall run now out of the ready set, and returns
	// nil when the set is empty.
	Next() *Task
}

// FIFO runs tasks in the order in which they became ready: the calmest
// schedule, and the one that seed 0 has. The zero value is ready for use.
//
// Invariant: ring[head:head+n], modulo its length, which is a power of two.
type FIFO struct {
	ring    []*Task
	head, n int
}

// Add puts t last.
func (f *FIFO) Add(t *Task) {
	if f.n == len(f.ring) {
		bigger := make([]*Task, max(16, 2*len(f.ring)))
		for i := range f.n {
			bigger[i] = f.ring[(f.head+i)&(len(f.ring)-1)]
		}
		f.ring, f.head = bigger, 0
	}
	f.ring[(f.head+f.n)&(len(f.ring)-1)] = t
	f.n++
}

// Next takes the first.
func (f *FIFO) Next() *Task {
	if f.n == 0 {
		return nil
	}
	t := f.ring[f.head]
	f.ring[f.head] = nil
	f.head = (f.head + 1) & (len(f.ring) - 1)
	f.n--
	return t
}
