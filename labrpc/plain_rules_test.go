package labrpc

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"samerun/labrpc/labgob"
	"samerun/sim"
)

// The rules of the package documentation in ordinary Go, one by one, in virtual time.
// TestLawPlainRules holds them together, whatever the script.

func TestPlainRule01FreshEncoder(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, l *plainLab) {
		for range 3 {
			l.end.Call("Desk.Share", map[string]int{"a": 1}, new(map[string]int))
		}
		want := 3 * (gobLen(t, map[string]int{"a": 1}) + gobLen(t, map[string]int{"sum": 1}))
		if got := l.GetTotalBytes(); got != want {
			t.Errorf("%d bytes, want %d: each message has its type descriptors", got, want)
		}
	})
}

// A clerk that asks for ever, as labs leave them, does not stop virtual time.
func TestPlainClerkThatAsksForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rn := MakeNetwork()
		end := rn.MakeEnd("e")
		rn.Cleanup()
		began, calls := time.Now(), 0
		for time.Since(began) < 10*time.Millisecond && calls < 10_000 {
			reply := 0
			if end.Call("Any.Thing", 1, &reply) {
				t.Fatal("a call after Cleanup is answered")
			}
			calls++
		}
		if calls >= 10_000 {
			t.Errorf("after %d calls it is %v later", calls, time.Since(began))
		}
	})
}

func TestPlainRule02Cleanup(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, l *plainLab) {
		before := l.background(l.end, "Desk.Slow", time.Second)
		wait(500 * ms)
		l.Cleanup()
		if o := l.call(l.end, "Desk.Double", 4); o.ok || o.took != 0 || l.GetTotalCount() != 1 {
			t.Errorf("a call after Cleanup: %+v; %d counted", o, l.GetTotalCount())
		}
		wait(time.Second)
		if !before.ok || before.reply != 7 || before.took != time.Second {
			t.Errorf("the call before: %+v", before)
		}
	})
}

func TestPlainRule03Snapshot(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, l *plainLab) {
		l.Enable("client", false)
		o := l.background(l.end, "Desk.Double", 4)
		wait(0)
		if l.GetTotalCount() != 1 || l.GetTotalBytes() != gobLen(t, 4) {
			t.Errorf("a call that will fail: count %d, %d bytes at once", l.GetTotalCount(), l.GetTotalBytes())
		}
		l.Enable("client", true)
		for range 100 { // neither loss nor delay that is asked for later
			p := l.background(l.end, "Desk.Slow", 10*ms)
			wait(ms)
			l.Reliable(false)
			l.LongReordering(true)
			wait(9 * ms)
			if !p.ok || p.took != 10*ms {
				t.Fatalf("reliable when it began: %+v", p)
			}
			l.Reliable(true)
			l.LongReordering(false)
		}
		wait(time.Second)
		if !o.done || o.ok {
			t.Errorf("the end was disabled when the call was accepted: %+v", o)
		}
	})
}

func TestPlainRule04Reachable(t *testing.T) {
	inBubble(t, 4, func(t *testing.T, l *plainLab) {
		e := l.MakeEnd("new")
		reaches := func(want bool, when string) {
			t.Helper()
			if o := l.call(e, "Desk.Double", 4); o.ok != want || !want && o.took >= 100*ms {
				t.Errorf("%s: %+v", when, o)
			}
		}
		reaches(false, "new")
		l.Connect("new", "server")
		reaches(false, "connected")
		l.Enable("new", true)
		reaches(true, "enabled")
		l.Connect("new", "nobody")
		reaches(false, "connected to nobody")
		l.Connect("new", "server")
		l.DeleteEnd("new")
		l.Enable("new", true)
		reaches(false, "deleted")
		e = l.addEnd("new", "server")
		reaches(true, "made again")
		l.DeleteServer("server")
		reaches(false, "without a server")
	})
}

