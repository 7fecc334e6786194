//go:build order

package main

// enter puts a request into the next slot of the leader's log. It answers 0 if the replica does
// not lead in the ballot any more. The mistake is that the lock is given back between the look
// at which slot is free and the taking of it: somebody else can take it meanwhile.
func (r *Replica) enter(ballot Ballot, e Entry) (slot int) {
	slot = r.free()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.leads() || r.leading != ballot {
		return 0
	}
	r.own(slot, []Accepted{{ballot, e}})
	return slot
}

// free is the first slot that nobody has taken.
func (r *Replica) free() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.log) + 1
}
