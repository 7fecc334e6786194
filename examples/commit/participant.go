package commit

import (
	"time"

	"samerun/labrpc"
	"samerun/sched"
	"samerun/sim"
)

// askEvery is how often a participant in doubt asks.
const askEvery = 200 * time.Millisecond

// Participant is one of those that must all agree. It is exported for labrpc.
//
// Invariant while mu is free: what the journal says was told to the watch.
type Participant struct {
	mu          sched.Mutex
	w           *sim.World
	index       int
	journal     *journal
	coordinator *labrpc.ClientEnd
	watch       *watch
	bug         Bug
	since       map[int]time.Duration // when it came to be in doubt, in this boot
}

// Prepare is the handler of the first phase: the vote.
func (p *Participant) Prepare(args *PrepareArgs, reply *PrepareReply) {
	p.mu.Lock()
	defer p.mu.Unlock()
	tx := args.Tx
	if p.journal.state(tx.ID) == unknown {
		if tx.Refused>>p.index&1 == 1 {
			p.learn(tx.ID, aborted) // a no needs nobody's consent
		} else {
			p.journal.set(tx.ID, prepared)
			p.watch.yes(p.index, tx.ID)
			p.since[tx.ID] = p.w.Elapsed()
		}
	}
	s := p.journal.state(tx.ID) // the request may have come before
	reply.Yes = s == prepared || s == committed
}

// Decide is the handler of the second phase.
func (p *Participant) Decide(args *DecideArgs, reply *DecideReply) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.decide(args.ID, args.Commit)
	reply.Done = true
}

// decide takes a decision in, unless there is one.
func (p *Participant) decide(id int, commit bool) {
	switch s := p.journal.state(id); {
	case s == committed || s == aborted:
	case commit:
		p.learn(id, committed)
	default:
		p.learn(id, aborted)
	}
}

// learn saves a decision and tells the watch.
func (p *Participant) learn(id int, s state) {
	p.journal.set(id, s)
	p.watch.decided(p.index, id, s)
}

// ask is the task that asks for what is in doubt.
func (p *Participant) ask() {
	for {
		p.w.Sleep(askEvery)
		for _, id := range p.doubts() {
			var reply OutcomeReply
			ok := p.coordinator.Call("Coordinator.Outcome", &OutcomeArgs{ID: id}, &reply)
			p.mu.Lock()
			switch {
			case ok && reply.Known:
				p.decide(id, reply.Commit)
			case p.bug == UnilateralAbort && p.w.Elapsed()-p.since[id] > time.Second:
				p.decide(id, false)
			}
			p.mu.Unlock()
		}
	}
}

// doubts returns the transactions that are in doubt.
func (p *Participant) doubts() (ids []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.journal.known {
		if state(r.State) == prepared {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
