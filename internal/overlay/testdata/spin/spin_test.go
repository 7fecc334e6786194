// Package spin has tests in which a goroutine waits by looking, again and again, and does
// nothing else. On a machine of several processors all of them pass.
package spin

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// An atomic variable.
func TestAtomic(t *testing.T) {
	var flag atomic.Bool
	go flag.Store(true)
	for !flag.Load() {
	}
	fmt.Println(since())
}

// One without protection. The compiler reads it anew in each round.
func TestPlain(t *testing.T) {
	done := new(bool)
	go set(done)
	for !*done {
	}
}

//go:noinline
func set(p *bool) { *p = true }

func TestLengthOfChannel(t *testing.T) {
	c := make(chan int, 8)
	go func() {
		for i := range 8 {
			c <- i
		}
	}()
	for len(c) != cap(c) {
		continue
	}
	fmt.Println(since())
}

func TestLengthOfMap(t *testing.T) {
	m := make(map[string]int)
	go func() { m["x"] = 1 }()
	for len(m) == 0 {
	}
	fmt.Println(since())
}

func TestGosched(t *testing.T) {
	var flag atomic.Bool
	go func() {
		time.Sleep(time.Millisecond)
		flag.Store(true)
	}()
	for !flag.Load() {
		runtime.Gosched()
	}
	fmt.Println(since())
}

func TestTryLock(t *testing.T) {
	var mu sync.Mutex
	mu.Lock()
	go func() {
		time.Sleep(3 * time.Millisecond)
		mu.Unlock()
	}()
	for !mu.TryLock() {
	}
	fmt.Println(since())
}

// A lock of the program's own, that some want at once, and that is held over waits.
func TestSpinLock(t *testing.T) {
	var state atomic.Int32
	var wg sync.WaitGroup
	order := ""
	for i := range 4 {
		wg.Go(func() {
			for range 3 {
				for !state.CompareAndSwap(0, 1) {
				}
				order += fmt.Sprint(i)
				time.Sleep(time.Microsecond * time.Duration(i))
				order += fmt.Sprint(i)
				state.Store(0)
				runtime.Gosched()
			}
		})
	}
	wg.Wait()
	fmt.Println(order, since())
}

func TestClock(t *testing.T) {
	var flag atomic.Bool
	go func() {
		time.Sleep(3 * time.Millisecond)
		flag.Store(true)
	}()
	for start := time.Now(); !flag.Load() && time.Since(start) < time.Second; {
	}
	if !flag.Load() {
		t.Error("a second has passed")
	}
	fmt.Println(since())
}

// What the loop looks at is set when time has passed, while all others wait.
func TestTimer(t *testing.T) {
	var n atomic.Int32
	time.AfterFunc(time.Second, func() { n.Add(1) })
	time.AfterFunc(2*time.Second, func() { n.Add(1) })
	for n.Load() == 0 {
	}
	one := since()
	for n.Load() == 1 {
	}
	fmt.Println(one, since())
}

// The loop calls functions that are not inlined, some of them deep.
func TestCalls(t *testing.T) {
	var v values
	go func() {
		time.Sleep(time.Millisecond)
		v.b.Store(3)
		v.a.Store(3)
	}()
	for v.sum(3) != 6 {
	}
	fmt.Println(since())
}

type values struct{ a, b atomic.Int64 }

//go:noinline
func (v *values) sum(depth int) int64 {
	if depth == 0 {
		return v.a.Load() + v.b.Load()
	}
	return v.sum(depth - 1)
}

// Two values that change in one turn: where in the loop the goroutine stands meanwhile
// decides what it sees.
func TestTwoValues(t *testing.T) {
	var a, b atomic.Int64
	var seen [2]int64
	go func() {
		for i := int64(1); i <= 20; i++ {
			time.Sleep(time.Millisecond)
			a.Store(i)
			b.Store(i)
		}
	}()
	torn := 0
	for seen[1] < 20 {
		x := a.Load()
		y := b.Load()
		if x != y {
			torn++
			for a.Load() != b.Load() {
			}
		}
		seen = [2]int64{x, y}
	}
	fmt.Println(torn, since())
}

// Loops within the loop.
func TestNested(t *testing.T) {
	var flags [5]atomic.Bool
	go func() {
		for i := range flags {
			time.Sleep(time.Millisecond)
			flags[i].Store(true)
		}
	}()
	for all := false; !all; {
		all = true
		for i := range flags {
			all = all && flags[i].Load()
		}
	}
	fmt.Println(since())
}

// Some spin until each of them has been let go by the one before.
func TestChain(t *testing.T) {
	var turn atomic.Int32
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			for turn.Load() != int32(i) {
			}
			fmt.Println(i, since())
			turn.Add(1)
		})
	}
	wg.Wait()
}

// Long computations are none of these: they keep their turn, and come to their end.
func TestComputes(t *testing.T) {
	var flag atomic.Bool
	go flag.Store(true)
	before := flag.Load() // it may have gone first
	x := uint64(1)
	for i := range 100_000_000 {
		x = x*6364136223846793005 + uint64(i)
	}
	if flag.Load() != before {
		t.Error("another one had a turn")
	}
	fmt.Println(x, since())
}

// What changes is in memory alone.
func TestComputesInMemory(t *testing.T) {
	var flag atomic.Bool
	go flag.Store(true)
	before := flag.Load()
	count(new(uint32), 200_000_000)
	var f float64
	add(&f, 50_000_000)
	if flag.Load() != before {
		t.Error("another one had a turn")
	}
	fmt.Println(f, since())
}

//go:noinline
func count(p *uint32, n uint32) {
	for *p < n {
		*p++
	}
}

//go:noinline
func add(p *float64, n float64) {
	for *p < n {
		*p++
	}
}

// since is the time of the test.
func since() time.Duration {
	return time.Since(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).Round(time.Microsecond)
}

// A loop that counts its rounds never comes back to where it was. How far it counts is
// chance.
func TestCounts(t *testing.T) {
	var flag atomic.Bool
	go func() {
		time.Sleep(time.Second)
		flag.Store(true)
	}()
	n := 0
	for !flag.Load() {
		n++
	}
	if n == 0 {
		t.Error("not one round")
	}
}

// All that is left looks at what nobody will change.
func TestSpinsForEver(t *testing.T) {
	var flag atomic.Bool
	go func() {
		for !flag.Load() {
		}
	}()
	for !flag.Load() {
	}
}

// A ticker keeps the clock going beside one that waits for ever.
func TestHangsBesideTicker(t *testing.T) {
	go func() {
		for range time.Tick(50 * time.Millisecond) {
		}
	}()
	<-make(chan int)
}

// The same, and beside one that only looks, or yields.
func TestHangsBesideLoops(t *testing.T) {
	var flag atomic.Bool
	go func() {
		for !flag.Load() {
			runtime.Gosched()
		}
	}()
	go func() {
		for !flag.Load() {
		}
	}()
	<-make(chan int)
}

// A ticker of a nanosecond, which somebody waits for.
func TestNanosecondTicker(t *testing.T) {
	n := 0
	stop := time.After(10 * time.Millisecond)
	for tick := time.NewTicker(1); ; {
		select {
		case <-tick.C:
			n++
		case <-stop:
			fmt.Println("ticks:", n)
			return
		}
	}
}
