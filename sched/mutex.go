package sched

import (
	"samerun/internal/keyed"
	"samerun/internal/text"
)

// Mutex is sync.Mutex for tasks. The zero value is an unlocked mutex. It must
// not be copied after first use.
//
// Unlock wakes the task that has waited longest but does not hand the lock
// over: another may be quicker, as in normal mode of the standard library's.
//
// Invariant: queue is empty unless the mutex is locked or a woken task has yet
// to look.
type Mutex struct {
	binding
	locked bool
	owner  holder // for reports
	queue  waitq
}

// Lock locks m and waits until it can.
func (m *Mutex) Lock() {
	t := m.task("Mutex.Lock")
	t.s.Touch(m, ToWrite)
	if m.locked {
		m.lockSlow(t)
	}
	m.locked, m.owner = true, holding(t)
}

func (m *Mutex) lockSlow(t *Task) {
	m.queue.push(t)
	t.s.Block(t, "Mutex.Lock", m)
	t.s.Touch(m, ToWrite)
	for m.locked {
		m.queue.pushFront(t)
		t.s.Block(t, "Mutex.Lock", m)
		t.s.Touch(m, ToWrite)
	}
}

// TryLock locks m if that needs no waiting, and says whether it did.
func (m *Mutex) TryLock() bool {
	t := m.task("Mutex.TryLock")
	t.s.Touch(m, ToWrite)
	if m.locked {
		return false
	}
	m.locked, m.owner = true, holding(t)
	return true
}

// Unlock unlocks m. It panics if m is not locked.
func (m *Mutex) Unlock() {
	t := m.task("Mutex.Unlock")
	t.s.Touch(m, ToWrite)
	if !m.locked {
		misuse(t, "sync: unlock of unlocked mutex")
		return
	}
	m.locked = false
	m.pass(t.s)
}

// pass wakes the task that has waited longest.
func (m *Mutex) pass(s *Scheduler) {
	if next := m.queue.pop(); next != nil {
		s.Wake(next)
		next.baton = m
	}
}

func (m *Mutex) waitDetail() string {
	if !m.locked {
		return ""
	}
	return "held by " + m.owner.String()
}

// holder remembers for reports who holds a lock. The identity is kept beside the
// record because the record is used again after the task has ended.
type holder struct {
	t    *Task
	id   keyed.Key
	name string
}

func holding(t *Task) holder { return holder{t, t.id, t.name} }

func (h holder) String() string {
	switch {
	case h.t.id == h.id && h.t.state != ended:
		return h.t.holderName()
	case h.name != "":
		return text.Line(h.name) + ", which has ended"
	}
	return "a task that has ended"
}

// holderName is the full name, or "an event".
func (t *Task) holderName() string {
	if t == t.s.event {
		return t.name
	}
	return t.fullName()
}

// Locker is sync.Locker: what a Cond needs.
type Locker interface {
	Lock()
	Unlock()
}
