package sim

import (
	"context"
	"strings"
	"testing"
	"time"

	"samerun/sched"
	"samerun/sim/replay"
)

// However many runs there is time for: the result fails like the run at the beginning,
// it is no larger than with less time, and nobody is accused.
func TestMinimisingIsCutAtEveryRun(t *testing.T) {
	r := failing(t, 1, lossy)[0]
	size := func(p *replay.File) int {
		return len(p.Schedule.Faults) + len(p.Input().Steps)
	}
	before := 1 << 30
	for n := 1; ; n++ {
		ctx, cancel := context.WithCancel(context.Background())
		runs := 0
		x := &tester{t: &fakeT{name: "TestLossy"}, env: &environment{shrink: time.Hour}, exec: func(cfg Config) (Config, *Report) {
			if runs++; runs == n {
				cancel()
			}
			return cfg, Run(cfg, lossy)
		}}
		small, _, words := x.minimiseUntil(ctx, &attempt{cfg: Config{Seed: r.Seed}, report: r, failure: r.Err})
		cut := ctx.Err() != nil
		cancel()
		if small == nil {
			t.Fatalf("cut at run %d: %s", n, words)
		}
		p := small.file("TestLossy")
		if propertyOf(small.failure) != "nothing is lost" || size(p) > before {
			t.Fatalf("cut at run %d: %d elements, %d one run before, %v", n, size(p), before, small.failure)
		}
		whole := !strings.Contains(words, "not to the end")
		if !whole && !cut {
			t.Fatal(words)
		}
		if before = size(p); whole {
			if before != 2 || n < 20 {
				t.Errorf("%d elements after %d runs", before, n)
			}
			return
		}
		if n > 20 {
			n += n / 7 // not each of the many that change little
		}
	}
}

// A run that the watch gives up, because the machine is busy, has not passed, and is
// no other failure: neither in the test process, nor in what it tells the tool.
func TestAStallIsNoVerdict(t *testing.T) {
	r := failing(t, 1, lossy)[0]
	stall := &Report{Seed: r.Seed, Err: &RunError{Seed: r.Seed, Err: &sched.StallError{State: "running"}}}
	for _, last := range []int{1, 2, 3} { // the proof of the search, the run behind it, the story
		x := &tester{t: &fakeT{name: "TestLossy"}, env: &environment{shrink: time.Hour}}
		total := 0
		count := func(cfg Config) (Config, *Report) { total++; return cfg, Run(cfg, lossy) }
		x.exec = count
		a := &attempt{cfg: Config{Seed: r.Seed}, report: r, failure: r.Err}
		if small, s := x.smaller(a, &evidence{}); small == a {
			t.Fatal(s.shrunk)
		}
		runs := 0
		x.exec = func(cfg Config) (Config, *Report) {
			if runs++; runs == total-3+last {
				return cfg, stall
			}
			return cfg, Run(cfg, lossy)
		}
		small, s := x.smaller(a, &evidence{})
		if strings.Contains(s.shrunk, "failed once and not again") || small == a && !strings.Contains(s.shrunk, "stood still") {
			t.Errorf("the run %d from the end stalls: smaller %v, %s", 4-last, small != a, s.shrunk)
		}
	}
	p := (&attempt{cfg: Config{Seed: r.Seed}, report: r, failure: r.Err}).file("TestLossy")
	if got := (&attempt{report: stall, failure: stall.Err}).verdict(p).String(); got != "unknown" {
		t.Errorf("a stall is %q", got)
	}
}
