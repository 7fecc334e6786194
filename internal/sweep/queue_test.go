package sweep

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/internal/runner"
	"samerun/internal/seeds"
	"samerun/internal/wire"
)

func mustSeeds(text string) seeds.Set {
	set, err := seeds.Parse(text)
	if err != nil {
		panic(err)
	}
	return set
}

// work plays workers that finish in any order, against the model that a seed
// fails or dies by itself. It returns how often each seed was run to a result.
func work(t *rapid.T, q *queue, workers int, fails func(position) bool) map[position]int {
	ran := make(map[position]int)
	var open []*chunk
	for {
		// next would block when nothing is pending, so only call it if it cannot.
		for len(open) < workers {
			q.mu.Lock()
			ready := false
			for i := range q.jobs {
				for _, set := range q.jobs[i].pending {
					first, ok := set.First()
					if !ok {
						t.Fatal("an empty set is pending")
					}
					ready = ready || q.limit == nil || position{i, first}.before(*q.limit)
				}
			}
			// However often an idle worker asks, there is nothing for it.
			for range 3 {
				if !ready && q.take() != nil {
					t.Fatal("a chunk behind the first failure")
				}
			}
			q.mu.Unlock()
			if !ready && len(open) > 0 {
				break
			}
			c := q.next(context.Background())
			if c == nil {
				break
			}
			if c.seeds.Len() == 0 {
				t.Fatal("a chunk without seeds")
			}
			open = append(open, c)
		}
		if len(open) == 0 {
			return ran
		}
		i := rapid.IntRange(0, len(open)-1).Draw(t, "finishes")
		c := open[i]
		open = append(open[:i], open[i+1:]...)
		r := &runner.Chunk{Elapsed: time.Duration(rapid.IntRange(1, 2000).Draw(t, "ms")) * time.Millisecond}
		if c.ctx.Err() != nil {
			r.Cancelled = true
			q.finish(c, r)
			continue
		}
		for seed := range c.seeds.All() {
			p := position{c.test, seed}
			ran[p]++
			o := runner.Outcome{Result: wire.Result{Seed: seed, OK: !fails(p)}}
			r.Outcomes = append(r.Outcomes, o)
			r.Rest = c.seeds.After(seed)
			// A chunk may also end early without a failure, when its time was up.
			if !o.OK || rapid.IntRange(0, 9).Draw(t, "early") == 0 {
				break
			}
		}
		q.finish(c, r)
	}
}

func TestQueueLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tests := rapid.IntRange(1, 3).Draw(t, "tests")
		n := rapid.IntRange(1, 60).Draw(t, "seeds")
		workers := rapid.IntRange(1, 5).Draw(t, "workers")
		keepGoing := rapid.Bool().Draw(t, "keepGoing")
		bad := make(map[position]bool)
		for range rapid.IntRange(0, 4).Draw(t, "failures") {
			bad[position{rapid.IntRange(0, tests-1).Draw(t, "test"), rapid.Uint64Range(1, uint64(n)).Draw(t, "seed")}] = true
		}
		sets := make([]seeds.Set, tests)
		for i := range sets {
			sets[i] = mustSeeds(fmt.Sprintf("1-%d", n))
		}
		q := newQueue(sets, workers, keepGoing)
		ran := work(t, q, workers, func(p position) bool { return bad[p] })

		// Up to the first failure, or everywhere, each seed has run exactly once.
		stopped := false
		for test := range tests {
			for seed := uint64(1); seed <= uint64(n); seed++ {
				p := position{test, seed}
				if ran[p] > 1 || !stopped && ran[p] == 0 {
					t.Fatalf("seed %v ran %d times", p, ran[p])
				}
				stopped = stopped || bad[p] && !keepGoing
			}
		}
		if len(q.running) != 0 {
			t.Fatalf("%d chunks still count as running", len(q.running))
		}
	})
}

func TestNextSize(t *testing.T) {
	tests := []struct {
		size, n uint64
		elapsed time.Duration
		want    uint64
	}{
		{1, 1, 10 * time.Millisecond, 8}, // would be 50, but grows eightfold at most
		{8, 8, 80 * time.Millisecond, 50},
		{50, 50, 5 * time.Second, 5},
		{4, 4, time.Minute, 1},
		{4, 4, 0, 32},
	}
	for _, tt := range tests {
		if got := nextSize(tt.size, tt.n, tt.elapsed); got != tt.want {
			t.Errorf("nextSize(%d, %d, %v) = %d, want %d", tt.size, tt.n, tt.elapsed, got, tt.want)
		}
	}
}

func TestQueueStops(t *testing.T) {
	q := newQueue([]seeds.Set{mustSeeds("1-1000000000000")}, 2, true)
	c := q.next(t.Context())
	if c == nil || c.seeds.Len() != 1 {
		t.Fatalf("the first chunk is %+v, want one seed", c)
	}
	q.stop()
	if c.ctx.Err() == nil || q.next(t.Context()) != nil {
		t.Error("a stopped queue goes on")
	}
}
