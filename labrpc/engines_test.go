package labrpc

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"samerun/internal/host/hosttest"
	"samerun/sim"
	"samerun/sim/fault"
)

// observed is what may be observed of a run, whatever the engine.
type observed struct {
	log    []string // what clients and handlers saw, sorted
	calls  int
	faults []string
	fired  uint64
}

func (s *observed) String() string {
	return fmt.Sprintf("%d calls; %q\n%s", s.calls, s.faults, strings.Join(s.log, "\n"))
}

// later is a plan that begins when all nodes have begun: which of them have when a fault
// begins at the same instant is left to the engine.
type later struct{ fault.Plan }

func (p later) Draw(seed uint64, nodes []string, horizon time.Duration) fault.Schedule {
	s := p.Plan.Draw(seed, nodes, horizon)
	for i := range s.Faults {
		s.Faults[i].At += 5300 * time.Microsecond
	}
	return s
}

// Counted is a service that counts, and waits in its handler.
type Counted struct {
	w *sim.World
	n int
}

func (c *Counted) Add(by int, sum *int) {
	c.w.Sleep(time.Millisecond)
	c.n += by
	*sum = c.n
}

// cluster is a scenario for both engines: each of three nodes serves, and a client on each
// calls the next node.
func cluster(s *observed) func(w *sim.World) {
	return func(w *sim.World) {
		net := NewNetwork(w)
		note := func(format string, args ...any) { s.log = append(s.log, fmt.Sprintf(format, args...)) }
		boots := 0
		for i := range 3 {
			n := w.Node(fmt.Sprintf("n%d", i))
			n.Start(func() {
				boots++
				srv := MakeServer()
				srv.AddService(MakeService(&Counted{w: w}))
				net.AddServer(n.Name(), srv)
				w.Go("client", func() {
					name := fmt.Sprintf("%s boot %d", n.Name(), n.Boot())
					end := net.MakeEnd(name)
					net.Connect(name, fmt.Sprintf("n%d", (i+1)%3))
					net.Enable(name, true)
					// Odd times, so that hardly anything falls on one instant.
					for k := range w.Steps(name, 12, sim.Durations{Min: time.Duration(71+i) * time.Millisecond, Max: time.Duration(83+i) * time.Millisecond}) {
						sum := 0
						ok := end.Call("Counted.Add", k.N, &sum)
						note("%s call %d: %v %d", name, k.N, ok, sum)
					}
				})
			})
		}
		w.Inject(later{fault.Chaos()}, time.Second)
		w.Role("first", func() []*sim.Node { return []*sim.Node{w.Node("n0")} })
		w.Always("few boots", func() error {
			if boots > 9 {
				return fmt.Errorf("%d boots", boots)
			}
			return nil
		})
		w.Eventually("some call works", 2*time.Second, func() bool {
			return slices.ContainsFunc(s.log, func(l string) bool { return strings.Contains(l, ": true") })
		})
		w.Sleep(2 * time.Second)
		s.calls = net.GetTotalCount()
		for _, o := range w.Outcomes() {
			s.faults = append(s.faults, fmt.Sprintf("%v: %d", o.Fault, o.Fired))
			s.fired += o.Fired
		}
		slices.Sort(s.log)
	}
}

// The same small clusters do the same on both engines, faults and all.
func TestEnginesAgree(t *testing.T) {
	fired := uint64(0)
	for seed := range uint64(25) {
		tasks := &observed{}
		r := sim.Run(sim.Config{Seed: seed, Strategy: "fifo"}, cluster(tasks))
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		fired += tasks.fired
		goroutines := &observed{}
		hosttest.Run(t, seed, func(h *hosttest.Host) {
			sim.TestWith(hosttest.T{T: t, Host: h}, sim.Config{}, cluster(goroutines), sim.Goroutines)
		})
		if tasks.String() != goroutines.String() {
			t.Errorf("seed %d\ntasks: %v\ngoroutines: %v", seed, tasks, goroutines)
		}
	}
	if fired < 100 {
		t.Errorf("%d faults took effect in all", fired)
	}
}
