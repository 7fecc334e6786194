package main

import (
	"context"
	"fmt"
	"log"
	"slices"
	"sync"
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

const (
	clients, lines = 2, 20
	grid           = 5 * time.Millisecond // of the times at which clients begin
)

// Three replicas, between which everything goes wrong for some seconds, and clients that do not
// give up soon. See the properties for what must hold.
func TestLedger(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		horizon := w.Horizon(6 * time.Second)
		c := &cluster{w: w}
		for i := range 3 {
			c.addresses = append(c.addresses, fmt.Sprintf("n%d:7000", i+1))
			c.nodes = append(c.nodes, w.Node(fmt.Sprintf("n%d", i+1)))
		}
		c.replicas, c.before = make([]*Replica, 3), make([]*Replica, 3)
		for i, n := range c.nodes {
			n.Start(func() { log.Fatal(c.serve(i)) })
		}
		quiet := w.Inject(chaos(), horizon).Quiet
		w.Always("replicas agree on every line", c.agree)
		w.Always("a replica remembers what it has told", c.remember)
		w.Always("no request is in the book twice", c.once)
		w.Always("an acknowledged line stays where it is", c.stays)

		var all sync.WaitGroup
		for i := range clients {
			all.Go(func() { c.append(fmt.Sprintf("c%d", i+1)) })
		}
		all.Wait()
		if d := quiet - w.Elapsed(); d > 0 {
			time.Sleep(d)
		}
		c.settle()
	}, sim.Goroutines)
}

// chaos is all that can go wrong with streams and disks. Streams do not double.
func chaos() fault.Plan {
	m := fault.Chaos()
	m.Rules = slices.DeleteFunc(m.Rules, func(r fault.Rule) bool { return r.Kind == fault.Duplicate || r.Kind == fault.Replay })
	return m
}

// cluster is the replicas, and what they are known to have said.
type cluster struct {
	w         *sim.World
	nodes     []*sim.Node
	addresses []string
	replicas  []*Replica // of each the present incarnation; nil before the first
	before    []*Replica // of each the one before, until it has been looked at; else nil

	seen [3]struct{ boot, lines int } // how much of each replica's book has been looked at
	book []Entry                      // the lines, as who knew them first had them

	mu           sync.Mutex
	acknowledged []acknowledgement
	due, checked int // of them
}

type acknowledgement struct {
	line int
	text string
}

// serve is the main function of a replica.
func (c *cluster) serve(i int) error {
	r, err := NewReplica(Config{Addresses: c.addresses, Me: i, Dir: c.nodes[i].Dir()})
	if err != nil {
		return err
	}
	c.before[i], c.replicas[i] = c.replicas[i], r
	return Serve(":7000", r)
}

// append has a client append its lines.
func (c *cluster) append(name string) {
	client := &Client{Name: name, Addresses: c.addresses}
	for step := range c.w.Steps(name, lines, sim.Durations{Min: 50 * time.Millisecond, Max: 600 * time.Millisecond}) {
		// As clients do that begin by the clock: often several at a time.
		time.Sleep(grid - c.w.Elapsed()%grid)
		text := fmt.Sprintf("%s.%d", name, step.N)
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		line, err := client.Append(ctx, text)
		cancel()
		if err != nil {
			c.w.Logf("%v", err)
			continue
		}
		c.mu.Lock()
		c.acknowledged = append(c.acknowledged, acknowledgement{line, text})
		c.mu.Unlock()
	}
}

// agree looks at the lines that replicas have learnt since.
func (c *cluster) agree() error {
	due := len(c.acknowledged)
	for i, r := range c.replicas {
		seen := &c.seen[i]
		if !c.nodes[i].Up() || r == nil {
			continue
		}
		if boot := c.nodes[i].Boot(); boot != seen.boot {
			seen.boot, seen.lines = boot, 0
		}
		if !r.mu.TryLock() {
			due = c.due // it is in the middle of something: look again
			continue
		}
		list := r.book.after(seen.lines)
		r.mu.Unlock()
		for _, l := range list {
			if seen.lines == len(c.book) {
				c.book = append(c.book, l)
			} else if l != c.book[seen.lines] {
				return fmt.Errorf("line %d is %s at %s, and was %s", seen.lines+1, l.Text, c.nodes[i], c.book[seen.lines].Text)
			}
			seen.lines++
		}
	}
	c.due = due
	return nil
}

// remember compares what replicas that have started know with what they had told before.
func (c *cluster) remember() error {
	for i, old := range c.before {
		if old == nil {
			continue
		}
		c.before[i] = nil
		if !old.mu.TryLock() {
			continue // it crashed in the middle of something
		}
		err := error(nil)
		if r := c.replicas[i]; r.mu.TryLock() {
			err = old.forgotten(r)
			r.mu.Unlock()
		}
		old.mu.Unlock()
		if err != nil {
			return fmt.Errorf("%s has forgotten %w", c.nodes[i], err)
		}
	}
	return nil
}

// forgotten says what a replica knew and another one does not.
func (r *Replica) forgotten(by *Replica) error {
	if by.promised < r.promised {
		return fmt.Errorf("that it promised %v: now it is %v", r.promised, by.promised)
	}
	for i, a := range r.log {
		if i >= len(by.log) || by.log[i].Ballot < a.Ballot {
			return fmt.Errorf("that it accepted slot %d in ballot %v, %s", i+1, a.Ballot, a.Entry.Text)
		}
	}
	return nil
}

// once looks for a request that is there twice.
func (c *cluster) once() error {
	at := make(map[string]int)
	for i, l := range c.book {
		if j, twice := at[l.Text]; twice {
			return fmt.Errorf("%s is line %d and line %d", l.Text, j, i+1)
		}
		at[l.Text] = i + 1
	}
	return nil
}

// stays looks at what was acknowledged since.
func (c *cluster) stays() error {
	for ; c.checked < c.due; c.checked++ {
		a := c.acknowledged[c.checked]
		if a.line > len(c.book) || c.book[a.line-1].Text != a.text {
			return fmt.Errorf("%s was acknowledged as line %d, which no replica has there", a.text, a.line)
		}
	}
	return nil
}

// settle has one more line appended, and waits until all replicas have it.
func (c *cluster) settle() {
	for _, n := range c.nodes {
		if !n.Up() {
			n.Restart() // its disk had failed
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	last := &Client{Name: "last", Addresses: c.addresses}
	line, err := last.Append(ctx, "last")
	if err != nil {
		c.w.Failf("no line can be appended half a minute after the last fault: %v", err)
	}
	for i, address := range c.addresses {
		for {
			list, err := List(ctx, address)
			if err == nil && len(list) >= line {
				break
			}
			if ctx.Err() != nil {
				c.w.Failf("%s lags behind half a minute after the last fault", c.nodes[i])
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	c.acknowledged = append(c.acknowledged, acknowledgement{line, "last"})
	time.Sleep(time.Second)
	c.w.Sometimes("a request is not acknowledged", len(c.acknowledged) < clients*lines+1)
	for i, r := range c.replicas {
		c.w.Sometimes("a replica crashes", c.nodes[i].Boot() > 1)
		c.w.Sometimes("there is another leader than the first", r.promised.leader() != 0)
	}
}
