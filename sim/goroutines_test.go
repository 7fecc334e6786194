package sim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"samerun/internal/host/hosttest"
	"samerun/sched"
	"samerun/sim/fault"
)

// onHost runs a scenario in a world of goroutines, on the host for tests.
func onHost(t *testing.T, cfg Config, fn func(w *World)) (r *Report) {
	t.Helper()
	hosttest.Run(t, cfg.Seed, func(h *hosttest.Host) {
		cfg.host = h
		r = Run(cfg, fn)
	})
	return r
}

// pinger lets n1 send n pings to n0, and n0 answer each.
func pinger(n int, log *[]string) func(w *World) {
	return func(w *World) {
		ping := w.Kind("ping")
		server, client := w.Node("n0"), w.Node("n1")
		inbox := sched.MakeChan[int](100)
		server.Start(func() {
			for v := range inbox.All() {
				*log = append(*log, fmt.Sprint(v))
			}
		})
		client.Start(func() {
			for i := range n {
				w.Link(client, server).Send(&Message{Kind: ping}, 0, received(func() { inbox.TrySend(i) }))
				w.Sleep(10 * time.Millisecond)
			}
		})
		w.Always("few", func() error {
			if len(*log) > n {
				return errors.New("too many")
			}
			return nil
		})
		w.Eventually("all arrive", time.Second, func() bool { return len(*log) == n })
	}
}

type received func()

func (f received) Deliver(*Message)    { f() }
func (f received) Drop(*Message, Fate) {}

func TestGoroutinesRunAWorld(t *testing.T) {
	for seed := range uint64(5) {
		var log []string
		r := onHost(t, Config{Seed: seed}, pinger(5, &log))
		if r.Err != nil || len(log) != 5 || r.Messages.Delivered != 5 {
			t.Errorf("seed %d: %v %v %+v", seed, r.Err, log, r.Messages)
		}
		if again := onHost(t, Config{Seed: seed}, pinger(5, new([]string))); again.Digest != r.Digest {
			t.Errorf("seed %d: %s and %s", seed, r.Digest, again.Digest)
		}
		if i := slices.IndexFunc(r.Properties, func(p PropertyCount) bool { return p.Checked == 0 }); i >= 0 {
			t.Errorf("seed %d: nobody looked at %v", seed, r.Properties[i])
		}
	}
}

func TestGoroutinesCrash(t *testing.T) {
	var log []string
	r := onHost(t, Config{Seed: 1}, func(w *World) {
		n := w.Node("n0")
		n.Start(func() {
			defer func() { log = append(log, fmt.Sprintf("deferred, over %v", w.Scheduler().Over())) }()
			for i := 0; ; i++ {
				log = append(log, fmt.Sprintf("boot %d step %d", n.Boot(), i))
				w.Sleep(time.Second)
			}
		})
		w.Sleep(1500 * time.Millisecond)
		n.Crash()
		log = append(log, "crashed")
		w.Sleep(10 * time.Second)
		n.Restart()
		w.Sleep(500 * time.Millisecond)
	})
	want := "boot 1 step 0|boot 1 step 1|crashed|boot 2 step 0"
	if got := strings.Join(log, "|"); r.Err != nil || !strings.HasPrefix(got, want) || strings.Contains(got, "over false") {
		t.Errorf("%v\n%s", r.Err, got)
	}
}

// What cannot be is told in one sentence, as by tasks.
func TestGoroutinesBadInput(t *testing.T) {
	boom := errors.New("no disk")
	for _, c := range []struct {
		name string
		fn   func(w *World)
		want string
	}{
		{"crash of main", func(w *World) { w.Main().Crash() }, "Node.Crash was called on the main node, which is the scenario itself; use another node"},
		{"the clock of main", func(w *World) { w.Main().Clock().SetOffset(time.Hour) }, "a setter of Node.Clock was called on the main node, which is the scenario itself; use another node"},
		{"restart of a node that never ran", func(w *World) { w.Node("n0").Restart() }, "Node.Restart was called on n0, which was never started; use Start first"},
		{"an error", func(w *World) { w.Node("n0").Run(func() error { return boom }); w.Sleep(1) }, "the function of node n0 returned an error: no disk"},
		{"a panic", func(w *World) { w.Node("n0").Start(func() { panic(boom) }); w.Sleep(1) }, "panic at 0s in task n0/main: no disk"},
		{"an unknown node", func(w *World) {
			w.Inject(fault.Schedule{Faults: []fault.Fault{{Kind: fault.Crash, Nodes: []string{"n7"}}}}, time.Second)
			w.Sleep(time.Second)
			w.Failf("%s", w.Outcomes()[0].Why)
		}, "there was no node n7"},
		{"two worlds", func(w *World) {
			if r := Run(Config{host: w.host}, func(*World) { t.Error("two worlds at a time") }); r.Err != nil {
				w.Fail(r.Err)
			}
		}, "another world is at work in this process; ordinary Go has one at a time"},
	} {
		r := onHost(t, Config{Seed: 1}, c.fn)
		if r.Err == nil || !strings.Contains(r.Err.Error(), c.want) || strings.Contains(r.Err.Error(), "\n") {
			t.Errorf("%s: %v\nwant %s", c.name, r.Err, c.want)
		}
	}
}

