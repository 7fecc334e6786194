// Package labrpc is a network for the labs: client ends call methods of servers,
// and the network between them loses, delays and reorders messages when it is told
// to. All of it is ordinary Go: one goroutine for each handler, time.Sleep for
// delays, math/rand for losses, encoding/gob for what is sent.
package labrpc

import (
	"log"
	"sync"
)

// Network connects client ends to servers. Ends and servers have names of any
// comparable type. A new network is reliable, and loses nothing that is sent to a
// server that can be reached.
type Network struct {
	mu             sync.Mutex
	done           bool // Cleanup was called
	reliable       bool
	longDelays     bool
	longReordering bool
	ends           map[any]*wire
	servers        map[any]*Server
	calls          int
	bytes          int64
}

// wire is what the network knows of a client end.
type wire struct {
	enabled   bool
	connected bool
	server    any // its name; valid if connected
}

// MakeNetwork returns a network without ends and servers.
func MakeNetwork() *Network {
	return &Network{
		reliable: true,
		ends:     make(map[any]*wire),
		servers:  make(map[any]*Server),
	}
}

// Cleanup shuts the network down: later calls fail at once. It is to be called once.
func (n *Network) Cleanup() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.done {
		panic("labrpc: Cleanup of a network that is shut down already")
	}
	n.done = true
}

// Reliable sets whether all messages arrive, and at once. Otherwise each call is
// delayed for up to 26 ms, and a tenth of requests and of replies are lost.
func (n *Network) Reliable(yes bool) { n.set(&n.reliable, yes) }

// LongReordering sets whether two thirds of the replies are held back for 200 ms
// to 2.2 s, so that later ones overtake them.
func (n *Network) LongReordering(yes bool) { n.set(&n.longReordering, yes) }

// LongDelays sets whether a call that reaches no server takes up to 7 s to fail,
// rather than up to 100 ms.
func (n *Network) LongDelays(yes bool) { n.set(&n.longDelays, yes) }

func (n *Network) set(flag *bool, yes bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	*flag = yes
}

// MakeEnd returns a new client end, which is disabled and not connected. No other
// end may ever have had its name.
func (n *Network) MakeEnd(name any) *ClientEnd {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ends[name] != nil {
		log.Fatalf("labrpc: there is an end named %v already", name)
	}
	n.ends[name] = new(wire)
	return &ClientEnd{name: name, net: n}
}

// Connect makes an end lead to a server, which need not exist yet.
func (n *Network) Connect(end, server any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	w := n.end(end)
	w.server, w.connected = server, true
}

// Enable sets whether an end can send and receive.
func (n *Network) Enable(end any, yes bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.end(end).enabled = yes
}

// end finds an end by its name. The caller holds n.mu.
func (n *Network) end(name any) *wire {
	w := n.ends[name]
	if w == nil {
		log.Fatalf("labrpc: there is no end named %v", name)
	}
	return w
}

// AddServer puts a server on the network, in the place of one of the same name.
func (n *Network) AddServer(name any, s *Server) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.servers[name] = s
}

// DeleteServer takes a server off the network. Its handlers run on, but nobody
// hears of it.
func (n *Network) DeleteServer(name any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.servers, name)
}

// GetCount returns how many requests have reached a server, which must exist.
func (n *Network) GetCount(server any) int {
	n.mu.Lock()
	s := n.servers[server]
	n.mu.Unlock()
	if s == nil {
		log.Fatalf("labrpc: there is no server named %v", server)
	}
	return s.GetCount()
}

// GetTotalCount returns how many calls were made, those that failed included.
func (n *Network) GetTotalCount() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.calls
}

// GetTotalBytes returns the bytes of all requests, and of the replies that arrived.
func (n *Network) GetTotalBytes() int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.bytes
}
