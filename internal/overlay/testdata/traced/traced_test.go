// Package traced is an ordinary program whose goroutines would like to run side by
// side. It notes in the execution trace which goroutine is that of the test.
package traced

import (
	"context"
	"os"
	"runtime"
	"runtime/trace"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// work is how long a goroutine computes at a time, in steps.
var work = func() int {
	n, _ := strconv.Atoi(os.Getenv("TRACED_WORK"))
	return max(n, 1_000)
}()

// compute keeps a processor busy.
func compute() (sum uint64) {
	for i := range work {
		sum = sum*6364136223846793005 + uint64(i)
	}
	return sum
}

var sink atomic.Uint64

// A goroutine from before the tests is none of theirs, and may run beside them.
func init() {
	go func() {
		for {
			sink.Add(compute())
			time.Sleep(time.Millisecond)
		}
	}()
}

func TestSideBySide(t *testing.T) {
	trace.Log(context.Background(), "traced", "the test")
	for _, c := range []struct {
		name string
		do   func(wg *sync.WaitGroup, i int)
	}{
		{"compute", func(wg *sync.WaitGroup, i int) {
			for range 20 {
				sink.Add(compute())
				runtime.Gosched()
			}
		}},
		{"locks", locks()},
		{"channels", channels()},
		{"timers", func(wg *sync.WaitGroup, i int) {
			for range 20 {
				time.Sleep(time.Millisecond)
				sink.Add(compute())
			}
		}},
		{"start others", func(wg *sync.WaitGroup, i int) {
			for range 10 {
				wg.Go(func() { sink.Add(compute()) })
				sink.Add(compute())
			}
		}},
		{"collect", func(wg *sync.WaitGroup, i int) {
			var keep [][]byte
			for range 200 {
				keep = append(keep, make([]byte, 100_000))
				if len(keep) > 10 {
					keep = nil
				}
			}
			runtime.GC()
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var wg sync.WaitGroup
			for i := range 6 {
				wg.Go(func() { c.do(&wg, i) })
			}
			wg.Wait()
		})
	}
}

// locks returns a function that shares a mutex, a condition and a read-write lock.
func locks() func(*sync.WaitGroup, int) {
	var mu sync.Mutex
	var rw sync.RWMutex
	cond := sync.NewCond(&mu)
	turn := 0
	return func(_ *sync.WaitGroup, i int) {
		for n := range 10 {
			mu.Lock()
			for turn%6 != i {
				cond.Wait()
			}
			turn++
			cond.Broadcast()
			mu.Unlock()
			if n%3 == 0 {
				rw.Lock()
				sink.Add(compute())
				rw.Unlock()
			} else {
				rw.RLock()
				sink.Add(compute())
				rw.RUnlock()
			}
		}
	}
}

// channels returns a function that sends and receives, by select too.
func channels() func(*sync.WaitGroup, int) {
	a, b := make(chan uint64), make(chan uint64, 2)
	return func(_ *sync.WaitGroup, i int) {
		for range 20 {
			v := compute()
			if i%2 == 0 {
				select {
				case a <- v:
				case b <- v:
				}
				continue
			}
			select {
			case v = <-a:
			case v = <-b:
			}
			sink.Add(v)
		}
	}
}
