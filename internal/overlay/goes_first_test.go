package overlay

import (
	"os"
	"runtime"
	"sync/atomic"
	"testing"
)

// How often a goroutine that has just been started goes before the next step of the one
// that started it, in plain Go on an idle machine:
//
//	SAMERUN_LONG=1 go test -run TestHowOftenTheNewOneGoesFirst -v ./internal/overlay
//
// What it prints is the figure in records.Rarely.
func TestHowOftenTheNewOneGoesFirst(t *testing.T) {
	if os.Getenv("SAMERUN_LONG") == "" {
		t.Skip("a measurement: SAMERUN_LONG=1 makes it")
	}
	const times = 2_000_000
	first := 0
	done := make(chan bool)
	for range times {
		var begun atomic.Bool
		go func() {
			begun.Store(true)
			done <- true
		}()
		if begun.Load() {
			first++
		}
		<-done
	}
	t.Logf("%d of %d times, GOMAXPROCS=%d", first, times, runtime.GOMAXPROCS(0))
}
