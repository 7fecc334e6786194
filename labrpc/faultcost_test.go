package labrpc

import (
	"math"
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// What the fault machinery costs a call on a network on which nothing goes
// wrong: with an empty schedule, one whose faults are all to come, one that has
// fallen quiet, and one about another link, each as a ratio to a run without a
// schedule. The budget is 1.10. The runs take turns and the fastest of each
// counts, because the machine has other things to do. ns/op is of a whole round.
func BenchmarkFaultCost(b *testing.B) {
	cut := fault.Fault{Kind: fault.Cut, From: []string{"*"}, To: []string{"*"}}
	future, other := cut, cut
	future.At = fault.MaxTime
	other.From = []string{"elsewhere"}
	cases := []struct {
		name string
		s    *fault.Schedule
		best time.Duration
	}{
		{"none", nil, math.MaxInt64},
		{"empty", &fault.Schedule{}, math.MaxInt64},
		{"future", &fault.Schedule{Faults: []fault.Fault{future}}, math.MaxInt64},
		{"quiet", &fault.Schedule{Faults: []fault.Fault{cut}, Quiet: time.Microsecond}, math.MaxInt64},
		{"elsewhere", &fault.Schedule{Faults: []fault.Fault{other}}, math.MaxInt64},
	}
	for b.Loop() {
		for i := range cases {
			c := &cases[i]
			c.best = min(c.best, timeCalls(b, c.s))
		}
	}
	for _, c := range cases[1:] {
		b.ReportMetric(float64(c.best)/float64(cases[0].best), c.name+"/none")
	}
	b.ReportMetric(float64(cases[0].best)/callsTimed, "ns/call")
}

const callsTimed = 2000

// timeCalls is how long calls take in a run with the schedule.
func timeCalls(b *testing.B, s *fault.Schedule) (took time.Duration) {
	r := sim.Run(sim.Config{Seed: 1, Faults: s}, func(w *sim.World) {
		rn := NewNetwork(w)
		w.Node("server").Start(func() {
			srv := MakeServer()
			srv.AddService(MakeService(&Bench{}))
			rn.AddServer("server", srv)
		})
		w.Sleep(time.Millisecond)
		end := rn.MakeEnd("client")
		rn.Connect("client", "server")
		rn.Enable("client", true)
		args := newBenchArgs()
		began := time.Now()
		for range callsTimed {
			var reply benchReply
			if !end.Call("Bench.Append", args, &reply) {
				b.Fatal("call failed")
			}
		}
		took = time.Since(began)
	})
	if r.Err != nil {
		b.Fatal(r.Err)
	}
	return took
}
