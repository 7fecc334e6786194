package sched

// chanq is a queue of tasks that wait at a channel.
type chanq[T any] struct{ first, last *party[T] }

func (q *chanq[T]) push(p *party[T]) {
	p.q, p.prev, p.next = q, q.last, nil
	if q.last != nil {
		q.last.next = p
	} else {
		q.first = p
	}
	q.last = p
}

func (q *chanq[T]) drop(p *party[T]) {
	if p.q != q {
		return
	}
	if p.prev != nil {
		p.prev.next = p.next
	} else {
		q.first = p.next
	}
	if p.next != nil {
		p.next.prev = p.prev
	} else {
		q.last = p.prev
	}
	p.q, p.prev, p.next = nil, nil, nil
}

// take returns the party that has waited longest and is still free to deal: one
// whose Select was served elsewhere at this instant is passed over.
func (q *chanq[T]) take() *party[T] {
	for p := q.first; p != nil; p = q.first {
		q.drop(p)
		if p.sel == nil {
			return p
		}
		p.t.s.Touch(p.sel, ToWrite)
		if p.sel.chosen < 0 {
			p.sel.chosen = p.index
			return p
		}
	}
	return nil
}

// waiting says whether take would find somebody.
func (q *chanq[T]) waiting() bool {
	for p := q.first; p != nil; p = q.first {
		if p.sel != nil {
			p.t.s.Touch(p.sel, ToRead)
		}
		if p.sel == nil || p.sel.chosen < 0 {
			return true
		}
		q.drop(p)
	}
	return false
}

// remove takes a task out that will never run again.
func (p *party[T]) remove(*Task) {
	if p.q != nil {
		p.q.drop(p)
	}
}

func (c *Chan[T]) party(t *Task) *party[T] {
	p := c.free
	if p == nil {
		p = new(party[T])
	} else {
		c.free = p.next
		*p = party[T]{}
	}
	p.t = t
	return p
}

func (c *Chan[T]) recycle(p *party[T]) {
	*p = party[T]{next: c.free}
	c.free = p
}
