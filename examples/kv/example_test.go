package kv_test

import (
	"fmt"
	"time"

	"samerun/examples/kv"
	"samerun/sim"
)

// A client writes, the leader is lost, and nothing else is.
func Example() {
	report := sim.Run(sim.Config{Seed: 1}, func(w *sim.World) {
		c := kv.NewCluster(w, 3)
		c.AlwaysSafe()
		done := false
		w.Node("client0").Start(func() {
			ck := kv.NewClerk(w, c)
			ck.Put("x", "1")
			c.Leader().Crash()
			ck.Append("x", "2")
			fmt.Println("x is", ck.Get("x"))
			done = true
		})
		w.Eventually("the client is done", 5*time.Second, func() bool { return done })
	})
	fmt.Println("error:", report.Err)
	// Output:
	// x is 12
	// error: <nil>
}
