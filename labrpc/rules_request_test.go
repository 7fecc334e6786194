package labrpc

import (
	"testing"
	"time"

	"samerun/sim"
)

const ms = time.Millisecond

func TestRule01FreshEncoder(t *testing.T) {
	for _, args := range []any{"x", 5, Pair{3, "abc"}, &Pair{3, "abc"}} {
		method := map[bool]string{true: "Echo.Len", false: "Echo.Double"}[args == "x"]
		want := gobLen(t, args)
		run(t, exactly(1), func(w *sim.World) {
			l := newLab(w)
			switch args.(type) {
			case Pair:
				method = "Echo.ByValue"
			case *Pair:
				method = "Echo.ByPointer"
			}
			l.Enable("client", false) // the type descriptors count in calls that fail, too
			for range 3 {
				var n Pair
				l.end.Call(method, args, &n)
			}
			if got := l.GetTotalBytes(); got != 3*want {
				t.Errorf("3 × %T: %d bytes, want 3 × %d", args, got, want)
			}
		})
	}
}

func TestRule02Cleanup(t *testing.T) {
	run(t, exactly(2), func(w *sim.World) {
		l := newLab(w)
		before := l.background(l.end, "Echo.Slow", time.Second)
		w.Sleep(500 * ms)
		l.Cleanup()
		if o := l.call(l.end, "Echo.Double", 4); o.ok || o.took != 0 {
			t.Errorf("a call after Cleanup: %+v", o)
		}
		if l.GetTotalCount() != 1 {
			t.Errorf("%d calls counted; one was accepted", l.GetTotalCount())
		}
		w.Sleep(time.Second)
		if !before.ok || before.reply != 7 {
			t.Errorf("the call accepted before Cleanup: %+v", before)
		}
		l.noLeak(t, 0)
	})
}

func TestRule03AcceptanceCountsAndSnapshot(t *testing.T) {
	run(t, exactly(3), func(w *sim.World) {
		l := newLab(w)
		l.Enable("client", false)
		o := l.background(l.end, "Echo.Double", 4)
		w.Sleep(tick) // all ready tasks run before time moves on
		if l.GetTotalCount() != 1 || l.GetTotalBytes() != gobLen(t, 4) {
			t.Errorf("a call that will fail: count %d, %d bytes at once", l.GetTotalCount(), l.GetTotalBytes())
		}
		l.Enable("client", true)
		w.Sleep(time.Second)
		if !o.done || o.ok {
			t.Errorf("the end was disabled when the call was accepted: %+v", o)
		}
	})
	// The server's name is read once: a request on its way goes where it was sent.
	for seed := range uint64(20) {
		run(t, exactly(seed), func(w *sim.World) {
			l := newLab(w)
			_, other := l.addServer("other")
			l.Reliable(false)
			o := l.background(l.end, "Echo.Slow", 5*ms)
			w.Sleep(tick)
			l.Connect("client", "other")
			w.Sleep(time.Second)
			if other.started != 0 || !o.done || (o.ok && l.echo.started != 1) {
				t.Errorf("seed %d: connected elsewhere after acceptance: %d there, %+v", seed, other.started, o)
			}
		})
	}
}

func TestRule03CallsOvertake(t *testing.T) {
	overtaken := false
	for seed := range uint64(10) {
		run(t, exactly(seed), func(w *sim.World) {
			l := newLab(w)
			l.Reliable(false)
			a := l.background(l.end, "Echo.Double", 1)
			w.Sleep(ms)
			b := l.background(l.end, "Echo.Double", 2)
			w.Sleep(time.Second)
			overtaken = overtaken || a.ok && b.ok && b.at < a.at
		})
	}
	if !overtaken {
		t.Error("no call overtook another on its end in 10 seeds")
	}
}

