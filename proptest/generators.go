package proptest

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"samerun/sim"
	"samerun/sim/fault"
)

// Topologies generates the names of a world's nodes: n0, n1 and so on, from fewest
// to most of them, every number equally often. It shrinks to the fewest.
func Topologies(fewest, most int) *rapid.Generator[[]string] {
	return rapid.Custom(func(t *rapid.T) []string {
		i := roll(t)
		if fewest < 1 || most < fewest || most > fewest+sides-1 {
			t.Fatalf("proptest.Topologies was given %d to %d nodes; it needs at least one, and at most %d more in the second number", fewest, most, sides-1)
		}
		return nodeNames(fewest + choose(i, most-fewest+1))
	})
}

// Seeds generates seeds of runs, small ones first. It shrinks to 0, the calm run.
func Seeds() *rapid.Generator[uint64] { return rapid.Uint64Range(0, 1<<32-1) }

// seedOf draws the seed of a try of rapid's.
func seedOf(t *rapid.T) uint64 {
	return rapid.Map(Seeds(), func(seed uint64) drawn[uint64] { return drawn[uint64]{seed} }).Draw(t, "seed").value
}

// Links generates how links behave when no schedule interferes. The smallest is
// sim.DefaultLink; others are slower, and lose, double and reorder up to a tenth
// of the messages.
func Links() *rapid.Generator[sim.LinkConfig] {
	return rapid.Custom(func(t *rapid.T) sim.LinkConfig {
		c := sim.DefaultLink()
		if slow := choose(roll(t), 8); slow > 0 {
			c.Latency.Max += time.Duration(1<<slow) * time.Millisecond
		}
		for _, ppm := range [...]*int64{&c.Loss, &c.Duplicate, &c.Reorder} {
			// Half of the links do none of it.
			if some := choose(roll(t), 16) - 8; some >= 0 {
				*ppm = ladder(1_000, 100_000)[min(some, 6)]
			}
		}
		return c
	})
}

// Configs generates whole configurations of a run: seed, links and faults. The
// smallest is the calm run.
func Configs(options ...Option) *rapid.Generator[sim.Config] {
	seeds, links, schedules := Seeds(), Links(), Schedules(options...)
	return rapid.Custom(func(t *rapid.T) sim.Config {
		c := sim.Config{Seed: seeds.Draw(t, "seed"), Link: links.Draw(t, "links")}
		faults := schedules.Draw(t, "faults")
		c.Faults = &faults
		return c
	})
}

// drawn is a value in rapid's log, in words instead of Go syntax.
type drawn[V any] struct{ value V }

// GoString is what rapid's log shows.
func (d drawn[V]) GoString() string {
	var text string
	switch v := any(d.value).(type) {
	case fault.Schedule:
		text = tell(v)
	case sim.Config:
		text = fmt.Sprintf("seed %d, latency %v to %v, loss %d, duplicate %d, reorder %d ppm", v.Seed,
			v.Link.Latency.Min, v.Link.Latency.Max, v.Link.Loss, v.Link.Duplicate, v.Link.Reorder)
		if v.Faults != nil {
			text += ", " + tell(*v.Faults)
		}
	case fmt.Stringer:
		text = v.String()
	default:
		return fmt.Sprintf("%#v", v)
	}
	return text
}

// tell writes a schedule as its story, one fault a line, below a line that
// counts them.
func tell(s fault.Schedule) string {
	if s.Size() == 0 {
		return "no faults"
	}
	noun := "faults"
	if s.Size() == 1 {
		noun = "fault"
	}
	return fmt.Sprintf("%d %s\n  %s", s.Size(), noun, strings.ReplaceAll(s.String(), "\n", "\n  "))
}
