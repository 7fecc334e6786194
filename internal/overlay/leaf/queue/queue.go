// Package queue keeps things in order in the network of a test, and buffers for the next
// of them: package net gets it from internal/overlay/bundle.
package queue

// Queue has things in the order in which they came. It allocates when it holds more than
// it ever held. The zero Queue is empty. It has no lock of its own.
type Queue[T any] struct {
	items []T // a ring; its length is a power of two, or 0
	first int // the index of the first thing
	n     int // how many there are
}

// Len is how many things are in q.
func (q *Queue[T]) Len() int { return q.n }

// At returns the thing at place i, counted from the first, which is at 0.
func (q *Queue[T]) At(i int) *T { return &q.items[(q.first+i)&(len(q.items)-1)] }

// Push puts x behind all others.
func (q *Queue[T]) Push(x T) {
	if q.n == len(q.items) {
		items := make([]T, max(4, 2*q.n))
		for i := range q.n {
			items[i] = *q.At(i)
		}
		q.items, q.first = items, 0
	}
	q.n++
	*q.At(q.n - 1) = x
}

// Pop takes the first thing, of which q keeps nothing. There must be one.
func (q *Queue[T]) Pop() T {
	var none T
	p := q.At(0)
	x := *p
	*p = none
	q.first = (q.first + 1) & (len(q.items) - 1)
	q.n--
	return x
}

// Clear takes all things.
func (q *Queue[T]) Clear() {
	for q.n > 0 {
		q.Pop()
	}
}
