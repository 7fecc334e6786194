package labrpc

import (
	"fmt"
	"testing"
	"time"

	"samerun/sim"
)

// farLab is a caller on n1 and a server on n0, 5 ms apart. The call is made at
// 10 ms; the request arrives at 15, its handler takes 50, the reply leaves at 65
// and arrives at 70.
type farLab struct {
	*lab
	n0, n1    *sim.Node
	out, back *sim.Link
	echoes    []*Echo // by incarnation of n0
	servers   []*Server
	o         *outcome
}

func newFarLab(w *sim.World) *farLab {
	f := &farLab{lab: newLab(w), n0: w.Node("n0"), n1: w.Node("n1"), o: new(outcome)}
	f.out, f.back = w.Link(f.n1, f.n0), w.Link(f.n0, f.n1)
	f.n0.Start(func() {
		srv, echo := f.addServer("far")
		f.servers, f.echoes = append(f.servers, srv), append(f.echoes, echo)
	})
	first := true
	f.n1.Start(func() {
		if first {
			first = false
			f.end = f.addEnd("n1 to n0", "far")
			w.Sleep(10 * ms)
			*f.o = f.call(f.end, "Echo.Slow", 50*ms)
		}
	})
	return f
}

func far(seed uint64) sim.Config {
	return sim.Config{Seed: seed, Link: sim.LinkConfig{Latency: sim.Durations{Min: 5 * ms, Max: 5 * ms}}}
}

// twiceApart delivers every message twice, 10 ms apart.
var twiceApart = sim.LinkConfig{Duplicate: sim.Million, Reorder: sim.Million, Late: sim.Durations{Min: 10 * ms, Max: 10 * ms}}

