// Package fair has programs that show who gets a turn, and when. Each prints a
// number, which another test looks at.
package fair

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	_ "unsafe" // for go:linkname
)

// One waits for another and yields meanwhile: how often it does.
func TestYields(t *testing.T) {
	var done atomic.Bool
	var wg sync.WaitGroup
	yields := 0
	wg.Go(func() {
		for !done.Load() {
			yields++
			runtime.Gosched()
		}
	})
	wg.Go(func() { done.Store(true) })
	wg.Wait()
	fmt.Println("number:", yields)
}

// Two hand a ball to and fro until a third has had a turn: how often they do.
func TestStarves(t *testing.T) {
	const most = 200_000
	var done atomic.Bool
	var wg sync.WaitGroup
	there, back := make(chan bool), make(chan bool)
	balls := 0
	wg.Go(func() {
		for !done.Load() && balls < most {
			balls++
			there <- true
			<-back
		}
		close(there)
	})
	wg.Go(func() {
		for range there {
			back <- true
		}
	})
	wg.Go(func() { done.Store(true) })
	wg.Wait()
	fmt.Println("number:", balls)
}

// One takes a lock again and again: how many microseconds it is held up.
func TestStalls(t *testing.T) {
	var mu sync.Mutex
	begin := time.Now()
	for range 20_000 {
		mu.Lock()
		mu.Unlock() //nolint:staticcheck // nothing but the lock is of interest
	}
	fmt.Println("number:", time.Since(begin).Microseconds())
}

// outside counts the turns of a goroutine that is none of the world's.
var outside atomic.Int64

// aside runs f in such a goroutine, as the watchdog runs.
//
//go:linkname aside testing.samerunAside
func aside(f func())

// The goroutines of a test take turns: how many one from outside has meanwhile.
func TestOutside(t *testing.T) {
	aside(func() {
		for {
			outside.Add(1)
			runtime.Gosched()
		}
	})
	begin := outside.Load()
	ball := make(chan bool)
	go func() {
		for range ball {
		}
	}()
	for range 200_000 {
		ball <- true
	}
	fmt.Println("number:", outside.Load()-begin)
}
