package labrpc

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// What the course's own tests of its library require of many goroutines, in real time. How
// long something takes at most is left to the tests in virtual time.

func TestPlainManyClients(t *testing.T) {
	rn := MakeNetwork()
	defer rn.Cleanup()
	l := &plainLab{Network: rn}
	l.srv, _ = l.addServer("server")
	var wg sync.WaitGroup
	for i := range 20 {
		end := l.addEnd(i, "server")
		wg.Go(func() {
			for j := range 10 {
				if o := l.call(end, "Desk.Double", 100*i+j); !o.ok || o.reply != 2*(100*i+j) {
					t.Errorf("%+v", o)
				}
			}
		})
	}
	wg.Wait()
	if l.GetCount("server") != 200 || l.GetTotalCount() != 200 {
		t.Errorf("the server counts %d, the network %d", l.GetCount("server"), l.GetTotalCount())
	}
}

func TestPlainUnreliableInRealTime(t *testing.T) {
	l := &plainLab{Network: MakeNetwork()}
	l.srv, _ = l.addServer("server")
	l.end = l.addEnd("client", "server")
	l.Reliable(false)
	var wg sync.WaitGroup
	var right, wrong atomic.Int64
	for i := range 300 {
		wg.Go(func() {
			switch o := l.call(l.end, "Desk.Double", i); {
			case !o.ok && o.reply == 0:
			case o.reply == 2*i:
				right.Add(1)
			default:
				wrong.Add(1)
			}
		})
	}
	wg.Wait()
	if n := right.Load(); n == 0 || n == 300 || wrong.Load() != 0 {
		t.Errorf("%d of 300 calls are right, %d wrong", n, wrong.Load())
	}
}

// Everything may be called at any time by anybody. The race detector watches.
func TestPlainEverythingAtOnce(t *testing.T) {
	l := &plainLab{Network: MakeNetwork()}
	l.srv, _ = l.addServer("server")
	l.end = l.addEnd("client", "server")
	var over atomic.Bool
	var wg sync.WaitGroup
	for _, do := range []func(i int){
		func(i int) { l.Enable("client", i%2 == 0) },
		func(i int) { l.Reliable(i%2 == 0); l.LongDelays(false); l.LongReordering(false) },
		func(i int) { l.DeleteServer("server"); l.AddServer("server", l.srv) },
		func(i int) { l.srv.AddService(MakeService(Plain(i))) },
		func(i int) { l.addEnd(i, "server"); l.LookupEnd(i); l.DeleteEnd(i) },
		func(i int) { l.GetTotalBytes(); l.GetTotalCount(); l.IsReliable(); l.IsLongDelays(); l.srv.GetCount() },
		func(i int) { l.ReadEndnameInfo("client"); l.IsServerDead("client", "server", l.srv) },
		func(i int) { l.end.SetCall(nil); l.srv.SetDispatch(nil) },
	} {
		wg.Go(func() {
			for i := 0; !over.Load(); i++ {
				do(i)
				time.Sleep(50 * time.Microsecond)
			}
		})
	}
	var calls sync.WaitGroup
	for i := range 30 {
		calls.Go(func() {
			for j := range 3 {
				if o := l.call(l.end, "Desk.Mark", 10*i+j); o.ok && o.reply != 10*i+j {
					t.Errorf("%+v", o)
				}
			}
			l.call(l.end, "Desk.Slow", 110*ms)
		})
	}
	calls.Wait()
	over.Store(true)
	wg.Wait()
}
