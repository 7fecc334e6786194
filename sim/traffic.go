package sim

import (
	"math"

	"samerun/internal/overlay/leaf/traffic"
	"samerun/internal/sent"
	"samerun/internal/story"
)

// In a world of goroutines, nodes talk over sockets, of which the trace knows nothing. A run
// that is made for a report has the host note what they sent (leaf/traffic). Here each thing
// sent becomes a row of the story, as a message between tasks is one, at the moment at which it
// arrives or is lost.

// trafficEvents are what the host has noted, in the order of time, and how many there were
// before those.
func (w *World) trafficEvents() (told []story.Event, left int) {
	if w.host == nil {
		return nil, 0
	}
	events, before, ok := traffic.TrafficOf(w.host.Traffic(traffic.TrafficMost))
	if !ok {
		return nil, 0 // the overlay is of another version than this package
	}
	began := w.host.Now() - int64(w.Elapsed()) // this world may have begun later than the test
	sent.Sort(events)
	now := int64(w.Elapsed())
	for i := range events {
		e := &events[i]
		e.At, e.Sent = e.At-began, e.Sent-began
		if e.Sent >= 0 && e.At <= now && e.From != e.To { // what comes later is on its way
			told = append(told, sent.Event(e, w.trafficLane(e.From), w.trafficLane(e.To)))
		}
	}
	return told, int(before)
}

// trafficLane is the lane of a machine. The scenario itself has one, too, to the right of all
// nodes, if it sends anything.
func (w *World) trafficLane(machine int) story.Lane {
	for _, n := range w.nodes {
		switch {
		case n.machine != machine:
		case n == w.main:
			return story.Lane{Index: math.MaxInt32, Name: n.name}
		default:
			return laneOf(n)
		}
	}
	return story.Lane{}
}
