package shrink

import (
	"math"
	"time"
)

// scale is the numbers of one roundness that are not negative, in ascending
// order: those of at most so many digits, or the multiples of a unit. Which it is
// says the field that is set.
type scale struct {
	digits int64
	unit   int64
}

// scales are the ones on which a size is looked for, the roundest first. The last
// has n itself.
func scalesOf(n int64) []scale {
	list := []scale{{digits: 1}, {digits: 2}, {digits: 3}}
	if d := digits(n); d > 3 {
		list = append(list, scale{digits: d})
	}
	return list
}

// axis are the scales on which a point in time is looked for.
func axis() []scale {
	return []scale{
		{unit: int64(tenth)}, {unit: int64(10 * time.Millisecond)}, {unit: int64(time.Millisecond)},
		{unit: int64(time.Microsecond)}, {unit: 1},
	}
}

// has reports whether n is on the scale.
func (s scale) has(n int64) bool {
	if s.unit > 0 {
		return n%s.unit == 0
	}
	return digits(n) <= s.digits
}

// floor returns the place of the largest number of the scale that is at most n.
// Place 0 holds the number 0 if the scale has units, else the first one of so
// many digits (10 on the scale of two); the place of anything less is 0 as well.
func (s scale) floor(n int64) int64 {
	if s.unit > 0 {
		return n / s.unit
	}
	low := power(s.digits - 1)
	if n < low {
		return 0
	}
	zeros := int64(0)
	for n >= 10*low {
		n /= 10
		zeros++
	}
	return zeros*9*low + n - low
}

// at returns the number at a place. Beyond the largest int64 it is that.
func (s scale) at(place int64) int64 {
	if s.unit > 0 {
		return product(place, s.unit)
	}
	low := power(s.digits - 1)
	return product(low+place%(9*low), power(place/(9*low)))
}

// power returns ten to the n, or the largest int64.
func power(n int64) int64 {
	p := int64(1)
	for range min(n, 19) {
		p = product(p, 10)
	}
	return p
}

// product returns a times b, neither negative, or the largest int64.
func product(a, b int64) int64 {
	if b != 0 && a > math.MaxInt64/b {
		return math.MaxInt64
	}
	return a * b
}
