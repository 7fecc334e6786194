// Package world has tests that share things with each other and with what was there
// before them: goroutines, channels, groups and servers of package variables, of
// initialisation and of TestMain. Each passes in plain Go, alone and among the others.
package world

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// server is there before the tests.
var server *httptest.Server

// seen is what TestMain finds when the tests are over.
var seen = struct {
	before, after int
}{}

func TestMain(m *testing.M) {
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Millisecond)
		fmt.Fprint(w, "hello ", r.URL.Path)
	}))
	begin := time.Now()
	time.Sleep(20 * time.Millisecond)
	if d := time.Since(begin); d < 20*time.Millisecond {
		fmt.Println("TestMain has slept for", d)
		os.Exit(1)
	}
	code := m.Run()
	server.Close()
	http.DefaultClient.CloseIdleConnections()
	if left := waitForNone("world.about"); left > 0 {
		fmt.Println(left, "goroutines are left that were about to end")
		code = 1
	}
	os.Exit(code)
}

// waitForNone waits up to a second until no goroutine is in a function, and returns how
// many are left.
func waitForNone(function string) (left int) {
	for range 50 {
		buf := make([]byte, 1<<20)
		if left = strings.Count(string(buf[:runtime.Stack(buf, true)]), function+"("); left == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return left
}

func get(t *testing.T, path string) {
	t.Helper()
	r, err := http.Get(server.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil || string(body) != "hello "+path {
		t.Fatalf("%q, %v", body, err)
	}
}

// The second one finds the connection of the first.
func TestServerOne(t *testing.T) { get(t, "/one") }

func TestServerTwo(t *testing.T) { get(t, "/two") }

// squares is a pool that is made when it is first asked.
var squares struct {
	once sync.Once
	ask  chan [2]chan int
}

func square(n int) int {
	squares.once.Do(func() {
		squares.ask = make(chan [2]chan int)
		for range 3 {
			go func() {
				for q := range squares.ask {
					v := <-q[0]
					q[1] <- v * v
				}
			}()
		}
	})
	q := [2]chan int{make(chan int, 1), make(chan int)}
	q[0] <- n
	squares.ask <- q
	return <-q[1]
}

func squareSome(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if got := square(i); got != i*i {
				t.Errorf("%d", got)
			}
		})
	}
	wg.Wait()
}

func TestPoolOne(t *testing.T) { squareSome(t) }

func TestPoolTwo(t *testing.T) { squareSome(t) }

// A bubble of a test's own may ask a goroutine of the world.
func TestPoolInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got atomic.Int64
		begin := time.Now()
		go func() {
			time.Sleep(time.Second)
			echoes <- &got
		}()
		time.Sleep(2 * time.Second)
		for got.Load() == 0 {
			runtime.Gosched()
		}
		if d := time.Since(begin); d != 2*time.Second {
			t.Errorf("%v", d)
		}
	})
}

// echoes is served from initialisation on, at a leisurely pace.
var echoes = make(chan *atomic.Int64)

func init() {
	go func() {
		for e := range echoes {
			time.Sleep(10 * time.Millisecond)
			e.Store(1)
		}
	}()
}

// lines is what a logger has written, and flushed from time to time.
var lines struct {
	once  sync.Once
	mu    sync.Mutex
	buf   bytes.Buffer
	lines chan string
	flush *time.Ticker
	n     int
}

func note(s string) {
	lines.once.Do(func() {
		lines.lines = make(chan string, 4)
		lines.flush = time.NewTicker(50 * time.Millisecond)
		go func() {
			for {
				select {
				case s := <-lines.lines:
					lines.buf.WriteString(s + "\n")
				case <-lines.flush.C:
					lines.mu.Lock()
					lines.n += strings.Count(lines.buf.String(), "\n")
					lines.buf.Reset()
					lines.mu.Unlock()
				}
			}
		}()
	})
	lines.lines <- s
}

func noteSome(t *testing.T) {
	lines.mu.Lock()
	was := lines.n
	lines.mu.Unlock()
	for i := range 10 {
		note(fmt.Sprint(t.Name(), i))
	}
	time.Sleep(120 * time.Millisecond)
	lines.mu.Lock()
	defer lines.mu.Unlock()
	if lines.n != was+10 {
		t.Errorf("%d lines flushed of 10", lines.n-was)
	}
}

