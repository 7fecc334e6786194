//go:build order

package main

// enter puts a request into the next slot of the log of the leader, and on its disk. r.mu is
// held, but not while the disk is busy, so that others need not wait for it. That is the
// mistake: they can take the same slot.
func (r *Replica) enter(e Entry) (slot int) {
	slot = len(r.log) + 1
	a := []Accepted{{r.leading, e}}
	promised := r.promised
	r.mu.Unlock()
	r.save(promised, slot, a)
	r.mu.Lock()
	r.put(slot, a)
	r.stored[r.Me] = max(r.stored[r.Me], slot)
	return slot
}
