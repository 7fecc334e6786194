package proptest

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"samerun/internal/text"
	"samerun/sched"
	"samerun/sim"
)

// failure is how a try failed. As text it is one line.
type failure struct {
	err    error
	report *sim.Report // of the run; nil if there was none
	seed   uint64
}

// String is what rapid shows and repeats.
func (f *failure) String() string {
	if f.report == nil {
		return headline(f.err)
	}
	faults := "no faults"
	if s := f.report.Schedule; s != nil && s.Size() == 1 {
		faults = "1 fault"
	} else if s != nil && s.Size() > 1 {
		faults = fmt.Sprintf("%d faults", s.Size())
	}
	return fmt.Sprintf("%s (seed %d, %s, digest %s)", headline(f.err), f.report.Seed, faults, f.report.Digest)
}

// story is the report of a failure, above its line. It is written only when it
// is shown, which of all the tries of a shrink is one.
type story struct {
	*failure
	others []string
	before string // the digest that the same draws gave before, if it was another
}

func (s story) String() string {
	var b strings.Builder
	b.WriteString("the run that fails:")
	line := func(format string, args ...any) {
		b.WriteString("\n    " + text.IndentRest(text.Block(fmt.Sprintf(format, args...))))
	}
	if rest := sim.FailureOf(s.err).Error; strings.Contains(rest, "\n") {
		line("%s", rest)
	}
	var panicked *sched.PanicError
	if errors.As(s.err, &panicked) {
		line("  %s", strings.TrimRight(panicked.Stack, "\n"))
	}
	if r := s.report; r != nil {
		line("seed %d, digest %s: %v of virtual time, %d events, %d messages", r.Seed, r.Digest, r.Virtual, r.Events, r.Messages.Sent)
		if r.Schedule != nil {
			line("%s", tell(*r.Schedule))
		}
		for _, o := range r.Outcomes {
			if o.Fired == 0 {
				line("without effect: %v: %s", o.Fault, o.Why)
			}
		}
	}
	if s.before != "" {
		line("the same draws gave digest %s before: the scenario depends on something outside of the world", s.before)
		line("  (a variable that outlives the run, time.Now, math/rand, the order of a map)")
	}
	for _, other := range s.others {
		line("met while shrinking, and left alone: %s", other)
	}
	line("again: the command that rapid shows (its fail file holds the draws)")
	return b.String()
}

// headline is the first line of what went wrong. Times stand in the story.
func headline(err error) string {
	var p *sim.PropertyError
	if errors.As(err, &p) {
		return fmt.Sprintf("property %q broken at %v: %s", p.Name, p.At, text.Line(text.FirstLine(p.Err.Error())))
	}
	return text.Line(text.FirstLine(sim.FailureOf(err).Error))
}

// signature tells failures apart: it is the same for the same failure of
// different tries. To the signature of sim.FailureOf it adds that texts in quotes may differ, because
// they are often drawn.
func signature(err error) string {
	f := sim.FailureOf(err)
	if f.Property != "" {
		return "property " + f.Property
	}
	return quoted.ReplaceAllString(f.Signature, "#")
}

var quoted = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`")
