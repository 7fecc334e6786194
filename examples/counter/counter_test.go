package counter

import (
	"fmt"
	"testing"

	"samerun/labrpc"
	"samerun/sched"
	"samerun/sim"
)

// Up to three clients add one five times each, over a network that loses a tenth of
// the requests and a tenth of the replies. Whatever is lost, 15 additions make 15.
func TestEveryAdditionCountsOnce(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		clients := w.Size("clients", 1, 3)
		rn := labrpc.NewNetwork(w)
		rn.Reliable(false)
		counter := New()
		w.Node("server").Start(func() {
			srv := labrpc.MakeServer()
			srv.AddService(labrpc.MakeService(counter))
			rn.AddServer("counter", srv)
		})
		asked := 0
		w.Always("no addition counts twice", func() error {
			if counter.total > asked {
				return fmt.Errorf("additions: %d asked for, %d counted", asked, counter.total)
			}
			return nil
		})
		var all sched.WaitGroup
		all.Add(clients)
		for id := range clients {
			name := fmt.Sprintf("client%d", id)
			w.Node(name).Start(func() {
				end := rn.MakeEnd(name)
				rn.Connect(name, "counter")
				rn.Enable(name, true)
				c := &Client{id: id, end: end}
				for range w.Steps(name, 5, sim.Durations{}) {
					asked++
					c.Add()
				}
				all.Done()
			})
		}
		all.Wait()
		if counter.total != asked {
			w.Failf("additions: %d asked for, %d counted", asked, counter.total)
		}
	})
}
