package labrpc_test

import (
	"fmt"
	"time"

	"samerun/labrpc"
	"samerun/sim"
)

// Counter is a service. Its one handler is Add.
type Counter struct{ n int }

func (c *Counter) Add(by int, total *int) {
	c.n += by
	*total = c.n
}

func Example() {
	report := sim.Run(sim.Config{Seed: 3}, func(w *sim.World) {
		rn := labrpc.NewNetwork(w)

		// The server lives on a node of its own.
		w.Node("n0").Start(func() {
			srv := labrpc.MakeServer()
			srv.AddService(labrpc.MakeService(&Counter{}))
			rn.AddServer("counter", srv)
		})

		// The scenario's own node is the client.
		end := rn.MakeEnd("client to counter")
		rn.Connect("client to counter", "counter")
		rn.Enable("client to counter", true)
		w.Sleep(time.Millisecond)

		for range 2 {
			var total int
			ok := end.Call("Counter.Add", 21, &total)
			fmt.Println(ok, total)
		}

		// A crash takes the server with it. Calls to nowhere fail within 0.1 s.
		w.Node("n0").Crash()
		var total int
		ok := end.Call("Counter.Add", 21, &total)
		fmt.Println(ok, total)
	})
	fmt.Println(report.Err, report.Virtual < time.Second)
	// Output:
	// true 21
	// true 42
	// false 0
	// <nil> true
}
