package node

import (
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A program that imports nothing of samerun's names nodes by labels of package runtime/pprof.
func TestLabels(t *testing.T) {
	h := of(t).(clocks)
	var wg sync.WaitGroup
	check := func(what string, want int) {
		t.Helper()
		if node, _ := h.Node(); node != want {
			t.Errorf("%s: node %d, want %d", what, node, want)
		}
	}
	ctx := context.Background()
	for i := range 2 {
		wg.Go(func() {
			check("before", 0)
			pprof.Do(ctx, pprof.Labels("node", fmt.Sprintf("n%d", i+1)), func(ctx context.Context) {
				node, boot := h.Node()
				if node == 0 || boot != 1 {
					t.Errorf("node %d.%d", node, boot)
				}
				if name, err := os.Hostname(); err != nil || name != fmt.Sprintf("n%d", i+1) {
					t.Errorf("it is called %s, %v", name, err)
				}
				wg.Go(func() { check("started", node) })
				wg.Add(1)
				time.AfterFunc(time.Second, func() { check("timer", node); wg.Done() })
				wg.Go(func() {
					pprof.Do(context.Background(), pprof.Labels("other", "label"), func(context.Context) { check("other labels", node) })
				})
				pprof.Do(ctx, pprof.Labels("other", "label"), func(context.Context) { check("labels beside", node) })
				pprof.Do(ctx, pprof.Labels("node", "n3"), func(context.Context) {
					if within, _ := h.Node(); within == node || within == 0 {
						t.Errorf("node %d within node %d", within, node)
					}
				})
				check("back", node)
			})
			check("behind", 0)
		})
	}
	wg.Wait()
}

// The present boot of a node that a label names is where it runs; what is off is switched on.
func TestLabelsAndCrash(t *testing.T) {
	h := of(t).(clocks)
	run := func(went *atomic.Bool) {
		go pprof.Do(context.Background(), pprof.Labels("node", "n1"), func(context.Context) {
			time.Sleep(time.Second)
			went.Store(true)
		})
	}
	var dead, alive atomic.Bool
	run(&dead)
	time.Sleep(time.Second / 2)
	h.Crash(1)
	run(&alive)
	time.Sleep(2 * time.Second)
	if dead.Load() || !alive.Load() {
		t.Errorf("the first went on: %v, the second: %v; want only the second", dead.Load(), alive.Load())
	}
	h.Crash(1)
	if boot := h.Boot(1); boot != 3 {
		t.Errorf("boot %d, want 3", boot)
	}
}
