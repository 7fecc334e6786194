// Package link is what faults do on the links of a test's network: package net gets it
// from internal/overlay/bundle.
//
// A link is directed, from one end to another. An end is a node; or, where there are no
// nodes, the test function that dials, or a listener. Package net asks a Link about each
// piece of a stream, each datagram and each dial, and Links says what the rules that are in
// force do to it. Nothing here waits or looks at a clock.
//
// What is left to chance is drawn from a hash of the rule's key, the link, the n-th
// connection, the n-th piece and the direction, and from nothing else: a rule that is taken
// away changes none of the others' draws.
package link

import (
	"slices"

	"samerun/internal/overlay/leaf/mix"
	"samerun/internal/overlay/leaf/rule"
)

// LinkEnd is an end of links.
type LinkEnd struct {
	Node  int      // its number, 0 for none
	Names []string // what rules may call it; the first one is for reports

	place  int
	key    uint64
	met    bool // in the test that runs
	passes bool // it has its first name for one test only
}

// Name is what reports call the end.
func (e *LinkEnd) Name() string { return e.Names[0] }

// isOf reports whether e is one of some ends.
func (e *LinkEnd) isOf(some *rule.RuleEnds) bool {
	listed := e.Node > 0 && slices.Contains(some.Nodes, e.Node) || e.Node == 0 && slices.Contains(some.Nodes, 0)
	for _, name := range e.Names {
		listed = listed || slices.Contains(some.Names, name)
	}
	return listed != some.All
}

// Links are the links of a network, and the rules that are in force. The zero Links has
// none. It has no lock of its own.
//
// Invariants: rules are sorted by index, those of one index in the order in which they
// began; version changes whenever rules do; Rules is how many they are, and Holding how
// many of them may hold a datagram up, or lose it, at the far end of its link.
type Links struct {
	Rules   int                          // nobody need ask where this is 0
	Holding int                          // nobody need ask State of datagrams where this is 0
	OnHit   func(index int, what string) // is told what chance has done, as the pick that does the same
	ends    []*LinkEnd
	links   map[[2]int]*Link
	list    []*Link // all of them
	rules   []*LinkRule

	version int
	counts  map[int]*LinkCount
}

// LinkCount is how often the rules of an index took effect.
type LinkCount struct {
	Hits    int64
	FirstAt int64  // when it did for the first time
	First   string // on what
}

// LinkRule is a rule in force.
type LinkRule struct {
	rule.Rule
	count *LinkCount
	wires map[*Link]*linkWire
}

// Link is the way from one end to another.
type Link struct {
	From, To *LinkEnd

	all    *Links
	key    uint64
	conns  uint64    // connections that From has dialled
	pieces [3]uint64 // pieces and datagrams so far: all, by who dialled, by who was dialled
	grams  uint64    // datagrams
	seen   int
	found  []*LinkRule
}

// End returns the end of a node, or else that of a name; also are further names.
func (t *Links) End(node int, name string, also ...string) *LinkEnd {
	for _, e := range t.ends {
		if e.Node == node && e.Names[0] == name {
			e.met = true
			return e
		}
	}
	e := &LinkEnd{Node: node, Names: append([]string{name}, also...)}
	t.add(e)
	return e
}

// Listener returns a new end of no node. Its name is for the test that runs; later ones know
// it by its address.
func (t *Links) Listener(name, address string) *LinkEnd {
	e := &LinkEnd{Names: []string{name, address}, passes: true}
	t.add(e)
	return e
}

func (t *Links) add(e *LinkEnd) {
	e.place, e.met = len(t.ends), true
	e.setKey()
	t.ends = append(t.ends, e)
}

func (e *LinkEnd) setKey() {
	if e.key = mix.MixString(0x656e64, e.Names[0]); e.Node > 0 {
		e.key = mix.Mix(0x6e6f6465, uint64(e.Node))
	}
}

// Ends lists the ends of the test that runs, in the order in which they were made.
func (t *Links) Ends() (met []*LinkEnd) {
	for _, e := range t.ends {
		if e.met {
			met = append(met, e)
		}
	}
	return met
}

// Link returns the link between two ends; nil if they are one: nothing befalls what stays
// within a machine.
func (t *Links) Link(from, to *LinkEnd) *Link {
	if from == to || from == nil || to == nil {
		return nil
	}
	at := [2]int{from.place, to.place}
	l := t.links[at]
	if l == nil {
		if t.links == nil {
			t.links = make(map[[2]int]*Link)
		}
		l = &Link{From: from, To: to, all: t, seen: -1}
		l.key = mix.Mix(from.key, to.key)
		t.links[at] = l
		t.list = append(t.list, l)
	}
	from.met, to.met = true, true
	return l
}

// Back is the way back.
func (l *Link) Back() *Link { return l.all.Link(l.To, l.From) }

// Count returns how often the rules of an index took effect.
func (t *Links) Count(index int) LinkCount {
	if c := t.counts[index]; c != nil {
		return *c
	}
	return LinkCount{}
}

