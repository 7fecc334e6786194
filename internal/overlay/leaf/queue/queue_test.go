package queue

import (
	"math/rand/v2"
	"testing"
)

// A queue is a slice whose first element goes.
func TestQueue(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var q Queue[*int]
	var want []*int
	for i := range 10000 {
		switch r.IntN(4) {
		case 0, 1:
			q.Push(&i)
			want = append(want, &i)
		case 2:
			if len(want) > 0 {
				if got := q.Pop(); got != want[0] {
					t.Fatalf("step %d: %d comes out, want %d", i, *got, *want[0])
				}
				want = want[1:]
			}
		case 3:
			if r.IntN(500) == 0 {
				q.Clear()
				want = nil
			}
		}
		if q.Len() != len(want) {
			t.Fatalf("step %d: %d things, want %d", i, q.Len(), len(want))
		}
		if n := len(want); n > 0 {
			if k := r.IntN(n); *q.At(k) != want[k] {
				t.Fatalf("step %d: %d at place %d, want %d", i, **q.At(k), k, *want[k])
			}
		}
	}
	q.Clear()
	for _, p := range q.items {
		if p != nil {
			t.Error("an empty queue keeps something")
		}
	}
}

func TestQueueAllocatesNothing(t *testing.T) {
	var q Queue[int]
	q.Push(0)
	if n := testing.AllocsPerRun(1000, func() { q.Push(1); q.Pop() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestStock(t *testing.T) {
	var s Stock
	data := []byte("data")
	a, b := s.Copy(data), s.Copy(data)
	data[0] = 'x'
	if string(a) != "data" || string(b) != "data" {
		t.Errorf("%q, %q", a, b)
	}
	s.Keep(a)
	s.Keep(nil)
	if c := s.Copy(data[:2]); string(c) != "xa" || &c[0] != &a[0] {
		t.Errorf("%q in another buffer than the one that was kept", c)
	}
	s.Keep(make([]byte, 1))
	if c := s.Copy(data); string(c) != "xata" || string(b) != "data" {
		t.Errorf("%q, %q", c, b)
	}
	s = Stock{}
	s.Keep(make([]byte, stockRoom+1))
	for range 3 {
		s.Keep(make([]byte, stockRoom/2))
	}
	if s.size != stockRoom || len(s.buffers) != 2 {
		t.Errorf("%d buffers of %d bytes are kept", len(s.buffers), s.size)
	}
	s.Copy(nil)
	if s.size != stockRoom/2 {
		t.Errorf("%d bytes are kept when half of them are used", s.size)
	}
}

// Who fills one buffer after another allocates seldom, and they do not share memory.
func TestStockInAdvance(t *testing.T) {
	var s Stock
	data := make([]byte, 1000)
	all := make([][]byte, 0, 200)
	for range 10 {
		s.Keep(make([]byte, 500))
	}
	if n := testing.AllocsPerRun(100, func() { all = append(all, s.Copy(data)) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	for i, b := range all {
		if len(b) != len(data) || cap(b) != len(data) {
			t.Fatalf("%d bytes in a buffer of %d", len(b), cap(b))
		}
		for k := range b {
			b[k]++
		}
		if b[0] != 1 || b[999] != 1 {
			t.Fatalf("buffer %d is that of another", i)
		}
	}
	// Much memory is not kept in advance.
	s = Stock{made: 100}
	if s.Copy(make([]byte, stockRoom)); s.size != 0 {
		t.Errorf("%d bytes are kept", s.size)
	}
}
