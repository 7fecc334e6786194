package raft

// LogEntry is a command with the term in which a leader received it. Its index
// is its place in the log.
type LogEntry struct {
	Term    int
	Command []byte
}

// raftLog is the log of a server (§5.3), of which a snapshot may have replaced the
// beginning (§7). Indexes begin at 1; index 0 stands for the empty log, with term 0.
//
// Invariants: the entries up to index base are in the snapshot, baseTerm is the
// term of the last of them; entries[k] has index base+1+k; terms never decrease
// along the log.
type raftLog struct {
	base     int
	baseTerm int
	entries  []LogEntry

	// fresh is the lowest index that was written since the properties last
	// looked; 0 if none was.
	fresh int
}

// last returns the index of the last entry.
func (l *raftLog) last() int { return l.base + len(l.entries) }

// lastTerm returns the term of the last entry.
func (l *raftLog) lastTerm() int { return l.term(l.last()) }

// at returns the entry at an index above base.
func (l *raftLog) at(index int) LogEntry { return l.entries[index-l.base-1] }

// term returns the term of the entry at an index not below base.
func (l *raftLog) term(index int) int {
	if index == l.base {
		return l.baseTerm
	}
	return l.entries[index-l.base-1].Term
}

// from returns the entries from an index above base on, n at most. Nobody may write
// to them: messages in preparation share them.
func (l *raftLog) from(index, n int) []LogEntry {
	i := index - l.base - 1
	end := min(len(l.entries), i+n)
	return l.entries[i:end:end]
}

// append adds entries at the end.
func (l *raftLog) append(entries ...LogEntry) {
	l.written(l.last() + 1)
	l.entries = append(l.entries, entries...)
}

// truncate removes the entry at index, which is above base, and all that follow.
// What is appended next goes to a new array: see from.
func (l *raftLog) truncate(index int) {
	l.written(index)
	i := index - l.base - 1
	l.entries = l.entries[:i:i]
}

// compact removes the entries up to index, of the given term, because a snapshot
// has them. If the log has another entry there, or none, all of it goes.
func (l *raftLog) compact(index, term int) {
	var rest []LogEntry
	if l.base <= index && index <= l.last() && l.term(index) == term {
		rest = append(rest, l.entries[index-l.base:]...)
	} else {
		l.written(index + 1)
	}
	l.base, l.baseTerm, l.entries = index, term, rest
}

// firstOf returns the lowest index in the log, above base, from which up to index
// all entries have the term of the one at index.
func (l *raftLog) firstOf(index int) int {
	for term := l.term(index); index-1 > l.base && l.term(index-1) == term; {
		index--
	}
	return index
}

// lastOf returns the highest index at which the log has an entry of that term, 0
// if it has none.
func (l *raftLog) lastOf(term int) int {
	for i := l.last(); i >= l.base && l.term(i) >= term; i-- {
		if l.term(i) == term {
			return i
		}
	}
	return 0
}

func (l *raftLog) written(index int) {
	if l.fresh == 0 || index < l.fresh {
		l.fresh = index
	}
}
