// Package counter is the smallest service that a network can break, and the
// first example to read: a server that counts, and clients that call it until
// they get an answer.
//
// "No answer" does not mean "not done": the request may have been lost, or the
// reply. A client that simply calls again then counts twice. The server below
// tells a repeated request from a new one by its number, unless the package is
// built with -tags bug; the test finds the difference within a few seeds:
//
//	go run ./cmd/samerun test -tags bug ./examples/counter
package counter

import (
	"samerun/labrpc"
	"samerun/sched"
)

// AddArgs asks the server to add one. Client and Seq name the request: a client
// that calls again sends the same pair.
type AddArgs struct{ Client, Seq int }

// AddReply is the total after the addition.
type AddReply struct{ Total int }

// Counter is the server's state.
//
// Invariant: done[c] is the largest request number of client c that was
// executed, and reply[c] what it was answered.
type Counter struct {
	mu    sched.Mutex
	total int
	done  map[int]int
	reply map[int]int
}

// New returns a counter at zero.
func New() *Counter { return &Counter{done: map[int]int{}, reply: map[int]int{}} }

// Add is called by clients over the network.
func (c *Counter) Add(args *AddArgs, reply *AddReply) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if remember && c.done[args.Client] >= args.Seq {
		reply.Total = c.reply[args.Client]
		return
	}
	c.total++
	c.done[args.Client], c.reply[args.Client] = args.Seq, c.total
	reply.Total = c.total
}

// Client calls a counter over one end of a connection.
type Client struct {
	id, seq int
	end     *labrpc.ClientEnd
}

// Add adds one and returns the total. It calls until it is answered.
func (c *Client) Add() int {
	c.seq++
	args := AddArgs{Client: c.id, Seq: c.seq}
	for {
		var reply AddReply
		if c.end.Call("Counter.Add", &args, &reply) {
			return reply.Total
		}
	}
}
