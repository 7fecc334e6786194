package clock

import "time"

// Event is something that happens at an instant of virtual time.
//
// Events are stored as interface values: a pointer, or a Func, costs no
// allocation to schedule.
type Event interface {
	// Fire makes it happen. The event is no longer in the queue by then, so
	// Fire may schedule it again.
	Fire()
}

// Func makes an event of a plain function.
type Func func()

// Fire calls f.
func (f Func) Fire() { f() }

// ID names one scheduled event until it fires or is cancelled. The zero ID
// names none. An ID is never used twice, so that a late Cancel is harmless.
type ID uint64

// Queue is the event queue: a 4-ary heap (Johnson, "Priority queues with update
// and finding minimum spanning trees", 1975; LaMarca and Ladner, "The influence
// of caches on the performance of heaps", 1996) ordered by instant, then by
// tie-break, then by order of scheduling.
//
// A tie-break of 0 means none: such events come first at their instant, in the
// order in which they were scheduled. Others follow in the order of their
// tie-breaks, which their owners draw from the seed.
//
// The zero value is an empty queue. It allocates only to grow. It is not safe
// for concurrent use.
//
// Invariants: heap[i] is not before heap[(i-1)/4]; slots[heap[i].slot].pos == i;
// a slot that is not in the heap is in the free list, linked through pos.
type Queue struct {
	heap  []item
	slots []slot
	free  int32 // head of the free list as index + 1; 0 when empty
	seq   uint32
}

// item is what the heap moves about: 24 bytes, so that four children lie in
// two cache lines.
type item struct {
	at   int64
	tie  uint64
	seq  uint32 // order of scheduling, compared modulo 2^32
	slot uint32
}

type slot struct {
	ev  Event
	pos int32
	gen uint32
}

// before is the order of the queue. Instants nearly always differ, so that the
// first comparison is the only one which has to be fast.
func (a *item) before(b *item) bool {
	if a.at != b.at {
		return a.at < b.at
	}
	if a.tie != b.tie {
		return a.tie < b.tie
	}
	return int32(a.seq-b.seq) < 0
}

// Len returns the number of events that have yet to fire.
func (q *Queue) Len() int { return len(q.heap) }

// Schedule puts an event into the queue. at counts from the start of the run;
// tie orders events at one instant, see Queue.
func (q *Queue) Schedule(at time.Duration, tie uint64, ev Event) ID {
	var s uint32
	if q.free != 0 {
		s = uint32(q.free - 1)
		q.free = q.slots[s].pos
	} else {
		s = uint32(len(q.slots))
		q.slots = append(q.slots, slot{gen: 1})
	}
	sl := &q.slots[s]
	sl.ev = ev
	q.seq++
	q.heap = append(q.heap, item{})
	q.up(len(q.heap)-1, item{at: int64(at), tie: tie, seq: q.seq, slot: s})
	return ID(uint64(sl.gen)<<32 | uint64(s))
}

// Next returns the instant of the earliest event. ok is false when there is none.
func (q *Queue) Next() (at time.Duration, ok bool) {
	if len(q.heap) == 0 {
		return 0, false
	}
	return time.Duration(q.heap[0].at), true
}

// Pop takes the earliest event out of the queue. ok is false when there is none.
func (q *Queue) Pop() (ev Event, at time.Duration, ok bool) {
	if len(q.heap) == 0 {
		return nil, 0, false
	}
	top := q.heap[0]
	ev = q.release(top.slot)
	n := len(q.heap) - 1
	last := q.heap[n]
	q.heap = q.heap[:n]
	if n > 0 {
		q.sink(last)
	}
	return ev, time.Duration(top.at), true
}

// Cancel takes an event out of the queue before it fires. It answers false if
// the event has fired or was cancelled before.
func (q *Queue) Cancel(id ID) bool {
	i := q.find(id)
	if i < 0 {
		return false
	}
	q.release(uint32(id))
	n := len(q.heap) - 1
	last := q.heap[n]
	q.heap = q.heap[:n]
	if i < n {
		q.fix(i, last)
	}
	return true
}

// Reschedule moves an event that has yet to fire to another instant; among
// events of equal instant and tie-break it becomes the last. It answers false,
// and does nothing, if the event has fired or was cancelled.
func (q *Queue) Reschedule(id ID, at time.Duration, tie uint64) bool {
	i := q.find(id)
	if i < 0 {
		return false
	}
	q.seq++
	q.fix(i, item{at: int64(at), tie: tie, seq: q.seq, slot: uint32(id)})
	return true
}

// find returns the place of an event in the heap, or -1.
func (q *Queue) find(id ID) int {
	s := uint32(id)
	if int(s) >= len(q.slots) || q.slots[s].gen != uint32(id>>32) || q.slots[s].ev == nil {
		return -1
	}
	return int(q.slots[s].pos)
}

// release gives a slot back and forgets its event, so that the collector can
// have it. The generation moves on, which makes old IDs strangers.
func (q *Queue) release(s uint32) Event {
	sl := &q.slots[s]
	ev := sl.ev
	sl.ev = nil
	sl.gen++
	if sl.gen == 0 { // 0 is kept for the zero ID
		sl.gen = 1
	}
	sl.pos, q.free = q.free, int32(s)+1
	return ev
}
