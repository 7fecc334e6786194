package sched

import (
	"fmt"
	"slices"
	"time"

	"samerun/internal/keyed"
)

// The reference of turn passing: the same programs, interpreted by one loop
// that picks a task, runs it until it waits, and picks the next. There are no
// coroutines and no nested driving in it.

type opKind int

const (
	opYield opKind = iota
	opSleep
	opSend
	opRecv
	opLock
	opUnlock
	opStart
	opPause
	opResume
	opFreeze
	opKinds
)

// op is one step of a program; arg is a channel, a mutex, a task, a group or
// a number of milliseconds.
type op struct {
	kind opKind
	arg  int
}

func (o op) String() string {
	return fmt.Sprintf("%s(%d)", [...]string{"yield", "sleep", "send", "recv", "lock", "unlock", "start", "pause", "resume", "freeze"}[o.kind], o.arg)
}

// program is a set of tasks. Task 0 is the main one; the others run once
// somebody has started them. Task i belongs to group i % groups.
type program struct {
	tasks [][]op
	sizes []int // of the channels
}

const (
	refGroups  = 3
	refMutexes = 2
)

// mark is one line of a run's log: a task begins a step (val 0) or has received val.
type mark struct {
	task, pc int
	now      time.Duration
	val      int
}

func taskID(i int) keyed.Key {
	if i == 0 {
		return keyed.Ident("main")
	}
	return keyed.Ident("task").With(uint64(i))
}

// real runs the program on the scheduler.
func (p program) real(cfg Config) (log []mark, s *Scheduler, err error) {
	s, err = New(cfg)
	if err != nil {
		return nil, nil, err
	}
	groups := []*Group{s.Root()}
	for i := 1; i < refGroups; i++ {
		groups = append(groups, s.NewGroup(fmt.Sprint("g", i), nil, nil))
	}
	chans := make([]*Chan[int], len(p.sizes))
	for i, n := range p.sizes {
		chans[i] = MakeChan[int](n)
	}
	var mus [refMutexes]Mutex
	started := make([]bool, len(p.tasks))
	var body func(i int) func()
	body = func(i int) func() {
		return func() {
			var holds [refMutexes]bool
			for pc, o := range p.tasks[i] {
				log = append(log, mark{i, pc, s.Clock().Now(), 0})
				switch o.kind {
				case opYield:
					s.Yield()
				case opSleep:
					Sleep(time.Duration(o.arg) * time.Millisecond)
				case opSend:
					chans[o.arg].Send(1000*i + pc + 1)
				case opRecv:
					v, _ := chans[o.arg].Recv()
					log = append(log, mark{i, pc, s.Clock().Now(), v})
				case opLock:
					if !holds[o.arg] {
						mus[o.arg].Lock()
						holds[o.arg] = true
					}
				case opUnlock:
					if holds[o.arg] {
						holds[o.arg] = false
						mus[o.arg].Unlock()
					}
				case opStart:
					if !started[o.arg] {
						started[o.arg] = true
						s.Spawn(groups[o.arg%refGroups], "", taskID(o.arg).Uint64(), body(o.arg))
					}
				case opPause:
					groups[o.arg].Pause()
				case opResume:
					groups[o.arg].Resume()
				case opFreeze:
					groups[o.arg].Freeze("frozen by the test")
				}
			}
			log = append(log, mark{i, len(p.tasks[i]), s.Clock().Now(), 0})
		}
	}
	started[0] = true
	err = s.Run(body(0))
	return log, s, err
}

type refTask struct {
	i, pc    int
	id       keyed.Key
	state    state
	resuming bool // it waited in the step at pc
	val      int  // what it sends or was given
	readied  uint64
	timers   uint64
	holds    [refMutexes]bool
	baton    *refMutex
}

type refChan struct {
	size       int
	buf        []int
	recv, send []*refTask
}

type refMutex struct {
	locked bool
	wait   []*refTask
}

type refTimer struct {
	at  time.Duration
	tie uint64
	t   *refTask
}

type refWorld struct {
	p      program
	random bool
	key    keyed.Key // of ties
	prio   keyed.Key
	now    time.Duration
	ready  []*refTask
	held   [refGroups][]*refTask
	paused [refGroups]bool
	frozen [refGroups]bool
	timers []refTimer // in the order of setting
	tasks  []*refTask // in the order of starting
	chans  []*refChan
	mus    [refMutexes]refMutex
	log    []mark
	steps  uint64
}

// reference interprets the program. deadlock is true if main did not end.
func (p program) reference(seed uint64, random bool) (log []mark, steps uint64, deadlock bool) {
	w := &refWorld{p: p, random: random, key: keyed.Root(seed), prio: keyed.Root(seed).Str("schedule")}
	if seed == 0 {
		w.prio = keyed.Ident("schedule")
	}
	for _, n := range p.sizes {
		w.chans = append(w.chans, &refChan{size: n})
	}
	w.start(0)
	main := w.tasks[0]
	for main.state != ended {
		if t := w.pick(); t != nil {
			w.steps++
			t.state, t.baton = running, nil
			for t.state == running {
				w.step(t)
			}
		} else if !w.tick() {
			return w.log, w.steps, true
		}
	}
	return w.log, w.steps, false
}

func (w *refWorld) start(i int) {
	t := &refTask{i: i, id: taskID(i), state: fresh}
	if !w.frozen[i%refGroups] {
		w.tasks = append(w.tasks, t)
		w.makeReady(t)
	}
}

func (w *refWorld) makeReady(t *refTask) {
	t.readied++
	w.ready = append(w.ready, t)
}

