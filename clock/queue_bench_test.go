package clock

import (
	"container/heap"
	"testing"
	"time"
)

// The hold model (Jones, "An empirical comparison of priority-queue and
// event-set implementations", 1986): with n events pending, take the earliest
// and schedule another. container/heap, boxed as most simulators have it, is
// measured beside it.

const pending = 1000

type nothing struct{}

func (*nothing) Fire() {}

type lcg uint64

func (l *lcg) delay() time.Duration {
	*l = *l*6364136223846793005 + 1442695040888963407
	return time.Duration(*l >> 44)
}

func BenchmarkEvent(b *testing.B) {
	var q Queue
	var r lcg
	ev := &nothing{}
	for range pending {
		q.Schedule(r.delay(), uint64(r), ev)
	}
	b.ReportAllocs()
	for b.Loop() {
		e, at, _ := q.Pop()
		e.Fire()
		q.Schedule(at+r.delay(), uint64(r), ev)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns/event")
}

func BenchmarkEventContainerHeap(b *testing.B) {
	var h boxed
	var r lcg
	ev := &nothing{}
	for i := range pending {
		heap.Push(&h, boxedItem{r.delay(), uint64(r), uint64(i), ev})
	}
	n := uint64(pending)
	b.ReportAllocs()
	for b.Loop() {
		it := heap.Pop(&h).(boxedItem)
		it.ev.Fire()
		n++
		heap.Push(&h, boxedItem{it.at + r.delay(), uint64(r), n, ev})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns/event")
}

// A timer that is pushed back again and again, as an election time-out is.
func BenchmarkReschedule(b *testing.B) {
	var q Queue
	var r lcg
	ev := &nothing{}
	ids := make([]ID, pending)
	for i := range ids {
		ids[i] = q.Schedule(r.delay(), uint64(r), ev)
	}
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		q.Reschedule(ids[i], 1<<20+r.delay(), uint64(r))
		if i++; i == pending {
			i = 0
		}
	}
}

type boxedItem struct {
	at       time.Duration
	tie, seq uint64
	ev       Event
}

type boxed []boxedItem

func (h boxed) Len() int { return len(h) }
func (h boxed) Less(i, j int) bool {
	a, b := &h[i], &h[j]
	if a.at != b.at {
		return a.at < b.at
	}
	if a.tie != b.tie {
		return a.tie < b.tie
	}
	return a.seq < b.seq
}
func (h boxed) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *boxed) Push(x any)   { *h = append(*h, x.(boxedItem)) }
func (h *boxed) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