// Begin puts a rule in force.
func (t *Links) Begin(r rule.Rule) {
	if t.counts == nil {
		t.counts = make(map[int]*LinkCount)
	}
	c := t.counts[r.Index]
	if c == nil {
		c = new(LinkCount)
		t.counts[r.Index] = c
	}
	x := &LinkRule{r, c, nil}
	at := len(t.rules)
	for at > 0 && t.rules[at-1].Index > r.Index {
		at--
	}
	t.rules = slices.Insert(t.rules, at, x)
	t.changed()
}

// EndRule ends the rules of an index, or all for -1, and reports whether there were any.
func (t *Links) EndRule(index int) bool {
	n := len(t.rules)
	t.rules = slices.DeleteFunc(t.rules, func(x *LinkRule) bool { return x.Index == index || index == -1 })
	t.changed()
	return len(t.rules) < n
}

// Again forgets rules and counts: another test begins, in which listeners of earlier ones go
// by their addresses.
func (t *Links) Again() {
	for _, e := range t.ends {
		if e.met = false; e.passes {
			e.Names, e.passes = e.Names[1:], false
			e.setKey()
		}
	}
	for _, l := range t.list {
		l.key = mix.Mix(l.From.key, l.To.key)
		l.conns, l.pieces, l.grams = 0, [3]uint64{}, 0
	}
	t.OnHit, t.rules, t.counts = nil, nil, nil
	t.changed()
}

func (t *Links) changed() {
	t.version++
	t.Rules, t.Holding = len(t.rules), 0
	for _, x := range t.rules {
		if x.Nth == 0 && (x.Kind == rule.RuleCut || x.Kind == rule.RuleClog || x.Kind == rule.RuleLoss && x.PPM >= rule.Million) {
			t.Holding++
		}
	}
}

// rules returns those that concern the link now.
func (l *Link) rules() []*LinkRule {
	if l.seen != l.all.version {
		l.seen = l.all.version
		l.found = l.found[:0]
		for _, x := range l.all.rules {
			if l.From.isOf(&x.From) && l.To.isOf(&x.To) {
				l.found = append(l.found, x)
			}
		}
	}
	return l.found
}

// Dial counts a connection that From dials, and returns how manieth it is, from 1.
func (l *Link) Dial() uint64 {
	l.conns++
	return l.conns
}

// LinkPiece is a piece of a stream, a datagram, or a dial.
type LinkPiece struct {
	Conn uint64 // the connection: how manieth of those that were dialled on the link, or on the way back; 0 for datagrams
	Nth  uint64 // how manieth piece of it in its direction, or datagram of the link, from 1; 0 for the dial
	Back bool   // who was dialled sends it
	Size int

	nth [2]uint64 // how manieth piece of the link, in both directions and in its own
}

// dir is the direction of the piece, as rules have it.
func (p *LinkPiece) dir() int {
	if p.Back {
		return 2
	}
	return 1
}

// NextDatagram counts a datagram that is sent, and returns it.
func (l *Link) NextDatagram(size int) LinkPiece {
	l.grams++
	l.pieces[0]++
	l.pieces[1]++
	return LinkPiece{Size: size, Nth: l.grams, nth: [2]uint64{l.pieces[0], l.pieces[1]}}
}

// Number is how manieth piece or datagram of the link it is.
func (p *LinkPiece) Number() uint64 { return p.nth[0] }

// Piece counts a piece of a stream that is sent.
func (l *Link) Piece(p *LinkPiece) {
	p.Nth++
	l.pieces[0]++
	if p.Back {
		l.pieces[2]++
	} else {
		l.pieces[1]++
	}
}

// Concerned reports whether there is any rule for what goes over the link, and lets the piece
// that was counted last know how manieth it is.
func (l *Link) Concerned(p *LinkPiece) bool {
	if l.all.Rules == 0 || len(l.rules()) == 0 {
		return false
	}
	p.nth = [2]uint64{l.pieces[0], l.pieces[p.dir()]}
	return true
}

// applies reports whether the rule is about the piece at all.
func (x *LinkRule) applies(p *LinkPiece) bool {
	if x.Dir != 0 && x.Dir != p.dir() || x.Conn != 0 && x.Conn != p.Conn {
		return false
	}
	switch {
	case x.Nth == 0:
		return true
	case x.Conn != 0:
		return x.Nth == p.Nth
	case x.Dir != 0:
		return x.Nth == p.nth[1]
	}
	return x.Nth == p.nth[0]
}

// draw is the key of one decision of the rule about a piece; 0 if it is calm.
func (x *LinkRule) draw(l *Link, p *LinkPiece, what uint64) uint64 {
	if x.Key == 0 {
		return 0
	}
	k := mix.Mix(mix.Mix(mix.Mix(x.Key, l.key), p.Conn), p.Nth)
	return mix.Mix(mix.Mix(k, uint64(p.dir())), what) | 1
}

// What is drawn for a piece.
const (
	linkDrawChance = iota + 1
	linkDrawTime
	linkDrawCopy
	linkDrawBit
	linkDrawAgain // and on, for each time that it is sent again
)
