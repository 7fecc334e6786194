package sim

import (
	"cmp"
	"fmt"
	"slices"

	"samerun/clock"
	"samerun/internal/keyed"
	"samerun/internal/overlay/leaf/rule"
	"samerun/sched"
	"samerun/sim/fault"
)

// Link is the directed link from one node to another; the way back is another
// link. A link exists for every pair of nodes, from the first use.
//
// Invariants: first..last are the messages in flight in the order of sending,
// held the copies of these that have reached the far end and wait there because
// the link is clogged; counts[2*kind+reply] is how many were sent.
type Link struct {
	w           *World
	from, to    *Node
	id          keyed.Key
	cfg         *LinkConfig // nil: the world's
	cut         bool
	clogged     bool
	stuck       bool // in World.stuck
	counts      []uint64
	sent        [2]uint64     // of all kinds: requests, replies
	found       []*liveFault  // that concern the link, as of version seen
	seen        int           // of the injection
	held        []clock.Event // copies of messages: *firstCopy, *duplicate
	first, last *Message
}

type linkID struct{ from, to int }

// Link returns the directed link between two nodes.
func (w *World) Link(from, to *Node) *Link {
	w.s.Caller("World.Link")
	if from == nil || to == nil || from.w != w || to.w != w {
		w.fail(fmt.Errorf("World.Link(%s, %s): a link needs two nodes of its own world", w.describe(from), w.describe(to)))
		from, to = w.main, w.main // nothing happens on it: the run is over
	}
	id := linkID{from.index, to.index}
	l := w.links[id]
	if l == nil {
		l = &Link{w: w, from: from, to: to, id: keyed.Ident("link").Str(from.name).Str(to.name)}
		w.links[id] = l
	}
	return l
}

func (w *World) describe(n *Node) string {
	switch {
	case n == nil:
		return "no node"
	case n.w != w:
		return n.name + " of another world"
	}
	return n.name
}

// From returns the sending node.
func (l *Link) From() *Node { return l.from }

// To returns the receiving node.
func (l *Link) To() *Node { return l.to }

// String writes "n0 → n1".
func (l *Link) String() string { return l.from.name + " → " + l.to.name }

// Config returns how the link treats messages when no schedule interferes.
func (l *Link) Config() LinkConfig { return *l.config() }

func (l *Link) config() *LinkConfig {
	if l.cfg != nil {
		return l.cfg
	}
	return &l.w.cfg.Link
}

func (l *Link) latency() Durations { return l.config().Latency }

// Set changes how the link treats messages that are sent from now on. Zero
// ranges mean their defaults.
func (l *Link) Set(cfg LinkConfig) {
	if l.w.over("Link.Set") {
		return
	}
	if err := cfg.check(); err != nil {
		l.w.fail(fmt.Errorf("Link.Set(%v): %w", l, err))
		return
	}
	l.cfg = &cfg
	l.w.fault.configured(cfg)
}

// SetLinks changes how every link treats messages that are sent from now on,
// except those links that have a setting of their own.
func (w *World) SetLinks(cfg LinkConfig) {
	if w.over("World.SetLinks") {
		return
	}
	if err := cfg.check(); err != nil {
		w.fail(fmt.Errorf("World.SetLinks: %w", err))
		return
	}
	w.cfg.Link = cfg
	w.fault.configured(cfg)
}

// Cut breaks the link: what is sent while it is cut is dropped at once, and so
// is what arrives while it is cut. A message in flight over a cut that was
// healed before it arrives survives.
func (l *Link) Cut() {
	if l.w.over("Link.Cut") {
		return
	}
	l.w.fault.asked(faultCut)
	if !l.cut {
		l.cut = true
		l.stick()
		l.w.byHand(l, rule.RuleCut, true)
		l.w.record(Record{What: LinkCut, Node: l.from, Peer: l.to})
	}
}

// Heal mends a link that was cut.
func (l *Link) Heal() {
	if !l.w.over("Link.Heal") && l.cut {
		l.cut = false
		l.w.byHand(l, rule.RuleCut, false)
		l.w.record(Record{What: LinkHealed, Node: l.from, Peer: l.to})
	}
}

