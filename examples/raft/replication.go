package raft

// maxEntries is how many entries a message carries at most.
const maxEntries = 16

// progress is what a leader knows of a server: nextIndex and matchIndex in
// Figure 2.
//
// Invariants on a leader: 0 ≤ match and 1 ≤ next, both up to the last index, or one
// behind it for next; a round is under way for the server if and only if busy. Most
// of the time match < next, but a refusal that comes late may move next back.
type progress struct {
	next  int  // index of the next entry to send
	match int  // highest index known to be replicated there
	round int  // counts the rounds
	busy  bool // the latest round has yet to end
}

// replicateAll begins a round of replication with every other server.
func (rf *Raft) replicateAll() {
	for peer := range rf.peers {
		if peer != rf.me {
			rf.replicate(peer)
		}
	}
}

// replicateNew does so where no round is under way. Where one is, it will take
// the new entries along; should it be stuck, the next heartbeat does.
func (rf *Raft) replicateNew() {
	for peer := range rf.peers {
		if peer != rf.me && !rf.progress[peer].busy {
			rf.replicate(peer)
		}
	}
}

// replicate begins a round with one server: calls, one after the other, until the
// server has all that we have. A call may take for ever, so that a heartbeat does
// not wait for the round before it but replaces it: that one handles the answer
// that it still awaits, and ends.
func (rf *Raft) replicate(peer int) {
	p := &rf.progress[peer]
	p.round++
	p.busy = true
	r := rf.newRound()
	r.peer, r.term, r.number = peer, rf.currentTerm, p.round
	rf.w.Go("replicate", r.run)
}

// round is one round of replication, and the messages of its present call. A
// leader begins forty of them in a second, so that they are used again.
type round struct {
	rf           *Raft
	peer         int
	term, number int
	args         AppendEntriesArgs
	reply        AppendEntriesReply
	run          func() // is r.replicate: the function of its task
}

func (rf *Raft) newRound() *round {
	if n := len(rf.rounds); n > 0 {
		r := rf.rounds[n-1]
		rf.rounds = rf.rounds[:n-1]
		return r
	}
	r := &round{rf: rf}
	r.run = r.replicate
	return r
}

func (r *round) replicate() {
	rf := r.rf
	rf.lock()
	for r.current() {
		var ok bool
		if rf.progress[r.peer].next > rf.log.base {
			ok = r.sendEntries()
		} else {
			ok = r.sendSnapshot()
		}
		if !r.current() {
			break
		}
		if p := &rf.progress[r.peer]; !ok || p.match == rf.log.last() {
			p.busy = false
			break
		}
	}
	rf.rounds = append(rf.rounds, r)
	rf.unlock()
}

// current says whether we still lead, and no later round has begun.
func (r *round) current() bool {
	return r.rf.leads(r.term) && r.rf.progress[r.peer].round == r.number
}

// sendEntries makes one AppendEntries call, and says whether it was answered. It
// is called with the lock held, and gives it up for the time of the call.
func (r *round) sendEntries() bool {
	rf, prev := r.rf, r.rf.progress[r.peer].next-1
	r.args = AppendEntriesArgs{
		Term:         r.term,
		LeaderID:     rf.me,
		PrevLogIndex: prev,
		PrevLogTerm:  rf.log.term(prev),
		Entries:      rf.log.from(prev+1, maxEntries),
		LeaderCommit: rf.commitIndex,
	}
	r.reply = AppendEntriesReply{} // decoding leaves out what is zero
	rf.unlock()
	ok := rf.peers[r.peer].Call("Raft.AppendEntries", &r.args, &r.reply)
	rf.lock()
	if ok {
		rf.observeTerm(r.reply.Term)
		if rf.leads(r.term) {
			rf.handleAppendReply(r.peer, &r.args, &r.reply)
		}
	}
	return ok
}

// handleAppendReply learns from an answer, which may be late: another call may
// have learned more meanwhile.
func (rf *Raft) handleAppendReply(peer int, args *AppendEntriesArgs, reply *AppendEntriesReply) {
	p := &rf.progress[peer]
	switch {
	case reply.Success:
		index := args.PrevLogIndex + len(args.Entries)
		if rf.bug == MatchFromPresentLog {
			index = rf.log.last()
		}
		rf.matched(peer, index)
	case args.PrevLogIndex == p.next-1:
		p.next = rf.backUp(reply)
	}
}

// backUp returns the next index to try after a conflict. If we have entries of
// the follower's term, ours and its logs part after the last of them at the
// latest; otherwise the whole term has to go.
func (rf *Raft) backUp(reply *AppendEntriesReply) int {
	if reply.ConflictTerm > 0 {
		if last := rf.log.lastOf(reply.ConflictTerm); last > 0 {
			return last + 1
		}
	}
	return reply.ConflictIndex
}

// matched notes that a server has all entries up to index.
func (rf *Raft) matched(peer, index int) {
	p := &rf.progress[peer]
	p.match = max(p.match, index)
	p.next = max(p.next, p.match+1)
	rf.advanceCommit()
}

// advanceCommit is the last rule for leaders in Figure 2: an entry is committed
// once a majority has it, and it is of the current term; those before it are
// committed with it (§5.4.2, Figure 8).
func (rf *Raft) advanceCommit() {
	for n := rf.log.last(); n > rf.commitIndex; n-- {
		if rf.log.term(n) != rf.currentTerm && rf.bug != OldTermCommitted {
			return
		}
		if rf.holders(n) >= rf.majority() {
			rf.commit(n)
			return
		}
	}
}

// holders counts the servers that are known to have the entry at index.
func (rf *Raft) holders(index int) int {
	if rf.bug == CommitOffByOne {
		index--
	}
	n := 1 // this one
	for peer := range rf.progress {
		if peer != rf.me && rf.progress[peer].match >= index {
			n++
		}
	}
	return n
}

// commit raises commitIndex, and lets the applier know.
func (rf *Raft) commit(index int) {
	if index > rf.commitIndex {
		rf.commitIndex = index
		rf.changed = true
		rf.applyCond.Signal()
	}
}
