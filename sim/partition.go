package sim

import (
	"fmt"
	"time"

	"samerun/clock"
	"samerun/internal/keyed"
	"samerun/sim/fault"
)

// partition begins a fault of many links at once. What is drawn (who is on which
// side, who is alone) is drawn once, among the nodes that there are when the
// fault begins; the nodes that are only named may be made later.
func (x *liveFault) partition() {
	x.aim()
	switch x.f.Kind {
	case fault.OneWay, fault.Partition:
		x.onLinks()
		return
	case fault.Flapping:
		x.onLinks()
		x.flap(x.round, false)
		return
	}
	nodes := x.resolve(x.f.Nodes)
	if few := fewest(x.f.Kind); len(nodes) < few {
		x.miss(fmt.Sprintf("a %s needs %d nodes, and there were %d", x.f.Kind, few, len(nodes)))
		return
	}
	switch x.f.Kind {
	case fault.Isolate:
		one := nodes[x.key.With(drawIsolate).Below(uint64(len(nodes)))]
		x.noteSides(nodes, func(n *Node) bool { return n == one })
		x.pairs = func(a, b *Node) bool { return a == one || b == one }
	case fault.Split:
		x.shuffle(nodes)
		at := 1 + int(x.key.With(drawSplit).Below(uint64(len(nodes)-1)))
		side := map[*Node]int{}
		for i, n := range nodes {
			side[n] = 1
			if i >= at {
				side[n] = 2
			}
		}
		x.apart(nodes, side)
	case fault.Bridge:
		x.shuffle(nodes)
		half := map[*Node]int{}
		for i, n := range nodes[1:] { // nodes[0] is the bridge
			half[n] = 1 + i%2
		}
		x.apart(nodes, half)
	case fault.Ring:
		x.ring(nodes)
	case fault.Swizzle:
		x.swizzle(nodes)
		return
	}
	x.onLinks()
}

// fewest is how many nodes a partition needs to do anything among them.
func fewest(k fault.Kind) int {
	switch k {
	case fault.Ring:
		return 4
	case fault.Bridge:
		return 3
	case fault.Split:
		return 2
	}
	return 1
}

// apart cuts off from each other the nodes that have a side, and not the same.
func (x *liveFault) apart(nodes []*Node, side map[*Node]int) {
	x.noteSides(nodes, func(n *Node) bool { return side[n] == 1 })
	x.pairs = func(a, b *Node) bool { return side[a] != 0 && side[b] != 0 && side[a] != side[b] }
}

// What is drawn for a fault, each from a key of its own.
const (
	drawIsolate = iota + 1
	drawSplit
	drawShuffle
	drawSwizzle
	drawClogAt
	drawReleaseAt
	drawHit
	drawAmount
	drawCopy
	drawCopyDelay
)

// shuffle puts nodes in an order of the fault's own (Fisher and Yates).
func (x *liveFault) shuffle(nodes []*Node) {
	for i := len(nodes) - 1; i > 0; i-- {
		j := int(x.key.With(drawShuffle).With(uint64(i)).Below(uint64(i + 1)))
		nodes[i], nodes[j] = nodes[j], nodes[i]
	}
}

// ring lets each node hear its nearest neighbours in a ring, as many on either
// side as make a majority with itself.
func (x *liveFault) ring(nodes []*Node) {
	x.shuffle(nodes)
	n := len(nodes)
	reach := (n/2 + 1) / 2
	x.noteSides(nodes, func(n *Node) bool { return n == nodes[0] })
	place := map[*Node]int{}
	for i, node := range nodes {
		place[node] = i + 1
	}
	x.pairs = func(a, b *Node) bool {
		i, j := place[a], place[b]
		if i == 0 || j == 0 {
			return false
		}
		d := i - j
		if d < 0 {
			d = -d
		}
		return min(d, n-d) > reach
	}
}

// flap heals and cuts in turns. round tells an event of an earlier life.
func (x *liveFault) flap(round int, cut bool) {
	w := x.in.w
	w.s.Clock().After(x.f.Period, 0, clock.Func(func() {
		if !x.on || x.round != round || x.in.quiet {
			return
		}
		x.in.setLive(x, cut)
		x.flap(round, !cut)
	}))
}

// swizzle clogs some of the nodes one by one and releases them in another order
// (the swizzle-clog of FoundationDB).
func (x *liveFault) swizzle(nodes []*Node) {
	clk := x.in.w.s.Clock()
	round := x.round
	stuck := map[*Node]bool{}
	x.clogged = func(a, b *Node) bool { return stuck[a] || stuck[b] }
	x.onLinks()
	at := func(d time.Duration, f func()) {
		clk.After(d, 0, clock.Func(func() {
			if x.on && x.round == round && !x.in.quiet {
				f()
			}
		}))
	}
	first := nodes[x.key.With(drawSwizzle).Below(uint64(len(nodes)))] // one at least
	for _, n := range nodes {
		k := x.key.With(n.id.Uint64())
		chosen := n == first || k.With(drawSwizzle).Chance(keyed.Million/2)
		x.noteSides([]*Node{n}, func(*Node) bool { return chosen })
		if !chosen {
			continue
		}
		clog := time.Duration(k.With(drawClogAt).Below(uint64(x.f.Period)))
		free := time.Duration(k.With(drawReleaseAt).Below(uint64(x.f.Period)))
		if x.watched() {
			x.note(n.name, "clog", int64(clog))
			x.note(n.name, "release", int64(free))
		}
		at(clog, func() {
			stuck[n] = true
			x.in.changed()
		})
		if x.f.For > 0 {
			at(x.f.For-x.f.Period+free, func() {
				delete(stuck, n)
				x.in.changed()
				x.release()
			})
		}
	}
}
