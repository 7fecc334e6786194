package sched

// Case is one case of a Select: made by OnRecv, OnSend, or Default.
type Case interface {
	// try does the case if that needs no waiting.
	try(t *Task) bool
	ready() bool
	touch(t *Task)
	enter(t *Task, sel *selector, index int)
	// leave takes the case back after the wait; chosen says that it was served.
	leave(t *Task, chosen bool)
}

// Default is the case of a Select that is taken when no other is ready.
//
//samerun:allow global: a constant
var Default Case = defaultCase{}

// Select waits until one of the cases can be done, does it, and returns its
// index. Of several that are ready the seed chooses; at seed 0 the first. A
// Select without cases waits for ever.
//
//	var v int
//	switch sched.Select(in.OnRecv(&v, nil), out.OnSend(1), sched.Default) {
//	case 0: // v was received
//	case 1: // 1 was sent
//	case 2: // neither was ready
//	}
func Select(cases ...Case) int {
	t := current("Select")
	otherwise, n := -1, 0
	for i, c := range cases {
		c.touch(t)
		if c == Default {
			otherwise = i
		} else if c.ready() {
			n++
		}
	}
	if n > 0 {
		k := 0
		if key := t.s.chance(); key != 0 {
			t.selects++
			k = int(key.Str("select").With(t.id.Uint64()).With(t.selects).Below(uint64(n)))
		}
		for i, c := range cases {
			if c == Default || !c.ready() {
				continue
			}
			if k == 0 {
				c.try(t)
				return i
			}
			k--
		}
	}
	if otherwise >= 0 {
		return otherwise
	}
	sel := &selector{chosen: -1, cases: cases}
	for i, c := range cases {
		c.enter(t, sel, i)
	}
	t.queue = sel
	t.s.Block(t, "Select", sel)
	t.queue = nil
	for i, c := range cases {
		c.touch(t) // another may have found us waiting there
		c.leave(t, i == sel.chosen)
	}
	return sel.chosen
}

// selector is one Select that waits.
//
// Invariant: chosen is -1 until a partner has served one of the cases.
type selector struct {
	chosen int
	cases  []Case
}

func (s *selector) remove(t *Task) {
	for _, c := range s.cases {
		c.leave(t, false)
	}
}

// OnRecv is the case of receiving from c. The value goes to *v, and whether it
// is one (rather than the end of a closed channel) to *ok; either may be nil. A
// nil channel is never ready.
func (c *Chan[T]) OnRecv(v *T, ok *bool) Case { return &recvCase[T]{c: c, v: v, ok: ok} }

// OnSend is the case of sending v to c. It panics, when chosen, if c is closed.
// A nil channel is never ready.
func (c *Chan[T]) OnSend(v T) Case { return &sendCase[T]{c: c, v: v} }

type recvCase[T any] struct {
	c  *Chan[T]
	v  *T
	ok *bool
	p  *party[T]
}

func (r *recvCase[T]) ready() bool {
	return r.c != nil && (r.c.count > 0 || r.c.closed || r.c.sendq.waiting())
}

func (r *recvCase[T]) touch(t *Task) {
	if r.c != nil {
		t.s.Touch(r.c, ToWrite)
	}
}

func (r *recvCase[T]) try(t *Task) bool {
	v, ok, done := r.c.tryRecv(t)
	r.give(v, ok)
	return done
}

func (r *recvCase[T]) enter(t *Task, sel *selector, index int) {
	if r.c == nil {
		return
	}
	r.c.s = t.s
	r.p = r.c.party(t)
	r.p.sel, r.p.index = sel, index
	r.c.recvq.push(r.p)
}

func (r *recvCase[T]) leave(_ *Task, chosen bool) {
	if r.p == nil {
		return
	}
	if chosen {
		r.give(r.p.val, r.p.ok)
	}
	r.c.recvq.drop(r.p)
	r.c.recycle(r.p)
	r.p = nil
}

func (r *recvCase[T]) give(v T, ok bool) {
	if r.v != nil {
		*r.v = v
	}
	if r.ok != nil {
		*r.ok = ok
	}
}

type sendCase[T any] struct {
	c *Chan[T]
	v T
	p *party[T]
}

func (x *sendCase[T]) ready() bool {
	return x.c != nil && (x.c.closed || x.c.count < len(x.c.buf) || x.c.recvq.waiting())
}

func (x *sendCase[T]) touch(t *Task) {
	if x.c != nil {
		t.s.Touch(x.c, ToWrite)
	}
}

func (x *sendCase[T]) try(t *Task) bool { return x.c.trySend(t, x.v) }

func (x *sendCase[T]) enter(t *Task, sel *selector, index int) {
	if x.c == nil {
		return
	}
	x.c.s = t.s
	x.p = x.c.party(t)
	x.p.val, x.p.sel, x.p.index = x.v, sel, index
	x.c.sendq.push(x.p)
}

func (x *sendCase[T]) leave(t *Task, chosen bool) {
	if x.p == nil {
		return
	}
	closed := chosen && !x.p.ok
	x.c.sendq.drop(x.p)
	x.c.recycle(x.p)
	x.p = nil
	if closed {
		misuse(t, "send on closed channel")
	}
}

type defaultCase struct{}

func (defaultCase) try(*Task) bool              { return true }
func (defaultCase) ready() bool                 { return true }
func (defaultCase) touch(*Task)                 {}
func (defaultCase) enter(*Task, *selector, int) {}
func (defaultCase) leave(*Task, bool)           {}
