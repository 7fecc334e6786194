package sched

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"samerun/internal/keyed"
)

// everything is a program with all that the package has in it.
func everything(s *Scheduler) {
	var mu Mutex
	var rw RWMutex
	var wg WaitGroup
	var once Once
	cond := NewCond(&mu)
	jobs, results := MakeChan[int](2), MakeChan[int](0)
	shared := 0
	note := func(v int) { s.Note(uint64(v)) }
	for i := range 6 {
		wg.Go(func() {
			for v := range jobs.All() {
				once.Do(func() { s.Sleep(time.Millisecond) })
				mu.Lock()
				shared += v * i
				note(shared)
				mu.Unlock()
				cond.Broadcast()
				if Select(results.OnSend(v*v), After(time.Duration(i)*time.Millisecond).OnRecv(nil, nil)) == 1 {
					note(-1)
				}
				rw.RLock()
				s.Yield()
				rw.RUnlock()
			}
		})
	}
	n0, n1 := s.NewGroup("n0", nil, nil), s.NewGroup("n1", nil, nil)
	n0.View().SetDrift(20_000)
	n1.View().SetOffset(-time.Minute)
	for i, g := range []*Group{n0, n1} {
		s.Spawn(g, "beat", taskID(i).Uint64(), func() {
			tick := NewTicker(3 * time.Millisecond)
			AfterFunc(7*time.Millisecond, func() { rw.Lock(); note(Now().Nanosecond()); rw.Unlock() })
			for t := range tick.C.All() {
				note(t.Nanosecond())
			}
		})
	}
	s.Clock().AfterFunc(8*time.Millisecond, 0, n0.Pause)
	s.Clock().AfterFunc(16*time.Millisecond, 0, n0.Resume)
	s.Clock().AfterFunc(20*time.Millisecond, 0, func() { n1.Freeze("crashed") })
	ctx, cancel := WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	Go(func() {
		for i := range 40 {
			jobs.Send(i)
		}
		jobs.Close()
	})
	done := Done(ctx)
	for stop := false; !stop; {
		var v int
		switch Select(results.OnRecv(&v, nil), done.OnRecv(nil, nil)) {
		case 0:
			note(v)
		case 1:
			stop = true
		}
	}
	Go(func() {
		for range results.All() {
		}
	})
	mu.Lock()
	for shared == 0 {
		cond.Wait()
	}
	mu.Unlock()
	wg.Wait()
}

func digest(t testing.TB, seed uint64) keyed.Digest {
	return mustRun(t, Config{Seed: seed}, everything).digest
}

func TestSameSeedSameDigest(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for seed := range uint64(4) {
		want := digest(t, seed)
		for _, procs := range []int{1, 2, 8} {
			runtime.GOMAXPROCS(procs)
			for i := range 50 {
				if got := digest(t, seed); got != want {
					t.Fatalf("seed %d, GOMAXPROCS %d, run %d: digest %v, the first one was %v", seed, procs, i, got, want)
				}
			}
		}
	}
}

// The digest holds who had a turn, in which order, and when.
func TestDigestHoldsTurnsAndInstants(t *testing.T) {
	d := func(first, second keyed.Key, nap time.Duration) keyed.Digest {
		return mustRun(t, Config{}, func(s *Scheduler) {
			s.Spawn(s.Root(), "", first.Uint64(), func() {})
			s.Spawn(s.Root(), "", second.Uint64(), func() {})
			s.Sleep(nap)
		}).digest
	}
	if a, b := d(1, 2, 3), d(1, 2, 3); a != b || a == d(2, 1, 3) || a == d(1, 2, 4) {
		t.Error("two orders or two instants have one digest")
	}
}

func TestSeedsDiffer(t *testing.T) {
	seen := map[keyed.Digest]uint64{}
	for seed := range uint64(200) {
		d := digest(t, seed)
		if other, ok := seen[d]; ok {
			t.Errorf("seeds %d and %d have digest %v", other, seed, d)
		}
		seen[d] = seed
	}
}

func TestParallelWorldsAreAlone(t *testing.T) {
	const n = 100
	var alone, together [n]keyed.Digest
	for i := range n {
		alone[i] = digest(t, uint64(i))
	}
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { together[i] = digest(t, uint64(i)) })
	}
	wg.Wait()
	if alone != together {
		t.Error("worlds that run in parallel differ from the same worlds alone")
	}
}

func TestSeedZeroIsFIFO(t *testing.T) {
	trace := func(cfg Config) string {
		var log []int
		mustRun(t, cfg, func(s *Scheduler) {
			for i := range 5 {
				Go(func() {
					for range 3 {
						log = append(log, i)
						s.Yield()
					}
				})
			}
			s.Sleep(1)
		})
		return fmt.Sprint(log)
	}
	const fifo = "[0 1 2 3 4 0 1 2 3 4 0 1 2 3 4]"
	if got := trace(Config{}); got != fifo {
		t.Errorf("seed 0 ran %s", got)
	}
	if got := trace(Config{Seed: 9, Strategy: &FIFO{}}); got != fifo {
		t.Errorf("FIFO of seed 9 ran %s", got)
	}
	if got := trace(Config{Seed: 9}); got == fifo {
		t.Errorf("seed 9 ran %s too", got)
	}
}

// The guard looks on in real time, and rings in the middle of the run: nothing
// that happens depends on when.
func TestTheGuardChangesNothing(t *testing.T) {
	long := func(s *Scheduler) {
		for range 150 {
			everything(s)
		}
	}
	calm := mustRun(t, Config{Seed: 3, Stall: time.Hour}, long).digest
	busy := mustRun(t, Config{Seed: 3, Stall: 500 * time.Millisecond}, long).digest
	if busy != calm {
		t.Errorf("digest %v with a busy guard, %v with a calm one", busy, calm)
	}
}
