package spin

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"
)

// What the runtime does for a goroutine is the same while that goes by single steps.
func TestInSteps(t *testing.T) {
	if os.Getenv("SAMERUN_SEED") == "" {
		t.Skip("without a seed nobody goes by steps")
	}
	var pcs [4]uintptr
	for _, c := range []struct {
		name string
		f    func(round int) int
	}{
		{"a switch of stacks and back", func(int) int { return runtime.Callers(0, pcs[:]) }},
		{"a stack that grows", func(round int) int { return grow(8 << round) }},
		{"a panic", func(round int) int { return recovers(func() { panic(round) }) }},
		{"a nil pointer", func(int) int { return recovers(func() { *nobody++ }) }},
		{"flags from the stack", func(int) int { popFlags(); return 0 }},
		{"a collection", func(int) int { return collects() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			for round := range 5 {
				// Each time for twice as many steps, as long as nobody else has a turn.
				for !stepping() {
				}
				fmt.Print(c.f(round), " ")
			}
			time.Sleep(time.Millisecond)
			fmt.Println(c.name, since())
		})
	}
}

// The end of a test by an error says what the error says.
func TestPanicsInSteps(t *testing.T) {
	if os.Getenv("SAMERUN_SEED") == "" {
		t.Skip("without a seed nobody goes by steps")
	}
	err := fmt.Errorf("out of %w", errors.New("steps"))
	for !stepping() {
	}
	panic(err)
}

var nobody *int

//go:noinline
func grow(depth int) int {
	var frame [1024]byte
	frame[depth%len(frame)] = 1
	if depth > 0 {
		return grow(depth-1) + int(frame[depth%len(frame)])
	}
	return 0
}

//go:noinline
func recovers(f func()) (n int) {
	defer func() {
		if recover() != nil {
			n = 1
		}
	}()
	f()
	return 0
}

func collects() int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for !stepping() {
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	return int(min(after.NumGC-before.NumGC, 1))
}
