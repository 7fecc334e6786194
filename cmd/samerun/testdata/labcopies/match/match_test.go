// Package match has a leader that believes the reply which comes last.
package match

import (
	"sync"
	"testing"
	"time"

	"course.example/labrpc"
	"course.example/peers"
)

type AppendArgs struct {
	Term, Leader, Prev int
	Entries            []interface{}
}
type AppendReply struct{ Match int }

type Raft struct {
	mu    sync.Mutex
	peers []*labrpc.ClientEnd
	me    int
	log   []interface{}
	match []int
}

func (rf *Raft) AppendEntries(args *AppendArgs, reply *AppendReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if len(rf.log) >= args.Prev {
		rf.log = append(rf.log[:args.Prev], args.Entries...)
	}
	reply.Match = len(rf.log)
}

// send sends what is behind the first entries of the log.
func (rf *Raft) send(to, prev int) {
	rf.mu.Lock()
	args := AppendArgs{1, rf.me, prev, append([]interface{}(nil), rf.log[prev:]...)}
	rf.mu.Unlock()
	var reply AppendReply
	if rf.peers[to].Call("Raft.AppendEntries", &args, &reply) {
		rf.mu.Lock()
		rf.match[to] = reply.Match // planted: it may be an old one
		rf.mu.Unlock()
	}
}

func TestReorder(t *testing.T) {
	rafts := make([]*Raft, 3)
	g := peers.Start(3, func(me int, ends []*labrpc.ClientEnd) interface{} {
		rafts[me] = &Raft{peers: ends, me: me, match: make([]int, 3)}
		return rafts[me]
	})
	g.Net.LongReordering(true)
	leader := rafts[0]
	for i := range 3 {
		leader.mu.Lock()
		leader.log = append(leader.log, "command "+string(rune('a'+i)))
		leader.mu.Unlock()
		for to := 1; to < 3; to++ {
			go leader.send(to, 0)
		}
		time.Sleep(100 * time.Millisecond)
	}
	time.Sleep(3 * time.Second)
	for to := 1; to < 3; to++ {
		if leader.match[to] != 3 {
			t.Errorf("server %d matches %d entries, want 3", to, leader.match[to])
		}
	}
}
