//go:build unix || windows

package net

import (
	"slices"
	"time"
)

// samerunWaiter is a goroutine that waits for a socket to change. Who waits uses one of
// earlier again, if there is one: a connection that was used once allocates nothing.
type samerunWaiter struct {
	wake  chan struct{} // has room for one
	timer *time.Timer   // nil until it is needed
	woken bool          // something is in wake, or was
}

// wait gives the lock up until the socket changes, or the earliest of the moments that
// are not zero has come.
func (s *samerunSock) wait(moments ...time.Time) error {
	var until time.Time
	for _, m := range moments {
		if !m.IsZero() && (until.IsZero() || m.Before(until)) {
			until = m
		}
	}
	if samerunPast(until) {
		return nil
	}
	w := s.n.waiter()
	s.waiters = append(s.waiters, w)
	samerunNetWait(1)
	defer samerunNetWait(-1)
	s.n.mu.Unlock()
	received := true
	if until.IsZero() {
		<-w.wake
	} else {
		received = w.waitUntil(until)
	}
	s.n.mu.Lock()
	if w.woken && !received {
		select { // it came too late; this cannot block
		case <-w.wake:
		default:
		}
	}
	if i := slices.Index(s.waiters, w); i >= 0 {
		s.waiters = slices.Delete(s.waiters, i, i+1)
	}
	w.woken = false
	s.n.idle = append(s.n.idle, w)
	if s.closed {
		return errClosed
	}
	return nil
}

// waiter returns one that nobody uses. The caller has the lock.
func (n *samerunNet) waiter() *samerunWaiter {
	last := len(n.idle) - 1
	if last < 0 {
		return &samerunWaiter{wake: make(chan struct{}, 1)}
	}
	w := n.idle[last]
	n.idle = n.idle[:last]
	return w
}

// waitUntil waits for a moment, and reports whether it was woken before.
func (w *samerunWaiter) waitUntil(until time.Time) (woken bool) {
	if d := samerunUntil(until); w.timer == nil {
		w.timer = samerunNewTimer(d)
	} else {
		samerunResetTimer(w.timer, d)
	}
	select {
	case <-w.timer.C:
		return false
	case <-w.wake:
	}
	// The channels of timers are those of go before 1.23 if the program asks for that.
	if !w.timer.Stop() && len(w.timer.C) > 0 {
		<-w.timer.C
	}
	return true
}

// changed wakes who waits. The caller has the lock.
func (s *samerunSock) changed() {
	for _, w := range s.waiters {
		w.woken = true
		select { // in place of a mere send, at which the turn could be lost; there is room
		case w.wake <- struct{}{}:
		default:
		}
	}
	clear(s.waiters)
	s.waiters = s.waiters[:0]
}
