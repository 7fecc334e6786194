package sim

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"samerun/sched"
)

// What a scenario can get wrong, and what it is told. Every text is one sentence
// (which may go on after a semicolon) and no trace of a panic.
func TestBadInput(t *testing.T) {
	nothing := func() {}
	for _, c := range []struct {
		name string
		do   func(w *World)
		want string
	}{
		{"empty name", func(w *World) { w.Node("") }, `World.Node was called with an empty name; traces and keys need one, such as "n0"`},
		{"Start of nil", func(w *World) { w.Node("n").Start(nil) }, "Node.Start of n was given no function; it needs one that starts what runs on the node"},
		{"Start twice", func(w *World) { w.Node("n").Start(nothing); w.Node("n").Start(nothing) }, "Node.Start was called on n, which runs already; use Restart"},
		{"Start on main", func(w *World) { w.Main().Start(nothing) }, "Node.Start was called on the main node, which is the scenario itself; use another node"},
		{"Restart never started", func(w *World) { w.Node("n").Restart() }, "Node.Restart was called on n, which was never started; use Start first"},
		{"Restart of main", func(w *World) { w.Main().Restart() }, "Node.Restart was called on the main node, which is the scenario itself; use another node"},
		{"Crash of main", func(w *World) { w.Main().Crash() }, "Node.Crash was called on the main node, which is the scenario itself; use another node"},
		{"Pause of main", func(w *World) { w.Node("main").Pause() }, "Node.Pause was called on the main node, which is the scenario itself; use another node"},
		{"Go of nil", func(w *World) { w.Go("x", nil) }, `World.Go("x") was given no function; it needs one to run as a task`},
		{"Node.Go of nil", func(w *World) { w.Main().Go("x", nil) }, `Node.Go("x") on main was given no function; it needs one to run as a task`},
		{"Always of nil", func(w *World) { w.Always("a", nil) }, `World.Always("a") was given no check; it needs a func() error`},
		{"Eventually of nil", func(w *World) { w.Eventually("e", 1, nil) }, `World.Eventually("e") was given no condition; it needs a func() bool`},
		{"negative Eventually", func(w *World) { w.Eventually("e", -1, func() bool { return true }) }, `World.Eventually("e") was given -1ns; the time in which it must come true cannot be negative`},
		{"Fail of nil", func(w *World) { w.Fail(nil) }, "World.Fail was called with a nil error; it needs one that says what went wrong"},
		{"a link from nowhere", func(w *World) { w.Link(nil, w.Main()) }, "World.Link(no node, main): a link needs two nodes of its own world"},
		{"a link to nowhere", func(w *World) { w.Link(w.Main(), nil) }, "World.Link(main, no node): a link needs two nodes of its own world"},
		{"no message", func(w *World) { w.Link(w.Main(), w.Main()).Send(nil, 0, &count{}) }, "Link.Send(main → main): there is no message; it needs a *Message"},
		{"no receiver", func(w *World) { w.Link(w.Main(), w.Main()).Send(&Message{}, 0, nil) }, "Link.Send(main → main): there is no receiver; it needs one that is told of the message's arrival"},
		{"negative delay", func(w *World) { w.Link(w.Main(), w.Main()).Send(&Message{}, -1, &count{}) }, "Link.Send(main → main): the delay is -1ns; it is added to the latency and cannot be negative"},
		{"negative size", func(w *World) { w.Link(w.Main(), w.Main()).Send(&Message{Size: -1}, 0, &count{}) }, "Link.Send(main → main): the size is -1; it counts bytes and cannot be negative"},
		{"no such kind", func(w *World) { w.Link(w.Main(), w.Main()).Send(&Message{Kind: math.MaxUint32}, 0, &count{}) }, "Link.Send(main → main): the world has no kind 4294967295; World.Kind makes kinds from names"},
		{"sent twice", func(w *World) {
			m := &Message{}
			w.Link(w.Main(), w.Main()).Send(m, 0, &count{})
			w.Link(w.Main(), w.Node("n")).Send(m, 0, &count{})
		}, "Link.Send(main → n): the message is in flight on main → main already; use a new one, or wait until its receiver was told its fate and Copies is 0"},
		{"Set", func(w *World) { w.Link(w.Main(), w.Node("n")).Set(LinkConfig{Loss: -1}) }, "Link.Set(main → n): Loss is -1 parts per million; it must lie between 0 and 1000000"},
		{"SetLinks", func(w *World) { w.SetLinks(LinkConfig{Loss: Million + 1}) }, "World.SetLinks: Loss is 1000001 parts per million; it must lie between 0 and 1000000"},
	} {
		for _, where := range []string{"task", "event"} {
			ran := false
			r := Run(Config{Seed: 7}, func(w *World) {
				if where == "event" {
					w.Eventually("looks", time.Second, func() bool {
						if !ran {
							ran = true
							c.do(w)
						}
						return false
					})
					return
				}
				ran = true
				c.do(w)
				t.Errorf("%s: the call returned", c.name)
			})
			var e *RunError
			if !errors.As(r.Err, &e) {
				t.Errorf("%s in a %s: the error is %T %v", c.name, where, r.Err, r.Err)
				continue
			}
			if !ran {
				t.Errorf("%s in a %s never ran", c.name, where)
			}
			want(t, c.name+" in a "+where, r.Err.Error(), "seed 7: "+c.want)
		}
	}
}

