package kvsrv

import (
	"crypto/rand"
	"math/big"

	"samerun/labrpc"
)

// Clerk is a client of the service, for one goroutine.
type Clerk struct {
	server *labrpc.ClientEnd
	id     int64
	next   int // request
}

func nrand() int64 {
	n, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	return n.Int64()
}

// MakeClerk returns a client of the server at the other end.
func MakeClerk(server *labrpc.ClientEnd) *Clerk {
	return &Clerk{server: server, id: nrand()}
}

// Get returns a value, or "" for a key that is not there.
func (ck *Clerk) Get(key string) string {
	for {
		var reply GetReply
		if ck.server.Call("KVServer.Get", &GetArgs{key}, &reply) {
			return reply.Value
		}
	}
}

// Put sets a value.
func (ck *Clerk) Put(key, value string) { ck.putAppend("KVServer.Put", key, value) }

// Append adds to a value, and returns the one from before.
func (ck *Clerk) Append(key, value string) string {
	return ck.putAppend("KVServer.Append", key, value)
}

func (ck *Clerk) putAppend(method, key, value string) string {
	ck.next++
	args := PutAppendArgs{Key: key, Value: value, Client: ck.id, Request: ck.next}
	for {
		var reply PutAppendReply
		if ck.server.Call(method, &args, &reply) {
			return reply.Value
		}
	}
}
