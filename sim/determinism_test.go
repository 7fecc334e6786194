package sim

import (
	"runtime"
	"sync"
	"testing"
	"time"
)

func TestSeedsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(100) {
		seen[Run(Config{Seed: seed}, busy).Digest] = true
	}
	if len(seen) < 99 {
		t.Errorf("%d different runs of 100 seeds", len(seen))
	}
}

// Runs share nothing: a hundred at once are what they are alone.
func TestWorldsInParallel(t *testing.T) {
	const n = 100
	var alone, together [n]string
	for i := range n {
		alone[i] = Run(Config{Seed: uint64(i)}, busy).Digest
	}
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { together[i] = Run(Config{Seed: uint64(i)}, busy).Digest })
	}
	wg.Wait()
	if alone != together {
		t.Error("worlds that run in parallel differ from the same worlds alone")
	}
}

func TestDigestsAtAnyGOMAXPROCS(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for seed := range uint64(5) {
		digest := Run(Config{Seed: seed}, busy).Digest
		for _, procs := range []int{1, 2, 8} {
			runtime.GOMAXPROCS(procs)
			for range 5 {
				if got := Run(Config{Seed: seed}, busy).Digest; got != digest {
					t.Fatalf("seed %d, GOMAXPROCS %d: digest %s, the first one was %s", seed, procs, got, digest)
				}
			}
		}
	}
}

// Runs leave no goroutines behind, however they end.
func TestRunsLeaveNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	for seed := range uint64(20) {
		Run(Config{Seed: seed}, busy)
		Run(Config{Seed: seed}, func(w *World) { w.Go("", func() { w.Sleep(ms); panic("x") }); busy(w) })
		Run(Config{Seed: seed}, func(w *World) {
			w.Always("p", func() error { runtime.Goexit(); return nil })
			busy(w)
		})
	}
	// A goroutine is counted until it has quite left.
	for end := time.Now().Add(time.Minute); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines before, %d after", before, runtime.NumGoroutine())
		}
	}
}
