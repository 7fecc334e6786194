//go:build !network

package main

// obeys says whether a leader's word is taken: not that of an old leader, which may come late.
// r.mu is held.
func (r *Replica) obeys(b Ballot) bool { return b >= r.promised }
