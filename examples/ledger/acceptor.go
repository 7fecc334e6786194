package main

import "time"

// What a replica does for others that lead, or want to.

// prepare promises to obey no ballot that is lower.
func (r *Replica) prepare(m Prepare) Promise {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.highest = max(r.highest, m.Ballot)
	if m.Ballot <= r.promised {
		return Promise{Promised: r.promised}
	}
	r.promise(m.Ballot)
	p := Promise{Promised: m.Ballot, Decided: r.decided}
	if m.From <= len(r.log) {
		p.Accepted = append(p.Accepted, r.log[m.From-1:]...)
	}
	return p
}

// promise obeys a ballot from now on. r.mu is held.
func (r *Replica) promise(b Ballot) {
	r.save(b, 0, nil)
	r.promised, r.heard = b, time.Now()
	r.tell()
}

// accept takes what a leader has entered.
func (r *Replica) accept(m Accept) Answer {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.highest = max(r.highest, m.Ballot)
	if m.Ballot < r.promised { // an old leader, or its word has come late
		return Answer{Promised: r.promised}
	}
	r.heard = time.Now()
	if m.Ballot > r.promised {
		r.promise(m.Ballot)
	}
	if m.From > r.decided+1 {
		return Answer{Promised: r.promised, Decided: r.decided}
	}
	// Decided slots are the same everywhere, and need not be written again.
	from, last := r.decided+1, m.From-1+len(m.Entries)
	var list []Accepted
	changed := false
	for slot := from; slot <= last; slot++ {
		a := Accepted{m.Ballot, m.Entries[slot-m.From]}
		changed = changed || slot > len(r.log) || r.log[slot-1] != a
		list = append(list, a)
	}
	if changed {
		r.save(r.promised, from, list)
		r.put(from, list)
	}
	r.decide(min(m.Decided, last))
	return Answer{Promised: r.promised, Decided: r.decided, Stored: last}
}
