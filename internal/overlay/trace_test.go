package overlay

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/exp/trace"
)

// The rule on which everything rests, seen from outside: the execution trace that
// the runtime itself writes shows at most one goroutine of a test running at a time,
// on four processors. The same program without the overlay breaks the rule, and that
// is seen as well.
func TestOneRunsAtATime(t *testing.T) {
	exact := binary(t, "traced")
	for seed := range 4 {
		lanes := record(t, exact, fmt.Sprintf("SAMERUN_SEED=%d", seed+1), "TRACED_WORK=20000")
		if err := lanes.sideBySide(); err != nil {
			t.Errorf("seed %d: %v", seed+1, err)
		}
		if n := len(lanes.of); n < 70 || len(lanes.turns) < 5*n {
			t.Errorf("seed %d: %d turns of %d goroutines; the trace does not show the test", seed+1, len(lanes.turns), n)
		}
	}

	plain := filepath.Join(scratch, "traced-plain.exe")
	cmd := exec.Command(goCommand(), "test", "-c", "-o", plain, ".")
	cmd.Dir, cmd.Env = filepath.Join("testdata", "traced"), toolchainEnviron()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// How soon a second thread gets going is up to the machine: so the goroutines
	// compute for longer and longer.
	for work := 20_000; ; work *= 4 {
		lanes := record(t, plain, fmt.Sprintf("TRACED_WORK=%d", work))
		err := lanes.sideBySide()
		if err != nil {
			t.Logf("without the overlay, as it should be: %v", err)
			break
		}
		if work > 100_000_000 {
			t.Fatal("goroutines that no overlay keeps apart were never seen side by side, so that nothing is proved")
		}
	}
}

// record runs the binary of testdata/traced on four processors and reads its
// execution trace.
func record(t *testing.T, exe string, env ...string) *lanes {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "trace")
	cmd := exec.Command(exe, "-test.run=^TestSideBySide$", "-test.timeout=5m", "-test.trace="+file)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), append(env, "GOMAXPROCS=4", "SAMERUN_WATCHDOG=1m", "TMPDIR="+dir)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l := &lanes{of: map[trace.GoID]bool{}, since: map[trace.GoID]trace.Time{}}
	if err := l.read(bufio.NewReader(f)); err != nil {
		t.Fatal(err)
	}
	return l
}

// lanes is what a trace tells of the goroutines of one test.
//
// Invariant: of holds the goroutine that has logged that it is the test's, and all
// that were started by those in it, but for the runtime's own; since has those that
// run, and from when on.
type lanes struct {
	of    map[trace.GoID]bool
	since map[trace.GoID]trace.Time
	turns []turn
}

// turn is a time in which a goroutine ran without a break.
type turn struct {
	who        trace.GoID
	begin, end trace.Time
	where      string // where it stopped
}

func (l *lanes) read(in io.Reader) error {
	r, err := trace.NewReader(in)
	if err != nil {
		return err
	}
	for {
		e, err := r.ReadEvent()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch e.Kind() {
		case trace.EventLog:
			if e.Log().Category == "traced" {
				l.of[e.Goroutine()] = true
				l.since[e.Goroutine()] = e.Time() // it is running now
			}
		case trace.EventStateTransition:
			if s := e.StateTransition(); s.Resource.Kind == trace.ResourceGoroutine {
				l.change(e, s)
			}
		}
	}
}

// change follows a goroutine that begins, runs, stops or ends.
func (l *lanes) change(e trace.Event, s trace.StateTransition) {
	id := s.Resource.Goroutine()
	from, to := s.Goroutine()
	if from == trace.GoNotExist && l.of[e.Goroutine()] && !ofTheRuntime(s.Stack) {
		l.of[id] = true
	}
	if !l.of[id] {
		return
	}
	begin, running := l.since[id]
	switch {
	case to.Executing() && !running:
		l.since[id] = e.Time()
	case !to.Executing() && running:
		l.turns = append(l.turns, turn{id, begin, e.Time(), s.Reason + " " + place(e.Stack())})
		delete(l.since, id)
	}
}

// ofTheRuntime says whether a goroutine that begins with this stack is one that the
// runtime starts for itself, such as a worker of the collector.
func ofTheRuntime(stack trace.Stack) bool {
	for f := range stack.Frames() {
		return strings.HasPrefix(f.Func, "runtime.")
	}
	return false
}

// place is the innermost function of a stack that is not the runtime's.
func place(stack trace.Stack) string {
	for f := range stack.Frames() {
		if !strings.HasPrefix(f.Func, "runtime.") {
			return "in " + f.Func
		}
	}
	return ""
}

// sideBySide says which two goroutines ran at the same time, if any did.
func (l *lanes) sideBySide() error {
	turns := slices.Clone(l.turns)
	slices.SortFunc(turns, func(a, b turn) int { return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end)) })
	times, first := 0, error(nil)
	for i := 1; i < len(turns); i++ {
		a, b := turns[i-1], turns[i]
		if b.begin < a.end {
			times++
			if first == nil {
				first = fmt.Errorf("goroutine %d ran from %d to %d (%s), and goroutine %d from %d to %d (%s)", a.who, a.begin, a.end, a.where, b.who, b.begin, b.end, b.where)
			}
		}
		turns[i].end = max(a.end, b.end)
	}
	if first == nil {
		return nil
	}
	return fmt.Errorf("%w; this happened %d times in %d turns", first, times, len(turns))
}