func TestWorldFaults(t *testing.T) {
	const never = -1
	type at map[time.Duration]func(f *farLab)
	all := func(l *sim.Link, cfg sim.LinkConfig) {
		cfg.Latency = sim.Durations{Min: 5 * ms, Max: 5 * ms}
		l.Set(cfg)
	}
	crash := func(f *farLab) { f.n0.Crash() }
	restart := func(f *farLab) { f.n0.Restart() }
	disable := func(f *farLab) { f.Enable("n1 to n0", false) }
	enable := func(f *farLab) { f.Enable("n1 to n0", true) }
	for _, c := range []struct {
		name           string
		faults         at
		ok             bool
		from, to       time.Duration // when it returns, in ms; at from if to is 0
		started, ended int           // handlers of the first incarnation
		replies        int64         // counted as bytes
		live           int           // records of calls that nobody will give back
	}{
		{"nothing", at{}, true, 70, 0, 1, 1, 1, 0},
		{"request cut", at{9: func(f *farLab) { f.out.Cut() }}, false, 10, 109, 0, 0, 0, 0},
		{"request cut on its way", at{12: func(f *farLab) { f.out.Cut() }}, false, 15, 114, 0, 0, 0, 0},
		{"cut and healed in time", at{12: func(f *farLab) { f.out.Cut() }, 14: func(f *farLab) { f.out.Heal() }}, true, 70, 0, 1, 1, 1, 0},
		{"request lost by the link", at{9: func(f *farLab) { all(f.out, sim.LinkConfig{Loss: sim.Million}) }}, false, 10, 109, 0, 0, 0, 0},
		{"request clogged", at{12: func(f *farLab) { f.out.Clog() }, 300: func(f *farLab) { f.out.Release() }}, true, 355, 0, 1, 1, 1, 0},
		{"request clogged for good", at{12: func(f *farLab) { f.out.Clog() }}, false, never, 0, 0, 0, 0, 1},
		{"clogged, then disabled", at{12: func(f *farLab) { f.out.Clog() }, 20: disable,
			300: func(f *farLab) { f.out.Release() }}, false, 350, 0, 1, 1, 0, 0},
		{"request twice", at{9: func(f *farLab) { all(f.out, sim.LinkConfig{Duplicate: sim.Million}) }}, true, 70, 0, 2, 2, 1, 0},
		{"request twice, cut on its way", at{9: func(f *farLab) { all(f.out, sim.LinkConfig{Duplicate: sim.Million}) }, 12: func(f *farLab) { f.out.Cut() }}, false, 15, 114, 0, 0, 0, 0},
		{"request twice, crash in the handler", at{9: func(f *farLab) { all(f.out, sim.LinkConfig{Duplicate: sim.Million}) }, 30: crash}, false, 115, 0, 2, 0, 0, 0},
		// Of two copies the first arrives as ever, and the second 10 ms later.
		{"second copy of the request cut", at{9: func(f *farLab) { all(f.out, twiceApart) }, 20: func(f *farLab) { f.out.Cut() }}, true, 70, 0, 1, 1, 1, 0},
		{"first copy of the request cut", at{9: func(f *farLab) { all(f.out, twiceApart) },
			14: func(f *farLab) { f.out.Cut() }, 20: func(f *farLab) { f.out.Heal() }}, true, 80, 0, 1, 1, 1, 0},
		{"both copies arrive", at{9: func(f *farLab) { all(f.out, twiceApart) }}, true, 70, 0, 2, 2, 1, 0},
		{"second copy of the reply cut", at{60: func(f *farLab) { all(f.back, twiceApart) }, 75: func(f *farLab) { f.back.Cut() }}, true, 70, 0, 1, 1, 1, 0},
		{"first copy of the reply cut", at{60: func(f *farLab) { all(f.back, twiceApart) },
			68: func(f *farLab) { f.back.Cut() }, 75: func(f *farLab) { f.back.Heal() }}, true, 80, 0, 1, 1, 1, 0},
		{"both copies of the reply cut", at{60: func(f *farLab) { all(f.back, twiceApart) }, 68: func(f *farLab) { f.back.Cut() }}, false, 80, 179, 1, 1, 0, 0},
		{"reply cut", at{60: func(f *farLab) { f.back.Cut() }}, false, 65, 164, 1, 1, 0, 0},
		{"reply cut on its way", at{67: func(f *farLab) { f.back.Cut() }}, false, 70, 169, 1, 1, 0, 0},
		{"reply lost by the link", at{60: func(f *farLab) { all(f.back, sim.LinkConfig{Loss: sim.Million}) }}, false, 65, 164, 1, 1, 0, 0},
		{"reply clogged", at{60: func(f *farLab) { f.back.Clog() }, 500: func(f *farLab) { f.back.Release() }}, true, 500, 0, 1, 1, 1, 0},
		{"reply clogged, server deleted", at{60: func(f *farLab) { f.back.Clog() }, 80: func(f *farLab) { f.DeleteServer("far") },
			500: func(f *farLab) { f.back.Release() }}, true, 500, 0, 1, 1, 1, 0},
		{"reply on its way at a look", at{30: disable, 40: enable, 60: func(f *farLab) { f.back.Clog() }, 80: disable,
			500: func(f *farLab) { f.back.Release() }}, true, 500, 0, 1, 1, 1, 0},
		{"reply twice", at{60: func(f *farLab) { all(f.back, sim.LinkConfig{Duplicate: sim.Million}) }}, true, 70, 0, 1, 1, 1, 0},
		{"server down before the call", at{5: crash}, false, 10, 109, 0, 0, 0, 0},
		{"server crashes before arrival", at{12: crash}, false, 15, 114, 0, 0, 0, 0},
		{"server crashes in the handler", at{30: crash}, false, 115, 0, 1, 0, 0, 0},
		{"server crashes after the reply left", at{67: crash}, true, 70, 0, 1, 1, 1, 0},
		{"new incarnation before the call", at{5: restart}, true, 70, 0, 0, 0, 1, 0},
		{"new incarnation before arrival", at{12: restart}, false, 15, 114, 0, 0, 0, 0},
		{"new incarnation in the handler", at{30: crash, 40: restart}, false, 115, 0, 1, 0, 0, 0},
		{"server paused before arrival", at{12: func(f *farLab) { f.n0.Pause() }, 1000: func(f *farLab) { f.n0.Resume() }}, true, 1055, 0, 1, 1, 1, 0},
		{"server paused in the handler", at{30: func(f *farLab) { f.n0.Pause() }, 1000: func(f *farLab) { f.n0.Resume() }}, true, 1005, 0, 1, 1, 1, 0},
		{"paused and deleted", at{12: func(f *farLab) { f.n0.Pause() }, 200: func(f *farLab) { f.DeleteServer("far") },
			1000: func(f *farLab) { f.n0.Resume() }}, false, 215, 0, 1, 1, 0, 0},
		{"paused and crashed", at{12: func(f *farLab) { f.n0.Pause() }, 200: crash}, false, 215, 0, 0, 0, 0, 0},
		{"disabled, and then crashed", at{20: disable, 30: crash}, false, 115, 0, 1, 0, 0, 0},
		{"caller paused", at{30: func(f *farLab) { f.n1.Pause() }, 500: func(f *farLab) { f.n1.Resume() }}, true, 500, 0, 1, 1, 1, 0},
		{"caller crashes in the handler", at{30: func(f *farLab) { f.n1.Crash() }}, false, never, 0, 1, 1, 0, 1},
		{"caller crashes as the reply comes", at{67: func(f *farLab) { f.n1.Crash() }}, false, never, 0, 1, 1, 0, 1},
		{"both crash", at{30: func(f *farLab) { f.n1.Crash(); f.n0.Crash() }}, false, never, 0, 1, 0, 0, 1},
	} {
		for seed := uint64(1); seed <= 8; seed++ {
			run(t, far(seed), func(w *sim.World) {
				f := newFarLab(w)
				for n := range time.Duration(2000) {
					w.Sleep(ms - 1) // just before n+1 ms, so that nothing else happens then
					if do := c.faults[n+1]; do != nil {
						do(f)
					}
					w.Sleep(1)
				}
				f.check(t, fmt.Sprintf("%s, seed %d", c.name, seed), c.ok, c.from*ms, max(c.to, c.from)*ms)
				if e := f.echoes[0]; e.started != c.started || e.ended != c.ended {
					t.Errorf("%s: %d handlers started and %d ended, want %d and %d", c.name, e.started, e.ended, c.started, c.ended)
				}
				if want := gobLen(t, 50*ms) + c.replies*gobLen(t, 7); f.GetTotalBytes() != want || f.GetTotalCount() != 1 {
					t.Errorf("%s: %d bytes in %d calls, want %d in 1", c.name, f.GetTotalBytes(), f.GetTotalCount(), want)
				}
				f.noLeak(t, c.live)
			})
		}
	}
}

