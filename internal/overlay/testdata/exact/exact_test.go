// Package exact has one small workload for each thing that chance decides in an
// ordinary Go program. Each prints what came of it; the test of the overlay runs
// them in many processes and wants one output for each seed.
package exact

import (
	"context"
	crand "crypto/rand"
	"fmt"
	"hash/maphash"
	"iter"
	"math/rand"
	randv2 "math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// log collects words from many goroutines.
type log struct {
	mu    sync.Mutex
	words []string
}

func (l *log) add(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.words = append(l.words, fmt.Sprintf(format, args...))
}

func (l *log) print(t *testing.T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Println(t.Name(), strings.Join(l.words, " "))
}

// each runs f in n goroutines and waits for them.
func each(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f(i)
		}()
	}
	wg.Wait()
}

// Of the time at which packages are loaded.
var (
	loaded   = time.Now()
	byLoaded = rand.New(rand.NewSource(time.Now().UnixNano()))
)

// Those who look for goroutines that a test has left do not find the tool's own.
func TestNoStrangers(t *testing.T) {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	if strings.Contains(string(stacks), "samerunWatch") {
		t.Errorf("%s", stacks)
	}
	fmt.Println(t.Name(), rand.Intn(1000))
}

// The clock begins on the day that is asked for.
func TestDay(t *testing.T) {
	before := time.Now()
	time.Sleep(time.Duration(rand.Intn(1000)) * time.Microsecond)
	fmt.Println(t.Name(), before.UTC().Format(time.DateOnly), loaded.Before(before), time.Since(before))
}

// Time has passed since the packages were loaded, and the same in each run.
func TestLoaded(t *testing.T) {
	var l log
	if since := time.Since(loaded); since < time.Second || since > 3*time.Second {
		t.Errorf("%v since the package was loaded", since)
	}
	l.add("%v %v %v %d", loaded, time.Since(loaded), time.Until(loaded), byLoaded.Int())
	l.print(t)
}

func TestSameInstant(t *testing.T) {
	var l log
	each(10, func(i int) {
		time.Sleep(10 * time.Millisecond)
		l.add("%d", i)
	})
	done := make(chan bool)
	for i := range 5 {
		time.AfterFunc(time.Second, func() { l.add("f%d", i); done <- true })
	}
	for range 5 {
		<-done
	}
	l.print(t)
}

func TestTwoTimerChannels(t *testing.T) {
	var l log
	each(6, func(i int) {
		for range 5 {
			a, b := time.NewTimer(time.Millisecond), time.NewTimer(time.Millisecond)
			select {
			case <-a.C:
				l.add("%da", i)
			case <-b.C:
				l.add("%db", i)
			case <-time.After(time.Millisecond):
				l.add("%dc", i)
			}
			b.Stop()
		}
	})
	l.print(t)
}

func TestSelect(t *testing.T) {
	var l log
	a, b, c := make(chan int, 9), make(chan int, 9), make(chan int, 9)
	for i := range 9 {
		a <- i
		b <- i
		c <- i
	}
	for range 25 {
		select {
		case <-a:
			l.add("a")
		case <-b:
			l.add("b")
		case <-c:
			l.add("c")
		}
	}
	l.print(t)
}

// global is made before any test.
var global = map[string]int{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}

func TestMapRange(t *testing.T) {
	var l log
	ints, strs := make(map[int]bool), make(map[string]bool)
	for i := range 300 {
		ints[i*7919] = true
		strs[fmt.Sprint("k", i)] = true
	}
	for range 3 {
		n := 0
		for k := range ints {
			if n++; n%40 == 0 {
				l.add("%d", k)
			}
		}
		for k := range strs {
			if n++; n%40 == 0 {
				l.add("%s", k)
			}
		}
		for k := range global {
			l.add("%s", k)
		}
	}
	var m sync.Map
	for i := range 20 {
		m.Store(i, i)
	}
	m.Range(func(k, _ any) bool { l.add("%v", k); return true })
	l.print(t)
}

func TestRandom(t *testing.T) {
	var l log
	each(4, func(i int) {
		l.add("%d:%d", i, rand.Intn(1000))
		l.add("%d", randv2.IntN(1000))
		var b [5]byte
		crand.Read(b[:])
		l.add("%x", b)
		l.add("%d", rand.New(rand.NewSource(time.Now().UnixNano())).Intn(1000))
	})
	l.add("%v", rand.Perm(8))
	randv2.Shuffle(5, func(i, j int) { l.add("%d-%d", i, j) })
	l.add("%x", maphash.String(maphash.MakeSeed(), "text"))
	f, err := os.CreateTemp(t.TempDir(), "x")
	if err != nil {
		t.Fatal(err)
	}
	l.add("%s", f.Name()[strings.LastIndex(f.Name(), "/"):])
	f.Close()
	l.print(t)
}

