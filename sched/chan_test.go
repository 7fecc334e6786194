package sched

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestChan(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		c := MakeChan[int](2)
		if _, _, done := c.TryRecv(); done || !c.TrySend(1) || !c.TrySend(2) || c.TrySend(3) {
			t.Error("a buffer of two must take two, and give nothing when empty")
		}
		if c.Len() != 2 || c.Cap() != 2 {
			t.Errorf("length %d and capacity %d, want 2 and 2", c.Len(), c.Cap())
		}
		Go(func() {
			c.Send(3)
			c.Send(4)
			c.Close()
		})
		s.Sleep(1)
		var got []int
		for v := range c.All() {
			got = append(got, v)
		}
		if !slices.Equal(got, []int{1, 2, 3, 4}) {
			t.Errorf("received %v", got)
		}
		for range 2 {
			if v, ok := c.Recv(); v != 0 || ok {
				t.Errorf("a closed channel gave %v, %v", v, ok)
			}
			if v, ok, done := c.TryRecv(); v != 0 || ok || !done {
				t.Errorf("TryRecv of a closed channel gave %v, %v, %v", v, ok, done)
			}
		}
		for range c.All() {
			t.Error("a closed channel is empty")
		}
	})
}

func TestCloseWakesReceivers(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		c := MakeChan[string](0)
		var wg WaitGroup
		for range 3 {
			wg.Go(func() {
				if v, ok := c.Recv(); v != "" || ok {
					t.Errorf("received %q, %v", v, ok)
				}
			})
		}
		s.Sleep(1)
		c.Close()
		wg.Wait()
	})
}

func TestNilChan(t *testing.T) {
	var c *Chan[int]
	for _, x := range []struct {
		waits string
		f     func()
	}{
		{"Chan.Send (nil)", func() { c.Send(1) }},
		{"Chan.Recv (nil)", func() { c.Recv() }},
		{"Select", func() { Select(c.OnRecv(nil, nil), c.OnSend(1)) }},
	} {
		e := fails[*DeadlockError](t, Config{}, func(*Scheduler) { x.f() })
		if len(e.Tasks) != 1 || e.Tasks[0].Waits != x.waits {
			t.Errorf("want a deadlock in %s, got %v", x.waits, e)
		}
	}
	mustRun(t, Config{}, func(*Scheduler) {
		if _, _, done := c.TryRecv(); done || c.TrySend(1) || c.Len() != 0 || c.Cap() != 0 {
			t.Error("a nil channel is never ready, and is empty")
		}
		if Select(c.OnSend(1), c.OnRecv(nil, nil), Default) != 2 {
			t.Error("a nil channel was ready in a Select")
		}
	})
	e := fails[*DeadlockError](t, Config{}, func(*Scheduler) { Select() })
	wantIn(t, e.Error(), "Select")
}

// Of several cases that are ready seed 0 takes the first, and each one is taken
// by some other seed.
func TestSelectChooses(t *testing.T) {
	seen := map[int]int{}
	for seed := range uint64(200) {
		mustRun(t, Config{Seed: seed}, func(*Scheduler) {
			full, room, shut := MakeChan[int](1), MakeChan[int](1), MakeChan[int](0)
			full.Send(7)
			shut.Close()
			var v, w int
			var ok bool
			got := Select((*Chan[int])(nil).OnSend(0), full.OnRecv(&v, &ok), room.OnSend(8), shut.OnRecv(&w, nil), Default)
			seen[got]++
			if seed == 0 && got != 1 {
				t.Errorf("seed 0 took case %d, want the first that is ready", got)
			}
			if (v == 7) != (got == 1) || ok != (got == 1) || (room.Len() == 1) != (got == 2) || full.Len() == 1 == (got == 1) {
				t.Errorf("seed %d took case %d, but v=%d ok=%v room=%d full=%d", seed, got, v, ok, room.Len(), full.Len())
			}
		})
	}
	if len(seen) != 3 || min(seen[1], seen[2], seen[3]) < 30 {
		t.Errorf("of 200 seeds the cases got %v, want about a third each", seen)
	}
}

