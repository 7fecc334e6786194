// Package keyed is the randomness of samerun: every decision is drawn from a
// hash of (seed, what, who, n-th) and never from a shared stream, so that
// taking one fault or one node out of a run leaves every other decision as it
// was (rule D4 of the design).
//
// A Key is such a hash under construction. It is a value: With returns a new
// one and draws nothing.
//
//	lost := keyed.Root(seed).Str("loss").With(link).With(nth).Chance(100_000) // 10 %
//
// No floating point takes part: probabilities are whole parts per million, and
// ranges are cut by a 128-bit product, so that every CPU agrees.
//
// The hash itself is pick.Key: package pick decides who runs next, in ordinary Go
// too, where it is copied into the runtime and can import nothing.
package keyed

import "samerun/internal/pick"

// Million is the whole of a probability: parts per million.
const Million = 1_000_000

// Key is a hash of everything that a decision depends on.
//
// Invariant: the zero Key is calm and stays calm: With and Str return zero,
// Chance answers false and Below the middle. Seed 0 has the calm root, which is
// how the noise of a run at seed 0 is neutral everywhere at once.
type Key uint64

// Root returns the key from which all decisions of a run are drawn. Root(0) is
// the calm key.
func Root(seed uint64) Key {
	return Key(pick.RootKey(seed))
}

// Ident returns a key for naming things rather than for deciding: it does not
// depend on the seed and is never calm. The same words give the same identity
// in every run.
func Ident(kind string) Key { return Key(pick.IdentKey(kind)) }

// With mixes one more number into the key.
func (k Key) With(n uint64) Key { return Key(pick.Key(k).With(n)) }

// Str mixes a string into the key, eight bytes at a time, its length last.
func (k Key) Str(s string) Key { return Key(pick.Key(k).Str(s)) }

// Uint64 returns the key as 64 well-mixed bits; 0 when calm.
func (k Key) Uint64() uint64 { return uint64(k) }

// Below returns a uniform number in [0, n), and n/2 when calm. Below(0) is 0.
func (k Key) Below(n uint64) uint64 { return pick.Key(k).Below(n) }

// Between returns a uniform number in [lo, hi], both included, and the middle
// when calm. If hi < lo the answer is lo.
func (k Key) Between(lo, hi int64) int64 {
	if hi <= lo {
		return lo
	}
	return lo + int64(k.Below(uint64(hi-lo)+1))
}

// Chance answers true ppm times in a million, and false when calm; unless ppm is
// a million or more, which leaves nothing to chance.
func (k Key) Chance(ppm int64) bool {
	switch {
	case ppm >= Million:
		return true
	case k == 0 || ppm <= 0:
		return false
	}
	return k.Below(Million) < uint64(ppm)
}
