package sim

import (
	"fmt"
	"os"
	"sync"
)

// late hears of goroutines that are no tasks and call into a run of a test when that
// run is over. A call that comes before the test ends fails the test.
//
// Invariant: first is the first call that nobody was told of; ended says that the
// test has returned, and nobody can be told by way of it.
type late struct {
	mu    sync.Mutex
	first error
	ended bool
}

// tell may be called by any goroutine at any time.
func (l *late) tell(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.ended:
		fmt.Fprintf(os.Stderr, "samerun: %v (the test had already ended)\n", err)
	case l.first == nil:
		l.first = err
	}
}

// end is called when the test returns.
func (l *late) end(t TB) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	if l.first != nil {
		t.Errorf("\n    %v\n    (that run had already ended, so that no seed can be named)", l.first)
	}
}
