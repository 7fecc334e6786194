package clock

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"
)

func TestWithTimeout(t *testing.T) {
	c := New()
	ctx, cancel := WithTimeout(context.Background(), c, time.Second, 0)
	defer cancel()
	if at, ok := ctx.Deadline(); !ok || !at.Equal(Epoch.Add(time.Second)) {
		t.Errorf("the deadline is %v, %v", at, ok)
	}
	c.Sleep(time.Second - 1)
	if ctx.Err() != nil {
		t.Error("ended early")
	}
	c.Sleep(1)
	if ctx.Err() != context.DeadlineExceeded || context.Cause(ctx) != context.DeadlineExceeded {
		t.Errorf("ended with %v, cause %v", ctx.Err(), context.Cause(ctx))
	}
	select {
	case <-ctx.Done():
	default:
		t.Error("Done is open")
	}
	late, cancel := WithTimeout(context.Background(), c, 0, 0)
	defer cancel()
	if late.Err() != context.DeadlineExceeded {
		t.Error("a timeout of 0 must end at once")
	}
	if late, cancel := WithDeadline(context.Background(), c, Epoch, 0); late.Err() != context.DeadlineExceeded {
		t.Error("a deadline in the past must end at once")
	} else {
		cancel()
	}
}

func TestCancel(t *testing.T) {
	c := New()
	ctx, cancel := WithTimeout(context.Background(), c, time.Hour, 0)
	cancel()
	cancel()
	if ctx.Err() != context.Canceled || c.Pending() != 0 {
		t.Errorf("ended with %v, %d timers left", ctx.Err(), c.Pending())
	}
	c.Sleep(2 * time.Hour)
	if ctx.Err() != context.Canceled {
		t.Error("the end changed")
	}
	ended, cancel := WithCancel(ctx, c)
	defer cancel()
	if ended.Err() != context.Canceled {
		t.Error("a child of an ended parent must be ended")
	}
	defer func() {
		if recover() == nil {
			t.Error("a nil parent was taken")
		}
	}()
	var none context.Context
	WithCancel(none, c)
}

type key struct{}

// Children of every kind end with their parent, in the same call and without a
// goroutine that would wait for it in real time.
func TestChildrenEndAtOnce(t *testing.T) {
	c := New()
	before := runtime.NumGoroutine()
	parent, cancel := WithCancel(context.WithValue(context.Background(), key{}, "v"), c)
	value := context.WithValue(parent, key{}, "w")
	std, stop := context.WithCancel(value)
	defer stop()
	stdDeep, stop2 := context.WithCancel(std)
	defer stop2()
	ours, stop3 := WithTimeout(value, c, time.Hour, 0)
	defer stop3()
	oursDeep, stop4 := WithCancel(ours, c)
	defer stop4()
	noCancel := context.WithoutCancel(parent)
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines were started", n-before)
	}
	calls := 0
	OnDone(value, c, func() { calls++ })
	OnDone(oursDeep, c, func() { calls++ })
	undo := OnDone(parent, c, func() { t.Error("called although it was taken back") })
	undo()
	undo()
	cancel()
	for i, ctx := range []context.Context{parent, value, std, stdDeep, ours, oursDeep} {
		if ctx.Err() != context.Canceled || context.Cause(ctx) != context.Canceled {
			t.Errorf("child %d: %v, cause %v", i, ctx.Err(), context.Cause(ctx))
		}
	}
	if calls != 2 || noCancel.Err() != nil || parent.Value(key{}) != "v" || ours.Value(key{}) != "w" || c.Pending() != 0 {
		t.Errorf("%d calls, %v, %d pending", calls, noCancel.Err(), c.Pending())
	}
	OnDone(parent, c, func() { calls++ })
	if calls != 3 {
		t.Error("OnDone of an ended context must call at once")
	}
}

