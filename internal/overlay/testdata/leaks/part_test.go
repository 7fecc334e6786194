package leaks

import (
	"sync"
	"testing"
	"time"
)

// These tests cannot end, while others go on.

func ticks(with any) {
	for range time.Tick(100 * time.Millisecond) {
		_ = with
	}
}

func TestPartLocks(t *testing.T) {
	a := new(server)
	b := &server{other: a}
	a.other = b
	go ticks(a)
	go a.call()
	b.call()
}

func TestPartChannel(t *testing.T) {
	go ticks(nil)
	c := make(chan int)
	go func() { <-c; <-c }()
	c <- 1
	time.Sleep(3 * time.Second)
	c <- 2
	c <- 3
}

// The subtest cannot end, and a ticker has its testing.T.
func TestPartSubtest(t *testing.T) {
	t.Run("a", func(t *testing.T) {
		t.Run("b", func(t *testing.T) {
			go ticks(t)
			var wg sync.WaitGroup
			wg.Add(1)
			wg.Wait()
		})
	})
}

// Somebody will give the lock back who has not taken it.
func TestHandedOver(t *testing.T) {
	var a, b sync.Mutex
	a.Lock()
	go func() {
		time.Sleep(20 * time.Second)
		a.Unlock()
	}()
	warm := new(sync.Mutex)
	warm.Lock()
	go warm.Unlock()
	settle()
	go func() {
		b.Lock()
		a.Lock()
		b.Unlock()
	}()
	settle()
	b.Lock()
}
