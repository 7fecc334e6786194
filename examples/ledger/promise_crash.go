//go:build crash

package main

// keepPromise leaves a promise in memory. The mistake is that it goes to the disk with the next
// entry only, and is forgotten if there is a crash before. r.mu is held.
func (r *Replica) keepPromise(Ballot) {}
