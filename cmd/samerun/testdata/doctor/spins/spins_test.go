package spins

import (
	"testing"
	"time"
)

// TestSpins never gives up its turn.
func TestSpins(t *testing.T) {
	time.Sleep(time.Second)
	for n := 0; ; n++ {
		if n < 0 {
			t.Log(n)
		}
	}
}
