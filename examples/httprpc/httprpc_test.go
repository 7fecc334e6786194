package main

import (
	"log"
	"slices"
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// Server and client are machines of a world, between which everything goes wrong for some
// seconds. What must hold is that each answer is right, and that there are answers again
// when all is well: a call may find that its connection has broken meanwhile, but not each.
func TestRightAnswerOrError(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		horizon := w.Horizon(5 * time.Second)
		server, client := w.Node("server"), w.Node("client")
		w.Inject(withoutDisks(fault.Chaos()), horizon)
		server.Start(func() { log.Fatal(Serve(":1234", nil)) })

		well, answered := false, false
		client.Start(func() {
			c := &Client{Addr: "server:1234", Bug: planted}
			defer c.Close()
			call := func(a, b int) {
				product, err := c.Multiply(a, b)
				switch {
				case err != nil:
					w.Logf("%v", err)
				case product != a*b:
					w.Failf("%d × %d = %d", a, b, product)
				default:
					answered = answered || well
				}
			}
			for step := range w.Steps("client", 10, sim.Durations{Min: 50 * time.Millisecond, Max: time.Second}) {
				call(step.N+1, 2*step.N+1)
			}
			for !answered {
				call(7, 8)
				time.Sleep(time.Second)
			}
		})
		w.Sleep(horizon)
		well = true
		w.Eventually("an answer when all is well", 6*Patience, func() bool { return answered })
		w.Sleep(6 * Patience)
	}, sim.Goroutines)
}

// withoutDisks is a mix for machines that have none.
func withoutDisks(m fault.Mix) fault.Mix {
	m.Rules = slices.DeleteFunc(m.Rules, func(r fault.Rule) bool {
		info, _ := r.Kind.Info()
		return info.Group == fault.Disks
	})
	return m
}
