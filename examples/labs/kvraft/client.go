package kvraft

import (
	"crypto/rand"
	"math/big"
	"time"

	"labs/labrpc"
)

// Clerk is a client of the service, for one goroutine.
type Clerk struct {
	servers []*labrpc.ClientEnd
	leader  int // who answered last
	id      int64
	next    int // request
}

func nrand() int64 {
	n, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	return n.Int64()
}

// MakeClerk returns a client of these servers.
func MakeClerk(servers []*labrpc.ClientEnd) *Clerk {
	return &Clerk{servers: servers, id: nrand()}
}

// Get returns a value, or "" for a key that is not there.
func (ck *Clerk) Get(key string) string { return ck.command(Get, key, "") }

// Put sets a value.
func (ck *Clerk) Put(key, value string) { ck.command(Put, key, value) }

// Append adds to a value.
func (ck *Clerk) Append(key, value string) { ck.command(Append, key, value) }

// command asks until it is answered.
func (ck *Clerk) command(kind, key, value string) string {
	ck.next++
	args := CommandArgs{Op{Kind: kind, Key: key, Value: value, Client: ck.id, Request: ck.next}}
	for tries := 1; ; tries++ {
		var reply CommandReply
		if ck.servers[ck.leader].Call("KVServer.Command", &args, &reply) && reply.OK {
			return reply.Value
		}
		ck.leader = (ck.leader + 1) % len(ck.servers)
		if tries%len(ck.servers) == 0 {
			time.Sleep(50 * time.Millisecond) // nobody leads yet
		}
	}
}
