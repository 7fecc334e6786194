package sched

import "runtime"

// This file passes the turn from task to task.
//
// Tasks are coroutines, and a coroutine runs only while somebody resumes it.
// The obvious way is a loop in the middle that resumes one task after the
// other; then each turn costs two switches. Here a task that must wait looks
// itself for who is next, and resumes that one from where it stands:
//
//	root ─▶ A ─▶ B ─▶ C        A and B are blocked, and drive; C runs
//
// When C waits and A's turn has come, C cannot resume A, which is below it: it
// hands A's name down and gives way; B does the same; A finds its own name and
// goes on. A hand-over to and fro costs one switch each way instead of two, and
// a task that finds itself next costs none. Going down takes back one step of an
// earlier way up, so that on the whole no order is worse than the loop.

// park lets others run until it is t's turn again. The caller has said in
// t.state whether t is ready or blocked.
func (s *Scheduler) park(t *Task) {
	if s.closing {
		s.unwind()
	}
	t.cause = s.cause
	s.cur = nil
	n := s.next()
	for n != t {
		if n == nil || n.driving {
			s.handoff = n
			t.w.yield(struct{}{})
			if s.closing {
				s.cur = t
				s.unwind()
			}
			// Whoever resumed us did so because it is our turn.
			return
		}
		t.driving = true
		s.resume(n)
		t.driving = false
		n, s.handoff = s.handoff, nil
	}
	s.enter(t)
}

// next fires events until a task can run, and returns it; nil when the run is over.
func (s *Scheduler) next() *Task {
	if s.witness != nil {
		s.witness.turnEnds()
	}
	for !s.over {
		if s.bell.Load() {
			s.answer()
			continue
		}
		if t := s.strategy.Next(); t != nil {
			if s.arrivals-s.picks > 1 {
				s.choices++
			}
			s.picks++
			switch {
			case t.state == frozen:
			case t.group.paused:
				t.group.held = append(t.group.held, t)
			default:
				s.steps++
				s.quiet = false
				if s.instant++; s.instant > s.cfg.MaxSteps {
					s.livelock(t)
					return nil
				}
				return t
			}
			continue
		}
		if s.over || !s.advance() {
			return nil
		}
	}
	return nil
}

// giveUp ends the run from within a strategy, which then returns no task.
func (s *Scheduler) giveUp(err error) { s.err, s.over = first(s.err, err), true }

// advance does what comes next when no task is ready: an event of this instant,
// the Quiet hook, or an event of a later instant. It answers false at the end.
func (s *Scheduler) advance() (more bool) {
	// Deferred for what user code may do in an event: panic, or t.FailNow. The
	// latter goes on to unwind the stack on which we happen to be; that task's
	// own deferred calls are made harmless before.
	fine := false
	defer func() {
		if fine {
			return
		}
		if r := recover(); r != nil {
			s.err = first(s.err, s.panicError(nil, r))
		} else {
			s.err = first(s.err, s.goexitError(nil))
		}
		s.over, s.closing = true, true
		more = false
	}()
	now := s.clk.Now()
	at, pending := s.clk.Next()
	if (!pending || at > now) && !s.quiet {
		s.quiet = true
		if s.cfg.Quiet != nil {
			s.cfg.Quiet()
		}
		fine = true
		return true
	}
	more = s.clk.Step()
	s.quiet = false
	if later := s.clk.Now(); later != now {
		s.digest.Add(uint64(later))
		s.instant = 0
	} else if s.instant++; more && s.instant > s.cfg.MaxSteps {
		s.livelock(nil)
	}
	if !more && !s.over {
		s.err = first(s.err, s.deadlock())
		s.over = true
	}
	fine = true
	return more
}

// resume runs t on top of the caller until it gives way.
func (s *Scheduler) resume(t *Task) {
	w := t.w
	if w == nil {
		w = s.worker()
		w.t, t.w = t, w
	}
	s.enter(t)
	w.resume()
}

// enter makes t the running task.
func (s *Scheduler) enter(t *Task) {
	t.state = running
	t.baton = nil
	s.cur, s.curg = t, t.w.g
	s.cause = t.cause
	s.digest.Add(uint64(t.id))
	if s.witness != nil {
		s.witness.turn(t)
	}
}

// unwind ends the calling task from within: its deferred calls run, and find
// that nothing has an effect any more.
func (s *Scheduler) unwind() {
	s.over, s.closing = true, true
	runtime.Goexit()
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
