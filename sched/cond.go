package sched

// Cond is sync.Cond for tasks. L must be set before use, as NewCond does.
// It must not be copied after first use.
type Cond struct {
	L Locker
	binding
	queue waitq
}

// NewCond returns a Cond with Locker l.
func NewCond(l Locker) *Cond { return &Cond{L: l} }

// Wait unlocks c.L, waits for Signal or Broadcast, and locks c.L again.
func (c *Cond) Wait() {
	t := c.task("Cond.Wait")
	t.s.Touch(c, ToWrite)
	// Unlock comes first because it may panic, and the task must not stand in the
	// queue then. No other task runs between the two lines.
	c.L.Unlock()
	c.queue.push(t)
	t.s.Block(t, "Cond.Wait", c)
	c.L.Lock()
}

// Signal wakes the task that has waited longest, if there is one.
func (c *Cond) Signal() {
	t := c.task("Cond.Signal")
	t.s.Touch(c, ToWrite)
	if w := c.queue.pop(); w != nil {
		t.s.Wake(w)
	}
}

// Broadcast wakes all waiting tasks.
func (c *Cond) Broadcast() {
	t := c.task("Cond.Broadcast")
	t.s.Touch(c, ToWrite)
	for w := c.queue.pop(); w != nil; w = c.queue.pop() {
		t.s.Wake(w)
	}
}
