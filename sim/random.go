package sim

import (
	"math/rand/v2"

	"samerun/internal/keyed"
)

// random returns a generator of its own for who, in a run with forks one that begins anew at
// each of them.
func (w *World) random(who keyed.Key) *rand.Rand {
	if len(w.cfg.Forks) == 0 {
		return keyed.Rand(w.cfg.Seed, who)
	}
	f := &forkingSource{w: w, who: who}
	f.begin(w.s.Seed())
	return rand.New(f)
}

// forkingSource is keyed.Rand of the seed that decides at present.
type forkingSource struct {
	w    *World
	who  keyed.Key
	seed uint64
	from *rand.Rand
}

func (f *forkingSource) begin(seed uint64) { f.seed, f.from = seed, keyed.Rand(seed, f.who) }

// Uint64 is a word of the generator.
func (f *forkingSource) Uint64() uint64 {
	if seed := f.w.s.Seed(); seed != f.seed {
		f.begin(seed)
	}
	return f.from.Uint64()
}
