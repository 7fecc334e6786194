package scenarios

import (
	"fmt"
	"time"

	"samerun/labrpc"
	"samerun/sched"
	"samerun/sim"
)

// Counter is a service that adds up what it is given.
type Counter struct{ sum int }

// AddArgs is what to add, and by whom.
type AddArgs struct {
	Who string
	N   int
}

// AddReply is the sum so far.
type AddReply struct{ Sum int }

// Add handles a request.
func (c *Counter) Add(args *AddArgs, reply *AddReply) {
	c.sum += args.N
	reply.Sum = c.sum
}

// cluster starts n servers n0, n1, … on a network of their own, each with a
// Counter.
func cluster(w *sim.World, n int) (*labrpc.Network, []*sim.Node) {
	net := labrpc.NewNetwork(w)
	nodes := start(w, n, func(i int, nodes []*sim.Node) {
		srv := labrpc.MakeServer()
		srv.AddService(labrpc.MakeService(&Counter{}))
		net.AddServer(nodes[i].Name(), srv)
	})
	w.Sleep(ms) // until they are there
	return net, nodes
}

// connect makes an end that is connected to a server.
func connect(net *labrpc.Network, name, server string) *labrpc.ClientEnd {
	end := net.MakeEnd(name)
	net.Connect(name, server)
	net.Enable(name, true)
	return end
}

// RPC makes calls one after the other, and some at the same time, to one server.
func RPC(w *sim.World) {
	net, _ := cluster(w, 1)
	var wg sched.WaitGroup
	for c := range 3 {
		client := w.Node(fmt.Sprint("c", c))
		wg.Add(1)
		client.Start(func() {
			defer wg.Done()
			end := connect(net, client.Name(), "n0")
			for i := range 10 {
				var reply AddReply
				ok := end.Call("Counter.Add", &AddArgs{client.Name(), i}, &reply)
				w.Logf("%v %d", ok, reply.Sum)
			}
		})
	}
	wg.Wait()
}

// UnreliableRPC has five servers that call each other over an unreliable network
// with long delays and late replies, one of which is taken away and one crashes.
func UnreliableRPC(w *sim.World) {
	net, nodes := cluster(w, 5)
	net.Reliable(false)
	net.LongReordering(true)
	net.LongDelays(true)
	for i, n := range nodes {
		n.Go("caller", func() {
			for j := range nodes {
				end := connect(net, fmt.Sprint(i, " to ", j), nodes[j].Name())
				w.Go("to "+nodes[j].Name(), func() {
					for k := range 8 {
						var reply AddReply
						ok := end.Call("Counter.Add", &AddArgs{n.Name(), k}, &reply)
						w.Logf("%d to %d: %v %d", i, j, ok, reply.Sum)
					}
				})
			}
		})
	}
	w.Sleep(500 * ms)
	net.DeleteServer(nodes[3].Name())
	w.Sleep(500 * ms)
	nodes[4].Crash()
	w.Sleep(time.Minute)
}
