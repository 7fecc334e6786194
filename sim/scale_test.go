//go:build !race

package sim

import (
	"runtime"
	"testing"
	"time"
)

// Memory and work grow with nodes and messages, not with pairs of nodes. Real time
// is for the benchmarks: it says more about the machine and its other tenants. The
// race detector has nothing to find here, and would take its time.
func TestTenThousandNodes(t *testing.T) {
	perNode := func(n int) (bytes, events uint64) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		// A stall would be looked for by a trace of all goroutines, which are many.
		r := mustRun(t, Config{Seed: 1, MaxSteps: 10_000_000, Stall: time.Hour}, func(w *World) {
			heard := gossip(w, n)
			if heard < n*99/100 {
				t.Errorf("%d of %d nodes have heard the rumour", heard, n)
			}
			w.Cut(w.Nodes()[:3], w.Nodes()[3:6])
			w.HealAll()
		})
		runtime.ReadMemStats(&after)
		addsUp(t, r.Messages)
		return (after.TotalAlloc - before.TotalAlloc) / uint64(n), r.Events / uint64(n)
	}
	perNode(100)
	bytes, events := perNode(1000)
	bytes10, events10 := perNode(10_000)
	t.Logf("with 1000 nodes each takes %d bytes and %d events; with 10000, %d and %d", bytes, events, bytes10, events10)
	if bytes10 > 2*bytes || events10 > events*11/10 {
		t.Errorf("with 1000 nodes each takes %d bytes and %d events; with 10000, %d and %d", bytes, events, bytes10, events10)
	}
}
