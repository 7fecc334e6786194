package rerun

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// The tool is asked for one test, its seeds, and what of the flags of go test decides what it is.
func TestArgs(t *testing.T) {
	x := &Test{Name: "TestA/b", Seeds: "0-9", Strategy: "pct:3", Shrink: 5 * time.Second}
	args := x.args()
	for _, want := range [][]string{{"-seeds", "0-9"}, {"-run", "^TestA$/^b$"}, {"-shrink", "5s"}, {"-strategy", "pct:3"}} {
		if i := slices.Index(args, want[0]); i < 0 || args[i+1] != want[1] {
			t.Errorf("%q has no %q", args, want)
		}
	}
	if own := slices.Index(args, "-args"); args[0] != "test" || own < 0 && args[len(args)-1] != "." {
		t.Errorf("%q", args)
	}
	if x.Strategy = ""; slices.Contains(x.args(), "-strategy") {
		t.Errorf("%q", x.args())
	}
	x.Replay = "testdata/replay/x.json"
	if args := x.args(); args[0] != "replay" || args[len(args)-1] != x.Replay || slices.Contains(args, "-seeds") {
		t.Errorf("%q", args)
	}
}

// What the arguments say is not in the environment, too, and the tool knows who started it.
func TestEnviron(t *testing.T) {
	got := environ([]string{"HOME=/h", "SAMERUN_SEEDS=1-9", "SAMERUN_STRATEGY=walk", "SAMERUN_STRICT=1", "SAMERUN_SEED=4"})
	if want := []string{"HOME=/h", "SAMERUN_STRICT=1", "SAMERUN_CHILD=1"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Where the test cannot be built once more, one sentence says so.
func TestCannot(t *testing.T) {
	x := &Test{Name: "TestA", Seeds: "1"}
	says := func(want string) {
		t.Helper()
		out, err := x.Run()
		if err == nil || out != "" || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q %v, want %s", out, err, want)
		}
	}
	t.Run("elsewhere", func(t *testing.T) {
		t.Chdir(t.TempDir())
		says("is in no module; start it by go test in the package's own folder")
	})
	t.Run("in another package", func(t *testing.T) {
		t.Chdir("../text")
		says("the binary is of the package samerun/internal/rerun, and runs in the folder of samerun/internal/text; start it by go test in its own")
	})
	t.Run("no go command", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		says("TestA is a test of goroutines, which the go command must build once more, and there is none in PATH")
	})
}
