package sched

// WaitGroup is sync.WaitGroup for tasks. The zero value has a count of 0. It
// must not be copied after first use.
type WaitGroup struct {
	binding
	n     int
	queue waitq
}

// Add adds delta to the count, which panics if it becomes negative, and wakes
// the waiting tasks if it becomes 0.
func (g *WaitGroup) Add(delta int) {
	t := g.task("WaitGroup.Add")
	if left := g.n + delta; delta < 0 && left >= 0 {
		t.s.counts(g, -delta, left) // in which order is all the same
	} else {
		t.s.Touch(g, ToWrite)
	}
	if g.n+delta < 0 {
		misuse(t, "sync: negative WaitGroup counter")
		return
	}
	g.n += delta
	if g.n == 0 {
		t.s.join(g)
		for w := g.queue.pop(); w != nil; w = g.queue.pop() {
			t.s.Wake(w)
		}
		t.s.join(nil)
	}
}

// Done takes one from the count.
func (g *WaitGroup) Done() { g.Add(-1) }

// Go starts f as a task that is counted until it returns.
func (g *WaitGroup) Go(f func()) {
	t := g.task("WaitGroup.Go")
	g.Add(1)
	t.s.goFrom(t, "", func() {
		defer g.Done()
		f()
	}, f)
}

// Wait waits until the count is 0.
func (g *WaitGroup) Wait() {
	t := g.task("WaitGroup.Wait")
	t.s.Touch(g, ToRead)
	if g.n > 0 {
		g.queue.push(t)
		t.s.Block(t, "WaitGroup.Wait", g)
	}
}
