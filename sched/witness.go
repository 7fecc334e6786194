package sched

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"samerun/internal/keyed"
)

// Happening is something that tasks do and that no record of the run's owner has: one is started,
// waits, need not wait any more, or a timer fires. It is for the trace of a run.
type Happening struct {
	What  HappeningKind
	Group *Group        // of the task, or of who made the timer
	Task  string        // who: "raft.(*Raft).ticker 5d3c0a91"
	By    string        // who starts it or ends its wait; empty for an event
	Op    string        // what it waits for, or the sort of the timer: "Mutex.Lock", "Sleep"
	On    string        // at which thing, the same for all that wait there: "Mutex 2"
	Text  string        // what else the thing says of itself: "held by n0/main"
	Where string        // places in the program, innermost first, separated by " < "
	Took  time.Duration // how long a wait, a sleep or a timer lasted, in true virtual time
	Began uint64        // what the call for the beginning of the wait has returned
}

// HappeningKind is the kind of a Happening.
type HappeningKind uint8

// The kinds of Happenings.
const (
	TaskStarts HappeningKind = iota // a task is started
	TaskWaits                       // a task begins to wait
	TaskGoesOn                      // somebody or something has ended a wait
	TimerFires                      // a sleep is over, or a timer fires
	TurnEnds                        // Task has had its turn
)

// Witness lets f know of what happens from now on; f returns a number for the Happening. It must
// change nothing, and the Happening is valid only during the call.
func (s *Scheduler) Witness(f func(h *Happening) uint64) {
	s.witness = &witness{tell: f, labels: map[keyed.Key]string{}, entries: map[uintptr]string{}, stacks: map[stackKey]string{}, things: map[any]string{}, made: map[string]int{}}
}

// Label is the name of a task as Happenings have it. Without a Witness it is empty.
func (s *Scheduler) Label(t *Task) string {
	if s.witness == nil || t == nil || t == s.event {
		return ""
	}
	return s.witness.label(t)
}

// witness is who is told, with the texts that come again and again.
type witness struct {
	tell    func(*Happening) uint64
	last    string // the task that had the last turn, and its group
	group   *Group
	h       Happening
	labels  map[keyed.Key]string
	entries map[uintptr]string  // places where functions begin
	stacks  map[stackKey]string // places where tasks wait
	things  map[any]string      // names of what tasks wait at
	made    map[string]int      // how many of a kind have one
}

// stackKey is the innermost part of a stack.
type stackKey [8]uintptr

// thing is what tasks wait at that has an identity.
type thing interface{ thing() string }

func (*Mutex) thing() string     { return "Mutex" }
func (*RWMutex) thing() string   { return "RWMutex" }
func (*WaitGroup) thing() string { return "WaitGroup" }
func (*Cond) thing() string      { return "Cond" }
func (*Chan[T]) thing() string   { return "Chan" }

func (w *witness) label(t *Task) string {
	l, ok := w.labels[t.id]
	if !ok {
		var id [8]byte
		for i := range id {
			id[i] = "0123456789abcdef"[uint64(t.id)>>(60-4*i)&15]
		}
		l = t.label() + " " + string(id[:])
		w.labels[t.id] = l
	}
	return l
}

// by is the label of who does something, empty for an event.
func (w *witness) by(s *Scheduler) string {
	if t := s.Current(); t != nil && t != s.event {
		return w.label(t)
	}
	return ""
}

// starts tells of a task that is started.
func (w *witness) starts(t *Task) {
	w.h = Happening{What: TaskStarts, Group: t.group, Task: w.label(t), By: w.by(t.s), Where: w.entry(t.program())}
	w.tell(&w.h)
}

// entry is where a function begins.
func (w *witness) entry(fn func()) string {
	pc := entryOf(fn)
	place, ok := w.entries[pc]
	if !ok {
		place = entryPlace(pc)
		w.entries[pc] = place
	}
	return place
}

// waits tells of a task that is about to wait. A sleep is told of when it is over.
func (w *witness) waits(t *Task, op string, on any) {
	if op == sleepOp {
		return
	}
	w.h = Happening{What: TaskWaits, Group: t.group, Task: w.label(t), Op: op, On: w.name(on), Text: detailOf(on), Where: w.where()}
	t.waits, t.waitsAt = w.tell(&w.h), t.s.clk.Now()
}

// goesOn tells of a task whose wait somebody ends.
func (w *witness) goesOn(t *Task) {
	if t.waits == 0 {
		return
	}
	w.h = Happening{What: TaskGoesOn, Group: t.group, Task: w.label(t), By: w.by(t.s), Op: t.wait.op, On: w.name(t.wait.on), Took: t.s.clk.Now() - t.waitsAt, Began: t.waits}
	t.waits = 0
	w.tell(&w.h)
}

// fires tells of a timer, or of a sleep.
func (w *witness) fires(g *Group, task, op, where string, d time.Duration) {
	w.h = Happening{What: TimerFires, Group: g, Task: task, Op: op, Where: where, Took: d}
	w.tell(&w.h)
}

// turn notes who has the turn.
func (w *witness) turn(t *Task) { w.last, w.group = w.label(t), t.group }

// turnEnds tells that the turn is over, in which the task may have said something.
func (w *witness) turnEnds() {
	if w.group != nil {
		w.h = Happening{What: TurnEnds, Group: w.group, Task: w.last}
		w.tell(&w.h)
		w.group = nil
	}
}

// name is the name of what a task waits at, empty for what has no identity.
func (w *witness) name(on any) string {
	x, ok := on.(thing)
	if !ok {
		return ""
	}
	name, ok := w.things[on]
	if !ok {
		kind := x.thing()
		w.made[kind]++
		name = fmt.Sprintf("%s %d", kind, w.made[kind])
		w.things[on] = name
	}
	return name
}

// detailOf is what a thing says of itself.
func detailOf(on any) string {
	switch d := on.(type) {
	case waitDetail:
		return d.waitDetail()
	case fmt.Stringer:
		return d.String()
	}
	return ""
}

// where says where the calling task is in the program.
func (w *witness) where() string {
	const frames = 4
	var key stackKey
	n := runtime.Callers(4, key[:])
	place, ok := w.stacks[key]
	if ok {
		return place
	}
	var b strings.Builder
	written, walk := 0, runtime.CallersFrames(key[:n])
	for written < frames {
		f, more := walk.Next()
		if f.PC != 0 && !(frame{fn: f.Function, place: fmt.Sprintf("%s:%d", f.File, f.Line)}).ours() {
			if written > 0 {
				b.WriteString(" < ")
			}
			fmt.Fprintf(&b, "%s:%d", base(f.Function), f.Line)
			written++
		}
		if !more {
			break
		}
	}
	w.stacks[key] = b.String()
	return b.String()
}

// timed is who has made a timer, and for how long; nil without a Witness.
type timed struct {
	task, where string
	d           time.Duration
}

// timed notes a timer that t makes.
func (s *Scheduler) timed(t *Task, d time.Duration) *timed {
	if s.witness == nil {
		return nil
	}
	return &timed{s.Label(t), s.witness.where(), d}
}

// again is a timer that is set anew.
func (x *timed) again(d time.Duration) {
	if x != nil {
		x.d = d
	}
}

// fires tells of the timer.
func (x *timed) fires(g *Group, op string) {
	if x != nil {
		g.s.witness.fires(g, x.task, op, x.where, x.d)
	}
}
