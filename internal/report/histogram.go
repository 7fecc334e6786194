package report

import "math/bits"

// histogram counts values in bins, four for each power of two: times of runs differ by factors.
type histogram struct {
	first int // number of the first bin
	bins  []int
}

// histogramOf counts values; those that are not positive are left out.
func histogramOf(values []int64) (h histogram) {
	count := map[int]int{}
	low, high := 1<<30, -1
	for _, v := range values {
		if v <= 0 {
			continue
		}
		b := binOf(v)
		count[b]++
		low, high = min(low, b), max(high, b)
	}
	if high < 0 {
		return histogram{}
	}
	h.first = low
	for b := low; b <= high; b++ {
		h.bins = append(h.bins, count[b])
	}
	return h
}

// binOf is the number of a value's bin.
func binOf(v int64) int {
	e := bits.Len64(uint64(v))
	if e <= 2 {
		return 4 * e
	}
	return 4*e + int(v>>(e-3))&3
}

// boundOf is the lowest value of a bin.
func boundOf(bin int) int64 {
	e, quarter := bin/4, int64(bin%4)
	if e <= 2 {
		return int64(1) << max(e-1, 0)
	}
	return (4 + quarter) << (e - 3)
}
