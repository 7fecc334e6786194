package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"samerun/clock"
	"samerun/internal/keyed"
	"samerun/sim/fault"
	"samerun/sim/shrink"
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
	missed   string                    // why it found nothing to befall
	from, to []*Node                   // who had the roles in From (or Nodes) and To when it began
	pairs    func(from, to *Node) bool // the cut of a partition that draws its sides
	clogged  func(from, to *Node) bool // a swizzle's clog
	undo     []func()
	disks    []*diskHarm
	onDisks  []*diskRule     // what the host does to files
	rules    []*obeyed       // what the host does to sockets
	held     []clock.Event   // copies stopped by it at the far ends of their links
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

// hit counts an effect on a message that is being sent, and tells whoever wants
// to know which one it was.
func (x *liveFault) hit(m *Message) {
	x.fire()
	if tell := x.in.w.cfg.hit; tell != nil {
		tell(shrink.Hit{Index: x.index, At: x.in.w.Elapsed(), Message: m.link.pick(m, fault.Drop, 0)})
	}
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
	case fault.Links, fault.Sockets:
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

// early says that the fault can be in force from the very start: the first
// message of the run is sent before any event.
func (x *liveFault) early() bool {
	f := x.f
	info, _ := f.Kind.Info()
	if f.At > 0 || info.Group != fault.Links && f.Kind != fault.OneWay && f.Kind != fault.Partition {
		return false
	}
	return !hasRole(f.From) && !hasRole(f.To) && !hasRole(f.Nodes)
}

// picksOnDisk says that the fault is about one operation of a disk, by its number.
func (x *liveFault) picksOnDisk() bool {
	info, _ := x.f.Kind.Info()
	return info.Group == fault.Disks && x.f.Nth > 0
}

func hasRole(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return name[0] == '@' })
}

// aim finds out who has the roles that From and To, or Nodes, name. All other
// names mean the same throughout, also nodes that are made later.
func (x *liveFault) aim() {
	if x.f.Nth > 0 {
		return // whoever has them when the message is sent: see applies
	}
	from := x.f.From
	if len(from) == 0 {
		from = x.f.Nodes
	}
	x.from, x.to = x.roles(from), x.roles(x.f.To)
}

// roles finds the nodes that have the roles among the names now.
func (x *liveFault) roles(names []string) (nodes []*Node) {
	for _, name := range names {
		if name[0] == '@' {
			found := x.in.w.meaning(name)
			if len(found) == 0 {
				x.miss(missing(name))
			}
			nodes = append(nodes, found...)
		}
	}
	return nodes
}

// among says whether the names mean the node; roles are those who have theirs.
func (x *liveFault) among(names []string, roles []*Node, n *Node) bool {
	for _, name := range names {
		switch name[0] {
		case '*':
			if len(name) == 1 && n != x.in.w.main {
				return true
			}
		case '@':
			if slices.Contains(roles, n) {
				return true
			}
		case '%':
			if slices.Contains(x.in.w.domains[name[1:]], n) {
				return true
			}
		}
		if name == n.name {
			return true
		}
	}
	return false
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
			if n != nil && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}

func missing(name string) string {
	switch {
	case strings.HasPrefix(name, "@"):
		return fmt.Sprintf("nobody was %s", name)
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

// concerns says whether the fault is about the link between two nodes now. For
// one that picks a message, a role may be anybody's: see applies.
func (x *liveFault) concerns(from, to *Node) bool {
	f := x.f
	switch {
	case from == to:
		return false
	case x.pairs != nil:
		return x.pairs(from, to)
	case x.clogged != nil:
		return x.clogged(from, to)
	case f.Kind == fault.Partition || f.Kind == fault.Flapping:
		return x.among(f.Nodes, x.from, from) != x.among(f.Nodes, x.from, to)
	case f.Nth > 0:
		return (hasRole(f.From) || x.among(f.From, nil, from)) && (hasRole(f.To) || x.among(f.To, nil, to))
	}
	return x.among(f.From, x.from, from) && x.among(f.To, x.to, to)
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
	if f.Nth == 0 {
		return true
	}
	if f.Nth != m.link.sentOf(f.Method, f.Dir) {
		return false
	}
	l := m.link
	met := x.among(f.From, x.roles(f.From), l.from) && x.among(f.To, x.roles(f.To), l.to)
	x.begun = x.begun || met
	return met
}

// What a fault decides is drawn by the fault and what it meets, and nothing else.

// roll is the key of one decision about a message.
func (x *liveFault) roll(m *Message, what uint64) keyed.Key {
	return x.key.With(m.base.Uint64()).With(what)
}

// chance decides whether the fault hits a message.
func (x *liveFault) chance(m *Message) bool {
	hit := x.roll(m, drawHit).Chance(x.f.PPM)
	if x.watched() {
		x.note(messageID(m), "hit", toInt(hit))
	}
	return hit
}

// delay draws from the fault's range of delays. what tells the delays apart that
// it draws for one message.
func (x *liveFault) delay(m *Message, what string, k keyed.Key) time.Duration {
	lo, hi := x.f.Delay()
	shape := x.f.Shape
	if x.f.Kind != fault.Latency {
		shape = fault.Uniform
	}
	d := shape.Draw(k.Uint64(), lo, hi)
	if x.watched() {
		x.note(messageID(m), what, int64(d))
	}
	return d
}
