package labrpc

import (
	"fmt"
	"reflect"

	"samerun/sim"
)

// Network is the network of the MIT labs: client ends, servers, and which end is
// connected to which server. It lives in a World; make it with NewNetwork.
//
// Its methods are called from tasks of the world; those that only set or count
// may be called from checks and events too.
//
// Invariants: a server is reached by its name while the binding of the name
// holds it and its place is alive; bindings stay once they were made; serving
// links the calls whose handler runs, the youngest first.
type Network struct {
	w              *sim.World
	ends           map[any]*ClientEnd
	bindings       map[any]*binding
	made           uint64            // ends so far
	unmade         map[any]uint64    // ends deleted so far, by name
	watched        map[*sim.Node]int // the incarnation whose crash we shall hear of
	unreliable     bool
	longDelays     bool
	longReordering bool
	done           bool
	count          int
	bytes          int64
	serving        *call
	spare          *call // free list
	live           int   // records that are not in it
}

// binding is what stands under a server's name. Ends and calls keep it, so that
// no call has to look a name up.
type binding struct {
	server *Server // nil: none
}

// NewNetwork returns an empty network in w. As in the original it is reliable
// until Reliable(false). Its base latency is that of the links of w.
func NewNetwork(w *sim.World) *Network {
	if w == nil {
		panic("labrpc.NewNetwork was given no world; it needs the one that sim.Test or sim.Run hands to the scenario")
	}
	return &Network{
		w: w, ends: map[any]*ClientEnd{}, bindings: map[any]*binding{},
		unmade: map[any]uint64{}, watched: map[*sim.Node]int{},
	}
}

// MakeNetwork is NewNetwork in the world of the calling task, for code written
// for the original. It panics if the caller is no task of a world.
func MakeNetwork() *Network {
	w := sim.Current()
	if w == nil {
		panic("labrpc.MakeNetwork was called outside of a world; call it in the function that sim.Test or sim.Run runs, or use labrpc.NewNetwork(w)")
	}
	return NewNetwork(w)
}

// World returns the world in which the network lives.
func (rn *Network) World() *sim.World { return rn.w }

// Cleanup shuts the network: calls from now on return false at once; those
// accepted before finish as they would have.
func (rn *Network) Cleanup() {
	rn.enter("Network.Cleanup")
	if rn.done {
		rn.fail(fmt.Errorf("labrpc: Network.Cleanup was called twice; once is enough"))
	}
	rn.done = true
}

// Reliable(false) delays requests by 0 to 26 ms, and loses a tenth of the
// requests and a tenth of the replies.
func (rn *Network) Reliable(yes bool) { rn.enter("Network.Reliable"); rn.unreliable = !yes }

// IsReliable returns what Reliable set last.
func (rn *Network) IsReliable() bool { return !rn.unreliable }

// LongReordering(true) delays two thirds of the replies, by 0.2 to 2.2 s.
func (rn *Network) LongReordering(yes bool) {
	rn.enter("Network.LongReordering")
	rn.longReordering = yes
}

// LongDelays(true) lets calls that cannot reach a server take up to 7 s, rather
// than 0.1 s, until they return false.
func (rn *Network) LongDelays(yes bool) { rn.enter("Network.LongDelays"); rn.longDelays = yes }

// IsLongDelays returns what LongDelays set last.
func (rn *Network) IsLongDelays() bool { return rn.longDelays }

// MakeEnd returns a new client end, not yet connected and not enabled. endname
// may be any comparable value and must be new to the network. Chance is keyed by
// it if it is a string or an integer, and by the number of ends made before
// otherwise: prefer names that say whose end it is over random ones.
func (rn *Network) MakeEnd(endname any) *ClientEnd {
	if !rn.enterFor("Network.MakeEnd", endname) {
		return &ClientEnd{net: rn}
	}
	if rn.ends[endname] != nil {
		rn.fail(fmt.Errorf("labrpc: Network.MakeEnd: there is an end named %v already; each needs a name of its own", endname))
	}
	rn.made++
	e := &ClientEnd{net: rn, endname: endname, id: endID(endname, rn.made, rn.unmade[endname], rn.w.Here())}
	rn.ends[endname] = e
	return e
}

