package sim

import (
	"fmt"
	"time"
)

// gossip spreads a rumour from the first of n nodes: whoever hears it tells four
// peers in each of three rounds. It returns how many have heard it.
func gossip(w *World, n int) (heard int) {
	nodes := make([]*Node, n)
	for i := range nodes {
		nodes[i] = w.Node(fmt.Sprint("n", i))
	}
	g := &rumour{w: w, kind: w.Kind("rumour"), nodes: nodes, known: make(map[*Node]bool, n)}
	for _, x := range nodes {
		x.Start(func() {})
	}
	g.tell(nodes[0])
	w.Sleep(time.Second)
	return len(g.known)
}

type rumour struct {
	w     *World
	kind  Kind
	nodes []*Node
	known map[*Node]bool
}

func (g *rumour) tell(n *Node) {
	g.known[n] = true
	n.Go("gossip", func() {
		for range 3 {
			for range 4 {
				peer := g.nodes[n.Rand().IntN(len(g.nodes))]
				if peer != n {
					g.w.Link(n, peer).Send(&Message{Kind: g.kind, Size: 100}, 0, g)
				}
			}
			g.w.Sleep(10 * time.Millisecond)
		}
	})
}

func (g *rumour) Deliver(m *Message) {
	if to := m.Link().To(); !g.known[to] {
		g.tell(to)
	}
}

func (g *rumour) Drop(*Message, Fate) {}
