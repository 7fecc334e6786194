package scenarios

import (
	"fmt"
	"time"

	"samerun/sim"
)

// Restart crashes nodes that count on disk, and one that restarts itself.
func Restart(w *sim.World) {
	box := newMailbox()
	nodes := start(w, 3, func(i int, nodes []*sim.Node) {
		n := nodes[i]
		for {
			w.Sleep(time.Duration(1+w.Rand().IntN(3)) * ms)
			count := append(n.Load("count"), 1)
			n.Save("count", count)
			w.Link(n, nodes[(i+1)%3]).Send(&sim.Message{Kind: w.Kind("count"), Size: len(count)}, 0, box)
			if i == 2 && len(count)%10 == 0 {
				n.Restart()
			}
		}
	})
	w.Sleep(20 * ms)
	nodes[0].Crash()
	w.Sleep(20 * ms)
	nodes[0].Restart()
	nodes[1].Restart()
	w.Sleep(40 * ms)
	for _, n := range nodes {
		w.Logf("%v: boot %d, %d saved", n, n.Boot(), len(n.Load("count")))
	}
}

// Pause lets a leader that beats its heart sleep through its own removal.
func Pause(w *sim.World) {
	box := newMailbox()
	nodes := start(w, 3, func(i int, nodes []*sim.Node) {
		for beat := 0; i == 0; beat++ {
			for _, peer := range nodes[1:] {
				w.Link(nodes[0], peer).Send(&sim.Message{Kind: w.Kind("beat"), Size: beat}, 0, box)
			}
			w.Sleep(10 * ms)
		}
	})
	w.Sleep(35 * ms)
	nodes[0].Pause()
	w.Sleep(100 * ms)
	nodes[0].Resume()
	w.Sleep(25 * ms)
	nodes[1].Pause()
	w.Sleep(25 * ms)
	nodes[1].Crash()
	w.Sleep(25 * ms)
	nodes[1].Restart()
	w.Sleep(25 * ms)
}

// Clocks has nodes whose clocks are wrong, fast and slow, and one that is set.
func Clocks(w *sim.World) {
	box := newMailbox()
	drifts := []int64{0, 100_000, -100_000, 333}
	nodes := make([]*sim.Node, len(drifts))
	for i, ppm := range drifts {
		n := w.Node(fmt.Sprint("n", i))
		n.Clock().SetDrift(ppm)
		nodes[i] = n
		n.Start(func() {
			for range 20 {
				w.Sleep(10 * ms)
				w.Link(n, nodes[0]).Send(&sim.Message{Kind: w.Kind("time"), Hash: uint64(n.Now().UnixNano())}, 0, box)
			}
		})
	}
	w.Sleep(100 * ms)
	nodes[3].Clock().SetOffset(-time.Hour)
	nodes[1].Clock().SetDrift(-100_000)
	w.Sleep(300 * ms)
}
