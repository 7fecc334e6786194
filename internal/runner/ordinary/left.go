package ordinary

import (
	"fmt"
	"maps"
	"slices"

	"samerun/internal/gocmd"
	"samerun/internal/text"
	"samerun/internal/wire"
)

// leftBehind is the goroutines that the tests of a package leave behind: a lab has many
// tests that do, and a line is enough for all of them.
//
// What it holds does not depend on the order in which runs end.
type leftBehind struct {
	pkg    *gocmd.Package
	tests  map[string]int // of each test, the most that it left in one run, without those that wait for ever
	leaky  map[string]int // of each test, the most that it left and that wait for ever
	places map[string]int // how often those were found at each place
	seed   uint64         // the lowest at which there were some
	first  string         // and the test, by name
}

// noteLeft remembers what a test left behind. The caller holds u.mu.
func (u *Runner) noteLeft(p *gocmd.Package, seed uint64, t *wire.Result) {
	leaked := wire.Leaked{}
	if t.Leaked != nil {
		leaked = *t.Leaked
	}
	if t.Left <= 0 && leaked.Count == 0 {
		return
	}
	l := u.left[p.Path]
	if l == nil {
		l = &leftBehind{pkg: p, tests: make(map[string]int), leaky: make(map[string]int), places: make(map[string]int)}
		u.left[p.Path] = l
	}
	if n := t.Left - leaked.Count; n > 0 {
		l.tests[t.Test] = max(l.tests[t.Test], n)
	}
	if leaked.Count == 0 {
		return
	}
	if len(l.leaky) == 0 || seed < l.seed || seed == l.seed && t.Test < l.first {
		l.seed, l.first = seed, t.Test
	}
	l.leaky[t.Test] = max(l.leaky[t.Test], leaked.Count)
	for _, place := range leaked.Places {
		l.places[place.Place] += place.Count
	}
}

// most is the key with the largest number, and that number. Of several it is the first one
// by name.
func most(numbers map[string]int) (key string, n int) {
	for _, k := range slices.Sorted(maps.Keys(numbers)) {
		if numbers[k] > n {
			key, n = k, numbers[k]
		}
	}
	return key, n
}

// leftBehind tells of the goroutines that were left, in one or two sentences a package.
func (u *Runner) leftBehind() (all []string) {
	if u.opts.Program != nil {
		return nil // they end with it
	}
	failing := New(u.by, u.build, u.opts, u.files.Dir)
	failing.lengths, failing.opts.Leaks = u.lengths, LeaksFail
	for _, path := range slices.Sorted(maps.Keys(u.left)) {
		l := u.left[path]
		// Where it fails tests, the failures say it.
		if len(l.leaky) > 0 && u.opts.Leaks != LeaksFail {
			place, _ := most(l.places)
			_, n := most(l.leaky)
			again := failing.Repeat(l.pkg, l.seed, Spec{Pattern: text.TestPattern(l.first), Strategy: u.opts.Strategy}, false)
			all = append(all, fmt.Sprintf("%s: goroutines that wait for ever are left by %s, up to %d, mostly at %s; first at seed %d, %s: %s",
				l.pkg.Arg, text.Count(uint64(len(l.leaky)), "test"), n, place, l.seed, l.first, again))
		}
		if len(l.tests) > 0 {
			test, n := most(l.tests)
			all = append(all, fmt.Sprintf("%s: goroutines that wait are left by %s, up to %d (%s)", l.pkg.Arg, text.Count(uint64(len(l.tests)), "test"), n, test))
		}
	}
	return all
}
