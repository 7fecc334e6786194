package sweep

import (
	"fmt"
	"slices"
	"strings"

	"samerun/internal/runner"
	"samerun/internal/text"
)

// names are the tests of a target that is several: what ran at one seed at least, and
// what skipped itself at one. Its zero value has seen no run.
type names struct {
	ran, skipped map[string]bool
}

// note takes in which tests ran at a seed.
func (n *names) note(o *runner.Outcome) {
	if n.ran == nil {
		n.ran, n.skipped = make(map[string]bool), make(map[string]bool)
	}
	for _, name := range o.Ran {
		n.ran[name] = true
	}
	for _, name := range o.Skipped {
		n.skipped[name] = true
	}
}

// never returns the tests that skipped themselves whenever they could have run, sorted.
func (n *names) never() (all []string) {
	for name := range n.skipped {
		if !n.ran[name] {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// isSkipped reports whether each test of a target skipped itself at each seed that was run.
func (sl *slot) isSkipped() bool {
	return sl.Name != "" && sl.bad == 0 && len(sl.ran) == 0 && len(sl.skipped) > 0
}

// allSkipped is the number of targets of which nothing ran because it skipped itself.
func (s *Sweep) allSkipped() (n int) {
	for i := range s.slots {
		if s.slots[i].isSkipped() {
			n++
		}
	}
	return n
}

// tests is how many tests of a target ran.
func (sl *slot) tests() uint64 {
	switch {
	case sl.Name == "" || sl.isEmpty():
		return 0
	case len(sl.ran)+len(sl.skipped) > 0:
		return uint64(len(sl.ran))
	}
	return 1
}

// skips says which tests of a target skipped themselves, or is empty.
func (sl *slot) skips() string {
	const few = 3
	all := sl.never()
	switch n := len(all); {
	case n == 0:
		return ""
	case n > few:
		return fmt.Sprintf("%d tests skipped", n)
	}
	return "skipped: " + strings.Join(all, ", ")
}

// nothingButSkips says so of targets, for the last line; it is empty if there are none.
func (s *Sweep) nothingButSkips() string {
	n := s.allSkipped()
	if n == 0 {
		return ""
	}
	return text.Count(uint64(n), "package") + " with skipped tests only, "
}
