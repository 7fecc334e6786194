package labrpc

import (
	"fmt"
	"reflect"

	"samerun/sim"
)

// Network is the network of the MIT labs: client ends, servers, and which end is
// connected to which server. Make it with MakeNetwork, or with NewNetwork in a
// world.
//
// In a world its methods are called from tasks; those that only set or count may be
// called from checks and events too. In ordinary Go any goroutine may call any of
// them at any time.
//
// Invariants: a server is reached by its name while the binding of the name
// holds it and its place is alive; bindings stay once they were made. All but by is
// read and written between enter, or look, and leave. by is nil only in the zero
// value, which is of no use.
type Network struct {
	by             carrier
	ends           map[any]*ClientEnd
	bindings       map[any]*binding
	made           uint64         // ends so far
	unmade         map[any]uint64 // ends deleted so far, by name
	unreliable     bool
	longDelays     bool
	longReordering bool
	done           bool
	count          int
	bytes          int64
}

// binding is what stands under a server's name. Ends and calls keep it, so that
// no call has to look a name up.
type binding struct {
	name   any
	server *Server // nil: none
}

// newNetwork returns an empty network that nobody carries calls for yet.
func newNetwork() *Network {
	return &Network{ends: map[any]*ClientEnd{}, bindings: map[any]*binding{}, unmade: map[any]uint64{}}
}

// MakeNetwork returns an empty network. As in the original it is reliable until
// Reliable(false). In a world it is NewNetwork of that world. Anywhere else it is
// ordinary Go: any goroutine may use it, its calls take the time of package time,
// and what the rules leave to chance is drawn anew for each network.
func MakeNetwork() *Network {
	if w := sim.Current(); w != nil {
		return NewNetwork(w)
	}
	if faulty() {
		return newFaulty(anySeed())
	}
	return newPlain(anySeed())
}

// World returns the world in which the network lives, nil if that is none.
func (rn *Network) World() *sim.World {
	if wn, ok := rn.carrier("Network.World").(*worldNet); ok {
		return wn.w
	}
	return nil
}

// Cleanup shuts the network: calls from now on return false at once; those
// accepted before finish as they would have. It may be called once.
func (rn *Network) Cleanup() {
	rn.enter("Network.Cleanup")
	defer rn.leave()
	if rn.done {
		rn.raise(fmt.Errorf("labrpc: Network.Cleanup was called twice; once is enough"))
	}
	rn.done = true
}

// Reliable(false) delays requests by 0 to 26 ms, and loses a tenth of the
// requests and a tenth of the replies.
func (rn *Network) Reliable(yes bool) {
	rn.enter("Network.Reliable")
	defer rn.leave()
	rn.unreliable = !yes
}

// IsReliable returns what Reliable set last.
func (rn *Network) IsReliable() bool {
	rn.look("Network.IsReliable")
	defer rn.leave()
	return !rn.unreliable
}

// LongReordering(true) delays two thirds of the replies, by 0.2 to 2.2 s.
func (rn *Network) LongReordering(yes bool) {
	rn.enter("Network.LongReordering")
	defer rn.leave()
	rn.longReordering = yes
}

// LongDelays(true) lets calls that cannot reach a server take up to 7 s, rather
// than 0.1 s, until they return false.
func (rn *Network) LongDelays(yes bool) {
	rn.enter("Network.LongDelays")
	defer rn.leave()
	rn.longDelays = yes
}

// IsLongDelays returns what LongDelays set last.
func (rn *Network) IsLongDelays() bool {
	rn.look("Network.IsLongDelays")
	defer rn.leave()
	return rn.longDelays
}

// GetTotalCount returns how many calls were accepted, failed ones included.
func (rn *Network) GetTotalCount() int {
	rn.look("Network.GetTotalCount")
	defer rn.leave()
	return rn.count
}

// GetTotalBytes returns the bytes of all requests and of the replies that arrived.
func (rn *Network) GetTotalBytes() int64 {
	rn.look("Network.GetTotalBytes")
	defer rn.leave()
	return rn.bytes
}

// carrier returns who carries the calls of the network on which op was called.
func (rn *Network) carrier(op string) carrier {
	if rn == nil || rn.by == nil {
		panic("labrpc: " + op + " was called on a network that nobody made; labrpc.MakeNetwork makes one")
	}
	return rn.by
}

// enter begins an operation that may change the network.
func (rn *Network) enter(op string) { rn.carrier(op).enter(op) }

// look begins an operation that only reads.
func (rn *Network) look(op string) { rn.carrier(op).lock() }

// leave ends either.
func (rn *Network) leave() { rn.by.leave() }

// comparable says whether all of these can be names, and tells of the first that cannot.
func (rn *Network) comparable(op string, names ...any) bool {
	for _, name := range names {
		if v := reflect.ValueOf(name); v.IsValid() && !v.Comparable() {
			rn.raise(fmt.Errorf("labrpc: %s was given a name of type %v; names must be comparable, such as strings and integers", op, v.Type()))
			return false
		}
	}
	return true
}

// fail tells of a mistake for which the original stops the process. It does not
// return, but to events of a world.
func (rn *Network) fail(err error) { rn.by.fail(err) }

// raise tells of a mistake for which the original panics. It does not return, but to
// events of a world.
func (rn *Network) raise(err error) { rn.by.raise(err) }
