package sim

import (
	"fmt"
	"testing"
	"time"
)

// A run that does not repeat is told with the first record in which two such runs
// differ, both sides, or with the place between two records at which they part.
func TestWhereRunsPart(t *testing.T) {
	calls := 0
	for name, c := range map[string]struct {
		fn   func(w *World)
		want []string
	}{
		"a note": {func(w *World) {
			w.Logf("the same")
			w.Sleep(ms)
			w.Logf("call %d", calls)
		}, []string{"the first record in which two such runs differ, number 2:", "after      0.000000s   note     main  the same", "one run    0.001000s   note     main  call 3", "another    0.001000s   note     main  call 4"}},
		"the first": {func(w *World) { w.Logf("call %d", calls) }, []string{"number 1:\n", "one run    0.000000s   note     main  call 3", "another    0.000000s   note     main  call 4"}},
		"a time": {func(w *World) {
			w.Sleep(time.Duration(calls) * ms)
			w.Logf("x")
		}, []string{"number 1:\n", "one run    0.003000s", "another    0.004000s"}},
		"one has less": {func(w *World) {
			w.Logf("the same")
			for range calls % 2 {
				w.Logf("more")
			}
		}, []string{"number 2:\n", "one run    0.000000s   note     main  more", "another    0.000000s   fail"}},
		"a node": {func(w *World) { w.Node(fmt.Sprint("n", calls)).Start(func() {}) }, []string{"number 1:\n", "one run    0.000000s   boot     n3 (boot 1)", "another    0.000000s   boot     n4 (boot 1)"}},
		"turns alone": {func(w *World) {
			w.Logf("the same")
			for range calls {
				w.Scheduler().Yield()
			}
			w.Logf("the same again")
		}, []string{"two such runs take different ways, before a record that both have, number 2:", "after      0.000000s   note     main  the same\n", "before     0.000000s   note     main  the same again"}},
		"the first run alone": {func(w *World) { w.Logf("first: %v", calls == 1) }, []string{"further runs were the same as each other: look for what only the first run of the process does"}},
	} {
		setenv(t, "SAMERUN_SEED", "3")
		calls = 0
		f := runTest(&fakeT{}, func(w *World) {
			calls++
			c.fn(w)
			w.Failf("it always fails")
		})
		t.Run(name, func(t *testing.T) {
			wantIn(t, f.errors[0], append(c.want, "when run again", "in the second run, all that happened")...)
		})
	}
}