// A task draws anew in each Select.
func TestSelectChoosesAnew(t *testing.T) {
	mustRun(t, Config{Seed: 1}, func(*Scheduler) {
		a, b := MakeChan[int](100), MakeChan[int](100)
		var seen [2]int
		for range 100 {
			seen[Select(a.OnSend(0), b.OnSend(0))]++
		}
		if min(seen[0], seen[1]) < 20 {
			t.Errorf("of 100 Selects with two ready cases %v took the first and the second", seen)
		}
	})
}

// A Select that waits is served once, however many partners come at the same
// instant, and its other cases are withdrawn.
func TestSelectIsServedOnce(t *testing.T) {
	for seed := range uint64(50) {
		mustRun(t, Config{Seed: seed}, func(s *Scheduler) {
			a, b, out := MakeChan[int](0), MakeChan[int](0), MakeChan[int](0)
			sent := 0
			for _, c := range []*Chan[int]{a, b, a, b} {
				Go(func() { s.Yield(); c.Send(1); sent++ })
			}
			Go(func() { s.Yield(); out.Recv(); sent++ })
			var x, y int
			got := Select(a.OnRecv(&x, nil), b.OnRecv(&y, nil), out.OnSend(1))
			s.Sleep(time.Millisecond)
			if sent != 1 || x+y != map[bool]int{true: 0, false: 1}[got == 2] {
				t.Errorf("seed %d: case %d, %d partners served, x=%d y=%d", seed, got, sent, x, y)
			}
			if a.recvq.waiting() || b.recvq.waiting() || out.sendq.waiting() {
				t.Error("a case is still in a queue")
			}
		})
	}
}

// A Select with a case to send to and one to receive from the same channel does
// not deal with itself.
func TestSelectDoesNotMeetItself(t *testing.T) {
	c := MakeChan[int](0)
	fails[*DeadlockError](t, Config{}, func(*Scheduler) { Select(c.OnSend(1), c.OnRecv(nil, nil)) })
	mustRun(t, Config{}, func(s *Scheduler) {
		c := MakeChan[int](0)
		Go(func() { Select(c.OnSend(1), c.OnRecv(nil, nil)) })
		Select(c.OnSend(2), c.OnRecv(nil, nil))
	})
}

// A closed channel wakes a waiting Select with the zero value.
func TestSelectAndClose(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		c, d := MakeChan[int](0), MakeChan[int](0)
		Go(func() { s.Sleep(1); c.Close() })
		v, ok := 5, true
		if got := Select(d.OnRecv(nil, nil), c.OnRecv(&v, &ok)); got != 1 || v != 0 || ok {
			t.Errorf("case %d, v=%d, ok=%v", got, v, ok)
		}
	})
}

func TestFIFOOfWaiters(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		c := MakeChan[int](0)
		for i := range 5 {
			Go(func() { c.Send(i) })
		}
		s.Sleep(1)
		var got []int
		for range 5 {
			v, _ := c.Recv()
			got = append(got, v)
		}
		if fmt.Sprint(got) != "[0 1 2 3 4]" {
			t.Errorf("senders were served in the order %v", got)
		}
	})
}

func TestChanAllocatesNothingInSteadyState(t *testing.T) {
	mustRun(t, Config{Seed: 1, Stall: time.Hour}, func(s *Scheduler) {
		ping, pong := MakeChan[int](0), MakeChan[int](0)
		Go(func() {
			for v := range ping.All() {
				pong.Send(v)
			}
		})
		if n := testing.AllocsPerRun(200, func() {
			ping.Send(1)
			pong.Recv()
			s.Sleep(1)
			s.Yield()
		}); n != 0 {
			t.Errorf("%v allocations a round, want none", n)
		}
	})
}
