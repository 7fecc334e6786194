package shrink

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"
)

// engine tries candidates, some at a time, and remembers the verdicts. It is what
// keeps the result independent of timing: who asks gets the first candidate of
// an ordered list that fails, and whatever was tried beyond that one on an idle
// worker is only remembered.
//
// Invariants: running is the number of goroutines that will yet send to results,
// at most workers. All fields belong to the goroutine that called Minimise.
type engine struct {
	ctx      context.Context
	try      func(Input) Verdict
	workers  int
	progress func(Stats)

	known   map[identity]*trial
	results chan outcome
	running int

	stopped error // why the search was cut short
	failure error // what is wrong with try
	cut     int   // tries that said Unknown
	stats   Stats
	begun   time.Time // the search
	entered time.Time // the phase
}

// trial is a candidate that was given to try. Once done, it has its verdict.
type trial struct {
	verdict Verdict
	done    bool
}

// outcome is what a goroutine that tried sends back.
type outcome struct {
	of      *trial
	phase   Phase
	verdict Verdict
	failure error
}

func newEngine(ctx context.Context, try func(Input) Verdict, workers int, progress func(Stats)) *engine {
	now := time.Now() //samerun:allow wallclock: the statistics tell people how long it took
	return &engine{
		ctx: ctx, try: try, workers: workers, progress: progress,
		known: make(map[identity]*trial), results: make(chan outcome, workers),
		begun: now, entered: now,
	}
}

// over reports whether no more tries are wanted.
func (e *engine) over() bool {
	if e.stopped == nil && e.ctx.Err() != nil {
		e.stopped = context.Cause(e.ctx)
	}
	return e.stopped != nil || e.failure != nil
}

// first returns the index of the first of count candidates that fails, or -1 if
// none does or the search is over. Those for which at answers false count as
// passing. at is called in order, perhaps beyond the answer, and must be pure.
func (e *engine) first(count int, at func(i int) (candidate, bool)) int {
	var ahead []*trial // of the candidates looked at, in order
	for i := range count {
		for {
			if e.over() {
				return -1
			}
			for len(ahead) < count && e.running < e.workers && !slices.ContainsFunc(ahead[i:], (*trial).same) {
				if c, ok := at(len(ahead)); ok {
					ahead = append(ahead, e.start(c))
				} else {
					ahead = append(ahead, &trial{done: true})
				}
				if ahead[len(ahead)-1].done && len(ahead)-1 == i {
					break // no need to look further before it is looked at
				}
			}
			if len(ahead) > i && ahead[i].done {
				break
			}
			e.wait()
		}
		if ahead[i].same() {
			return i
		}
	}
	return -1
}

func (t *trial) same() bool { return t.done && t.verdict == Same }

// idle reports whether a worker has nothing to do.
func (e *engine) idle() bool { return e.running < e.workers && !e.over() }

// start begins a try, unless the candidate was tried before. There must be an
// idle worker.
func (e *engine) start(c candidate) *trial {
	id := c.identity()
	if t, ok := e.known[id]; ok {
		e.stats.Known++
		return t
	}
	t := &trial{}
	e.known[id] = t
	e.launch(t, c.input(), e.try)
	return t
}

func (e *engine) launch(t *trial, in Input, try func(Input) Verdict) {
	e.running++
	o := outcome{of: t, phase: e.stats.Phase}
	//samerun:allow goroutine: whole runs side by side; their order decides nothing (see first)
	go func() {
		o.failure = errors.New("the function that tries an input ended its goroutine (t.FailNow does that); let it return a verdict")
		defer func() {
			if p := recover(); p != nil {
				o.failure = fmt.Errorf("the function that tries an input panicked: %v\n%s", p, debug.Stack())
			}
			e.results <- o
		}()
		o.verdict = try(in)
		o.failure = nil
	}()
}

// wait waits until a try has ended or the search is over.
func (e *engine) wait() {
	//samerun:allow goroutine: either case may come first, and only a deadline can change the result
	select {
	case o := <-e.results:
		e.finish(o)
	case <-e.ctx.Done():
	}
}

func (e *engine) finish(o outcome) {
	e.running--
	o.of.verdict, o.of.done = o.verdict, true
	if e.failure == nil {
		e.failure = o.failure
	}
	e.stats.Tries++
	e.stats.Phases[o.phase].Tries++
	switch o.verdict {
	case Same:
		e.stats.Same++
	case Other:
		e.stats.Other++
	case Unknown:
		e.cut++
	}
	if e.progress != nil {
		e.progress(e.snapshot())
	}
}

// close waits for the tries that are running. What they say is only counted.
func (e *engine) close() {
	for e.running > 0 {
		e.finish(<-e.results)
	}
}

// verify tries the best once more, deadline or not.
func (m *minimiser) verify() Verdict {
	m.enter(Verification)
	prove := m.options.Prove
	if prove == nil {
		prove = m.try
	}
	t := &trial{}
	m.launch(t, m.best.input(), prove)
	m.close()
	return t.verdict
}

// enter begins another phase.
func (e *engine) enter(p Phase) {
	e.snapshot()
	e.stats.Phase = p
}

// snapshot returns the statistics up to now.
func (e *engine) snapshot() Stats {
	now := time.Now() //samerun:allow wallclock: the statistics tell people how long it took
	e.stats.Phases[e.stats.Phase].Time += now.Sub(e.entered)
	e.entered = now
	e.stats.Time = now.Sub(e.begun)
	return e.stats
}
