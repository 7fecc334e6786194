// Package clock is virtual time: a clock that stands still while code runs and
// jumps to the next event when nothing is left to do at the present instant. An
// idle hour costs nothing, because there is no tick (rule D3 of the design).
//
//	c := clock.New()
//	c.AfterFunc(time.Second, 0, func() { fmt.Println("a second later") })
//	for c.Step() {
//	}
//
// # Reading order
//
//   - Queue (queue.go, heap.go) is the event queue: a typed 4-ary heap with
//     cancel and reschedule, and a stable order at one instant.
//   - Clock (clock.go) is the queue and the present instant.
//   - Timer and Ticker (timer.go, ticker.go) have Stop and Reset as package time has.
//   - Follow (follow.go) lets a clock show the time of another one, and fire what is due there.
//   - View (view.go) is the time as one node sees it: offset and drift.
//   - WithTimeout and its sisters (context.go) are contexts whose deadline is virtual.
//
// # Two ways to write an instant
//
// Inside the simulator an instant is a time.Duration since the start of the
// run: it prints as 1.284s, which is what a story about a run wants. Programs
// under test want a time.Time; a View gives them one, counted from Epoch.
//
// # Order at one instant
//
// Two events at the same instant are a race in the world that is simulated.
// Each event carries a tie-break, which its owner draws from the seed and from
// its own identity (never from a global counter, so that one owner's events
// do not shuffle another's). Tie-break 0 keeps the order of scheduling.
//
// This package knows nothing of tasks and of networks. It is not safe for
// concurrent use: in a run everything happens one after the other.
package clock