func TestRule04Reachable(t *testing.T) {
	type step func(l *lab)
	for _, c := range []struct {
		name string
		do   step
		want bool
	}{
		{"enabled and connected", func(l *lab) {}, true},
		{"disabled", func(l *lab) { l.Enable("client", false) }, false},
		{"enabled again", func(l *lab) { l.Enable("client", false); l.Enable("client", true) }, true},
		{"connected to no server", func(l *lab) { l.Connect("client", "nobody") }, false},
		{"the server came later", func(l *lab) { l.Connect("client", "late"); l.addServer("late") }, true},
		{"server deleted", func(l *lab) { l.DeleteServer("server") }, false},
		{"server replaced", func(l *lab) { l.addServer("server") }, true},
		{"end deleted", func(l *lab) { l.DeleteEnd("client") }, false},
		{"end deleted and made again", func(l *lab) { l.DeleteEnd("client"); l.addEnd("client", "server") }, false}, // the old one
		{"a new end", func(l *lab) { l.end = l.MakeEnd("new") }, false},
		{"a new end, connected", func(l *lab) { l.end = l.MakeEnd("new"); l.Connect("new", "server") }, false},
		{"a new end, enabled", func(l *lab) { l.end = l.MakeEnd("new"); l.Enable("new", true) }, false},
		{"set up before it was made", func(l *lab) {
			l.Connect("new", "server")
			l.Enable("new", true)
			l.end = l.MakeEnd("new")
		}, false},
		{"a name that is a number", func(l *lab) { l.addServer(3); l.end = l.addEnd(8, 3) }, true},
		{"a name that is a structure", func(l *lab) { l.end = l.addEnd(Pair{1, "x"}, "server") }, true},
	} {
		run(t, exactly(4), func(w *sim.World) {
			l := newLab(w)
			c.do(l)
			if o := l.call(l.end, "Echo.Double", 4); o.ok != c.want {
				t.Errorf("%s: %+v", c.name, o)
			}
			if count := l.srv.GetCount(); !c.want && count != 0 {
				t.Errorf("%s: the server was given %d requests", c.name, count)
			}
			l.noLeak(t, 0)
		})
	}
}

// failTimes returns how often calls to nowhere took how many milliseconds.
func failTimes(t *testing.T, seed uint64, n int, long, unreliable bool) map[time.Duration]int {
	times := map[time.Duration]int{}
	run(t, exactly(seed), func(w *sim.World) {
		l := newLab(w)
		l.Enable("client", false)
		l.LongDelays(long)
		l.Reliable(!unreliable)
		if l.IsLongDelays() != long || l.IsReliable() == unreliable {
			t.Error("IsLongDelays or IsReliable does not tell what was set")
		}
		calls := make([]*outcome, n)
		for i := range calls {
			calls[i] = l.background(l.end, "Echo.Double", i)
		}
		w.Sleep(ms / 2)
		l.Enable("client", true) // helps none of them
		w.Sleep(10 * time.Second)
		for _, o := range calls {
			if !o.done || o.ok || o.took%ms != 0 {
				t.Fatalf("a call to nowhere: %+v", *o)
			}
			times[o.took/ms]++
		}
		if l.srv.GetCount() != 0 {
			t.Error("the server got a request")
		}
		l.noLeak(t, 0)
	})
	return times
}

func TestRule05CallsToNowhere(t *testing.T) {
	for _, unreliable := range []bool{false, true} {
		times := failTimes(t, 5, 3000, false, unreliable)
		for n := range times {
			if n > 99 {
				t.Errorf("a call to nowhere took %d ms", n)
			}
		}
		if len(times) != 100 { // each is missing with a chance of e^-30
			t.Errorf("3000 calls to nowhere hit %d of the 100 durations", len(times))
		}
	}
	times := failTimes(t, 5, 5000, true, false)
	low, high, below := time.Duration(LONGDELAY), time.Duration(0), 0
	for n, count := range times {
		low, high = min(low, n), max(high, n)
		if n < 3500 {
			below += count
		}
	}
	if low > 50 || high < 6950 || high > 6999 {
		t.Errorf("with LongDelays: %d to %d ms, want 0 to 6999", low, high)
	}
	if !about(below, 5000, 1, 2) {
		t.Errorf("with LongDelays %d of 5000 took less than 3.5 s", below)
	}
	if times := failTimes(t, 0, 100, false, false); times[50] != 100 {
		t.Errorf("at seed 0 calls to nowhere take the middle, 50 ms: %v", times)
	}
}

