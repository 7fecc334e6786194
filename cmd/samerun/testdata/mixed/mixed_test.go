// Package mixed has tests of all three kinds: of tasks, of goroutines, and ordinary ones.
package mixed

import (
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// notes are what arrived at the server.
type notes struct {
	mu  sync.Mutex
	all []int
}

func (n *notes) Deliver(m *sim.Message)      {}
func (n *notes) Drop(*sim.Message, sim.Fate) {}

type note struct {
	*notes
	v int
}

func (n note) Deliver(*sim.Message) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, n.v)
}

// scenario sends five notes and trusts the network. It runs on both engines.
func scenario(w *sim.World) {
	got := &notes{}
	kind := w.Kind("note")
	server, client := w.Node("server"), w.Node("client")
	server.Start(func() {})
	w.Inject(fault.Flaky(), 2*time.Second)
	client.Start(func() {
		for i := range 5 {
			w.Link(client, server).Send(&sim.Message{Kind: kind}, 0, note{got, i})
			w.Sleep(100 * time.Millisecond)
		}
	})
	w.Always("no note is there twice", func() error {
		seen := map[int]bool{}
		for _, v := range got.all {
			if seen[v] && os.Getenv("MIXED_BUG") != "" {
				return errors.New("a note is there twice")
			}
			seen[v] = true
		}
		return nil
	})
	w.Sleep(3 * time.Second)
}

func TestTasks(t *testing.T) { sim.Test(t, scenario) }

func TestGoroutines(t *testing.T) { sim.Test(t, scenario, sim.Goroutines) }

func TestOrdinary(t *testing.T) {
	var wg sync.WaitGroup
	begin := time.Now()
	for range 3 {
		wg.Go(func() { time.Sleep(50 * time.Millisecond) })
	}
	wg.Wait()
	if os.Getenv("SAMERUN_SEED") != "" && time.Since(begin) < 50*time.Millisecond {
		t.Error("time has not passed")
	}
	if os.Getenv("SAMERUN_SEED") == "" && testing.Short() {
		t.Skip("an hour, in plain Go")
	}
}