// The stack of a panic on a node has addresses and numbers of goroutines: the digest does not.
func TestDigestOfNodePanic(t *testing.T) {
	digest := ""
	for _, stack := range []string{
		"goroutine 53 [running]:\nmain.f(0xc000024960?)\n\tmain.go:7 +0x13f\ncreated by main.g in goroutine 52\n\tmain.go:3 +0x16d",
		"goroutine 65 [running]:\nmain.f(0xc000024d20?)\n\tmain.go:7 +0x13f\ncreated by main.g in goroutine 9\n\tmain.go:3 +0x16d",
	} {
		var r *Report
		hosttest.Run(t, 1, func(h *hosttest.Host) {
			r = Run(Config{Seed: 1, host: h}, func(w *World) {
				n := w.Node("n0")
				n.Start(func() { w.Sleep(time.Second); h.Exit("panic: no disk\n\n" + stack) })
				w.Sleep(2 * time.Second)
			})
		})
		if digest != "" && r.Digest != digest {
			t.Errorf("the digest is %s, and was %s; the error is %v", r.Digest, digest, r.Err)
		}
		digest = r.Digest
	}
}

// A node that ends by itself has crashed, and a panic of its own fails the run.
func TestGoroutinesExit(t *testing.T) {
	for _, how := range []string{"os.Exit(1)", "panic: no disk\nmain.go:7"} {
		var r *Report
		var up bool
		hosttest.Run(t, 1, func(h *hosttest.Host) {
			r = Run(Config{Seed: 1, host: h}, func(w *World) {
				n := w.Node("n0")
				n.Start(func() { w.Sleep(time.Second); h.Exit(how) })
				w.Sleep(2 * time.Second)
				up = n.Up()
				n.Restart()
				up = up || !n.Up() || n.Boot() != 2
			})
		})
		if panics := strings.HasPrefix(how, "panic"); up || panics != (r.Err != nil) || panics && !strings.Contains(r.Err.Error(), "at 1s: node n0: panic: no disk") {
			t.Errorf("%s: %v", how, r.Err)
		}
		if c := r.Faults; len(c) > 0 && c[0].Kind == "crash" && strings.HasPrefix(how, "os") && c[0].Fired != 0 {
			t.Errorf("it counts as a fault: %v", c)
		}
	}
}

// What a fault, or a hand, does to the clock and the speed of a node, the host is told.
func TestGoroutinesClocks(t *testing.T) {
	hosttest.Run(t, 1, func(h *hosttest.Host) {
		r := Run(Config{Seed: 1, host: h}, func(w *World) {
			n := w.Node("n0")
			n.Start(func() {})
			n.Clock().SetOffset(time.Minute)
			n.Clock().SetDrift(100)
			if offset, ppm := h.Clocks(1); offset != int64(time.Minute) || ppm != 100 {
				t.Errorf("%v %d", time.Duration(offset), ppm)
			}
			w.Inject(fault.Schedule{Faults: []fault.Fault{{Kind: fault.Slow, Nodes: []string{"n0"}, PPM: 500_000, For: time.Second}}}, time.Minute)
			w.Sleep(time.Millisecond)
			if h.Slowness(1) != 500_000 {
				t.Errorf("slow by %d", h.Slowness(1))
			}
			n.Restart()
			if h.Slowness(1) != 500_000 {
				t.Errorf("after a restart slow by %d", h.Slowness(1))
			}
			w.Sleep(2 * time.Second)
			if h.Slowness(1) != 0 {
				t.Errorf("in the end slow by %d", h.Slowness(1))
			}
		})
		if r.Err != nil {
			t.Error(r.Err)
		}
	})
}

// A schedule that was given does what it did when the scenario injected it, also at 0.
func TestGoroutinesReplay(t *testing.T) {
	fired := uint64(0)
	for seed := range uint64(20) {
		var log []string
		scenario := pinger(5, &log)
		inject := func(w *World) {
			w.Node("n0")
			w.Node("n1")
			w.Inject(fault.Chaos(), 100*time.Millisecond)
			scenario(w)
		}
		drawn := onHost(t, Config{Seed: seed}, inject)
		for _, o := range drawn.Outcomes {
			fired += o.Fired
		}
		log = nil
		given := onHost(t, Config{Seed: seed, Faults: drawn.Schedule}, inject)
		if drawn.Digest != given.Digest {
			t.Errorf("seed %d: %s, and %s when it is given its schedule", seed, drawn.Digest, given.Digest)
		}
		// Without its being called, it is in force all the same.
		log = nil
		if bare := onHost(t, Config{Seed: seed, Faults: drawn.Schedule}, scenario); len(bare.Outcomes) != len(drawn.Outcomes) {
			t.Errorf("seed %d: %d of %d faults", seed, len(bare.Outcomes), len(drawn.Outcomes))
		}
	}
	if fired < 10 {
		t.Errorf("faults took effect %d times", fired)
	}
}

// What is unwound when a run is over may use what it likes, and finds that nothing happens.
func TestGoroutinesUnwind(t *testing.T) {
	unwound := 0
	var mu sched.Mutex
	hosttest.Run(t, 1, func(h *hosttest.Host) {
		r := Run(Config{Seed: 1, host: h}, func(w *World) {
			for range 3 {
				w.Go("waits", func() {
					defer func() { unwound++ }()
					mu.Lock()
					defer mu.Unlock()
					defer w.Logf("over")
					defer sched.Go(func() { t.Error("a task was started") })
					sched.MakeChan[int](0).Recv()
				})
			}
			w.Sleep(time.Second)
		})
		if r.Err != nil {
			t.Error(r.Err)
		}
		h.Gosched()
		h.Gosched()
		if unwound != 3 {
			t.Errorf("%d of 3 tasks were unwound", unwound)
		}
		// The next world of the process is another one.
		if r := Run(Config{Seed: 1, host: h}, func(w *World) { w.Sleep(time.Second) }); r.Err != nil || r.Virtual < time.Second {
			t.Error(r.Err, r.Virtual)
		}
	})
}
