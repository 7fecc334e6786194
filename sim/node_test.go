package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"samerun/sched"
)

func TestNodeLife(t *testing.T) {
	mustRun(t, Config{Seed: 1}, func(w *World) {
		n := w.Node("n0")
		state := func() string { return fmt.Sprintf("%v/%d/%v", n.Up(), n.Boot(), n.Paused()) }
		check := func(after, want string) {
			t.Helper()
			if got := state(); got != want {
				t.Errorf("after %s: up/boot/paused is %s, want %s", after, got, want)
			}
		}
		check("Node", "false/0/false")
		n.Crash() // nothing to crash
		n.Resume()
		n.Pause()
		check("nothing", "false/0/false")
		n.Start(func() {})
		check("Start", "true/1/false")
		n.Pause()
		n.Pause()
		check("Pause", "true/1/true")
		n.Crash()
		check("Crash", "false/1/false")
		n.Resume()
		check("Resume of a crashed node", "false/1/false")
		n.Restart()
		check("Restart", "true/2/false")
		n.Restart()
		check("Restart of a running node", "true/3/false")
		n.Crash()
		n.Start(func() {})
		check("Start after Crash", "true/4/false")
		if w.Node("n0") != n || n.Name() != "n0" || n.String() != "n0" {
			t.Error("the node of a name is not always the same, or has forgotten it")
		}
		want(t, "main is up", w.Main().Up(), true)
		want(t, "main boots", w.Main().Boot(), 1)
		want(t, "Node of main", w.Node("main"), w.Main())
		m := w.Node("a")
		if got := w.Nodes(); !slices.Equal(got, []*Node{n, m}) {
			t.Errorf("Nodes returned %v", got)
		}
	})
}

func TestHere(t *testing.T) {
	mustRun(t, Config{}, func(w *World) {
		n := w.Node("n0")
		want(t, "Here in the scenario", w.Here(), w.Main())
		n.Start(func() {
			want(t, "Here in a boot task", w.Here(), n)
			w.Go("child", func() { want(t, "Here in a child", w.Here(), n) })
			want(t, "Current", Current(), w)
		})
		n.Go("late", func() { want(t, "Here in Node.Go", w.Here(), n) })
		w.Eventually("in a condition", 0, func() bool { return w.Here() == w.Main() })
		w.Sleep(1)
	})
	if Current() != nil {
		t.Error("Current outside of a run is not nil")
	}
}

// Every kind of waiting, and being ready: none goes on after a crash.
func TestCrashStopsTasksWhereTheyStand(t *testing.T) {
	for seed := range uint64(20) {
		var mu sched.Mutex
		var moved []string
		mustRun(t, Config{Seed: seed}, func(w *World) {
			n := w.Node("n0")
			ch, start := sched.MakeChan[int](0), sched.MakeChan[int](0)
			crashed := false
			waits := map[string]func(){
				"sleep": func() { w.Sleep(5 * ms) },
				"recv":  func() { ch.Recv() },
				"lock":  func() { mu.Lock() },
				"yield": func() {
					for start.Recv(); !crashed; {
						w.Sleep(0) // ready when the crash comes
					}
				},
				"after": func() { sched.After(3 * ms).Recv() },
			}
			n.Start(func() {
				for _, name := range []string{"sleep", "recv", "lock", "yield", "after"} {
					w.Go(name, func() {
						waits[name]()
						moved = append(moved, name)
					})
				}
			})
			mu.Lock()
			w.Sleep(ms)
			start.Send(0)
			w.Sleep(0)
			n.Go("fresh", func() { moved = append(moved, "fresh") })
			n.Crash()
			crashed = true
			mu.Unlock()
			w.Go("sender", func() { ch.Send(1) })
			w.Sleep(20 * ms)
		})
		if len(moved) > 0 {
			t.Errorf("seed %d: %v went on after the crash", seed, moved)
		}
	}
}

