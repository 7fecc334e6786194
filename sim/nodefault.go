package sim

import (
	"slices"
	"time"

	"samerun/clock"
	"samerun/sim/fault"
)

// befall begins a fault of nodes. Crashes and pauses count: a node that two
// faults keep down comes back when the last of them ends.
func (x *liveFault) befall() {
	for _, n := range x.resolve(x.f.Nodes) {
		switch x.f.Kind {
		case fault.Crash:
			x.crash(n)
		case fault.Pause:
			x.pause(n)
		case fault.Slow:
			x.slow(n)
		}
	}
}

func (x *liveFault) crash(n *Node) {
	if n.boot == nil {
		x.miss("node " + n.name + " was never started")
		return
	}
	if n.up {
		x.fire()
		n.Crash()
	}
	n.down++
	x.undo = append(x.undo, func() {
		n.down--
		if n.down == 0 && !n.up {
			n.Restart()
		}
	})
}

func (x *liveFault) pause(n *Node) {
	if n.up && !n.paused {
		x.fire()
		n.Pause()
	}
	n.still++
	x.undo = append(x.undo, func() {
		n.still--
		if n.still == 0 {
			n.Resume()
		}
	})
}

func (x *liveFault) slow(n *Node) {
	n.slowed = append(n.slowed, x)
	n.stretch()
	x.undo = append(x.undo, func() {
		n.slowed = slices.DeleteFunc(n.slowed, func(y *liveFault) bool { return y == x })
		n.stretch()
	})
	if n.up && x.f.PPM > 0 {
		x.fire()
	}
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
			d = plus(d, x.delay(x.roll(m, drawAmount)))
			x.fire()
		}
	}
	return d
}

// clock begins a fault of clocks.
func (x *liveFault) clock() {
	for _, n := range x.resolve(x.f.Nodes) {
		v := n.view
		x.fire()
		switch x.f.Kind {
		case fault.Offset, fault.Jump:
			v.SetOffset(v.Offset() + x.f.Offset)
			undo := func() { v.SetOffset(v.Offset() - x.f.Offset) }
			if x.f.Kind == fault.Offset {
				x.undo = append(x.undo, undo)
			} else {
				x.unjumps = append(x.unjumps, undo)
			}
		case fault.Drift:
			n.drift += x.f.PPM
			v.SetDrift(min(max(n.drift, -clock.MaxDrift), clock.MaxDrift))
			x.undo = append(x.undo, func() {
				n.drift -= x.f.PPM
				v.SetDrift(min(max(n.drift, -clock.MaxDrift), clock.MaxDrift))
			})
		}
	}
}

// unjump takes jumps back: the quiet period has right clocks.
func (x *liveFault) unjump() {
	for _, undo := range x.unjumps {
		undo()
	}
	x.unjumps = nil
}
