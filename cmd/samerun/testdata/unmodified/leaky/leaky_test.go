// Package leaky has tests that pass although a goroutine waits for ever in some orders, or
// speaks when the test is over.
package leaky

import (
	"sync"
	"testing"
	"time"
)

// TestTwoLocks does not wait for the two that take two locks in two orders.
func TestTwoLocks(t *testing.T) {
	var a, b sync.Mutex
	both := func(first, second *sync.Mutex) {
		first.Lock()
		defer first.Unlock()
		second.Lock()
		defer second.Unlock()
	}
	go both(&a, &b)
	go both(&b, &a)
	time.Sleep(time.Second)
}

// TestLate ends before the other has said all, if that is held up.
func TestLate(t *testing.T) {
	var mu sync.Mutex
	go func() {
		for range 10 {
			mu.Lock()
			mu.Unlock()
		}
		t.Log("now")
	}()
	time.Sleep(time.Millisecond)
}
