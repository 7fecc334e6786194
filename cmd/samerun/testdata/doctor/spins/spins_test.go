package spins

import (
	"testing"
	"time"
)

// TestSpins never gives up its turn.
func TestSpins(t *testing.T) {
	time.Sleep(time.Second)
	for x := uint64(1); ; x = 6364136223846793005*x + 1442695040888963407 {
		if x == 0 {
			t.Log(x)
		}
	}
}
