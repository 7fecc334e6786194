package counter

import (
	"fmt"
	"testing"

	"samerun/labrpc"
	"samerun/sched"
	"samerun/sim"
)

// Three clients add one five times each, over a network that loses a tenth of
// the requests and a tenth of the replies. Whatever is lost, 15 additions make 15.
func TestEveryAdditionCountsOnce(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		const clients, additions = 3, 5
		rn := labrpc.NewNetwork(w)
		rn.Reliable(false)
		counter := New()
		w.Node("server").Start(func() {
			srv := labrpc.MakeServer()
			srv.AddService(labrpc.MakeService(counter))
			rn.AddServer("counter", srv)
		})
		w.Always("no addition counts twice", func() error {
			if counter.total > clients*additions {
				return fmt.Errorf("%d additions were asked for, and %d were counted", clients*additions, counter.total)
			}
			return nil
		})
		var all sched.WaitGroup
		all.Add(clients)
		for id := range clients {
			w.Node(fmt.Sprintf("client%d", id)).Start(func() {
				name := fmt.Sprintf("end%d", id)
				c := &Client{id: id, end: rn.MakeEnd(name)}
				rn.Connect(name, "counter")
				rn.Enable(name, true)
				for range additions {
					c.Add()
				}
				all.Done()
			})
		}
		all.Wait()
		if counter.total != clients*additions {
			w.Failf("%d additions were asked for, and %d were counted", clients*additions, counter.total)
		}
	})
}