func (w *refWorld) wake(t *refTask) {
	if t.state == blocked {
		t.state = isReady
		w.makeReady(t)
	}
}

func (w *refWorld) pick() *refTask {
	for len(w.ready) > 0 {
		at := 0
		if w.random {
			for i, t := range w.ready {
				if w.priority(t) < w.priority(w.ready[at]) {
					at = i
				}
			}
		}
		t := w.ready[at]
		w.ready = slices.Delete(w.ready, at, at+1)
		switch g := t.i % refGroups; {
		case t.state == frozen:
		case w.paused[g]:
			w.held[g] = append(w.held[g], t)
		default:
			return t
		}
	}
	return nil
}

func (w *refWorld) priority(t *refTask) uint64 {
	return w.prio.With(t.id.Uint64()).With(t.readied).Uint64()
}

// tick lets the earliest timer fire.
func (w *refWorld) tick() bool {
	if len(w.timers) == 0 {
		return false
	}
	best := 0
	for i, x := range w.timers {
		if b := w.timers[best]; x.at < b.at || x.at == b.at && x.tie < b.tie {
			best = i
		}
	}
	x := w.timers[best]
	w.timers = slices.Delete(w.timers, best, best+1)
	w.now = x.at
	w.wake(x.t)
	return true
}

func (w *refWorld) wakeNext(m *refMutex) {
	if len(m.wait) > 0 {
		next := m.wait[0]
		m.wait = m.wait[1:]
		w.wake(next)
		next.baton = m
	}
}

func (w *refWorld) freeze(g int, self *refTask) {
	if w.frozen[g] {
		return
	}
	w.frozen[g], w.paused[g], w.held[g] = true, false, nil
	mine := func(t *refTask) bool { return t.i%refGroups == g && t != self }
	for _, t := range w.tasks {
		if !mine(t) || t.state == ended {
			continue
		}
		t.state = frozen
		is := func(o *refTask) bool { return o == t }
		for _, c := range w.chans {
			c.recv, c.send = slices.DeleteFunc(c.recv, is), slices.DeleteFunc(c.send, is)
		}
		for i := range w.mus {
			w.mus[i].wait = slices.DeleteFunc(w.mus[i].wait, is)
		}
		if t.baton != nil {
			w.wakeNext(t.baton)
			t.baton = nil
		}
		w.timers = slices.DeleteFunc(w.timers, func(x refTimer) bool { return x.t == t })
	}
	if self.i%refGroups == g {
		self.state = frozen
	}
}

// step does one step of the running task t, or what is left of it.
func (w *refWorld) step(t *refTask) {
	ops := w.p.tasks[t.i]
	if !t.resuming {
		w.log = append(w.log, mark{t.i, t.pc, w.now, 0})
		if t.pc == len(ops) {
			t.state = ended
			return
		}
	}
	o, again := ops[t.pc], t.resuming
	t.resuming = false
	wait := func() { t.state, t.resuming = blocked, true }
	switch o.kind {
	case opYield:
		if !again {
			t.state, t.resuming = isReady, true
			w.makeReady(t)
		}
	case opSleep:
		if !again && o.arg == 0 {
			t.state, t.resuming = isReady, true
			w.makeReady(t)
		} else if !again {
			t.timers++
			tie := w.key.With(t.id.Uint64()).With(t.timers).Uint64()
			w.timers = append(w.timers, refTimer{w.now + time.Duration(o.arg)*time.Millisecond, tie, t})
			wait()
		}
	case opSend:
		if c := w.chans[o.arg]; !again {
			v := 1000*t.i + t.pc + 1
			switch {
			case len(c.recv) > 0:
				c.recv[0].val = v
				w.wake(c.recv[0])
				c.recv = c.recv[1:]
			case len(c.buf) < c.size:
				c.buf = append(c.buf, v)
			default:
				t.val = v
				c.send = append(c.send, t)
				wait()
			}
		}
	case opRecv:
		if c := w.chans[o.arg]; !again {
			switch {
			case len(c.buf) > 0 || len(c.send) > 0:
				if len(c.send) > 0 {
					c.buf = append(c.buf, c.send[0].val)
					w.wake(c.send[0])
					c.send = c.send[1:]
				}
				t.val, c.buf = c.buf[0], c.buf[1:]
			default:
				c.recv = append(c.recv, t)
				wait()
			}
		}
		if t.state == running {
			w.log = append(w.log, mark{t.i, t.pc, w.now, t.val})
		}
	case opLock:
		if m := &w.mus[o.arg]; !t.holds[o.arg] {
			switch {
			case !m.locked:
				m.locked, t.holds[o.arg] = true, true
			case again:
				m.wait = slices.Insert(m.wait, 0, t)
				wait()
			default:
				m.wait = append(m.wait, t)
				wait()
			}
		}
	case opUnlock:
		if m := &w.mus[o.arg]; t.holds[o.arg] {
			t.holds[o.arg], m.locked = false, false
			w.wakeNext(m)
		}
	case opStart:
		if !slices.ContainsFunc(w.tasks, func(x *refTask) bool { return x.i == o.arg }) {
			w.start(o.arg)
		}
	case opPause:
		if !again && !w.frozen[o.arg] && !w.paused[o.arg] {
			w.paused[o.arg] = true
			if t.i%refGroups == o.arg {
				t.state, t.resuming = isReady, true
				w.makeReady(t)
			}
		}
	case opResume:
		if w.paused[o.arg] {
			w.paused[o.arg] = false
			held := w.held[o.arg]
			w.held[o.arg] = nil
			w.ready = append(w.ready, held...)
		}
	case opFreeze:
		w.freeze(o.arg, t)
	}
	if !t.resuming {
		t.pc++
	}
}
