package leaks

import (
	"runtime"
	"sync"
	"testing"
	"time"
)

// These tests cannot end, while others go on.

func ticks(with any) {
	for range time.Tick(100 * time.Millisecond) {
		runtime.KeepAlive(with)
	}
}

func TestPartLocks(t *testing.T) {
	a := new(server)
	b := &server{other: a}
	a.other = b
	go ticks(a)
	go a.call()
	b.call()
}

func TestPartChannel(t *testing.T) {
	go ticks(nil)
	c := make(chan int)
	go func() { <-c; <-c }()
	c <- 1
	time.Sleep(3 * time.Second)
	c <- 2
	c <- 3
}

// Who holds a lock for reading waits to write under it.
func TestPartUpgrade(t *testing.T) {
	mu := new(sync.RWMutex)
	go ticks(mu)
	mu.RLock()
	mu.Lock()
}

// A lock that is held for reading is taken for reading again, while somebody waits to write.
func TestPartReadsAgain(t *testing.T) {
	mu := new(sync.RWMutex)
	go ticks(mu)
	mu.RLock()
	go func() {
		mu.Lock()
		mu.Unlock()
	}()
	settle()
	mu.RLock()
}

// A lock is taken twice.
func TestPartTwice(t *testing.T) {
	mu := new(sync.Mutex)
	go ticks(mu)
	mu.Lock()
	mu.Lock()
}

// The subtest cannot end, and a ticker has its testing.T.
func TestPartSubtest(t *testing.T) {
	t.Run("a", func(t *testing.T) {
		t.Run("b", func(t *testing.T) {
			go ticks(t)
			var wg sync.WaitGroup
			wg.Add(1)
			wg.Wait()
		})
	})
}

// Somebody will give the lock back who has not taken it.
func TestHandedOver(t *testing.T) {
	var a, b sync.Mutex
	a.Lock()
	go func() {
		time.Sleep(20 * time.Second)
		a.Unlock()
	}()
	warm := new(sync.Mutex)
	warm.Lock()
	go warm.Unlock()
	settle()
	go func() {
		b.Lock()
		a.Lock()
		b.Unlock()
	}()
	settle()
	b.Lock()
}

// Those who read under a lock end in other goroutines than they begin, as transactions do.
func TestReadersHandedOver(t *testing.T) {
	mu := new(sync.RWMutex)
	for i := range 3 {
		mu.RLock()
		go func() {
			time.Sleep(time.Duration(i+1) * 200 * time.Millisecond)
			mu.RUnlock()
		}()
	}
	mu.Lock()
	mu.Unlock()
}

// Others wait for who waits for them.
func TestBehindReadersHandedOver(t *testing.T) {
	a, b := new(sync.RWMutex), new(sync.Mutex)
	a.RLock()
	go func() {
		time.Sleep(400 * time.Millisecond)
		a.RUnlock()
	}()
	go func() {
		b.Lock()
		a.Lock()
		a.Unlock()
		b.Unlock()
	}()
	settle()
	b.Lock()
}

// A lock is a signal.
func TestLockAsSignalHandedOver(t *testing.T) {
	mu := new(sync.Mutex)
	mu.Lock()
	go func() {
		time.Sleep(400 * time.Millisecond)
		mu.Unlock()
	}()
	mu.Lock()
}
