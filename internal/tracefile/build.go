package tracefile

import (
	"cmp"
	"slices"
)

// Builder puts events into the order of time. Events of one instant stay in the order in
// which they were added, and none comes before its cause. The zero value has none.
type Builder struct {
	events []Event
	lanes  []string
	known  map[string]bool
	last   string // that was asked for, and is known
}

// Add adds an event and returns its number for Cause and Msg of others, which is not
// the one that it will have. N is ignored.
func (b *Builder) Add(e Event) uint64 {
	for _, s := range []*string{&e.Node, &e.Peer, &e.Task, &e.Method, &e.Fate, &e.Client, &e.On, &e.Where, &e.Text} {
		if *s != "" {
			*s = clip(*s)
		}
	}
	b.Lane(e.Node)
	b.Lane(e.Peer)
	if len(b.events) == cap(b.events) {
		b.events = slices.Grow(b.events, max(1024, len(b.events)))
	}
	b.events = append(b.events, e)
	e.N = uint64(len(b.events))
	b.events[e.N-1].N = e.N
	return e.N
}

// Lane adds a lane, unless it is there.
func (b *Builder) Lane(name string) {
	if name == "" || name == b.last {
		return
	}
	if name = clip(name); b.known[name] {
		b.last = name
		return
	}
	if b.known == nil {
		b.known = make(map[string]bool)
	}
	b.known[name] = true
	b.lanes = append(b.lanes, name)
}

// Order puts these lanes before all others.
func (b *Builder) Order(names []string) {
	rest := b.lanes
	b.lanes, b.known, b.last = nil, nil, ""
	for _, name := range append(slices.Clip(names), rest...) {
		b.Lane(name)
	}
}

// Len is how many events were added.
func (b *Builder) Len() int { return len(b.events) }

// Trace returns what was added, under a header of which the format, the lanes and the number of
// events are filled in. The Builder must not be used after it.
func (b *Builder) Trace(h Header) *Trace {
	if !b.inOrder() {
		slices.SortStableFunc(b.events, func(x, y Event) int { return cmp.Compare(x.At, y.At) })
	}
	number := make([]uint64, len(b.events)+1)
	for i := range b.events {
		number[b.events[i].N] = uint64(i + 1)
	}
	for i := range b.events {
		e := &b.events[i]
		e.N = uint64(i + 1)
		// An event that came to be known in the wrong order has no cause rather than one
		// behind it.
		e.Cause, e.Msg, e.Began = earlier(number, e.Cause, e.N), earlier(number, e.Msg, e.N), earlier(number, e.Began, e.N)
	}
	h.Format, h.Version, h.Nodes, h.Events = Format, Version, b.lanes, len(b.events)
	if h.Nodes == nil {
		h.Nodes = []string{}
	}
	return &Trace{Header: h, Events: b.events}
}

// inOrder says whether the events came in the order of time, as those of tasks do.
func (b *Builder) inOrder() bool {
	for i := 1; i < len(b.events); i++ {
		if b.events[i].At < b.events[i-1].At {
			return false
		}
	}
	return true
}

// earlier is the number that an event has now, 0 if it is not before n.
func earlier(number []uint64, of, n uint64) uint64 {
	if of >= uint64(len(number)) || number[of] >= n {
		return 0
	}
	return number[of]
}
