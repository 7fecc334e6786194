package sched

// arrivals holds ready tasks, or what a strategy knows of each, in the order in
// which they became ready. The zero value is empty. Taking the first out is
// free; taking another moves those before it or those after it, whichever are
// fewer.
//
// Invariant: buf[head:] are the elements, first come first.
type arrivals[E any] struct {
	buf  []E
	head int
}

func (a *arrivals[E]) len() int { return len(a.buf) - a.head }

// at returns the i-th element, which may be changed until the next add or take.
func (a *arrivals[E]) at(i int) *E { return &a.buf[a.head+i] }

// add puts e last.
func (a *arrivals[E]) add(e E) {
	if len(a.buf) == cap(a.buf) && 2*a.head >= len(a.buf) {
		n := copy(a.buf, a.buf[a.head:])
		clear(a.buf[n:])
		a.buf, a.head = a.buf[:n], 0
	}
	a.buf = append(a.buf, e)
}

// take takes the i-th element out.
func (a *arrivals[E]) take(i int) E {
	var none E
	live := a.buf[a.head:]
	e, last := live[i], len(live)-1
	if i <= last/2 {
		copy(live[1:i+1], live[:i])
		live[0] = none
		a.head++
	} else {
		copy(live[i:], live[i+1:])
		live[last] = none
		a.buf = a.buf[:len(a.buf)-1]
	}
	return e
}
