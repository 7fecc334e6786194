//go:build !order

package main

// enter puts a request into the next slot of the log of the leader, and on its disk. r.mu is
// held.
func (r *Replica) enter(e Entry) (slot int) {
	slot = len(r.log) + 1
	a := []Accepted{{r.leading, e}}
	r.save(r.promised, slot, a)
	r.put(slot, a)
	r.stored[r.Me] = slot
	return slot
}
