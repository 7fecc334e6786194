package sched

import (
	"context"
	"fmt"
	"testing"
	"time"

	"samerun/clock"
)

func TestTimer(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		begin := Now()
		x := NewTimer(time.Second)
		if at, _ := x.C.Recv(); at.Sub(begin) != time.Second || Since(begin) != time.Second || Until(begin) != -time.Second {
			t.Errorf("fired at %v", at)
		}
		if x.Stop() || x.Reset(time.Second) {
			t.Error("a timer that has fired and was read is not pending")
		}
		if !x.Stop() || x.Stop() {
			t.Error("Stop must say that it stopped a pending timer, once")
		}
		s.Sleep(time.Minute)
		if _, _, done := x.C.TryRecv(); done {
			t.Error("a stopped timer fired")
		}
		// Since Go 1.23 no old value is received after Stop or Reset.
		x.Reset(time.Second)
		s.Sleep(2 * time.Second)
		if !x.Reset(time.Second) {
			t.Error("an unread timer counts as pending")
		}
		at := Now()
		if fired, _ := x.C.Recv(); fired.Sub(at) != time.Second {
			t.Errorf("received a value from %v after Reset at %v", fired, at)
		}
		x.Reset(time.Second)
		s.Sleep(2 * time.Second)
		if !x.Stop() || x.C.Len() != 0 {
			t.Error("Stop must take back an unread value")
		}
		if v, _ := After(time.Hour).Recv(); v.Sub(at) < time.Hour {
			t.Error("After came early")
		}
	})
}

func TestAfterFunc(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		n := 0
		x := AfterFunc(time.Second, func() { s.Sleep(time.Second); n++ })
		s.Sleep(1500 * time.Millisecond)
		if n != 0 || x.Stop() {
			t.Error("the function must be under way")
		}
		s.Sleep(time.Second)
		if n != 1 || x.Reset(time.Second) || !x.Reset(2*time.Second) {
			t.Errorf("%d calls", n)
		}
		s.Sleep(4 * time.Second)
		if n != 2 || x.Reset(time.Second) || !x.Stop() {
			t.Errorf("%d calls, want 2", n)
		}
		s.Sleep(time.Minute)
		if n != 2 {
			t.Error("a stopped function was called")
		}
	})
}

func TestTicker(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		x := NewTicker(time.Second)
		var at []time.Duration
		recv := func() {
			x.C.Recv()
			at = append(at, s.Clock().Now()/time.Second)
		}
		recv()
		recv()
		s.Sleep(3500 * time.Millisecond) // three ticks: one is kept
		recv()
		recv()
		x.Reset(4 * time.Second)
		recv()
		x.Stop()
		x.Stop()
		s.Sleep(time.Minute)
		if fmt.Sprint(at) != "[1ns 2ns 5ns 6ns 10ns]" || x.C.Len() != 0 {
			t.Errorf("ticks were received at %v", at)
		}
		x.Reset(time.Second)
		recv()
	})
}

// The tick that nobody has read stays, and those that find it are dropped.
func TestTickerKeepsTheFirst(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		begin := Now()
		x := NewTicker(time.Second)
		s.Sleep(3500 * time.Millisecond)
		for _, want := range []time.Duration{time.Second, 4 * time.Second} {
			if at, _ := x.C.Recv(); at.Sub(begin) != want {
				t.Errorf("received the tick of %v, want that of %v", at.Sub(begin), want)
			}
		}
		x.Stop()
	})
}

// Time is that of the group's own clock: it shows in dates and in how long
// things take in truth.
func TestDrift(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		view := clock.NewView(s.Clock())
		view.SetOffset(time.Hour)
		view.SetDrift(250_000) // five seconds of its own in four true ones
		g := s.NewGroup("n0", view, nil)
		var wg WaitGroup
		wg.Add(1)
		s.Spawn(g, "a", 1, func() {
			defer wg.Done()
			for i, wait := range []func(){
				func() { s.Sleep(5 * time.Second) },
				func() { NewTimer(5 * time.Second).C.Recv() },
				func() { NewTicker(5 * time.Second).C.Recv() },
				func() { x := NewTimer(time.Hour); x.Reset(5 * time.Second); x.C.Recv() },
				func() { x := NewTicker(time.Hour); x.Reset(5 * time.Second); x.C.Recv() },
				func() { c := MakeChan[int](0); AfterFunc(5*time.Second, c.Close); c.Recv() },
				func() {
					ctx, cancel := WithTimeout(context.Background(), 5*time.Second)
					defer cancel()
					Done(ctx).Recv()
				},
				func() {
					ctx, cancel := WithDeadline(context.Background(), Now().Add(5*time.Second))
					defer cancel()
					Done(ctx).Recv()
				},
			} {
				begin, local := s.Clock().Now(), Now()
				wait()
				if took := s.Clock().Now() - begin; took != 4*time.Second || Since(local) != 5*time.Second {
					t.Errorf("wait %d took %v in truth and %v by the node's clock, want 4s and 5s", i, took, Since(local))
				}
			}
			if ahead := Now().Sub(s.Clock().Time()); ahead != time.Hour+8*time.Second {
				t.Errorf("the node's clock is %v ahead", ahead)
			}
		})
		wg.Wait()
	})
}

// Timers go with their group: nothing of it happens after Freeze.
func TestTimersOfFrozenGroups(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		var c *Chan[time.Time]
		var tick *Ticker
		g := spawn(s, "n0", func() {
			c = After(2 * time.Second)
			tick = NewTicker(2 * time.Second)
			AfterFunc(2*time.Second, func() { t.Error("a function of a frozen group was called") })
			s.Sleep(time.Hour)
		})
		s.Sleep(time.Second)
		g.Freeze("crashed")
		s.Sleep(time.Minute)
		if c.Len() != 0 || tick.C.Len() != 0 {
			t.Error("a timer of a frozen group fired")
		}
		if n := s.Clock().Pending(); n != 0 {
			t.Errorf("%d events are pending, want none", n)
		}
	})
}

func TestDone(t *testing.T) {
	for seed := range uint64(10) {
		mustRun(t, Config{Seed: seed}, func(s *Scheduler) {
			never := MakeChan[int](0)
			ctx, cancel := WithTimeout(context.Background(), time.Second)
			if Select(never.OnRecv(nil, nil), Done(ctx).OnRecv(nil, nil)) != 1 || s.Clock().Now() != time.Second {
				t.Errorf("woke at %v", s.Clock().Now())
			}
			if ctx.Err() != context.DeadlineExceeded {
				t.Errorf("the context ended with %v", ctx.Err())
			}
			cancel()
			Done(ctx).Recv() // has ended: at once
			if Select(Done(context.Background()).OnRecv(nil, nil), Default) != 1 {
				t.Error("the background has ended")
			}
			// Cancelled by another task; a foreign parent; a foreign child.
			ctx, cancel = WithCancel(context.Background())
			foreign, stop := context.WithCancel(context.Background())
			child, stop2 := context.WithCancel(ctx)
			defer stop2()
			ours, stop3 := WithTimeout(foreign, time.Hour)
			defer stop3()
			at := s.Clock().Now()
			Go(func() { s.Sleep(time.Second); stop() })
			Done(ours).Recv()
			if took := s.Clock().Now() - at; took != time.Second {
				t.Errorf("the end of a foreign parent was noticed after %v", took)
			}
			Go(func() { s.Sleep(time.Second); cancel() })
			Done(child).Recv()
			if took := s.Clock().Now() - at; took != 2*time.Second || child.Err() != context.Canceled {
				t.Errorf("the end of a derived context was noticed after %v", took)
			}
		})
	}
}
