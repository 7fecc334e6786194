//samerun:allow rand: a network of ordinary Go draws its seed, once
package labrpc

import (
	"log"
	"math/rand/v2"
	"os"
	"sync"
	"testing"

	"samerun/sim"
)

// plainNet carries calls by goroutines, in the time of package time. Any goroutine may
// use it, but for those of a world.
//
// Invariant: mu is held from enter, or lock, to leave, and nobody waits for anything
// else meanwhile.
type plainNet struct {
	*Network
	mu   sync.Mutex
	seed uint64    // of the luck of its calls; not 0
	pool sync.Pool // of *errand, which nobody uses
	way  passage
	vain int // calls since it was shut
}

// newPlain returns a network of ordinary Go. Two with one seed, and the same calls by
// ends of the same names, have the same luck.
func newPlain(seed uint64) *Network {
	rn := &plainNet{Network: newNetwork(), seed: seed, way: direct{}}
	rn.by = rn
	return rn.Network
}

// newFaulty is newPlain for a network whose messages faults of package net may befall.
func newFaulty(seed uint64) *Network {
	rn := newPlain(seed).by.(*plainNet)
	rn.way = newPost(rn, aSocket)
	return rn.Network
}

// faulty says whether samerun test was asked for faults. The variable means nothing without
// the changed standard library, which adds a method to testing.T.
func faulty() bool {
	_, changed := any((*testing.T)(nil)).(interface{ Samerun() any })
	return changed && os.Getenv("SAMERUN_FAULTS") != ""
}

// anySeed returns a seed which is not 0, the calm one. It is the only draw of a network
// from a stream that others share: what happens to a call is drawn from this seed, the end, the
// method and the number of the call, so that the calls of one end shift those of no other.
func anySeed() uint64 { return 1 + rand.Uint64N(1<<64-1) }

// enter makes sure that the caller is not in a world: a task that waits in real time
// stops its world, and is not repeatable.
func (rn *plainNet) enter(op string) {
	rn.outside(op)
	rn.mu.Lock()
}

func (rn *plainNet) lock()  { rn.mu.Lock() }
func (rn *plainNet) leave() { rn.mu.Unlock() }

func (rn *plainNet) outside(op string) {
	if sim.Current() != nil {
		panic("labrpc: " + op + " was called in a world, on a network that was made outside of it; make the network in the scenario, by labrpc.NewNetwork(w)")
	}
}

// here: all of ordinary Go is one machine, which has the name and the number of the main node of a world,
// so that the same seed means the same luck.
func (rn *plainNet) here() (node string, boot int) { return "main", 1 }

// settle: a server is where everybody is.
func (rn *plainNet) settle(b *binding, srv *Server) { rn.way.open(b) }

// changed has nothing to do: each call looks for itself.
func (rn *plainNet) changed() {}

func (rn *plainNet) fail(err error)  { log.Fatal(err) }
func (rn *plainNet) raise(err error) { panic(err.Error()) }
