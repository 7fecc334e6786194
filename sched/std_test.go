package sched

import (
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"
)

// Each misuse whose panic the standard library lets one recover is made with
// both, and must have the same message.
func TestPanicsAreThoseOfTheStandardLibrary(t *testing.T) {
	for _, c := range []struct {
		name      string
		std, ours func()
	}{
		{"negative WaitGroup", func() { var g sync.WaitGroup; g.Done() }, func() { var g WaitGroup; g.Done() }},
		{"negative WaitGroup after use", func() { var g sync.WaitGroup; g.Add(2); g.Add(-3) }, func() { var g WaitGroup; g.Add(2); g.Add(-3) }},
		{"send on closed", sendOnClosed, func() { c := MakeChan[int](1); c.Close(); c.Send(1) }},
		{"try to send on closed", func() {
			c := make(chan int)
			close(c)
			select {
			case c <- 1:
			default:
			}
		}, func() { c := MakeChan[int](0); c.Close(); Select(c.OnSend(1), Default) }},
		{"close of closed", func() { c := make(chan int); close(c); close(c) }, func() { c := MakeChan[int](0); c.Close(); c.Close() }},
		{"close of nil", func() { var c chan int; close(c) }, func() { var c *Chan[int]; c.Close() }},
		{"negative size", func() { n := -1; _ = make(chan int, n) }, func() { MakeChan[int](-1) }},
		{"ticker period", func() { time.NewTicker(0) }, func() { NewTicker(0) }},
		{"ticker reset", func() { x := time.NewTicker(1); defer x.Stop(); x.Reset(0) }, func() { x := NewTicker(1); defer x.Stop(); x.Reset(0) }},
		// The race detector objects to closing a real channel under a sender.
		{"closed while a sender waits", sendOnClosed, func() {
			c := MakeChan[int](0)
			Go(c.Close)
			c.Send(1)
		}},
		{"closed while a Select waits to send", sendOnClosed, func() {
			c, d := MakeChan[int](0), MakeChan[int](0)
			Go(c.Close)
			Select(d.OnRecv(nil, nil), c.OnSend(1), d.OnSend(1))
		}},
	} {
		want := recovered(c.std)
		var got string
		mustRun(t, Config{}, func(*Scheduler) { got = recovered(c.ours) })
		if want == "" || got != want {
			t.Errorf("%s: panics with %q, the standard library with %q", c.name, got, want)
		}
	}
}

func sendOnClosed() {
	c := make(chan int, 1)
	close(c)
	c <- 1
}

// These end the process in the standard library; here they can be recovered.
func TestUnlockOfUnlocked(t *testing.T) {
	mustRun(t, Config{}, func(*Scheduler) {
		var mu Mutex
		var rw RWMutex
		for _, c := range []struct {
			want string
			f    func()
		}{
			{"sync: unlock of unlocked mutex", mu.Unlock},
			{"sync: Unlock of unlocked RWMutex", rw.Unlock},
			{"sync: RUnlock of unlocked RWMutex", rw.RUnlock},
		} {
			if got := recovered(c.f); got != c.want {
				t.Errorf("panics with %q, want %q", got, c.want)
			}
		}
		// A Wait without the lock leaves nothing behind.
		c := NewCond(&mu)
		if got := recovered(c.Wait); got != "sync: unlock of unlocked mutex" {
			t.Errorf("Cond.Wait without its lock: %q", got)
		}
		if c.queue.first != nil {
			t.Error("the task stands in the queue of a Cond although it does not wait")
		}
	})
}

func recovered(f func()) (msg string) {
	defer func() {
		if r := recover(); r != nil {
			msg = fmt.Sprint(r)
		}
	}()
	f()
	return ""
}

// Each exported method of the standard library's types exists here, with the
// same parameters and results.
func TestMethodNames(t *testing.T) {
	for _, c := range []struct{ std, ours any }{
		{&sync.Mutex{}, &Mutex{}}, {&sync.RWMutex{}, &RWMutex{}}, {&sync.Cond{}, &Cond{}},
		{&sync.WaitGroup{}, &WaitGroup{}}, {&sync.Once{}, &Once{}}, {&time.Timer{}, &Timer{}}, {&time.Ticker{}, &Ticker{}},
	} {
		std, ours := reflect.TypeOf(c.std), reflect.TypeOf(c.ours)
		for i := range std.NumMethod() {
			m := std.Method(i)
			o, ok := ours.MethodByName(m.Name)
			if !ok || o.Type.NumIn() != m.Type.NumIn() || o.Type.NumOut() != m.Type.NumOut() {
				t.Errorf("%v lacks %s as %v has it", ours, m.Name, std)
			}
		}
	}
	var _, _ sync.Locker = &Mutex{}, &RWMutex{}
}

