package clock

import (
	"context"
	"slices"
	"time"
)

// WithCancel is context.WithCancel for code that runs in virtual time.
//
// A parent that this package made passes its end on at once, through
// context.WithValue too, and to all children that package context derives from
// it. Of any other parent, such as one that context.WithCancel made, the end is
// noticed before the clock next moves, which takes no virtual time.
func WithCancel(parent context.Context, c *Clock) (context.Context, context.CancelFunc) {
	r := newRoot(parent, c)
	return r.inner, func() { r.end(context.Canceled) }
}

// WithTimeout is context.WithTimeout in virtual time: the context ends with
// context.DeadlineExceeded when d has passed. tie orders that among the events
// of its instant.
func WithTimeout(parent context.Context, c *Clock, d time.Duration, tie uint64) (context.Context, context.CancelFunc) {
	return WithDeadline(parent, c, c.Time().Add(d), tie)
}

// WithDeadline is context.WithDeadline in virtual time: the deadline is a date
// by the true clock, counted from Epoch.
func WithDeadline(parent context.Context, c *Clock, at time.Time, tie uint64) (context.Context, context.CancelFunc) {
	r := newRoot(parent, c)
	if cur, ok := parent.Deadline(); !ok || at.Before(cur) {
		r.deadline, r.bounded = at, true
	}
	if d := at.Sub(c.Time()); d <= 0 {
		r.end(context.DeadlineExceeded)
	} else if r.err == nil {
		r.timer = c.AfterFunc(d, tie, func() { r.end(context.DeadlineExceeded) })
	}
	return r.inner, func() { r.end(context.Canceled) }
}

// OnDone calls f once when ctx ends, as part of whatever ends it, or at once if
// it has ended. f must not block. It is how a scheduler wakes a task that waits
// for a context. ctx may be of any kind; WithCancel says how soon the end of a
// foreign one is noticed. stop takes f back.
func OnDone(ctx context.Context, c *Clock, f func()) (stop func()) {
	c.observe(Change{What: ContextUsed})
	r, ok := ctx.Value(rootKey{}).(*root)
	if !ok || r.c != c || r.inner.Done() != ctx.Done() {
		r = newRoot(ctx, c)
	}
	undo := r.AfterFunc(f)
	if foreign := r.inner.Done() != ctx.Done(); foreign {
		// Nobody else knows this root: ending it takes it off the watch list.
		return func() { undo(); r.end(context.Canceled) }
	}
	return func() { undo() }
}

// root is the part of a context that the clock ends. What callers get is a
// stdlib context derived from it: stdlib then treats the children of that as it
// treats its own, without a goroutine that would wait for them in real time.
//
// Invariant: done is closed if and only if err is set; hooks run once, in the
// order in which they came, when it is.
type root struct {
	context.Context // the parent
	c               *Clock
	inner           context.Context
	cancel          context.CancelFunc // of inner
	done            chan struct{}
	err             error
	deadline        time.Time
	bounded         bool // deadline is ours
	timer           *Timer
	hooks           []*hook
	unhook          func()
}

type hook struct{ f func() }

type rootKey struct{}

func newRoot(parent context.Context, c *Clock) *root {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	r := &root{Context: parent, c: c, done: make(chan struct{})}
	r.inner, r.cancel = context.WithCancel(r)
	if parent.Done() != nil {
		c.observe(Change{What: ContextUsed})
	}
	switch p, ok := parent.Value(rootKey{}).(*root); {
	case parent.Err() != nil:
		r.end(parent.Err())
	case parent.Done() == nil: // it never ends
	case ok && p.c == c && p.inner.Done() == parent.Done():
		undo := p.AfterFunc(func() { r.end(p.err) })
		r.unhook = func() { undo() }
	case c.source != nil:
		//samerun:allow goroutine: the clock follows a host, on which everything is a goroutine
		stop := context.AfterFunc(parent, func() { r.end(parent.Err()) })
		r.unhook = func() { stop() }
	default:
		c.watched = append(c.watched, r)
	}
	return r
}

// poll looks at the parents that cannot tell us of their end. It answers true
// if one has ended.
func (c *Clock) poll() bool {
	// The list is taken away first, because what a hook does may add to it.
	list := c.watched
	c.watched, c.unwatched = c.unwatched[:0], nil
	ended := false
	for _, r := range list {
		switch {
		case r.err != nil:
		case r.Context.Err() != nil:
			r.end(r.Context.Err())
			ended = true
		default:
			c.watched = append(c.watched, r)
		}
	}
	clear(list)
	c.unwatched = list[:0]
	return ended
}

func (r *root) end(err error) {
	r.c.observe(Change{What: ContextUsed})
	if r.err != nil {
		return
	}
	r.err = err
	close(r.done)
	if r.timer != nil {
		r.timer.Stop()
	}
	if r.unhook != nil {
		r.unhook()
	}
	hooks := r.hooks
	r.hooks = nil
	for _, h := range hooks {
		if h.f != nil {
			h.f()
		}
	}
	r.cancel()
}

// AfterFunc is the method by which package context asks a foreign parent to
// call it back instead of waiting in a goroutine.
func (r *root) AfterFunc(f func()) (stop func() bool) {
	if r.err != nil {
		f()
		return func() bool { return false }
	}
	h := &hook{f}
	r.hooks = append(r.hooks, h)
	return func() bool {
		i := slices.Index(r.hooks, h)
		h.f = nil
		if i < 0 {
			return false
		}
		r.hooks = slices.Delete(r.hooks, i, i+1)
		return true
	}
}

func (r *root) Done() <-chan struct{} { return r.done }
func (r *root) Err() error            { return r.err }

func (r *root) Deadline() (time.Time, bool) {
	if r.bounded {
		return r.deadline, true
	}
	return r.Context.Deadline()
}

func (r *root) Value(key any) any {
	if _, ok := key.(rootKey); ok {
		return r
	}
	return r.Context.Value(key)
}
