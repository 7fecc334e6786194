package ordinary

import (
	"context"
	"strings"

	"samerun/internal/neighbour"
	"samerun/internal/records"
	"samerun/internal/runner"
	"samerun/internal/story"
	"samerun/internal/text"
	"samerun/internal/tracefile"
	"samerun/sim/shrink"
)

// beside makes the smallest run and the nearest one that passes once more, with their traces, and
// says where they part. It returns nil if that cannot be had: nothing else depends on it.
func (c *calmer) beside(r *shrink.Result, whole, left *records.Deviations) *story.Neighbour {
	n := &r.Passing[0]
	failing := c.traced(r.Input, whole)
	if failing == nil {
		return nil
	}
	return neighbour.Tell(failing, c.traced(n.Input, whole), lessInWords(n, whole, left))
}

// traced is the trace of the run of an input, nil if there is none.
func (c *calmer) traced(in shrink.Input, whole *records.Deviations) *tracefile.Trace {
	spec, err := c.specOf(whole.Text(in.Deviations), in, "", runner.Patience*(slowestCalm+runner.Slowest*c.f.Wall))
	defer spec.remove()
	if err != nil {
		return nil
	}
	spec.Pattern = *c.f.Pattern
	t, err := c.view(context.Background(), spec)
	if err != nil {
		return nil
	}
	return t
}

// lessInWords says what an input has less than the smallest, whose deviations are left of the whole.
func lessInWords(n *shrink.Neighbour, whole, left *records.Deviations) string {
	switch {
	case n.Fault != nil:
		return "the fault " + strings.Join(strings.Fields(n.Fault.String()), " ")
	case n.Step != nil:
		return "step " + n.Step.String()
	}
	words := left.StoryOf(*n.Deviation)
	if words == "" {
		words = whole.StoryOf(*n.Deviation)
	}
	words = text.FirstLine(words)
	// When it was, the lines below tell.
	if at, what, ok := strings.Cut(words, ": "); ok && (strings.HasPrefix(at, "turn ") || strings.HasPrefix(at, "at ")) {
		words = what
	}
	return "the deviation: " + words
}

// besideLines is what there is to tell of the nearest run that passes, below the deviations that
// are left.
func (s *calmed) besideLines() []string {
	switch n := len(s.left.All); {
	case s.deviation > 0 && n == 1:
		return s.beside.LinesWithout("this deviation")
	case s.deviation > 0 && n <= fewDeviations:
		return s.beside.LinesWithout("the " + text.Ordinal(s.deviation) + " of these deviations")
	}
	return s.beside.Lines()
}
