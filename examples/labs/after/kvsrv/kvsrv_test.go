package kvsrv

import (
	"fmt"
	"math/rand"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestBasic2(t *testing.T) {
	cfg := makeConfig(t, false)
	cfg.begin("Test: one client")
	ck := cfg.makeClient()
	ck.Put("k", "a")
	for i := range 100 {
		want := "a" + strings.Repeat("b", i)
		if old := ck.Append("k", "b"); old != want {
			t.Fatalf("append %d finds %q, want %q", i, old, want)
		}
		cfg.op()
	}
	if v := ck.Get("k"); len(v) != 101 || ck.Get("none") != "" {
		t.Fatalf("the value is %q", v)
	}
	cfg.end()
}

// appends has n clients append to one key for a while. At the end each finds all that it
// has appended, once and in order.
func appends(t *testing.T, cfg *config, n int, d time.Duration) {
	var done atomic.Bool
	time.AfterFunc(d, func() { done.Store(true) })
	counts := make([]int, n)
	cfg.spawn(n, func(me int, ck *Clerk) {
		for !done.Load() {
			word := fmt.Sprintf("<%d %d>", me, counts[me])
			if old := ck.Append("k", word); strings.Contains(old, word) {
				t.Errorf("client %d: %s is there before it is appended", me, word)
			}
			counts[me]++
			cfg.op()
			time.Sleep(time.Duration(rand.Intn(40)) * time.Millisecond)
		}
	})
	last := cfg.makeClient().Get("k")
	for me, n := range counts {
		check(t, last, me, n)
	}
}

// check says what a value lacks, or has twice, of the n additions of one client.
func check(t *testing.T, value string, me, n int) {
	at := -1
	for i := range n {
		word := fmt.Sprintf("<%d %d>", me, i)
		first, last := strings.Index(value, word), strings.LastIndex(value, word)
		if first != last || first <= at {
			t.Errorf("client %d: addition %d of %d is at %d and %d, the one before at %d", me, i, n, first, last, at)
			return
		}
		at = first
	}
}

func TestConcurrent2(t *testing.T) {
	cfg := makeConfig(t, false)
	cfg.begin("Test: many clients")
	appends(t, cfg, 10, 2*time.Second)
	cfg.end()
}

func TestUnreliable2(t *testing.T) {
	cfg := makeConfig(t, true)
	cfg.begin("Test: unreliable net, many clients")
	appends(t, cfg, 5, 5*time.Second)
	cfg.end()
}

// A client is cut off again and again, and one more is cut off for good: it is left
// behind, still asking.
func TestPartition2(t *testing.T) {
	cfg := makeConfig(t, true)
	cfg.begin("Test: unreliable net, clients come and go")
	lost := cfg.makeClient()
	lost.Put("other", "here")
	cfg.connect(lost, false)
	go lost.Append("other", "still here")
	cfg.spawn(2, func(me int, ck *Clerk) {
		if me == 0 {
			stop := make(chan bool)
			defer close(stop)
			go func() {
				for on := false; ; on = !on {
					cfg.connect(ck, on)
					select {
					case <-stop:
						return
					case <-time.After(time.Duration(50+rand.Intn(300)) * time.Millisecond):
					}
				}
			}()
		}
		for i := range 30 {
			check(t, ck.Append("k", fmt.Sprintf("<%d %d>", me, i)), me, i)
			cfg.op()
		}
	})
	if v := cfg.makeClient().Get("other"); v != "here" {
		t.Errorf("the client that is cut off has written %q", v)
	}
	cfg.end()
}

// heap returns how much memory is in use.
func heap() uint64 {
	runtime.GC()
	var st runtime.MemStats
	runtime.ReadMemStats(&st)
	return st.HeapAlloc
}

// Large values that nobody has any more take no memory.
func TestMemPut2(t *testing.T) {
	const size = 1 << 20
	cfg := makeConfig(t, false)
	cfg.begin("Test: memory, values that are replaced")
	before := heap()
	cfg.spawn(8, func(me int, ck *Clerk) {
		ck.Put("k", strings.Repeat("x", size))
		cfg.op()
	})
	cfg.makeClient().Put("k", "")
	if after := heap(); after > before+4*size {
		t.Errorf("%d bytes more are in use than before, although no value is left", after-before)
	}
	cfg.end()
}

// What a server remembers of a client does not grow with what the client has asked.
func TestMemManyAppends2(t *testing.T) {
	const n, size = 200, 1000
	cfg := makeConfig(t, false)
	cfg.begin("Test: memory, many appends")
	before := heap()
	ck := cfg.makeClient()
	value := strings.Repeat("y", size)
	for range n {
		ck.Append("k", value)
		cfg.op()
	}
	if after := heap(); after > before+6*n*size {
		t.Errorf("%d bytes more are in use than before, for a value of %d", after-before, n*size)
	}
	cfg.end()
}

// Many clients that ask once cost little each.
func TestMemManyClients2(t *testing.T) {
	const n = 1000
	cfg := makeConfig(t, false)
	cfg.begin("Test: memory, many clients")
	clerks := make([]*Clerk, n)
	for i := range clerks {
		clerks[i] = cfg.makeClient()
	}
	before := heap()
	for _, ck := range clerks {
		ck.Put("k", "z")
		cfg.op()
	}
	if after := heap(); after > before+n*500 {
		t.Errorf("%d bytes more are in use than before, for %d clients", after-before, n)
	}
	cfg.end()
}
