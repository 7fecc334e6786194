package ordinary

import (
	"fmt"
	"slices"
	"testing"

	"samerun/internal/gocmd"
	"samerun/internal/wire"
)

// Each kind of the world outside is a line for each package, however many tests use it.
func TestOneLineForAPackage(t *testing.T) {
	u := someRunner(t, nil)
	for run := range 4 {
		var tests []wire.Result
		for i := range 6 {
			r := passing(fmt.Sprintf("Test%d", i))
			r.Processes = run * i
			if i > 3 {
				r.Escaped = fmt.Sprintf("tcp 192.0.2.1:%d", i)
			}
			if i < 2 && run > 1 {
				r.IO = 1
			}
			if run == 0 {
				r.Refused = "127.0.0.1:1"
			}
			tests = append(tests, r)
		}
		for _, arg := range []string{"./b", "./a"} {
			u.noteLeftovers(&gocmd.Package{Arg: arg}, 1, &Run{Tests: tests})
		}
	}
	var want []string
	for _, arg := range []string{"./a", "./b"} {
		want = append(want,
			arg+": Test1, Test2, Test3 and 2 more started other processes, in up to 3 of 4 runs: what those do, and when, is real, and may differ from run to run",
			arg+`: Test4 and Test5 use "tcp 192.0.2.1:4" and "tcp 192.0.2.1:5", which lies outside of the tests: their runs are not exact, since what is there does not follow the seed`,
			arg+": Test0 and Test1 waited for real input or output, in up to 2 of 4 runs: those may differ from run to run",
			arg+": Test0, Test1, Test2 and 3 more dialled 127.0.0.1:1, where nobody in the test listens: -net real lets tests reach the machine's own servers")
	}
	if got := u.Remarks(); !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}
