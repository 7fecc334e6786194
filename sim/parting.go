package sim

import "samerun/internal/story"

// Two runs of one input that should be the same and are not part somewhere. The
// digest tells that they do; here both are run with their traces, and the first place
// is told at which these differ.

// tracked is a trace of which each record is kept as a line, with the digest of the
// run up to it: two runs may have gone different ways and left the same records.
type tracked struct {
	lines   []string
	digests []string
}

// mostTracked is how many records of a run are kept, and mostRepeats how many runs
// are compared with the first before they are taken for the same.
const (
	mostTracked = 300_000
	mostRepeats = 4
)

func (t *tracked) keep(r Record, digest string) {
	if len(t.lines) < mostTracked {
		t.lines = append(t.lines, r.String())
		t.digests = append(t.digests, digest)
	}
}

// parting looks for two runs of a configuration that differ, and says where. It is
// nil if none are found that do: then the run before was the only one of its kind, as
// what only the first run of a process does makes it.
func (x *tester) parting(cfg Config) *story.Parting {
	one, first := x.tracked(cfg)
	for range mostRepeats {
		other, second := x.tracked(cfg)
		if stalled(first) || stalled(second) {
			return nil
		}
		if first.Digest != second.Digest {
			return one.part(other)
		}
	}
	return nil
}

func (x *tester) tracked(cfg Config) (*tracked, *Report) {
	t := &tracked{}
	cfg.Trace, cfg.tracked = nil, t.keep
	_, r := x.exec(cfg)
	return t, r
}

// part says where two traces part.
func (t *tracked) part(other *tracked) *story.Parting {
	n := 0
	for n < min(len(t.digests), len(other.digests)) && t.digests[n] == other.digests[n] {
		n++
	}
	p := &story.Parting{Record: n + 1, One: t.line(n), Other: other.line(n)}
	if n > 0 {
		p.Before = t.line(n - 1)
	}
	return p
}

// line is a record, or nothing if the trace has no more.
func (t *tracked) line(i int) string {
	if i < len(t.lines) {
		return t.lines[i]
	}
	return ""
}