// The end of a parent that the clock does not know is noticed before time moves.
func TestForeignParents(t *testing.T) {
	c := New()
	boom := errors.New("boom")
	foreign, end := context.WithCancelCause(context.Background())
	ours, cancel := WithTimeout(foreign, c, time.Hour, 0)
	defer cancel()
	child, cancel2 := WithCancel(ours, c)
	defer cancel2()
	done := 0
	OnDone(foreign, c, func() { done++ })
	OnDone(child, c, func() { done++ })
	undo := OnDone(foreign, c, func() { t.Error("called although it was taken back") })
	undo()
	c.After(time.Second, 0, Func(func() {
		if done != 2 {
			t.Error("time moved before the end was noticed")
		}
	}))
	end(boom)
	if !c.Step() || c.Now() != 0 || done != 2 {
		t.Errorf("at %v, %d of 2 were told", c.Now(), done)
	}
	for _, ctx := range []context.Context{ours, child} {
		if ctx.Err() != context.Canceled || context.Cause(ctx) != boom {
			t.Errorf("ended with %v because of %v", ctx.Err(), context.Cause(ctx))
		}
	}
	c.Step()
	if c.Now() != time.Second || len(c.watched) != 0 || c.Step() {
		t.Errorf("at %v, %d contexts are watched", c.Now(), len(c.watched))
	}
	// One of another clock is foreign too.
	other := New()
	theirs, end2 := WithCancel(context.Background(), other)
	ours, cancel3 := WithCancel(theirs, c)
	defer cancel3()
	end2()
	if c.Step(); ours.Err() != context.Canceled {
		t.Error("the end of another clock's context was not noticed")
	}
}

// Contexts that ended otherwise, or were taken back, are not watched for ever.
func TestWatchListShrinks(t *testing.T) {
	c := New()
	foreign, end := context.WithCancel(context.Background())
	defer end()
	for range 100 {
		_, cancel := WithTimeout(foreign, c, time.Hour, 0)
		cancel()
		OnDone(foreign, c, func() {})()
	}
	keep, cancel := WithCancel(foreign, c)
	defer cancel()
	c.After(1, 0, Func(func() {}))
	c.Step()
	if len(c.watched) != 1 || keep.Err() != nil {
		t.Errorf("%d contexts are watched, want 1", len(c.watched))
	}
	ev := &nothing{}
	if n := testing.AllocsPerRun(100, func() { c.After(1, 0, ev); c.Step() }); n != 0 {
		t.Errorf("watching costs %v allocations a step", n)
	}
}

func TestDeadlines(t *testing.T) {
	c := New()
	parent, cancel := WithTimeout(context.Background(), c, time.Second, 0)
	defer cancel()
	later, cancel2 := WithTimeout(parent, c, time.Hour, 0)
	defer cancel2()
	sooner, cancel3 := WithTimeout(parent, c, time.Millisecond, 0)
	defer cancel3()
	if at, _ := later.Deadline(); !at.Equal(Epoch.Add(time.Second)) {
		t.Errorf("the child's deadline is %v, want that of its parent", at)
	}
	if at, _ := sooner.Deadline(); !at.Equal(Epoch.Add(time.Millisecond)) {
		t.Errorf("the child's deadline is %v, want its own", at)
	}
	c.Sleep(time.Millisecond)
	if sooner.Err() == nil || parent.Err() != nil {
		t.Error("the child must end, and not the parent")
	}
	c.Sleep(time.Second)
	if later.Err() != context.DeadlineExceeded || c.Pending() != 0 {
		t.Errorf("the child ended with %v; %d timers left", later.Err(), c.Pending())
	}
}

// A hook may end other contexts, start some, and take hooks back.
func TestHooksThatMeddle(t *testing.T) {
	c := New()
	a, cancelA := WithCancel(context.Background(), c)
	b, cancelB := WithCancel(context.Background(), c)
	foreign, end := context.WithCancel(context.Background())
	var undo func()
	n := 0
	OnDone(a, c, func() {
		undo()
		cancelA()
		cancelB()
		x, cancel := WithCancel(foreign, c)
		OnDone(x, c, func() { n++ })
		_ = cancel
	})
	undo = OnDone(a, c, func() { t.Error("called although it was taken back by an earlier hook") })
	OnDone(b, c, func() { n++ })
	cancelA()
	end()
	c.Step()
	if n != 2 {
		t.Errorf("%d of 2 hooks were called", n)
	}
}
