package main

import (
	"context"
	"sync"
)

// runSeeds runs all seeds of all tests on as many processes as the options say.
// The error means that the tool itself cannot go on.
func (s *sweep) runSeeds(ctx context.Context) error {
	if s.stopEarly() {
		return nil
	}
	q := newQueue(s.seedSets(), s.opts.workers, s.opts.keepGoing)
	defer context.AfterFunc(ctx, q.stop)()

	var once sync.Once
	var fatal error
	fail := func(err error) {
		once.Do(func() { fatal = err })
		q.stop()
	}
	var wg sync.WaitGroup
	for range s.opts.workers {
		wg.Go(func() {
			for c := q.next(ctx); c != nil; c = q.next(ctx) {
				sl := &s.slots[c.test]
				r, err := sl.by.run(c.ctx, &sl.target, c.seeds)
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
