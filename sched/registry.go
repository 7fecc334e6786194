package sched

import (
	"sync"
	"sync/atomic"
)

// registry finds the task that a goroutine is, so that the zero Mutex works and
// Go, Sleep and Now need no argument. It says who calls and decides nothing:
// two runs in one process have different goroutines and never meet in it.
//
//samerun:allow global: identity of goroutines, read to tell who calls and never to decide
var registry [64]shard

// shard keeps runs in parallel from waiting for each other.
type shard struct {
	mu sync.RWMutex
	m  map[uintptr]*worker
	n  atomic.Int32 // of them: where there is none, who asks takes no lock, which in ordinary Go under a seed is a place to lose the turn
	_  [28]byte     // a cache line each
}

func shardOf(g uintptr) *shard { return &registry[(g>>8^g>>14)%uintptr(len(registry))] }

func register(w *worker) {
	s := shardOf(w.g)
	s.mu.Lock()
	if s.m == nil {
		s.m = make(map[uintptr]*worker)
	}
	s.m[w.g] = w
	s.n.Store(int32(len(s.m)))
	s.mu.Unlock()
}

func unregister(w *worker) {
	s := shardOf(w.g)
	s.mu.Lock()
	delete(s.m, w.g)
	s.n.Store(int32(len(s.m)))
	s.mu.Unlock()
}

// lookup returns the worker that the calling goroutine is, or nil.
func lookup() *worker {
	g := getg()
	s := shardOf(g)
	if s.n.Load() == 0 {
		return nil
	}
	s.mu.RLock()
	w := s.m[g]
	s.mu.RUnlock()
	return w
}
