package raft

import (
	"testing"
	"time"

	"samerun/sim"
)

// BenchmarkSeeds runs whole worlds: five servers for eight virtual seconds, in
// which they elect a leader, lose a server to a partition, and get it back.
func BenchmarkSeeds(b *testing.B) { benchmark(b, electPartitionHeal) }

// BenchmarkThreeNodes60s runs three servers for a virtual minute: heartbeats, a
// command now and then, and a fault every few seconds.
func BenchmarkThreeNodes60s(b *testing.B) {
	benchmark(b, func(w *sim.World) {
		c := NewCluster(w, 3)
		c.AlwaysSafe()
		c.propose(250*time.Millisecond, time.Minute)
		r := w.Rand()
		for w.Elapsed() < 60*time.Second {
			w.Sleep(between(r, 1000, 3000))
			mend := c.disturb(r)
			w.Sleep(between(r, 200, 1000))
			mend()
		}
		c.EventuallyCommits([]byte("after"), 5*time.Second)
	})
}

// benchmark runs a scenario under seed after seed.
func benchmark(b *testing.B, scenario func(w *sim.World)) {
	b.ReportAllocs()
	events := uint64(0)
	for seed := range uint64(b.N) {
		r := sim.Run(sim.Config{Seed: seed}, scenario)
		if r.Err != nil {
			b.Fatal(r.Err)
		}
		events += r.Events
	}
	seconds := b.Elapsed().Seconds()
	b.ReportMetric(float64(b.N)/seconds, "seeds/s")
	b.ReportMetric(seconds*1e9/float64(events), "ns/event")
	b.ReportMetric(float64(events)/float64(b.N), "events/seed")
}
