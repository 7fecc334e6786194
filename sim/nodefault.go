package sim

import (
	"slices"
	"time"

	"samerun/sim/fault"
)

// befall begins a fault of nodes. What is done by hand is done at once, and a
// fault that ends undoes nothing but what faults did: a node that two faults
// keep down comes back when the last of them ends, one that was crashed by hand
// does not.
func (x *liveFault) befall() {
	for _, n := range x.resolve(x.f.Nodes) {
		switch {
		case n == x.in.w.main:
			x.miss(missMain)
		case x.f.Kind == fault.Crash:
			x.crash(n)
		case x.f.Kind == fault.Pause:
			x.pause(n)
		case x.f.Kind == fault.Slow:
			x.slow(n)
		}
	}
}

const missMain = "the main node is the scenario itself, which such faults spare"

func (x *liveFault) crash(n *Node) {
	switch {
	case n.boot == nil:
		x.miss("node " + n.name + " was never started")
		return
	case n.up:
		x.fire()
		n.fell = true
		// Last: if the crash is in an operation of the node's own, it does not return.
		defer x.strike(n)
	default:
		x.miss("node " + n.name + " was down already")
	}
	n.downs = append(n.downs, x)
	x.undo = append(x.undo, func() {
		held := n.downs[0] == x
		n.downs = slices.DeleteFunc(n.downs, func(y *liveFault) bool { return y == x })
		switch {
		case !n.fell:
		case len(n.downs) > 0:
			if held {
				n.downs[0].fire() // from now on it is this one that keeps the node down
			}
		default:
			n.start()
		}
	})
}

// strike lets a node crash, which knows by what.
func (x *liveFault) strike(n *Node) {
	n.struckBy = x
	n.crash()
}

func (x *liveFault) pause(n *Node) {
	n.stills = append(n.stills, x)
	switch {
	case !n.up:
		x.miss("node " + n.name + " was down")
	case n.paused:
		x.miss("node " + n.name + " was paused already")
	}
	n.keepStill()
	x.undo = append(x.undo, func() {
		held := n.stills[0] == x
		n.stills = slices.DeleteFunc(n.stills, func(y *liveFault) bool { return y == x })
		switch {
		case !n.stopped:
		case len(n.stills) > 0:
			if held {
				n.stills[0].fire()
			}
		default:
			n.Resume()
		}
	})
}

// keepStill pauses a node that a fault keeps still: also one that starts while
// the fault lasts.
func (n *Node) keepStill() {
	if len(n.stills) > 0 && n.up && !n.paused {
		n.stills[0].fire()
		n.pause()
		n.stopped = true
	}
}

func (x *liveFault) slow(n *Node) {
	n.slowed = append(n.slowed, x)
	if !n.up {
		x.miss("node " + n.name + " was down")
	} else if x.f.PPM > 0 {
		x.fire()
	}
	n.stretch()
	x.undo = append(x.undo, func() {
		n.slowed = slices.DeleteFunc(n.slowed, func(y *liveFault) bool { return y == x })
		n.stretch()
	})
}

// stretch sets how much longer the node's own waits take: the sum of its faults.
func (n *Node) stretch() {
	if n.group == nil {
		return
	}
	var ppm int64
	for _, x := range n.slowed {
		ppm += x.f.PPM
	}
	n.group.Stretch(ppm)
}

// handling is how long a message waits at a slow node before it is handled.
func (n *Node) handling(m *Message) (d time.Duration) {
	for _, x := range n.slowed {
		if _, most := x.f.Delay(); most > 0 {
			d = plus(d, x.delay(m, "handled after", x.roll(m, drawAmount)))
			x.fire()
		}
	}
	return d
}

// endBoot ends the faults that were tied to the incarnation that has crashed,
// but for a crash, which is about the time after it.
func (n *Node) endBoot() {
	for _, list := range [...][]*liveFault{slices.Clone(n.stills), slices.Clone(n.slowed)} {
		for _, x := range list {
			if x.f.Boot > 0 {
				x.edge(false)
			}
		}
	}
}
