// Package bugs has small programs of ordinary Go, each with one bug of a kind that
// concurrent Go is known for. Nearly always they pass under plain go test: that is what
// such bugs are like. The file kinds.txt says which kind each of them is, and what a
// tool that looks at enough schedules has to say of it.
package bugs

import (
	"sync"
	"testing"
)

// together runs functions, each in a goroutine of its own, and waits for them.
func together(fns ...func()) {
	var wg sync.WaitGroup
	for _, fn := range fns {
		wg.Go(fn)
	}
	wg.Wait()
}

// steps does n small things behind a lock, one after the other.
func steps(n int) {
	var mu sync.Mutex
	done := 0
	for range n {
		mu.Lock()
		done++
		mu.Unlock()
	}
}

// want says that a number is not what it must be.
func want(t *testing.T, what string, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %d, want %d", what, got, want)
	}
}
