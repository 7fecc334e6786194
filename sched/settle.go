package sched

import (
	"runtime"
	"strings"
	"sync/atomic"
	"time"
)

// A goroutine that the program started with the go statement may call into the run
// long after the run has come to its end, which takes microseconds of real time. Such
// a call must fail the run whenever it comes. So a run does not end while goroutines
// that it has started are about to do something: settle waits until each of them is
// gone or blocked for real.

// settle gives those goroutines the real time that they need, but no more than half of
// Config.Stall. It decides nothing but whether an intruder is found, or an escape.
//
//samerun:allow wallclock: goroutines outside of the run need real time to betray themselves; a run without any takes none
func (s *Scheduler) settle() {
	end := time.Time{}
	for pause := time.Microsecond; strays(); pause = min(2*pause, 10*time.Millisecond) {
		run, escaped := s.straysRun()
		if !run {
			if escaped != nil {
				s.err = first(s.err, escaped)
			}
			return
		}
		switch now := time.Now(); {
		case end.IsZero():
			end = now.Add(s.cfg.Stall / 2)
		case now.After(end):
			return
		}
		time.Sleep(pause)
		s.bell.Store(false) // this is no stall
	}
}

// owned counts the goroutines of all runs of the process, underway the runs, and fewest
// is the smallest number of other goroutines that there were when a run began.
//
//samerun:allow global: whether it is worth the time to look for goroutines outside of the run; who they are is told by their stacks
var (
	owned    atomic.Int64
	fewest   atomic.Int64 // plus one; 0 is not known yet
	underway atomic.Int64 // runs
)

// others returns how many goroutines of the process belong to no run, and how many of
// these must be expected. It is cheap. A goroutine that is just ending may count as
// another: the number is never too small.
func others() (now, expected int64) {
	now = int64(runtime.NumGoroutine()) - owned.Load()
	for {
		least := fewest.Load()
		if least != 0 && least <= now+1 {
			return now, least - 1
		}
		if fewest.CompareAndSwap(least, now+1) {
			return now, now
		}
	}
}

// strays says whether there may be goroutines that the run has started. While several
// runs go on in the process it answers false: to look for them would cost each of
// these runs more than it takes.
func strays() bool {
	now, expected := others()
	return now > expected && underway.Load() == 1
}

// straysRun says whether one of the goroutines that the run's tasks, or their
// goroutines, have started is not blocked. If one waits for a real socket or pipe,
// that is the error.
func (s *Scheduler) straysRun() (run bool, escaped error) {
	all := allGoroutines()
	family := make(map[string]bool)
	for _, g := range all {
		_, worker := g.argOf("sched.(*Scheduler).work", s)
		_, driver := g.argOf("sched.(*Scheduler).drive", s)
		if worker || driver {
			family[g.id] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for _, g := range all {
			if family[g.id] || !family[g.creator()] {
				continue
			}
			family[g.id], grown = true, true
			run = run || !g.blocked()
			if g.state == ioWait && escaped == nil {
				escaped = &EscapeError{Line: g.escapeLine()}
			}
		}
	}
	return run, escaped
}

// escapeLine says where a goroutine is that waits for input or output: the innermost
// line outside of what only passes the call on, or else what started it.
func (g *goroutine) escapeLine() string {
	if len(g.frames) == 0 {
		return "a place that the trace does not show"
	}
	for _, f := range g.frames {
		path, _, _ := strings.Cut(f.fn, ".")
		switch path, _, _ = strings.Cut(path, "/"); path {
		case "net", "os", "io", "bufio", "crypto":
			continue
		}
		if !f.ours() {
			return f.String()
		}
	}
	return g.frames[len(g.frames)-1].String()
}

// blocked says that a goroutine waits for something outside of this package: in here
// it can only be on its way to be found out.
func (g *goroutine) blocked() bool {
	for _, f := range g.frames {
		if strings.HasPrefix(f.fn, "samerun/sched.") && !strings.Contains(f.place, "_test.go:") {
			return false
		}
	}
	_, known := insteadOf[g.state]
	return known || g.state == "coroutine"
}
