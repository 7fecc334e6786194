package raft

import (
	"math/rand/v2"
	"time"

	"samerun/sim"
)

// Chaos disturbs the cluster for d of virtual time, and then mends everything: all
// links are healed, all servers run. What happens is drawn from the generator of the
// calling task's node. Faults come one after the other and last for a while, so that
// several overlap; nothing keeps a majority alive.
func (c *Cluster) Chaos(d time.Duration) {
	r := c.w.Rand()
	end := c.w.Elapsed() + d
	for {
		wait := between(r, 30, 400)
		if c.w.Elapsed()+wait >= end {
			break
		}
		c.w.Sleep(wait)
		mend := c.disturb(r)
		c.w.Go("mend", func() {
			c.w.Sleep(between(r, 50, 1500))
			mend()
		})
	}
	c.w.Sleep(end - c.w.Elapsed())
	c.Mend()
}

// Mend ends all faults: links are healed and calm, servers run, clocks are right.
func (c *Cluster) Mend() {
	c.net.Reliable(true)
	c.net.LongReordering(false)
	c.w.HealAll()
	for _, n := range c.Nodes() {
		n.Clock().SetOffset(0)
		n.Clock().SetDrift(0)
		n.Resume()
		restart(n)
	}
	c.everyLink(func(l *sim.Link) { l.Set(sim.DefaultLink()) })
}

// disturb begins one fault, and returns what ends it.
func (c *Cluster) disturb(r *rand.Rand) (mend func()) {
	nodes := c.Nodes()
	switch r.IntN(13) {
	case 0: // a partition
		a, b := split(r, nodes)
		c.w.Cut(a, b)
		return func() { c.w.Heal(a, b) }
	case 1: // the leader alone
		a, b := apart(c.victim(r), nodes)
		c.w.Cut(a, b)
		return func() { c.w.Heal(a, b) }
	case 2: // one side hears the other, but not the other way round
		a, b := split(r, nodes)
		c.oneWay(a, b, (*sim.Link).Cut)
		return func() { c.oneWay(a, b, (*sim.Link).Heal) }
	case 3: // messages are held back, and come all at once
		a, b := apart(c.victim(r), nodes)
		if r.IntN(2) == 0 {
			a, b = b, a
		}
		c.oneWay(a, b, (*sim.Link).Clog)
		return func() { c.oneWay(a, b, (*sim.Link).Release) }
	case 4: // a leader that does not notice how time goes by
		n := c.victim(r)
		n.Pause()
		return n.Resume
	case 5, 6, 7: // crashes, often of the leader
		n := c.victim(r)
		n.Crash()
		return func() { restart(n) }
	case 8: // a minority or a majority
		down, _ := split(r, nodes)
		for _, n := range down {
			n.Crash()
		}
		return func() { restart(down...) }
	case 9: // links that lose, repeat and reorder
		c.everyLink(func(l *sim.Link) { l.Set(lossy(r)) })
		return func() { c.everyLink(func(l *sim.Link) { l.Set(sim.DefaultLink()) }) }
	case 10: // a clock that jumps, and runs fast or slow
		clock := c.victim(r).Clock()
		clock.SetOffset(between(r, -1000, 1000))
		clock.SetDrift(r.Int64N(sim.Million/2) - sim.Million/4)
		return func() { clock.SetOffset(0); clock.SetDrift(0) }
	case 11: // the unreliable network of the MIT labs
		c.net.Reliable(false)
		return func() { c.net.Reliable(true) }
	default: // and its late replies
		c.net.LongReordering(true)
		return func() { c.net.LongReordering(false) }
	}
}

// lossy draws how one link misbehaves.
func lossy(r *rand.Rand) sim.LinkConfig {
	cfg := sim.DefaultLink()
	cfg.Latency.Max = between(r, 1, 40)
	cfg.Loss = r.Int64N(sim.Million / 3)
	cfg.Duplicate = r.Int64N(sim.Million / 3)
	cfg.Reorder = r.Int64N(sim.Million / 3)
	cfg.Late = sim.Durations{Min: time.Millisecond, Max: 400 * time.Millisecond}
	return cfg
}

// victim returns the leader, or half of the time any node.
func (c *Cluster) victim(r *rand.Rand) *sim.Node {
	n := c.servers[r.IntN(len(c.servers))].node
	if l := c.Leader(); l != nil && r.IntN(2) == 0 {
		return l
	}
	return n
}

// split deals the nodes out to two sides. One may be empty.
func split(r *rand.Rand, nodes []*sim.Node) (a, b []*sim.Node) {
	for _, n := range nodes {
		if r.IntN(2) == 0 {
			a = append(a, n)
		} else {
			b = append(b, n)
		}
	}
	return a, b
}

// apart returns one node, and the others.
func apart(one *sim.Node, nodes []*sim.Node) (a, b []*sim.Node) {
	for _, n := range nodes {
		if n != one {
			b = append(b, n)
		}
	}
	return []*sim.Node{one}, b
}

// restart starts the nodes that are down.
func restart(nodes ...*sim.Node) {
	for _, n := range nodes {
		if !n.Up() {
			n.Restart()
		}
	}
}

// oneWay does something to each link that leads from a to b.
func (c *Cluster) oneWay(a, b []*sim.Node, do func(*sim.Link)) {
	for _, from := range a {
		for _, to := range b {
			do(c.w.Link(from, to))
		}
	}
}

func (c *Cluster) everyLink(do func(*sim.Link)) {
	nodes := c.Nodes()
	for _, n := range nodes {
		one, others := apart(n, nodes)
		c.oneWay(one, others, do)
	}
}

// between draws a duration from min to max milliseconds.
func between(r *rand.Rand, min, max int64) time.Duration {
	return time.Duration(min*1e6 + r.Int64N((max-min)*1e6))
}
