package sched

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// stall is a time in which a goroutine gets a processor, however many want one.
const stall = 2 * time.Second

// What blocks for real freezes the run: it is given up, and the report names the
// task, the line and what to use instead. Each task is let go afterwards, so
// that no goroutine stays.
func TestStall(t *testing.T) {
	release := make(chan struct{})
	var mu sync.Mutex
	var wg sync.WaitGroup
	mu.Lock()
	wg.Add(1)
	ch, full := make(chan int), make(chan int)
	var woken atomic.Bool
	for _, c := range []struct {
		name  string
		block func(at *atomic.Value)
		want  []string
		free  func()
	}{
		{"chan receive", func(at *atomic.Value) { at.Store(line(0)); <-ch }, []string{"blocks for real (chan receive)", "sched.Chan"}, func() { close(ch) }},
		{"chan send", func(at *atomic.Value) { at.Store(line(0)); full <- 1 }, []string{"blocks for real (chan send)", "sched.Chan"}, func() { <-full }},
		{"sleep", func(at *atomic.Value) {
			at.Store(line(2))
			for !woken.Load() {
				time.Sleep(100 * time.Millisecond)
			}
		}, []string{"blocks for real (sleep)", "instead of time.Sleep"}, func() { woken.Store(true) }},
		{"mutex", func(at *atomic.Value) { at.Store(line(0)); mu.Lock() }, []string{"blocks for real (sync.Mutex.Lock)", "sched.Mutex"}, func() { mu.Unlock() }},
		{"waitgroup", func(at *atomic.Value) { at.Store(line(0)); wg.Wait() }, []string{"blocks for real (sync.WaitGroup.Wait)", "sched.WaitGroup"}, func() { wg.Done() }},
		{"select", func(at *atomic.Value) {
			at.Store(line(1))
			select {
			case <-release:
			case <-full:
			}
		}, []string{"blocks for real (select)", "sched.Select"}, func() { close(release) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer leaks(t)()
			var at atomic.Value // the task is still there when it is read
			e := fails[*StallError](t, Config{Stall: stall}, func(s *Scheduler) {
				g := s.NewGroup("n0", nil, nil)
				s.Spawn(g, "ticker", 1, func() {
					s.Sleep(time.Second)
					c.block(&at)
					s.Sleep(time.Second)
				})
				s.Sleep(time.Hour)
				t.Error("the run went on after it was given up")
			})
			wantIn(t, e.Error(), append(c.want, "task n0/ticker", at.Load().(string)+" in ")...)
			if e.After >= stall {
				t.Errorf("what blocks must be found in a fraction of Stall; it took %v", e.After)
			}
			c.free()
		})
	}
}

func TestStallOfALoop(t *testing.T) {
	defer leaks(t)()
	var at atomic.Value // the task is still there when it is read
	end := make(chan struct{})
	e := fails[*StallError](t, Config{Stall: stall}, func(s *Scheduler) {
		s.Go("counter", func() {
			at.Store(strings.TrimRight(line(0), "0123456789")) // any line of the loop
			for n := 0; ; n++ {
				select {
				case <-end:
					return
				default:
				}
			}
		})
		s.Sleep(time.Hour)
	})
	close(end)
	wantIn(t, e.Error(), "task main/counter", "without waiting", at.Load().(string), "must Sleep or wait")
}

func TestStallWhileClosing(t *testing.T) {
	defer leaks(t)()
	end := make(chan struct{})
	e := fails[*StallError](t, Config{Stall: stall}, func(s *Scheduler) {
		Go(func() {
			defer func() { <-end }()
			s.Sleep(time.Hour)
		})
		s.Sleep(1)
	})
	close(end)
	wantIn(t, e.Error(), "chan receive", "stall_test.go:")
}

// A run that takes long but is alive is no stall.
func TestBusyIsNoStall(t *testing.T) {
	mustRun(t, Config{Stall: stall}, func(s *Scheduler) { // the guard looks ten times in that time
		for end := time.Now().Add(800 * time.Millisecond); time.Now().Before(end); {
			s.Sleep(time.Second)
		}
	})
}

// What blocks for 3/20 of Stall is found, whenever it begins: a second and a half by
// default. What blocks for less than a tenth is not: a machine may be busy for so long.
func TestHowLongABlockMayTake(t *testing.T) {
	period := time.Second / rings
	if most := (blockedRings + 1) * period; most > 150*time.Millisecond {
		t.Errorf("what blocks for %v of a second of Stall may not be found", most)
	}
	if least := blockedRings * period; least < 100*time.Millisecond {
		t.Errorf("what blocks for %v of a second of Stall may be given up", least)
	}
}

// A run that does not answer is given a second look before a task is blamed for
// blocking, and many more before one is blamed for computing: a machine may be busy.
func TestLookIsPatient(t *testing.T) {
	for _, c := range []struct {
		name  string
		state string
		looks int
		stuck func(end chan struct{})
	}{
		{"blocked", "chan receive", 2, func(end chan struct{}) { <-end }},
		{"computing", "running", rings, func(end chan struct{}) {
			for !closed(end) { // it computes
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := New(Config{Stall: time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			begun, end, over := make(chan struct{}), make(chan struct{}), make(chan error)
			go func() { over <- s.Run(func() { close(begun); c.stuck(end) }) }()
			<-begun
			var e *StallError
			for ; ; time.Sleep(time.Millisecond) { // until the goroutine is where it stays
				err := s.look(rings, time.Second)
				if !errors.As(err, &e) {
					t.Fatalf("after all looks nobody is blamed: %v", err)
				}
				if e.State == c.state || c.state == "running" && e.State == "runnable" {
					break
				}
			}
			if err := s.look(c.looks-1, time.Second); err != nil {
				t.Errorf("after %d looks: %v", c.looks-1, err)
			}
			if err := s.look(c.looks, time.Second); err == nil {
				t.Errorf("after %d looks nobody is blamed", c.looks)
			}
			close(end)
			if err := <-over; err != nil {
				t.Errorf("the run that went on in the end: %v", err)
			}
		})
	}
}

// closed says whether a channel is closed, and does not wait for it.
func closed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// The guard looks at a run whose turns are long, and reads nothing that the run goes on to write:
// the race detector would blame the program.
func TestLookAtSlowTurns(t *testing.T) {
	mustRun(t, Config{Stall: rings * 10 * time.Millisecond}, func(s *Scheduler) {
		g := s.NewGroup("n0", nil, nil)
		for i := range 6 {
			s.Spawn(g, "slow", uint64(i+1), func() {
				for end := time.Now().Add(40 * time.Millisecond); time.Now().Before(end); { // it computes
				}
			})
			s.Sleep(time.Second)
		}
	})
}
