package sched

import (
	"fmt"
	"os"
	"runtime"
)

// Caller returns the task that calls; for callers in an event, a stand-in that
// cannot wait. It does not return to a goroutine which is not of this run: that
// goroutine ends, and so does the run, with an IntruderError that names op.
func (s *Scheduler) Caller(op string) *Task {
	if t := s.cur; t != nil && s.curg == getg() {
		return t
	}
	if s.host != nil {
		return s.host.caller()
	}
	w := lookup()
	if w == nil || w.s != s {
		s.intrude(op)
	}
	return w.task(op)
}

// task is the slow way to the calling task, when its goroutine is known. What
// runs on a task's stack is not always that task: events fire there too.
func (w *worker) task(op string) *Task {
	switch {
	case w.s.cur != nil && w.s.cur == w.t:
		return w.t
	case w.s.closing && w.t != nil:
		return w.t
	}
	return w.s.event
}

// Running returns the scheduler of the run to which the calling goroutine
// belongs, nil if it belongs to none.
func Running() *Scheduler {
	if s := onHost(); s != nil {
		return s
	}
	if w := lookup(); w != nil {
		return w.s
	}
	return wasOnHost()
}

// current returns the task that calls, found by its goroutine.
func current(op string) *Task {
	if s := onHost(); s != nil {
		return s.host.caller()
	}
	w := lookup()
	if w == nil {
		if s := wasOnHost(); s != nil {
			return s.host.caller()
		}
		outsider(op)
	}
	return w.task(op)
}

// outsider is where a goroutine ends that called a function of this package and
// belongs to no run that could be told of it.
func outsider(op string) {
	fmt.Fprintf(os.Stderr, "samerun: %v\n", &IntruderError{Op: "sched." + op, Line: callerLine()})
	runtime.Goexit()
}

// binding ties a zero-value primitive to the run in which it is first used.
type binding struct{ s *Scheduler }

// task returns the calling task.
func (b *binding) task(op string) *Task {
	if b.s != nil {
		if t := b.s.cur; t != nil && b.s.curg == getg() {
			return t
		}
	}
	if s := onHost(); s != nil {
		b.s = s
		return s.host.caller()
	}
	w := lookup()
	switch {
	case w != nil:
		b.s = w.s
		return w.task(op)
	case b.s != nil && b.s.host == nil:
		b.s.intrude(op)
	}
	return current(op)
}

// misuse panics with the message of the standard library, unless the caller is
// being unwound: a deferred Unlock then finds a mutex that Cond.Wait had let go.
func misuse(t *Task, msg string) {
	if !t.s.closing {
		panic(msg)
	}
}
