package replay

import (
	"fmt"
	"slices"

	"samerun/sched"
)

// Deviation is a scheduling decision that differs from the strategy's: a turn, before
// which others went first, or a draw. It is one of the two: a turn has a Ready that is
// not 0, a draw has a Stream.
type Deviation struct {
	Turn sched.Deviation
	Draw Draw
	// Place says in words where that was, for people. No run is matched by it.
	Place string
}

// Draw is what one goroutine drew: a choice that has a calm way, which it did not take.
type Draw struct {
	Of uint64 // the goroutine: a hash of who started it and where
	// Stream says what is drawn for, one of those that Streams returns.
	Stream string
	// In is, of points and stalls, the function where it was, such as "(*Raft).tick".
	In  string
	Nth uint64 // which of the goroutine's draws from that stream, in that function, from 1
	// Value is what was drawn. Of a select it is the place that a case takes among those
	// before it in the source, from 0; of a stall, a late begin and a delay it is the time in nanoseconds;
	// of a timer a word that orders it among those of one instant; of a point 0.
	Value uint64
}

// Streams returns the streams of draws: the order in which select looks at its cases, that of
// timers at one instant, points at which a goroutine loses its turn or stalls, go statements at which the new one
// goes first, goroutines that begin late, and how long what is sent over a socket is on its way.
func Streams() []string {
	return []string{"select", "timer", "point", "stall", "start", "begin", "delay"}
}

// IsDraw says that the deviation is a draw, and not a turn.
func (d Deviation) IsDraw() bool { return d.Draw.Stream != "" }

func (d Deviation) equal(e Deviation) bool { return d.Turn == e.Turn && d.Draw == e.Draw }

// Key tells which decision it is, for people: its place, if it has one.
func (d Deviation) Key() string {
	switch {
	case d.Place != "":
		return d.Place
	case !d.IsDraw():
		return d.Turn.String()
	case d.Draw.In != "":
		return fmt.Sprintf("draw %d for a %s in %s, by goroutine %016x", d.Draw.Nth, d.Draw.Stream, d.Draw.In, d.Draw.Of)
	}
	return fmt.Sprintf("draw %d for a %s, by goroutine %016x", d.Draw.Nth, d.Draw.Stream, d.Draw.Of)
}

// Turns are the deviations that are turns.
func (p *File) Turns() []sched.Deviation {
	var turns []sched.Deviation
	for _, d := range p.Deviations {
		if !d.IsDraw() {
			turns = append(turns, d.Turn)
		}
	}
	return turns
}

// TurnsOf returns turns as deviations.
func TurnsOf(turns []sched.Deviation) []Deviation {
	var all []Deviation
	for _, d := range turns {
		all = append(all, Deviation{Turn: d})
	}
	return all
}

// checkDeviations refuses those that no failure can have left.
func (p *File) checkDeviations() error {
	if p.World == Goroutines && len(p.Deviations) > 0 && p.Strategy != "fifo" {
		return fmt.Errorf("the field \"strategy\" is %q; deviations of goroutines are those from \"fifo\"", p.Strategy)
	}
	if err := sched.CheckDeviations(p.Turns()); err != nil {
		return fmt.Errorf("its deviations: %w", err)
	}
	type key struct {
		of         uint64
		stream, in string
		nth        uint64
	}
	seen := make(map[key]bool)
	for i, d := range p.Deviations {
		if !d.IsDraw() {
			if p.World == Goroutines && (d.Turn.Shift == 0 || d.Turn.Resumed != 0) {
				return fmt.Errorf("deviations[%d] is the turn of a goroutine: it needs a \"shift\", how many go first, and has no \"resumed\"", i)
			}
			if d.Turn.Shift > maxShift && p.World == Goroutines {
				return fmt.Errorf("deviations[%d] lets %d others go first; the most is %d", i, d.Turn.Shift, uint64(maxShift))
			}
			continue
		}
		k := key{d.Draw.Of, d.Draw.Stream, d.Draw.In, d.Draw.Nth}
		point := d.Draw.Stream == "point" || d.Draw.Stream == "stall" || d.Draw.Stream == "start"
		switch {
		case p.World != Goroutines:
			return fmt.Errorf("deviations[%d] is a draw, which tasks have none of; their deviations are turns", i)
		case d.Turn != sched.Deviation{}:
			return fmt.Errorf("deviations[%d] is a draw and a turn; it must be one of the two", i)
		case !slices.Contains(Streams(), d.Draw.Stream):
			return fmt.Errorf("deviations[%d] is a draw from the stream %q; there are %q", i, d.Draw.Stream, Streams())
		case d.Draw.Nth == 0:
			return fmt.Errorf("deviations[%d] is the draw number 0; the first one of a goroutine is 1", i)
		case point != (d.Draw.In != ""):
			return fmt.Errorf("deviations[%d] is a draw for a %s; \"in\", the function, goes with points, stalls and starts, and with no others", i, d.Draw.Stream)
		case point && !isFunction(d.Draw.In):
			return fmt.Errorf("deviations[%d] is in %q, which is no name of a function; an example is \"(*Raft).tick\"", i, d.Draw.In)
		case seen[k]:
			return fmt.Errorf("deviations[%d] is about the same draw as one before it", i)
		}
		seen[k] = true
	}
	return nil
}

// maxShift bounds how many go before a goroutine.
const maxShift = 1<<32 - 1

// isFunction reports whether a text can be the name of a function: it has no blanks and
// no control characters.
func isFunction(name string) bool {
	for _, r := range name {
		if r <= ' ' || r == 0x7f || r == 0xfffd {
			return false
		}
	}
	return name != ""
}
