package engines

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"samerun/labrpc"
	"samerun/sched"
	"samerun/sim"
	"samerun/sim/fault"
)

// program is a scenario that uses only what both engines have.
type program struct {
	name string
	fn   func(o *observed) func(w *sim.World)
	goes bool // it has goroutines that it does not start as tasks, which the host for tests knows nothing of
}

// observed is what may be observed of a run, whatever the engine: not the order of what
// happens at one instant, and not the little time that turns of goroutines take.
type observed struct {
	log   []string
	fired uint64
	plain bool // the run is one of goroutines on the changed standard library
}

func (o *observed) note(format string, args ...any) {
	o.log = append(o.log, fmt.Sprintf(format, args...))
}

// end notes what became of the faults.
func (o *observed) end(w *sim.World) {
	for _, f := range w.Outcomes() {
		o.note("%v: %d", f.Fault, f.Fired)
		o.fired += f.Fired
	}
}

// String is what was observed, and how the run ended.
func (o *observed) words(err error) string {
	log := slices.Clone(o.log)
	slices.Sort(log)
	var p *sim.PropertyError
	switch {
	case errors.As(err, &p):
		log = append(log, fmt.Sprintf("broken: %s: %v", p.Name, p.Err))
	case err != nil:
		log = append(log, "error: "+err.Error())
	}
	return strings.Join(log, "\n")
}

var programs = []program{{"cluster", cluster, false}, {"locks", locks, false}, {"boots", boots, false}, {"timers", timers, false}, {"foreign", foreign, true}, {"broken", broken, false}, {"still", still, false}, {"clocks", clocks, false}}

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

// cluster has three nodes that serve, and a client on each that calls the next one.
func cluster(o *observed) func(w *sim.World) {
	return func(w *sim.World) {
		net := labrpc.NewNetwork(w)
		for i := range 3 {
			n := w.Node(fmt.Sprintf("n%d", i))
			n.Start(func() {
				srv := labrpc.MakeServer()
				srv.AddService(labrpc.MakeService(&Counted{w: w}))
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
						o.note("%s call %d: %v %d", name, k.N, ok, sum)
					}
				})
			})
		}
		w.Inject(later{fault.Chaos()}, time.Second)
		w.Eventually("some call works", 2*time.Second, func() bool {
			return slices.ContainsFunc(o.log, func(l string) bool { return strings.Contains(l, ": true") })
		})
		w.Sleep(2 * time.Second)
		o.note("%d calls", net.GetTotalCount())
		o.end(w)
	}
}

// locks uses everything by which tasks wait for each other.
func locks(o *observed) func(w *sim.World) {
	return func(w *sim.World) {
		var mu sched.Mutex
		var rw sched.RWMutex
		var wg sched.WaitGroup
		var once sched.Once
		cond := sched.NewCond(&mu)
		ch := sched.MakeChan[int](3)
		sum, turns := 0, 0
		for i := range 10 {
			wg.Go(func() {
				once.Do(func() { o.note("once") })
				mu.Lock()
				before := turns
				w.Sleep(time.Millisecond)
				turns = before + 1
				cond.Broadcast()
				mu.Unlock()
				ch.Send(i)
				rw.RLock()
				sched.Yield()
				rw.RUnlock()
			})
		}
		w.Go("", func() {
			mu.Lock()
			for turns < 10 {
				cond.Wait()
			}
			mu.Unlock()
			rw.Lock()
			ch.Close()
			rw.Unlock()
		})
		var v int
		for range 10 {
			switch sched.Select(ch.OnRecv(&v, nil), sched.After(time.Second).OnRecv(nil, nil)) {
			case 0:
				sum += v
			default:
				o.note("late")
			}
		}
		wg.Wait()
		_, open := ch.Recv()
		o.note("sum %d, %d turns, open %v", sum, turns, open)
	}
}

// boots has a node that saves how far it came, and crashes.
func boots(o *observed) func(w *sim.World) {
	return func(w *sim.World) {
		n := w.Node("n")
		n.Start(func() {
			boot := n.Boot()
			defer func() {
				if !w.Scheduler().Over() { // tasks of a node that has crashed are unwound in the end
					o.note("boot %d came to its end", boot)
				}
			}()
			w.Go("", func() { w.Sleep(time.Hour); o.note("an hour") })
			for i := len(n.Load("steps")); i < 9; i++ {
				n.Save("steps", make([]byte, i+1))
				o.note("boot %d step %d", n.Boot(), i)
				if i == 6 {
					n.Restart()
				}
				w.Sleep(10 * time.Millisecond)
			}
		})
		w.Sleep(25 * time.Millisecond)
		n.Crash()
		w.Sleep(25 * time.Millisecond)
		o.note("up %v", n.Up())
		n.Restart()
		w.Sleep(time.Second)
		o.note("boot %d", n.Boot())
	}
}

// timers has timers, tickers and contexts.
func timers(o *observed) func(w *sim.World) {
	return func(w *sim.World) {
		tick := sched.NewTicker(10 * time.Millisecond)
		n := 0
		end := sched.After(105 * time.Millisecond)
		for more := true; more; {
			if more = sched.Select(tick.C.OnRecv(nil, nil), end.OnRecv(nil, nil)) == 0; more {
				n++
			}
		}
		tick.Stop()
		o.note("%d ticks", n)
		ctx, cancel := sched.WithTimeout(context.Background(), time.Second)
		sched.AfterFunc(500*time.Millisecond, cancel)
		sched.Done(ctx).Recv()
		o.note("%v after %v", ctx.Err(), w.Elapsed().Round(time.Millisecond))
	}
}

// foreign waits for a context that package context has made.
func foreign(o *observed) func(w *sim.World) {
	return func(w *sim.World) {
		own, stop := context.WithCancel(context.Background())
		w.Go("", func() { w.Sleep(time.Second); stop() })
		sched.Done(own).Recv()
		o.note("%v after %v", own.Err(), w.Elapsed().Round(time.Millisecond))
	}
}

// broken has a property that a node breaks.
func broken(o *observed) func(w *sim.World) {
	return func(w *sim.World) {
		n, level := w.Node("n"), 0
		n.Start(func() {
			for {
				w.Sleep(time.Millisecond)
				level++
			}
		})
		w.Always("below ten", func() error {
			if level >= 10 {
				return fmt.Errorf("it is %d", level)
			}
			return nil
		})
		w.Sleep(time.Second)
		o.note("not reached")
	}
}

// still has a node that is paused, and one that is slow.
func still(o *observed) func(w *sim.World) {
	return func(w *sim.World) {
		w.Node("a").Start(func() { count(w, o, "a") })
		w.Node("b").Start(func() { count(w, o, "b") })
		w.Inject(fault.Schedule{Faults: []fault.Fault{
			{Kind: fault.Pause, At: 105 * time.Millisecond, For: 200 * time.Millisecond, Nodes: []string{"a"}},
			{Kind: fault.Slow, At: 105 * time.Millisecond, For: 200 * time.Millisecond, PPM: 1_000_000, Nodes: []string{"b"}},
		}}, time.Second)
		w.Sleep(time.Second)
		o.end(w)
	}
}

func count(w *sim.World, o *observed, name string) {
	for i := range 30 {
		w.Sleep(10 * time.Millisecond)
		o.note("%s %d at %v", name, i, w.Elapsed().Round(5*time.Millisecond))
	}
}
