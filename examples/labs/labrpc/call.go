package labrpc

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"log"
	"math/rand"
	"time"
)

// ClientEnd is one end of a connection to a server. Any number of goroutines may
// call it at once; their calls may overtake each other.
type ClientEnd struct {
	name any
	net  *Network
}

// Call sends a request to a method such as "Raft.AppendEntries", and waits for the
// reply, which it stores in what reply points to. It returns false if the request
// or the reply was lost, or the server cannot be reached; the handler may have run
// all the same. It does so in the end for every server that is dead, but waits as
// long as a live one takes.
func (e *ClientEnd) Call(method string, args, reply any) bool {
	request := encode(args)
	answer, ok := e.net.carry(e.name, method, request)
	if !ok {
		return false
	}
	if err := decode(answer, reply); err != nil {
		log.Fatalf("labrpc: the reply of %s does not fit a %T: %v", method, reply, err)
	}
	return true
}

// route is what a call met on the network when it was made.
type route struct {
	wire           *wire
	server         *Server // nil: none can be reached
	name           any     // of the server
	reliable       bool
	longDelays     bool
	longReordering bool
}

// carry takes a request to a server and its reply back. It runs in the goroutine
// of the caller.
func (n *Network) carry(end any, method string, request []byte) (reply []byte, ok bool) {
	r, ok := n.accept(end, len(request))
	if !ok {
		return nil, false
	}
	if r.server == nil {
		// Nobody there: the caller gives up after a while.
		patience := 100
		if r.longDelays {
			patience = 7000
		}
		pause(rand.Intn(patience))
		return nil, false
	}
	if !r.reliable {
		pause(rand.Intn(27))
		if rand.Intn(10) == 0 {
			return nil, false // the request is lost
		}
	}
	answer := make(chan []byte, 1) // nobody may be left to receive it
	go func() { answer <- r.server.dispatch(method, request) }()
	if reply, ok = n.await(&r, answer); !ok {
		return nil, false
	}
	if !r.reliable && rand.Intn(10) == 0 {
		return nil, false // the reply is lost
	}
	if r.longReordering && rand.Intn(3) > 0 {
		pause(200 + rand.Intn(1+rand.Intn(2000)))
	}
	n.mu.Lock()
	n.bytes += int64(len(reply))
	n.mu.Unlock()
	return reply, true
}

// accept counts a call and finds out where it goes.
func (n *Network) accept(end any, size int) (route, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.done {
		return route{}, false
	}
	n.calls++
	n.bytes += int64(size)
	w := n.end(end)
	r := route{wire: w, reliable: n.reliable, longDelays: n.longDelays, longReordering: n.longReordering}
	if w.enabled && w.connected {
		r.name, r.server = w.server, n.servers[w.server]
	}
	return r, true
}

// await waits for the reply of a handler, and looks from time to time whether
// its server is still alive. A reply from one that died meanwhile does not count:
// what it promises may be gone.
func (n *Network) await(r *route, answer <-chan []byte) ([]byte, bool) {
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case reply := <-answer:
			return reply, n.alive(r)
		case <-look.C:
			if !n.alive(r) {
				return nil, false
			}
		}
	}
}

// alive reports whether the end of a call is enabled, and its server still the
// one under that name.
func (n *Network) alive(r *route) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return r.wire.enabled && n.servers[r.name] == r.server
}

func pause(milliseconds int) {
	time.Sleep(time.Duration(milliseconds) * time.Millisecond)
}

// encode returns the bytes of a message: gob's, of an encoder of its own, so that
// each message can be read without the ones before it.
func encode(v any) []byte {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil {
		panic(fmt.Sprintf("labrpc: a %T cannot be sent: %v", v, err))
	}
	return b.Bytes()
}

func decode(data []byte, into any) error {
	return gob.NewDecoder(bytes.NewReader(data)).Decode(into)
}
