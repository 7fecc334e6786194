package node

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

type pausing interface {
	crashing
	Pause(node int)
	Resume(node int)
	OnQuiet(fn func())
	Report(field, json string)
}

// A paused node does nothing; what it has waited for is there when it goes on, and its clock
// has gone on.
func TestPause(t *testing.T) {
	h := world(t, 2).(pausing)
	var ticks, fires, received, spins [3]atomic.Int64
	c := make(chan int, 100)
	work := func() {
		node, _ := h.Node()
		go func() {
			for range time.Tick(time.Second) {
				ticks[node].Add(1)
				say(h, "tick")
			}
		}()
		for i := range 6 {
			time.AfterFunc(time.Duration(i)*time.Second+time.Second/4, func() {
				fires[node].Add(1)
				say(h, "fires")
			})
		}
		if node == 1 {
			go func() {
				for range c {
					received[node].Add(1)
				}
			}()
		}
		for {
			time.Sleep(10 * time.Millisecond)
			spins[node].Add(1)
		}
	}
	h.Go(1, 1, "one", work)
	h.Go(2, 2, "two", work)
	count := func(when string, a *[3]atomic.Int64, one, two int64) {
		t.Helper()
		if a[1].Load() != one || a[2].Load() != two {
			t.Errorf("%s: %d and %d, want %d and %d", when, a[1].Load(), a[2].Load(), one, two)
		}
	}
	time.Sleep(1100 * time.Millisecond)
	h.Pause(1)
	h.Pause(1)
	before := spins[1].Load()
	for i := range 5 {
		c <- i
	}
	time.Sleep(3 * time.Second)
	count("ticks of the paused", &ticks, 1, 4)
	count("timers of the paused", &fires, 1, 4)
	count("received by the paused", &received, 0, 0)
	if spins[1].Load() != before {
		t.Error("a paused goroutine goes on")
	}
	h.Resume(1)
	h.Resume(1)
	time.Sleep(time.Millisecond)
	count("ticks at once, one for all", &ticks, 2, 4)
	count("timers at once", &fires, 4, 4)
	count("received at once", &received, 5, 0)
	time.Sleep(time.Second)
	count("ticks later", &ticks, 3, 5)
	if now := spins[1].Load(); now <= before {
		t.Error("it does not go on")
	}
	h.Pause(1)
	h.Crash(1)
	h.Resume(1)
	h.Boot(1)
	time.Sleep(time.Second)
	count("ticks of the dead", &ticks, 3, 6)
}

// Who pauses its own node goes on when the node does.
func TestPauseOneself(t *testing.T) {
	h := world(t, 1).(pausing)
	var went atomic.Int64
	h.Go(1, 1, "one", func() {
		h.Pause(1)
		went.Store(h.Now())
	})
	time.Sleep(time.Second)
	if went.Load() != 0 {
		t.Error("it goes on while its node is paused")
	}
	h.Resume(1)
	time.Sleep(time.Second)
	if now := time.Duration(went.Load()); now < time.Second || now > time.Second+time.Millisecond {
		t.Errorf("it has gone on at %v, want 1s", now)
	}
}

// What is to be called when all is quiet is called before the clock moves, once for what has
// happened, and may take locks; the race detector knows that it sees all and that all come
// behind it.
func TestQuiet(t *testing.T) {
	h := world(t, 2).(pausing)
	var mu sync.Mutex
	shared, calls := 0, 0
	seen := make(map[int]bool)
	h.OnQuiet(func() {
		mu.Lock()
		defer mu.Unlock()
		seen[shared] = true // not always a whole round, since goroutines can stall
		calls++
	})
	for range 5 {
		var wg sync.WaitGroup
		for node := range 2 {
			for i := range 5 {
				wg.Add(1)
				h.Go(node, uint64(100+10*node+i)+uint64(h.Now()), "adds", func() {
					mu.Lock()
					shared++
					mu.Unlock()
					wg.Done()
				})
			}
		}
		wg.Wait()
		time.Sleep(time.Second)
	}
	before := calls
	time.Sleep(10 * time.Second)
	for n := 10; n <= 50; n += 10 {
		if !seen[n] {
			t.Errorf("it is not called when there are %d", n)
		}
	}
	if shared != 50 || calls > before+1 {
		t.Errorf("%d, called %d times, and then %d", shared, before, calls)
	}
	h.Report("covered", `"all"`)
}
