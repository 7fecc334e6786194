package scenarios

import (
	"time"

	"samerun/sched"
	"samerun/sim"
)

// Locks is a bounded buffer, with a mutex and conditions, and a table that is
// read by many and written by one.
func Locks(w *sim.World) {
	var mu sched.Mutex
	notEmpty, notFull := sched.NewCond(&mu), sched.NewCond(&mu)
	var buffer []int
	var table sched.RWMutex
	var wg sched.WaitGroup
	sum := 0
	for p := range 3 {
		wg.Go(func() {
			for i := range 10 {
				mu.Lock()
				for len(buffer) == 4 {
					notFull.Wait()
				}
				buffer = append(buffer, 100*p+i)
				notEmpty.Signal()
				mu.Unlock()
			}
		})
		wg.Go(func() {
			for range 10 {
				mu.Lock()
				for len(buffer) == 0 {
					notEmpty.Wait()
				}
				x := buffer[0]
				buffer = buffer[1:]
				notFull.Signal()
				mu.Unlock()
				table.Lock()
				sum += x
				table.Unlock()
				table.RLock()
				w.Logf("took %d, sum %d", x, sum)
				table.RUnlock()
			}
		})
	}
	wg.Wait()
}

// Channels is a pipeline with a select, a time-out and a close.
func Channels(w *sim.World) {
	in, out, quit := sched.MakeChan[int](2), sched.MakeChan[int](0), sched.MakeChan[int](0)
	for range 3 {
		w.Go("worker", func() {
			for x := range in.All() {
				if x%4 == 0 {
					w.Sleep(time.Duration(x) * ms)
				}
				if sched.Select(out.OnSend(x*x), quit.OnRecv(nil, nil)) == 1 {
					return
				}
			}
		})
	}
	w.Go("feeder", func() {
		for i := range 20 {
			in.Send(i)
		}
		in.Close()
	})
	for n := 0; n < 18; {
		var x int
		switch sched.Select(out.OnRecv(&x, nil), sched.After(3*ms).OnRecv(nil, nil)) {
		case 0:
			n++
			w.Logf("got %d", x)
		case 1:
			w.Logf("nothing for a while")
		}
	}
	quit.Close()
	w.Sleep(100 * ms)
}

// Timers has tickers, AfterFunc with Stop and Reset, and a node that takes its
// timers with it.
func Timers(w *sim.World) {
	n := w.Node("n0")
	n.Start(func() {
		tick := sched.NewTicker(7 * ms)
		late := sched.AfterFunc(20*ms, func() { w.Logf("late in boot %d", n.Boot()) })
		sched.AfterFunc(15*ms, func() { w.Logf("reset: %v", late.Reset(30*ms)) })
		for range tick.C.All() {
			w.Logf("tick")
		}
	})
	w.Sleep(40 * ms)
	n.Restart()
	stopped := sched.AfterFunc(10*ms, func() { w.Logf("never") })
	for range 10 {
		sched.AfterFunc(5*ms, func() { w.Logf("ten at once") })
	}
	w.Sleep(5 * ms)
	w.Logf("stopped: %v", stopped.Stop())
	w.Sleep(60 * ms)
}
