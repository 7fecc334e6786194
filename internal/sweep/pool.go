package sweep

import (
	"context"
	"sync"
)

// Run makes the runs that the options ask for.
func (s *Sweep) Run(ctx context.Context) error {
	defer s.markRan()
	if s.opts.Guided.On {
		return s.RunGuided(ctx)
	}
	return s.RunSeeds(ctx)
}

// markRan notes how long the runs took: what is made of failures then is not theirs.
func (s *Sweep) markRan() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ran = s.progress.now().Sub(s.progress.began)
}

// RunSeeds runs all seeds of all tests on as many processes as the options say.
// The error means that the tool itself cannot go on.
func (s *Sweep) RunSeeds(ctx context.Context) error {
	if s.stopEarly() {
		return nil
	}
	q := newQueue(s.seedSets(), s.opts.Workers, s.opts.KeepGoing)
	defer context.AfterFunc(ctx, q.stop)()

	var once sync.Once
	var fatal error
	fail := func(err error) {
		once.Do(func() { fatal = err })
		q.stop()
	}
	var wg sync.WaitGroup
	for range s.opts.Workers {
		wg.Go(func() {
			for c := q.next(ctx); c != nil; c = q.next(ctx) {
				sl := &s.slots[c.test]
				r, err := sl.by.Run(c.ctx, &sl.Target, c.seeds)
				if err != nil {
					fail(err)
				}
				if err := s.record(c.test, &r); err != nil {
					fail(err)
				}
				q.finish(c, &r)
			}
		})
	}
	wg.Wait()
	return fatal
}
