package ccode

import (
	"testing"
	"time"
)

// TestClock waits for as long as C code says.
func TestClock(t *testing.T) { time.Sleep(hundredths() % 1000 * time.Millisecond) }
