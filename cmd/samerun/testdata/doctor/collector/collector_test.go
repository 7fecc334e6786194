package collector

import (
	"runtime"
	"testing"
	"time"
)

// TestCycles sleeps for as many milliseconds as the collector has run.
func TestCycles(t *testing.T) {
	var sink [][]byte
	for range 2000 {
		sink = append(sink[:len(sink)%10], make([]byte, 4096))
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	time.Sleep(time.Duration(m.NumGC) * time.Millisecond)
}