func TestMutexOverYield(t *testing.T) {
	var l log
	var mu sync.Mutex
	each(8, func(i int) {
		for range 4 {
			mu.Lock()
			l.add("%d", i)
			runtime.Gosched()
			mu.Unlock()
		}
	})
	l.print(t)
}

func TestMutexOverSleep(t *testing.T) {
	var l log
	var mu sync.Mutex
	each(8, func(i int) {
		for range 4 {
			mu.Lock()
			l.add("%d", i)
			time.Sleep(300 * time.Microsecond)
			mu.Unlock()
		}
	})
	l.add("%v", time.Now().UTC().Format(".000000000"))
	l.print(t)
}

func TestRWMutex(t *testing.T) {
	var l log
	var mu sync.RWMutex
	each(10, func(i int) {
		for range 3 {
			if i%3 == 0 {
				mu.Lock()
				l.add("w%d", i)
				time.Sleep(time.Millisecond)
				mu.Unlock()
			} else {
				mu.RLock()
				l.add("r%d", i)
				runtime.Gosched()
				mu.RUnlock()
			}
		}
	})
	l.print(t)
}

func TestCond(t *testing.T) {
	var l log
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	turn := 0
	go func() {
		for range 40 {
			time.Sleep(time.Millisecond)
			mu.Lock()
			turn++
			if turn%2 == 0 {
				c.Broadcast()
			} else {
				c.Signal()
			}
			mu.Unlock()
		}
	}()
	each(5, func(i int) {
		for range 3 {
			mu.Lock()
			for seen := turn; turn == seen; {
				c.Wait()
			}
			l.add("%d@%d", i, turn)
			mu.Unlock()
		}
	})
	l.print(t)
}

func TestPool(t *testing.T) {
	var l log
	made := 0
	p := sync.Pool{New: func() any { made++; return new([]byte) }}
	for i := range 50 {
		x := p.Get()
		if i%10 == 0 {
			runtime.GC()
		}
		p.Put(x)
	}
	l.add("%d", made)
	// Who puts something in leaves it to who asks next.
	q := sync.Pool{New: func() any { return new(int) }}
	each(5, func(i int) {
		for range 4 {
			x := q.Get().(*int)
			l.add("%d", *x)
			time.Sleep(time.Duration(rand.Intn(3)) * time.Millisecond)
			*x = 10*i + *x%10 + 1
			q.Put(x)
		}
	})
	l.print(t)
}

func TestAtomicsAndGosched(t *testing.T) {
	var l log
	var n atomic.Int64
	each(6, func(i int) {
		for n.Load() < 60 {
			if n.Add(1)%7 == 0 {
				l.add("%d", i)
			}
			runtime.Gosched()
		}
	})
	l.add("%v", time.Now().UTC().Format(".000000000"))
	l.print(t)
}

var sink atomic.Uint64

// Loops that only look: at a channel, at one of two, at the clock, alone and with
// others about.
func TestLooks(t *testing.T) {
	var l log
	for _, others := range []bool{true, false} {
		done, never := make(chan bool), make(chan bool)
		time.AfterFunc(5*time.Millisecond, func() { close(done) })
		looks := []func() bool{
			func() bool {
				select {
				case <-done:
					return false
				default:
					return true
				}
			},
			func() bool {
				select {
				case never <- true:
				default:
				}
				select {
				case <-never:
				case <-done:
					return false
				default:
				}
				return true
			},
			nil,
		}
		start := time.Now()
		looks[2] = func() bool { return time.Since(start) < 8*time.Millisecond }
		spin := func(i int) {
			for looks[i]() {
			}
			l.add("%d %v", i, time.Since(start).Round(time.Microsecond))
		}
		if others {
			each(3, spin)
			continue
		}
		for i := range 3 {
			spin(i)
		}
	}
	l.print(t)
}

func TestLongSlices(t *testing.T) {
	var l log
	each(3, func(i int) {
		for range 2 {
			x := uint64(i)
			for range 12_000_000 {
				x = x*6364136223846793005 + 1
			}
			sink.Store(x)
			l.add("%d", i)
			runtime.Gosched()
		}
	})
	l.print(t)
}

