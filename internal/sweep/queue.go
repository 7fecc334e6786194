package sweep

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"samerun/internal/runner"
	"samerun/internal/seeds"
)

const (
	// chunkTime is what a process should take: long enough to make the cost of
	// starting one small, short enough for progress and for an even end.
	chunkTime = 500 * time.Millisecond
	// lowerGrace is how long lower seeds may go on after a failure, so that the
	// first failure reported is the lowest one and not a matter of chance.
	lowerGrace = 10 * time.Second
)

// position is a place in the order of a sweep: test by test, seed by seed.
type position struct {
	test int
	seed uint64
}

func (p position) before(q position) bool {
	return p.test < q.test || p.test == q.test && p.seed < q.seed
}

// chunk is seeds of one test, handed out to one process.
type chunk struct {
	test   int
	seeds  seeds.Set
	ctx    context.Context
	cancel context.CancelFunc
}

func (c *chunk) start() position {
	first, _ := c.seeds.First()
	return position{c.test, first}
}

// queue hands out the seeds of all tests in order, in chunks whose size follows
// the time that the seeds of the test take. It is safe for concurrent use.
type queue struct {
	mu        sync.Mutex
	changed   *sync.Cond
	jobs      []job
	running   []*chunk
	workers   int
	keepGoing bool
	limit     *position // the lowest failure; nothing behind it is worth running
	stopped   bool
}

// job is what is left to run of one test.
//
// Invariant: the pending sets are not empty, ascending, and disjoint.
type job struct {
	pending []seeds.Set
	size    uint64 // seeds in the next chunk, at least 1
}

// newQueue returns a queue of as many tests as there are sets of seeds. A test
// whose set is empty takes its place in the order and runs nothing.
func newQueue(sets []seeds.Set, workers int, keepGoing bool) *queue {
	q := &queue{workers: workers, keepGoing: keepGoing}
	q.changed = sync.NewCond(&q.mu)
	for _, set := range sets {
		j := job{size: 1}
		if set.Len() > 0 {
			j.pending = []seeds.Set{set}
		}
		q.jobs = append(q.jobs, j)
	}
	return q
}

// next waits for a chunk. It returns nil when there will be none any more.
func (q *queue) next(ctx context.Context) *chunk {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.stopped {
		if c := q.take(); c != nil {
			c.ctx, c.cancel = context.WithCancel(ctx)
			q.running = append(q.running, c)
			return c
		}
		// A chunk that is running may hand back seeds.
		if len(q.running) == 0 {
			break
		}
		q.changed.Wait()
	}
	return nil
}

// take cuts the next chunk off the first test that has seeds left.
func (q *queue) take() *chunk {
	for i := range q.jobs {
		j := &q.jobs[i]
		if len(j.pending) == 0 {
			continue
		}
		c := &chunk{test: i, seeds: j.pending[0]}
		if q.limit != nil && q.limit.before(c.start()) {
			return nil
		}
		c.seeds, j.pending[0] = j.pending[0].Cut(q.chunkSize(j))
		if j.pending[0].Len() == 0 {
			j.pending = j.pending[1:]
		}
		return c
	}
	return nil
}

// chunkSize makes chunks smaller towards the end of a test, so that the workers
// finish together, but not so small that starting processes is all they do.
func (q *queue) chunkSize(j *job) uint64 {
	var left uint64
	for _, set := range j.pending {
		left += set.Len()
	}
	share := left / uint64(2*q.workers)
	return min(j.size, max(share, j.size/8, 1))
}

// finish takes back a chunk and what became of it.
func (q *queue) finish(c *chunk, r *runner.Chunk) {
	q.mu.Lock()
	defer q.mu.Unlock()
	defer q.changed.Broadcast()
	c.cancel()
	q.running = slices.DeleteFunc(q.running, func(o *chunk) bool { return o == c })
	j := &q.jobs[c.test]
	if r.Failed() == nil && !r.Cancelled && r.Rest.Len() == 0 {
		j.size = nextSize(j.size, c.seeds.Len(), r.Elapsed)
	}
	if bad := r.Failed(); bad != nil && !q.keepGoing {
		q.lower(position{c.test, bad.Seed})
		return
	}
	if r.Rest.Len() > 0 && !r.Cancelled {
		j.pending = append(j.pending, r.Rest)
		slices.SortFunc(j.pending, func(a, b seeds.Set) int {
			x, _ := a.First()
			y, _ := b.First()
			return cmp.Compare(x, y)
		})
	}
}

// nextSize is the size of the chunk that should take chunkTime, when n seeds
// took elapsed. It grows eightfold at most, because the first processes are slow
// for reasons of their own.
func nextSize(size, n uint64, elapsed time.Duration) uint64 {
	perSeed := max(uint64(elapsed)/n, 1)
	return min(max(uint64(chunkTime)/perSeed, 1), 8*max(size, n))
}

// lower notes a failure and stops what runs behind it.
func (q *queue) lower(p position) {
	if q.limit == nil {
		time.AfterFunc(lowerGrace, q.stop)
	}
	if q.limit == nil || p.before(*q.limit) {
		q.limit = &p
	}
	for _, c := range q.running {
		if q.limit.before(c.start()) {
			c.cancel()
		}
	}
}

// stop ends the sweep: no more chunks, and those that run are cancelled.
func (q *queue) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stopped = true
	for _, c := range q.running {
		c.cancel()
	}
	q.changed.Broadcast()
}
