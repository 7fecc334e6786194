//go:build order

package main

// enter puts a request into the next slot of the leader's log. It answers 0 if the replica does
// not lead in the ballot any more. The mistake is that the lock is not held while the disk is
// busy, so that others need not wait for it: they find the same slot free.
func (r *Replica) enter(ballot Ballot, e Entry) (slot int) {
	r.mu.Lock()
	slot = len(r.log) + 1
	list := []Accepted{{ballot, e}}
	r.mu.Unlock()
	r.save(ballot, slot, list)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.leads() || r.leading != ballot {
		return 0
	}
	r.put(slot, list)
	r.own(slot, nil)
	return slot
}
