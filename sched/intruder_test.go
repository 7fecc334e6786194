//go:build !race

package sched

import (
	"sync"
	"testing"
	"time"
)

// Goroutines that are no tasks and call in are found out. This file is not for
// the race detector, which rightly reports such a goroutine itself.
func TestIntruder(t *testing.T) {
	for _, c := range []struct {
		op string
		f  func(s *Scheduler, mu *Mutex, ch *Chan[int])
	}{
		{"Mutex.Lock", func(s *Scheduler, mu *Mutex, ch *Chan[int]) { mu.Lock() }},
		{"Chan.Send", func(s *Scheduler, mu *Mutex, ch *Chan[int]) { ch.Send(1) }},
		{"Sleep", func(s *Scheduler, mu *Mutex, ch *Chan[int]) { s.Sleep(time.Second) }},
		{"Go", func(s *Scheduler, mu *Mutex, ch *Chan[int]) { s.Go("x", func() {}) }},
	} {
		t.Run(c.op, func(t *testing.T) {
			defer leaks(t)()
			survived := false
			e := fails[*IntruderError](t, Config{}, func(s *Scheduler) {
				var mu Mutex
				mu.Lock() // ties it to the run
				//lint:ignore SA2001 ties the mutex to the run
				mu.Unlock()
				ch := MakeChan[int](1)
				ch.TryRecv()
				gone := make(chan struct{})
				go func() {
					defer close(gone)
					c.f(s, &mu, ch)
					survived = true
				}()
				<-gone // the test's only: so that it always happens at the same place
				s.Sleep(time.Second)
				t.Error("the run went on")
			})
			if e.Op != c.op || survived {
				t.Errorf("called %s and survived: %v; the error is %v", c.op, survived, e)
			}
			wantIn(t, e.Error(), "intruder_test.go:", "instead of the go statement")
		})
	}
}

// One that comes after the last turn is told too.
func TestIntruderAtTheEnd(t *testing.T) {
	fails[*IntruderError](t, Config{}, func(s *Scheduler) {
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			s.Yield()
		}()
		<-gone
	})
}

// A goroutine that calls in at any moment never brings the process down.
func TestIntruderAtAnyMoment(t *testing.T) {
	defer leaks(t)()
	for range 200 {
		var mu Mutex
		_, err := run(t, Config{Seed: 1}, func(s *Scheduler) {
			mu.Lock()
			//lint:ignore SA2001 ties the mutex to the run
			mu.Unlock()
			var raw sync.WaitGroup
			for range 4 {
				raw.Go(func() { s.Sleep(1) })
			}
			for range 300 {
				var wg WaitGroup
				wg.Go(s.Yield)
				wg.Wait()
			}
			raw.Wait() // so that none comes after the end
		})
		if err != nil && !is[*IntruderError](err) {
			t.Fatalf("the run ended with %v", err)
		}
	}
}

func TestOutsider(t *testing.T) {
	gone, survived := make(chan struct{}), false
	go func() {
		defer close(gone)
		Yield()
		survived = true
	}()
	<-gone
	if survived {
		t.Error("a goroutine of no run went on after Yield")
	}
}
