// Package quiet has a leader that never sends what it is given.
package quiet

import (
	"sync"
	"testing"
	"time"

	"course.example/labrpc"
	"course.example/peers"
)

type Args struct{ Term, Leader int }
type Reply struct{ Term int }

type Raft struct {
	mu        sync.Mutex
	peers     []*labrpc.ClientEnd
	me, votes int
}

func (rf *Raft) RequestVote(args *Args, reply *Reply)   { reply.Term = args.Term }
func (rf *Raft) AppendEntries(args *Args, reply *Reply) { reply.Term = args.Term }

func (rf *Raft) lead() {
	for i := range rf.peers {
		if i != rf.me && rf.peers[i].Call("Raft.RequestVote", &Args{1, rf.me}, &Reply{}) {
			rf.votes++
		}
	}
	for {
		for i := range rf.peers {
			if i != rf.me {
				rf.peers[i].Call("Raft.AppendEntries", &Args{1, rf.me}, &Reply{})
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func TestTimeout(t *testing.T) {
	rafts := make([]*Raft, 3)
	peers.Start(3, func(me int, ends []*labrpc.ClientEnd) interface{} {
		rafts[me] = &Raft{peers: ends, me: me}
		return rafts[me]
	})
	go rafts[1].lead()
	applied := make(chan int)
	select {
	case <-applied:
	case <-time.After(10 * time.Second):
		t.Error("the command was not applied in 10 s")
	}
}

// A server that was cut off, and one that is gone, are called in vain.
func TestCutOff(t *testing.T) {
	g := peers.Start(3, func(me int, ends []*labrpc.ClientEnd) interface{} {
		return &Raft{peers: ends, me: me}
	})
	client := g.Client()
	ok := client[2].Call("Raft.RequestVote", &Args{1, 9}, &Reply{})
	g.Connect(2, false)
	g.Net.DeleteServer(1)
	if !ok || client[1].Call("Raft.AppendEntries", &Args{2, 9}, &Reply{}) {
		t.Error("the first call failed, or the second one did not")
	}
	g.StartOne(1, func(me int, ends []*labrpc.ClientEnd) interface{} { return &Raft{} })
	if !client[1].Call("Raft.AppendEntries", &Args{3, 9}, &Reply{}) {
		t.Error("the third call failed")
	}
	t.Error("as it should")
}
