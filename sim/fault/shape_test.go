package fault

import (
	"math/bits"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/internal/keyed"
)

func TestShapeStaysInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := time.Duration(rapid.Int64Range(0, int64(MaxTime)).Draw(t, "low"))
		high := time.Duration(rapid.Int64Range(0, int64(MaxTime)).Draw(t, "high"))
		k := keyed.Key(rapid.Uint64().Draw(t, "key"))
		for s := Fixed; s <= LongTail; s++ {
			got := s.Draw(k.Uint64(), low, high)
			if got != low && (got < low || got > high) {
				t.Fatalf("%v drew %v from %v to %v", s, got, low, high)
			}
		}
	})
}

// The transforms rise or fall with u, and reach both ends.
func TestTransformsAreMonotonous(t *testing.T) {
	const span = uint64(time.Hour)
	last, lastTail := ^uint64(0), uint64(0)
	for i := range uint64(1 << 16) {
		u := i<<48 | i<<32 | i<<16 | i
		e, l := exponential(u, span), longTail(u, span)
		if e > last || l < lastTail || e > span || l > span {
			t.Fatalf("at %#x: exponential %d after %d, long tail %d after %d", u, e, last, l, lastTail)
		}
		last, lastTail = e, l
	}
	if first := exponential(0, span); first < span-span/1_000_000 {
		t.Errorf("the longest exponential delay is %d of %d", first, span)
	}
	if last > span/1_000_000 || longTail(0, span) != 0 || lastTail < span-span/1_000_000 {
		t.Errorf("the ends are %d; %d to %d of %d", last, longTail(0, span), lastTail, span)
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
	k := keyed.Root(1)
	for i := range uint64(20_000) {
		v := k.With(i).Uint64() >> (i % 60)
		if i < 64 {
			v = 1<<63 | i<<57 // the entries of the table
		}
		if v == 0 {
			continue
		}
		got, want := minusLog2(v), log(v)
		// A straight line between 64 entries is at most 2^-14.4 off, and never below.
		if got+2 < want || got > want+1<<18 {
			t.Fatalf("-log2(%#x) is %d, want %d", v, got, want)
		}
	}
	const thirtySixth = 1 << 64 / 36
	if d := minusLog2(thirtySixth+1) - logCut; int64(d) < -2 || d > 1<<18 && int64(d) > 0 {
		t.Errorf("log2(36) is off by %d", int64(d))
	}
}

// 200,000 draws: the mean and the quantiles are within a hundredth of the span of
// what theory says. Numbers are parts of the span in millionths.
func TestShapesHaveTheirDistributions(t *testing.T) {
	const n, low, span = 200_000, 1000 * time.Second, time.Duration(Million)
	for _, c := range []struct {
		s      Shape
		mean   int64
		within map[int64]int64 // part of the span: how many ppm of the draws are at or below
	}{
		{Uniform, 500_000, map[int64]int64{100_000: 100_000, 900_000: 900_000}},
		// 1-36^-x, over 35/36.
		{Exponential, 250_500, map[int64]int64{100_000: 309_800, 193_400: 514_300, 500_000: 857_100, 900_000: 987_700}},
		// Body: 950,000·16x. Tail: 50,000·(16-1/x)/15 more.
		{LongTail, 38_900, map[int64]int64{31_250: 475_000, 62_500: 950_000, 125_000: 976_700, 500_000: 996_700}},
	} {
		var sum int64
		below := map[int64]int64{}
		k := keyed.Root(3)
		for i := range uint64(n) {
			d := int64(c.s.Draw(k.With(i).Uint64(), low, low+span) - low)
			sum += d
			for part := range c.within {
				if d <= part {
					below[part]++
				}
			}
		}
		if mean := sum / n; mean < c.mean-3000 || mean > c.mean+3000 {
			t.Errorf("%v: the mean is at %d millionths, want %d", c.s, mean, c.mean)
		}
		for part, want := range c.within {
			if got := below[part] * Million / n; got < want-4000 || got > want+4000 {
				t.Errorf("%v: %d ppm are below %d, want %d", c.s, got, part, want)
			}
		}
	}
}

func TestCalmShapes(t *testing.T) {
	for _, c := range []struct {
		s    Shape
		want time.Duration
	}{{Fixed, 0}, {Uniform, 500_000}, {Exponential, 185_832}, {LongTail, 32_894}} {
		if got := c.s.Draw(0, 0, Million); got < c.want-50 || got > c.want+50 {
			t.Errorf("%v: the calm delay is %d, want about %d", c.s, got, c.want)
		}
	}
}

// What a key draws is part of the meaning of a seed (D8).
func TestShapesAreStable(t *testing.T) {
	var d keyed.Digest
	for i := range uint64(1000) {
		for s := Fixed; s <= LongTail; s++ {
			d.Add(uint64(s.Draw(keyed.Root(9).With(i).Uint64(), time.Millisecond, time.Second)))
		}
	}
	if d != 0xadadc115918461be {
		t.Errorf("the digest of the draws is %#x", uint64(d))
	}
}

func BenchmarkShape(b *testing.B) {
	for s := Fixed; s <= LongTail; s++ {
		b.Run(s.String(), func(b *testing.B) {
			k := keyed.Root(1)
			for i := range b.N {
				s.Draw(k.With(uint64(i)).Uint64(), time.Millisecond, time.Second)
			}
		})
	}
}
