package raft_test

import (
	"fmt"
	"time"

	"samerun/examples/raft"
	"samerun/sim"
)

// A cluster loses its leader, and elects another one.
func Example() {
	report := sim.Run(sim.Config{Seed: 1}, func(w *sim.World) {
		c := raft.NewCluster(w, 5)
		c.AlwaysSafe()
		w.Sleep(2 * time.Second)

		first := c.Leader()
		first.Crash()
		w.Eventually("another leader", 2*time.Second, c.HasLeader)
		w.Sleep(2 * time.Second)
		fmt.Println("another node leads:", c.Leader() != nil && c.Leader() != first)

		first.Restart()
		c.EventuallyCommits([]byte("hello"), time.Second)
	})
	fmt.Println("error:", report.Err)
	// Output:
	// another node leads: true
	// error: <nil>
}
