// Package leaks has tests that pass and leave goroutines behind which wait for ever, a
// bug of each kind, and others that leave goroutines which only look so.
package leaks

import (
	"context"
	"sync"
	"testing"
	"time"
)

// settle lets the others come to where they wait.
func settle() { time.Sleep(10 * time.Second) }

// Who sends has nobody to send to: the other has not waited for it.
func TestLeakSender(t *testing.T) {
	answer := make(chan int)
	go func() {
		time.Sleep(200 * time.Millisecond)
		answer <- 1
	}()
	select {
	case <-answer:
		t.Error("too early")
	case <-time.After(100 * time.Millisecond):
	}
	settle()
}

// Who receives waits for one who gave up.
func TestLeakReceiver(t *testing.T) {
	jobs := make(chan int)
	go func() { <-jobs }()
	produce := func(fails bool) {
		if fails {
			return
		}
		jobs <- 1
	}
	produce(true)
	settle()
}

// Nobody closes the channel that is ranged over.
func TestLeakRange(t *testing.T) {
	jobs := make(chan int, 3)
	for range 4 {
		go func() {
			for range jobs {
			}
		}()
	}
	for i := range 3 {
		jobs <- i
	}
	settle()
}

// Two take two locks in two orders.
func TestLeakCrossedLocks(t *testing.T) {
	var a, b sync.Mutex
	go func() {
		a.Lock()
		time.Sleep(time.Second)
		b.Lock()
		b.Unlock()
		a.Unlock()
	}()
	go func() {
		b.Lock()
		time.Sleep(time.Second)
		a.Lock()
		a.Unlock()
		b.Unlock()
	}()
	settle()
}

// One takes a lock that it has.
func TestLeakDoubleLock(t *testing.T) {
	var mu sync.Mutex
	get := func() { mu.Lock(); defer mu.Unlock() }
	go func() {
		mu.Lock()
		defer mu.Unlock()
		get()
	}()
	settle()
}

// One reads twice, and a writer comes in between.
func TestLeakReadTwice(t *testing.T) {
	var mu sync.RWMutex
	go func() {
		mu.RLock()
		time.Sleep(2 * time.Second)
		mu.RLock()
		mu.RUnlock()
		mu.RUnlock()
	}()
	go func() {
		time.Sleep(time.Second)
		mu.Lock()
		mu.Unlock()
	}()
	settle()
}

// Who holds the lock sends to one who needs it.
func TestLeakLockAndChannel(t *testing.T) {
	var mu sync.Mutex
	c := make(chan int)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		c <- 1
	}()
	go func() {
		time.Sleep(time.Second)
		mu.Lock()
		defer mu.Unlock()
		<-c
	}()
	settle()
}

// The context is never cancelled.
func TestLeakContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	_ = cancel
	updates := make(chan int)
	go func() {
		select {
		case <-ctx.Done():
		case <-updates:
		}
	}()
	settle()
}

// Nobody signals: the signal came before the wait.
func TestLeakCond(t *testing.T) {
	c := sync.NewCond(new(sync.Mutex))
	c.Signal()
	go func() {
		c.L.Lock()
		c.Wait()
		c.L.Unlock()
	}()
	settle()
}

// One Done is missing.
func TestLeakWaitGroup(t *testing.T) {
	wg := new(sync.WaitGroup)
	wg.Add(2)
	go wg.Done()
	go func() { wg.Wait() }()
	settle()
}

func TestLeakNil(t *testing.T) {
	go func() {
		var c chan int
		c <- 1
	}()
	go func() {
		var c chan int
		<-c
	}()
	go func() {
		var c chan int
		select {
		case <-c:
		case c <- 1:
		}
	}()
	go func() { select {} }()
	settle()
}

// The timer was stopped.
func TestLeakStoppedTimer(t *testing.T) {
	timer := time.NewTimer(time.Hour)
	go func() { <-timer.C }()
	time.Sleep(time.Second)
	timer.Stop()
	settle()
}

// A function that was called by t.Cleanup refers to it.
func TestLeakCleanup(t *testing.T) {
	c := make(chan int)
	t.Cleanup(func() { settle(); _ = len(c) })
	go func() { <-c }()
}

// One who goes on had it, and does not need it any more.
func TestLeakDeadVariable(t *testing.T) {
	go func() {
		c := make(chan int)
		var mu sync.Mutex
		mu.Lock()
		go func() { <-c }()
		go func() { mu.Lock() }()
		time.Sleep(time.Hour)
	}()
	settle()
}

// Those that wait for ever have each other.
func TestLeakRing(t *testing.T) {
	cs := make([]chan int, 50)
	for i := range cs {
		cs[i] = make(chan int)
	}
	for i := range cs {
		go func() {
			<-cs[i]
			cs[(i+1)%len(cs)] <- 1
		}()
	}
	settle()
}

// What a subtest leaves.
func TestLeakSubtest(t *testing.T) {
	t.Run("sub", func(t *testing.T) {
		c := make(chan int)
		go func() { c <- 1 }()
	})
	settle()
}

// The standard library starts it for the test.
func TestLeakByLibrary(t *testing.T) {
	c := make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() { <-c })
	settle()
}

type server struct {
	mu    sync.Mutex
	other *server
	n     int
}

func (s *server) call() {
	s.mu.Lock()
	defer s.mu.Unlock()
	time.Sleep(time.Second)
	s.other.mu.Lock()
	s.other.n++
	s.other.mu.Unlock()
}

// Two servers have each other's lock, beside a ticker that has both.
func TestLeakServers(t *testing.T) {
	a := new(server)
	b := &server{other: a}
	a.other = b
	go func() {
		for range time.Tick(time.Second) {
			_ = a.n + b.n
		}
	}()
	go a.call()
	go b.call()
	time.Sleep(time.Minute)
	_ = a.n + b.n
}

// Who reads twice beside one who goes on and has the lock.
func TestLeakReaders(t *testing.T) {
	var mu sync.RWMutex
	n := 0
	go func() {
		mu.RLock()
		time.Sleep(2 * time.Second)
		mu.RLock()
	}()
	go func() {
		time.Sleep(time.Second)
		mu.Lock()
		n++
	}()
	time.Sleep(time.Minute)
	if n > 0 {
		mu.Lock()
	}
}
