package labrpc

import (
	"fmt"
	"testing"
	"time"

	"samerun/internal/keyed"
	"samerun/sim"
)

// after runs a scenario in which something happens during a handler that takes d,
// counted from its start.
func after(t *testing.T, d, at time.Duration, do func(l *lab)) (o outcome, l *lab) {
	t.Helper()
	run(t, exactly(9), func(w *sim.World) {
		l = newLab(w)
		p := l.background(l.end, "Echo.Slow", d)
		w.Sleep(tick) // the request's way
		w.Sleep(at)
		do(l)
		w.Sleep(d + time.Second)
		o = *p
		l.noLeak(t, 0)
	})
	return o, l
}

func TestRule09LooksEvery100ms(t *testing.T) {
	gone := map[string]func(l *lab){
		"disabled": func(l *lab) { l.Enable("client", false) },
		"deleted":  func(l *lab) { l.DeleteServer("server") },
		"replaced": func(l *lab) { l.addServer("server") },
		"unmade":   func(l *lab) { l.DeleteEnd("client") },
	}
	for name, do := range gone {
		for _, c := range []struct{ at, want time.Duration }{
			{1 * ms, 100 * ms}, {99 * ms, 100 * ms}, {101 * ms, 200 * ms}, {450 * ms, 500 * ms}, {950 * ms, 1000 * ms},
			{999*ms + 999*time.Microsecond, 1000 * ms},
		} {
			o, l := after(t, time.Second+50*ms, c.at, do)
			if o.ok || !o.done || o.took != tick+c.want {
				t.Errorf("%s %v after the start: %+v, want false at %v", name, c.at, o, c.want)
			}
			if l.echo.ended != 1 || l.GetTotalBytes() != gobLen(t, time.Second) {
				t.Errorf("%s: the handler ended %d times, %d bytes", name, l.echo.ended, l.GetTotalBytes())
			}
		}
	}
}

func TestRule09NotNoticed(t *testing.T) {
	for name, do := range map[string]func(l *lab){
		"connected elsewhere":       func(l *lab) { l.addServer("other"); l.Connect("client", "other") },
		"connected to nothing":      func(l *lab) { l.Connect("client", "nobody") },
		"another server deleted":    func(l *lab) { l.addServer("other"); l.DeleteServer("other") },
		"another end disabled":      func(l *lab) { l.addEnd("b", "server"); l.Enable("b", false) },
		"the same server again":     func(l *lab) { l.DeleteServer("server"); l.AddServer("server", l.srv) },
		"disabled between looks":    func(l *lab) { l.Enable("client", false); l.w.Sleep(20 * ms); l.Enable("client", true) },
		"and again in the next gap": func(l *lab) { flicker(l); l.w.Sleep(80 * ms); flicker(l) },
		"unreliable from now on":    func(l *lab) { l.Reliable(false) },
		"reordering from now on":    func(l *lab) { l.LongReordering(true) },
		"cleaned up":                func(l *lab) { l.Cleanup() },
	} {
		for seed := 0; seed < 3; seed++ {
			o, _ := after(t, time.Second, time.Duration(110+10*seed)*ms, do)
			if !o.ok || o.reply != 7 || o.took != time.Second+2*tick {
				t.Errorf("%s: %+v", name, o)
			}
		}
	}
}

func flicker(l *lab) {
	l.Enable("client", false)
	l.w.Sleep(20 * ms)
	l.Enable("client", true)
}

