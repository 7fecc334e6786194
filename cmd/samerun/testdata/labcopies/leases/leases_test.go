// Package leases has a lease that counts from when the reply arrives.
package leases

import (
	"sync"
	"testing"
	"time"

	"course.example/labrpc"
	"course.example/peers"
)

const term = 300 * time.Millisecond

type GrantArgs struct{ From int }
type GrantReply struct {
	Granted bool
	Until   int64
}

// Node is a server that grants leases, and asks others for some.
type Node struct {
	mu    sync.Mutex
	peers []*labrpc.ClientEnd
	me    int
	ends  time.Time // of the lease that it has granted
}

func (n *Node) Grant(args *GrantArgs, reply *GrantReply) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if now := time.Now(); now.After(n.ends) {
		n.ends = now.Add(term)
		reply.Granted = true
	}
}

// Lease asks a node for its lease, and says until when the caller has it.
func (n *Node) Lease(from int) (until time.Time) {
	var reply GrantReply
	if n.peers[from].Call("Node.Grant", &GrantArgs{n.me}, &reply) && reply.Granted {
		return time.Now().Add(term) // planted: it began when it was granted
	}
	return time.Time{}
}

func TestLateReply(t *testing.T) {
	nodes := make([]*Node, 3)
	g := peers.Start(3, func(me int, ends []*labrpc.ClientEnd) interface{} {
		nodes[me] = &Node{peers: ends, me: me}
		return nodes[me]
	})
	g.Net.LongReordering(true)
	var mu sync.Mutex
	var holder int
	var until time.Time
	var wg sync.WaitGroup
	for _, n := range nodes[1:] {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 4 {
				got := n.Lease(0)
				mu.Lock()
				if now := time.Now(); got.After(now) {
					if holder != 0 && holder != n.me && until.After(now) {
						t.Errorf("server %d has the lease, and server %d has it, too", n.me, holder)
					}
					holder, until = n.me, got
				}
				mu.Unlock()
				time.Sleep(50 * time.Millisecond)
			}
		}()
	}
	wg.Wait()
}
