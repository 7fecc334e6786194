package sched

// RWMutex is sync.RWMutex for tasks. The zero value is unlocked. It must not be
// copied after first use. A waiting writer keeps new readers out, so that it is
// not starved.
//
// Invariants: writer implies readers == 0; writers wait only while the lock is
// held; readers wait only while a writer holds the lock or waits for it.
type RWMutex struct {
	binding
	writer  bool
	readers int
	owner   holder
	wq, rq  waitq
}

// Lock locks m for writing.
func (m *RWMutex) Lock() {
	t := m.task("RWMutex.Lock")
	t.s.Touch(m, ToWrite)
	for first := true; m.writer || m.readers > 0; first = false {
		if first {
			m.wq.push(t)
		} else {
			m.wq.pushFront(t)
		}
		t.s.Block(t, "RWMutex.Lock", m)
		t.s.Touch(m, ToWrite)
	}
	m.writer, m.owner = true, holding(t)
}

// TryLock locks m for writing if that needs no waiting.
func (m *RWMutex) TryLock() bool {
	t := m.task("RWMutex.TryLock")
	t.s.Touch(m, ToWrite)
	if m.writer || m.readers > 0 {
		return false
	}
	m.writer, m.owner = true, holding(t)
	return true
}

// Unlock undoes Lock. Readers that waited come before the next writer.
func (m *RWMutex) Unlock() {
	t := m.task("RWMutex.Unlock")
	t.s.Touch(m, ToWrite)
	if !m.writer {
		misuse(t, "sync: Unlock of unlocked RWMutex")
		return
	}
	m.writer = false
	m.admit(t.s)
}

// RLock locks m for reading.
func (m *RWMutex) RLock() {
	t := m.task("RWMutex.RLock")
	t.s.Touch(m, m.sharing())
	t.s.reads(m, t)
	if m.writer || m.wq.first != nil {
		// The reader counts as soon as it is let in, so that the writer which
		// comes next finds it: admit counts it.
		m.rq.push(t)
		t.s.Block(t, "RWMutex.RLock", m)
		return
	}
	m.readers++
}

// TryRLock locks m for reading if that needs no waiting.
func (m *RWMutex) TryRLock() bool {
	t := m.task("RWMutex.TryRLock")
	t.s.Touch(m, m.sharing())
	if m.writer || m.wq.first != nil {
		return false
	}
	t.s.reads(m, t)
	m.readers++
	return true
}

// RUnlock undoes one RLock.
func (m *RWMutex) RUnlock() {
	t := m.task("RWMutex.RUnlock")
	how := m.sharing()
	if !t.s.hasRead(m, t) {
		how = ToWrite // it relies on another's RLock
	}
	t.s.Touch(m, how)
	if m.readers == 0 {
		misuse(t, "sync: RUnlock of unlocked RWMutex")
		return
	}
	m.readers--
	if m.readers == 0 {
		m.pass(t.s)
	}
}

// sharing is how a reader touches the lock: as long as no writer has it or waits for it,
// readers come and go in any order.
func (m *RWMutex) sharing() Access {
	if m.writer || m.wq.first != nil {
		return ToWrite
	}
	return ToRead
}

// RLocker returns a Locker whose Lock and Unlock are RLock and RUnlock.
func (m *RWMutex) RLocker() Locker { return (*rlocker)(m) }

type rlocker RWMutex

func (r *rlocker) Lock()   { (*RWMutex)(r).RLock() }
func (r *rlocker) Unlock() { (*RWMutex)(r).RUnlock() }

// admit lets in the readers that waited for the writer which has left, or else
// the next writer.
func (m *RWMutex) admit(s *Scheduler) {
	if m.rq.first == nil {
		m.pass(s)
		return
	}
	m.admitReaders(s)
}

func (m *RWMutex) admitReaders(s *Scheduler) {
	for r := m.rq.pop(); r != nil; r = m.rq.pop() {
		m.readers++
		s.Wake(r)
	}
}

// pass wakes the writer that has waited longest. If there is none left because
// the writers were frozen, it lets in the readers that waited for them.
func (m *RWMutex) pass(s *Scheduler) {
	if w := m.wq.pop(); w != nil {
		s.Wake(w)
		w.baton = m
	} else if !m.writer {
		m.admitReaders(s)
	}
}

func (m *RWMutex) waitDetail() string {
	switch {
	case m.writer:
		return "held by " + m.owner.String()
	case m.readers > 0:
		return "held by readers"
	}
	return ""
}
