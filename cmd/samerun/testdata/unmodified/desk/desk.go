// Package desk hands out numbers, and the same one twice when callers come in an
// unlucky order.
package desk

import "sync"

// Desk hands out numbers over a channel. The zero value is not ready for use.
type Desk struct {
	mu    sync.Mutex
	last  int
	stamp chan int // one stamp, that whoever writes a number must hold
}

// New returns a desk with one stamp.
func New() *Desk {
	d := &Desk{stamp: make(chan int, 1)}
	d.stamp <- 1
	return d
}

// Next returns the next number. It reads the last one before it waits for the
// stamp: a planted bug.
func (d *Desk) Next() int {
	d.mu.Lock()
	n := d.last + 1
	d.mu.Unlock()
	<-d.stamp
	d.mu.Lock()
	d.last = n
	d.mu.Unlock()
	d.stamp <- 1
	return n
}
