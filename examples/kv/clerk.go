package kv

import (
	"fmt"
	"time"

	"samerun/examples/raft"
	"samerun/labrpc"
	"samerun/sched"
	"samerun/sim"
)

// Clerk is a client of the store, with a session of its own. It is for one task at
// a time. Its methods return when the operation has been executed, however long
// that takes: they try one server after the other.
//
// Invariants: seq is the number of the latest operation; favourite is the server
// that answered last, or the one to be tried next.
type Clerk struct {
	w         *sim.World
	servers   []*labrpc.ClientEnd
	id        int64
	seq       int
	favourite int
}

// NewClerk returns a client that lives on the calling task's node. A node may make
// one per boot: its session ends with a crash, and nobody knows what became of the
// operation that was under way.
func NewClerk(w *sim.World, c *raft.Cluster) *Clerk {
	here := w.Here()
	ck := &Clerk{w: w, id: w.Rand().Int64()}
	for i := range c.Nodes() {
		ck.servers = append(ck.servers, c.End(fmt.Sprintf("%v boot %d to n%d", here, here.Boot(), i), i))
	}
	return ck
}

// Get returns the value of a key, "" if it has none.
func (ck *Clerk) Get(key string) string { return ck.Do(Get, key, "") }

// Put replaces the value of a key.
func (ck *Clerk) Put(key, value string) { ck.Do(Put, key, value) }

// Append adds to the end of the value of a key.
func (ck *Clerk) Append(key, value string) { ck.Do(Append, key, value) }

// Do carries out an operation, and returns the value if it is a Get.
func (ck *Clerk) Do(op Op, key, value string) string {
	ck.seq++
	args := &Args{ClientID: ck.id, Seq: ck.seq, Op: op, Key: key, Value: value}
	for tries := 1; ; tries++ {
		if reply := ck.try(args); reply.Status == OK {
			return reply.Value
		}
		ck.favourite = (ck.favourite + 1) % len(ck.servers)
		if tries%len(ck.servers) == 0 {
			ck.w.Sleep(50 * time.Millisecond) // nobody leads: let them elect
		}
	}
}

// try asks the favourite server once. A call may take for ever; the task that
// makes it is left behind if it does.
func (ck *Clerk) try(args *Args) Reply {
	answer := sched.MakeChan[Reply](1)
	server := ck.servers[ck.favourite]
	ck.w.Go("request", func() {
		var reply Reply // a fresh one: decoding leaves zeros of the message out
		if !server.Call("KV.Do", args, &reply) {
			reply.Status = NoAnswer
		}
		answer.Send(reply)
	})
	timer := sched.NewTimer(patience)
	defer timer.Stop()
	var reply Reply
	if sched.Select(answer.OnRecv(&reply, nil), timer.C.OnRecv(nil, nil)) == 1 {
		reply.Status = NoAnswer
	}
	return reply
}