func TestFlusherOne(t *testing.T) { noteSome(t) }

func TestFlusherTwo(t *testing.T) { noteSome(t) }

// coarse is a clock that is set by a goroutine from initialisation.
var coarse atomic.Int64

func init() {
	go func() {
		for {
			coarse.Store(time.Now().UnixMilli())
			time.Sleep(5 * time.Millisecond)
		}
	}()
}

func TestCoarseClock(t *testing.T) {
	begin := coarse.Load()
	time.Sleep(300 * time.Millisecond)
	if d := coarse.Load() - begin; d < 280 || d > 320 {
		t.Errorf("the coarse clock has moved by %d ms in 300", d)
	}
}

// room is how many may work at once.
var room = make(chan struct{}, 2)

// working is a group of a package variable.
var working sync.WaitGroup

func workSome(t *testing.T) {
	var now, most atomic.Int64
	for range 6 {
		working.Add(1)
		go func() {
			defer working.Done()
			room <- struct{}{}
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(3 * time.Millisecond)
			now.Add(-1)
			<-room
		}()
	}
	working.Wait()
	if most.Load() != 2 {
		t.Errorf("%d at once", most.Load())
	}
}

func TestRoomOne(t *testing.T) { workSome(t) }

func TestRoomTwo(t *testing.T) { workSome(t) }

// A hook of a package variable, at which a goroutine waits while the test sleeps.
var hook = make(chan string)

func TestHook(t *testing.T) {
	got := make(chan string)
	go func() { got <- "echo " + <-hook }()
	time.Sleep(10 * time.Millisecond)
	hook <- "a"
	if s := <-got; s != "echo a" {
		t.Error(s)
	}
}

func about() { time.Sleep(30 * time.Millisecond) }

// TestAbout leaves goroutines that are about to end.
func TestAbout(t *testing.T) {
	for range 3 {
		go about()
	}
}

// A cleanup looks for goroutines that are left, and gives them a moment.
func TestCleanupLooks(t *testing.T) {
	t.Cleanup(func() {
		if left := waitForNone("world.about"); left > 0 {
			t.Errorf("%d left", left)
		}
	})
	go about()
}

// Who waits for a test is known by how it waits.
func TestStacks(t *testing.T) {
	buf := make([]byte, 1<<20)
	all := strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n")
	found := false
	for _, one := range all {
		if strings.Contains(one, "synctest") || strings.Contains(one, "durable") || strings.Contains(one, "samerun") && !strings.Contains(one, "samerunSock") {
			t.Errorf("%s", one)
		}
		found = found || strings.HasPrefix(one, "goroutine 1 [chan receive]:\ntesting.(*T).Run(")
	}
	if !found {
		t.Errorf("nobody waits for the test:\n%s", buf)
	}
	if n := runtime.NumGoroutine(); n != len(all) {
		t.Errorf("%d goroutines, and %d stacks", n, len(all))
	}
}

// A bubble that a test makes is exact.
func TestBubbleIsExact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var mu sync.Mutex
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				for range 20 {
					mu.Lock()
					time.Now()
					mu.Unlock()
					runtime.Gosched()
				}
				time.Sleep(time.Duration(i) * 100 * time.Millisecond)
			})
		}
		wg.Wait()
		if d := time.Since(begin); d != 400*time.Millisecond {
			t.Errorf("%v", d)
		}
		synctest.Wait()
	})
}

// Parallel subtests run together, and may wait for each other.
func TestParallelSubtests(t *testing.T) {
	var all sync.WaitGroup
	all.Add(3)
	done := make(chan int, 3)
	t.Cleanup(func() {
		if len(done) != 3 {
			t.Errorf("%d of 3 subtests are done", len(done))
		}
	})
	for i := range 3 {
		t.Run("one", func(t *testing.T) {
			t.Parallel()
			all.Done()
			all.Wait()
			time.Sleep(time.Duration(i) * time.Millisecond)
			done <- i
		})
	}
	if len(done) != 0 {
		t.Error("a parallel subtest did not wait for the end of the function of its test")
	}
}