// Whatever a deferred call of a crashed task does, the run is the same.
func TestDeferredCallsOfTheDeadChangeNothing(t *testing.T) {
	effects := map[string]func(w *World, n *Node, l *Link){
		"nothing":    func(w *World, n *Node, l *Link) {},
		"Logf":       func(w *World, n *Node, l *Link) { w.Logf("from beyond") },
		"Save":       func(w *World, n *Node, l *Link) { n.Save("k", []byte("beyond")) },
		"Send":       func(w *World, n *Node, l *Link) { l.Send(&Message{}, 0, &count{}) },
		"Cut":        func(w *World, n *Node, l *Link) { l.Cut() },
		"Clog":       func(w *World, n *Node, l *Link) { l.Clog() },
		"World.Cut":  func(w *World, n *Node, l *Link) { w.Cut([]*Node{l.from}, []*Node{l.to}) },
		"HealAll":    func(w *World, n *Node, l *Link) { w.HealAll() },
		"Set":        func(w *World, n *Node, l *Link) { l.Set(LinkConfig{Loss: Million}) },
		"SetLinks":   func(w *World, n *Node, l *Link) { w.SetLinks(LinkConfig{Loss: Million}) },
		"Crash":      func(w *World, n *Node, l *Link) { l.to.Crash() },
		"Restart":    func(w *World, n *Node, l *Link) { n.Restart() },
		"Start":      func(w *World, n *Node, l *Link) { w.Node("other").Start(func() {}) },
		"Pause":      func(w *World, n *Node, l *Link) { l.to.Pause() },
		"Go":         func(w *World, n *Node, l *Link) { w.Go("x", func() { w.Logf("y") }) },
		"Node.Go":    func(w *World, n *Node, l *Link) { l.to.Go("x", func() { w.Logf("y") }) },
		"Always":     func(w *World, n *Node, l *Link) { w.Always("a", func() error { return errTestFailed }) },
		"Eventually": func(w *World, n *Node, l *Link) { w.Eventually("e", 0, func() bool { return false }) },
		"Sometimes":  func(w *World, n *Node, l *Link) { w.Sometimes("s", true) },
		"Failf":      func(w *World, n *Node, l *Link) { w.Failf("no") },
		"Sleep":      func(w *World, n *Node, l *Link) { w.Sleep(ms) },
		"recover":    func(w *World, n *Node, l *Link) { _ = recover(); w.Failf("no") },
	}
	play := func(effect func(w *World, n *Node, l *Link)) (string, bool) {
		ran := false
		lines, r := traced(Config{Seed: 7}, func(w *World) {
			n, m := w.Node("n"), w.Node("m")
			m.Start(func() { w.Sleep(time.Hour) })
			n.Start(func() {
				defer func() { ran = true; effect(w, n, w.Link(n, m)) }()
				w.Sleep(10 * ms)
			})
			w.Sleep(ms)
			n.Crash()
			w.Sleep(20 * ms)
			want(t, "Load after the crash", string(n.Load("k")), "")
			want(t, "m runs", m.Up() && !m.Paused(), true)
		})
		return fmt.Sprintf("%s\n%+v", strings.Join(lines, "\n"), *r), ran
	}
	calm, _ := play(effects["nothing"])
	for name, effect := range effects {
		got, ran := play(effect)
		if got != calm {
			t.Errorf("with %s in a deferred call:\n%s\nwithout:\n%s", name, got, calm)
		}
		if !ran {
			t.Errorf("the deferred call with %s never ran: a leak", name)
		}
	}
}

func TestCrashFromInside(t *testing.T) {
	mustRun(t, Config{Seed: 3}, func(w *World) {
		n := w.Node("n0")
		returned, sibling := false, false
		n.Start(func() {
			w.Go("sibling", func() { w.Sleep(2 * ms); sibling = true })
			w.Sleep(ms)
			n.Crash()
			returned = true
		})
		w.Sleep(10 * ms)
		want(t, "up", n.Up(), false)
		want(t, "the call returned", returned, false)
		want(t, "the sibling went on", sibling, false)
	})
}

func TestRestartFromInside(t *testing.T) {
	for seed := range uint64(10) {
		mustRun(t, Config{Seed: seed}, func(w *World) {
			n := w.Node("n0")
			var log []string
			n.Start(func() {
				log = append(log, fmt.Sprint("boot ", n.Boot()))
				w.Sleep(ms)
				if n.Boot() < 3 {
					n.Restart()
					log = append(log, "returned")
				}
			})
			w.Sleep(10 * ms)
			want(t, "log", strings.Join(log, ", "), "boot 1, boot 2, boot 3")
			want(t, "up", n.Up(), true)
		})
	}
}

// A node that restarts itself is restarted once, whoever else does it too.
func TestRestartFromInsideAndOutside(t *testing.T) {
	for seed := range uint64(20) {
		mustRun(t, Config{Seed: seed}, func(w *World) {
			n := w.Node("n0")
			told := sched.MakeChan[int](1)
			n.Start(func() {
				if n.Boot() == 1 {
					w.Sleep(ms)
					told.Send(0)
					n.Restart()
				}
			})
			w.Main().Go("other", func() {
				for told.Recv(); n.Up() && n.Boot() == 1; {
					w.Sleep(0)
				}
				if n.Boot() == 1 {
					n.Restart() // between the crash and the restart from inside
				}
			})
			w.Sleep(5 * ms)
			want(t, "boots", n.Boot(), 2)
		})
	}
}

