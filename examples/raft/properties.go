package raft

import (
	"bytes"
	"fmt"
)

// The safety properties: Figure 3 of the paper, and the promise on which the first
// of them rests.
type property int

const (
	oneVotePerTerm property = iota
	electionSafety
	leaderAppendOnly
	logMatching
	leaderCompleteness
	stateMachineSafety
	properties
)

// OneVotePerTerm is nil as long as no server has gone back to an earlier term, or
// voted for two candidates in one, crashes included (§5.2, Figure 2).
func (c *Cluster) OneVotePerTerm() error { return c.check(oneVotePerTerm) }

// OneLeaderPerTerm is Election Safety: nil as long as at most one server was
// leader in each term.
func (c *Cluster) OneLeaderPerTerm() error { return c.check(electionSafety) }

// LeaderAppendOnly is nil as long as no leader has overwritten or removed entries
// of its log.
func (c *Cluster) LeaderAppendOnly() error { return c.check(leaderAppendOnly) }

// LogMatching is nil as long as any two logs, at any two times, that had an entry
// with the same index and term agreed on it and on all entries before.
func (c *Cluster) LogMatching() error { return c.check(logMatching) }

// LeaderCompleteness is nil as long as each leader had, when elected, all entries
// that were committed in earlier terms.
func (c *Cluster) LeaderCompleteness() error { return c.check(leaderCompleteness) }

// StateMachineSafety is nil as long as no two servers have committed or applied
// different entries at an index, skipped one, or had different states after one.
func (c *Cluster) StateMachineSafety() error { return c.check(stateMachineSafety) }

// AlwaysSafe states all of these for the rest of the run.
func (c *Cluster) AlwaysSafe() {
	c.w.Always("one vote per term", c.OneVotePerTerm)
	c.w.Always("one leader per term", c.OneLeaderPerTerm)
	c.w.Always("leaders only append", c.LeaderAppendOnly)
	c.w.Always("log matching", c.LogMatching)
	c.w.Always("leader completeness", c.LeaderCompleteness)
	c.w.Always("state machine safety", c.StateMachineSafety)
}

// check answers for one property. The looking is done when something changes, by
// history.look: a check that runs at each instant should cost next to nothing.
func (c *Cluster) check(p property) error { return c.history.broken[p] }

// history is what was seen of a cluster since it began. Properties are checked
// against it rather than between the servers as they are now: it takes less time,
// since each entry is looked at once, and it finds more.
//
// Invariants: leaders[t] is the leader of term t, or nobody; entries[k] holds the different entries that any log ever had at index k+1, one
// per term; committed[k] is the committed entry at that index, applied[k] the
// command that was applied there.
type history struct {
	seen      []sight
	leaders   []int
	entries   [][]sighted
	committed []committed
	applied   [][]byte
	snapshots map[int][]byte // by index
	broken    [properties]error
}

// sight is what was last seen of a server.
type sight struct {
	boot, term, vote int
	led              int // the last term that it was seen to lead
	last             int // of its log
	commit           int // its commitIndex
}

// sighted is an entry that was in some log, with the term of the one before it.
type sighted struct {
	LogEntry
	prevTerm int
}

// committed is an entry that a server knew to be committed, and the term of that
// server when the first one did.
type committed struct {
	LogEntry
	in int
}

func (h *history) init(n int) {
	h.seen, h.snapshots = make([]sight, n), map[int][]byte{}
	for i := range h.seen {
		h.seen[i].vote = nobody
	}
}

// violated keeps the first violation of a property.
func (h *history) violated(p property, format string, args ...any) {
	if h.broken[p] == nil {
		h.broken[p] = fmt.Errorf(format, args...)
	}
}

// look compares a server with what was seen of it, and of the others. It is called
// at the end of each critical section in which the server has changed.
func (h *history) look(rf *Raft) {
	i := rf.me
	s := &h.seen[i]
	if boot := rf.node.Boot(); boot != s.boot {
		// It may have lost what it had not saved, and forgets what is committed.
		s.boot, s.led, s.commit = boot, 0, 0
	}
	h.lookAtVote(i, s, rf)
	h.lookAtLog(i, s, rf)
	if rf.role == leader && s.led != rf.currentTerm {
		s.led = rf.currentTerm
		h.lookAtLeader(i, rf)
	}
	h.lookAtCommit(i, s, rf)
}

