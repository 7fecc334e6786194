// Package worldends has ways in which a process of tests can come to its end before and
// behind the tests, and what go test runs behind them. Its go line asks for the timer
// channels from before 1.23.
package worldends

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// asks are answered by a goroutine from initialisation.
var asks = make(chan chan int)

func ask() int {
	c := make(chan int)
	asks <- c
	return <-c
}

func init() {
	go func() {
		for c := range asks {
			time.Sleep(time.Millisecond)
			c <- 7
		}
	}()
	if os.Getenv("END") == "init" {
		<-make(chan int)
	}
}

func TestMain(m *testing.M) {
	switch os.Getenv("END") {
	case "child":
		// Another process lives in real time.
		begin := time.Now()
		time.Sleep(20 * time.Millisecond)
		fmt.Println("child", time.Since(begin) >= 20*time.Millisecond)
		os.Exit(0)
	case "lock":
		var mu sync.Mutex
		mu.Lock()
		mu.Lock()
	case "exit":
		os.Exit(5)
	case "signal":
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGUSR1)
		syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
		fmt.Println("signal", <-c)
	}
	code := m.Run()
	switch os.Getenv("END") {
	case "behind":
		<-make(chan int)
	case "goexit":
		runtime.Goexit()
	case "other":
		go func() { time.Sleep(time.Hour); fmt.Println("ended by another"); os.Exit(6) }()
		select {}
	}
	os.Exit(code)
}

func TestOldTimers(t *testing.T) {
	tm := time.NewTimer(time.Millisecond)
	time.Sleep(10 * time.Millisecond)
	if tm.Stop() {
		t.Error("it has not gone off")
	}
	<-tm.C
	tick := time.NewTicker(time.Millisecond)
	<-tick.C
	tick.Stop()
	fmt.Println(t.Name(), cap(tm.C), ask())
}

func TestChild(t *testing.T) {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "END=child")
	out, err := c.Output()
	fmt.Printf("%s %s %v\n", t.Name(), out[:len(out)-1], err)
}

// TestLate leaves a goroutine that panics when the test has returned.
func TestLate(t *testing.T) {
	if os.Getenv("END") == "late" {
		go func() { time.Sleep(time.Second); panic("too late") }()
	}
}

// What go test runs behind the tests is in real time; the goroutine from initialisation
// answers all the same.
func Example() {
	begin := time.Now()
	time.Sleep(3 * time.Millisecond)
	fmt.Println(ask(), time.Since(begin) >= 3*time.Millisecond)
	// Output: 7 true
}

func FuzzAsk(f *testing.F) {
	f.Add(3)
	f.Fuzz(func(t *testing.T, n int) {
		if ask() != 7 {
			t.Error(n)
		}
		t.Run("sub", func(t *testing.T) { time.Sleep(time.Millisecond) })
	})
}

func BenchmarkAsk(b *testing.B) {
	for b.Loop() {
		ask()
	}
}
