package sched

import (
	"errors"
	"runtime"
	"sync/atomic"
	"time"

	"samerun/internal/keyed"
)

// Host is what a scheduler needs in order to run its tasks as goroutines; see Config.Host.
// The tests that samerun builds with its changed standard library have one, which package
// sim finds. A host runs one goroutine at a time, and chooses the next when one waits.
type Host interface {
	// Now is virtual time, in nanoseconds.
	Now() int64
	// Node returns the node of the calling goroutine, 0 for none, and the incarnation.
	Node() (node, boot int)
	// ID is the identity of the calling goroutine, the same in every run.
	ID() uint64
	// Slot is a place that belongs to the calling goroutine alone, at first nil.
	Slot() *any
	// Go starts a goroutine on the present incarnation of a node.
	Go(node int, id uint64, name string, fn func())
	// Park lets the caller wait until Unpark is given what Self returns to it, be it
	// before or after.
	Park(what string)
	Self() uintptr
	Unpark(token uintptr)
	// What happens to the goroutines of a node: Crash does not return to one of them.
	Crash(node int)
	Pause(node int)
	Resume(node int)
	Slow(node int, ppm int64)
	Clock(node int, offset, driftPPM int64)
	// OnQuiet has fn called when nobody can go on, before time moves.
	OnQuiet(fn func())
}

// hosting is the part of a scheduler whose tasks are goroutines of a host. What differs
// from coroutines is told in doc.go.
//
// Invariants: the slot of a goroutine that has called in holds its task, or the
// scheduler's event while it fires events; groups has the present group of each node.
type hosting struct {
	Host
	s       *Scheduler
	groups  []*Group // by node
	began   int64    // host time at which the run began
	root    uintptr  // who called Run, and waits for its end
	driver  uintptr  // who fires events, 0 before that one runs
	alarm   *time.Timer
	wakes   time.Duration // when alarm will wake the driver; 0 if it is not set
	stopped bool
}

// hosted is the run of this process on a host, or the last one. A host is the process' own,
// so that there can be one only. When it is over, those of its goroutines that are unwound
// still belong to it.
//
//samerun:allow global: there is one host in a process, and this says who has it
var hosted atomic.Pointer[Scheduler]

func newHosting(s *Scheduler, h Host) (*hosting, error) {
	if other := hosted.Load(); other != nil && !other.host.stopped {
		return nil, errTwoHosted
	}
	x := &hosting{Host: h, s: s, began: h.Now()}
	s.clk.Follow(func() time.Duration { return time.Duration(h.Now() - x.began) }, x.sooner)
	return x, nil
}

// errTwoHosted is what Run returns if another run of the process is on a host already.
var errTwoHosted = errors.New("another world is at work in this process; ordinary Go has one at a time: let the first end before the second begins, or make them separate tests")

// onHost is the run that is on a host, nil if there is none. Whoever calls belongs to it.
func onHost() *Scheduler {
	if s := hosted.Load(); s != nil && !s.host.stopped {
		return s
	}
	return nil
}

// wasOnHost is the last run on a host, if the calling goroutine belongs to it.
func wasOnHost() *Scheduler {
	s := hosted.Load()
	if s == nil {
		return nil
	}
	if t, ok := (*s.host.Slot()).(*Task); ok && t.s == s {
		return s
	}
	return nil
}

// Bind says on which node of the host the tasks of the group run, which has been switched
// on. It is for groups of a scheduler that has a host; the root group is node 0.
func (g *Group) Bind(node int) {
	x := g.s.host
	g.node = node
	for len(x.groups) <= node {
		x.groups = append(x.groups, nil)
	}
	x.groups[node] = g
	if node == 0 {
		return // the test itself goes by the clock of the world
	}
	tell := func(offset time.Duration, ppm int64) { x.Clock(node, int64(offset), ppm) }
	g.view.OnChange(tell)
}

// caller is the task of the calling goroutine. One that the program has started by a go
// statement becomes a task when it first calls in.
func (x *hosting) caller() *Task {
	x.meet()
	slot := x.Slot()
	if t, ok := (*slot).(*Task); ok && t.s == x.s {
		return t
	}
	if x.stopped || !x.s.started {
		return x.s.event // it is called by whoever made the run, before it or after it
	}
	g := x.s.root
	if node, _ := x.Node(); node < len(x.groups) && x.groups[node] != nil {
		g = x.groups[node]
	}
	t := &Task{s: x.s, id: keyed.Key(x.ID()), group: g, state: running, token: x.Self(), alien: true}
	*slot = t
	return t
}

// current is the calling task, nil for whoever fires events.
func (x *hosting) current() *Task {
	if t := x.caller(); t != x.s.event {
		return t
	}
	return nil
}

// start starts the goroutine of a task.
func (x *hosting) start(t *Task) {
	t.state = isReady
	x.Go(t.group.node, t.id.Uint64(), t.fullName(), func() {
		*x.Slot() = t
		t.token = x.Self()
		if x.s.over {
			return
		}
		t.state = running
		x.call(t)
	})
}

