// Package node has tests of nodes, which ask the runtime of the overlay as samerun's own
// packages do, without them. Each prints what happens, so that two runs can be compared.
package node

import (
	"context"
	"fmt"
	"iter"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"
)

// host is what samerun's packages ask of a test.
type host interface {
	Now() int64
	Seed() uint64
	Key() uint64
	Digest(x uint64)
	Node() (node, boot int)
	ID() uint64
	Slot() *any
	Park(what string)
	Self() uintptr
	Unpark(token uintptr)
	NewNode(name string) (node int)
	Boot(node int) (boot int)
	Go(node int, id uint64, name string, fn func())
}

// of returns that of a test.
func of(t *testing.T) host {
	t.Helper()
	h, ok := any(t).(interface{ Samerun() any }).Samerun().(host)
	if !ok {
		t.Fatal("the test has no host: the method is not there, or there is no seed")
	}
	return h
}

// say prints a line with the time and the node of the caller.
func say(h host, format string, args ...any) {
	node, boot := h.Node()
	fmt.Printf("%12v n%d.%d %s\n", time.Duration(h.Now()), node, boot, fmt.Sprintf(format, args...))
}

// world makes nodes that are on, numbered from 1.
func world(t *testing.T, n int) host {
	h := of(t)
	for i := range n {
		if node := h.NewNode(fmt.Sprintf("n%d", i+1)); node != i+1 {
			t.Fatalf("node %d has the number %d", i+1, node)
		}
		if boot := h.Boot(i + 1); boot != 1 {
			t.Fatalf("the first boot of node %d is number %d", i+1, boot)
		}
	}
	return h
}

// What a goroutine starts runs on its node, by whatever way, and what finalizers start on none.
func TestInherit(t *testing.T) {
	h := world(t, 3)
	var wg sync.WaitGroup
	check := func(what string, want int) func() {
		wg.Add(1)
		return sync.OnceFunc(func() {
			defer wg.Done()
			if node, _ := h.Node(); node != want {
				t.Errorf("%s runs on node %d, want %d", what, node, want)
			}
			say(h, "%s", what)
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	timer := make(chan *time.Timer, 1)
	h.Go(1, 11, "one", func() {
		check("the function", 1)()
		go check("go", 1)()
		func() {
			var g sync.WaitGroup
			g.Go(check("WaitGroup.Go", 1))
			g.Wait()
		}()
		time.AfterFunc(time.Second, check("time.AfterFunc", 1))
		context.AfterFunc(ctx, check("context.AfterFunc", 1))
		deadline, stop := context.WithTimeout(context.Background(), time.Second)
		context.AfterFunc(deadline, check("a deadline", 1))
		_ = stop
		next, end := iter.Pull(func(yield func(int) bool) {
			check("iter.Pull", 1)()
			go check("go in iter.Pull", 1)()
			yield(1)
		})
		next()
		end()
		timer <- time.AfterFunc(time.Hour, check("a timer that another has set", 2))
	})
	h.Go(2, 12, "two", func() {
		(<-timer).Reset(time.Second)
		type object struct{ _ [100]byte }
		runtime.SetFinalizer(new(object), func(*object) { check("a finalizer", 0)() })
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 3 {
				runtime.GC()
			}
		}()
	})
	time.Sleep(2 * time.Second)
	cancel()
	wg.Wait()
}

// Who starts a goroutine says which identity it has; it has a place of its own.
func TestIdentity(t *testing.T) {
	h := world(t, 1)
	var wg sync.WaitGroup
	for id := range uint64(5) {
		wg.Add(1)
		h.Go(int(id%2), 100+id, "worker", func() {
			defer wg.Done()
			if h.ID() != 100+id || *h.Slot() != nil {
				t.Errorf("identity %d, slot %v; want %d and none", h.ID(), *h.Slot(), 100+id)
			}
			*h.Slot() = id
			time.Sleep(time.Second)
			if *h.Slot() != id {
				t.Errorf("the slot has %v, want %d", *h.Slot(), id)
			}
		})
	}
	wg.Wait()
	if h.Digest(1); h.Now() < int64(time.Second) || h.Key() == h.Seed() {
		t.Errorf("time %d, key %x, seed %x", h.Now(), h.Key(), h.Seed())
	}
}

// Goroutines hand a baton around, by Park and Unpark, and the race detector sees that what
// comes before an Unpark is known behind the Park.
func TestPark(t *testing.T) {
	h := world(t, 0)
	const n, rounds = 5, 20
	var tokens [n]uintptr
	var wg, all sync.WaitGroup
	all.Add(n)
	count := 0
	for i := range n {
		wg.Go(func() {
			tokens[i] = h.Self()
			all.Done()
			for range rounds {
				h.Park("baton")
				count++
				h.Unpark(tokens[(i+1)%n])
			}
		})
	}
	all.Wait()
	h.Unpark(tokens[0])
	wg.Wait()
	if count != n*rounds {
		t.Errorf("%d rounds, want %d", count, n*rounds)
	}
	h.Unpark(h.Self())
	h.Park("nothing: it was unparked before")
	h.Unpark(tokens[1]) // which has ended
}

// Who parks for ever is told with what it waits for.
func TestParkedForEver(t *testing.T) {
	if os.Getenv("ENDS") == "" {
		t.Skip("ends the process")
	}
	h := world(t, 1)
	h.Go(1, 1, "traveller", func() { h.Park("the first one") })
	h.Park("the last train")
}

func panics(f func()) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	f()
	return "nothing"
}

// What the runtime cannot do, it says.
func TestRefused(t *testing.T) {
	h := of(t)
	h.NewNode("n1")
	for _, c := range []struct {
		want string
		f    func()
	}{
		{"samerun: there is no node of that number in this test", func() { h.Boot(2) }},
		{"samerun: there is no node of that number in this test", func() { h.Go(-1, 1, "", func() {}) }},
		{"samerun: the node is off: boot it before a goroutine starts on it", func() { h.Go(1, 1, "", func() {}) }},
		{"samerun: the node is on already", func() { h.Boot(1); h.Boot(1) }},
	} {
		if got := panics(c.f); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
