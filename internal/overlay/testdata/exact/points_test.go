package exact

import (
	"sync"
	"testing"
	"time"
)

// TestPoints has goroutines that never need to wait, and that lose their turns
// all the same, between one lock and the next, at channels that have room.
func TestPoints(t *testing.T) {
	var l log
	var mu sync.Mutex
	var rw sync.RWMutex
	room := make(chan int, 100)
	sum := 0
	each(5, func(i int) {
		for range 20 {
			mu.Lock()
			have := sum
			mu.Unlock()
			room <- i
			rw.RLock()
			rw.RUnlock()
			mu.Lock()
			if sum != have {
				l.add("%d", i)
			}
			sum = have + 1
			mu.Unlock()
		}
	})
	for range 100 {
		<-room
	}
	l.add("%d", sum)
	l.print(t)
}

// TestSpinsBehindALock looks at a variable until it changes, without a wait.
func TestSpinsBehindALock(t *testing.T) {
	var l log
	var mu sync.Mutex
	done := false
	for i := range 3 {
		time.AfterFunc(time.Duration(i+1)*time.Millisecond, func() {
			mu.Lock()
			defer mu.Unlock()
			done = i == 2
			l.add("%d", i)
		})
	}
	began := time.Now()
	for over := false; !over; {
		mu.Lock()
		over = done
		mu.Unlock()
	}
	l.add("%v", time.Since(began).Round(time.Millisecond))
	l.print(t)
}