func TestAllocation(t *testing.T) {
	var l log
	each(8, func(i int) {
		keep := make(map[int][]byte)
		for j := range 400 {
			keep[j%50] = make([]byte, 1+(j*j)%30_000)
			if j%50 == 0 {
				runtime.Gosched()
				l.add("%d", i)
			}
		}
	})
	runtime.GC()
	l.add("%d", rand.Intn(1000))
	l.print(t)
}

func TestManyGoroutines(t *testing.T) {
	var l log
	ch := make(chan int)
	go each(500, func(i int) {
		time.Sleep(time.Duration(i%5) * time.Millisecond)
		ch <- i
	})
	for n := range 500 {
		if i := <-ch; n%25 == 0 {
			l.add("%d", i)
		}
	}
	l.print(t)
}

func TestTickersAndReset(t *testing.T) {
	var l log
	a, b := time.NewTicker(2*time.Millisecond), time.NewTicker(3*time.Millisecond)
	tm := time.NewTimer(time.Hour)
	tm.Reset(6 * time.Millisecond)
	for range 20 {
		select {
		case <-a.C:
			l.add("a")
		case <-b.C:
			l.add("b")
			b.Reset(2 * time.Millisecond)
		case <-tm.C:
			l.add("t")
			tm.Reset(4 * time.Millisecond)
		}
	}
	a.Stop()
	l.print(t)
}

func TestContext(t *testing.T) {
	var l log
	each(6, func(i int) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+i%2)*time.Millisecond)
		defer cancel()
		select {
		case <-ctx.Done():
			l.add("%d:%v", i, ctx.Err() == context.DeadlineExceeded)
		case <-time.After(2 * time.Millisecond):
			l.add("%d:after", i)
		}
	})
	l.print(t)
}

func TestIterPull(t *testing.T) {
	var l log
	each(4, func(i int) {
		next, stop := iter.Pull(func(yield func(int) bool) {
			for j := 0; yield(j); j++ {
				time.Sleep(time.Millisecond)
				runtime.Gosched()
			}
		})
		defer stop()
		for range 4 {
			v, _ := next()
			l.add("%d.%d", i, v)
			runtime.Gosched()
		}
	})
	l.print(t)
}

// earlier is an iterator from before the tests.
var earlier func() (int, bool)

func TestMain(m *testing.M) {
	var stop func()
	earlier, stop = iter.Pull(func(yield func(int) bool) {
		defer func() { time.Sleep(time.Microsecond) }()
		for i := 0; yield(i); i++ {
			time.Sleep(time.Duration(rand.Intn(1000)) * time.Microsecond)
		}
	})
	code := m.Run()
	stop()
	os.Exit(code)
}

func TestIterPullFromBefore(t *testing.T) {
	var l log
	var mu sync.Mutex
	each(4, func(i int) {
		for range 4 {
			mu.Lock()
			v, _ := earlier()
			mu.Unlock()
			l.add("%d.%d@%d", i, v, time.Now().Nanosecond()/1000)
		}
	})
	l.print(t)
}

func TestPanics(t *testing.T) {
	var l log
	each(6, func(i int) {
		defer func() { l.add("%d:%v", i, recover()) }()
		time.Sleep(time.Millisecond)
		if i%2 == 0 {
			panic(fmt.Sprint("p", i))
		}
		runtime.Goexit()
	})
	l.print(t)
}

func TestTree(t *testing.T) {
	var l log
	t.Cleanup(func() { l.print(t) })
	for i := range 4 {
		t.Run(fmt.Sprint("sub", i), func(t *testing.T) {
			t.Parallel()
			t.Cleanup(func() { time.Sleep(time.Millisecond); l.add("clean%d", i) })
			if _, ok := t.Deadline(); ok {
				t.Error("a deadline in real time")
			}
			if i == 2 {
				t.Run("skipped", func(t *testing.T) { t.Skip("no") })
			}
			time.Sleep(time.Second)
			l.add("%d", rand.Intn(10))
		})
	}
}

func TestProcs(t *testing.T) {
	var l log
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	each(4, func(i int) {
		for range 30 {
			_ = make([]byte, 300_000)
			if rand.Intn(6) == 0 {
				l.add("%d", i)
			}
			time.Sleep(time.Millisecond)
		}
	})
	l.print(t)
}

// Threads of their own change nothing; a goroutine that exits with one takes it along.
func TestLockedThreads(t *testing.T) {
	var l log
	each(6, func(i int) {
		runtime.LockOSThread()
		for range 3 {
			l.add("%d", i)
			runtime.Gosched()
			time.Sleep(time.Millisecond)
		}
		if i%2 == 0 {
			runtime.UnlockOSThread()
		}
	})
	l.print(t)
}
