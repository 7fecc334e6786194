package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"samerun/internal/trial"
	"samerun/sched"
	"samerun/sim"
	"samerun/sim/fault"
	"samerun/sim/shrink"
)

// minimiser makes one saved failure smaller, by runs in several test processes.
type minimiser struct {
	app     *app
	opts    *testOptions
	pkg     *testPackage
	tmp     string // where the result is written
	workers int
	replay  *sim.Replay   // the failure, its input spelled out
	limit   time.Duration // real time for one run

	provers chan *prover // those that nobody uses
	mu      sync.Mutex
	events  uint64 // of the run at the beginning
	stats   shrink.Stats
}

// smaller is what a minimiser came to.
type smaller struct {
	path   string // of the replay file, in tmp
	words  string // "minimised in 0.9s: 41 faults → 2, 6112 events → 118"
	events uint64 // of the failing run before
	answer *trial.Answer
	result shrink.Result
}

// slowest is how much longer than the failing run a smaller one may take, and
// patience how much longer than that a run that proves something may take.
const (
	slowest  = 20
	patience = 10
)

// minimise looks for a smaller input until nothing is left to take out or ctx is
// done. wall is the real time that the failing run took.
func (m *minimiser) minimise(ctx context.Context, p *sim.Replay, wall time.Duration) (*smaller, error) {
	env := []string{trial.Variable + "=1", "GOMAXPROCS=1"}
	if _, ok := lookupEnv(m.app.environ, "GOGC"); !ok {
		// A run leaves little behind, and thousands of them are made: memory is cheaper
		// than collecting it.
		env = append(env, "GOGC=400")
	}
	m.provers = make(chan *prover, m.workers)
	for range m.workers {
		m.provers <- &prover{
			pkg: m.pkg, test: p.Test, exec: m.opts.exec,
			environ: childEnviron(m.app.environ, env...),
		}
	}
	defer func() {
		for range m.workers {
			(<-m.provers).close()
		}
	}()
	m.replay, m.limit = p, 2*time.Second+slowest*wall
	first, err := m.ask(p, trial.Request{Probe: true})
	switch {
	case errors.Is(err, errDied), errors.Is(err, errSlow):
		return nil, errors.New("the run ended its process; there is nothing that could be compared")
	case err != nil:
		return nil, err
	case first.Verdict() != shrink.Same:
		return nil, fmt.Errorf("it does not fail as recorded any more (%s); see samerun replay", first.Outcome)
	}
	in := first.Probe.Explicit(p.Input())
	m.replay, m.events = p.With(in), first.Events
	var broken error
	try := func(in shrink.Input, limit time.Duration) shrink.Verdict {
		answer, err := m.askFor(m.replay.With(in), trial.Request{}, limit)
		switch {
		case errors.Is(err, errDied):
			return shrink.Other
		case errors.Is(err, errSlow):
			return shrink.Unknown
		case err != nil:
			m.mu.Lock()
			broken = err
			m.mu.Unlock()
			return shrink.Pass
		}
		return answer.Verdict()
	}
	r, err := shrink.Minimise(ctx, in, func(in shrink.Input) shrink.Verdict { return try(in, m.limit) }, shrink.Options{
		Prove:   func(in shrink.Input) shrink.Verdict { return try(in, patience*m.limit) },
		Workers: m.workers, Nodes: first.Probe.Nodes, Reseed: sim.Reseed, Progress: m.progress,
		Mishaps: func(in shrink.Input) []fault.Fault { return m.probe(in).Mishaps.Faults },
		Hits:    func(in shrink.Input) []shrink.Hit { return m.probe(in).Hits },
		Record:  func(in shrink.Input) []sched.Deviation { return m.probe(in).Deviations },
	})
	if broken != nil {
		return nil, broken
	}
	if err != nil {
		return nil, err
	}
	last, err := m.askFor(m.replay.With(r.Input), trial.Request{Save: filepath.Join(m.tmp, "smaller")}, patience*m.limit)
	switch {
	case errors.Is(err, errSlow):
		return nil, fmt.Errorf("a smaller input was found, and its run could not be ended within %v to prove it", patience*m.limit)
	case err != nil:
		return nil, err
	case last.Verdict() == shrink.Unknown:
		return nil, errors.New("a smaller input was found, and its last run stood still, perhaps because the machine did")
	case last.Verdict() != shrink.Same || !last.Repeats:
		return nil, errors.New("the smallest input failed once and not again")
	}
	return &smaller{last.Saved, sim.Shrunk(r, first.Events, last.Events), first.Events, last, r}, nil
}

// fewFaults are what a person can keep in mind.
const fewFaults = 3

// smallest minimises a failure and, while it keeps more faults than a person can keep
// in mind and there is time, others that look alike. It returns the smallest result.
func (m *minimiser) smallest(ctx context.Context, alike []failure) (best *smaller, err error) {
	for i, f := range alike {
		if f.replay == "" || i > 0 && ctx.Err() != nil {
			continue
		}
		next, e := m.run(ctx, f.replay, f.wall)
		switch {
		case e != nil && i == 0:
			err = e
		case e != nil:
		case best == nil || next.result.Stats.After.Faults < best.result.Stats.After.Faults:
			best, err = next, nil
		}
		if best != nil && best.result.Stats.After.Faults <= fewFaults {
			break
		}
	}
	return best, err
}

// run minimises the failure in a replay file.
func (m *minimiser) run(ctx context.Context, file string, wall time.Duration) (*smaller, error) {
	p, err := sim.ReadReplay(file)
	if err != nil {
		return nil, err
	}
	return m.minimise(ctx, p, wall)
}

// ask has a run made by whoever is free.
func (m *minimiser) ask(p *sim.Replay, q trial.Request) (*trial.Answer, error) {
	return m.askFor(p, q, m.limit)
}

// askFor is ask with another limit of real time.
func (m *minimiser) askFor(p *sim.Replay, q trial.Request, limit time.Duration) (*trial.Answer, error) {
	var err error
	if q.Replay, err = p.Marshal(); err != nil {
		return nil, err
	}
	v := <-m.provers
	defer func() { m.provers <- v }()
	answer, err := v.ask(&q, limit)
	if err == nil && answer.Problem != "" {
		return nil, errors.New(answer.Problem)
	}
	return answer, err
}

// probe lists what the run of an input is made of; nothing, if it cannot be made.
func (m *minimiser) probe(in shrink.Input) *trial.Probe {
	answer, err := m.ask(m.replay.With(in), trial.Request{Probe: true})
	if err != nil || answer.Probe == nil {
		return &trial.Probe{}
	}
	return answer.Probe
}

func (m *minimiser) progress(s shrink.Stats) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stats = s
}

// status is how far it is, in one line.
func (m *minimiser) status() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stats.Tries == 0 {
		return "minimising"
	}
	return "minimising: " + m.stats.String()
}
