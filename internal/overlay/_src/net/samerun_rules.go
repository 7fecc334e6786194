//go:build unix || windows

package net

import (
	"slices"
	"time"
	_ "unsafe" // for go:linkname
)

// What is asked for by package testing, by way of package runtime, is done here: rules of
// faults begin and end. They hold in the network of the world; that of a bubble that a test
// has made is its own affair.

// These are in package runtime.

//go:linkname samerunObeyFaults
func samerunObeyFaults(begin func([]int64, []string), end func(int), hits func(int) (int64, int64, string), onHit func(func(int, string)), ends func() []string, again func(), sent func(most int) ([]int64, []string))

//go:linkname samerunIsRoot
func samerunIsRoot() bool

func init() {
	if samerunSeeded() {
		samerunObeyFaults(samerunBeginRule, samerunEndRule, samerunRuleHits, samerunOnRuleHit, samerunLinkEnds, samerunRulesAgain, samerunToldTraffic)
	}
}

// samerunOfWorld does something to the network of the world, with its lock. The root of the
// world must not wait for that: if somebody has it, who is in the middle of a system call,
// another goroutine does it as soon as it can be done.
func samerunOfWorld(do func(n *samerunNet)) {
	bubble, key := samerunNetwork()
	if bubble != samerunWorldNet {
		return // sockets are the machine's
	}
	n := samerunNetOf(bubble, key)
	if !n.mu.TryLock() {
		if samerunIsRoot() {
			go func() {
				n.mu.Lock()
				defer n.mu.Unlock()
				do(n)
			}()
			return
		}
		n.mu.Lock()
	}
	defer n.mu.Unlock()
	do(n)
}

func samerunBeginRule(nums []int64, names []string) {
	samerunOfWorld(func(n *samerunNet) {
		// With the lock, by which the race detector knows that these were written before.
		r, problem := samerunRuleOf(nums, names)
		if problem != "" {
			panic("samerun: " + problem)
		}
		now := samerunNow()
		n.settle(now)
		if r.Key != 0 { // a plan has one key for all tests and seeds
			r.Key = samerunMix(r.Key, n.key) | 1
		}
		n.links.Begin(r)
		n.begun(r.Index, now)
		n.edge(now)
	})
}

func samerunEndRule(index int) {
	samerunOfWorld(func(n *samerunNet) {
		now := samerunNow()
		n.settle(now)
		if n.links.EndRule(index) {
			n.edge(now)
		}
	})
}

// samerunLookAtWorld looks at the network of the world, from wherever it is called, and reports
// whether that can be done: the process may be dying while somebody has the lock. There may be no
// network, and f is not called.
func samerunLookAtWorld(f func(n *samerunNet)) bool {
	samerunNets.mu.Lock()
	n := samerunNets.world
	samerunNets.mu.Unlock()
	if n == nil {
		return true
	}
	if !n.mu.TryLock() {
		return false
	}
	defer n.mu.Unlock()
	f(n)
	return true
}

// samerunRuleHits counts -1 if that cannot be looked at.
func samerunRuleHits(index int) (hits, firstAt int64, first string) {
	if !samerunLookAtWorld(func(n *samerunNet) {
		c := n.links.Count(index)
		hits, firstAt, first = c.Hits, c.FirstAt, c.First
	}) {
		hits = -1
	}
	return hits, firstAt, first
}

func samerunOnRuleHit(fn func(index int, what string)) {
	samerunOfWorld(func(n *samerunNet) { n.links.OnHit = fn })
}

// samerunLinkEnds lists the ends of links, each by its names, those of nodes by one.
func samerunLinkEnds() (names []string) {
	samerunLookAtWorld(func(n *samerunNet) {
		for _, e := range n.links.Ends() {
			text := e.Names[0]
			for _, also := range e.Names[1:] {
				text += " = " + also
			}
			names = append(names, text)
		}
	})
	return names
}

func samerunRulesAgain() {
	samerunOfWorld(func(n *samerunNet) { n.edge(samerunNow()) })
}

