// Package shape is how delays spread between a shortest and a longest one, in whole numbers, so
// that every CPU agrees: package net gets it from internal/overlay/bundle, and
// samerun/sim/fault computes its shapes here.
package shape

import "math/bits"

// shapeCut is log2(36) in 32 fractional bits. An exponential distribution that is
// cut where its density has fallen to 1/36 has its mean, within 0.2 %, a quarter
// of the way to the cut.
const shapeCut = 22204658804

// Exponential is the inverse transform: span·log(1/v)/log(36) for v uniform in
// (1/36, 1). u is uniform in 64 bits.
func Exponential(u, span uint64) uint64 {
	const floor = 1<<64/36 + 1
	hi, _ := bits.Mul64(u, 1<<64-floor)
	return Scale(span, min(shapeLog(floor+hi), shapeCut), shapeCut)
}

// shapeLog returns -log2(v/2^64) in 32 fractional bits, for v > 0: the leading
// zeros give the whole part, a table and a straight line between its entries the
// fraction, to 5 digits.
func shapeLog(v uint64) uint64 {
	zeros := bits.LeadingZeros64(v)
	mantissa := v << zeros
	i := mantissa >> 57 & 63
	between := mantissa >> 25 & (1<<32 - 1)
	low, next := uint64(shapeTable[i]), uint64(1<<32)
	if i < 63 {
		next = uint64(shapeTable[i+1])
	}
	return uint64(zeros+1)<<32 - (low + (next-low)*between>>32)
}

// LongTail takes the first 95 % of u for the body and the rest for the tail.
func LongTail(u, span uint64) uint64 {
	const body = 1 << 32 / 100 * 95
	head := span / 16
	p := u >> 32
	if p < body {
		return Scale(head, p, body)
	}
	// With r in [0, 1) the delay span/(16-15r) has a chance that falls with its
	// square. r is what is left of p, together with the low half of u.
	r := Scale((p-body)<<32|u&(1<<32-1), 1, 1<<32-body)
	return Scale(span, 1<<32, 16<<32-15*r)
}

// Scale returns a·b/c, and the largest number if that is too small for it.
func Scale(a, b, c uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	if hi >= c {
		return 1<<64 - 1
	}
	q, _ := bits.Div64(hi, lo, c)
	return q
}

// shapeTable[i] is log2(1 + i/64) in 32 fractional bits.
var shapeTable = [64]uint32{
	0x0, 0x5b9e5a1, 0xb5d69bb, 0x10eb38a0, 0x1663f6fb, 0x1bc84241, 0x2118b11a, 0x2655d3c5,
	0x2b803474, 0x309857a0, 0x359ebc5b, 0x3a93dc98, 0x3f782d72, 0x444c1f6b, 0x49101eac, 0x4dc4933b,
	0x5269e12f, 0x570068e8, 0x5b888736, 0x6002958c, 0x646eea24, 0x68cdd82a, 0x6d1fafdd, 0x7164beb5,
	0x759d4f81, 0x79c9aa88, 0x7dea15a3, 0x81fed45d, 0x86082807, 0x8a064fd5, 0x8df988f5, 0x91e20ea1,
	0x95c01a3a, 0x9993e356, 0x9d5d9fd5, 0xa11d83f5, 0xa4d3c25e, 0xa8808c38, 0xac241135, 0xafbe7fa1,
	0xb3500472, 0xb6d8cb54, 0xba58feb2, 0xbdd0c7ca, 0xc1404eae, 0xc4a7ba58, 0xc80730b0, 0xcb5ed695,
	0xceaecfeb, 0xd1f73f9c, 0xd53847ac, 0xd8720936, 0xdba4a47b, 0xded038e6, 0xe1f4e517, 0xe512c6e5,
	0xe829fb69, 0xeb3a9f02, 0xee44cd5a, 0xf148a170, 0xf446359b, 0xf73da38e, 0xfa2f045e, 0xfd1a708c,
}
