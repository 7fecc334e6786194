package ordinary

import (
	"fmt"
	"strings"

	"samerun/internal/records"
	"samerun/internal/tracefile"
)

// waiting is a goroutine that waits.
type waiting struct {
	line  records.Line
	event uint64 // 0 for a sleep, which is told of when it is over
	place *waitedFor
}

// waitedFor is what goroutines wait for just now. The address says which it is only as long as one
// of them does: later there may be something else.
type waitedFor struct {
	name string
	n    int
}

// waits makes events of who waits for what, and of who or what ends it.
type waits struct {
	x     *tracing
	name  func(id uint64) string
	by    map[uint64]*waiting // goroutine
	at    map[uint64]*waitedFor
	names map[string]int // how many of a kind have a name
}

// thingOf is the kind of what goroutines wait for, as its name has it.
func thingOf(why string) string {
	switch {
	case strings.HasPrefix(why, "sync.Mutex"):
		return "Mutex"
	case strings.HasPrefix(why, "sync.RWMutex"):
		return "RWMutex"
	case strings.HasPrefix(why, "sync.Cond"):
		return "Cond"
	case strings.HasPrefix(why, "sync.WaitGroup"), strings.HasPrefix(why, "sync.(*WaitGroup)"):
		return "WaitGroup"
	}
	return "chan"
}

// begins enters that a goroutine waits.
func (w *waits) begins(l *records.Line, cause uint64) {
	w.over(l.ID)
	g := &waiting{line: *l}
	w.by[l.ID] = g
	if l.Why == "sleep" {
		return
	}
	e := tracefile.Event{At: int64(l.At), Kind: tracefile.Wait, Cause: cause, Task: w.name(l.ID), Method: l.Why, Where: strings.Join(l.Frames, " < ")}
	if l.On != 0 {
		g.place = w.at[l.On]
		if g.place == nil {
			thing := thingOf(l.Why)
			w.names[thing]++
			g.place = &waitedFor{name: fmt.Sprintf("%s %d", thing, w.names[thing])}
			w.at[l.On] = g.place
		}
		g.place.n++
		e.On = g.place.name
	}
	if l.By != 0 {
		e.Text = "held by " + w.name(l.By)
	}
	g.event = w.x.b.Add(e)
}

// over forgets that a goroutine waits.
func (w *waits) over(id uint64) {
	g := w.by[id]
	if g == nil {
		return
	}
	delete(w.by, id)
	if g.place == nil {
		return
	}
	if g.place.n--; g.place.n == 0 {
		delete(w.at, g.line.On)
	}
}

// ends enters that a wait is over, and returns the event that led to what the goroutine does next.
func (w *waits) ends(l *records.Line, cause uint64) uint64 {
	g := w.by[l.ID]
	if g == nil {
		return 0
	}
	defer w.over(l.ID)
	took := int64(l.At - g.line.At)
	e := tracefile.Event{At: int64(l.At), Kind: tracefile.Timer, Task: w.name(l.ID), Took: took, Where: strings.Join(g.line.Frames, " < ")}
	if g.event == 0 {
		e.Method, e.Cause = "sleep", cause
		return w.x.b.Add(e)
	}
	woken := tracefile.Event{At: int64(l.At), Kind: tracefile.Woken, Cause: cause, Task: w.name(l.ID), Method: g.line.Why, Began: g.event, Took: took}
	switch {
	case l.By != 0:
		woken.Text = "by " + w.name(l.By)
	case w.ofNetwork(g):
		woken.Text, woken.Cause = "by the network", g.event
	default:
		e.Method, e.Cause = "timer", g.event
		woken.Text, woken.Cause = "by a timer", w.x.b.Add(e)
	}
	if g.place != nil {
		woken.On = g.place.name
	}
	return w.x.b.Add(woken)
}

// ofNetwork says whether what a goroutine waits for is to come from the network of the test.
func (w *waits) ofNetwork(g *waiting) bool {
	return len(g.line.Frames) > 0 && (strings.HasPrefix(g.line.Frames[0], "net.") || strings.HasPrefix(g.line.Frames[0], "net/"))
}
