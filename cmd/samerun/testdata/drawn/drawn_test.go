// Package drawn has a property whose nodes run ordinary Go: a server that adds, and clients
// that ask again when they have no answer. With the bug, the server adds twice then.
package drawn

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/proptest"
	"samerun/sim"
	"samerun/sim/fault"
)

type adder struct {
	mu    sync.Mutex
	total int
	seen  map[string]bool
}

func (a *adder) add(id string, by int) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.seen[id] || os.Getenv("DRAWN_BUG") != "" {
		a.total += by
	}
	a.seen[id] = true
	return a.total
}

func (a *adder) serve() error {
	l, err := net.Listen("tcp", ":80")
	if err != nil {
		return err
	}
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer c.Close()
			var id string
			var by int
			for r := bufio.NewReader(c); ; {
				if _, err := fmt.Fscanln(r, &id, &by); err != nil {
					return
				}
				fmt.Fprintln(c, a.add(id, by))
			}
		}()
	}
}

func ask(id string, by int) error {
	c, err := net.DialTimeout("tcp", "server:80", time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(time.Second))
	if _, err := fmt.Fprintln(c, id, by); err != nil {
		return err
	}
	var total int
	_, err = fmt.Fscanln(c, &total)
	return err
}

func property(p *proptest.P) {
	faults := p.Faults(proptest.Names("server", "client0", "client1"), proptest.Horizon(5*time.Second), proptest.Kinds(fault.Cut, fault.Reset, fault.Stall))
	ops := proptest.Draw(p, proptest.Workloads(2, 8, 500*time.Millisecond, rapid.IntRange(1, 9)), "additions")
	times := proptest.Draw(p, rapid.IntRange(1, 3), "worlds")
	for range times {
		p.Run(faults, func(w *sim.World) {
			a := &adder{seen: map[string]bool{}}
			w.Node("server").Run(a.serve)
			want := 0
			for _, s := range ops {
				want += s.Op
			}
			w.Always("each addition counts once", func() error {
				a.mu.Lock()
				defer a.mu.Unlock()
				if a.total > want {
					return fmt.Errorf("the total is %d after additions of %d", a.total, want)
				}
				return nil
			})
			var mu sync.Mutex
			n := 0
			done := ops.Start(w, func(client, by int) {
				mu.Lock()
				n++
				id := fmt.Sprint(client, "-", n)
				mu.Unlock()
				for ask(id, by) != nil {
					time.Sleep(100 * time.Millisecond)
				}
			})
			w.Eventually("all are answered", 30*time.Second, done)
			w.Sometimes("there is something to do", len(ops) > 0)
		})
	}
	p.Logf("%d worlds", times)
	if os.Getenv("DRAWN_FAIL") != "" && len(ops) > 0 {
		p.Fail(errors.New("what was found later"))
	}
}

func TestAdditions(t *testing.T) { proptest.Check(t, property, proptest.Goroutines) }

// What cannot be, is told in a sentence.
func TestWith(t *testing.T) {
	switch os.Getenv("DRAWN_WITH") {
	case "strategy":
		proptest.Check(t, property, proptest.Goroutines, proptest.Strategy("pct:3"))
	case "value":
		proptest.Check(t, func(p *proptest.P) {
			f := proptest.Draw(p, rapid.Just(func() {}), "a function")
			p.Run(fault.Schedule{}, func(w *sim.World) { f(); w.Failf("always") })
		}, proptest.Goroutines)
	}
}

func FuzzAdditions(f *testing.F) { f.Fuzz(proptest.MakeFuzz(property, proptest.Goroutines)) }
