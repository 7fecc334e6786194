package sim

import (
	"io"

	"samerun/internal/tracefile"
)

// Decision and Watch are for tests outside of the package.
type Decision = decision

// Watch lets f know what the faults of a run decide.
func Watch(cfg *Config, f func(Decision)) { cfg.decided = f }

// TraceRun makes a run and writes its trace, and returns how many events it has.
func TraceRun(cfg Config, fn func(w *World), to io.Writer) (*Report, int, error) {
	t := tracer{s: new(tracefile.Stream)}
	cfg.Trace, cfg.asides = t.keep, true
	r := Run(cfg, fn)
	t.s.Order(t.lanes())
	return r, t.s.Len(), t.s.Write(to, tracefile.Header{Seed: r.Seed, Digest: r.Digest, Virtual: int64(r.Virtual)})
}