func TestRule06UnreliableRequests(t *testing.T) {
	const n = 3000
	run(t, exactly(6), func(w *sim.World) {
		l := newLab(w)
		l.Reliable(false)
		calls := make([]*outcome, n)
		for i := range calls {
			calls[i] = l.background(l.end, "Echo.Mark", i)
		}
		w.Sleep(time.Second)
		lost, repliesLost, delays := 0, 0, map[time.Duration]int{}
		for i, o := range calls {
			travel := 2 * tick
			switch {
			case !l.echo.ids[i]:
				lost++
				travel = 0
				if o.ok {
					t.Fatal("a call succeeded whose handler did not run")
				}
			case !o.ok:
				repliesLost++
				travel = tick
			}
			if o.took-travel < 0 || (o.took-travel)%ms != 0 || o.took-travel > 26*ms {
				t.Fatalf("call %d: %+v, want whole milliseconds up to 26, and %v", i, *o, travel)
			}
			delays[(o.took-travel)/ms]++
		}
		if !about(lost, n, 1, 10) || !about(repliesLost, n-lost, 1, 10) {
			t.Errorf("of %d calls %d lost the request and %d the reply", n, lost, repliesLost)
		}
		if len(delays) != 27 || !about(delays[0], n, 1, 27) || !about(delays[26], n, 1, 27) {
			t.Errorf("delays in ms: %v", delays)
		}
		if l.GetCount("server") != n-lost {
			t.Errorf("the server counted %d of %d requests that were not lost", l.GetCount("server"), n-lost)
		}
		l.noLeak(t, 0)
	})
}

func TestRule07ReliableTakesTheLatencyOfLinks(t *testing.T) {
	seen := map[time.Duration]bool{}
	for seed := range uint64(30) {
		run(t, sim.Config{Seed: seed}, func(w *sim.World) {
			l := newLab(w)
			o := l.call(l.end, "Echo.Double", 4)
			if !o.ok || o.took < 400*time.Microsecond || o.took > 1600*time.Microsecond {
				t.Errorf("seed %d: %+v, want 0.4 to 1.6 ms", seed, o)
			}
			seen[o.took] = true
			w.SetLinks(sim.LinkConfig{Latency: sim.Durations{Min: 5 * ms, Max: 5 * ms}})
			if o := l.call(l.end, "Echo.Double", 4); o.took != 10*ms {
				t.Errorf("with links of 5 ms: %+v", o)
			}
		})
	}
	if len(seen) < 25 {
		t.Errorf("30 seeds gave %d latencies", len(seen))
	}
	// A client that does nothing but call lets time pass.
	run(t, sim.Config{Seed: 7}, func(w *sim.World) {
		l := newLab(w)
		for w.Elapsed() < time.Second {
			l.call(l.end, "Echo.Double", 4)
		}
	})
}

func TestRule08HandlersRunAlone(t *testing.T) {
	run(t, exactly(8), func(w *sim.World) {
		l := newLab(w)
		a := l.background(l.end, "Echo.Slow", time.Second)
		w.Sleep(500 * ms)
		if l.srv.GetCount() != 1 || l.GetCount("server") != 1 {
			t.Error("a handler that runs is not counted yet")
		}
		if o := l.call(l.end, "Echo.Slow", 100*ms); !o.ok || a.done {
			t.Errorf("a second handler had to wait for the first: %+v", o)
		}
		w.Sleep(time.Second)
		args := &Pair{5, "y"}
		reply := Pair{}
		if !l.end.Call("Echo.ByPointer", args, &reply) || reply != (Pair{6, "y!"}) || args.X != 5 {
			t.Errorf("the handler works on arguments of its own: %+v, %+v", args, reply)
		}
		// Nothing cancels a handler.
		c := l.background(l.end, "Echo.Slow", time.Second)
		w.Sleep(50 * ms)
		l.DeleteServer("server")
		w.Sleep(100 * ms)
		if !c.done || c.ok || l.echo.ended != 2 {
			t.Errorf("server deleted during the handler: %+v, %d ended", c, l.echo.ended)
		}
		w.Sleep(time.Second)
		if l.echo.ended != 3 {
			t.Error("the handler of a deleted server did not end")
		}
		l.noLeak(t, 0)
	})
}

// The fresh zero reply: what one handler left in its reply is not there in the next.
type keeper struct{ seen int }

func (k *keeper) Add(n int, out *Pair) { k.seen += out.X; out.X += n }

func TestRule08FreshReply(t *testing.T) {
	run(t, exactly(8), func(w *sim.World) {
		l := newLab(w)
		k := &keeper{}
		l.srv.AddService(MakeService(k))
		for range 3 {
			reply := Pair{}
			if !l.end.Call("keeper.Add", 5, &reply) || reply.X != 5 {
				t.Errorf("got %+v", reply)
			}
		}
		if k.seen != 0 {
			t.Error("a handler found something in its reply")
		}
	})
}
