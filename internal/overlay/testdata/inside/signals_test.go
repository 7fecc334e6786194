//go:build unix

package inside

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A signal that a test sends to itself arrives, in virtual time.
func TestSignalArrives(t *testing.T) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	defer signal.Stop(c)
	begin := time.Now()
	for i := range 5 {
		time.Sleep(time.Second)
		syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
		select {
		case s := <-c:
			if s != syscall.SIGUSR1 {
				t.Fatal(s)
			}
		case <-time.After(time.Second):
			t.Fatal("signal", i, "has not come")
		}
	}
	fmt.Println(t.Name(), time.Since(begin))
}

// By os.Process, to several channels, of which one wants all.
func TestSignalChannels(t *testing.T) {
	one, both, all := make(chan os.Signal, 10), make(chan os.Signal, 10), make(chan os.Signal, 10)
	signal.Notify(one, syscall.SIGUSR1)
	signal.Notify(both, syscall.SIGUSR1, syscall.SIGHUP)
	signal.Notify(all)
	p, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	churn() // the runtime stops goroutines by a signal of its own
	var mu sync.Mutex
	var got []string
	for name, c := range map[string]chan os.Signal{"one": one, "both": both, "all": all} {
		go func() {
			for s := range c {
				mu.Lock()
				got = append(got, fmt.Sprint(name, " ", s))
				mu.Unlock()
			}
		}()
	}
	for _, s := range []os.Signal{syscall.SIGUSR1, syscall.SIGHUP, syscall.SIGURG} {
		if err := p.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(time.Second)
	signal.Stop(both)
	p.Signal(syscall.SIGHUP)
	time.Sleep(time.Second)
	signal.Reset()
	mu.Lock()
	defer mu.Unlock()
	if len(got) != 7 {
		t.Fatal(got)
	}
	fmt.Println(t.Name(), got)
}

func TestSignalContext(t *testing.T) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	time.AfterFunc(time.Minute, func() { syscall.Kill(syscall.Getpid(), syscall.SIGTERM) })
	begin := time.Now()
	<-ctx.Done()
	if d := since(begin); d < time.Minute || d > time.Minute+time.Second {
		t.Fatal(d)
	}
	fmt.Println(t.Name(), time.Now())
}

// One that is ignored does nothing; after Stop, none comes.
func TestSignalIgnored(t *testing.T) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR2)
	signal.Ignore(syscall.SIGUSR2)
	if !signal.Ignored(syscall.SIGUSR2) {
		t.Fatal("not ignored")
	}
	syscall.Kill(syscall.Getpid(), syscall.SIGUSR2)
	time.Sleep(time.Second)
	signal.Notify(c, syscall.SIGUSR2)
	syscall.Kill(syscall.Getpid(), syscall.SIGUSR2)
	signal.Stop(c)
	if len(c) != 1 {
		t.Fatal("what was sent before Stop has not come")
	}
	d := make(chan os.Signal, 1)
	signal.Notify(d, syscall.SIGUSR2)
	defer signal.Stop(d)
	<-c
	syscall.Kill(syscall.Getpid(), syscall.SIGUSR2)
	<-d
	if len(c) != 0 {
		t.Fatal("a signal came after Stop")
	}
}

func TestSignalOnlyAsked(t *testing.T) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR2)
	signal.Stop(c)
}

// Signals and goroutines of their own, all at once.
func TestSignalsOfMany(t *testing.T) {
	c := make(chan os.Signal, 100)
	signal.Notify(c, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGHUP, syscall.SIGWINCH)
	defer signal.Stop(c)
	each := []syscall.Signal{syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGHUP, syscall.SIGWINCH}
	var wg sync.WaitGroup
	for _, s := range each {
		wg.Go(func() {
			for range 5 {
				syscall.Kill(syscall.Getpid(), s)
				time.Sleep(time.Millisecond)
			}
		})
	}
	wg.Wait()
	time.Sleep(time.Second)
	var got []string
	for len(c) > 0 {
		got = append(got, (<-c).String())
	}
	if len(got) != 20 {
		t.Fatal(len(got), got)
	}
	fmt.Println(t.Name(), got)
}
