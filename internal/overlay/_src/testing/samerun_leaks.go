package testing

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"time"
	_ "unsafe" // for go:linkname
)

// Goroutines that a test leaves behind and that wait for ever.

// These are in package runtime.

//go:linkname samerunFindLeaks
func samerunFindLeaks() int

//go:linkname samerunStucks
func samerunStucks() int

//go:linkname samerunStuckAt
func samerunStuckAt(i int, stack []uintptr) (birth uint64, from uintptr, n int, wait string)

//go:linkname samerunTellsStuck
func samerunTellsStuck(f func(now int64))

//go:linkname samerunHeard
func samerunHeard()

//go:linkname samerunPartStuck
func samerunPartStuck() bool

//go:linkname samerunFreshStucks
func samerunFreshStucks() int

// What becomes of a test that leaves such goroutines: SAMERUN_LEAKS.
const (
	samerunLeaksTell = "tell" // it is told, and the test passes
	samerunLeaksFail = "fail"
	samerunLeaksOff  = "off" // nobody looks
)

// samerunLeaksAsked is one of these.
var samerunLeaksAsked = samerunLeaksTell

// samerunReadLeaks reads the setting.
func samerunReadLeaks() {
	switch s := os.Getenv("SAMERUN_LEAKS"); s {
	case "":
	case samerunLeaksTell, samerunLeaksFail, samerunLeaksOff:
		samerunLeaksAsked = s
	default:
		fmt.Fprintf(os.Stderr, "samerun: SAMERUN_LEAKS=%s is not understood; set it to tell, fail or off: what is to become of a test that leaves goroutines which wait for ever\n", s)
		os.Exit(2)
	}
}

// samerunLeak is where some of these goroutines wait.
type samerunLeak struct {
	place, function, wait string
	count                 int
}

func (l *samerunLeak) String() string {
	return l.place + ": " + l.function + " waits " + l.wait
}

// samerunLeaks are those of one test, the most frequent place first.
type samerunLeaks struct {
	count  int
	fails  bool // the test fails because of them
	places []samerunLeak
}

// samerunLookForLeaks looks for goroutines that a test which has ended has left behind and
// that wait for ever.
func samerunLookForLeaks(t *T) (l samerunLeaks) {
	if samerunLeaksAsked == samerunLeaksOff {
		return l
	}
	// Those have been called. What they refer to is not in use because of that.
	t.mu.Lock()
	t.cleanups = nil
	t.mu.Unlock()
	l.count = samerunFindLeaks()
	for i := range l.count {
		one := samerunLeakAt(i)
		same := func(p samerunLeak) bool { return p.place == one.place && p.wait == one.wait }
		if i := slices.IndexFunc(l.places, same); i >= 0 {
			l.places[i].count++
			continue
		}
		one.count = 1
		l.places = append(l.places, one)
	}
	// Else in the order in which the first of each was started.
	slices.SortStableFunc(l.places, func(a, b samerunLeak) int { return cmp.Compare(b.count, a.count) })
	return l
}

// samerunLeakAt is where the i-th goroutine that was found waits. Of one that stands in the
// standard library alone, that is where it was started, or the innermost function that does not wait
// on behalf of others.
func samerunLeakAt(i int) samerunLeak {
	var stack [64]uintptr
	_, from, n, wait := samerunStuckAt(i, stack[:])
	var at *samerunFrame
	for _, f := range samerunFrames(stack[:n]...) {
		if f.User {
			at = &f
			break
		}
		if at == nil && !samerunWaitsForOthers(f.Func) {
			at = &f
		}
	}
	if at == nil || !at.User {
		if list := samerunFrames(from); len(list) > 0 && list[0].User {
			wait += ", in " + cmp.Or(at, &samerunFrame{Func: "the standard library"}).Func
			at = &list[0]
		}
	}
	if at == nil {
		return samerunLeak{place: "?", function: "a goroutine", wait: wait}
	}
	return samerunLeak{place: fmt.Sprintf("%s:%d", path.Base(at.File), at.Line), function: path.Base(at.Func), wait: wait}
}

// samerunWaitsForOthers reports whether a function is of a package in which others wait.
func samerunWaitsForOthers(name string) bool {
	return strings.HasPrefix(name, "runtime.") || strings.HasPrefix(name, "internal/") || strings.HasPrefix(name, "sync.")
}

// samerunStuckText describes the goroutines that were found.
func samerunStuckText() string {
	births := make(map[uint64]bool)
	for i := range samerunStucks() {
		birth, _, _, _ := samerunStuckAt(i, nil)
		births[birth] = true
	}
	return samerunWaits(samerunMostTold, false, func(_, birth uint64) bool { return births[birth] })
}

// samerunTellStuck says that goroutines wait for ever while the test goes on.
func samerunTellStuck(now int64) {
	fmt.Fprintf(os.Stderr, "samerun: %s has %s, at %v of its virtual time, while others go on\n\n%s\n",
		samerunNow.t.name, (&samerunLeaks{count: samerunFreshStucks()}).words(), time.Duration(now).Round(time.Microsecond), samerunStuckText())
}

// samerunLeakPlaces is how many places are told.
const samerunLeakPlaces = 8

// json is the part of the line of results that is about them.
func (l *samerunLeaks) json() string {
	if l.count == 0 {
		return ""
	}
	var list []string
	for i := range l.places[:min(len(l.places), samerunLeakPlaces)] {
		p := &l.places[i]
		list = append(list, fmt.Sprintf(`{"place":%s,"count":%d}`, samerunJSON(p.String()), p.count))
	}
	fails := ""
	if l.fails {
		fails = `"fails":true,`
	}
	return fmt.Sprintf(`,"leaked":{"count":%d,%s"places":[%s]}`, l.count, fails, strings.Join(list, ","))
}

// tell says what a test has left behind, and fails it if that was asked for.
func (l *samerunLeaks) tell(t *T) {
	if l.count == 0 {
		return
	}
	var b strings.Builder
	failed := t.Failed()
	if samerunLeaksAsked == samerunLeaksFail && !failed {
		l.fails = true
		for c := &t.common; c != nil; c = c.parent {
			c.mu.Lock()
			c.failed = true
			c.mu.Unlock()
		}
		p := &l.places[0]
		fmt.Fprintf(&b, "--- FAIL: %s (leak)\n    %s: %s is left, which waits for ever %s\n", t.name, p.place, p.function, p.wait)
	} else if failed || samerunResults != "" {
		// The test has something else to say, or the tool tells it at its end.
		return
	}
	if samerunFreshStucks() == 0 {
		fmt.Fprintf(&b, "samerun: %s ends and leaves %s, as was told above\n", t.name, l.words())
	} else {
		fmt.Fprintf(&b, "samerun: %s ends and leaves %s\n\n%s\n", t.name, l.words(), samerunStuckText())
	}
	os.Stderr.WriteString(b.String())
}

// words is how many they are.
func (l *samerunLeaks) words() string {
	if l.count == 1 {
		return "a goroutine that waits for ever"
	}
	return fmt.Sprintf("%d goroutines that wait for ever", l.count)
}
