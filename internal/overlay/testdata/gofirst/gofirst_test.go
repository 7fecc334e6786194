// Package gofirst has tests that take a goroutine which was just started for one that comes
// later.
package gofirst

import (
	"sync"
	"testing"
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
