package fault

import (
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
