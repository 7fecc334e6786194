package ordinary

import (
	"strings"
	"testing"
	"time"

	"samerun/internal/story"
	"samerun/internal/tracefile"
	"samerun/internal/wire"
)

// The turns of goroutines are rows: who starts whom, where each goes on, behind which wait, and
// what the deviations do. Those that never come to a function of the program have no lane.
func TestTurnsAreDrawn(t *testing.T) {
	var b tracefile.Builder
	at := func(ms int, e tracefile.Event) {
		e.At = int64(time.Duration(ms) * time.Millisecond)
		b.Add(e)
	}
	const test, worker, idle, old = "example.com/desk.TestA 0ff3abd9", "goroutine f5afb708", "time.goFunc 00000007", "goroutine 00000009"
	at(0, tracefile.Event{Kind: tracefile.Go, Task: test, Where: "testing.(*M).Run:2456 < main.main:156", Text: "started by goroutine 00000000"})
	at(0, tracefile.Event{Kind: tracefile.Turn, Task: test})
	at(0, tracefile.Event{Kind: tracefile.Go, Task: worker, Where: "sync.(*WaitGroup).Go:241 < example.com/desk.TestA:12", Text: "started by " + test})
	at(0, tracefile.Event{Kind: tracefile.Go, Task: idle, Where: "time.AfterFunc:3", Text: "started by " + test})
	at(1, tracefile.Event{Kind: tracefile.Turn, Task: worker, Where: "sync.(*WaitGroup).Go.func1:241"})
	at(2, tracefile.Event{Kind: tracefile.Draw, Task: worker, Method: "stall", Where: "example.com/desk.(*Desk).Next:9", Text: "2ms"})
	at(2, tracefile.Event{Kind: tracefile.Draw, Task: worker, Method: "rand", Text: "7"})
	at(4, tracefile.Event{Kind: tracefile.Turn, Task: worker, Where: "sync.(*Mutex).Lock:7 < example.com/desk.(*Desk).Next:9"})
	at(5, tracefile.Event{Kind: tracefile.Turn, Task: old, Where: "example.com/desk.init:1"})
	d := &turnDrawing{t: b.Trace(tracefile.Header{}), lanes: map[string]story.Lane{}, own: "desk."}
	drawn := drawTurns(d.events(), "", mostTurns)
	want := `

all that happened, with a lane for each goroutine:
               test      A
  0.000000s      ●       │  test  begins
  0.000000s      ├───────▶  start of A at TestA:12
  0.002000s      │       ●  A  held up for 2ms at (*Desk).Next:9
  0.004000s      │       ●  A  goes on at (*Desk).Next:9, after Mutex.Lock`
	if drawn != want {
		t.Errorf("%s\nand not%s", drawn, want)
	}
	if drawTurns(d.events(), "", 0) != "" || drawTurns(nil, "", mostTurns) != "" {
		t.Error("something is drawn where there is no room, or nothing to draw")
	}
}

// A diagram has the room that the rest of a story leaves.
func TestRoomBeside(t *testing.T) {
	for lines, want := range map[int]int{1: mostTurns, 10: 40 - 9 - 3 - 10, 22: 6, 23: 0, 90: 0} {
		if got := roomBeside("\n\n"+strings.Repeat("line\n", lines), mostTurns); got != want {
			t.Errorf("below %d lines there is room for %d rows, and not %d", lines, got, want)
		}
	}
}

// What a test without faults has sent is drawn, as far as there is room.
func TestSentWithoutFaultsIsDrawn(t *testing.T) {
	end := sentBy(2)
	run := &Run{Tests: []wire.Result{*end}}
	if got := tellFaults(run, end.Test, mostSent); got == "" || got != tellSent(end, mostSent) || strings.Contains(got, "faults") {
		t.Errorf("%q", got)
	}
	if got := tellFaults(run, end.Test, 0); got != "" {
		t.Errorf("without room: %q", got)
	}
}
