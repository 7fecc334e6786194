package sim

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"samerun/internal/format"
	"samerun/sched"
	"samerun/sim/fault"
)

// story is what a failing test prints: what broke, proof that it repeats, what
// went wrong in the world before, and the command that shows it again.
type story struct {
	test    string
	cfg     Config
	failure error
	first   *Report
	second  *Report
	stalled bool
	records records
	flags   string // of go test, with which the test was built
	saved   string // path of the replay file, if there is one
	unsaved error  // why there is none
	shrunk  string // how it was minimised
	// attached are the files beside it, or why there are none.
	attached []string
	// replayed says that the run was the replay of that file.
	replayed bool
	// unseeded says that the seed alone does not make the run.
	unseeded bool
}

// repeats says that the second run was the first to the bit, its end included,
// of which the digest knows only what the world itself broke off.
func (s *story) repeats() bool {
	return s.second != nil && s.second.Digest == s.first.Digest && ending(s.second) == ending(s.first)
}

// ending is how a run ended, in words that a repetition must repeat.
func ending(r *Report) string {
	if r.Err == nil {
		return "no error"
	}
	return reasonOf(r.Err)
}

func (s *story) String() string {
	var b storyText
	s.whatBroke(&b)
	s.proof(&b)
	if s.shrunk != "" {
		b.line("%s", indent(s.shrunk))
	}
	s.input(&b)
	s.schedule(&b)
	s.records.tell(&b)
	s.advice(&b)
	return b.String()
}

// storyText is a story line by line.
type storyText struct{ strings.Builder }

func (b *storyText) line(format string, args ...any) { fmt.Fprintf(b, "\n    "+format, args...) }

func (s *story) whatBroke(b *storyText) {
	if p := (*PropertyError)(nil); errors.As(s.failure, &p) {
		b.line("property %q broken at %v: %s", p.Name, rounded(p.At), indent(p.Err.Error()))
	} else {
		b.line("%s", indent(reasonOf(s.failure)))
	}
	var panicked *sched.PanicError
	if errors.As(s.failure, &panicked) {
		for l := range strings.Lines(panicked.Stack) {
			b.line("  %s", strings.TrimRight(l, "\n"))
		}
	}
}

// proof says which run it was, and whether it repeats.
func (s *story) proof(b *storyText) {
	seed, digest := s.first.Seed, s.first.Digest
	switch {
	case s.stalled:
		b.line("seed %d; virtual time stood still, so that nothing more is known", seed)
		return
	case s.repeats():
		b.line("seed %d, %v of virtual time, %d events; run twice, digest %s both times: it repeats",
			seed, rounded(s.first.Virtual), s.first.Events, digest)
		return
	case s.second.Digest == digest:
		b.line("seed %d gave digest %s both times, and ended otherwise when run again (%s): the scenario depends on something outside of the world",
			seed, digest, indent(ending(s.second)))
	default:
		b.line("seed %d gave digest %s, and %s when run again: the scenario depends on something outside of the world", seed, digest, s.second.Digest)
	}
	b.line("  (a variable that outlives the run, time.Now, math/rand, the order of a map)")
}

// storyFaults is how many faults a story lists.
const storyFaults = 20

// schedule lists the faults that took effect.
func (s *story) schedule(b *storyText) {
	all := s.first.Outcomes
	var fired fault.Schedule
	n := 0
	for _, o := range all {
		if o.Fired == 0 {
			continue
		}
		if n++; n <= storyFaults {
			fired.Faults = append(fired.Faults, o.Fault)
		}
	}
	switch {
	case len(all) == 0:
		return
	case n == 0:
		b.line("of the schedule's %s, none took effect", counted(len(all), "fault"))
		return
	}
	b.line("of the schedule's %s, %d took effect:", counted(len(all), "fault"), n)
	for _, l := range outdented(fired.String()) {
		b.line("  %s", l)
	}
	if n > storyFaults {
		b.line("  … and %d more", n-storyFaults)
	}
}

// outdented returns the lines of a text without the blanks that all begin with:
// faults without a time leave the column of times empty.
func outdented(text string) []string {
	lines := strings.Split(text, "\n")
	margin := len(text)
	for _, l := range lines {
		margin = min(margin, len(l)-len(strings.TrimLeft(l, " ")))
	}
	for i := range lines {
		lines[i] = lines[i][margin:]
	}
	return lines
}

// advice says where the failure is kept, and what shows it again.
func (s *story) advice(b *storyText) {
	for _, file := range s.attached {
		b.line("beside it: %s", indent(file))
	}
	seed := s.command(fmt.Sprintf("SAMERUN_SEED=%d", s.first.Seed))
	switch {
	case s.saved != "":
		b.line("again: %s", s.command("SAMERUN_REPLAY="+format.ShellQuote(s.saved)))
		if !s.replayed && !s.unseeded {
			b.line("   or: %s", seed)
		}
	case s.unsaved != nil:
		b.line("no replay file could be written: %s", indent(s.unsaved.Error()))
		if !s.unseeded {
			b.line("again: %s", seed)
		}
	case !s.unseeded:
		b.line("again: %s", seed)
	}
}

// rounded leaves a time the microseconds that a story needs.
func rounded(d time.Duration) time.Duration { return d.Round(time.Microsecond) }

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func indent(s string) string { return strings.ReplaceAll(s, "\n", "\n    ") }