func (f *farLab) check(t *testing.T, name string, ok bool, from, to time.Duration) {
	t.Helper()
	o := *f.o
	at := o.at.Round(ms) // faults come 1 ns early
	switch {
	case from < 0:
		if o.done {
			t.Errorf("%s: it returned: %+v", name, o)
		}
	case !o.done || o.ok != ok || at < from || at > to || at-o.at > 1:
		t.Errorf("%s: %+v, want %v between %v and %v", name, o, ok, from, to)
	case ok && o.reply != 7 || !ok && o.reply != 0:
		t.Errorf("%s: reply %d", name, o.reply)
	}
}

// In the trace, what follows a call that failed comes from what came before it.
func TestFailedCallsKeepTheirCause(t *testing.T) {
	for _, slow := range []bool{false, true} {
		records := map[string]sim.Record{}
		cfg := far(3)
		cfg.Trace = func(r sim.Record) {
			if r.What == sim.Note {
				records[r.Text] = r
			}
		}
		run(t, cfg, func(w *sim.World) {
			f := newFarLab(w)
			w.Go("noise", func() {
				for range 1000 {
					w.Logf("noise")
					w.Sleep(ms / 4)
				}
			})
			w.Sleep(ms)
			w.Logf("before")
			end := f.end
			if slow { // false at a look
				w.Go("", func() { w.Sleep(20 * ms); w.Logf("disabled"); f.Enable("n1 to n0", false) })
			} else {
				f.Enable("n1 to n0", false)
			}
			if f.call(end, "Echo.Slow", 500*ms).ok {
				t.Error("the call was to fail")
			}
			w.Logf("after")
		})
		want := "before"
		if slow {
			want = "disabled"
		}
		if records["after"].Cause != records[want].Seq {
			t.Errorf("the cause of what followed is record %d, want %d", records["after"].Cause, records[want].Seq)
		}
	}
}
