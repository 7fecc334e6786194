package sched

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

// watch is what the goroutine that called Run has in common with the run.
type watch struct {
	mu       sync.Mutex
	workers  []*worker // all that were made
	intruder error     // who called in from outside
	given    bool      // the run was given up as stalled
	done     bool      // the run has ended
}

// StallError is a task that blocks outside of virtual time, or never waits.
type StallError struct {
	Task  string        // "n0/ticker", empty if not in a task
	State string        // what the runtime says of its goroutine: "chan receive", "running"
	Line  string        // where: "raft.go:123 in raft.(*Raft).ticker"
	After time.Duration // real time since its turn began, at least
}

func (e *StallError) Error() string {
	who := "an event"
	if e.Task != "" {
		who = "task " + e.Task
	}
	at := e.Line
	if at == "" {
		at = "a place that the trace does not show"
	}
	if instead, ok := insteadOf[e.State]; ok {
		return fmt.Sprintf("stall: %s blocks for real (%s) at %s, and the whole run with it; %s", who, e.State, at, instead)
	}
	return fmt.Sprintf("stall: %s has run for %v of real time without waiting, at %s; a loop that waits for something must Sleep or wait for it", who, e.After, at)
}

// EscapeError is a run that ended while a goroutine which it had started was waiting
// for a real socket or pipe. What comes over that is not the seed's.
type EscapeError struct {
	Line string // where: "server.go:70 in app.serve"
}

func (e *EscapeError) Error() string {
	return fmt.Sprintf("escape: a goroutine of the run waits for real input or output at %s; real sockets have no place in a run: use the links of the world, or run the test as ordinary Go, by samerun test", e.Line)
}

// ioWait is what the runtime says of a goroutine that waits for a socket or a pipe.
const ioWait = "IO wait"

// insteadOf says, for each way in which a goroutine blocks for real, what a task
// uses instead.
//
//samerun:allow global: constant table
var insteadOf = map[string]string{
	"chan receive":            "use a sched.Chan instead of a channel",
	"chan receive (nil chan)": "use a sched.Chan instead of a channel",
	"chan send":               "use a sched.Chan instead of a channel",
	"chan send (nil chan)":    "use a sched.Chan instead of a channel",
	"select":                  "use sched.Select and sched.Chan instead of select and channels",
	"select (no cases)":       "use a sched.Chan that nobody closes",
	"sleep":                   "use Sleep of the world, the node or package sched instead of time.Sleep",
	"sync.Mutex.Lock":         "use a sched.Mutex instead of a sync.Mutex",
	"sync.RWMutex.RLock":      "use a sched.RWMutex instead of a sync.RWMutex",
	"sync.RWMutex.Lock":       "use a sched.RWMutex instead of a sync.RWMutex",
	"sync.Cond.Wait":          "use a sched.Cond instead of a sync.Cond",
	"sync.WaitGroup.Wait":     "use a sched.WaitGroup instead of a sync.WaitGroup",
	"semacquire":              "use the locks of package sched instead of those of package sync",
	ioWait:                    "real input and output have no place in a run",
}

// The guard rings the bell so often in Config.Stall. A run that computes is given up
// after all of these rings without an answer, one that is blocked after two: whatever
// blocks for 3/20 of Config.Stall is found.
const (
	rings        = 20
	blockedRings = 2
)

// guard waits for the end of the run, and rings the bell in real time. A run
// that is alive answers at its next turn. One that does not is looked at: if its
// goroutine is blocked, a second ring is enough; if it computes, it gets the
// whole of Config.Stall.
//
//samerun:allow goroutine: this select waits for the run or the watch, outside of virtual time
//samerun:allow wallclock: the guard exists because the run is stuck in real time; a run that is not never sees it
func (s *Scheduler) guard(done <-chan struct{}) error {
	period := max(s.cfg.Stall/rings, time.Millisecond)
	timer := time.NewTimer(period)
	defer timer.Stop()
	missed := 0
	for {
		select {
		case <-done:
			s.watch.mu.Lock()
			s.watch.done = true
			s.err = first(s.err, s.watch.intruder) // it may have come after the last turn
			s.watch.mu.Unlock()
			return s.err
		case <-timer.C:
		}
		timer.Reset(period)
		if !s.bell.Swap(true) {
			missed = 0
			continue
		}
		missed++
		if err := s.look(missed, period); err != nil {
			s.watch.mu.Lock()
			s.watch.given = true
			s.watch.mu.Unlock()
			s.bell.Store(true) // the run may have answered just now, and shall not go on
			return err
		}
	}
}

// look returns an error if the run must be given up.
func (s *Scheduler) look(missed int, period time.Duration) error {
	patience := rings
	e := &StallError{State: "running", After: time.Duration(missed) * period}
	worker := ""
	//samerun:allow maprange: at most one of them is looked at
	for addr, g := range s.stacks() {
		if g.state == "coroutine" {
			continue
		}
		// At most one goroutine of a run is not suspended: this is it.
		e.State, worker = g.state, addr
		if f, ok := g.user(); ok {
			e.Line = f.String()
		}
		if _, blocked := insteadOf[g.state]; blocked {
			patience = blockedRings
		}
	}
	if missed < patience {
		return nil // a run that is slow goes on, so that what it writes must not be read
	}
	e.Task = s.taskOf(worker)
	return e
}

// taskOf names the task that a worker runs, in a run that is given up. It reads what the stuck run wrote
// without being handed it, which is why the race detector must look away.
//
//go:norace
func (s *Scheduler) taskOf(addr string) string {
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	for _, w := range s.watch.workers {
		if t := w.t; fmt.Sprintf("%p", w) == addr && t != nil {
			return t.fullName()
		}
	}
	return ""
}

// answer is the run's side of the bell.
func (s *Scheduler) answer() {
	s.bell.Store(false)
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	switch {
	case s.watch.intruder != nil:
		s.err = first(s.err, s.watch.intruder)
		s.over = true
	case s.watch.given:
		s.over = true
	}
}

// IntruderError is a goroutine which is not a task of the run and called into it.
type IntruderError struct {
	Op   string // what it called
	Line string // where
}

func (e *IntruderError) Error() string {
	return fmt.Sprintf("%s was called at %s by a goroutine that is not a task of this run; inside a run start tasks with Go of the world, the node or package sched instead of the go statement", e.Op, e.Line)
}

// intrude is where a goroutine ends that calls in from outside. It must not go
// on, and must not bring the process down: it leaves by Goexit.
func (s *Scheduler) intrude(op string) {
	err := &IntruderError{Op: op, Line: callerLine()}
	s.watch.mu.Lock()
	done := s.watch.done
	told := s.watch.intruder != nil
	if !told {
		s.watch.intruder = err
	}
	s.watch.mu.Unlock()
	s.bell.Store(true)
	switch {
	case !done || told:
	case s.cfg.Late != nil:
		s.cfg.Late(err)
	default:
		fmt.Fprintf(os.Stderr, "samerun: %v (the run had already ended)\n", err)
	}
	runtime.Goexit()
}

// callerLine returns the innermost frame of the caller's stack that belongs to
// the program under test.
func callerLine() string {
	buf := make([]byte, 16<<10)
	g := goroutine{frames: parseFrames(string(buf[:runtime.Stack(buf, false)]))}
	if f, ok := g.user(); ok {
		return f.String()
	}
	return "an unknown line"
}
