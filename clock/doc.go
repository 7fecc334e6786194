// Package clock implements virtual time. A clock stands still while code runs, and
// jumps to the next event when there is nothing left to do at the present instant.
// There is no tick, so an idle hour costs nothing (rule D3 of the design).
//
//	c := clock.New()
//	c.AfterFunc(time.Second, 0, func() { fmt.Println("a second later") })
//	for c.Step() {
//	}
//
// # Two ways to write an instant
//
// Inside the simulator, an instant is a time.Duration since the start of the run. It
// prints as 1.284s, as a report about a run needs it. Programs under test need a
// time.Time; a View gives them one, counted from Epoch.
//
// # Order at one instant
//
// Two events at the same instant are a race in the simulated world. Each event has a
// tie-break, which its owner draws from the seed and from its own identity. It is never
// drawn from a global counter, so that the events of one owner do not change the order of
// another owner's events. Events with tie-break 0 fire in the order in which they were
// scheduled.
//
// This package does not depend on tasks or networks. It is not safe for concurrent use: in a
// run, everything happens one after the other.
//
// # Reading order
//
//   - Queue (queue.go, heap.go) is the event queue: a typed 4-ary heap with cancel and
//     reschedule, and a stable order at one instant.
//   - Clock (clock.go) is the queue and the present instant.
//   - Timer and Ticker (timer.go, ticker.go) have Stop and Reset, as in package time.
//   - Follow (follow.go) lets a clock show the time of another clock, and fires what is due
//     there.
//   - View (view.go) is the time as one node sees it, with offset and drift.
//   - WithTimeout and the other functions of context.go make contexts with virtual deadlines.
package clock
