package clock

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// modelEvent is one event of the model, which is a plain slice in the order of
// scheduling; the earliest is looked for from the front.
type modelEvent struct {
	at  time.Duration
	tie uint64
	n   int // its name
	id  ID
}

type named struct {
	n     int
	fired *[]int
}

func (e named) Fire() { *e.fired = append(*e.fired, e.n) }

// The queue against the model, with few instants and ties, so that most events
// are equal, and with IDs that are long gone.
func TestQueueAgainstModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var q Queue
		// Near the end of its range the sequence number wraps round during the test.
		q.seq = rapid.SampledFrom([]uint32{0, 1<<32 - 4, 1<<31 - 4}).Draw(rt, "seq")
		var model []modelEvent
		var gone []ID
		var fired []int
		next := 0
		at := func() time.Duration { return time.Duration(rapid.IntRange(0, 3).Draw(rt, "at")) }
		tie := func() uint64 { return rapid.SampledFrom([]uint64{0, 0, 1, 1 << 63}).Draw(rt, "tie") }
		pick := func() int { return rapid.IntRange(0, len(model)-1).Draw(rt, "which") }
		earliest := func() int {
			best := 0
			for i, e := range model {
				if b := model[best]; e.at < b.at || e.at == b.at && e.tie < b.tie {
					best = i
				}
			}
			return best
		}
		rt.Repeat(map[string]func(*rapid.T){
			"schedule": func(rt *rapid.T) {
				e := modelEvent{at: at(), tie: tie(), n: next}
				e.id = q.Schedule(e.at, e.tie, named{next, &fired})
				if e.id == 0 {
					rt.Fatal("an event has the zero ID")
				}
				model = append(model, e)
				next++
			},
			"pop": func(rt *rapid.T) {
				ev, when, ok := q.Pop()
				if ok != (len(model) > 0) {
					rt.Fatalf("Pop answers %v with %d events", ok, len(model))
				}
				if !ok {
					return
				}
				i := earliest()
				fired = nil
				ev.Fire()
				if when != model[i].at || fired[0] != model[i].n {
					rt.Fatalf("event %d at %v came out, want %d at %v", fired[0], when, model[i].n, model[i].at)
				}
				gone = append(gone, model[i].id)
				model = slices.Delete(model, i, i+1)
			},
			"cancel": func(rt *rapid.T) {
				if len(model) == 0 {
					rt.Skip()
				}
				i := pick()
				if !q.Cancel(model[i].id) || q.Cancel(model[i].id) {
					rt.Fatal("Cancel must answer true once")
				}
				gone = append(gone, model[i].id)
				model = slices.Delete(model, i, i+1)
			},
			"reschedule": func(rt *rapid.T) {
				if len(model) == 0 {
					rt.Skip()
				}
				i := pick()
				e := model[i]
				e.at, e.tie = at(), tie()
				if !q.Reschedule(e.id, e.at, e.tie) {
					rt.Fatal("Reschedule answers false for a pending event")
				}
				model = append(slices.Delete(model, i, i+1), e)
			},
			"stale": func(rt *rapid.T) {
				for _, id := range append(gone, 0) {
					if q.Cancel(id) || q.Reschedule(id, 0, 0) {
						rt.Fatalf("the stale ID %x has an effect", id)
					}
				}
			},
			"": func(rt *rapid.T) {
				if q.Len() != len(model) {
					rt.Fatalf("length %d, want %d", q.Len(), len(model))
				}
				if when, ok := q.Next(); ok != (len(model) > 0) || ok && when != model[earliest()].at {
					rt.Fatalf("the next instant is %v, %v", when, ok)
				}
				q.check(rt)
			},
		})
	})
}

// check tests the invariants that Queue states.
func (q *Queue) check(rt *rapid.T) {
	used := make([]bool, len(q.slots))
	for i := range q.heap {
		it := &q.heap[i]
		if i > 0 && it.before(&q.heap[(i-1)/4]) {
			rt.Fatalf("heap[%d] is before its parent", i)
		}
		if q.slots[it.slot].pos != int32(i) || q.slots[it.slot].ev == nil {
			rt.Fatalf("the slot of heap[%d] does not name it", i)
		}
		used[it.slot] = true
	}
	free := 0
	for f := q.free; f != 0; f = q.slots[f-1].pos {
		if used[f-1] || q.slots[f-1].ev != nil {
			rt.Fatalf("slot %d is free and in use", f-1)
		}
		free++
	}
	if free+len(q.heap) != len(q.slots) {
		rt.Fatalf("%d slots free and %d in use, of %d", free, len(q.heap), len(q.slots))
	}
}

// The model is small; the heap has to be right when it is deep too.
func TestQueueSorts(t *testing.T) {
	var q Queue
	var r lcg
	var ids []ID
	for range 5000 {
		ids = append(ids, q.Schedule(r.delay()%997, uint64(r)%3, &nothing{}))
	}
	for i, id := range ids {
		switch i % 5 {
		case 0:
			q.Cancel(id)
		case 1:
			q.Reschedule(id, r.delay()%997, 0)
		}
	}
	var last item
	for n := 0; q.Len() > 0; n++ {
		it := q.heap[0]
		if n > 0 && !last.before(&it) {
			t.Fatalf("%+v came out after %+v", it, last)
		}
		last = it
		q.Pop()
	}
}

// The order of scheduling holds when its counter goes round.
func TestSequenceWraps(t *testing.T) {
	var q Queue
	q.seq = 1<<32 - 5
	var fired []int
	for i := range 10 {
		q.Schedule(0, 0, named{i, &fired})
	}
	for q.Len() > 0 {
		ev, _, _ := q.Pop()
		ev.Fire()
	}
	if !slices.IsSorted(fired) || len(fired) != 10 {
		t.Errorf("events of one instant fired in the order %v", fired)
	}
}

// A slot that was used 2^32 times begins anew, and never makes the zero ID.
func TestGenerationsWrap(t *testing.T) {
	var q Queue
	id := q.Schedule(0, 0, &nothing{})
	q.slots[0].gen = 1<<32 - 1
	if q.Cancel(id) {
		t.Error("an ID of another generation was taken")
	}
	q.Pop()
	if id := q.Schedule(0, 0, &nothing{}); id == 0 || uint32(id>>32) != 1 {
		t.Errorf("the ID after the last generation is %x", id)
	}
}

func TestNoAllocationsInSteadyState(t *testing.T) {
	c := New()
	var r lcg
	ev := &nothing{}
	timer := c.AfterFunc(time.Hour, 0, func() {})
	ticker := c.Tick(time.Millisecond, 1, func() {})
	for range 100 {
		c.After(r.delay(), uint64(r), ev)
	}
	if n := testing.AllocsPerRun(1000, func() {
		id := c.After(r.delay(), uint64(r), ev)
		c.Reschedule(id, r.delay(), 0)
		c.Cancel(id)
		c.After(r.delay(), uint64(r), ev)
		c.Step()
		timer.Reset(time.Hour)
		timer.Stop()
		timer.Reset(time.Hour)
		ticker.Reset(time.Millisecond)
		c.Sleep(time.Microsecond)
	}); n != 0 {
		t.Errorf("%v allocations a round, want none", n)
	}
}