func TestPlainRule05CallsToNowhere(t *testing.T) {
	for long, most := range map[bool]int{false: nowhere, true: LONGDELAY} {
		inBubble(t, 5, func(t *testing.T, l *plainLab) {
			l.LongDelays(long)
			l.Enable("client", false)
			const n = 3000
			var calls []*outcome
			for i := range n {
				calls = append(calls, l.background(l.end, "Desk.Mark", i))
			}
			wait(ms / 2)
			l.Enable("client", true) // helps none of them, and none of them is in the way
			if o := l.call(l.end, "Desk.Double", 4); !o.ok || o.took != 0 {
				t.Errorf("the next call: %+v", o)
			}
			wait(10 * time.Second)
			var took []int
			for _, o := range calls {
				if !o.done || o.ok || o.took%ms != 0 {
					t.Fatalf("a call to nowhere: %+v", *o)
				}
				took = append(took, int(o.took/ms))
			}
			slices.Sort(took)
			lower, _ := slices.BinarySearch(took, most/2)
			if took[0] > most/50 || took[n-1] >= most || took[n-1] < most-1-most/50 || !about(lower, n, 1, 2) {
				t.Errorf("long %v: %d to %d ms, %d in the lower half", long, took[0], took[n-1], lower)
			}
			if l.srv.GetCount() != 1 || len(l.desk.seen) != 0 {
				t.Error("the server got a request")
			}
		})
	}
}

func TestPlainRule06And11Unreliable(t *testing.T) {
	inBubble(t, 6, func(t *testing.T, l *plainLab) {
		l.Reliable(false)
		const n = 3000
		var calls []*outcome
		for i := range n {
			calls = append(calls, l.background(l.end, "Desk.Mark", i))
		}
		wait(time.Second)
		lost, repliesLost := 0, 0
		var delays [27]int
		for i, o := range calls {
			switch arrived := slices.Contains(l.desk.seen, i); {
			case !arrived && o.ok:
				t.Fatal("a call succeeded whose handler did not run")
			case !arrived:
				lost++
			case !o.ok:
				repliesLost++
			}
			if !o.done || o.took%ms != 0 || o.took > 26*ms {
				t.Fatalf("call %d: %+v, want whole milliseconds up to 26", i, *o)
			}
			delays[o.took/ms]++
		}
		if !about(lost, n, 1, 10) || !about(repliesLost, n-lost, 1, 10) || l.GetCount("server") != n-lost {
			t.Errorf("of %d calls %d lost the request and %d the reply; the server counts %d", n, lost, repliesLost, l.GetCount("server"))
		}
		for by, count := range delays {
			if !about(count, n, 1, 27) {
				t.Errorf("%d of %d calls were delayed by %d ms", count, n, by)
			}
		}
	})
}

func TestPlainRule07ReliableAddsNothing(t *testing.T) {
	inBubble(t, 7, func(t *testing.T, l *plainLab) {
		for i := range 100 {
			if o := l.call(l.end, "Desk.Double", i); !o.ok || o.reply != 2*i || o.took != 0 {
				t.Errorf("%+v", o)
			}
		}
	})
}

func TestPlainRule08HandlersRunAlone(t *testing.T) {
	inBubble(t, 8, func(t *testing.T, l *plainLab) {
		a := l.background(l.end, "Desk.Slow", time.Second)
		wait(500 * ms)
		if l.srv.GetCount() != 1 {
			t.Error("a handler that runs is not counted yet")
		}
		if o := l.call(l.end, "Desk.Slow", 100*ms); !o.ok || l.see(a).done {
			t.Errorf("a second handler had to wait for the first: %+v", o)
		}
		wait(time.Second)
		// No memory is shared, in either direction.
		args, reply := map[string]int{"a": 1, "b": 2}, map[string]int(nil)
		if !l.end.Call("Desk.Share", args, &reply) || reply["sum"] != 3 || args["a"] != 1 {
			t.Errorf("%v %v", args, reply)
		}
		if reply["sum"] = 9; l.desk.kept["sum"] != 3 {
			t.Error("the caller's reply is the handler's")
		}
		// Nothing cancels a handler.
		c := l.background(l.end, "Desk.Slow", time.Second)
		wait(50 * ms)
		l.DeleteServer("server")
		wait(100 * ms)
		if !c.done || c.ok || l.desk.returned() != 2 {
			t.Errorf("%+v; %d have returned", c, l.desk.returned())
		}
		if wait(time.Second); l.desk.returned() != 3 {
			t.Error("the handler of a deleted server did not end")
		}
	})
}

