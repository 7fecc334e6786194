package labrpc

import (
	"strings"
	"testing"
	"time"

	"samerun/sched"
	"samerun/sim"
)

// What the course's own tests of its library require, in virtual time and for
// many seeds, with the library's own latencies.

func everySeed(t *testing.T, fn func(t *testing.T, l *lab)) {
	t.Helper()
	for seed := range uint64(10) {
		run(t, sim.Config{Seed: seed}, func(w *sim.World) {
			l := newLab(w)
			fn(t, l)
			w.Sleep(time.Minute)
			l.noLeak(t, 0)
		})
	}
}

func TestLibraryBasic(t *testing.T) {
	everySeed(t, func(t *testing.T, l *lab) {
		n, s := 0, ""
		if !l.end.Call("Echo.Double", 111, &n) || n != 222 {
			t.Errorf("Double: %d", n)
		}
		if n = 0; !l.end.Call("Echo.Len", "three", &n) || n != 5 {
			t.Errorf("Len: %d", n)
		}
		if !l.end.Call("Echo.Fill", 3, &s) || s != "fff" {
			t.Errorf("Fill: %q", s)
		}
	})
}

func TestLibraryTypes(t *testing.T) {
	everySeed(t, func(t *testing.T, l *lab) {
		var p, v Pair
		if !l.end.Call("Echo.ByPointer", &Pair{1, "p"}, &p) || p != (Pair{2, "p!"}) {
			t.Errorf("by pointer: %+v", p)
		}
		if !l.end.Call("Echo.ByValue", Pair{1, "v"}, &v) || v != (Pair{2, "v!"}) {
			t.Errorf("by value: %+v", v)
		}
	})
}

func TestLibraryDisabled(t *testing.T) {
	everySeed(t, func(t *testing.T, l *lab) {
		l.Enable("client", false)
		if o := l.call(l.end, "Echo.Double", 111); o.ok || o.reply != 0 {
			t.Errorf("a disabled end: %+v", o)
		}
		l.Enable("client", true)
		if o := l.call(l.end, "Echo.Double", 111); !o.ok || o.reply != 222 {
			t.Errorf("an enabled end: %+v", o)
		}
	})
}

func TestLibraryCounts(t *testing.T) {
	everySeed(t, func(t *testing.T, l *lab) {
		for i := range 17 {
			if o := l.call(l.end, "Echo.Double", i); o.reply != 2*i {
				t.Errorf("call %d: %+v", i, o)
			}
		}
		if l.GetCount("server") != 17 || l.GetTotalCount() != 17 {
			t.Errorf("17 calls: the server counts %d, the network %d", l.GetCount("server"), l.GetTotalCount())
		}
	})
}

func TestLibraryBytes(t *testing.T) {
	everySeed(t, func(t *testing.T, l *lab) {
		big := strings.Repeat("x", 128)
		big = big + big + "32 more bytes, to make it 288 ..."[:32]
		for range 17 {
			if o := l.call(l.end, "Echo.Len", big); o.reply != 288 {
				t.Errorf("%+v", o)
			}
		}
		first := l.GetTotalBytes()
		if first < 4828 || first > 6000 || first != 17*(gobLen(t, big)+gobLen(t, 288)) {
			t.Errorf("17 requests of 288 bytes: %d bytes", first)
		}
		for range 17 {
			s := ""
			if !l.end.Call("Echo.Fill", 107, &s) || len(s) != 107 {
				t.Errorf("%q", s)
			}
		}
		if more := l.GetTotalBytes() - first; more < 1800 || more > 2500 {
			t.Errorf("17 replies of 107 bytes: %d bytes", more)
		}
	})
}

func TestLibraryConcurrentMany(t *testing.T) {
	everySeed(t, func(t *testing.T, l *lab) {
		var wg sched.WaitGroup
		right := 0
		for i := range 20 {
			end := l.addEnd(i, "server")
			wg.Go(func() {
				for j := range 10 {
					if o := l.call(end, "Echo.Double", 100*i+j); o.ok && o.reply == 2*(100*i+j) {
						right++
					}
				}
			})
		}
		wg.Wait()
		if right != 200 || l.GetCount("server") != 200 {
			t.Errorf("%d of 200 calls were right, %d counted", right, l.GetCount("server"))
		}
	})
}

