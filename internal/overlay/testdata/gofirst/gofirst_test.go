// Package gofirst has tests that take a goroutine which was just started for one that comes
// later, or for one that has begun soon.
package gofirst

import (
	"runtime"
	"sync"
	"testing"
	"time"
)

// Nothing but the go statement lets the other one go first.
func TestWithoutLocks(t *testing.T) {
	ready, seen := false, true
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		seen = ready
	}()
	ready = true
	wg.Wait()
	if !seen {
		t.Error("it was not ready")
	}
}

// Nor here, where package sync has the go statement.
func TestOfWaitGroup(t *testing.T) {
	ready, seen := false, true
	var wg sync.WaitGroup
	wg.Go(func() { seen = ready })
	ready = true
	wg.Wait()
	if !seen {
		t.Error("it was not ready")
	}
}

// Here the lock is such a place, too.
func TestWithLock(t *testing.T) {
	var mu sync.Mutex
	closed := false
	go func() {
		mu.Lock()
		defer mu.Unlock()
		closed = true
	}()
	mu.Lock()
	defer mu.Unlock()
	if closed {
		t.Error("closed already")
	}
}

// By then it has begun on any machine that is not busy.
func TestBegunByThen(t *testing.T) {
	begun := false
	go func() { begun = true }()
	time.Sleep(300 * time.Microsecond)
	if !begun {
		t.Error("it has not begun")
	}
}

// So it is if package sync has the go statement.
func TestGroupBegunByThen(t *testing.T) {
	begun := false
	var wg sync.WaitGroup
	wg.Go(func() { begun = true })
	time.Sleep(300 * time.Microsecond)
	if !begun {
		t.Error("it has not begun")
	}
	wg.Wait()
}

// Many of them all begin in the end, whoever begins late, and the collector does
// them no harm.
func TestAllBeginInTheEnd(t *testing.T) {
	const n = 300
	done := make(chan int, n)
	for i := range n {
		if i%50 == 0 {
			time.Sleep(200 * time.Millisecond) // nobody has a rest any more
			runtime.GC()
		}
		go func() {
			var deep [4096]byte
			done <- i + int(deep[i])
		}()
	}
	sum := 0
	for range n {
		sum += <-done
	}
	if sum != n*(n-1)/2 {
		t.Errorf("sum %d", sum)
	}
}
