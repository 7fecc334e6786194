package sched

import (
	"fmt"
	"strings"
	"time"

	"samerun/internal/text"
)

// DeadlockError is a run in which every task waits and nothing is to come.
type DeadlockError struct {
	At    time.Duration // virtual time
	Tasks []BlockedTask // in the order of groups and of starting
}

// BlockedTask is one line of a deadlock report.
type BlockedTask struct {
	Name    string // "n0/ticker"
	Waits   string // "Mutex.Lock, held by n1/main"
	Line    string // where it waits: "raft.go:123 in raft.(*Raft).ticker"
	Started string // where it was started: "raft.go:45 by n0/main"
	Frozen  bool   // it waits for nothing: its group was frozen
	// Stack is, of Scheduler.Tasks, the calls of the program in which it is, the innermost first.
	Stack []string
}

// reportedTasks bounds the length of a report.
const reportedTasks = 40

func (e *DeadlockError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "deadlock at %v: every task waits, and nothing is to come that could wake one", e.At)
	for i, t := range e.Tasks {
		if i == reportedTasks {
			fmt.Fprintf(&b, "\n  … and %d more", len(e.Tasks)-i)
			break
		}
		fmt.Fprintf(&b, "\n  %-16s %s", t.Name, t.Waits)
		if t.Line != "" {
			fmt.Fprintf(&b, "\n  %-16s   at %s", "", t.Line)
		}
		if t.Started != "" {
			fmt.Fprintf(&b, "\n  %-16s   started at %s", "", t.Started)
		}
	}
	return b.String()
}

// waitDetail is a primitive that can say more about why a task waits for it.
type waitDetail interface{ waitDetail() string }

func (s *Scheduler) deadlock() error {
	e := &DeadlockError{At: s.clk.Now()}
	st := s.stacks()
	for _, g := range s.groups {
		for t := g.first; t != nil; t = t.next {
			e.Tasks = append(e.Tasks, t.describe(st))
		}
	}
	return e
}

// Standing calls fn while nothing goes on. To what fn calls it is an event, which cannot wait.
func (s *Scheduler) Standing(fn func()) {
	cur := s.cur
	s.cur = nil
	defer func() { s.cur = cur }()
	fn()
}

// Tasks says of each task that has not ended what it does and where it stands, in the order of
// groups and of starting. It is for people who look at a run that stands still.
func (s *Scheduler) Tasks() (list []BlockedTask) {
	st := s.stacks()
	for _, g := range s.groups {
		for t := g.first; t != nil; t = t.next {
			if t.state == ended || t.state == frozen {
				continue
			}
			b := t.describe(st)
			b.Stack = st.calls(t)
			switch {
			case t.state == running:
				b.Waits = "has the turn"
			case t.state != blocked && !t.group.paused:
				b.Waits = "could go on, and has not had its turn yet"
			}
			list = append(list, b)
		}
	}
	return list
}

func (t *Task) describe(st stacks) BlockedTask {
	b := BlockedTask{Name: t.fullName(), Waits: t.wait.op, Line: st.line(t), Started: t.started()}
	switch d := t.wait.on.(type) {
	case waitDetail:
		if more := d.waitDetail(); more != "" {
			b.Waits += ", " + more
		}
	case fmt.Stringer:
		b.Waits += " " + text.Line(d.String())
	}
	switch {
	case t.state == frozen:
		b.Waits, b.Frozen = "stopped: its node "+t.group.why, true
	case t.state != blocked && t.group.paused:
		b.Waits = "ready, but its node is paused"
	case t.group.paused:
		b.Waits += " (its node is paused)"
	}
	return b
}

// started says where a task was started, and by which task.
func (t *Task) started() string {
	_, place := funcPlace(t.program())
	if place != "" && t.parent != "" {
		place += " by " + text.Line(t.parent)
	}
	return place
}
