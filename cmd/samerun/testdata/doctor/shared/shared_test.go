package shared

import (
	"context"
	"runtime/pprof"
	"sync"
	"testing"
	"time"
)

// on starts a function on a node.
func on(wg *sync.WaitGroup, node string, f func()) {
	wg.Go(func() {
		pprof.Do(context.Background(), pprof.Labels("node", node), func(context.Context) { f() })
	})
}

func TestServers(t *testing.T) {
	var wg sync.WaitGroup
	on(&wg, "n1", func() { serve("n1", 1) })
	on(&wg, "n2", func() { serve("n2", 2) })
	for range 5 {
		testsOwn++
		time.Sleep(700 * time.Millisecond)
	}
	wg.Wait()
}

func TestOneServer(t *testing.T) {
	var wg sync.WaitGroup
	on(&wg, "n1", func() { serve("n1", 1) })
	wg.Wait()
	lonely = 0
}

func TestNoServer(t *testing.T) { testsOwn = untouched }

// store is filled by the test, with more than is watched.
var store [][]byte

func TestMuch(t *testing.T) {
	for range 6 {
		store = append(store, make([]byte, 1<<20))
	}
	var wg sync.WaitGroup
	for _, node := range []string{"a", "b", "c", "d", "e"} {
		on(&wg, node, func() { time.Sleep(time.Second); counter++ })
	}
	wg.Wait()
	store = nil
}
