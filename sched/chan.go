package sched

// Chan is a channel for tasks. A nil *Chan is like a nil channel: to send or to
// receive waits for ever. Make one with MakeChan.
//
// Invariants: a receiver waits only while the buffer is empty, a sender only
// while it is full, so that never both wait; count values lie in buf from head
// on, modulo its length; nobody waits at a closed channel.
type Chan[T any] struct {
	binding
	buf         []T
	head, count int
	closed      bool
	recvq       chanq[T]
	sendq       chanq[T]
	free        *party[T]
}

// party is one task that waits at a channel: what it sends, or what it is given.
type party[T any] struct {
	t          *Task
	prev, next *party[T]
	q          *chanq[T]
	val        T
	ok         bool      // the exchange happened (false: the channel was closed)
	sel        *selector // set if the task waits in a Select
	index      int       // the case of that Select
}

// MakeChan returns a channel with room for size values: make(chan T, size). It
// panics if size is negative.
func MakeChan[T any](size int) *Chan[T] {
	if size < 0 {
		panic("makechan: size out of range")
	}
	return &Chan[T]{buf: make([]T, size)}
}

// Send sends v. It panics if the channel is closed.
func (c *Chan[T]) Send(v T) {
	if c == nil {
		forever("Chan.Send (nil)")
	}
	t := c.task("Chan.Send")
	t.s.Touch(c, ToWrite)
	if c.trySend(t, v) {
		return
	}
	p := c.party(t)
	p.val = v
	c.sendq.push(p)
	t.queue = p
	t.s.Block(t, "Chan.Send", c)
	t.queue = nil
	ok := p.ok
	c.recycle(p)
	if !ok {
		misuse(t, "send on closed channel")
	}
}

// TrySend sends v if that needs no waiting, and says whether it did.
func (c *Chan[T]) TrySend(v T) bool {
	if c == nil {
		return false
	}
	t := c.task("Chan.TrySend")
	t.s.Touch(c, ToWrite)
	return c.trySend(t, v)
}

// Recv receives a value. ok is false if the channel is closed and empty.
func (c *Chan[T]) Recv() (v T, ok bool) {
	if c == nil {
		forever("Chan.Recv (nil)")
	}
	t := c.task("Chan.Recv")
	t.s.Touch(c, ToWrite)
	if v, ok, done := c.tryRecv(t); done {
		return v, ok
	}
	p := c.party(t)
	c.recvq.push(p)
	t.queue = p
	t.s.Block(t, "Chan.Recv", c)
	t.queue = nil
	v, ok = p.val, p.ok
	c.recycle(p)
	return v, ok
}

// TryRecv receives a value if that needs no waiting. done is false if it would
// have to wait; ok is as for Recv.
func (c *Chan[T]) TryRecv() (v T, ok, done bool) {
	if c == nil {
		return v, false, false
	}
	t := c.task("Chan.TryRecv")
	t.s.Touch(c, ToWrite)
	return c.tryRecv(t)
}

// All is for range loops: it receives until the channel is closed and empty.
func (c *Chan[T]) All() func(yield func(T) bool) {
	return func(yield func(T) bool) {
		for {
			if v, ok := c.Recv(); !ok || !yield(v) {
				return
			}
		}
	}
}

// Close closes the channel. It panics if that was done before, or c is nil.
func (c *Chan[T]) Close() {
	if c == nil {
		panic("close of nil channel")
	}
	t := c.task("Chan.Close")
	t.s.Touch(c, ToWrite)
	if c.closed {
		misuse(t, "close of closed channel")
		return
	}
	c.close(t.s)
}

// Len returns how many values are in the buffer.
func (c *Chan[T]) Len() int {
	if c == nil {
		return 0
	}
	s := c.s
	if s == nil {
		s = Running() // nobody has used it yet
	}
	if s != nil {
		s.Touch(c, ToRead)
	}
	return c.count
}

// Cap returns the size of the buffer.
func (c *Chan[T]) Cap() int {
	if c == nil {
		return 0
	}
	return len(c.buf)
}

func (c *Chan[T]) trySend(t *Task, v T) bool {
	if c.closed {
		misuse(t, "send on closed channel")
		return true
	}
	if p := c.recvq.take(); p != nil {
		p.val, p.ok = v, true
		t.s.Wake(p.t)
		return true
	}
	if c.count == len(c.buf) {
		return false
	}
	c.buf[(c.head+c.count)%len(c.buf)] = v
	c.count++
	return true
}

func (c *Chan[T]) tryRecv(t *Task) (v T, ok, done bool) {
	if c.count > 0 {
		v = c.buf[c.head]
		var zero T
		c.buf[c.head] = zero
		c.head = (c.head + 1) % len(c.buf)
		c.count--
		// The sender that has waited longest gets the room.
		if p := c.sendq.take(); p != nil {
			c.buf[(c.head+c.count)%len(c.buf)] = p.val
			c.count++
			p.ok = true
			t.s.Wake(p.t)
		}
		return v, true, true
	}
	if p := c.sendq.take(); p != nil { // no buffer
		p.ok = true
		t.s.Wake(p.t)
		return p.val, true, true
	}
	return v, false, c.closed
}

func (c *Chan[T]) close(s *Scheduler) {
	c.closed = true
	for p := c.recvq.take(); p != nil; p = c.recvq.take() {
		s.Wake(p.t)
	}
	for p := c.sendq.take(); p != nil; p = c.sendq.take() {
		s.Wake(p.t)
	}
}

func (c *Chan[T]) closeFromEvent() {
	c.s.Touch(c, ToWrite)
	if !c.closed {
		c.close(c.s)
	}
}

// forever is what a nil channel does.
func forever(op string) {
	t := current(op)
	t.s.Block(t, op, nil)
}
