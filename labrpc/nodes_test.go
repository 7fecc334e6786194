package labrpc

import (
	"testing"
	"time"

	"samerun/sim"
)

// A server object that is added again by the next incarnation is another server
// for the calls that were made to the one before.
func TestServerAddedAgainAfterACrash(t *testing.T) {
	run(t, far(1), func(w *sim.World) {
		l := newLab(w)
		n0 := w.Node("n0")
		srv, echo := l.addServer("kept")
		n0.Start(func() { l.AddServer("kept", srv) })
		w.Sleep(ms)
		end := l.addEnd("e", "kept")
		a := l.background(end, "Echo.Slow", 50*ms)
		w.Sleep(20 * ms)
		n0.Restart()
		w.Sleep(ms)
		b := l.background(end, "Echo.Slow", 50*ms)
		w.Sleep(time.Second)
		if !a.done || a.ok || a.took != 105*ms || !b.ok || echo.started != 2 || echo.ended != 1 {
			t.Errorf("%+v %+v, %d started, %d ended", a, b, echo.started, echo.ended)
		}
		l.noLeak(t, 0)
	})
}

// Relay is a service whose handlers call back.
type Relay struct {
	l    *lab
	node string
	ends map[string]*ClientEnd
}

// Down counts down, from one node to the other and back.
func (r *Relay) Down(n int, out *int) {
	if n == 0 {
		return
	}
	other := map[string]string{"n0": "n1", "n1": "n0"}[r.node]
	r.l.w.Sleep(ms)
	if r.ends[other].Call("Relay.Down", n-1, out) {
		*out++
	}
}

func TestHandlersCallBack(t *testing.T) {
	for seed := range uint64(5) {
		run(t, far(seed), func(w *sim.World) {
			l := newLab(w)
			for _, name := range []string{"n0", "n1"} {
				r := &Relay{l: l, node: name, ends: map[string]*ClientEnd{}}
				w.Node(name).Start(func() {
					for _, to := range []string{"n0", "n1"} {
						r.ends[to] = l.addEnd(name+" to "+to, to)
					}
					srv := MakeServer()
					srv.AddService(MakeService(r))
					l.AddServer(name, srv)
				})
			}
			w.Sleep(ms)
			o := l.call(l.addEnd("main to n0", "n0"), "Relay.Down", 6)
			if !o.ok || o.reply != 6 || o.took != 7*10*ms+6*ms {
				t.Errorf("%+v", o)
			}
			if l.GetCount("n0") != 4 || l.GetCount("n1") != 3 {
				t.Errorf("counts %d and %d, want 4 and 3", l.GetCount("n0"), l.GetCount("n1"))
			}
			l.noLeak(t, 0)
		})
	}
}

// One end may be used from several nodes, and connected to servers on several: each
// message takes the links between the two nodes in question.
func TestMessagesTakeTheLinksOfTheirNodes(t *testing.T) {
	run(t, exactly(1), func(w *sim.World) {
		l := newLab(w)
		nodes := []*sim.Node{w.Node("n0"), w.Node("n1"), w.Node("n2")}
		for i, from := range nodes {
			for j, to := range nodes {
				d := time.Duration(1+10*i+j) * ms
				w.Link(from, to).Set(sim.LinkConfig{Latency: sim.Durations{Min: d, Max: d}})
			}
			from.Start(func() { l.addServer(i) })
		}
		w.Sleep(ms)
		end := l.addEnd("shared", 0)
		for _, turned := range []bool{false, true} {
			for i := range nodes {
				for j := range nodes {
					if turned {
						i, j = j, i
					}
					l.Connect("shared", j)
					var o outcome
					nodes[i].Go("caller", func() { o = l.call(end, "Echo.Double", 1) })
					w.Sleep(time.Second)
					if want := time.Duration(2+11*(i+j)) * ms; !o.ok || o.took != want {
						t.Errorf("n%d calls n%d: %+v, want %v", i, j, o, want)
					}
				}
			}
		}
	})
}

// When a run ends, tasks are unwound where they stand. Their deferred calls, of any
// kind, come to nothing.
func TestDeferredCallsAtTheEndOfARun(t *testing.T) {
	for _, fail := range []bool{false, true} {
		var l *lab
		ran := 0
		r := sim.Run(far(1), func(w *sim.World) {
			l = newLab(w)
			l.Enable("client", false)
			end := l.addEnd("e", "server")
			for i := range 10 {
				w.Go("", func() {
					defer func() {
						ran++
						l.DeleteServer("server")
						l.Enable("client", true)
						end.Call("Echo.Double", 1, new(int))
						t.Error("a deferred Call returned")
					}()
					l.call(end, "Echo.Slow", time.Duration(i)*time.Second)
				})
			}
			w.Sleep(7 * ms) // the requests have arrived
			if fail {
				w.Failf("enough")
			}
		})
		if (r.Err != nil) != fail || ran != 10 || l.GetTotalCount() < 10 {
			t.Errorf("%v; %d deferred functions ran, %d calls", r.Err, ran, l.GetTotalCount())
		}
	}
}

// Every message comes twice, and the next call begins before the second copies of
// the last are there.
func TestEverythingTwice(t *testing.T) {
	for seed := uint64(1); seed <= 10; seed++ {
		run(t, sim.Config{Seed: seed, Link: sim.LinkConfig{Duplicate: sim.Million}}, func(w *sim.World) {
			l := newLab(w)
			for i := range 100 {
				if o := l.call(l.end, "Echo.Double", i); !o.ok || o.reply != 2*i {
					t.Errorf("call %d: %+v", i, o)
				}
			}
			w.Sleep(time.Second)
			if l.GetCount("server") != 200 || l.GetTotalCount() != 100 {
				t.Errorf("%d executions of %d calls", l.GetCount("server"), l.GetTotalCount())
			}
			l.noLeak(t, 0)
		})
	}
}

// Whatever happens to them, records of calls are given back.
func TestNoLeakInChaos(t *testing.T) {
	for seed := range uint64(15) {
		cfg := sim.Config{Seed: seed, Link: sim.LinkConfig{Loss: 50_000, Duplicate: 200_000, Reorder: 100_000}}
		run(t, cfg, func(w *sim.World) {
			l := newLab(w)
			l.Reliable(false)
			l.LongReordering(seed%2 == 0)
			n0 := w.Node("n0")
			n0.Start(func() { l.addServer("far") })
			w.Sleep(ms)
			end := l.addEnd("e", "far")
			var calls []*outcome
			rand := w.Rand()
			for range 60 {
				for range 10 {
					calls = append(calls, l.background(end, "Echo.Slow", time.Duration(rand.IntN(300))*ms))
				}
				w.Sleep(time.Duration(rand.IntN(40)) * ms)
				there, back := w.Link(w.Main(), n0), w.Link(n0, w.Main())
				switch rand.IntN(8) {
				case 0:
					n0.Restart()
				case 1:
					n0.Pause()
				case 2:
					n0.Resume()
				case 3:
					there.Cut()
				case 4:
					back.Clog()
				case 5:
					w.HealAll()
				case 6:
					l.Enable("e", rand.IntN(2) == 0)
				case 7:
					there.Clog()
				}
			}
			n0.Resume()
			w.HealAll()
			w.Sleep(10 * time.Second)
			for _, o := range calls {
				if !o.done {
					t.Error("a call did not return")
				}
			}
			l.noLeak(t, 0)
		})
	}
}
