package sched

import (
	"fmt"
	"time"

	"samerun/clock"
	"samerun/internal/text"
)

// Group is a set of tasks that live and die together: a node's incarnation, in
// the terms of package sim. A task belongs to the group of the task that
// started it, unless it is started into another one.
//
// Make one with NewGroup. Invariants: frozen is final; held is empty unless
// paused; the list from first on holds every task of the group that has not
// ended, in the order in which they were started.
type Group struct {
	s           *Scheduler
	name        string
	index       int // among the groups of the scheduler
	view        *clock.View
	first, last *Task
	held        []*Task // ready, but paused
	paused      bool
	frozen      bool
	why         string // why it was frozen, for reports
	node        int    // of the host
	stretch     int64  // by how much its waits take longer, parts per million
	value       any
}

// NewGroup returns an empty group whose tasks see time through view; a nil view
// means the true time. value is for the owner, see Value.
func (s *Scheduler) NewGroup(name string, view *clock.View, value any) *Group {
	if view == nil {
		view = clock.NewView(s.clk)
	}
	s.Touch(nil, ToWrite)
	g := &Group{s: s, name: name, index: len(s.groups), view: view, value: value}
	s.groups = append(s.groups, g)
	return g
}

// Name returns the group's name.
func (g *Group) Name() string { return g.name }

// View returns the time as the group sees it.
func (g *Group) View() *clock.View { return g.view }

// Value returns what the owner of the group gave to NewGroup.
func (g *Group) Value() any { return g.value }

// thing is what each turn of a task of the group touches, in the terms of Touch.
func (g *Group) thing() groupThing { return groupThing(g.index) }

// Frozen says whether Freeze was called.
func (g *Group) Frozen() bool { return g.frozen }

// Freeze stops every task of the group where it stands, for good. None of their
// deferred calls run in the world; when the run is over, they are unwound with
// every effect switched off. A task that freezes its own group does not return
// from the call. why is told in deadlock reports: "crashed at 1.2s".
func (g *Group) Freeze(why string) {
	g.s.Touch(nil, ToWrite)
	if g.frozen {
		return
	}
	g.frozen, g.paused, g.why = true, false, why
	g.held = nil
	cur := g.s.Current()
	for t := g.first; t != nil; t = t.next {
		if t == cur {
			continue
		}
		t.state = frozen
		t.unwait()
	}
	if g.s.host != nil {
		g.s.host.crash(g)
		return
	}
	if cur != nil && cur.group == g {
		cur.state = frozen
		g.s.park(cur) // for ever
	}
}

// Pause keeps the tasks of the group from running until Resume: whatever wakes
// them meanwhile is remembered. A task that pauses its own group stops in the
// call.
func (g *Group) Pause() {
	g.s.Touch(nil, ToWrite)
	if g.frozen || g.paused {
		return
	}
	g.paused = true
	if g.s.host != nil {
		g.s.host.Pause(g.node)
	}
	if cur := g.s.Current(); cur != nil && cur.group == g {
		g.s.Yield()
	}
}

// Resume lets the tasks of a paused group go on, in the order in which they
// became ready.
func (g *Group) Resume() {
	g.s.Touch(nil, ToWrite)
	if !g.paused {
		return
	}
	g.paused = false
	if g.s.host != nil {
		g.s.host.Resume(g.node)
		return
	}
	held := g.held
	g.held = nil
	for _, t := range held {
		if t.state == isReady || t.state == fresh {
			t.resumed++
			g.s.add(t)
		}
	}
}

// Stretch lets every sleep and timer of the group that begins from now on take
// ppm millionths longer: a slow machine. 0 or less is the normal speed.
func (g *Group) Stretch(ppm int64) {
	g.s.Touch(nil, ToWrite)
	g.stretch = max(ppm, 0)
	if g.s.host != nil && g.node != 0 {
		g.s.host.Slow(g.node, g.stretch)
	}
}

// lasts returns how much true time passes while a task of the group waits for d.
func (g *Group) lasts(d time.Duration) time.Duration {
	d = g.view.True(d)
	if g.stretch == 0 || d <= 0 {
		return d
	}
	return clock.Stretch(d, g.stretch)
}

// String describes the group for reports.
func (g *Group) String() string {
	name := text.Line(g.name)
	switch {
	case g.frozen:
		return fmt.Sprintf("%s (%s)", name, g.why)
	case g.paused:
		return name + " (paused)"
	}
	return name
}

func (g *Group) link(t *Task) {
	t.prev, t.next = g.last, nil
	if g.last != nil {
		g.last.next = t
	} else {
		g.first = t
	}
	g.last = t
}

func (g *Group) unlink(t *Task) {
	if t.prev != nil {
		t.prev.next = t.next
	} else {
		g.first = t.next
	}
	if t.next != nil {
		t.next.prev = t.prev
	} else {
		g.last = t.prev
	}
	t.prev, t.next = nil, nil
}
