package labrpc

import "fmt"

// MakeEnd returns a new client end, not yet connected and not enabled. endname
// may be any comparable value and must be new to the network. Chance is keyed by
// it if it is a string or an integer, and by the number of ends made before
// otherwise: prefer names that say whose end it is over random ones.
func (rn *Network) MakeEnd(endname any) *ClientEnd {
	rn.enter("Network.MakeEnd")
	defer rn.leave()
	if !rn.comparable("Network.MakeEnd", endname) {
		return &ClientEnd{net: rn}
	}
	if rn.ends[endname] != nil {
		rn.fail(fmt.Errorf("labrpc: Network.MakeEnd: there is an end named %v already; each needs a name of its own", endname))
	}
	rn.made++
	node, boot := rn.by.here()
	e := &ClientEnd{net: rn, endname: endname, id: endID(endname, rn.made, rn.unmade[endname], node, boot)}
	rn.ends[endname] = e
	return e
}

// DeleteEnd forgets an end: its calls reach nobody from now on.
func (rn *Network) DeleteEnd(endname any) {
	rn.enter("Network.DeleteEnd")
	defer rn.leave()
	if !rn.comparable("Network.DeleteEnd", endname) {
		return
	}
	if e := rn.ends[endname]; e != nil {
		e.deleted = true
		delete(rn.ends, endname)
		rn.unmade[endname]++
		rn.by.changed()
	}
}

// LookupEnd returns the end of that name, nil if there is none.
func (rn *Network) LookupEnd(endname any) *ClientEnd {
	rn.look("Network.LookupEnd")
	defer rn.leave()
	if !rn.comparable("Network.LookupEnd", endname) {
		return nil
	}
	return rn.ends[endname]
}

// Connect connects an end to a server's name, for calls from now on.
func (rn *Network) Connect(endname, servername any) {
	rn.enter("Network.Connect")
	defer rn.leave()
	if !rn.comparable("Network.Connect", endname, servername) {
		return
	}
	if e := rn.ends[endname]; e != nil {
		e.bound = rn.binding(servername)
	}
}

// Enable lets an end reach its server, or keeps it from doing so.
func (rn *Network) Enable(endname any, enabled bool) {
	rn.enter("Network.Enable")
	defer rn.leave()
	if !rn.comparable("Network.Enable", endname) {
		return
	}
	if e := rn.ends[endname]; e != nil && e.enabled != enabled {
		e.enabled = enabled
		rn.by.changed()
	}
}

// AddServer puts a server under a name, in place of any other. In a world the server
// lives on the node whose task makes the call: its handlers run there, and when that
// node crashes the server is gone. Adding it again from another node moves it.
func (rn *Network) AddServer(servername any, srv *Server) {
	rn.enter("Network.AddServer")
	defer rn.leave()
	if !rn.comparable("Network.AddServer", servername) {
		return
	}
	if srv == nil {
		rn.fail(fmt.Errorf("labrpc: Network.AddServer(%v) was given no server; MakeServer makes one", servername))
		return
	}
	if srv.dir.Load() == nil {
		rn.raise(fmt.Errorf("labrpc: Network.AddServer was given a server that nobody made; labrpc.MakeServer makes one"))
		return
	}
	b := rn.binding(servername)
	rn.by.settle(b, srv)
	b.server = srv
	rn.by.changed()
}

// DeleteServer takes the server of that name away.
func (rn *Network) DeleteServer(servername any) {
	rn.enter("Network.DeleteServer")
	defer rn.leave()
	if !rn.comparable("Network.DeleteServer", servername) {
		return
	}
	if b := rn.bindings[servername]; b != nil {
		b.server = nil
		rn.by.changed()
	}
}

// GetCount returns how many requests the server of that name has been given.
func (rn *Network) GetCount(servername any) int {
	rn.look("Network.GetCount")
	defer rn.leave()
	if !rn.comparable("Network.GetCount", servername) {
		return 0
	}
	b := rn.bindings[servername]
	if b == nil || b.server == nil || !b.server.place.alive() {
		rn.raise(fmt.Errorf("labrpc: Network.GetCount: there is no server named %v; it has not been added, was deleted, or its node is down", servername))
		return 0
	}
	return b.server.GetCount()
}

// ReadEndnameInfo returns what a call of that end would meet now: whether the end is
// enabled, the name it is connected to, nil if it is to none, the server under that name, nil if
// there is none, and what Reliable and LongReordering set. The course of 2018 exports it.
func (rn *Network) ReadEndnameInfo(endname any) (enabled bool, servername any, server *Server, reliable bool, longreordering bool) {
	rn.look("Network.ReadEndnameInfo")
	defer rn.leave()
	if !rn.comparable("Network.ReadEndnameInfo", endname) {
		return
	}
	if e := rn.ends[endname]; e != nil {
		enabled = e.enabled
		if e.bound != nil {
			servername, server = e.bound.name, e.bound.server
		}
	}
	return enabled, servername, server, !rn.unreliable, rn.longReordering
}

// IsServerDead says whether a call of that end, which is with this server, is lost: the
// end is disabled, or another server or none stands under that name. The course of 2018 exports it.
func (rn *Network) IsServerDead(endname any, servername any, server *Server) bool {
	rn.look("Network.IsServerDead")
	defer rn.leave()
	if !rn.comparable("Network.IsServerDead", endname, servername) {
		return true
	}
	var there *Server
	if b := rn.bindings[servername]; b != nil {
		there = b.server
	}
	e := rn.ends[endname]
	return e == nil || !e.enabled || there != server
}

// binding returns the binding of a server's name, and makes it on first use.
func (rn *Network) binding(servername any) *binding {
	b := rn.bindings[servername]
	if b == nil {
		b = &binding{name: servername}
		rn.bindings[servername] = b
	}
	return b
}
