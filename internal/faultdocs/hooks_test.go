package faultdocs

import (
	"fmt"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// The blocks of Go on the page, in its order.

func Example_inject() {
	r := sim.Run(sim.Config{Seed: 1}, func(w *sim.World) {
		village(w)
		w.Inject(fault.Schedule{
			Faults: []fault.Fault{
				{Kind: fault.Cut, At: 1100 * time.Millisecond, For: 300 * time.Millisecond, From: []string{"n0"}, To: []string{"n1", "n2"}},
				{Kind: fault.Crash, At: 1192 * time.Millisecond, For: 38 * time.Millisecond, Nodes: []string{"n3"}},
			},
			Quiet: 2 * time.Second,
		}, 3*time.Second)
		w.Sleep(3 * time.Second)
	})
	fmt.Println(r.Err, r.Outcomes[0].Fired > 0, r.Outcomes[1].Fired)
	// Output: <nil> true 1
}

func Example_preset() {
	r := sim.Run(sim.Config{Seed: 7}, func(w *sim.World) {
		village(w)
		w.Inject(fault.Chaos(), 10*time.Second)
		w.Sleep(10 * time.Second)
	})
	fmt.Println(r.Err, r.Schedule.Quiet)
	// Output: <nil> 8s
}

func Example_swarm() {
	r := sim.Run(sim.Config{Seed: 7}, func(w *sim.World) {
		village(w)
		w.Inject(fault.Swarm(fault.Chaos()), 10*time.Second)
		w.Sleep(10 * time.Second)
	})
	fmt.Println(r.Err)
	// Output: <nil>
}

func Example_phases() {
	healthy := func() bool { return true }
	r := sim.Run(sim.Config{Seed: 7}, func(w *sim.World) {
		village(w)
		s := w.Inject(fault.Flaky(), 10*time.Second)
		w.Always("safety, at all times", func() error { return nil })
		w.Sleep(s.Quiet)
		w.Eventually("liveness, when it is quiet", 5*time.Second, healthy)
	})
	fmt.Println(r.Err)
	// Output: <nil>
}

func Example_names() {
	leaders := func() []*sim.Node { return nil }
	r := sim.Run(sim.Config{Seed: 1}, func(w *sim.World) {
		a, b := w.Node("a"), w.Node("b")
		w.Role("leader", leaders)
		w.Domain("rack1", a, b)
	})
	fmt.Println(r.Err)
	// Output: <nil>
}

func Example_byHand() {
	r := sim.Run(sim.Config{Seed: 1}, func(w *sim.World) {
		village(w)
		link := w.Link(w.Node("n0"), w.Node("n1"))
		append3 := func(m *sim.Message) bool {
			return w.KindName(m.Kind) == "Raft.AppendEntries" && !m.Reply && m.Nth == 3
		}
		w.Sleep(100 * time.Millisecond)
		for m := range link.InFlight {
			if append3(m) {
				m.Hold() // or Drop, Duplicate, Deliver
				w.Sleep(time.Second)
				m.Deliver()
				break
			}
		}
	})
	fmt.Println(r.Err)
	// Output: <nil>
}

func Example_rule() {
	r := sim.Run(sim.Config{Seed: 1}, func(w *sim.World) {
		village(w)
		w.Rule(func(m *sim.Message) sim.Verdict {
			if m.Reply && m.Size > 1000 {
				return sim.Verdict{Drop: true}
			}
			return sim.Verdict{Delay: time.Millisecond}
		})
		w.Sleep(time.Second)
	})
	fmt.Println(r.Err, r.Vacuous())
	// Output: <nil> []
}

func Example_buggify() {
	r := sim.Run(sim.Config{Seed: 3}, func(w *sim.World) {
		limit := 1000
		if w.Buggify("small batches") {
			limit = 1
		}
		w.Logf("at most %d", limit)
	})
	fmt.Println(r.Err)
	// Output: <nil>
}

func Example_vacuous() {
	s := fault.Schedule{Faults: []fault.Fault{
		{Kind: fault.Drop, From: []string{"n3"}, To: []string{"n0"}, Method: "Raft.RequestVote", Dir: fault.Reply, Nth: 3},
	}}
	r := sim.Run(sim.Config{Seed: 1, Faults: &s}, func(w *sim.World) { village(w) })
	for _, o := range r.Outcomes {
		fmt.Println(o.Fault, o.Fired, o.Why)
	}
	fmt.Println(r.Vacuous()[0])
	// Output:
	// drop  n3 → n0  Raft.RequestVote reply #3 0 message #3 was not sent: there were 0
	// element 0 of the schedule (drop  n3 → n0  Raft.RequestVote reply #3) never took effect: message #3 was not sent: there were 0
}
