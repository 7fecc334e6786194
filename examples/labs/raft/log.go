package raft

import "slices"

// Entry is one place of the log.
type Entry struct {
	Term    int
	Command any
}

// entries is a log whose beginning may have been cut off and replaced by a
// snapshot. Indexes start at 1; the snapshot stands for those up to base.
//
// Invariant: list[0] has the term of the entry at base and no command, so that
// list[i-base] is the entry at index i.
type entries struct {
	base int
	list []Entry
}

func emptyLog() entries { return entries{list: make([]Entry, 1)} }

func (l *entries) last() int         { return l.base + len(l.list) - 1 }
func (l *entries) lastTerm() int     { return l.list[len(l.list)-1].Term }
func (l *entries) term(i int) int    { return l.list[i-l.base].Term }
func (l *entries) append(e ...Entry) { l.list = append(l.list, e...) }

// from returns a copy of the entries from index i on: the log may change while
// they are being sent.
func (l *entries) from(i int) []Entry { return slices.Clone(l.list[i-l.base:]) }

// truncate drops the entries behind index i.
func (l *entries) truncate(i int) { l.list = l.list[:i-l.base+1] }

// compact drops the entries up to index i, which has this term.
func (l *entries) compact(i, term int) {
	kept := []Entry{{Term: term}}
	if i < l.last() {
		kept = append(kept, l.list[i-l.base+1:]...)
	}
	l.base, l.list = i, kept
}

// has reports whether the log has an entry of this term at index i, which is not
// before base.
func (l *entries) has(i, term int) bool { return i <= l.last() && l.term(i) == term }

// firstOf returns the first index, behind base, of the run of entries of one term that
// ends at index i.
func (l *entries) firstOf(i int) int {
	term := l.term(i)
	for i > l.base+1 && l.term(i-1) == term {
		i--
	}
	return i
}

// lastOf returns the last index that has an entry of this term, if any has.
func (l *entries) lastOf(term int) (int, bool) {
	for i := l.last(); i > l.base && l.term(i) >= term; i-- {
		if l.term(i) == term {
			return i, true
		}
	}
	return 0, false
}
