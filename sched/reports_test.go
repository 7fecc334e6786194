package sched

import (
	"strings"
	"testing"
	"time"
)

// find returns the line of a deadlock report about a task.
func (e *DeadlockError) find(t testing.TB, name string) BlockedTask {
	t.Helper()
	for _, b := range e.Tasks {
		if b.Name == name {
			return b
		}
	}
	t.Errorf("the report does not name %s:\n%v", name, e)
	return BlockedTask{}
}

func TestDeadlockReport(t *testing.T) {
	var at, lockLine, waitLine, groupLine string
	e := fails[*DeadlockError](t, Config{}, func(s *Scheduler) {
		var mu Mutex
		var rw RWMutex
		var wg WaitGroup
		n0, n1, n2 := s.NewGroup("n0", nil, nil), s.NewGroup("n1", nil, nil), s.NewGroup("n2", nil, nil)
		mu.Lock()
		at = line(1)
		s.Go("worker", func() {
			lockLine = line(1)
			mu.Lock()
		})
		Go(func() { rw.Lock(); MakeChan[int](0).Recv() })
		groupLine = line(1)
		wg.Go(func() { s.Sleep(1); rw.RLock() })
		s.Spawn(n0, "applier", taskID(1).Uint64(), func() {
			c := NewCond(&Mutex{})
			c.L.Lock()
			c.Wait()
		})
		s.Spawn(n1, "ticker", taskID(2).Uint64(), func() { s.Sleep(time.Hour) })
		s.Spawn(n2, "reader", taskID(3).Uint64(), func() { Select(MakeChan[int](0).OnRecv(nil, nil)) })
		s.Spawn(n2, "woken", taskID(4).Uint64(), func() { s.Sleep(time.Minute) })
		s.Sleep(time.Second)
		n1.Freeze("crashed at 1s")
		n2.Pause()
		waitLine = line(1)
		wg.Wait()
	})
	main := e.find(t, "main")
	if main.Waits != "WaitGroup.Wait" || !strings.HasPrefix(main.Line, waitLine+" in ") {
		t.Errorf("main: %+v, want WaitGroup.Wait at %s", main, waitLine)
	}
	worker := e.find(t, "main/worker")
	if worker.Waits != "Mutex.Lock, held by main" || !strings.HasPrefix(worker.Line, lockLine) || worker.Started != at+" by main" {
		t.Errorf("worker: %+v, want it at %s, started at %s by main", worker, lockLine, at)
	}
	if b := e.find(t, "n0/applier"); b.Waits != "Cond.Wait" || b.Frozen {
		t.Errorf("applier: %+v", b)
	}
	if b := e.find(t, "n1/ticker"); !b.Frozen || !strings.Contains(b.Waits, "crashed at 1s") {
		t.Errorf("ticker: %+v", b)
	}
	if b := e.find(t, "n2/reader"); !strings.HasPrefix(b.Waits, "Select") || !strings.Contains(b.Waits, "paused") {
		t.Errorf("reader: %+v", b)
	}
	if b := e.find(t, "n2/woken"); b.Waits != "ready, but its node is paused" {
		t.Errorf("woken: %+v", b)
	}
	// Tasks without a name are told by their function, and so are they as holders.
	var reader, writer BlockedTask
	for _, b := range e.Tasks {
		switch {
		case strings.HasPrefix(b.Waits, "RWMutex.RLock"):
			reader = b
		case b.Waits == "Chan.Recv":
			writer = b
		}
	}
	if !strings.HasPrefix(reader.Started, groupLine) {
		t.Errorf("a task of WaitGroup.Go was started at %q, want %s", reader.Started, groupLine)
	}
	if !strings.Contains(writer.Name, "TestDeadlockReport") || reader.Waits != "RWMutex.RLock, held by "+writer.Name {
		t.Errorf("%q waits for %q, want the holder %q", reader.Name, reader.Waits, writer.Name)
	}
	wantIn(t, e.Error(), "deadlock at 1m0s", "worker", "held by main", "at "+lockLine, "started at "+at+" by main", "crashed at 1s", "paused")
}

