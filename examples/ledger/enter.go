//go:build !order

package main

// enter puts a request into the next slot of the leader's log. It answers 0 if the replica does
// not lead in the ballot any more.
func (r *Replica) enter(ballot Ballot, e Entry) (slot int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.leads() || r.leading != ballot {
		return 0
	}
	slot = len(r.log) + 1
	r.own(slot, []Accepted{{ballot, e}})
	return slot
}