func TestRule10DeadWhenTheHandlerReturns(t *testing.T) {
	for _, d := range []time.Duration{50 * ms, 150 * ms, 199 * ms} {
		o, l := after(t, d, d-10*ms, func(l *lab) { l.DeleteServer("server") })
		if o.ok || o.took != tick+d || l.echo.ended != 1 {
			t.Errorf("a handler of %v, its server deleted 10 ms before the end: %+v, want false at its end", d, o)
		}
		o, _ = after(t, d, d-10*ms, func(l *lab) { l.Enable("client", false) })
		if o.ok || o.took != tick+d {
			t.Errorf("a handler of %v, its end disabled 10 ms before the end: %+v", d, o)
		}
	}
	// A server that was deleted before the request arrived serves it in vain.
	run(t, sim.Config{Seed: 10, Link: sim.LinkConfig{Latency: sim.Durations{Min: 5 * ms, Max: 5 * ms}}}, func(w *sim.World) {
		l := newLab(w)
		o := l.background(l.end, "Echo.Slow", 50*ms)
		p := l.background(l.end, "Echo.Slow", 250*ms)
		w.Sleep(ms)
		l.DeleteServer("server")
		w.Sleep(time.Second)
		if o.ok || o.took != 55*ms || p.ok || p.took != 105*ms || l.srv.GetCount() != 2 {
			t.Errorf("deleted before the request arrived: %+v, %+v", o, p)
		}
		l.noLeak(t, 0)
	})
}

func TestRule11LostReplies(t *testing.T) {
	const n = 1500
	for _, later := range []bool{false, true} { // the snapshot decides, not what is set when the handler ends
		run(t, exactly(11), func(w *sim.World) {
			l := newLab(w)
			l.Reliable(false)
			calls := make([]*outcome, n)
			for i := range calls {
				calls[i] = l.background(l.end, "Echo.Slow", 300*ms)
			}
			w.Sleep(100 * ms)
			l.Reliable(later)
			w.Sleep(time.Second)
			lost := 0
			for _, o := range calls {
				if !o.done {
					t.Fatal("a call did not return")
				}
				if !o.ok && o.took >= 300*ms {
					lost++
					if (o.took-tick)%ms != 0 {
						t.Fatalf("a lost reply takes no time: %+v", *o)
					}
				}
			}
			if !about(lost, l.echo.ended, 1, 10) || l.echo.ended != l.GetCount("server") {
				t.Errorf("%d handlers ran, %d replies were lost", l.echo.ended, lost)
			}
			l.noLeak(t, 0)
		})
	}
}

func TestRule12LongReordering(t *testing.T) {
	const n = 3000
	for _, reliable := range []bool{true, false} {
		run(t, exactly(12), func(w *sim.World) {
			l := newLab(w)
			l.LongReordering(true)
			l.Reliable(reliable)
			calls := make([]*outcome, n)
			for i := range calls {
				calls[i] = l.background(l.end, "Echo.Double", i)
			}
			w.Sleep(50 * ms)
			l.LongReordering(false) // too late for those
			l.DeleteServer("server")
			w.Sleep(10 * time.Second)
			late, arrived, below1s, low, high := 0, 0, 0, time.Hour, time.Duration(0)
			for i, o := range calls {
				if !o.ok {
					continue
				}
				arrived++
				if o.reply != 2*i {
					t.Fatalf("reply %d to %d", o.reply, i)
				}
				by := o.took - 2*tick
				if by%ms != 0 {
					t.Fatalf("late by %v", by)
				}
				if by >= 200*ms {
					late++
					low, high = min(low, by), max(high, by)
					if by < time.Second {
						below1s++
					}
				} else if by > 26*ms {
					t.Fatalf("late by %v", by)
				}
			}
			if !about(late, arrived, 2, 3) {
				t.Errorf("%d of %d replies were late", late, arrived)
			}
			if reliable && arrived != n {
				t.Errorf("%d of %d replies arrived after the server was deleted", arrived, n)
			}
			if low != 200*ms || high < 2000*ms || high > (2199+26)*ms || reliable && high > 2199*ms {
				t.Errorf("late by %v to %v, want 0.2 to 2.199 s", low, high)
			}
			// P(U[0,M] < 800 ms) with M uniform up to 2 s is 0.4 + 0.4·ln 2.5, about 77 %.
			if !about(below1s, late, 77, 100) && !about(below1s, late, 76, 100) {
				t.Errorf("%d of %d late ones came within a second", below1s, late)
			}
			l.noLeak(t, 0)
		})
	}
}

