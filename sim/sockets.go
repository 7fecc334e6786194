package sim

import (
	"fmt"
	"slices"
	"time"

	"samerun/internal/overlay/leaf/rule"
	"samerun/sim/fault"
)

// In a world of goroutines, what faults do to links they do to sockets, too. Whom a fault
// concerns is decided here, as for messages: by roles, domains, and the sides of partitions.
// The host is told the links one by one, as rules in numbers (leaf/rule), and decides by
// the fault's own key what becomes of each connection, piece and datagram.

// socketRules are the rules that the host obeys now.
//
// Invariants: next has never been used as an index; hand has the rules of links that are
// cut or clogged by hand.
type socketRules struct {
	next int
	hand map[handRule]int
	of   []*liveFault // by index, nil for those that no fault has begun; no map, as in savedItem
}

// handRule is what was done to a link by hand.
type handRule struct {
	l    *Link
	kind rule.Kind
}

// obeyed is one rule of a fault in force.
type obeyed struct {
	index int
	links string // from whom to whom: a rule that says the same goes on
	hits  uint64 // counted so far
}

// byHand begins or ends what is done to a link by hand.
func (w *World) byHand(l *Link, kind rule.Kind, on bool) {
	if w.host == nil {
		return
	}
	s := &w.sockets
	key := handRule{l, kind}
	if index, is := s.hand[key]; is && !on {
		w.host.EndRule(index)
		delete(s.hand, key)
		return
	}
	if on {
		r := rule.Rule{Kind: kind, From: rule.RuleEnds{Nodes: []int{l.from.machine}}, To: rule.RuleEnds{Nodes: []int{l.to.machine}}}
		s.hand[key] = w.beginRule(&r)
	}
}

// beginRule begins a rule under an index of its own.
func (w *World) beginRule(r *rule.Rule) (index int) {
	r.Index = w.sockets.next
	w.sockets.next++
	w.host.Rule(r.Flat())
	return r.Index
}

// changed is called when other faults concern links than before, or other links.
func (in *injection) changed() {
	in.version++
	if in.w.host == nil {
		return
	}
	for _, x := range in.all {
		x.obey()
	}
}

// newLinks is called when a node was made, which a fault in force may name.
func (w *World) newLinks() {
	if w.host != nil && w.inj != nil {
		w.inj.changed()
		w.inj.setPicks()
	}
}

// obey begins and ends rules of the fault, so that they are those that it has now.
func (x *liveFault) obey() {
	var groups []*rule.Rule
	if kind, is := x.socketKind(); is && slices.Contains(x.in.live, x) {
		groups = x.socketGroups(kind)
	}
	var kept []*obeyed
	for _, r := range groups {
		links := linksOf(r)
		if i := slices.IndexFunc(x.rules, func(o *obeyed) bool { return o.links == links }); i >= 0 {
			kept = append(kept, x.rules[i])
			x.rules = slices.Delete(x.rules, i, i+1)
			continue
		}
		index := x.in.w.beginRule(r)
		of := &x.in.w.sockets.of
		for len(*of) <= index {
			*of = append(*of, nil)
		}
		(*of)[index] = x
		kept = append(kept, &obeyed{index: index, links: links})
	}
	for _, o := range x.rules {
		x.countHits(o)
		x.in.w.host.EndRule(o.index)
	}
	x.rules = kept
}

// countHits brings the fault's own count up to date.
func (x *liveFault) countHits(o *obeyed) {
	now := uint64(x.in.w.host.Hits(o.index))
	for ; o.hits < now; o.hits++ {
		x.fire()
	}
}

// socketKind is what the fault does to sockets; false if it befalls messages by method, or
// by who has a role when one is sent.
func (x *liveFault) socketKind() (rule.Kind, bool) {
	if x.f.Method != "" || x.f.Nth > 0 && (hasRole(x.f.From) || hasRole(x.f.To)) {
		return 0, false
	}
	switch x.f.Kind {
	case fault.OneWay, fault.Partition, fault.Isolate, fault.Split, fault.Ring, fault.Bridge, fault.Flapping:
		return rule.RuleCut, true
	case fault.Swizzle:
		return rule.RuleClog, true
	}
	kind := rule.KindOf(string(x.f.Kind))
	return kind, kind != 0
}

// socketGroups are the links that the fault concerns: for each set of receivers those who
// send to them.
func (x *liveFault) socketGroups(kind rule.Kind) (groups []*rule.Rule) {
	f, nodes := x.f, x.in.w.nodes
	for _, from := range nodes {
		var to []int
		for _, n := range nodes {
			if x.concerns(from, n) {
				to = append(to, n.machine)
			}
		}
		if len(to) == 0 {
			continue
		}
		if i := slices.IndexFunc(groups, func(r *rule.Rule) bool { return slices.Equal(r.To.Nodes, to) }); i >= 0 {
			groups[i].From.Nodes = append(groups[i].From.Nodes, from.machine)
			continue
		}
		lo, hi := f.Delay()
		end := int64(-1)
		if at, ends := x.ends(); ends {
			end = x.in.w.host.Now() + int64(at-x.in.w.Elapsed())
		}
		groups = append(groups, &rule.Rule{
			Kind: kind, Key: x.key.Uint64(), Dir: int(f.Dir), PPM: f.PPM, Shape: int(f.Shape), Min: int64(lo), Max: int64(hi),
			Bytes: f.Bytes, Queue: int64(f.Queue), Conn: f.Conn, Nth: f.Nth, End: end,
			From: rule.RuleEnds{Nodes: []int{from.machine}}, To: rule.RuleEnds{Nodes: to},
		})
	}
	return groups
}

// ends is when the fault will end; false if nobody knows.
func (x *liveFault) ends() (at time.Duration, ends bool) {
	at, ends = x.f.End()
	if q := x.in.plan.Quiet; q > 0 && (!ends || at > q) {
		return q, true
	}
	return at, ends
}

// linksOf names the links of a rule.
func linksOf(r *rule.Rule) string {
	return fmt.Sprint(r.From.Nodes, r.To.Nodes)
}
