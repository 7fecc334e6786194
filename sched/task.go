package sched

import (
	"time"

	"samerun/clock"
	"samerun/internal/keyed"
)

// Task is one thread of control in a run: what a goroutine is outside. Tasks
// run one at a time, and hand over only where they wait.
//
// Invariants: a task is in exactly one of the states below; it has a worker
// (a coroutine) from when it first runs until it ends; while it is blocked,
// wait says for what, and queue is where it can be taken out again. The record
// is used again after the task ended, so that nobody may keep it.
type Task struct {
	s       *Scheduler
	id      keyed.Key
	name    string
	fn      func()
	asked   func() // what the program started, if fn is a wrapper of ours
	parent  string // name of the task that started it
	group   *Group
	state   state
	driving bool // suspended while a task that it resumed runs

	w       *worker
	token   uintptr  // names its goroutine to the host
	alien   bool     // a goroutine of the program's own, and in its group only while it waits
	timer   clock.ID // the event that ends its sleep
	wait    waitInfo
	queue   queue // where it waits, if somewhere
	qprev   *Task // neighbours in a waitq
	qnext   *Task
	baton   baton  // what it was woken to take, until it runs
	readied uint64 // how often it became ready
	resumed uint64 // how often its group was resumed while it waited for this turn
	left    uint64 // for URW and SURW: how many events it has left
	arrival uint64 // its number among all that were put into the ready set
	spawned uint64 // how many tasks it has started
	selects uint64 // how many draws it has made in Select
	timers  uint64 // how many timers it has started
	cause   uint64 // what made it ready, see Scheduler.Cause

	waits   uint64        // what the witness has returned for its wait, 0 for none
	waitsAt time.Duration // when that began
	timed   *timed        // its sleep

	prev, next *Task // neighbours in its group
}

type state uint8

const (
	fresh   state = iota // never ran; ready
	isReady              // waits for its turn
	running              // its turn
	blocked              // waits for something
	frozen               // its group was frozen: it will never run again
	ended
)

// waitInfo says what a blocked task waits for, in the words of its report.
type waitInfo struct {
	op string // "Mutex.Lock", "Chan.Recv", "Sleep"
	on any    // the thing, if it can tell more about itself (see waitDetail)
}

// ID returns the identity of the task: the same in every run of the same
// program, and independent of what other tasks do. It is made of the identity
// of the task that started it and of how many that one had started before.
func (t *Task) ID() uint64 { return t.id.Uint64() }

// Name returns the name that the task was started with.
func (t *Task) Name() string { return t.name }

// Group returns the group to which the task belongs.
func (t *Task) Group() *Group { return t.group }

// runnable says whether a ready task would take its turn now: frozen ones are
// dropped, and paused ones are set aside.
func (t *Task) runnable() bool { return t.state != frozen && !t.group.paused }

// queue is something in which tasks wait and from which one can be taken out.
type queue interface{ remove(t *Task) }

// baton is something that is free because one task was woken to take it. If that
// task will never run, another must be woken.
type baton interface{ pass(s *Scheduler) }

// unwait takes the task out of whatever it waits in.
func (t *Task) unwait() {
	if t.queue != nil {
		t.queue.remove(t)
		t.queue = nil
	}
	if t.baton != nil {
		t.baton.pass(t.s)
		t.baton = nil
	}
	t.s.clk.Cancel(t.timer)
}

// newTask makes a task, or takes an old record.
func (s *Scheduler) newTask(g *Group, name string, id keyed.Key, fn func()) *Task {
	t := s.spare
	if t != nil {
		s.spare = t.next
		*t = Task{}
	} else {
		t = new(Task)
	}
	t.s, t.id, t.name, t.fn, t.group, t.cause = s, id, name, fn, g, s.Cause()
	g.link(t)
	return t
}
