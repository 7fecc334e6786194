package sim

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"samerun/sched"
)

// story is what a failing test prints: what broke, proof that it repeats, the
// last things that happened, and the command that shows it again.
type story struct {
	test    string
	seed    uint64
	failure error
	first   *Report
	second  *Report
	stalled bool
	tail    [storyLines]string
	kept    int
}

// storyLines is how many records of the trace a failure shows.
const storyLines = 25

// keep takes a record of the second run.
func (s *story) keep(r Record) {
	s.tail[s.kept%storyLines] = strings.ReplaceAll(r.String(), "\n", "\n        ")
	s.kept++
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
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, "\n    "+format, args...) }
	switch p := (*PropertyError)(nil); {
	case errors.As(s.failure, &p):
		line("property %q broken at %v: %s", p.Name, p.At, indent(p.Err.Error()))
	default:
		line("%s", indent(reasonOf(s.failure)))
	}
	var panicked *sched.PanicError
	if errors.As(s.failure, &panicked) {
		for l := range strings.Lines(panicked.Stack) {
			line("  %s", strings.TrimRight(l, "\n"))
		}
	}
	switch {
	case s.stalled:
		line("seed %d; virtual time stood still, so that nothing more is known", s.seed)
	case s.repeats():
		line("seed %d, %v of virtual time, %d events; run twice, digest %s both times: it repeats",
			s.seed, s.first.Virtual, s.first.Events, s.first.Digest)
	case s.second.Digest == s.first.Digest:
		line("seed %d gave digest %s both times, and ended otherwise when run again (%s): the scenario depends on something outside of the world",
			s.seed, s.first.Digest, indent(ending(s.second)))
		line("  (a variable that outlives the run, time.Now, math/rand, the order of a map)")
	default:
		line("seed %d gave digest %s, and %s when run again: the scenario depends on something outside of the world", s.seed, s.first.Digest, s.second.Digest)
		line("  (a variable that outlives the run, time.Now, math/rand, the order of a map)")
	}
	if n := min(s.kept, storyLines); n > 0 {
		line("the last %d of %d records:", n, s.kept)
		for i := s.kept - n; i < s.kept; i++ {
			line("  %s", s.tail[i%storyLines])
		}
	}
	line("again: %s", s.command())
	return b.String()
}

func indent(s string) string { return strings.ReplaceAll(s, "\n", "\n    ") }

// command is the one line that runs this seed again, from the module's root.
func (s *story) command() string {
	var parts []string
	for part := range strings.SplitSeq(s.test, "/") {
		parts = append(parts, "^"+regexp.QuoteMeta(part)+"$")
	}
	// Names of subtests may hold the quote that the shell ends a string with.
	pattern := strings.ReplaceAll(strings.Join(parts, "/"), "'", `'\''`)
	return fmt.Sprintf("SAMERUN_SEED=%d go test -run '%s' %s", s.seed, pattern, packageDir())
}

// packageDir is the directory of the package under test as seen from the root of
// its module. Tests run in their package's directory.
func packageDir() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	for root := dir; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			rel, err := filepath.Rel(root, dir)
			if err != nil || rel == "." {
				return "."
			}
			if runtime.GOOS == "windows" {
				rel = filepath.ToSlash(rel)
			}
			return "./" + rel
		}
		if filepath.Dir(root) == root {
			return "."
		}
	}
}
