package raft

import (
	"cmp"
	"slices"
)

// view is what matters of a server beside the others: a guided search looks for clusters in
// which the servers stand to each other as they never did before.
type view struct {
	up, leads bool
	behind    bool // in an earlier term than another
	strange   bool // its last entry is of another term than the leader's log has there
}

// views are those of all servers, sorted, so that it does not matter who is who.
type views [5]view

// look looks at a server that has changed, and tells where the cluster stands if that was more
// than an entry.
func (c *Cluster) look(rf *Raft) {
	before := c.history.seen[rf.me]
	c.history.look(rf)
	if now := &c.history.seen[rf.me]; now.boot != before.boot || now.term != before.term || now.led != before.led || now.last < before.last {
		c.w.State(c.views())
	}
}

func (c *Cluster) views() (all views) {
	term := 0
	var first *Raft
	for _, s := range c.servers {
		if rf := s.rf; rf != nil {
			term = max(term, rf.currentTerm)
			if rf.role == leader && (first == nil || rf.currentTerm > first.currentTerm) {
				first = rf
			}
		}
	}
	for i, s := range c.servers[:min(len(c.servers), len(all))] {
		rf := s.rf
		if rf == nil {
			continue
		}
		v := view{up: true, leads: rf.role == leader, behind: rf.currentTerm < term}
		if last := rf.log.last(); first != nil && last > max(rf.log.base, first.log.base) {
			v.strange = last > first.log.last() || first.log.term(last) != rf.log.term(last)
		}
		all[i] = v
	}
	slices.SortFunc(all[:], func(a, b view) int { return cmp.Compare(a.rank(), b.rank()) })
	return all
}

// rank is different for different views.
func (v view) rank() (n int) {
	for _, b := range []bool{v.up, v.leads, v.behind, v.strange} {
		if n *= 2; b {
			n++
		}
	}
	return n
}