func TestBadLinkConfig(t *testing.T) {
	for _, c := range []struct {
		cfg  LinkConfig
		want string
	}{
		{LinkConfig{Latency: Durations{Min: -1, Max: 5}}, "Latency is -1ns to 5ns; a range needs 0 < Min ≤ Max ≤ 100 years"},
		{LinkConfig{Latency: Durations{Min: 0, Max: 5}}, "Latency is 0s to 5ns"},
		{LinkConfig{Latency: Durations{Min: 5, Max: 4}}, "Latency is 5ns to 4ns"},
		{LinkConfig{Latency: Durations{Min: 5, Max: math.MaxInt64}}, "Latency is 5ns to 2562047h47m16.854775807s"},
		{LinkConfig{Late: Durations{Min: -1, Max: 5}}, "Late is -1ns to 5ns"},
		{LinkConfig{Late: Durations{Min: 3, Max: 2}}, "Late is 3ns to 2ns"},
		{LinkConfig{Loss: -1}, "Loss is -1 parts per million; it must lie between 0 and 1000000"},
		{LinkConfig{Loss: Million + 1}, "Loss is 1000001 parts"},
		{LinkConfig{Duplicate: -7}, "Duplicate is -7 parts"},
		{LinkConfig{Duplicate: 1 << 40}, "Duplicate is 1099511627776 parts"},
		{LinkConfig{Reorder: -1}, "Reorder is -1 parts"},
		{LinkConfig{Reorder: Million + 1}, "Reorder is 1000001 parts"},
	} {
		r := Run(Config{Seed: 3, Link: c.cfg}, func(*World) { t.Error("the scenario ran") })
		if r.Err == nil {
			t.Errorf("%+v was taken", c.cfg)
			continue
		}
		wantIn(t, r.Err.Error(), "seed 3: sim.Config.Link: "+c.want)
		says(t, Config{}, func(w *World) { w.SetLinks(c.cfg) }, "World.SetLinks: "+c.want)
		says(t, Config{}, func(w *World) { w.Link(w.Main(), w.Main()).Set(c.cfg) }, "Link.Set(main → main): "+c.want)
	}
}

func TestBadConfig(t *testing.T) {
	says(t, Config{Seed: 1}, nil, "seed 1: the scenario is nil: give sim.Run or sim.Test a func(w *sim.World)")
	says(t, Config{MaxSteps: -1}, func(*World) {}, "MaxSteps is -1")
	says(t, Config{Stall: -1}, func(*World) {}, "Stall is -1ns")
}

func TestNodesOfAnotherWorld(t *testing.T) {
	var stranger *Node
	mustRun(t, Config{}, func(w *World) { stranger = w.Node("x") })
	says(t, Config{}, func(w *World) { w.Link(w.Main(), stranger) }, "World.Link(main, x of another world)")
	says(t, Config{}, func(w *World) { w.Cut([]*Node{stranger}, []*Node{w.Main()}) }, "World.Link(x of another world, main)")
}

// Three ends that package sched finds, seen from here.
func TestEndsOfOtherKinds(t *testing.T) {
	d := fails[*sched.DeadlockError](t, Config{Seed: 1}, func(w *World) {
		n := w.Node("n")
		var mu sched.Mutex
		n.Start(func() { mu.Lock(); n.Crash() })
		w.Sleep(ms)
		mu.Lock()
	})
	wantIn(t, d.Error(), "n/main", "crashed at 0s", "main ", "Mutex.Lock")
	says(t, Config{Seed: 1, MaxSteps: 1000}, func(w *World) {
		n := w.Node("n")
		n.Start(func() {
			for {
				w.Sleep(0)
			}
		})
		w.Sleep(ms)
	}, "livelock: 1000 steps", "n/main")
	e := fails[*sched.PanicError](t, Config{Seed: 1}, func(w *World) {
		n := w.Node("n")
		n.Start(func() { w.Sleep(2 * ms); panic(errBroken) })
		w.Sleep(time.Second)
	})
	want(t, "panic", e.Error(), "panic at 2ms in task n/main: it is broken")
	if !errors.Is(e, errBroken) || strings.Contains(e.Stack, "0x") {
		t.Errorf("the stack of a panic with an error:\n%s", e.Stack)
	}
}

// A task that blocks for real stands in the way of everything, and is named.
func TestATaskThatBlocksForReal(t *testing.T) {
	ch := make(chan int)
	defer close(ch)
	r := Run(Config{Seed: 1, Stall: 2 * time.Second}, func(w *World) {
		n := w.Node("n")
		n.Start(func() {})
		n.Go("reader", func() { <-ch })
		w.Sleep(time.Second)
	})
	if r.Err == nil {
		t.Fatal("the run came to a good end")
	}
	wantIn(t, r.Err.Error(), "seed 1: stall: task n/reader blocks for real (chan receive) at misuse_test.go:", "use a sched.Chan instead of a channel")
	want(t, "digest", r.Digest, "")
}
