//go:build !crash

package main

// keepPromise has a promise on the disk before it is given, so that it holds after a crash.
// r.mu is held.
func (r *Replica) keepPromise(b Ballot) { r.save(b, 0, nil) }
