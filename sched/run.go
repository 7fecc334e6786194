package sched

import (
	"errors"

	"samerun/internal/keyed"
)

// Run runs fn as the main task, and everything that it starts, until fn has
// returned or the run has failed. It returns the failure: a *PanicError,
// *GoexitError, *DeadlockError, *LivelockError, *StallError, *IntruderError, *EscapeError, or
// what was given to Fail. All tasks are gone when it returns (except after a
// stall: a goroutine that does not listen cannot be ended).
//
// The run happens in a goroutine of its own, so that the caller survives
// t.FailNow in a task and can give a stalled run up. A scheduler serves one run:
// a second call returns an error and runs nothing.
func (s *Scheduler) Run(fn func()) error {
	if s.started {
		return errors.New("sched: Run was called twice on one Scheduler; make a new one with New for each run")
	}
	s.started = true
	if s.host != nil {
		return s.host.run(fn)
	}
	others()
	owned.Add(1)
	underway.Add(1)
	defer underway.Add(-1)
	done := make(chan struct{})
	//samerun:allow goroutine: the whole run is this one goroutine, and its caller waits for it
	go s.drive(fn, done)
	return s.guard(done)
}

func (s *Scheduler) drive(fn func(), done chan<- struct{}) {
	// Deferred, because t.FailNow in an event that fires here ends this goroutine.
	defer close(done)
	defer owned.Add(-1)
	defer s.close()
	s.main = s.newTask(s.root, "main", keyed.Ident("main"), fn)
	s.makeReady(s.main)
	for n := s.next(); n != nil; n, s.handoff = s.handoff, nil {
		s.resume(n)
	}
	s.settle()
}

// close unwinds every task that has begun and not ended, in the order of groups
// and of starting. Their deferred calls run, and find that nothing has an effect.
func (s *Scheduler) close() {
	s.over, s.closing, s.killing = true, true, true
	doomed := s.buried
	for _, g := range s.groups {
		for t := g.first; t != nil; t = t.next {
			if t.w != nil {
				doomed = append(doomed, t.w)
			}
		}
	}
	if len(doomed) > 0 {
		gone := make(chan struct{})
		//samerun:allow goroutine: a goroutine that Goexit may end in our place; we wait for it
		go func() {
			defer close(gone)
			s.bury(doomed)
		}()
		<-gone
	}
	for _, w := range s.idle {
		w.stop()
	}
	s.idle, s.buried = nil, nil
	s.cur = nil
}

// bury resumes each worker for the last time. Its task leaves by Goexit, which
// goes on in whoever resumed it: here. A deferred call takes up the rest.
func (s *Scheduler) bury(doomed []*worker) {
	if len(doomed) == 0 {
		return
	}
	rest := doomed[1:]
	defer func() { s.bury(rest) }()
	for {
		w := doomed[0]
		s.cur = w.t
		w.resume()
		// It ended without Goexit.
		if len(rest) == 0 {
			return
		}
		doomed, rest = rest, rest[1:]
	}
}
