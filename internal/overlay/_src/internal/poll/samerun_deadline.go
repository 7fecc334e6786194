//go:build unix || windows || wasip1

package poll

import (
	"sync"
	"time"
	_ "unsafe" // for go:linkname
)

// samerunVirtual reports whether the deadlines that the caller sets for a descriptor go by
// the clock of the test. It is in package runtime.
//
//go:linkname samerunVirtual
func samerunVirtual(ctx uintptr) bool

// samerunDeadlines are those of a descriptor that go by the clock of a test: the timers of
// the poller go by the real one.
type samerunDeadlines struct {
	mu          sync.Mutex
	read, write samerunDeadline
}

// samerunDeadline is one of them. nth says how often it was set, so that a timer that has
// fired too late is known.
type samerunDeadline struct {
	timer *time.Timer
	nth   uint64
}

// samerunSetDeadline sets the deadlines of fd for mode, d nanoseconds from now: at once if d is
// below 0, none if it is 0. The caller has a reference of fd.
func samerunSetDeadline(fd *FD, d int64, mode int) {
	virtual := samerunVirtual(fd.pd.runtimeCtx)
	s := &fd.pd.samerun
	s.mu.Lock()
	defer s.mu.Unlock()
	if mode != 'w' {
		s.read.drop(virtual)
	}
	if mode != 'r' {
		s.write.drop(virtual)
	}
	if d <= 0 || !virtual {
		runtime_pollSetDeadline(fd.pd.runtimeCtx, d, mode)
		return
	}
	runtime_pollSetDeadline(fd.pd.runtimeCtx, 0, mode)
	if mode != 'w' {
		s.read.start(fd, d, 'r')
	}
	if mode != 'r' {
		s.write.start(fd, d, 'w')
	}
}

// drop forgets a deadline. virtual says that the caller may stop a timer of the test's clock.
func (l *samerunDeadline) drop(virtual bool) {
	l.nth++
	if l.timer != nil && virtual {
		l.timer.Stop()
	}
	l.timer = nil
}

// start lets the waits for mode end d nanoseconds from now.
func (l *samerunDeadline) start(fd *FD, d int64, mode int) {
	nth := l.nth
	l.timer = time.AfterFunc(time.Duration(d), func() {
		if fd.incref() != nil {
			return
		}
		defer fd.decref()
		s := &fd.pd.samerun
		s.mu.Lock()
		defer s.mu.Unlock()
		if l.nth == nth {
			runtime_pollSetDeadline(fd.pd.runtimeCtx, -1, mode)
		}
	})
}

// samerunStop drops the deadlines of a descriptor that is closed.
func (pd *pollDesc) samerunStop() {
	s := &pd.samerun
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.read.timer == nil && s.write.timer == nil {
		return
	}
	virtual := samerunVirtual(pd.runtimeCtx)
	s.read.drop(virtual)
	s.write.drop(virtual)
}