// DeleteEnd forgets an end: its calls reach nobody from now on.
func (rn *Network) DeleteEnd(endname any) {
	if !rn.enterFor("Network.DeleteEnd", endname) {
		return
	}
	if e := rn.ends[endname]; e != nil {
		e.deleted = true
		delete(rn.ends, endname)
		rn.unmade[endname]++
		rn.changed()
	}
}

// LookupEnd returns the end of that name, nil if there is none.
func (rn *Network) LookupEnd(endname any) *ClientEnd {
	if !rn.comparable("Network.LookupEnd", endname) {
		return nil
	}
	return rn.ends[endname]
}

// Connect connects an end to a server's name, for calls from now on.
func (rn *Network) Connect(endname, servername any) {
	if !rn.enterFor("Network.Connect", endname) || !rn.comparable("Network.Connect", servername) {
		return
	}
	if e := rn.ends[endname]; e != nil {
		e.bound = rn.binding(servername)
	}
}

// Enable lets an end reach its server, or keeps it from doing so.
func (rn *Network) Enable(endname any, enabled bool) {
	if !rn.enterFor("Network.Enable", endname) {
		return
	}
	if e := rn.ends[endname]; e != nil && e.enabled != enabled {
		e.enabled = enabled
		rn.changed()
	}
}

// AddServer puts a server under a name, in place of any other. The server lives
// on the node whose task makes the call: its handlers run there, and when that
// node crashes the server is gone. Adding it again from another node moves it.
func (rn *Network) AddServer(servername any, srv *Server) {
	if !rn.enterFor("Network.AddServer", servername) {
		return
	}
	if srv == nil {
		rn.fail(fmt.Errorf("labrpc: Network.AddServer(%v) was given no server; MakeServer makes one", servername))
		return
	}
	node := rn.w.Here()
	srv.place = place{node, node.Boot()}
	rn.binding(servername).server = srv
	rn.changed()
	if node != rn.w.Main() && rn.watched[node] != node.Boot() {
		rn.watched[node] = node.Boot()
		node.OnDown(rn.changed)
	}
}

// DeleteServer takes the server of that name away.
func (rn *Network) DeleteServer(servername any) {
	if !rn.enterFor("Network.DeleteServer", servername) {
		return
	}
	if b := rn.bindings[servername]; b != nil {
		b.server = nil
		rn.changed()
	}
}

// GetCount returns how many requests the server of that name has been given.
func (rn *Network) GetCount(servername any) int {
	if !rn.comparable("Network.GetCount", servername) {
		return 0
	}
	b := rn.bindings[servername]
	if b == nil || b.server == nil || !b.server.place.alive() {
		rn.fail(fmt.Errorf("labrpc: Network.GetCount: there is no server named %v; it has not been added, was deleted, or its node is down", servername))
		return 0
	}
	return b.server.GetCount()
}

// GetTotalCount returns how many calls were accepted, failed ones included.
func (rn *Network) GetTotalCount() int { return rn.count }

// GetTotalBytes returns the bytes of all requests and of the replies that arrived.
func (rn *Network) GetTotalBytes() int64 { return rn.bytes }

// binding returns the binding of a server's name, and makes it on first use.
func (rn *Network) binding(servername any) *binding {
	b := rn.bindings[servername]
	if b == nil {
		b = &binding{}
		rn.bindings[servername] = b
	}
	return b
}

// enter makes sure that the caller belongs to the world.
func (rn *Network) enter(op string) { rn.w.Scheduler().Caller(op) }

// enterFor is enter for an operation on a name.
func (rn *Network) enterFor(op string, name any) bool {
	rn.enter(op)
	return rn.comparable(op, name)
}

// comparable says whether something can be a name, and ends the run if not.
func (rn *Network) comparable(op string, name any) bool {
	if v := reflect.ValueOf(name); v.IsValid() && !v.Comparable() {
		rn.fail(fmt.Errorf("labrpc: %s was given a name of type %v; names must be comparable, such as strings and integers", op, v.Type()))
		return false
	}
	return true
}

// fail ends the run. The world adds seed and virtual time. Called from a task it
// does not return.
func (rn *Network) fail(err error) { rn.w.Fail(err) }
