// Package fixture has code to break, and tests that notice some of it.
package fixture

// Clamp returns n, but at least low and at most high.
func Clamp(n, low, high int) int {
	if n < low {
		return low
	}
	if n > high {
		return high
	}
	return n
}

// Count counts down from n to 0 and returns how many steps that took.
func Count(n int) int {
	steps := 0
	for n > 0 {
		n--
		steps++
	}
	return steps
}
