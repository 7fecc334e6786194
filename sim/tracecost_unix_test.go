//go:build unix

package sim_test

import (
	"io"
	"syscall"
	"testing"

	"samerun/examples/kv"
	"samerun/examples/raft"
	"samerun/sim"
)

// What a trace costs: runs of one process, by turns with a trace, which is written in full, and
// without one. The ratio is that of the processor time, of all threads, so that the work of the
// collector counts on both sides.
func BenchmarkTrace(b *testing.B) {
	for _, x := range []struct {
		name string
		run  func(w *sim.World)
	}{
		{"raft", func(w *sim.World) { raft.UnderChaos(w, "") }},
		{"kv", func(w *sim.World) { kv.UnderChaos(w, "") }},
	} {
		b.Run(x.name, func(b *testing.B) {
			var with, without, events int64
			seed := uint64(0)
			for b.Loop() {
				seed++
				began := cpu(b)
				r := sim.Run(sim.Config{Seed: seed}, x.run)
				middle := cpu(b)
				traced, n, err := sim.TraceRun(sim.Config{Seed: seed}, x.run, io.Discard)
				end := cpu(b)
				if err != nil || r.Err != nil || traced.Digest != r.Digest {
					b.Fatalf("seed %d: %v, %v, digests %s and %s", seed, err, r.Err, traced.Digest, r.Digest)
				}
				without, with, events = without+middle-began, with+end-middle, events+int64(n)
			}
			b.ReportMetric(float64(with)/float64(max(1, without)), "with/without")
			b.ReportMetric(float64(events)/float64(b.N), "events/run")
			b.ReportMetric(float64(with-without)/float64(max(1, events)), "ns/event")
		})
	}
}

// cpu is the processor time of the process, in nanoseconds.
func cpu(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
