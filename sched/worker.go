package sched

import "iter"

// worker is a coroutine that runs tasks, one after the other. Making one costs
// about 0.6 µs, so that a worker whose task has ended takes the next new task.
//
// Invariant: t is the task that it runs, nil while it is in the idle list.
type worker struct {
	s      *Scheduler
	t      *Task
	g      uintptr
	resume func() (struct{}, bool) // until the worker gives way
	stop   func()
	yield  func(struct{}) bool // gives way to whoever resumed it
	dead   bool                // its coroutine is in the middle of a Goexit
}

// worker returns an idle worker, or a new one.
func (s *Scheduler) worker() *worker {
	if n := len(s.idle); n > 0 {
		w := s.idle[n-1]
		s.idle = s.idle[:n-1]
		return w
	}
	w := &worker{s: s}
	s.watch.mu.Lock()
	s.watch.workers = append(s.watch.workers, w)
	s.watch.mu.Unlock()
	owned.Add(1)
	w.resume, w.stop = iter.Pull(func(yield func(struct{}) bool) {
		defer owned.Add(-1)
		w.yield = yield
		w.g = getg()
		s.curg = w.g // its task was entered before the goroutine was known
		register(w)
		defer unregister(w)
		s.work(w)
	})
	return w
}

// work runs one task after the other. It is not inlined because the stall guard
// looks for it in stack traces: the first argument tells the run, the second the worker.
//
//go:noinline
func (s *Scheduler) work(w *worker) {
	for {
		w.run(w.t)
		if w.dead {
			return
		}
		n := s.next()
		if n != nil && n.w == nil {
			// A new task needs no switch at all: it begins here.
			w.t, n.w = n, w
			s.enter(n)
			continue
		}
		s.idle = append(s.idle, w)
		s.handoff = n
		if !w.yield(struct{}{}) {
			return
		}
	}
}

// run runs a task to its end, whichever kind of end that is.
func (w *worker) run(t *Task) {
	s := w.s
	alive := false
	defer func() {
		if alive {
			return
		}
		// runtime.Goexit cannot be taken back, and when this coroutine ends it
		// goes on in whoever resumed it. So the coroutine does not end: it gives
		// way here, and is resumed once more when the run is closed, by a
		// goroutine that may well die.
		if !s.closing {
			s.err = first(s.err, s.goexitError(t))
		}
		s.over = true
		s.end(t)
		w.dead = true
		if !s.killing {
			s.handoff = nil
			s.buried = append(s.buried, w)
			w.yield(struct{}{})
		}
	}()
	w.call(t)
	alive = true
	s.end(t)
}

// call runs a task and catches its panic. It is a function of its own because a
// Goexit goes on after a panic on its way was caught: it does not return here.
func (w *worker) call(t *Task) {
	s := w.s
	returned := false
	defer func() {
		if returned {
			return
		}
		if r := recover(); r != nil {
			if !s.closing {
				s.err = first(s.err, s.panicError(t, r))
			}
			s.over = true
		}
	}()
	t.fn()
	returned = true
}

// end takes a task that has ended out of the world. The run is over when that
// was the main task.
func (s *Scheduler) end(t *Task) {
	t.state = ended
	t.group.unlink(t)
	t.w.t = nil
	t.w = nil
	s.cur = nil
	if t == s.main {
		s.over = true
		return
	}
	t.fn, t.asked, t.wait = nil, nil, waitInfo{}
	t.next, s.spare = s.spare, t
}