func TestLibraryUnreliable(t *testing.T) {
	everySeed(t, func(t *testing.T, l *lab) {
		l.Reliable(false)
		var wg sched.WaitGroup
		right := 0
		for i := range 300 {
			end := l.addEnd(i, "server")
			wg.Go(func() {
				if o := l.call(end, "Echo.Double", i); o.ok && o.reply == 2*i {
					right++
				}
			})
		}
		wg.Wait()
		if calm := l.w.Seed() == 0; calm != (right == 300) || right == 0 {
			t.Errorf("seed %d: %d of 300 unreliable calls succeeded", l.w.Seed(), right)
		}
	})
}

func TestLibraryConcurrentOne(t *testing.T) {
	everySeed(t, func(t *testing.T, l *lab) {
		var wg sched.WaitGroup
		right := 0
		for i := range 20 {
			wg.Go(func() {
				if o := l.call(l.end, "Echo.Mark", i); o.ok && o.reply == i {
					right++
				}
			})
		}
		wg.Wait()
		if right != 20 || len(l.echo.ids) != 20 || l.GetCount("server") != 20 {
			t.Errorf("%d of 20 right, %d arrived, %d counted", right, len(l.echo.ids), l.GetCount("server"))
		}
	})
}

// Calls that hang on a disabled end do not slow down later ones, nor arrive later.
func TestLibraryRegression(t *testing.T) {
	everySeed(t, func(t *testing.T, l *lab) {
		l.LongDelays(l.w.Seed()%2 == 0)
		l.Enable("client", false)
		var calls []*outcome
		for i := range 20 {
			calls = append(calls, l.background(l.end, "Echo.Mark", i))
		}
		l.w.Sleep(100 * ms)
		l.Enable("client", true)
		if o := l.call(l.end, "Echo.Double", 111); !o.ok || o.took >= 30*ms {
			t.Errorf("after Enable: %+v", o)
		}
		l.w.Sleep(8 * time.Second)
		for _, o := range calls {
			if !o.done || o.ok {
				t.Errorf("a call on the disabled end: %+v", *o)
			}
		}
		if len(l.echo.ids) != 0 || l.GetCount("server") != 1 {
			t.Errorf("%d of the 20 reached the server; it counts %d", len(l.echo.ids), l.GetCount("server"))
		}
	})
}

func TestLibraryKilled(t *testing.T) {
	for _, crash := range []bool{false, true} {
		everySeed(t, func(t *testing.T, l *lab) {
			node := l.w.Node("n0")
			node.Start(func() { _, l.echo = l.addServer("doomed") })
			l.w.Sleep(ms)
			end := l.addEnd("d", "doomed")
			o := l.background(end, "Echo.Slow", 20*time.Second)
			l.w.Sleep(1100 * ms)
			if o.done {
				t.Fatalf("it returned before the server was killed: %+v", o)
			}
			killed := l.w.Elapsed()
			if crash {
				node.Crash()
			} else {
				l.DeleteServer("doomed")
			}
			l.w.Sleep(101 * ms)
			if !o.done || o.ok || o.at > killed+100*ms {
				t.Errorf("killed at %v: %+v", killed, o)
			}
			l.w.Sleep(30 * time.Second)
			if ended := l.echo.ended; ended != map[bool]int{true: 0, false: 1}[crash] {
				t.Errorf("crash %v: the handler ended %d times", crash, ended)
			}
		})
	}
}

func TestLibraryManySequentialCalls(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n = 1000
	}
	run(t, sim.Config{Seed: 1}, func(w *sim.World) {
		l := newLab(w)
		for i := range n {
			var got int
			if !l.end.Call("Echo.Double", i, &got) || got != 2*i {
				t.Fatalf("call %d: %d", i, got)
			}
		}
		if l.GetCount("server") != n {
			t.Errorf("%d counted", l.GetCount("server"))
		}
	})
}
