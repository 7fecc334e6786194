//go:build unix || (js && wasm) || wasip1 || windows

package runtime

import "unsafe" // and for go:linkname

// A pipe of os.Pipe is the kernel's. As long as nobody but this process can have one
// of its ends, it is inside: what happens at one end is done by a goroutine of this
// process, which makes those that wait at the other end ready itself, in its own turn.
// The poller never hears of such a pipe. An end is known outside as soon as a program
// asks for its descriptor, to give it to another process or to dup2: then both ends
// are given to the poller, for good.

// samerunPipeEnd is one end of a pipe.
//
// Invariant: inside says that the poller does not know the descriptor. Both ends of a
// pipe are inside, or none is; peer is the other end as long as that is open and both
// are inside.
type samerunPipeEnd struct {
	inside bool
	peer   *pollDesc
}

// samerunPiping is what a goroutine knows that makes a pipe.
type samerunPiping struct {
	on   bool
	last *pollDesc // the end that it has made
}

// samerunPipeMakes says that the descriptors that the caller opens for the poller are
// the ends of one pipe, until it takes that back.
//
//go:linkname samerunPipeMakes os.samerunPipeMakes
func samerunPipeMakes(on bool) {
	gp := getg()
	gp.samerun.piping = samerunPiping{on: on && samerunDrawing(gp)}
}

// samerunPipeMade reports whether pd is an end of a pipe that is made, and keeps it
// from the poller then.
func samerunPipeMade(pd *pollDesc) bool {
	pd.samerun = samerunPipeEnd{}
	p := &getg().samerun.piping
	if !p.on {
		return false
	}
	pd.samerun.inside = true
	if other := p.last; other != nil {
		pd.samerun.peer, other.samerun.peer = other, pd
	}
	p.last = pd
	return true
}

// samerunPipePoint is called where a program reads or writes at pd: it can lose its turn
// at a pipe, as at a channel.
//
//go:linkname samerunPipePoint internal/poll.samerunPipePoint
func samerunPipePoint(pd *pollDesc) {
	if pd == nil || !pd.samerun.inside || !samerunDrawing(getg()) {
		return
	}
	var pcs [20]uintptr
	for _, pc := range pcs[:callers(1, pcs[:])] {
		if samerunPlaceOf(pc).users {
			getg().samerun.wants = uintptr(unsafe.Pointer(pd))
			samerunPoint(pc)
			return
		}
	}
}

// samerunPollReason is for what a goroutine waits at a descriptor.
func samerunPollReason(pd *pollDesc) waitReason {
	if pd.samerun.inside {
		return waitReasonSamerunPipe
	}
	return waitReasonIOWait
}

// samerunPipeInside reports whether pd is an end of a pipe of this process alone.
//
//go:linkname samerunPipeInside internal/poll.samerunPipeInside
func samerunPipeInside(pd *pollDesc) bool { return pd != nil && pd.samerun.inside }

// samerunPipePeer returns the other end of the pipe of pd, if that is open.
//
//go:linkname samerunPipePeer internal/poll.samerunPipePeer
func samerunPipePeer(pd *pollDesc) *pollDesc {
	if pd == nil {
		return nil
	}
	return pd.samerun.peer
}

// samerunPipeMoved says that something has become different at the end pd of a pipe: who
// waits there looks again. mode is 'r', 'w', or both added.
//
//go:linkname samerunPipeMoved internal/poll.samerunPipeMoved
func samerunPipeMoved(pd *pollDesc, mode int) {
	if pd == nil {
		return
	}
	var delta int32
	var rg, wg *g
	if mode != 'w' {
		rg = netpollunblock(pd, 'r', true, &delta)
	}
	if mode != 'r' {
		wg = netpollunblock(pd, 'w', true, &delta)
	}
	netpollAdjustWaiters(delta)
	if rg != nil {
		goready(rg, 0)
	}
	if wg != nil {
		goready(wg, 0)
	}
}

// samerunPipeForget is called when the poller forgets pd.
func samerunPipeForget(pd *pollDesc) {
	if peer := pd.samerun.peer; peer != nil {
		peer.samerun.peer = nil
	}
	pd.samerun = samerunPipeEnd{}
}

// samerunPipeReal gives the pipe of pd to the poller, with both of its ends: another
// process can have one from now on.
//
//go:linkname samerunPipeReal internal/poll.samerunPipeReal
func samerunPipeReal(pd *pollDesc) {
	if pd == nil || !pd.samerun.inside {
		return
	}
	for _, end := range [2]*pollDesc{pd, pd.samerun.peer} {
		if end == nil {
			continue
		}
		end.samerun = samerunPipeEnd{}
		netpollopen(end.fd, end)
		// Who waits here waits for the poller from now on.
		samerunPipeMoved(end, 'r'+'w')
	}
}

// samerunVirtual reports whether deadlines for pd go by the clock of the caller's bubble:
// those of a pipe that is inside, and all in a test, because a goroutine that waits at a
// descriptor lets time pass there.
//
//go:linkname samerunVirtual internal/poll.samerunVirtual
func samerunVirtual(pd *pollDesc) bool {
	gp := getg()
	return samerunDrawing(gp) && (pd.samerun.inside || gp.bubble.samerun.whole)
}