func TestTimersOfADeadIncarnationDoNothing(t *testing.T) {
	mustRun(t, Config{Seed: 5}, func(w *World) {
		n := w.Node("n0")
		var log []string
		note := func(boot int, what string) {
			if boot != n.Boot() {
				log = append(log, fmt.Sprintf("%s of boot %d at %v", what, boot, w.Elapsed()))
			}
		}
		fired := 0
		n.Start(func() {
			boot := n.Boot()
			sched.AfterFunc(10*ms, func() { fired++; note(boot, "AfterFunc") })
			w.Go("timer", func() { sched.NewTimer(10 * ms).C.Recv(); note(boot, "timer") })
			w.Go("ticker", func() {
				for range sched.NewTicker(3 * ms).C.All() {
					note(boot, "ticker")
				}
			})
		})
		w.Sleep(5 * ms)
		n.Crash()
		w.Sleep(2 * ms)
		n.Restart()
		w.Sleep(30 * ms)
		want(t, "log", strings.Join(log, "; "), "")
		want(t, "timers that fired", fired, 1)
	})
}

func TestPause(t *testing.T) {
	for seed := range uint64(10) {
		mustRun(t, Config{Seed: seed, Link: fixed(ms)}, func(w *World) {
			a, n := w.Node("a"), w.Node("n")
			var woke time.Duration
			handled := []time.Duration{}
			n.Start(func() { w.Sleep(5 * ms); woke = w.Elapsed() })
			w.Sleep(2 * ms)
			n.Pause()
			arrived := &starter{w: w, n: n, f: func() { handled = append(handled, w.Elapsed()) }}
			w.Link(a, n).Send(&Message{}, 0, arrived)
			w.Sleep(10 * ms)
			want(t, "woken while paused", woke, 0)
			want(t, "arrivals while paused", arrived.got, 1)
			want(t, "handled while paused", len(handled), 0)
			n.Resume()
			w.Sleep(1)
			want(t, "woken at", woke, 12*ms)
			want(t, "handled at", fmt.Sprint(handled), "[12ms]")
		})
	}
}

// starter starts a task for each arrival.
type starter struct {
	count
	w   *World
	n   *Node
	f   func()
	got int
}

func (s *starter) Deliver(m *Message) { s.got++; s.n.Go("handler", s.f) }

func TestPauseFromInside(t *testing.T) {
	mustRun(t, Config{Seed: 1}, func(w *World) {
		n := w.Node("n")
		var after time.Duration
		n.Start(func() { n.Pause(); after = w.Elapsed() })
		w.Sleep(7 * ms)
		want(t, "went on while paused", after, 0)
		n.Resume()
		w.Sleep(1)
		want(t, "went on at", after, 7*ms)
	})
}

func TestCrashOfAPausedNode(t *testing.T) {
	mustRun(t, Config{Seed: 1}, func(w *World) {
		n := w.Node("n")
		steps := 0
		n.Start(func() {
			for {
				w.Sleep(ms)
				steps++
			}
		})
		w.Sleep(3*ms + 1)
		n.Pause()
		w.Sleep(ms)
		n.Crash()
		n.Resume()
		w.Sleep(10 * ms)
		want(t, "steps", steps, 3)
		n.Restart()
		w.Sleep(2*ms + 1)
		want(t, "steps after the restart", steps, 5)
	})
}

func TestGoOnANodeThatIsDown(t *testing.T) {
	mustRun(t, Config{}, func(w *World) {
		n := w.Node("n")
		ran := 0
		n.Go("too early", func() { ran++ })
		n.Start(func() {})
		n.Crash()
		n.Go("too late", func() { ran++ })
		w.Sleep(ms)
		want(t, "tasks", ran, 0)
	})
}

func TestOnDown(t *testing.T) {
	mustRun(t, Config{}, func(w *World) {
		n := w.Node("n")
		downs := 0
		n.Start(func() { n.OnDown(func() { downs++ }) })
		w.Sleep(1)
		n.Crash()
		want(t, "calls after the first crash", downs, 1)
		n.Restart()
		n.Crash() // before the new boot function ran
		want(t, "calls after the second", downs, 1)
	})
}
