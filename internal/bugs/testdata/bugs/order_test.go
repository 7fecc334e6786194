package bugs

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The handler is registered after the connection has begun to read: what is read first
// finds none.
func TestUsedBeforeSet(t *testing.T) {
	var handler atomic.Pointer[func(string)]
	got := make(chan string, 1)
	go func() {
		time.Sleep(200 * time.Microsecond) // the network is slow
		(*handler.Load())("hello")
	}()
	steps(10) // whatever else there is to set up
	fn := func(s string) { got <- s }
	handler.Store(&fn)
	if s := <-got; s != "hello" {
		t.Errorf("got %q", s)
	}
}

// A goroutine outlives its test and logs to it.
func TestLogsAfterTheEnd(t *testing.T) {
	var mu sync.Mutex
	answered := 0
	reply := make(chan int, 1)
	go func() {
		reply <- 1
		mu.Lock()
		answered++
		mu.Unlock()
		t.Log("answered")
	}()
	<-reply
	time.Sleep(500 * time.Microsecond)
}

// Each of two reads and writes is behind the lock, the sum of the two is not.
func TestLostUpdate(t *testing.T) {
	var mu sync.Mutex
	hits := 0
	get := func() int {
		mu.Lock()
		defer mu.Unlock()
		return hits
	}
	set := func(n int) {
		mu.Lock()
		defer mu.Unlock()
		hits = n
	}
	hit := func() { set(get() + 1) }
	together(hit, hit)
	want(t, "hits", get(), 2)
}

// Whether there is enough money is looked at, and then it is taken.
func TestOverdrawn(t *testing.T) {
	var cents atomic.Int64
	cents.Store(10)
	var mu sync.Mutex
	var log []string
	buy := func(what string) func() {
		return func() {
			if cents.Load() >= 7 {
				mu.Lock()
				log = append(log, what)
				mu.Unlock()
				cents.Add(-7)
			}
		}
	}
	together(buy("tea"), buy("milk"))
	if n := cents.Load(); n < 0 {
		t.Errorf("%d cents left after %v", n, log)
	}
}

// The same of a number that nobody guards but its own operations: there is no lock and
// no channel at which one of them could be held up.
func TestOverdrawnAtOnce(t *testing.T) {
	var cents atomic.Int64
	cents.Store(10)
	buy := func() {
		if cents.Load() >= 7 {
			cents.Add(-7)
		}
	}
	together(buy, buy)
	if n := cents.Load(); n < 0 {
		t.Errorf("%d cents left", n)
	}
}

// A buffer is given back to the pool before what it holds was read.
func TestGivenBackTooEarly(t *testing.T) {
	pool := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	var mu sync.Mutex
	render := func(name string) string {
		b := pool.Get().(*bytes.Buffer)
		b.Reset()
		fmt.Fprintf(b, "hello %s", name)
		pool.Put(b)
		mu.Lock() // one reads at a time
		defer mu.Unlock()
		return b.String()
	}
	greet := func(name string) func() {
		return func() {
			if got := render(name); got != "hello "+name {
				t.Errorf("%s gets %q", name, got)
			}
		}
	}
	together(greet("ann"), greet("bob"))
}

// Two pieces of one fact are published one after the other, and read in between.
func TestHalfPublished(t *testing.T) {
	var mu sync.Mutex
	var leader string
	var term int
	together(
		func() {
			mu.Lock()
			term = 2
			mu.Unlock()
			mu.Lock()
			leader = "ann"
			mu.Unlock()
		},
		func() {
			mu.Lock()
			defer mu.Unlock()
			if term == 2 && leader == "" {
				t.Error("term 2 has no leader")
			}
		},
	)
}

// Messages are handed to goroutines of their own, and arrive in any order.
func TestOvertaken(t *testing.T) {
	var mu sync.Mutex
	var got []int
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, i)
		})
		time.Sleep(100 * time.Microsecond)
	}
	wg.Wait()
	for i := range got {
		if got[i] != i {
			t.Errorf("they arrive as %v", got)
			break
		}
	}
}

// The time-out and the answer both decide a call.
func TestAnsweredAndTimedOut(t *testing.T) {
	var decided atomic.Int32
	answer := make(chan bool)
	watch := time.AfterFunc(3*time.Millisecond, func() { decided.Add(1) })
	go func() {
		time.Sleep(time.Millisecond)
		steps(20)
		close(answer)
	}()
	<-answer
	watch.Stop()
	decided.Add(1)
	want(t, "decisions", int(decided.Load()), 1)
}
