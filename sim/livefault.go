package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"samerun/internal/keyed"
	"samerun/sim/fault"
)

// liveFault is one element of a schedule at work.
//
// Invariants: on says that it has begun and not ended; key decides everything
// that chance leaves to this fault, and depends on nothing but the seed and the
// fault itself; undo holds what must be done at its end.
type liveFault struct {
	in    *injection
	f     *fault.Fault
	index int
	id    keyed.Key  // identity
	key   keyed.Key  // of its decisions
	of    *liveFault // the element, if this is it for one of several nodes
	only  *Node      // the node to whose start it is tied

	on       bool
	begun    bool
	fired    uint64
	missed   string // why it found nothing to befall
	from, to []*Node
	all      [2]bool                   // from and to mean every node
	pairs    func(from, to *Node) bool // a partition's cut
	clogged  func(from, to *Node) bool // a swizzle's clog
	undo     []func()
	unjumps  []func()
	counts   []func()        // bring fired up to date
	held     []*Message      // stopped by it at the far ends of their links
	busy     map[*Link]*pipe // of a bandwidth
	round    int             // of flapping and swizzle; tells old events
}

// fire counts an effect.
func (x *liveFault) fire() {
	if x.of != nil {
		x.of.fired++
	}
	x.fired++
}

// edge begins or ends the fault.
func (x *liveFault) edge(begin bool) {
	if x.in.quiet || x.on == begin {
		return
	}
	w := x.in.w
	x.on = begin
	x.round++
	if !begin {
		w.record(Record{What: FaultEnds, N: uint64(x.index), Text: x.f.String()})
		undo := x.undo
		x.undo = nil
		for i := len(undo) - 1; i >= 0; i-- {
			undo[i]()
		}
		return
	}
	x.begun = true
	if x.of != nil {
		x.of.begun = true
	}
	w.record(Record{What: FaultBegins, N: uint64(x.index), Text: x.f.String()})
	info, _ := x.f.Kind.Info()
	switch info.Group {
	case fault.Links:
		x.aim()
		x.onLinks()
	case fault.Partitions:
		x.partition()
	case fault.Nodes:
		x.befall()
	case fault.Clocks:
		x.clock()
	case fault.Disks:
		x.disk()
	}
}

// onLinks lets the links look at the fault until its end.
func (x *liveFault) onLinks() {
	x.in.setLive(x, true)
	x.undo = append(x.undo, func() {
		x.in.setLive(x, false)
		x.release()
	})
}

// aim finds out which links From and To mean.
func (x *liveFault) aim() {
	x.from, x.all[0] = x.resolveLink(x.f.From)
	x.to, x.all[1] = x.resolveLink(x.f.To)
}

// resolveLink is resolve for names that stand for ends of links: nodes that are
// made later count too where all are meant.
func (x *liveFault) resolveLink(names []string) (nodes []*Node, all bool) {
	return x.resolve(names), slices.Contains(names, "*")
}

// resolve finds the nodes that names mean now. It notes the names that mean none.
func (x *liveFault) resolve(names []string) []*Node {
	if x.only != nil {
		return []*Node{x.only}
	}
	w := x.in.w
	var out []*Node
	for _, name := range names {
		found := w.meaning(name)
		if len(found) == 0 {
			x.miss(missing(name))
		}
		for _, n := range found {
			if n != nil && n != w.main && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}

func missing(name string) string {
	switch {
	case strings.HasPrefix(name, "@"):
		return fmt.Sprintf("nobody had the role %s when it began", name)
	case strings.HasPrefix(name, "%"):
		return fmt.Sprintf("there is no failure domain %s", name)
	}
	return fmt.Sprintf("there was no node %s", name)
}

// meaning returns the nodes that one name means now.
func (w *World) meaning(name string) []*Node {
	switch {
	case name == "*":
		return w.nodes[1:]
	case strings.HasPrefix(name, "@"):
		if find := w.roles[name[1:]]; find != nil {
			return find()
		}
		return nil
	case strings.HasPrefix(name, "%"):
		return w.domains[name[1:]]
	}
	if n := w.names[name]; n != nil {
		return []*Node{n}
	}
	return nil
}

// means says whether a name means the node, now.
func (w *World) means(name string, n *Node) bool {
	return slices.Contains(w.meaning(name), n)
}

func (x *liveFault) miss(why string) {
	if x.missed == "" {
		x.missed = why
	}
	if x.of != nil {
		x.of.miss(why)
	}
}

// whyNot says why a fault never took effect.
func (x *liveFault) whyNot() string {
	f := x.f
	switch {
	case f.Nth > 0 && x.missed == "":
		most := uint64(0)
		w := x.in.w
		for _, a := range w.nodes {
			for _, b := range w.nodes {
				if l := w.links[linkID{a.index, b.index}]; l != nil && x.concerns(a, b) {
					most = max(most, l.sentOf(f.Method, f.Dir))
				}
			}
		}
		return fmt.Sprintf("message #%d was not sent: there were %d", f.Nth, most)
	case x.missed != "":
		return x.missed
	case !x.begun && f.Boot > 0:
		return fmt.Sprintf("there was no boot %d", f.Boot)
	case !x.begun:
		return "the run ended before"
	}
	return "it met nothing: no message came its way, or the node was in that state already"
}

// concerns says whether the fault is about the link between two nodes now.
func (x *liveFault) concerns(from, to *Node) bool {
	switch {
	case from == to:
		return false
	case x.pairs != nil:
		return x.pairs(from, to)
	case x.clogged != nil:
		return x.clogged(from, to)
	}
	main := x.in.w.main
	return member(x.from, x.all[0], from, main) && member(x.to, x.all[1], to, main)
}

func member(nodes []*Node, all bool, n, main *Node) bool {
	return all && n != main || slices.Contains(nodes, n)
}

// applies says whether a fault of a link is about this message.
func (x *liveFault) applies(m *Message) bool {
	f := x.f
	if f.Dir != fault.Both && (f.Dir == fault.Reply) != m.Reply {
		return false
	}
	if f.Method != "" && x.in.w.kinds.names[m.Kind] != f.Method {
		return false
	}
	return f.Nth == 0 || f.Nth == m.link.sentOf(f.Method, f.Dir)
}

// roll draws for a message: by the fault and the message, and nothing else.
func (x *liveFault) roll(m *Message, what uint64) keyed.Key {
	return x.key.With(m.base.Uint64()).With(what)
}

// delay draws from the fault's range of delays.
func (x *liveFault) delay(k keyed.Key) time.Duration {
	lo, hi := x.f.Delay()
	return x.f.Shape.Draw(k, lo, hi)
}
