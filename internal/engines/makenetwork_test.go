package engines

import (
	"testing"
	"time"

	"samerun/internal/host/hosttest"
	"samerun/labrpc"
	"samerun/sim"
)

// Twice is a service.
type Twice struct{}

// Of is its handler.
func (Twice) Of(n int, out *int) { *out = 2 * n }

// In a world of goroutines MakeNetwork makes a network of that world, on its nodes as well.
func TestMakeNetworkInAWorldOfGoroutines(t *testing.T) {
	hosttest.Run(t, 1, func(h *hosttest.Host) {
		sim.TestWith(hosttest.T{T: t, Host: h}, sim.Config{}, func(w *sim.World) {
			var rn *labrpc.Network
			n := w.Node("n1")
			n.Start(func() {
				rn = labrpc.MakeNetwork()
				srv := labrpc.MakeServer()
				srv.AddService(labrpc.MakeService(Twice{}))
				rn.AddServer(1, srv)
			})
			w.Sleep(time.Millisecond)
			end := rn.MakeEnd("e")
			rn.Connect("e", 1)
			rn.Enable("e", true)
			got := 0
			if !end.Call("Twice.Of", 3, &got) || got != 6 || rn.World() != w {
				t.Errorf("got %d, in the world: %v", got, rn.World() == w)
			}
			n.Crash()
			if end.Call("Twice.Of", 3, &got) {
				t.Error("a node that has crashed serves")
			}
		}, sim.Goroutines)
	})
}