func (h *history) lookAtVote(i int, s *sight, rf *Raft) {
	switch {
	case rf.currentTerm < s.term:
		h.violated(oneVotePerTerm, "n%d went from term %d back to %d", i, s.term, rf.currentTerm)
	case rf.currentTerm == s.term && s.vote != nobody && rf.votedFor != s.vote:
		h.violated(oneVotePerTerm, "n%d had voted for n%d in term %d; now its vote is %d", i, s.vote, s.term, rf.votedFor)
	}
	s.term, s.vote = rf.currentTerm, rf.votedFor
}

// lookAtLog looks at the entries that are new in a log. That each entry agrees
// with what any log ever had under its index and term, down to the term of the
// entry before it, gives Log Matching by induction.
func (h *history) lookAtLog(i int, s *sight, rf *Raft) {
	l := &rf.log
	if l.fresh == 0 {
		return
	}
	if rf.role == leader && s.led == rf.currentTerm && l.fresh <= s.last {
		h.violated(leaderAppendOnly, "n%d, leader of term %d, changed its log at index %d of %d", i, rf.currentTerm, l.fresh, s.last)
	}
	for index := max(l.fresh, l.base+1); index <= s.commit; index++ {
		if c := &h.committed[index-1]; index > l.last() || l.term(index) != c.Term {
			h.violated(stateMachineSafety, "n%d lost %q at index %d, which it knew to be committed", i, c.Command, index)
		}
	}
	for index := max(l.fresh, l.base+1); index <= l.last(); index++ {
		h.lookAtEntry(i, index, sighted{l.at(index), l.term(index - 1)})
	}
	l.fresh, s.last = 0, l.last()
}

func (h *history) lookAtEntry(i, index int, e sighted) {
	for len(h.entries) < index {
		h.entries = append(h.entries, nil)
	}
	for _, other := range h.entries[index-1] {
		if other.Term != e.Term {
			continue
		}
		if other.prevTerm != e.prevTerm || !bytes.Equal(other.Command, e.Command) {
			h.violated(logMatching, "n%d has %q of term %d at index %d, after an entry of term %d; another log had %q there, after term %d",
				i, e.Command, e.Term, index, e.prevTerm, other.Command, other.prevTerm)
		}
		return
	}
	h.entries[index-1] = append(h.entries[index-1], e)
}

// lookAtLeader is for a server that was not seen to lead its term before.
func (h *history) lookAtLeader(i int, rf *Raft) {
	term := rf.currentTerm
	for len(h.leaders) <= term {
		h.leaders = append(h.leaders, nobody)
	}
	if other := h.leaders[term]; other != nobody && other != i {
		h.violated(electionSafety, "n%d and n%d lead term %d", other, i, term)
	}
	h.leaders[term] = i
	// A leader may be late: elected in a term that others have left. It need not
	// have what was committed after.
	for k := rf.log.base; k < len(h.committed); k++ {
		e, index := &h.committed[k], k+1
		if e.in < term && (index > rf.log.last() || rf.log.term(index) != e.Term) {
			h.violated(leaderCompleteness, "n%d leads term %d without %q of term %d, committed in term %d at index %d",
				i, term, e.Command, e.Term, e.in, index)
			return
		}
	}
}

// lookAtCommit looks at what a server has come to know as committed.
func (h *history) lookAtCommit(i int, s *sight, rf *Raft) {
	l := &rf.log
	if l.base > len(h.committed) || l.base > 0 && h.committed[l.base-1].Term != l.baseTerm {
		h.violated(stateMachineSafety, "n%d has a snapshot up to index %d and term %d, which was not committed", i, l.base, l.baseTerm)
		return
	}
	for index := max(s.commit, l.base) + 1; index <= rf.commitIndex; index++ {
		e := l.at(index)
		if index > len(h.committed) {
			h.committed = append(h.committed, committed{e, rf.currentTerm})
			continue
		}
		if c := &h.committed[index-1]; c.Term != e.Term || !bytes.Equal(c.Command, e.Command) {
			h.violated(stateMachineSafety, "n%d takes %q of term %d at index %d for committed; another took %q of term %d",
				i, e.Command, e.Term, index, c.Command, c.Term)
		}
	}
	s.commit = rf.commitIndex
}
