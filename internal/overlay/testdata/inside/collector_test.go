package inside

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"weak"
)

type thing struct {
	name string
	more *thing
}

// churn makes the collector run, if it runs by itself.
var sink []byte

func churn() {
	for range 200 {
		sink = make([]byte, 1<<20)
	}
	sink = nil
}

// What finalizers and cleanups do is part of the test.
//
//go:noinline
func register(n int, finalized, cleaned chan string) {
	for i := range n {
		a, b := &thing{name: fmt.Sprint(i)}, &thing{name: fmt.Sprint(i)}
		runtime.SetFinalizer(a, func(a *thing) { finalized <- a.name })
		runtime.AddCleanup(b, func(name string) { cleaned <- name }, fmt.Sprint(i))
	}
}

func TestFinalizers(t *testing.T) {
	finalized, cleaned := make(chan string), make(chan string)
	register(20, finalized, cleaned)
	churn()
	select {
	case name := <-finalized:
		t.Fatal(name, "was found by a collection that nobody asked for")
	case name := <-cleaned:
		t.Fatal(name, "was found by a collection that nobody asked for")
	case <-time.After(time.Second):
	}
	runtime.GC()
	var order []string
	for i, j := 0, 0; i < 20 || j < 20; {
		select {
		case name := <-finalized:
			if name != fmt.Sprint(i) {
				t.Fatal(name, "came as finalizer", i)
			}
			i++
			order = append(order, "f")
		case name := <-cleaned:
			if name != fmt.Sprint(j) {
				t.Fatal(name, "came as cleanup", j)
			}
			j++
			order = append(order, "c")
		case <-time.After(time.Second):
			t.Fatal("no more than", i, j)
		}
	}
	fmt.Println(t.Name(), strings.Join(order, ""), time.Now())
}

// A test that waits for a finalizer by a loop.
func TestFinalizerLoop(t *testing.T) {
	done := make(chan bool, 1)
	func() {
		a := &thing{more: &thing{}}
		runtime.SetFinalizer(a.more, func(any) { done <- true })
		runtime.SetFinalizer(a, func(fmt.Stringer) {})
	}()
	rounds := 0
	for {
		rounds++
		runtime.GC()
		select {
		case <-done:
			fmt.Println(t.Name(), rounds)
			return
		case <-time.After(10 * time.Millisecond):
		}
		if rounds > 10 {
			t.Fatal("not found")
		}
	}
}

func (t *thing) String() string { return t.name }

// A finalizer that is taken back, a cleanup that is stopped, and one that makes its object live again.
func TestFinalizerTakenBack(t *testing.T) {
	var mu sync.Mutex
	var ran []string
	var kept *thing
	add := func(s string) { mu.Lock(); ran = append(ran, s); mu.Unlock() }
	check := func() {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		if fmt.Sprint(ran) != "[c]" || kept.name != "c" {
			t.Fatal(ran)
		}
	}
	func() {
		a, b, c := &thing{name: "a"}, &thing{name: "b"}, &thing{name: "c"}
		runtime.SetFinalizer(a, func(a *thing) { add("a") })
		runtime.SetFinalizer(a, nil)
		runtime.AddCleanup(b, func(s string) { add(s) }, "b").Stop()
		runtime.SetFinalizer(c, func(c *thing) error { kept = c; add("c"); return nil })
	}()
	churn()
	for range 2 {
		runtime.GC()
		time.Sleep(time.Millisecond)
		check()
	}
}

// A weak pointer lasts until the test asks for a collection.
func TestWeak(t *testing.T) {
	var all []weak.Pointer[thing]
	func() {
		for i := range 100 {
			all = append(all, weak.Make(&thing{name: fmt.Sprint(i)}))
		}
	}()
	alive := func() (n int) {
		for _, p := range all {
			if p.Value() != nil {
				n++
			}
		}
		return n
	}
	churn()
	before := alive()
	runtime.GC()
	if after := alive(); before != 100 || after != 0 {
		t.Fatal(before, after)
	}
	fmt.Println(t.Name(), time.Now())
}

// Finalizers run one after another, also those of two collections.
func TestFinalizersInARow(t *testing.T) {
	var mu sync.Mutex
	running, ran := 0, 0
	for range 3 {
		func() {
			for range 3 {
				runtime.SetFinalizer(&thing{}, func(*thing) {
					mu.Lock()
					running++
					if running > 1 {
						t.Error("two at once")
					}
					mu.Unlock()
					time.Sleep(time.Second)
					mu.Lock()
					running--
					ran++
					mu.Unlock()
				})
			}
		}()
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	time.Sleep(10 * time.Second)
	mu.Lock()
	defer mu.Unlock()
	if ran != 9 {
		t.Fatal(ran)
	}
	fmt.Println(t.Name(), time.Now())
}
