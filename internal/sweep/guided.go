package sweep

import (
	"context"
	"fmt"
	"sync"
	"time"

	"samerun/internal/feature"
	"samerun/internal/guide"
	"samerun/internal/runner"
	"samerun/internal/text"
	"samerun/sim/replay"
)

// Guided is how a guided search is made: as many runs of each test as there are seeds, or as
// many as there is time for.
type Guided struct {
	On   bool
	Time time.Duration // for all tests together; 0 is as many runs as seeds
}

// searched is what a guided search of one test has come to.
type searched struct {
	Test    string `json:"test"`
	Runs    uint64 `json:"runs"`
	States  int    `json:"states"`
	Met     int    `json:"sometimes"`
	Orders  int    `json:"orders"`
	Corpus  int    `json:"corpus"`          // entries that were kept in memory
	Read    int    `json:"read"`            // entries of earlier searches
	Stale   int    `json:"stale"`           // those of them that saw nothing that others had not
	Saved   int    `json:"saved"`           // entries that testdata/corpus has of it now
	Unsaved string `json:"error,omitempty"` // why not all are there
	done    bool
}

// words are those of the report.
func (x *searched) words() string {
	w := fmt.Sprintf("%s, %s, %d Sometimes, %s, %s in the corpus", text.Count(x.Runs, "run"), text.Count(x.States, "state"), x.Met, text.Count(x.Orders, "order"), entries(x.Saved))
	if x.Stale > 0 {
		w += fmt.Sprintf(" (%d of the %d that were there see nothing new any more)", x.Stale, x.Read)
	}
	return w
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// RunGuided searches all tests, one after the other, each with all processes. The error
// means that the tool itself cannot go on.
func (s *Sweep) RunGuided(ctx context.Context) error {
	if s.stopEarly() {
		return nil
	}
	jobs, err := s.searches(ctx)
	if err != nil {
		return err
	}
	for i, j := range jobs {
		stop := ctx
		if s.opts.Guided.Time > 0 {
			share := s.opts.Guided.Time / time.Duration(len(jobs))
			//samerun:allow wallclock: how long people are willing to wait
			limited, cancel := context.WithTimeout(ctx, share)
			stop = limited
			defer cancel()
		}
		failed, err := s.search(ctx, stop, j, fmt.Sprintf("test %d of %d", i+1, len(jobs)))
		j.by.EndTries(&j.slot.Target)
		if err != nil {
			return err
		}
		if failed && !s.opts.KeepGoing || ctx.Err() != nil {
			return nil
		}
	}
	return nil
}

// hunt is the search of one test.
type hunt struct {
	at     int // of the slot
	slot   *slot
	by     runner.Guided
	test   string
	corpus []*replay.File
}

// searches lists the tests, and reads what earlier searches have kept: if that cannot be used,
// it is known before the first run.
func (s *Sweep) searches(ctx context.Context) (jobs []*hunt, err error) {
	known := map[string]bool{}
	for i := range s.slots {
		sl := &s.slots[i]
		if sl.Name == "" {
			continue
		}
		by, ok := sl.by.(runner.Guided)
		if !ok {
			return nil, fmt.Errorf("-guided cannot run %s", sl.Label())
		}
		tests, err := by.Tests(ctx, &sl.Target)
		if err != nil {
			return nil, err
		}
		for _, test := range tests {
			j := &hunt{at: i, slot: sl, by: by, test: test}
			base := by.Base(&sl.Target, test)
			if j.corpus, err = readCorpus(sl.Pkg, &base); err != nil {
				return nil, err
			}
			known[sl.Pkg.Dir+"\x00"+test] = true
			jobs = append(jobs, j)
		}
	}
	return jobs, s.tellStrangers(known)
}

// search makes the runs of one test until stop is done, or as many as there are seeds. It
// reports whether one has failed.
func (s *Sweep) search(ctx, stop context.Context, j *hunt, which string) (failed bool, err error) {
	search := guide.New(guide.Options{Base: j.by.Base(&j.slot.Target, j.test), Seeds: s.opts.Seeds, Corpus: j.corpus, Blind: s.opts.Blind})
	for left := s.opts.Seeds.Len(); left > 0 && stop.Err() == nil && !(failed && !s.opts.KeepGoing); {
		n := uint64(guide.Generation)
		if s.opts.Guided.Time == 0 {
			n = min(n, left)
		}
		inputs := search.Next(int(n))
		tried, err := s.generation(ctx, j, inputs)
		if err != nil {
			return failed, err
		}
		var saws []guide.Outcome
		for _, t := range tried {
			j.slot.runs++
			saws = append(saws, t.Saw)
			if err := s.recordTried(j, &t); err != nil {
				return failed, err
			}
			if failed = failed || !t.Outcome.OK; failed && !s.opts.KeepGoing {
				break
			}
		}
		search.Take(saws)
		if s.opts.Guided.Time == 0 {
			left -= uint64(len(inputs))
		}
		s.tellSearch(which, search)
		if len(tried) < len(inputs) {
			break // interrupted
		}
	}
	return failed, s.endSearch(j, search)
}

// generation makes the runs of some inputs, as many at a time as there are workers. If that is
// interrupted it returns the first ones, without gaps.
func (s *Sweep) generation(ctx context.Context, j *hunt, inputs []*replay.File) ([]runner.Tried, error) {
	all := make([]runner.Tried, len(inputs))
	errs := make([]error, len(inputs))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(s.opts.Workers, len(inputs)) {
		wg.Go(func() {
			for i := range next {
				all[i], errs[i] = j.by.Try(ctx, &j.slot.Target, inputs[i])
			}
		})
	}
	for i := range inputs {
		next <- i
	}
	close(next)
	wg.Wait()
	for i := range all {
		if errs[i] != nil {
			return nil, errs[i]
		}
		if all[i].Cancelled {
			return all[:i], nil
		}
	}
	return all, nil
}

// recordTried enters what became of an input.
func (s *Sweep) recordTried(j *hunt, t *runner.Tried) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	sl, o := j.slot, &t.Outcome
	s.progress.done++
	sl.add(&o.Result)
	sl.note(o)
	s.collect(j.at, sl.runs, o, t.Saw.Seen)
	if o.OK {
		sl.done++
	} else {
		sl.bad++
		s.progress.failures++
		g, isNew, _ := s.failures.enter(position{j.at, sl.runs}, *o.Failure)
		if isNew {
			s.keep(g)
			saved := g.first
			o.Failure = &saved
			if s.opts.KeepGoing {
				s.screen.Note(fmt.Sprintf("FAIL  %s  run %d: %s", text.Line(j.test), sl.runs, text.Line(o.Failure.Headline())))
			}
		}
	}
	if s.json == nil {
		return nil
	}
	l := seedLine(&sl.Target, o)
	l.Test, l.Run = j.test, sl.runs
	return s.json.inOrder(j.at, l)
}

// tellSearch is the line of progress.
func (s *Sweep) tellSearch(which string, search *guide.Search) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.searching = fmt.Sprintf("searching, %s: %s, %s, %d Sometimes, %s, %s kept, %s", which, text.Count(search.Runs(), "run"),
		text.Count(search.Count(feature.State), "state"), search.Count(feature.Sometimes), text.Count(search.Count(feature.Order), "order"),
		entries(search.Entries()), text.Count(s.progress.failures, "failure"))
}

// endSearch saves the corpus and notes what the search has come to.
func (s *Sweep) endSearch(j *hunt, search *guide.Search) error {
	x := searched{
		Test: j.test, Runs: search.Runs(), States: search.Count(feature.State), Met: search.Count(feature.Sometimes), Orders: search.Count(feature.Order),
		Corpus: search.Entries(), Read: len(j.corpus), Stale: search.Stale(), done: true,
	}
	if !s.opts.Blind {
		x.save(j, search)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	j.slot.searches = append(j.slot.searches, x)
	if x.Unsaved != "" {
		s.screen.Note(fmt.Sprintf("the corpus of %s was not saved: %s", text.Line(j.test), text.Line(x.Unsaved)))
	}
	return nil
}
