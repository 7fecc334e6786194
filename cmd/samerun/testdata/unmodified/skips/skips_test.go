// Package skips has tests that skip themselves, and one that mostly does.
package skips

import (
	"math/rand/v2"
	"testing"
)

func TestNeverOne(t *testing.T) { t.Skip("not here") }

func TestNeverTwo(t *testing.T) { t.SkipNow() }

func TestSeldom(t *testing.T) {
	if rand.IntN(4) != 0 {
		t.Skip("not today")
	}
}

func TestAlways(t *testing.T) {
	t.Run("sub", func(t *testing.T) { t.Skip("a part of it") })
}
