package sched

// waitq is a queue of blocked tasks, first come first served, linked through
// the tasks themselves. The zero value is empty.
//
// Invariant: t.queue is the waitq for each task t in it.
type waitq struct{ first, last *Task }

func (q *waitq) push(t *Task) {
	t.queue, t.qprev, t.qnext = q, q.last, nil
	if q.last != nil {
		q.last.qnext = t
	} else {
		q.first = t
	}
	q.last = t
}

// pushFront is for a task that was woken and came too late: it has waited longest.
func (q *waitq) pushFront(t *Task) {
	t.queue, t.qprev, t.qnext = q, nil, q.first
	if q.first != nil {
		q.first.qprev = t
	} else {
		q.last = t
	}
	q.first = t
}

func (q *waitq) pop() *Task {
	t := q.first
	if t != nil {
		q.remove(t)
	}
	return t
}

func (q *waitq) remove(t *Task) {
	if t.qprev != nil {
		t.qprev.qnext = t.qnext
	} else {
		q.first = t.qnext
	}
	if t.qnext != nil {
		t.qnext.qprev = t.qprev
	} else {
		q.last = t.qprev
	}
	t.queue, t.qprev, t.qnext = nil, nil, nil
}
