package bugs

import (
	"sync"
	"testing"
	"time"
)

// Nobody guards the counter.
func TestUnguardedCounter(t *testing.T) {
	n := 0
	together(func() { n++ }, func() { n++ })
	want(t, "the counter", n, 2)
}

// Two goroutines write one map. Plain Go ends the process when it happens to notice.
func TestMapWrittenByTwo(t *testing.T) {
	seen := make(map[string]bool)
	together(func() { seen["ann"] = true }, func() { seen["bob"] = true })
	want(t, "names", len(seen), 2)
}

// One variable for errors, of a function and of the goroutine that it starts.
func TestSharedError(t *testing.T) {
	load := func() error { return nil }
	done := make(chan bool)
	err := load()
	go func() {
		err = load()
		done <- err == nil
	}()
	if err = load(); err != nil {
		t.Error(err)
	}
	if !<-done {
		t.Error("the goroutine fails")
	}
}

// The variable of a loop is declared before it, and the goroutines read it when they
// come to it.
func TestLoopVariable(t *testing.T) {
	var i int
	var mu sync.Mutex
	var wg sync.WaitGroup
	seen := make(map[int]bool)
	for i = 0; i < 3; i++ {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			seen[i] = true
		})
		time.Sleep(time.Millisecond) // time enough to read it
	}
	wg.Wait()
	want(t, "numbers seen", len(seen), 3)
}

// Whether the table is there is looked at without the lock that it is made under.
func TestCheckedTwice(t *testing.T) {
	var mu sync.Mutex
	var table map[int]int
	get := func(n int) int {
		if table == nil {
			mu.Lock()
			if table == nil {
				table = map[int]int{1: 1, 2: 4}
			}
			mu.Unlock()
		}
		return table[n]
	}
	together(func() { get(1) }, func() { get(2) })
}

// A flag ends a loop, and is set without any guard, after the test has waited long
// enough to be sure.
func TestUnguardedFlag(t *testing.T) {
	stop := false
	rounds := make(chan int, 1)
	go func() {
		n := 0
		for !stop {
			n++
			time.Sleep(time.Millisecond)
		}
		rounds <- n
	}()
	time.Sleep(5 * time.Millisecond)
	stop = true
	<-rounds
}

// A goroutine that is left counts on, when its test has looked at the sum and returned.
func TestCountsAfterTheEnd(t *testing.T) {
	sum := 0
	counted := make(chan bool, 1)
	go func() {
		sum++
		counted <- true
		sum++
	}()
	<-counted
	if sum == 0 {
		t.Error("nothing was counted")
	}
}

// Two appends to one slice, each of which takes what it finds.
func TestSharedSlice(t *testing.T) {
	var list []int
	together(func() { list = append(list, 1) }, func() { list = append(list, 2) })
	want(t, "the length", len(list), 2)
}

// limiter says whether there is work that may be done.
type limiter interface{ allows(n int) bool }

type limit struct{ most int }

func (l *limit) allows(n int) bool { return n < l.most }

// serve works as long as it may, and is busy until it is told to stop.
func serve(l limiter, stop <-chan bool) (n int) {
	for !told(stop) {
		if l.allows(n) {
			n++
		}
		if told(stop) {
			break // without the pause between two rounds
		}
	}
	return n
}

func told(stop <-chan bool) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}

// The limit is lowered before a busy loop is told to stop, which has looked at it many
// thousand times by then.
func TestLoweredUnderBusyLoop(t *testing.T) {
	l := &limit{most: 3}
	stop, served := make(chan bool), make(chan int)
	go func() { served <- serve(l, stop) }()
	time.Sleep(time.Millisecond)
	l.most = 0
	close(stop)
	want(t, "served", <-served, 3)
}
