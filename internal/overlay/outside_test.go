package overlay

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"samerun/internal/wire"
)

// What is outside takes its own time, and the test that waits for it is told of.
func TestOutside(t *testing.T) {
	t.Parallel()
	exe := binary(t, "outside")
	for _, seed := range firstOrAll(1, []int{1, 0, 2}) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			out, results, code := run(t, exe, ".", fmt.Sprint("SAMERUN_SEED=", seed))
			if code != 0 || !strings.HasSuffix(out, "PASS\n") {
				t.Errorf("exit status %d\n%s", code, out)
			}
			told := make(map[string]string)
			for line := range strings.Lines(results) {
				var r wire.Result
				if err := json.Unmarshal([]byte(line), &r); err != nil {
					t.Fatal(err, line)
				}
				told[r.Test] = r.Held
			}
			for test, want := range map[string]string{
				"TestChildInTime":   "for a process, in outside.TestChildInTime.func1",
				"TestSystemCall":    "in a system call, in outside.TestSystemCall.func1",
				"TestSilence":       "for input or output, in outside.TestSilence",
				"TestChildDialogue": "for input or output, in outside.TestChildDialogue",
			} {
				if told[test] != want {
					t.Errorf("%s: %q is said to have waited, want %q\n%s", test, told[test], want, results)
				}
			}
		})
	}
}

// A process that TestMain has started lives while the tests run.
func TestOutsideServer(t *testing.T) {
	t.Parallel()
	out, results, code := run(t, binary(t, "outside"), "^(TestServer|TestChildInTime)$", "SAMERUN_SEED=1", "SERVER=1")
	if code != 0 || strings.Contains(results, `"skipped"`) || strings.Count(results, `"ok":true`) != 2 {
		t.Errorf("exit status %d\n%s%s", code, out, results)
	}
}
