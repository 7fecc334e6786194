//go:build !race

package sim

import (
	"testing"
	"time"

	"samerun/sched"
)

// A goroutine that was started with the go statement calls in. It reads what
// belongs to the run before it is found out, which the race detector would tell.
func TestARawGoroutineThatCallsIn(t *testing.T) {
	for op, call := range map[string]func(w *World, n *Node, l *Link){
		"Sleep":            func(w *World, n *Node, l *Link) { w.Sleep(ms) },
		"World.Go":         func(w *World, n *Node, l *Link) { w.Go("x", func() {}) },
		"World.Node":       func(w *World, n *Node, l *Link) { w.Node("new") },
		"World.Link":       func(w *World, n *Node, l *Link) { w.Link(n, n) },
		"World.Kind":       func(w *World, n *Node, l *Link) { w.Kind("new") },
		"World.Rand":       func(w *World, n *Node, l *Link) { w.Rand() },
		"World.Here":       func(w *World, n *Node, l *Link) { w.Here() },
		"World.Logf":       func(w *World, n *Node, l *Link) { w.Logf("x") },
		"World.Fail":       func(w *World, n *Node, l *Link) { w.Fail(errBroken) },
		"World.Failf":      func(w *World, n *Node, l *Link) { w.Failf("x") },
		"World.SetLinks":   func(w *World, n *Node, l *Link) { w.SetLinks(LinkConfig{}) },
		"World.Cut":        func(w *World, n *Node, l *Link) { w.Cut(nil, nil) },
		"World.Heal":       func(w *World, n *Node, l *Link) { w.Heal(nil, nil) },
		"World.HealAll":    func(w *World, n *Node, l *Link) { w.HealAll() },
		"World.Always":     func(w *World, n *Node, l *Link) { w.Always("x", func() error { return nil }) },
		"World.Eventually": func(w *World, n *Node, l *Link) { w.Eventually("x", 0, func() bool { return true }) },
		"World.Sometimes":  func(w *World, n *Node, l *Link) { w.Sometimes("x", true) },
		"Node.Start":       func(w *World, n *Node, l *Link) { n.Start(func() {}) },
		"Node.Go":          func(w *World, n *Node, l *Link) { n.Go("x", func() {}) },
		"Node.Spawn":       func(w *World, n *Node, l *Link) { n.Spawn("x", 1, func() {}) },
		"Node.Crash":       func(w *World, n *Node, l *Link) { n.Crash() },
		"Node.Restart":     func(w *World, n *Node, l *Link) { n.Restart() },
		"Node.Pause":       func(w *World, n *Node, l *Link) { n.Pause() },
		"Node.Resume":      func(w *World, n *Node, l *Link) { n.Resume() },
		"Node.OnDown":      func(w *World, n *Node, l *Link) { n.OnDown(func() {}) },
		"Node.Save":        func(w *World, n *Node, l *Link) { n.Save("x", nil) },
		"Node.Load":        func(w *World, n *Node, l *Link) { n.Load("x") },
		"Node.Rand":        func(w *World, n *Node, l *Link) { n.Rand() },
		"Link.Send":        func(w *World, n *Node, l *Link) { l.Send(&Message{}, 0, &count{}) },
		"Link.Set":         func(w *World, n *Node, l *Link) { l.Set(LinkConfig{}) },
		"Link.Cut":         func(w *World, n *Node, l *Link) { l.Cut() },
		"Link.Heal":        func(w *World, n *Node, l *Link) { l.Heal() },
		"Link.Clog":        func(w *World, n *Node, l *Link) { l.Clog() },
		"Link.Release":     func(w *World, n *Node, l *Link) { l.Release() },
	} {
		returned := false
		e := fails[*sched.IntruderError](t, Config{Seed: 1, Stall: time.Hour}, func(w *World) {
			n := w.Node("n")
			n.Start(func() {})
			l := w.Link(w.Main(), n)
			w.Sleep(ms)
			gone := make(chan bool)
			go func() {
				defer close(gone)
				call(w, n, l)
				returned = true
			}()
			<-gone // for real, but not for long
			w.Sleep(time.Second)
		})
		want(t, "the call", e.Op, op)
		if returned {
			t.Errorf("%s returned to a raw goroutine", op)
		}
		wantIn(t, e.Error(), "intruder_test.go:", "not a task of this run")
	}
}

// A goroutine that only calls in is found in every seed, although a run takes less time
// than the goroutine needs to begin.
func TestARawGoroutineFailsEverySeed(t *testing.T) {
	for seed := range uint64(200) {
		fails[*sched.IntruderError](t, Config{Seed: seed}, func(w *World) {
			w.Node("n").Start(func() {
				go func() {
					w.Sleep(ms)
					w.Failf("never")
				}()
			})
			w.Sleep(time.Second)
		})
	}
}

// One that was blocked for real and calls in when its run is over fails the test, if
// that goes on still.
func TestARawGoroutineThatComesLate(t *testing.T) {
	setenv(t, "SAMERUN_SEEDS", "1-2")
	release, gone := make(chan bool), make(chan bool)
	f := runTest(&fakeT{}, func(w *World) {
		if w.Seed() == 1 {
			go func() {
				defer close(gone)
				<-release
				w.Logf("late")
			}()
			return
		}
		close(release)
		<-gone
	})
	if len(f.errors) != 1 {
		t.Fatalf("%q", f.errors)
	}
	wantIn(t, f.errors[0], "World.Logf was called at intruder_test.go:", "that run had already ended")
}