// call runs a task to its end, whichever kind of end that is.
func (x *hosting) call(t *Task) {
	s := x.s
	returned := false
	defer func() {
		if !returned {
			switch r := recover(); {
			case s.closing:
			case r != nil:
				s.err = first(s.err, s.panicError(t, r))
			default:
				s.err = first(s.err, s.goexitError(t))
			}
			x.stop()
		}
		x.meet()
		t.state = ended
		t.group.unlink(t)
		if t == s.main {
			x.stop()
		}
	}()
	t.fn()
	returned = true
}

// park lets the task t, which calls, wait until somebody wakes it.
func (x *hosting) park(t *Task) {
	if t.alien {
		t.group.link(t)
	}
	t.state = blocked
	x.Park(t.wait.op)
	x.meet()
	if x.s.over {
		x.s.unwind()
	}
	t.state, t.wait, t.baton = running, waitInfo{}, nil
	if t.alien {
		t.group.unlink(t)
	}
}

// yield lets other goroutines run before the caller.
func (x *hosting) yield() {
	if x.s.over {
		x.s.unwind()
	}
	if h, ok := x.Host.(interface{ Gosched() }); ok { // the host for tests
		h.Gosched()
		return
	}
	runtime.Gosched()
}

// crash ends the goroutines of a group, which is frozen.
func (x *hosting) crash(g *Group) {
	if x.groups[g.node] == g {
		x.groups[g.node] = nil
		x.Crash(g.node)
	}
}

// run runs fn as the main task and returns when that has ended, or the run has failed.
func (x *hosting) run(fn func()) error {
	s := x.s
	if other := hosted.Load(); other != nil && !other.host.stopped {
		return errTwoHosted
	}
	hosted.Store(s)
	x.root, x.began = x.Self(), x.Now()
	s.root.Bind(0)
	s.main = s.newTask(s.root, "main", keyed.Ident("main"), func() {
		x.began = x.Now()
		// No event fires before the main task first waits, as in a run of coroutines.
		x.Go(0, keyed.Ident("events").Uint64(), "the events of the world", x.drive)
		fn()
	})
	x.OnQuiet(x.quiet)
	x.start(s.main)
	for !s.over {
		x.Park("the end of the run")
	}
	x.meet()
	x.close()
	return s.err
}

// stop ends the run: from now on nothing has an effect.
func (x *hosting) stop() {
	x.s.over, x.s.closing = true, true
	if x.stopped {
		return
	}
	x.stopped = true
	x.Unpark(x.root)
	if x.driver != 0 {
		x.Unpark(x.driver)
	}
}

// close ends what is left: nodes crash, and the tasks of the test itself that wait are
// unwound, in the order in which they began. Goroutines of the program's own that wait for
// something else are left to the test.
func (x *hosting) close() {
	s := x.s
	for _, g := range s.groups {
		switch {
		case g.frozen:
		case g.node != 0:
			g.frozen, g.why = true, "the run is over"
			x.crash(g)
		default:
			for t := g.first; t != nil; t = t.next {
				if t.state == blocked {
					t.state = isReady
					x.Unpark(t.token)
				}
			}
		}
	}
	if x.alarm != nil {
		x.alarm.Stop()
	}
}

// quiet is called by a goroutine of the host's own when nobody can go on.
func (x *hosting) quiet() {
	s := x.s
	if s.over {
		return
	}
	x.meet()
	slot := x.Slot()
	was := *slot
	*slot = s.event
	defer func() { *slot = was }()
	x.event(func() {
		if s.cfg.Quiet != nil {
			s.cfg.Quiet()
		}
	})
}

// event does what is no task's: what fails in there ends the run.
func (x *hosting) event(f func()) {
	s, fine := x.s, false
	defer func() {
		if fine {
			return
		}
		if r := recover(); r != nil {
			s.err = first(s.err, s.panicError(nil, r))
		} else if !s.closing {
			s.err = first(s.err, s.goexitError(nil))
		}
		x.stop()
	}()
	f()
	fine = true
}

// drive fires the events of the clock, in a goroutine of the test itself.
func (x *hosting) drive() {
	*x.Slot() = x.s.event
	x.driver = x.Self()
	for !x.s.over {
		x.due()
		if x.s.over {
			return
		}
		x.setAlarm()
		x.Park("the next event")
		x.meet()
	}
}

// due fires the events that are due.
func (x *hosting) due() {
	s := x.s
	at := s.clk.Now()
	for n := 0; !s.over; n++ {
		more := false
		x.event(func() { more = s.clk.Step() })
		if !more {
			return
		}
		s.event.cause = 0
		if now := s.clk.Now(); now != at {
			at, n = now, 0
		} else if n >= s.cfg.MaxSteps {
			s.instant = n
			s.livelock(nil)
			x.stop()
		}
	}
}

// setAlarm has the driver woken when the next event is due.
//
//samerun:allow wallclock: package time keeps the time of the host
func (x *hosting) setAlarm() {
	at, ok := x.s.clk.Next()
	if !ok || x.wakes == at {
		return
	}
	x.wakes = at
	d := at - x.s.clk.Now()
	if x.alarm == nil {
		x.alarm = time.AfterFunc(d, func() {
			x.wakes = 0
			x.Unpark(x.driver)
		})
		return
	}
	x.alarm.Reset(d)
}

// sooner wakes the driver, because an event is due before the one that it waits for. In
// an event it looks by itself.
func (x *hosting) sooner() {
	if x.driver != 0 && x.caller() != x.s.event {
		x.Unpark(x.driver)
	}
}
