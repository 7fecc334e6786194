// Package power is what the tests of stores share: a node that keeps batches in a store, a client
// that has it keep them, the power that goes, and what must be there when it is back.
package power

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// Batch is what a store is asked to keep, all of it or nothing: the keys "3.0", "3.1", … of the
// third batch, and "last", which is "3" then.
type Batch struct {
	Keys, Values []string
}

// Store is an engine as the test sees it.
type Store interface {
	// Keep has acknowledged the batch when it returns nil.
	Keep(Batch) error
	// All is everything that is there. A store that finds itself damaged says so.
	All() (map[string]string, error)
	Close() error
}

// Open opens the store in a folder, or makes it.
type Open func(dir string) (Store, error)

const batches = 40

// Check is a scenario: a client gives batches to the store of one node, to which happens what the
// plan has; its file system promises what level says. Each time that the node has started, and at the end, the store must have each batch
// that it acknowledged, no batch in part, nothing that nobody wrote, and what it had after the
// last start it must have still.
func Check(level sim.FileSystem, plan fault.Plan, open Open) func(*sim.World) {
	return func(w *sim.World) {
		n := w.Node("n1")
		n.FileSystem(level)
		s := &server{w: w, node: n, open: open, model: newModel()}
		n.Run(s.serve)
		quiet := w.Inject(plan, 10*time.Second).Quiet
		for step := range w.Steps("batch", batches, sim.Durations{Min: 50 * time.Millisecond, Max: 350 * time.Millisecond}) {
			s.keep(step)
		}
		if d := quiet - w.Elapsed(); d > 0 {
			time.Sleep(d)
		}
		for i := 0; !s.ask(request{done: make(chan error, 1)}); i++ {
			if i == 100 {
				w.Failf("the store is not open, long after the last fault")
			}
			time.Sleep(100 * time.Millisecond)
		}
		w.Sometimes("the power goes", n.Boot() > 1)
		w.Sometimes("the power goes while a batch is being kept", s.cut)
	}
}

// server is the node, in all its incarnations, and its client.
type server struct {
	w        *sim.World
	node     *sim.Node
	open     Open
	model    *model
	requests chan request // of the present incarnation
	cut      bool         // a batch had no answer
}

// request is a batch to be kept, or none, and then everything is looked at.
type request struct {
	batch *Batch
	n     int // its number
	done  chan error
}

// serve is what the node runs: it opens the store, looks at it, and serves. When a sync has failed
// it opens the store anew. There is no reason for any other error.
func (s *server) serve() error {
	requests := make(chan request)
	s.requests = requests
	dir := s.node.Dir()
	for {
		store, err := s.open(dir)
		if errors.Is(err, syscall.EIO) { // a sync failed
			time.Sleep(10 * time.Millisecond)
			continue
		}
		if err != nil {
			return fmt.Errorf("the store cannot be opened: %w", err)
		}
		if err := s.look(store); err != nil {
			return err
		}
		for err == nil {
			r := <-requests
			if r.batch == nil {
				if err := s.look(store); err != nil {
					return err
				}
			} else {
				s.model.begin(r.n, *r.batch)
				err = store.Keep(*r.batch)
			}
			r.done <- err
			if err != nil && !errors.Is(err, syscall.EIO) {
				return fmt.Errorf("the store refuses batch %d: %w", r.n, err)
			}
		}
		store.Close() // its error is of no use: the store has had one
		time.Sleep(10 * time.Millisecond)
	}
}

func (s *server) look(store Store) error {
	all, err := store.All()
	if err != nil {
		return fmt.Errorf("the store cannot be read: %w", err)
	}
	return s.model.check(all)
}

// keep is a step of the client.
func (s *server) keep(step sim.Step) {
	b := batch(step)
	if s.ask(request{&b, step.N, make(chan error, 1)}) {
		s.model.acknowledged(step.N)
	}
}

// ask sends a request to the node, and says whether it was done.
func (s *server) ask(r request) bool {
	select {
	case s.requests <- r:
	case <-time.After(time.Second):
		return false
	}
	select {
	case err := <-r.done:
		return err == nil
	case <-time.After(time.Second):
		s.cut = true
		return false
	}
}

// batch draws a batch: of one to four keys, each of a few bytes or of several sectors.
func batch(step sim.Step) (b Batch) {
	r := step.Rand()
	add := func(k, v string) { b.Keys, b.Values = append(b.Keys, k), append(b.Values, v) }
	for i := range 1 + r.IntN(4) {
		k := fmt.Sprintf("%d.%d", step.N, i)
		size := 1 + r.IntN(40)
		if r.IntN(3) == 0 {
			size = 1 + r.IntN(400)
		}
		add(k, strings.Repeat(k+",", size))
	}
	add("last", fmt.Sprint(step.N))
	return b
}