func TestPlainRule09And10Looks(t *testing.T) {
	gone := map[string]func(l *plainLab){
		"disabled": func(l *plainLab) { l.Enable("client", false) },
		"deleted":  func(l *plainLab) { l.DeleteServer("server") },
		"replaced": func(l *plainLab) { l.addServer("server") },
		"unmade":   func(l *plainLab) { l.DeleteEnd("client") },
	}
	there := map[string]func(l *plainLab){
		"connected elsewhere":    func(l *plainLab) { l.addServer("other"); l.Connect("client", "other") },
		"another end disabled":   func(l *plainLab) { l.addEnd("b", "server"); l.Enable("b", false) },
		"the same server again":  func(l *plainLab) { l.DeleteServer("server"); l.AddServer("server", l.srv) },
		"disabled between looks": func(l *plainLab) { l.Enable("client", false); wait(5 * ms); l.Enable("client", true) },
		"cleaned up":             func(l *plainLab) { l.Cleanup() },
	}
	play := func(t *testing.T, slow, at time.Duration, do func(l *plainLab)) (o outcome, bytes int64) {
		inBubble(t, 9, func(t *testing.T, l *plainLab) {
			p := l.background(l.end, "Desk.Slow", slow)
			wait(at)
			do(l)
			wait(2 * time.Second)
			if l.desk.returned() != 1 {
				t.Errorf("%d handlers have returned", l.desk.returned())
			}
			o, bytes = *p, l.GetTotalBytes()
		})
		return o, bytes
	}
	for name, do := range gone {
		for _, c := range []struct{ slow, at, want time.Duration }{
			{1050 * ms, 1 * ms, 100 * ms}, {1050 * ms, 99 * ms, 100 * ms}, {1050 * ms, 450 * ms, 500 * ms}, {1050 * ms, 999 * ms, 1000 * ms},
			{1050 * ms, 1010 * ms, 1050 * ms}, {50 * ms, 40 * ms, 50 * ms}, // (10)
		} {
			o, bytes := play(t, c.slow, c.at, do)
			if o.ok || !o.done || o.took != c.want || bytes != gobLen(t, c.slow) {
				t.Errorf("%s %v after the start of %v: %+v, %d bytes; want false at %v", name, c.at, c.slow, o, bytes, c.want)
			}
		}
	}
	for name, do := range there {
		if o, _ := play(t, time.Second, 110*ms, do); !o.ok || o.reply != 7 || o.took != time.Second {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

func TestPlainRule12And13LongReordering(t *testing.T) {
	inBubble(t, 12, func(t *testing.T, l *plainLab) {
		l.LongReordering(true)
		const n = 3000
		var calls []*outcome
		for i := range n {
			calls = append(calls, l.background(l.end, "Desk.Double", i))
		}
		wait(50 * ms)
		l.LongReordering(false) // too late for those
		l.DeleteServer("server")
		requests := int64(0)
		for i := range n {
			requests += gobLen(t, i)
		}
		arrived := func() (late int, want int64) {
			want = requests
			for i, o := range calls {
				if l.see(o).done {
					want += gobLen(t, 2*i)
				} else {
					late++
				}
			}
			return late, want
		}
		if late, want := arrived(); !about(late, n, 2, 3) || l.GetTotalBytes() != want {
			t.Errorf("%d of %d replies are late; %d bytes, want %d", late, n, l.GetTotalBytes(), want)
		}
		wait(10 * time.Second)
		if late, want := arrived(); late != 0 || l.GetTotalBytes() != want {
			t.Errorf("%d replies have not come; %d bytes, want %d", late, l.GetTotalBytes(), want)
		}
		low, high := time.Hour, time.Duration(0)
		for i, o := range calls {
			if !o.ok || o.reply != 2*i || o.took%ms != 0 {
				t.Fatalf("call %d: %+v", i, o)
			}
			if o.took > 0 {
				low, high = min(low, o.took), max(high, o.took)
			}
		}
		if low < 200*ms || low > 205*ms || high < 2000*ms || high > 2199*ms {
			t.Errorf("late by %v to %v, want 0.2 to 2.199 s", low, high)
		}
	})
}

func TestPlainRule14To17(t *testing.T) {
	inBubble(t, 14, func(t *testing.T, l *plainLab) {
		l.Enable("client", false)
		if reply := 5; l.end.Call("Desk.Double", 1, &reply) || reply != 5 {
			t.Errorf("false must leave the reply alone: %d", reply) // (14)
		}
		l.Enable("client", true)
		if o := l.call(l.end, "Desk.Slow", time.Hour); !o.ok || o.took != time.Hour {
			t.Errorf("a handler of an hour: %+v", o) // (15)
		}
		old := l.srv
		srv, _ := l.addServer("server")
		l.call(l.end, "Desk.Double", 1)
		if l.GetCount("server") != 1 || srv.GetCount() != 1 || old.GetCount() != 1 || l.GetTotalCount() != 3 {
			t.Errorf("%d, %d, %d", l.GetCount("server"), old.GetCount(), l.GetTotalCount()) // (16)
		}
		// Names that mean nothing are no error (17).
		l.DeleteServer("nobody")
		l.DeleteEnd("nobody")
		l.Enable("nobody", true)
		l.Connect("nobody", "server")
		if l.LookupEnd("nobody") != nil || l.LookupEnd("client") != l.end {
			t.Error("LookupEnd")
		}
		if !l.IsReliable() || l.IsLongDelays() {
			t.Error("a new network is reliable, without long delays")
		}
		if l.Reliable(false); l.IsReliable() {
			t.Error("IsReliable after Reliable(false)")
		}
		if l.LongDelays(true); !l.IsLongDelays() {
			t.Error("IsLongDelays after LongDelays(true)")
		}
	})
}

func TestPlainRule18Handlers(t *testing.T) {
	inBubble(t, 18, func(t *testing.T, l *plainLab) {
		shapes := &Shapes{}
		for _, x := range []any{shapes, Plain(5), &Box[time.Duration]{}} {
			l.srv.AddService(MakeService(x))
		}
		var p, v Pair
		var n int
		var d time.Duration
		box := MakeService(&Box[time.Duration]{}).name
		if !l.end.Call("Shapes.GoodPointer", &Pair{X: 1}, &p) || !l.end.Call("Shapes.GoodValue", Pair{X: 1}, &v) || !l.end.Call("Plain.Add", -4, &n) ||
			!l.end.Call(box+".Swap", time.Second, &d) || p.X+v.X+n != 3 {
			t.Errorf("%v %v %v", p, v, n)
		}
	})
}

func TestPlainRule19ReusedReply(t *testing.T) {
	inBubble(t, 19, func(t *testing.T, l *plainLab) {
		before, reply := labgob.Warnings(), Pair{}
		l.end.Call("Desk.Next", Pair{4, ""}, &reply)
		l.end.Call("Desk.Next", Pair{-1, ""}, &reply)
		// The second answer is 0, which gob does not send: the first one stays.
		if reply.X != 5 || labgob.Warnings() == before {
			t.Errorf("%+v, %d warnings", reply, labgob.Warnings()-before)
		}
	})
}

// The hooks of 2026 and those that the course of 2018 exports.
func TestPlainHooks(t *testing.T) {
	inBubble(t, 20, func(t *testing.T, l *plainLab) {
		if enabled, name, srv, reliable, long := l.ReadEndnameInfo("client"); !enabled || name != "server" || srv != l.srv || !reliable || long {
			t.Errorf("%v %v %v %v %v", enabled, name, srv, reliable, long)
		}
		if enabled, name, srv, _, _ := l.ReadEndnameInfo("nobody"); enabled || name != nil || srv != nil {
			t.Errorf("%v %v %v", enabled, name, srv)
		}
		if l.IsServerDead("client", "server", l.srv) || !l.IsServerDead("client", "server", MakeServer()) || !l.IsServerDead("client", "x", l.srv) {
			t.Error("IsServerDead")
		}
		if l.Enable("client", false); !l.IsServerDead("client", "server", l.srv) {
			t.Error("IsServerDead of a disabled end")
		}
		l.Enable("client", true)
		args, _ := Marshall(4)
		n := 0
		if b, ok := l.Forward("client", "Desk.Double", args); !ok || Unmarshall(b, &n) != nil || n != 8 {
			t.Errorf("Forward: %v, %d", ok, n)
		}
		l.srv.SetDispatch(func(m string, args []byte) ([]byte, bool) {
			b, err := l.srv.Dispatch(m, args)
			return b, err == nil && m != "Desk.Fill"
		})
		if o := l.call(l.end, "Desk.Double", 4); o.reply != 8 {
			t.Errorf("SetDispatch: %+v", o)
		}
		if o := l.call(l.end, "Desk.Fill", 4); o.ok || o.took != 0 {
			t.Errorf("no reply: %+v", o)
		}
		l.end.SetCall(func(string, any, any) bool { return false })
		if o := l.call(l.end, "Desk.Double", 4); o.ok || l.GetTotalCount() != 3 {
			t.Errorf("SetCall: %+v", o)
		}
		if l.World() != nil {
			t.Error("it is in a world")
		}
	})
}

// With the seed of a world, and its ends' names, the luck is that of the world.
func TestPlainLuckIsThatOfAWorld(t *testing.T) {
	set := func(rn *Network) { rn.Reliable(false); rn.LongReordering(true) }
	for seed := range uint64(5) {
		const n = 500
		got, want := make([]outcome, n), make([]outcome, n)
		inBubble(t, seed, func(t *testing.T, l *plainLab) {
			set(l.Network)
			for i := range n {
				got[i] = l.call(l.end, "Desk.Double", i)
			}
		})
		run(t, exactly(seed), func(w *sim.World) {
			rn := NewNetwork(w)
			l := &lab{Network: rn, w: w}
			srv := MakeServer()
			srv.AddService(MakeService(new(Desk)))
			l.AddServer("server", srv)
			end := l.addEnd("client", "server")
			set(rn)
			for i := range n {
				want[i] = l.call(end, "Desk.Double", i)
				want[i].took = want[i].took.Truncate(ms)
				want[i].at = 0
			}
		})
		if !reflect.DeepEqual(got, want) {
			t.Errorf("seed %d: ordinary Go\n%+v\na world\n%+v", seed, got, want)
		}
	}
}

// One end's calls, and other ends, shift the luck of no other end.
func TestPlainLuckIsKeyed(t *testing.T) {
	play := func(others bool) (luck string) {
		inBubble(t, 77, func(t *testing.T, l *plainLab) {
			l.Reliable(false)
			for i := range 200 {
				if others {
					l.call(l.addEnd(i, "server"), "Desk.Double", i)
					l.call(l.end, "Desk.Mark", i)
				}
				luck += map[bool]string{false: "-", true: "+"}[l.call(l.end, "Desk.Double", i).ok]
			}
		})
		return luck
	}
	if a, b := play(false), play(true); a != b || !strings.Contains(a, "-") {
		t.Errorf("alone\n%s\namong others\n%s", a, b)
	}
}

// What a call has carried takes no memory once it is over.
func TestPlainKeepsNoLargeBuffers(t *testing.T) {
	l := &plainLab{Network: newPlain(1)}
	l.addServer("server")
	l.end = l.addEnd("client", "server")
	for range 20 {
		reply := ""
		if !l.end.Call("Desk.Fill", 1<<20, &reply) {
			t.Fatal("no reply")
		}
		x := l.by.begin("test", l.end, "Desk.Fill").(*errand)
		if n := cap(x.req.args) + cap(x.rep.reply); n > 2*maxKept {
			t.Fatalf("%d bytes are kept", n)
		}
		x.drop()
	}
}
