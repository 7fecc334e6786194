package shape

import (
	"math/bits"
	"testing"

	"samerun/internal/overlay/leaf/mix"
)

// The transforms rise or fall with u, and reach both ends.
func TestTransformsAreMonotonous(t *testing.T) {
	const span = uint64(3600e9)
	last, lastTail := ^uint64(0), uint64(0)
	for i := range uint64(1 << 16) {
		u := i<<48 | i<<32 | i<<16 | i
		e, l := Exponential(u, span), LongTail(u, span)
		if e > last || l < lastTail || e > span || l > span {
			t.Fatalf("at %#x: exponential %d after %d, long tail %d after %d", u, e, last, l, lastTail)
		}
		last, lastTail = e, l
	}
	if first := Exponential(0, span); first < span-span/1_000_000 {
		t.Errorf("the longest exponential delay is %d of %d", first, span)
	}
	if last > span/1_000_000 || LongTail(0, span) != 0 || lastTail < span-span/1_000_000 {
		t.Errorf("the ends are %d; %d to %d of %d", last, LongTail(0, span), lastTail, span)
	}
}

// The table against the logarithm by repeated squaring: each squaring doubles the
// logarithm, and its carry is the next digit.
func TestLogarithmAgainstSquaring(t *testing.T) {
	log := func(v uint64) uint64 {
		zeros := bits.LeadingZeros64(v)
		m, digits := v<<zeros, uint64(0)
		for range 32 {
			hi, lo := bits.Mul64(m, m)
			digits <<= 1
			if hi>>63 == 1 {
				digits++
				m = hi
			} else {
				m = hi<<1 | lo>>63
			}
		}
		return uint64(zeros+1)<<32 - digits
	}
	for i := range uint64(20_000) {
		v := mix.Mix(1, i) >> (i % 60)
		if i < 64 {
			v = 1<<63 | i<<57 // the entries of the table
		}
		if v == 0 {
			continue
		}
		got, want := shapeLog(v), log(v)
		// A straight line between 64 entries is at most 2^-14.4 off, and never below.
		if got+2 < want || got > want+1<<18 {
			t.Fatalf("-log2(%#x) is %d, want %d", v, got, want)
		}
	}
	const thirtySixth = 1 << 64 / 36
	if d := shapeLog(thirtySixth+1) - shapeCut; int64(d) < -2 || d > 1<<18 && int64(d) > 0 {
		t.Errorf("log2(36) is off by %d", int64(d))
	}
}
