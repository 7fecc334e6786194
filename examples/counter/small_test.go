package counter

import (
	"fmt"
	"testing"
	"time"

	"samerun/internal/zootest"
	"samerun/labrpc"
	"samerun/sched"
	"samerun/sim"
	"samerun/sim/fault"
)

// A small world is covered completely: two clients add one each, and every schedule of at most one
// fault is tried, in every order of turns that makes a difference. The network loses nothing but
// by a fault.
func TestOneFaultInEveryOrder(t *testing.T) {
	s := &zootest.Small{
		Run:   small,
		Quiet: 100 * time.Millisecond, For: 30 * time.Millisecond, Late: 3 * time.Millisecond,
		Nodes: []string{"server", "client0", "client1"}, Kinds: []fault.Kind{fault.Pause},
	}
	plans := s.Plans(t)
	runs, err := s.EveryOrder(t, plans)
	if found := err != nil; found == remember {
		t.Error(err)
	}
	t.Logf("%d schedules by %d runs: %v", len(plans), runs, err)
}

func small(w *sim.World, plan fault.Schedule) {
	rn := labrpc.NewNetwork(w)
	rn.Reliable(true)
	counter := New()
	w.Node("server").Start(func() {
		srv := labrpc.MakeServer()
		srv.AddService(labrpc.MakeService(counter))
		rn.AddServer("counter", srv)
	})
	w.Inject(plan, plan.Quiet)
	w.Sleep(time.Millisecond)
	var all sched.WaitGroup
	for id := range 2 {
		name := fmt.Sprintf("client%d", id)
		end := rn.MakeEnd(name)
		rn.Connect(name, "counter")
		rn.Enable(name, true)
		all.Add(1)
		w.Node(name).Start(func() {
			c := &Client{id: id, end: end}
			c.Add()
			all.Done()
		})
	}
	all.Wait()
	w.Sleep(plan.Quiet) // what is late arrives
	if counter.total != 2 {
		w.Failf("2 additions were counted as %d", counter.total)
	}
}