// Late by 200 + r ms, r uniform on 0…x, both included, and x uniform on 0…1999.
func TestRule12Distribution(t *testing.T) {
	run(t, exactly(12), func(w *sim.World) {
		const n = 1_000_000
		var far, none, half int
		var zero [3]int // of those up to 0, 1 and 2: how many there are, how many draw 0
		var of [3]int
		for i := range n {
			c := luckOf(w.Seed(), keyed.Ident("call").With(uint64(i)), 0)
			by := c.reorderDelay()
			if by == 0 {
				continue
			}
			most := (1 + c.draw(drawReorderMax).Below(2000)) % 2000
			r := uint64(by/ms) - 200
			switch {
			case r > most:
				t.Fatalf("%d of at most %d", r, most)
			case most == 1999:
				far++
			case most == 0:
				none++
			}
			if 2*r <= most {
				half++
			}
			if most < 3 {
				of[most]++
				if r == 0 {
					zero[most]++
				}
			}
		}
		late := n * 2 / 3
		if !about(half, late, 1, 2) || !about(far, late, 1, 2000) || !about(none, late, 1, 2000) {
			t.Errorf("of about %d: %d in the lower half, %d of at most 1999, %d of at most 0", late, half, far, none)
		}
		for most := range zero {
			if !about(zero[most], of[most], 1, most+1) {
				t.Errorf("of %d up to %d, %d are 0", of[most], most, zero[most])
			}
		}
	})
}

func TestRule13BytesOfReplies(t *testing.T) {
	run(t, exactly(13), func(w *sim.World) {
		l := newLab(w)
		want := int64(0)
		check := func(when string) {
			t.Helper()
			if got := l.GetTotalBytes(); got != want {
				t.Errorf("%s: %d bytes, want %d", when, got, want)
			}
		}
		for _, n := range []int{0, 1, 107, 128, 5000} {
			var s string
			if !l.end.Call("Echo.Fill", n, &s) || len(s) != n {
				t.Fatal("no reply")
			}
			want += gobLen(t, n) + gobLen(t, s)
			check("after a reply")
		}
		l.LongReordering(true)
		var calls []*outcome
		for range 20 {
			calls = append(calls, l.background(l.end, "Echo.Double", 1))
			want += gobLen(t, 1)
		}
		w.Sleep(100 * ms)
		for _, o := range calls {
			if o.done {
				want += gobLen(t, 2)
			}
		}
		check("while replies are late")
		for _, o := range calls {
			if !o.done {
				want += gobLen(t, 2)
			}
		}
		w.Sleep(3 * time.Second)
		check("when all have come")
	})
}

func TestRule14Reply(t *testing.T) {
	run(t, exactly(14), func(w *sim.World) {
		l := newLab(w)
		l.Enable("client", false)
		reply := Pair{1, "untouched"}
		if l.end.Call("Echo.ByValue", Pair{}, &reply) || reply != (Pair{1, "untouched"}) {
			t.Errorf("false must leave the reply alone: %+v", reply)
		}
	})
	fails(t, func(w *sim.World) {
		l := newLab(w)
		var wrong string
		l.end.Call("Echo.Double", 4, &wrong)
	}, `Call("Echo.Double")`, "reply cannot be decoded into *string")
}

func TestRule15NoTimeout(t *testing.T) {
	o, _ := after(t, 1000*time.Hour, 0, func(l *lab) {})
	if !o.ok || o.took != 1000*time.Hour+2*tick {
		t.Errorf("a handler of 1000 hours: %+v", o)
	}
	r := sim.Run(exactly(15), func(w *sim.World) {
		l := newLab(w)
		l.call(l.end, "Echo.Slow", 1<<62*time.Nanosecond)
	})
	if r.Virtual < 1<<62 {
		t.Error(fmt.Sprint("ended at ", r.Virtual, ": ", r.Err))
	}
}
