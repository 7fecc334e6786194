package sched

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// The number of orders is that which one finds by making them all.
func TestExtensionsAreCounted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 8).Draw(rt, "turns")
		past := make([]set, n)
		for i := range past {
			for k := range i {
				if rapid.IntRange(0, 3).Draw(rt, "before") == 0 {
					past[i].join(past[k])
					past[i].add(k)
				}
			}
		}
		c := counter{allSteps}
		if got, exact := c.extensions(past); !exact || got.Cmp(big.NewInt(bruteExtensions(past))) != 0 {
			rt.Fatalf("%v: %v orders, exact %v, want %d", past, got, exact, bruteExtensions(past))
		}
	})
}

func bruteExtensions(past []set) int64 {
	var count func(done set, left int) int64
	count = func(done set, left int) (sum int64) {
		if left == 0 {
			return 1
		}
		for i := range past {
			rest := true // all of its past is done
			for k := range i {
				rest = rest && (!past[i].has(k) || done.has(k))
			}
			if rest && !done.has(i) {
				next := append(set(nil), done...)
				next.add(i)
				sum += count(next, left-1)
			}
		}
		return sum
	}
	return count(nil, len(past))
}

// What is too much work is counted from below.
func TestExtensionsAreGivenUp(t *testing.T) {
	// Each turn of one half comes after two of the other, in a ring: nothing can be taken apart.
	ring := func(n int) []set {
		past := make([]set, 2*n)
		for i := range n {
			past[n+i].add(i)
			past[n+i].add((i + 1) % n)
		}
		return past
	}
	c := counter{allSteps}
	if n, exact := c.extensions(ring(4)); !exact || n.Int64() != bruteExtensions(ring(4)) {
		t.Errorf("%v orders of a ring, exact %v", n, exact)
	}
	for _, n := range []int{20, 40} {
		if got, exact := c.extensions(ring(n)); exact || got.Sign() <= 0 {
			t.Errorf("%v orders of a ring of %d, exact %v", got, n, exact)
		}
	}
	for c.budget > 0 {
		c.extensions(ring(20))
	}
	if _, exact := c.extensions(ring(4)); exact {
		t.Error("the budget has no end")
	}
	if n, exact := c.extensions(make([]set, 200)); !exact || n.Cmp(new(big.Int).MulRange(1, 200)) != 0 {
		t.Errorf("%v orders of turns that are alone, exact %v", n, exact)
	}
}
