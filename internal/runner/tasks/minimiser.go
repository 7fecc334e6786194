package tasks

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/testproc"
	"samerun/internal/wire"
	"samerun/sched"
	"samerun/sim/fault"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// minimiser makes one saved failure smaller, by runs in several test processes.
type minimiser struct {
	r      *Runner
	pkg    *gocmd.Package
	tell   func(status string)
	replay *replay.File  // the failure, its input spelled out
	limit  time.Duration // real time for one run

	provers chan *testproc.Prover // those that nobody uses
	mu      sync.Mutex
	events  uint64 // of the run at the beginning
}

// newMinimiser returns a minimiser of failures of a package.
func (r *Runner) newMinimiser(pkg *gocmd.Package, tell func(status string)) *minimiser {
	return &minimiser{r: r, pkg: pkg, tell: tell}
}

// smaller is what a minimiser came to.
type smaller struct {
	path   string // of the replay file, in tmp
	words  string // "minimised in 0.9s: 41 faults → 2, 6112 events → 118"
	events uint64 // of the failing run before
	answer *wire.Answer
	result shrink.Result
}

// minimiseReplay looks for a smaller input until nothing is left to take out or ctx is
// done. wall is the real time that the failing run took.
func (m *minimiser) minimiseReplay(ctx context.Context, p *replay.File, wall time.Duration) (*smaller, error) {
	token, err := m.r.token()
	if err != nil {
		return nil, err
	}
	env := []string{wire.Trials + "=" + token, "GOMAXPROCS=1"}
	if _, ok := gocmd.LookupEnv(m.r.by.Environ, "GOGC"); !ok {
		// A run leaves little behind, and thousands of them are made: memory is cheaper
		// than collecting it.
		env = append(env, "GOGC=400")
	}
	m.provers = make(chan *testproc.Prover, m.r.opts.Workers)
	for range m.r.opts.Workers {
		m.provers <- &testproc.Prover{
			Pkg: m.pkg, Test: p.Test, Exec: m.r.build.Exec,
			Environ: gocmd.ChildEnviron(m.r.by.Environ, env...),
		}
	}
	defer func() {
		for range m.r.opts.Workers {
			(<-m.provers).Close()
		}
	}()
	m.replay, m.limit = p, 2*time.Second+runner.Slowest*wall
	first, err := m.ask(p, wire.Request{Probe: true})
	switch {
	case errors.Is(err, testproc.ErrDied), errors.Is(err, testproc.ErrSlow):
		return nil, errors.New("the run ended its process; there is nothing that could be compared")
	case err != nil:
		return nil, err
	case first.Outcome.Verdict() != shrink.Same:
		return nil, fmt.Errorf("it does not fail as recorded any more (%s); see samerun replay", first.Outcome)
	}
	in := first.Probe.Explicit(p.Input())
	m.replay, m.events = p.With(in), first.Events
	var broken error
	try := func(in shrink.Input, limit time.Duration) shrink.Verdict {
		answer, err := m.askFor(m.replay.With(in), wire.Request{}, limit)
		switch {
		case errors.Is(err, testproc.ErrDied):
			return shrink.Other
		case errors.Is(err, testproc.ErrSlow):
			return shrink.Unknown
		case err != nil:
			m.mu.Lock()
			broken = err
			m.mu.Unlock()
			return shrink.Pass
		}
		return answer.Outcome.Verdict()
	}
	r, err := shrink.Minimise(ctx, in, func(in shrink.Input) shrink.Verdict { return try(in, m.limit) }, shrink.Options{
		Prove:   func(in shrink.Input) shrink.Verdict { return try(in, runner.Patience*m.limit) },
		Workers: m.r.opts.Workers, Nodes: first.Probe.Nodes, Reseed: shrink.Reseed, Progress: m.progress,
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
	m.fewerForks(r.Input)
	last, err := m.askFor(m.replay.With(r.Input), wire.Request{Save: filepath.Join(m.r.files.Dir, "smaller"), Beside: r.Passing[:min(1, len(r.Passing))]}, runner.Patience*m.limit)
	switch {
	case errors.Is(err, testproc.ErrSlow):
		return nil, fmt.Errorf("a smaller input was found, and its run could not be ended within %v to prove it", runner.Patience*m.limit)
	case err != nil:
		return nil, err
	case last.Outcome.Verdict() == shrink.Unknown:
		return nil, errors.New("a smaller input was found, and its last run stood still, perhaps because the machine did")
	case last.Outcome.Verdict() != shrink.Same || !last.Repeats:
		return nil, errors.New("the smallest input failed once and not again")
	}
	return &smaller{last.Saved, r.Words(first.Events, last.Events), first.Events, last, r}, nil
}

// fewerForks takes out the forks without which the smallest input fails in the same way.
func (m *minimiser) fewerForks(in shrink.Input) {
	for i := len(m.replay.Forks) - 1; i >= 0; i-- {
		less := *m.replay
		less.Forks = slices.Delete(slices.Clone(less.Forks), i, i+1)
		if answer, err := m.ask(less.With(in), wire.Request{}); err == nil && answer.Outcome.Verdict() == shrink.Same {
			m.replay = &less
		}
	}
}

// fewFaults are what a person can keep in mind.
const fewFaults = 3

// smallest minimises a failure and, while it keeps more faults than a person can keep
// in mind and there is time, others that look alike. It returns the smallest result.
func (m *minimiser) smallest(ctx context.Context, alike []runner.Failure) (best *smaller, err error) {
	for i, f := range alike {
		if f.Replay == "" || i > 0 && ctx.Err() != nil {
			continue
		}
		next, e := m.minimiseFile(ctx, f.Replay, f.Wall)
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

// minimiseFile minimises the failure in a replay file.
func (m *minimiser) minimiseFile(ctx context.Context, file string, wall time.Duration) (*smaller, error) {
	p, err := replay.Read(file)
	if err != nil {
		return nil, err
	}
	return m.minimiseReplay(ctx, p, wall)
}

// ask has a run made by whoever is free.
func (m *minimiser) ask(p *replay.File, q wire.Request) (*wire.Answer, error) {
	return m.askFor(p, q, m.limit)
}

// askFor is ask with another limit of real time.
func (m *minimiser) askFor(p *replay.File, q wire.Request, limit time.Duration) (*wire.Answer, error) {
	var err error
	if q.Replay, err = p.Marshal(); err != nil {
		return nil, err
	}
	v := <-m.provers
	defer func() { m.provers <- v }()
	answer, err := v.Ask(&q, limit)
	if err == nil && answer.Problem != "" {
		return nil, errors.New(answer.Problem)
	}
	return answer, err
}

// probe lists what the run of an input is made of; nothing, if it cannot be made.
func (m *minimiser) probe(in shrink.Input) *wire.Probe {
	answer, err := m.ask(m.replay.With(in), wire.Request{Probe: true})
	if err != nil || answer.Probe == nil {
		return &wire.Probe{}
	}
	return answer.Probe
}

func (m *minimiser) progress(s shrink.Stats) {
	m.tell("minimising: " + s.String())
}