func TestDeadlockTellsOfHoldersThatAreGone(t *testing.T) {
	e := fails[*DeadlockError](t, Config{}, func(s *Scheduler) {
		var mu Mutex
		s.Go("careless", func() { mu.Lock() })
		s.Yield()
		s.Go("other", func() {}) // takes the record of the one that ended
		s.Yield()
		mu.Lock()
	})
	wantIn(t, e.find(t, "main").Waits, "held by careless, which has ended")
	e = fails[*DeadlockError](t, Config{}, func(s *Scheduler) {
		var mu Mutex
		s.Clock().AfterFunc(1, 0, mu.Lock)
		s.Sleep(2)
		mu.Lock()
	})
	wantIn(t, e.find(t, "main").Waits, "held by an event")
}

func TestDeadlockReportIsBounded(t *testing.T) {
	e := fails[*DeadlockError](t, Config{}, func(s *Scheduler) {
		for range 1000 {
			s.Go("one of many", func() { MakeChan[int](0).Send(1) })
		}
		MakeChan[int](0).Recv()
	})
	if n := strings.Count(e.Error(), "\n"); n > 4*reportedTasks {
		t.Errorf("the report has %d lines", n)
	}
	wantIn(t, e.Error(), "and 961 more")
}

func TestEventsCannotWait(t *testing.T) {
	var mu Mutex
	for _, c := range []struct {
		op string
		f  func(s *Scheduler)
	}{
		{"Mutex.Lock", func(s *Scheduler) { mu.Lock() }},
		{"Sleep", func(s *Scheduler) { s.Sleep(1) }},
		{"Chan.Recv", func(s *Scheduler) { MakeChan[int](0).Recv() }},
		{"Select", func(s *Scheduler) { Select(MakeChan[int](0).OnSend(1)) }},
	} {
		mu = Mutex{}
		e := fails[*PanicError](t, Config{}, func(s *Scheduler) {
			mu.Lock()
			s.Clock().AfterFunc(1, 0, func() { c.f(s) })
			s.Sleep(2)
		})
		wantIn(t, e.Error(), "in an event", c.op+" would have to wait", "start a task")
	}
	// What does not wait works in an event.
	mustRun(t, Config{}, func(s *Scheduler) {
		c, ran := MakeChan[int](1), MakeChan[int](0)
		s.Clock().AfterFunc(1, 0, func() {
			var mu Mutex
			mu.Lock()
			//lint:ignore SA2001 ties the mutex to the run
			mu.Unlock()
			c.Send(3)
			s.Yield()
			Go(func() { ran.Send(4) })
		})
		v, _ := c.Recv()
		if w, _ := ran.Recv(); v != 3 || w != 4 {
			t.Errorf("received %d and %d, want 3 and 4", v, w)
		}
	})
}

func TestLivelock(t *testing.T) {
	var at string
	e := fails[*LivelockError](t, Config{MaxSteps: 500}, func(s *Scheduler) {
		s.Sleep(time.Second)
		for {
			at = line(1)
			s.Yield()
		}
	})
	wantIn(t, e.Error(), "500 steps", "at 1s in task main", at+" in ")
	if e.Steps != 500 {
		t.Errorf("%d steps, want 500", e.Steps)
	}
	e = fails[*LivelockError](t, Config{MaxSteps: 500}, func(s *Scheduler) {
		var again func()
		again = func() { s.Clock().AfterFunc(0, 0, again) }
		again()
		s.Sleep(time.Hour)
	})
	wantIn(t, e.Error(), "at 0s in an event")
	e = fails[*LivelockError](t, Config{MaxSteps: 500}, func(s *Scheduler) {
		s.cfg.Quiet = func() { Go(func() {}) }
		s.Sleep(time.Hour)
	})
	wantIn(t, e.Error(), "livelock")
	// As many steps over several instants are none.
	mustRun(t, Config{MaxSteps: 500}, func(s *Scheduler) {
		for range 400 {
			s.Yield()
			s.Sleep(1)
			s.Yield()
		}
	})
}

func TestQuiet(t *testing.T) {
	var calls []time.Duration
	var s *Scheduler
	s, err := New(Config{Quiet: func() { calls = append(calls, s.Clock().Now()) }})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Run(func() {
		Go(func() { s.Yield(); s.Yield() })
		s.Sleep(time.Second)
		s.Yield()
		s.Sleep(time.Second)
	})
	if err != nil || len(calls) != 2 || calls[0] != 0 || calls[1] != time.Second {
		t.Errorf("Quiet was called at %v (%v), want once at 0s and once at 1s", calls, err)
	}
}
