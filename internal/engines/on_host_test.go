package engines

import (
	"fmt"
	"strings"
	"testing"
)

// The tests whose names begin with TestHost, on the changed standard library: each passes on
// each seed, and is the same run whatever the processors and the collector do.
func TestOnTheHost(t *testing.T) {
	const all = "^TestHost(TwoNodes|HTTP|SocketFaults)$"
	seen := map[string]bool{}
	for seed := range uint64(4) {
		one := run(t, all, seed, "GOMAXPROCS=1")
		two := run(t, all, seed, "GOMAXPROCS=4", "GOGC=5")
		if !one.ok || !two.ok {
			t.Fatalf("seed %d\n%s\n%s", seed, one.out, two.out)
		}
		if one.digests() != two.digests() || strings.Count(one.digests(), "digest") != 3 {
			t.Errorf("seed %d: %s and %s", seed, one.digests(), two.digests())
		}
		seen[one.digests()] = true
	}
	if len(seen) != 4 {
		t.Errorf("4 seeds gave %d runs", len(seen))
	}
}

// Each kind of end is told in one sentence.
func TestEndsOnTheHost(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"crash of main", "Node.Crash was called on the main node, which is the scenario itself; use another node"},
		{"error", "the function of node n returned an error: no disk"},
		{"panic", "in task n/main: no disk"},
		{"panic in go", "node n: panic: no disk"},
		{"two worlds", "another world is at work in this process; ordinary Go has one at a time"},
		{"unknown node", "lookup n7"},
		{"exit", "up false, boot 2"},
		{"exit in go", "up false"},
		{"fatal", "the node says so"},
		{"check", "deadlock in TestHostEnds: the check of property \"one at a time\" waits for a lock that node n holds, which has crashed\n"},
		{"for ever", "deadlock in TestHostEnds: every goroutine"},
	} {
		r := run(t, "^TestHostEnds$", 1, "ENGINES_END="+c.name)
		if r.ok || !strings.Contains(r.out, c.want) || strings.Contains(r.out, "there were two") || strings.Contains(r.out, "a deferred call") {
			t.Errorf("%s: want %s, passed %v\n%s", c.name, c.want, r.ok, r.out)
		}
	}
}

// The same small programs do the same on both engines, faults and all, where goroutines are
// those of the changed standard library.
func TestEnginesAgreeOnTheHost(t *testing.T) {
	for _, p := range programs {
		for seed := range uint64(3) {
			want, _ := onTasks(p, seed)
			r := run(t, "^TestHostPrograms$", seed, "ENGINES_PROGRAM="+p.name)
			_, got, _ := strings.Cut(r.out, "BEGIN\n")
			got, _, _ = strings.Cut(got, "\nEND\n")
			if got != want || want == "" {
				t.Errorf("%s, seed %d:\ntasks:\n%s\ngoroutines:\n%s\n%s", p.name, seed, want, got, r.out[:min(len(r.out), 3000)])
			}
		}
	}
}

// BenchmarkWorldOf5 is the start of a world of five nodes, in processor time of its process.
func BenchmarkWorldOf5(b *testing.B) {
	cpu := func(n int) float64 {
		r := run(b, "^TestHostStarts$", 1, fmt.Sprintf("ENGINES_WORLDS=%d", n))
		if !r.ok {
			b.Fatal(r.out)
		}
		return float64(r.process.UserTime() + r.process.SystemTime())
	}
	idle := cpu(0)
	for b.Loop() {
		b.ReportMetric((cpu(200)-idle)/200/1e6, "cpu-ms/world")
	}
}

// BenchmarkCrash is what a crash of a node with ten goroutines leaves in memory, and the processor
// time of one with the next boot.
func BenchmarkCrash(b *testing.B) {
	const n = 5000
	for b.Loop() {
		r := run(b, "^TestHostCrashes$", 1, fmt.Sprintf("ENGINES_CRASHES=%d", n))
		_, left, _ := strings.Cut(r.out, "LEFT ")
		bytes := 0.0
		if fmt.Sscan(left, &bytes); !r.ok || bytes == 0 {
			b.Fatal(r.out)
		}
		b.ReportMetric(bytes, "bytes/crash")
		b.ReportMetric(float64(r.process.UserTime()+r.process.SystemTime())/n/1e3, "cpu-µs/crash")
	}
}
