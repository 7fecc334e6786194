package labrpc

import (
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// Counter counts how often it was called.
type Counter struct{ n int }

func (c *Counter) Add(args int, reply *int) {
	c.n++
	*reply = c.n
}

// What elements of a schedule, and moves by hand, do to calls: each makes three.
func TestScheduleAndCalls(t *testing.T) {
	for _, c := range []struct {
		name       string
		elements   string
		unreliable bool
		byHand     func(m *sim.Message)
		ok         [3]bool
		executed   int
	}{
		{name: "nothing", ok: [3]bool{true, true, true}, executed: 3},
		{name: "request lost", elements: `{"kind":"drop","from":["main"],"to":["server"],"method":"Counter.Add","dir":"request","nth":2}`,
			ok: [3]bool{true, false, true}, executed: 2},
		{name: "reply lost, request executed", elements: `{"kind":"drop","from":["server"],"to":["main"],"method":"Counter.Add","dir":"reply","nth":2}`,
			ok: [3]bool{true, false, true}, executed: 3},
		{name: "executed twice", elements: `{"kind":"twice","from":["main"],"to":["server"],"dir":"request","nth":2}`,
			ok: [3]bool{true, true, true}, executed: 4},
		{name: "answered twice", elements: `{"kind":"twice","from":["server"],"to":["main"],"dir":"reply","nth":2}`,
			ok: [3]bool{true, true, true}, executed: 3},
		{name: "what the network itself loses gets through", unreliable: true,
			elements: `{"kind":"deliver","from":["main"],"to":["server"],"nth":1}, {"kind":"deliver","from":["main"],"to":["server"],"nth":2},
				{"kind":"deliver","from":["main"],"to":["server"],"nth":3}, {"kind":"deliver","from":["server"],"to":["main"],"nth":1},
				{"kind":"deliver","from":["server"],"to":["main"],"nth":2}, {"kind":"deliver","from":["server"],"to":["main"],"nth":3}`,
			ok: [3]bool{true, true, true}, executed: 3},
		{name: "dropped by hand, each of two copies", elements: `{"kind":"twice","from":["main"],"to":["server"],"nth":1}`,
			byHand: func(m *sim.Message) { m.Drop() }, ok: [3]bool{true, false, false}, executed: 1},
		{name: "four times by hand", byHand: func(m *sim.Message) { m.Duplicate(); m.Duplicate(); m.Duplicate() },
			ok: [3]bool{true, true, true}, executed: 12},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := fault.Parse([]byte(`{"faults":[` + c.elements + `]}`))
			if err != nil {
				t.Fatal(err)
			}
			for seed := range uint64(20) {
				counter := new(Counter)
				var ok [3]bool
				r := sim.Run(sim.Config{Seed: seed, Faults: &s}, func(w *sim.World) {
					rn := NewNetwork(w)
					server := w.Node("server")
					server.Start(func() {
						srv := MakeServer()
						srv.AddService(MakeService(counter))
						rn.AddServer("server", srv)
					})
					w.Sleep(time.Millisecond)
					rn.Reliable(!c.unreliable)
					end := rn.MakeEnd("client")
					rn.Connect("client", "server")
					rn.Enable("client", true)
					for i := range ok {
						if c.byHand != nil {
							w.Go("by hand", func() {
								w.Sleep(100 * time.Microsecond) // no message arrives sooner
								for m := range w.Link(w.Main(), server).InFlight {
									c.byHand(m)
								}
							})
						}
						var n int
						ok[i] = end.Call("Counter.Add", 1, &n)
						w.Sleep(10 * time.Second) // until copies are through
					}
				})
				if r.Err != nil {
					t.Fatal(r.Err)
				}
				if ok != c.ok || counter.n != c.executed {
					t.Errorf("seed %d: calls %v, executed %d times; want %v, %d", seed, ok, counter.n, c.ok, c.executed)
				}
				if r.Messages.InFlight > 0 {
					t.Errorf("seed %d: %d messages left in flight", seed, r.Messages.InFlight)
				}
			}
		})
	}
}

// A request that arrives twice is executed twice, and the caller gets the answer of
// the first execution, however long that is on its way.
func TestTheFirstAnswerCounts(t *testing.T) {
	s, err := fault.Parse([]byte(`{"faults":[{"kind":"twice","from":["main"],"to":["server"],"dir":"request","nth":1}]}`))
	if err != nil {
		t.Fatal(err)
	}
	counter := new(Counter)
	run(t, sim.Config{Seed: 1, Faults: &s}, func(w *sim.World) {
		rn := NewNetwork(w)
		server := w.Node("server")
		server.Start(func() {
			srv := MakeServer()
			srv.AddService(MakeService(counter))
			rn.AddServer("server", srv)
		})
		w.Sleep(time.Millisecond)
		w.Link(server, w.Main()).Set(sim.LinkConfig{Latency: sim.Durations{Min: time.Second, Max: time.Second}})
		end := rn.MakeEnd("client")
		rn.Connect("client", "server")
		rn.Enable("client", true)
		var n int
		if ok := end.Call("Counter.Add", 1, &n); !ok || n != 1 || counter.n != 2 {
			t.Errorf("the call returned %v and %d after %d executions, want the 1 of the first of two", ok, n, counter.n)
		}
	})
}
