package sim

import (
	"fmt"
	"slices"
	"strings"

	"samerun/internal/neighbour"
	"samerun/internal/story"
	"samerun/internal/text"
	"samerun/internal/tracefile"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// neighbour makes the run of an input that has one thing less than a failing one and passes, and
// says where the failing one, whose events are known, parts from it. It is one more run, with its
// records.
func (x *tester) neighbour(a *attempt, events *tracer, p *replay.File, n *shrink.Neighbour) *story.Neighbour {
	cfg := ConfigOf(p.With(n.Input))
	var others tracer
	cfg.Trace = others.keep
	b := x.run(cfg)
	if b.failure != nil || events.over || others.over {
		return nil
	}
	return neighbour.Tell(events.of(a), others.of(b), lessInWords(a.report, n))
}

// of is the trace of an attempt.
func (x *tracer) of(a *attempt) *tracefile.Trace {
	h := tracefile.Header{Virtual: int64(a.report.Virtual)}
	if a.failure != nil {
		h.Failure = text.FirstLine(a.failure.Error())
	}
	return x.b.Trace(h)
}

// lessInWords says what an input has less than that of a run.
func lessInWords(r *Report, n *shrink.Neighbour) string {
	switch {
	case n.Fault != nil:
		return "the fault " + strings.Join(strings.Fields(n.Fault.String()), " ")
	case n.Step != nil:
		return fmt.Sprintf("step %d of %s", n.Step.N, n.Step.Of)
	}
	if i := slices.Index(r.Deviations, *n.Deviation); i >= 0 {
		if words := r.inWords(i); words != "" {
			return "the deviation " + words
		}
	}
	return "one of the deviations"
}
