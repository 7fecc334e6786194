package engines

import (
	"context"
	"time"

	"samerun/sched"
	"samerun/sim"
	"samerun/sim/fault"
)

// waits is how a program waits: by package sched, or by package time and package context.
type waits struct {
	now     func() time.Time
	since   func(time.Time) time.Duration
	sleep   func(d time.Duration)
	after   func(d time.Duration)
	calls   func(d time.Duration, f func())
	ticks   func(d time.Duration, n int, f func(i int))
	timeout func(d time.Duration)
	spawn   func(f func())
}

var bySched = waits{
	now: sched.Now, since: sched.Since, sleep: sched.Sleep,
	after: func(d time.Duration) { sched.After(d).Recv() },
	calls: func(d time.Duration, f func()) { sched.AfterFunc(d, f) },
	ticks: func(d time.Duration, n int, f func(i int)) {
		t := sched.NewTicker(d)
		defer t.Stop()
		for i := range n {
			t.C.Recv()
			f(i)
		}
	},
	timeout: func(d time.Duration) {
		ctx, cancel := sched.WithTimeout(context.Background(), d)
		defer cancel()
		sched.Done(ctx).Recv()
	},
	spawn: sched.Go,
}

var byTime = waits{
	now: time.Now, since: time.Since, sleep: time.Sleep,
	after: func(d time.Duration) { <-time.After(d) },
	calls: func(d time.Duration, f func()) { time.AfterFunc(d, f) },
	ticks: func(d time.Duration, n int, f func(i int)) {
		t := time.NewTicker(d)
		defer t.Stop()
		for i := range n {
			<-t.C
			f(i)
		}
	},
	timeout: func(d time.Duration) {
		ctx, cancel := context.WithDeadline(context.Background(), time.Now().Add(d))
		defer cancel()
		<-ctx.Done()
	},
	spawn: func(f func()) { go f() },
}

// clocks has a node whose clock and speed change while it waits in every way: what had begun
// before lasts as long as if nothing had happened, and what begins then goes by the new clock.
func clocks(o *observed) func(w *sim.World) {
	by := &bySched
	if o.plain {
		by = &byTime
	}
	return func(w *sim.World) {
		n := w.Node("n")
		n.Start(func() {
			begin := by.now().Round(0)
			waiter := func(name string, d time.Duration) {
				note := func(what string) {
					o.note("%s: %s after %v, the date is %v later", name, what, w.Elapsed().Round(time.Millisecond), by.now().Round(0).Sub(begin).Round(time.Millisecond))
				}
				by.spawn(func() { by.sleep(d); note("sleep") })
				by.spawn(func() { by.after(d); note("timer") })
				by.spawn(func() { by.timeout(d); note("timeout") })
				by.spawn(func() { by.ticks(d, 3, func(int) { note("tick") }) })
				by.calls(d, func() { note("function") })
			}
			waiter("before", time.Second)
			by.sleep(600 * time.Millisecond)
			waiter("meanwhile", time.Second)
			by.sleep(time.Second)
			waiter("since", time.Second)
			by.sleep(8 * time.Second)
			waiter("after", time.Second)
		})
		n.Clock().SetDrift(100_000)
		w.Inject(fault.Schedule{Faults: []fault.Fault{
			{Kind: fault.Drift, At: 500 * time.Millisecond, For: 3 * time.Second, PPM: -300_000, Nodes: []string{"n"}},
			{Kind: fault.Jump, At: 700 * time.Millisecond, Offset: time.Hour, Nodes: []string{"n"}},
			{Kind: fault.Offset, At: 800 * time.Millisecond, For: 3 * time.Second, Offset: -time.Minute, Nodes: []string{"n"}},
			{Kind: fault.Slow, At: 900 * time.Millisecond, For: 3 * time.Second, PPM: 500_000, Nodes: []string{"n"}},
		}}, 20*time.Second)
		by.sleep(24 * time.Second)
		o.end(w)
	}
}
