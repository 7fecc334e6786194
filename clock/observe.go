package clock

import "time"

// Change is something that was done with a clock and that others may notice: see Observe.
type Change struct {
	What ChangeKind
	At   time.Duration // of Scheduled
	Tie  uint64        // of Scheduled
}

// ChangeKind says what a Change is.
type ChangeKind uint8

// The kinds of changes.
const (
	Scheduled   ChangeKind = iota // an event was put into the queue, or moved in it: its place there
	ViewSet                       // the offset or the drift of a View was set
	ContextUsed                   // a context that is not alone has ended, or another depends on it now
)

// Observe calls f with each change, before it happens: for whoever wants to know in which
// parts of a program the order matters. f must not block.
func (c *Clock) Observe(f func(Change)) { c.observer = f }

// observe tells the observer of a change.
func (c *Clock) observe(x Change) {
	if c.observer != nil {
		c.observer(x)
	}
}