// again is called when another test begins: it has no rules, and counts its listeners and
// connections anew. The caller has the lock, or is the only one who knows of n.
func (n *samerunNet) again() {
	n.links.Again()
	n.listened = 0
	if n.told != nil {
		n.told.Clear()
	}
}

// begun does what the rules of an index, which have just begun, do to connections at once.
func (n *samerunNet) begun(index int, now time.Time) {
	for _, s := range slices.Clone(n.conns) { // some may go
		if s.closed && s.peer.closed {
			continue
		}
		reset, gone := false, false
		for _, x := range [2]*samerunSock{s, s.peer} {
			p := samerunLinkPiece{Conn: x.way.piece.Conn, Back: x.way.piece.Back}
			r, g := x.way.link.Breaks(index, &p, samerunSinceBegin())
			reset, gone = reset || r, gone || g
		}
		if reset {
			s.breaks(now)
		}
		if gone {
			s.way.gone, s.peer.way.gone = true, true
		}
	}
}

// edge looks anew at everything that the links hold up, or do not any more.
func (n *samerunNet) edge(now time.Time) {
	n.conns = slices.DeleteFunc(n.conns, func(s *samerunSock) bool { return s.closed && s.peer.closed })
	for _, s := range slices.Clone(n.conns) { // some may go
		n.judge(s, now)
	}
	for _, wake := range n.dials {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
	for _, s := range n.boxes {
		if n.sift(s, now, false) {
			s.changed()
		}
	}
}

// settle decides about the datagrams that have come to the far end of their links before
// now, by the rules that were in force until now.
func (n *samerunNet) settle(now time.Time) {
	for _, s := range n.boxes {
		if n.sift(s, now, false) {
			s.changed()
		}
	}
}

// sift decides about the datagrams on their way to s that have come to the far end of their
// links before a moment or, if now is true, at it.
func (n *samerunNet) sift(s *samerunSock, at time.Time, now bool) (news bool) {
	return s.packets.Judge(at, now, func(h samerunHeader, again bool) samerunMailVerdict {
		if h.link == nil {
			return samerunMailPasses
		}
		p := samerunLinkPiece{Nth: h.nth}
		held := h.link.State(&p)
		n.tellSifted(h, held, at, again)
		switch {
		case held.Cut && !held.Clog:
			h.link.HeldUp(&p, samerunSinceBegin())
			return samerunMailLost
		case held.Clog:
			if !again {
				h.link.HeldUp(&p, samerunSinceBegin())
			}
			return samerunMailWaits
		}
		return samerunMailPasses
	})
}

// sendOver sends a datagram over a link. The caller has the lock.
func (n *samerunNet) sendOver(link *samerunLink, r *samerunSock, b []byte, m samerunSending) {
	p := link.NextDatagram(len(b))
	m.link, m.nth = link, p.Number()
	delay := samerunDelay()
	put := func(delay int64, apart, again, wrong bool) bool {
		m.told = n.tellDatagram(link, &p, b, delay, again, wrong)
		room := r.packets.PutAfter(b, m.segment, m.samerunHeader, delay, apart)
		n.tellPut(m.told, r, room)
		return room
	}
	if n.links.Rules == 0 {
		if put(delay, false, false, false) {
			r.changed()
		}
		return
	}
	fate := link.Datagram(&p, samerunSinceBegin(), delay)
	news := false
	if fate.Flip > 0 {
		wrong := n.stock.Copy(b)
		wrong[(fate.Flip-1)/8] ^= 1 << ((fate.Flip - 1) % 8)
		defer n.stock.Keep(wrong)
		b = wrong
	}
	if fate.Ahead {
		m.link = nil // nothing holds it up
	}
	if fate.Lost {
		if number := n.tellDatagram(link, &p, b, fate.Delay, false, false); number != 0 {
			why := samerunTrafficLost
			if link.State(&p).Cut {
				why = samerunTrafficCut
			}
			n.told.Corrects(number, why, 0)
		}
	} else {
		news = put(fate.Delay, fate.Other, false, fate.Flip > 0)
	}
	for _, delay := range fate.Copies {
		news = put(delay, true, true, fate.Flip > 0) || news
	}
	if news {
		r.changed()
	}
}
