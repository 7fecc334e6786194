package main

import (
	"errors"
	"fmt"
	"log"
	"slices"
	"testing"
	"time"

	"samerun/sched"
	"samerun/sim"
	"samerun/sim/fault"
)

// The till and its clients are machines of a world, between which everything goes wrong for
// some seconds. A client may not know whether a sale was entered; twice it never is. A till that
// crashes forgets its sales, and begins anew.
func TestNoSaleTwice(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		horizon := w.Horizon(5 * time.Second)
		server := w.Node("till")
		clients := make([]*sim.Node, w.Size("clients", 1, 3))
		for i := range clients {
			clients[i] = w.Node(fmt.Sprintf("client%d", i))
		}
		w.Inject(ofStreams(fault.Chaos()), horizon)

		var till *Till // the present one
		server.Start(func() {
			till = new(Till)
			log.Fatal(Serve(":1234", till, nil))
		})
		w.Always("no sale is entered twice", func() error { return till.twice() })

		var all sched.WaitGroup
		all.Add(len(clients))
		for i, node := range clients {
			boot, done := 0, false
			node.Start(func() {
				boot++
				c := &Client{Name: fmt.Sprintf("%s boot %d", node.Name(), boot), Addr: "till:1234", Bug: planted}
				defer c.Close()
				for step := range w.Steps(node.Name(), 8, sim.Durations{Min: 20 * time.Millisecond, Max: time.Second}) {
					// No two sales are of one price.
					price := 1 + step.N + 10*boot + 1000*i
					if amount, err := c.Sell(price, 8); err == nil && amount != 8*price {
						w.Failf("%d × 8 = %d", price, amount)
					}
				}
				if !done {
					done = true
					all.Done()
				}
			})
		}
		all.Wait()
	}, sim.Goroutines)
}

// twice says whether two entries are of one sale. Who asks must not wait: if the till is in
// use, it is asked again soon.
func (t *Till) twice() error {
	if t == nil || !t.mu.TryLock() {
		return nil
	}
	defer t.mu.Unlock()
	seen := make(map[int]bool, len(t.entered))
	for _, amount := range t.entered {
		if seen[amount] {
			return errors.New("two entries are of one sale")
		}
		seen[amount] = true
	}
	return nil
}

// ofStreams is a mix for machines with sockets of TCP and without disks: streams do not
// double.
func ofStreams(m fault.Mix) fault.Mix {
	m.Rules = slices.DeleteFunc(m.Rules, func(r fault.Rule) bool {
		info, _ := r.Kind.Info()
		return info.Group == fault.Disks || r.Kind == fault.Duplicate || r.Kind == fault.Replay
	})
	return m
}