func TestMutex(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		var mu Mutex
		if !mu.TryLock() || mu.TryLock() {
			t.Error("TryLock must lock a free mutex and refuse a locked one")
		}
		var order []int
		var wg WaitGroup
		for i := range 5 {
			wg.Go(func() {
				mu.Lock()
				order = append(order, i)
				mu.Unlock()
			})
		}
		s.Sleep(1)
		if len(order) > 0 {
			t.Error("somebody got a locked mutex")
		}
		mu.Unlock()
		wg.Wait()
		if fmt.Sprint(order) != "[0 1 2 3 4]" {
			t.Errorf("order %v, want that of asking", order)
		}
		// A woken task that comes too late keeps its place before the others.
		order = nil
		mu.Lock()
		for i := range 3 {
			Go(func() { mu.Lock(); order = append(order, i); mu.Unlock() })
		}
		s.Sleep(1)
		for range 2 {
			mu.Unlock()
			mu.Lock()
			s.Sleep(1)
		}
		mu.Unlock()
		s.Sleep(1)
		if fmt.Sprint(order) != "[0 1 2]" {
			t.Errorf("order %v after two wake-ups in vain", order)
		}
		mu.Lock() // another task may unlock
		Go(mu.Unlock)
		mu.Lock()
	})
}

func TestRWMutex(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		var m RWMutex
		var log []string
		say := func(x string) { log = append(log, x) }
		m.RLock()
		m.RLocker().Lock()
		if m.TryLock() || !m.TryRLock() {
			t.Error("readers must keep writers out, and let readers in")
		}
		Go(func() { m.Lock(); say("w1"); s.Yield(); m.Unlock() })
		s.Sleep(1)
		if m.TryRLock() {
			t.Error("a waiting writer must keep new readers out")
		}
		Go(func() { m.RLock(); say("r1"); m.RUnlock() })
		Go(func() { m.RLock(); say("r2"); m.RUnlock() })
		Go(func() { m.Lock(); say("w2"); m.Unlock() })
		s.Sleep(1)
		m.RUnlock()
		m.RLocker().Unlock()
		if len(log) > 0 {
			t.Errorf("%v got in although a reader is left", log)
		}
		m.RUnlock()
		s.Sleep(1)
		if fmt.Sprint(log) != "[w1 r1 r2 w2]" {
			t.Errorf("order %v, want the writer, the readers that waited for it, the next writer", log)
		}
		if !m.TryLock() || m.TryRLock() {
			t.Error("a writer must keep readers out")
		}
	})
}

func TestCond(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		var mu Mutex
		c := NewCond(&mu)
		var order []int
		for i := range 4 {
			Go(func() {
				mu.Lock()
				defer mu.Unlock()
				c.Wait()
				order = append(order, i)
			})
		}
		s.Sleep(1)
		c.Signal()
		s.Sleep(1)
		if fmt.Sprint(order) != "[0]" {
			t.Errorf("Signal woke %v, want the first", order)
		}
		c.Broadcast()
		c.Signal() // nobody is left: no effect
		s.Sleep(1)
		if fmt.Sprint(order) != "[0 1 2 3]" || !mu.TryLock() {
			t.Errorf("Broadcast woke %v", order)
		}
	})
}

func TestWaitGroupAndOnce(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		var wg WaitGroup
		wg.Wait() // a count of 0: no waiting
		done := 0
		for i := range 3 {
			wg.Go(func() { s.Sleep(time.Duration(i)); done++ })
		}
		wg.Wait()
		if done != 3 {
			t.Errorf("Wait returned after %d of 3", done)
		}
		var once Once
		calls := 0
		for range 3 {
			wg.Go(func() {
				once.Do(func() { s.Sleep(time.Second); calls++ })
				if calls != 1 {
					t.Errorf("Do returned after %d calls", calls)
				}
			})
		}
		wg.Wait()
		var twice Once
		if recovered(func() { twice.Do(func() { panic("first") }) }) != "first" {
			t.Error("the panic did not reach the caller of Do")
		}
		twice.Do(func() { t.Error("Do ran again after a panic") })
	})
}
