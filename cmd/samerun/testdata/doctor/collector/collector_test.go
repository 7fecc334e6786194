package collector

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// TestFinalizer sleeps for as many milliseconds as finalizers have run.
func TestFinalizer(t *testing.T) {
	var dead atomic.Int64
	var sink [][]byte
	for range 2000 {
		box := new([512]byte)
		runtime.SetFinalizer(box, func(*[512]byte) { dead.Add(1) })
		sink = append(sink[:len(sink)%10], make([]byte, 4096))
	}
	time.Sleep(time.Duration(dead.Load()) * time.Millisecond)
}
