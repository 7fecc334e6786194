package proptest_test

import (
	"fmt"
	"testing"
	"time"

	"samerun/proptest"
	"samerun/sim"
	"samerun/sim/fault"
)

// A schedule is data: it can be drawn anywhere that rapid draws, and printed.
func ExampleSchedules() {
	g := proptest.Schedules(proptest.Nodes(3), proptest.Horizon(5*time.Second), proptest.Kinds(fault.Cut, fault.Crash), proptest.Budget(4))
	fmt.Println(g.Example(8))
	// Output:
	// 0.195s  cut    n2 → n1  until 0.695s
	// 1.326s  crash  n0, restarts 1.826s
	// 4.000s  quiet
}

// Clients do what a workload says, each on a node of its own.
func ExampleWorkload_Start() {
	ops := proptest.Workload[string]{
		{Client: 0, Think: time.Second, Op: "a"},
		{Client: 1, Op: "b"},
		{Client: 0, Think: time.Second, Op: "c"},
	}
	sim.Run(sim.Config{}, func(w *sim.World) {
		done := ops.Start(w, func(client int, op string) {
			fmt.Println(w.Elapsed(), "client", client, "does", op)
		})
		w.Eventually("all is done", time.Minute, done)
	})
	// Output:
	// 0s client 1 does b
	// 1s client 0 does a
	// 2s client 0 does c
}

// Check is called from a test. This property holds: a node that is started comes up,
// whatever the links do.
func TestNodesComeUp(t *testing.T) {
	proptest.Check(t, func(p *proptest.P) {
		faults := p.Faults(proptest.Names("n0", "n1"), proptest.Horizon(5*time.Second), proptest.Kinds(fault.Cut, fault.Clog))
		p.Run(faults, func(w *sim.World) {
			up := false
			w.Node("n0").Start(func() { up = true })
			w.Eventually("n0 is up", 10*time.Second, func() bool { return up })
		})
	})
}
