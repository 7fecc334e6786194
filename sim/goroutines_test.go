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
