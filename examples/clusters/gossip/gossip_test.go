package gossip

import (
	"fmt"
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// trouble is a plan: datagrams are lost, doubled and overtaken all the time, and the network
// falls apart in several ways; members crash, and come back with nothing.
func trouble() fault.Plan {
	ms := time.Millisecond
	return fault.Mix{Name: "trouble", Rules: []fault.Rule{
		{Kind: fault.Loss, PPM: fault.Range{Min: 10_000, Max: 200_000}},
		{Kind: fault.Duplicate, PPM: fault.Range{Min: 1_000, Max: 50_000}},
		{Kind: fault.Reorder, PPM: fault.Range{Min: 5_000, Max: 200_000}, Delay: fault.Durations{Min: 2 * ms, Max: 100 * ms}},
		{Kind: fault.Partition, Rate: 10, For: fault.Durations{Min: time.Second, Max: 15 * time.Second}},
		{Kind: fault.OneWay, Rate: 5, For: fault.Durations{Min: time.Second, Max: 15 * time.Second}},
		{Kind: fault.Split, Rate: 5, For: fault.Durations{Min: time.Second, Max: 10 * time.Second}},
		{Kind: fault.Crash, Rate: 10, For: fault.Durations{Min: 100 * ms, Max: 15 * time.Second}},
	}, Window: 15 * time.Second}
}

// Twenty members lose sight of each other, and find each other again when it is quiet.
func TestConverges(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		const size = 20
		var names []string
		for i := range size {
			names = append(names, fmt.Sprintf("n%d", i+1))
		}
		var members []*member
		for _, name := range names {
			m := &member{node: w.Node(name)}
			members = append(members, m)
			m.node.Run(func() error { return m.serve(names) })
		}
		quiet := w.Inject(trouble(), 30*time.Second).Quiet

		all := func() bool {
			for _, m := range members {
				if m.sees() != size {
					return false
				}
			}
			return true
		}
		met := false
		for w.Elapsed() < quiet {
			time.Sleep(500 * time.Millisecond)
			met = met || all()
			w.Sometimes("all have met, and then lost sight of one", met && !all())
		}
		for end := w.Elapsed() + 2*time.Minute; !all(); time.Sleep(time.Second) {
			if w.Elapsed() > end {
				for _, m := range members {
					if n := m.sees(); n != size {
						w.Failf("two minutes after the last fault %v sees %d of %d members", m.node, n, size)
					}
				}
			}
		}
		w.Logf("all %d see all, %v after the last fault", size, w.Elapsed()-quiet)
	}, sim.Goroutines)
}
