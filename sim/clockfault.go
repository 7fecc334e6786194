package sim

import (
	"time"

	"samerun/clock"
	"samerun/sim/fault"
)

// wrongClock is what faults have done to the clock of a node.
//
// Invariants: drift is the sum of the drifts in force, parts per million; while
// it is not 0, mark is what the clock was ahead when it last changed, by faults
// alone; gained is what drifts gained before that; jumped is the sum of the jumps.
type wrongClock struct {
	drift  int64
	mark   time.Duration
	gained time.Duration
	jumped time.Duration
}

// clock begins a fault of clocks. Offsets and drifts of several faults add up. A
// drift that was set by hand gives way to those of faults.
func (x *liveFault) clock() {
	for _, n := range x.resolve(x.f.Nodes) {
		if n == x.in.w.main {
			x.miss(missMain)
			continue
		}
		x.fire()
		switch x.f.Kind {
		case fault.Offset:
			n.shift(x.f.Offset)
			x.undo = append(x.undo, func() { n.shift(-x.f.Offset) })
		case fault.Jump:
			n.shift(x.f.Offset)
			n.wrong.jumped += x.f.Offset
		case fault.Drift:
			n.drift(x.f.PPM)
			x.undo = append(x.undo, func() { n.drift(-x.f.PPM) })
		}
	}
}

// shift sets the node's clock ahead by d more.
func (n *Node) shift(d time.Duration) {
	n.view.SetOffset(n.view.Offset() + d)
	n.wrong.mark += d
}

// drift lets the clock gain ppm more than it does.
func (n *Node) drift(ppm int64) {
	c := &n.wrong
	if c.drift != 0 {
		c.gained += n.view.Offset() - c.mark
	}
	c.mark = n.view.Offset()
	c.drift += ppm
	n.view.SetDrift(min(max(c.drift, -clock.MaxDrift), clock.MaxDrift))
}

// rightClock takes jumps back, and what drifts have gained: the quiet period has
// right clocks. What was set by hand stays.
func (n *Node) rightClock() {
	if d := n.wrong.jumped + n.wrong.gained; d != 0 {
		n.view.SetOffset(n.view.Offset() - d)
	}
	n.wrong = wrongClock{}
}
