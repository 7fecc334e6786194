package sim

import (
	"time"

	"samerun/clock"
	"samerun/internal/keyed"
	"samerun/sim/fault"
)

// partition begins a fault of many links at once. Which side a node is on is
// decided once, when the fault begins.
func (x *liveFault) partition() {
	nodes := x.resolve(x.f.Nodes)
	if x.f.Kind == fault.OneWay {
		x.aim()
		x.onLinks()
		return
	}
	if len(nodes) == 0 {
		return
	}
	switch x.f.Kind {
	case fault.Partition, fault.Flapping:
		side := sides(nodes, 1)
		x.pairs = func(a, b *Node) bool { return side[a] != side[b] }
	case fault.Isolate:
		one := nodes[x.key.With(drawIsolate).Below(uint64(len(nodes)))]
		x.pairs = func(a, b *Node) bool { return a == one || b == one }
	case fault.Split:
		x.shuffle(nodes)
		side := map[*Node]int{}
		if len(nodes) > 1 {
			at := 1 + int(x.key.With(drawSplit).Below(uint64(len(nodes)-1)))
			side = sides(nodes[:at], 1)
			for n, s := range sides(nodes[at:], 2) { //samerun:allow maprange: copies a map
				side[n] = s
			}
		} else {
			x.miss("a split needs two nodes")
		}
		x.pairs = func(a, b *Node) bool { return side[a] != 0 && side[b] != 0 && side[a] != side[b] }
	case fault.Bridge:
		x.shuffle(nodes)
		half := map[*Node]int{}
		for i, n := range nodes[1:] { // nodes[0] is the bridge
			half[n] = 1 + i%2
		}
		x.pairs = func(a, b *Node) bool { return half[a] != 0 && half[b] != 0 && half[a] != half[b] }
	case fault.Ring:
		x.ring(nodes)
	case fault.Swizzle:
		x.swizzle(nodes)
		return
	}
	x.onLinks()
	if x.f.Kind == fault.Flapping {
		x.flap(x.round, false)
	}
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

func sides(nodes []*Node, side int) map[*Node]int {
	m := map[*Node]int{}
	for _, n := range nodes {
		m[n] = side
	}
	return m
}

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
	for i, n := range nodes {
		k := x.key.With(n.id.Uint64())
		if !k.With(drawSwizzle).Chance(keyed.Million/2) && i > 0 {
			continue
		}
		at(time.Duration(k.With(drawClogAt).Below(uint64(x.f.Period))), func() {
			stuck[n] = true
			x.in.version++
		})
		if x.f.For > 0 {
			last := x.f.For - x.f.Period
			at(last+time.Duration(k.With(drawReleaseAt).Below(uint64(x.f.Period))), func() {
				delete(stuck, n)
				x.in.version++
				x.release()
			})
		}
	}
}
