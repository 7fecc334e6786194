package sim

import (
	"samerun/internal/feature"
	"samerun/internal/wire"
	"samerun/sim/replay"
)

// look makes a run of a guided search.
func (x *tester) look(p *replay.File, q *wire.Request) (*wire.Answer, error) {
	var got *saw
	cfg := ConfigOf(p)
	cfg.Strategy = x.strategyOnce(cfg.Strategy)
	cfg.saw = func(s *saw) { got = s }
	a := x.run(cfg)
	a.cfg.saw = nil
	answer := &wire.Answer{Digest: a.report.Digest, VirtualNS: int64(a.report.Virtual), Events: a.report.Events}
	if got != nil { // else the run stood still
		answer.Saw = x.known.told(got, a.report)
	}
	if q.Save == "" {
		answer.Vacuous, answer.Reached = x.coverage.add(a.report)
		answer.Cover = a.report.cover()
	}
	if a.failure == nil {
		return answer, nil
	}
	f := FailureOf(a.failure)
	answer.Property, answer.Error = f.Property, f.Error
	answer.Signature, _ = ownSignature(a.failure)
	if q.Save == "" {
		return answer, nil
	}
	return answer, x.keep(a, p, q, answer)
}

// known is what the runs of a process have seen.
type known map[feature.Feature]struct{}

// told is what a process tells of a run.
func (k *known) told(s *saw, r *Report) *wire.Saw {
	if *k == nil {
		*k = known{}
	}
	out, isNew := &wire.Saw{Seen: s.seen}, false
	for _, x := range s.seen {
		if _, old := (*k)[x.Feature]; !old {
			(*k)[x.Feature] = struct{}{}
			isNew = true
		}
	}
	if isNew {
		out.Made = madeOf(s, r)
	}
	return out
}

// madeOf is what a run was made of.
func madeOf(s *saw, r *Report) *wire.Made {
	return &wire.Made{Schedule: r.Schedule, Steps: r.Steps, Sizes: r.Sizes, Nodes: r.nodes, Virtual: r.Virtual, Turns: s.turns}
}
