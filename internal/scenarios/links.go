package scenarios

import (
	"fmt"
	"time"

	"samerun/sim"
)

// mailbox counts what arrives at each node, and what does not.
type mailbox struct {
	got     map[string]int
	dropped int
}

func newMailbox() *mailbox { return &mailbox{got: map[string]int{}} }

func (b *mailbox) Deliver(m *sim.Message)      { b.got[m.Link().To().Name()]++ }
func (b *mailbox) Drop(*sim.Message, sim.Fate) { b.dropped++ }

// start makes n nodes n0, n1, … that run each(i) on node i.
func start(w *sim.World, n int, each func(i int, nodes []*sim.Node)) []*sim.Node {
	nodes := make([]*sim.Node, n)
	for i := range nodes {
		nodes[i] = w.Node(fmt.Sprint("n", i))
	}
	for i, x := range nodes {
		x.Start(func() { each(i, nodes) })
	}
	return nodes
}

func silent(int, []*sim.Node) {}

// Ping sends requests over lossy links that reorder, until as many replies came.
func Ping(w *sim.World) {
	w.SetLinks(sim.LinkConfig{Latency: sim.Durations{Min: ms, Max: 5 * ms}, Loss: 200_000, Reorder: 100_000})
	nodes := start(w, 2, silent)
	p := &ping{w: w, kind: w.Kind("ping")}
	nodes[0].Go("client", func() {
		for i := 0; p.replies < 20; i++ {
			w.Link(nodes[0], nodes[1]).Send(&sim.Message{Kind: p.kind, Size: i}, 0, p)
			w.Sleep(3 * ms)
		}
	})
	w.Eventually("twenty replies", time.Minute, func() bool { return p.replies >= 20 })
}

type ping struct {
	w       *sim.World
	kind    sim.Kind
	replies int
}

func (p *ping) Deliver(m *sim.Message) {
	if m.Reply {
		p.replies++
		return
	}
	l := m.Link()
	p.w.Link(l.To(), l.From()).Send(&sim.Message{Kind: p.kind, Reply: true, Size: m.Size}, 0, p)
}

func (p *ping) Drop(*sim.Message, sim.Fate) {}

// chatter lets each node send to a random other one, rounds times.
func chatter(w *sim.World, box *mailbox, rounds int) func(i int, nodes []*sim.Node) {
	return func(i int, nodes []*sim.Node) {
		for r := range rounds {
			j := w.Rand().IntN(len(nodes))
			w.Link(nodes[i], nodes[j]).Send(&sim.Message{Kind: w.Kind("chat"), Size: r}, 0, box)
			w.Sleep(time.Duration(1+w.Rand().IntN(4)) * ms)
		}
	}
}

// Partition cuts two of five nodes off, both ways, then one way, and heals.
func Partition(w *sim.World) {
	box := newMailbox()
	nodes := start(w, 5, chatter(w, box, 40))
	w.Sleep(20 * ms)
	w.Cut(nodes[:2], nodes[2:])
	w.Sleep(30 * ms)
	w.Heal(nodes[:2], nodes[2:])
	w.Link(nodes[0], nodes[4]).Cut()
	w.Link(nodes[1], nodes[4]).Cut()
	w.Sleep(30 * ms)
	w.HealAll()
	w.Sleep(200 * ms)
}

// Clog holds the messages of some links and releases them in another order.
func Clog(w *sim.World) {
	box := newMailbox()
	nodes := start(w, 4, chatter(w, box, 30))
	for i := range 3 {
		w.Sleep(5 * ms)
		w.Link(nodes[i], nodes[i+1]).Clog()
		w.Link(nodes[i+1], nodes[i]).Clog()
	}
	w.Sleep(20 * ms)
	for _, i := range []int{1, 0, 2} {
		w.Sleep(5 * ms)
		w.Link(nodes[i], nodes[i+1]).Release()
		w.Link(nodes[i+1], nodes[i]).Release()
	}
	w.Sleep(200 * ms)
}

// Duplicates has links that deliver many messages twice, and one that does not.
func Duplicates(w *sim.World) {
	w.SetLinks(sim.LinkConfig{Latency: sim.Durations{Min: ms, Max: 20 * ms}, Duplicate: 500_000, Loss: 50_000})
	box := newMailbox()
	nodes := start(w, 3, chatter(w, box, 40))
	w.Link(nodes[0], nodes[1]).Set(sim.LinkConfig{Latency: sim.Durations{Min: 2 * ms, Max: 2 * ms}})
	w.Sleep(100 * ms)
	nodes[2].Crash()
	w.Sleep(200 * ms)
}

// Gossip spreads a rumour among fifty nodes.
func Gossip(w *sim.World) {
	g := &gossip{w: w, known: map[string]bool{}}
	g.nodes = start(w, 50, silent)
	g.hear(g.nodes[0])
	w.Eventually("nearly all know", time.Second, func() bool { return len(g.known) >= 45 })
}

type gossip struct {
	w     *sim.World
	nodes []*sim.Node
	known map[string]bool
}

func (g *gossip) hear(n *sim.Node) {
	if g.known[n.Name()] {
		return
	}
	g.known[n.Name()] = true
	n.Go("tell", func() {
		for range 5 {
			peer := g.nodes[n.Rand().IntN(len(g.nodes))]
			g.w.Link(n, peer).Send(&sim.Message{Kind: g.w.Kind("rumour")}, 0, g)
			g.w.Sleep(10 * ms)
		}
	})
}

func (g *gossip) Deliver(m *sim.Message)      { g.hear(m.Link().To()) }
func (g *gossip) Drop(*sim.Message, sim.Fate) {}