// Clog stops the link without losing anything: what arrives is held at the far
// end until Release.
func (l *Link) Clog() {
	if l.w.over("Link.Clog") {
		return
	}
	l.w.fault.asked(faultClog)
	if !l.clogged {
		l.clogged = true
		l.stick()
		l.w.byHand(l, rule.RuleClog, true)
		l.w.record(Record{What: LinkClogged, Node: l.from, Peer: l.to})
	}
}

// Release opens a clogged link: what was held arrives at this instant, in an
// order that chance decides (at seed 0, that in which it had come).
func (l *Link) Release() {
	if l.w.over("Link.Release") || !l.clogged {
		return
	}
	l.clogged = false
	l.w.byHand(l, rule.RuleClog, false)
	l.w.record(Record{What: LinkReleased, Node: l.from, Peer: l.to})
	held := l.held
	l.held = nil
	for _, ev := range held {
		l.w.again(ev)
	}
}

// InFlight calls yield with the messages in flight on the link, in the order of
// sending, those held by a clog included. It can be ranged over; the link must
// not be used meanwhile.
func (l *Link) InFlight(yield func(*Message) bool) {
	l.touch(sched.ToRead)
	for m := l.first; m != nil; m = m.next {
		if !yield(m) {
			return
		}
	}
}

// Cut breaks all links between the two sides, both ways. Nodes on neither side
// keep theirs.
func (w *World) Cut(a, b []*Node) { w.between("World.Cut", a, b, (*Link).Cut) }

// Heal mends all links between the two sides, both ways.
func (w *World) Heal(a, b []*Node) { w.between("World.Heal", a, b, (*Link).Heal) }

// HealAll mends every link that is cut and releases every one that is clogged,
// in the order in which their nodes were made.
func (w *World) HealAll() {
	if w.over("World.HealAll") {
		return
	}
	stuck := w.stuck
	w.stuck = nil
	slices.SortFunc(stuck, func(a, b *Link) int {
		return cmp.Or(cmp.Compare(a.from.index, b.from.index), cmp.Compare(a.to.index, b.to.index))
	})
	for _, l := range stuck {
		l.stuck = false
		l.Heal()
		l.Release()
	}
}

// touch says that the present turn uses the link. Messages of several links have to do with
// each other if a schedule or a rule looks at them.
func (l *Link) touch(how sched.Access) {
	s := l.w.s
	switch {
	case l.w.rule != nil:
		s.Touch(nil, how) // it may look at anything
	case l.w.inj != nil:
		s.Touch("the schedule of faults", how)
	}
	s.Touch(l, how)
}

// stick notes a link for HealAll, which then need not look at all of them.
func (l *Link) stick() {
	if !l.stuck {
		l.stuck = true
		l.w.stuck = append(l.w.stuck, l)
	}
}

func (w *World) between(op string, a, b []*Node, do func(*Link)) {
	if w.over(op) {
		return
	}
	for _, x := range a {
		for _, y := range b {
			if x != y {
				do(w.Link(x, y))
				do(w.Link(y, x))
			}
		}
	}
}

// number counts a message: m.Nth is its number among those of its kind and
// direction on the link.
func (l *Link) number(m *Message) {
	i := 2 * int(m.Kind)
	dir := 0
	if m.Reply {
		dir = 1
	}
	for len(l.counts) <= i+1 {
		l.counts = append(l.counts, 0)
	}
	l.counts[i+dir]++
	l.sent[dir]++
	m.Nth = l.counts[i+dir]
}

// sentOf is how many messages of a method and direction were sent on the link.
func (l *Link) sentOf(method string, dir fault.Dir) uint64 {
	pair := l.sent
	if method != "" {
		k, ok := l.w.kinds.ids[method]
		if !ok || 2*int(k)+1 >= len(l.counts) {
			return 0
		}
		pair = [2]uint64{l.counts[2*k], l.counts[2*k+1]}
	}
	switch dir {
	case fault.Request:
		return pair[0]
	case fault.Reply:
		return pair[1]
	}
	return pair[0] + pair[1]
}
