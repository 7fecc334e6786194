//go:build !race

package sched

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A goroutine that is about to call in when the run comes to its end is found out, in
// every run. Whoever is blocked, or does nothing of the kind, is no failure.
func TestGoroutinesThatOutliveTheRun(t *testing.T) {
	defer leaks(t)()
	before := owned.Load()
	release := make(chan struct{})
	for _, c := range []struct {
		name  string
		start func(s *Scheduler)
		found bool
	}{
		{"at once", func(s *Scheduler) { go s.Sleep(time.Second) }, true},
		{"in a task", func(s *Scheduler) { s.Go("x", func() { go s.Yield() }) }, true},
		{"in an event", func(s *Scheduler) { s.Clock().After(time.Millisecond, 0, fire(func() { go s.Yield() })) }, true},
		{"its child", func(s *Scheduler) {
			go func() {
				go s.Yield()
				<-release
			}()
		}, true},
		{"after some work", func(s *Scheduler) {
			go func() {
				for range 1000 {
					runtime.Gosched()
				}
				s.Yield()
			}()
		}, true},
		{"blocked", func(s *Scheduler) { go func() { <-release }() }, false},
		{"busy", func(s *Scheduler) {
			go func() {
				for range 1000 {
					runtime.Gosched()
				}
			}()
		}, false},
		{"joined", func(s *Scheduler) {
			var wg sync.WaitGroup
			wg.Go(func() {})
			wg.Wait()
		}, false},
		{"none", func(s *Scheduler) {}, false},
	} {
		for range 50 {
			_, err := run(t, Config{}, func(s *Scheduler) {
				c.start(s)
				s.Sleep(time.Second)
			})
			if is[*IntruderError](err) != c.found || err != nil && !c.found {
				t.Fatalf("%s: %v", c.name, err)
			}
		}
	}
	close(release)
	if after := owned.Load(); after != before {
		t.Errorf("runs own %d goroutines, and %d when all are over", before, after)
	}
}

type fire func()

func (f fire) Fire() { f() }

// One that does not come to an end holds the run up for half of Stall, and no longer.
func TestAGoroutineThatNeverEnds(t *testing.T) {
	defer leaks(t)()
	var end atomic.Bool
	mustRun(t, Config{Stall: 2 * time.Second}, func(s *Scheduler) {
		go func() {
			for !end.Load() {
			}
		}()
	})
	end.Store(true)
}

// Who calls in after the run is told to Late.
func TestLate(t *testing.T) {
	told, release := make(chan error, 1), make(chan struct{})
	mustRun(t, Config{Late: func(err error) { told <- err }}, func(s *Scheduler) {
		go func() {
			<-release
			s.Yield()
		}()
	})
	close(release)
	if err := <-told; !is[*IntruderError](err) {
		t.Error(err)
	}
}
