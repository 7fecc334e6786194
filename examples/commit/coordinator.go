package commit

import (
	"time"

	"samerun/labrpc"
	"samerun/sched"
	"samerun/sim"
)

const (
	// patience is how long the coordinator waits for votes.
	patience = 500 * time.Millisecond
	// tellTimes is how often it tells a decision to somebody who does not answer. Who
	// still does not know then will ask.
	tellTimes = 3
)

// Coordinator decides. It is exported for labrpc.
//
// Invariants while mu is free: the journal has the commits, and nothing else;
// counting has the transactions of this boot whose votes are being counted.
type Coordinator struct {
	mu           sched.Mutex
	w            *sim.World
	journal      *journal
	participants []*labrpc.ClientEnd
	counting     map[int]bool
	watch        *watch
	bug          Bug
}

// Outcome is the handler of the question of a participant in doubt.
func (c *Coordinator) Outcome(args *OutcomeArgs, reply *OutcomeReply) {
	c.mu.Lock()
	defer c.mu.Unlock()
	reply.Known = !c.counting[args.ID]
	reply.Commit = c.journal.state(args.ID) == committed // else it is presumed to be aborted
}

// begin starts a transaction. It is called by a task of the coordinator's node.
func (c *Coordinator) begin(tx Tx) {
	c.mu.Lock()
	c.counting[tx.ID] = true
	c.mu.Unlock()
	c.w.Go("transaction", func() { c.run(tx) })
}

// run is the task of a transaction: both phases.
func (c *Coordinator) run(tx Tx) {
	commit := c.vote(tx)
	if commit && c.bug == DecisionForgotten {
		c.watch.decided(len(c.participants), tx.ID, committed)
		c.tell(tx.ID, commit)
		c.w.Sleep(20 * time.Millisecond)
	}
	c.mu.Lock()
	if commit {
		c.journal.set(tx.ID, committed)
		c.watch.decided(len(c.participants), tx.ID, committed)
	}
	delete(c.counting, tx.ID)
	c.mu.Unlock()
	c.tell(tx.ID, commit)
}

// vote asks all, and says whether all have said yes in time.
func (c *Coordinator) vote(tx Tx) bool {
	votes := sched.MakeChan[bool](len(c.participants))
	for _, end := range c.participants {
		c.w.Go("ask for vote", func() {
			var reply PrepareReply
			ok := end.Call("Participant.Prepare", &PrepareArgs{Tx: tx}, &reply)
			votes.Send(ok && reply.Yes || !ok && c.bug == SilenceIsConsent)
		})
	}
	timeout := sched.NewTimer(patience)
	defer timeout.Stop()
	for range c.participants {
		var yes bool
		if sched.Select(votes.OnRecv(&yes, nil), timeout.C.OnRecv(nil, nil)) == 1 || !yes {
			return false
		}
	}
	return true
}

// tell tells all what was decided.
func (c *Coordinator) tell(id int, commit bool) {
	for _, end := range c.participants {
		c.w.Go("tell decision", func() {
			for range tellTimes {
				var reply DecideReply
				if end.Call("Participant.Decide", &DecideArgs{id, commit}, &reply) && reply.Done {
					return
				}
				c.w.Sleep(50 * time.Millisecond)
			}
		})
	}
}
