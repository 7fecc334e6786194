package bugs

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const module = "testdata/bugs"

// build builds the tool.
func build(t *testing.T) (samerun string) {
	t.Helper()
	samerun = filepath.Join(t.TempDir(), "samerun")
	if out, err := exec.Command("go", "build", "-o", samerun, "samerun/cmd/samerun").CombinedOutput(); err != nil {
		t.Fatalf("the tool does not build: %v\n%s", err, out)
	}
	return samerun
}

// Each bug is found, as one of its own kind, and what is left of it is minimal. The test
// takes all kernels if SAMERUN_LONG is set, and else those with a star. It fails, too, if
// one is found that is listed as missed.
func TestFound(t *testing.T) {
	kernels, err := Read(filepath.Join(module, "kinds.txt"))
	if err != nil {
		t.Fatal(err)
	}
	samerun := build(t)
	for _, k := range kernels {
		if !k.Fast && os.Getenv("SAMERUN_LONG") == "" {
			continue
		}
		t.Run(k.Test, func(t *testing.T) {
			if k.Verdict == "race" && runtime.GOARCH == "386" {
				t.Skip("there is no race detector for 386")
			}
			t.Parallel()
			found, err := Sweep(t.Context(), samerun, module, k)
			switch {
			case err != nil:
				t.Fatal(err)
			case k.Missed != "":
				if found.Verdict == k.Verdict {
					t.Errorf("seed %d shows it, take the dash away: %s", found.Seed, found.Error)
				}
				return
			case found.Seed == 0:
				t.Fatalf("%s: no seed of 1-%d shows it", k.Kind, Seeds)
			case found.Verdict != k.Verdict:
				t.Errorf("%s: it %s, want %s: %s\n%s", k.Kind, found.Verdict, k.Verdict, found.Error, found.Story)
			case !found.Minimal:
				t.Errorf("%s: it is not minimised: %s", k.Kind, found.Story)
			}
			t.Logf("seed %d, %d deviations → %d: %s", found.Seed, found.Deviations[0], found.Deviations[1], found.Error)
		})
	}
}

// A file that does not fit the tests beside it is refused.
func TestReadRefuses(t *testing.T) {
	tests := []struct{ file, want string }{
		{"* TestA  fails  one\n", "does not name TestB"},
		{"* TestA  fails  one\n  TestB  hangs  two\n", "kinds.txt:2: "},
		{"* TestA  fails  one\n  TestB  race\n", "kinds.txt:2: "},
		{"* TestA  fails  one\n  TestB  race  two\n  TestC  leak  three\n", "names TestC"},
		{"* TestA  fails  one\n  TestB  race  two\n  TestA  leak  three\n", "twice"},
		{"- TestA  fails  one\n  TestB  race  two\n", "kinds.txt:1: "},
		{"* TestA  fails  one\n  TestB  race  two | it hides\n", "kinds.txt:2: "},
		{"* TestA  fails  one\n- TestB  race  two | it hides\n", ""},
		{"# none\n\n* TestA  fails  one\n  TestB  race  two\n", ""},
	}
	for _, tt := range tests {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"kinds.txt": tt.file,
			"a_test.go": "package a\n\nfunc TestA(t *testing.T) {}\n\nfunc TestB(t *testing.T) {}\n",
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		_, err := Read(filepath.Join(dir, "kinds.txt"))
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.file, err, tt.want)
		}
	}
}

// Failures are told apart by what the tool says of them, and not by the names of files.
func TestVerdict(t *testing.T) {
	for _, tt := range []struct{ problem, story, want string }{
		{"deadlock in TestA: every goroutine of the test waits, and no timer is set", "", "deadlock"},
		{"leaves goroutines that wait for ever: a_test.go:3: a.f waits to send to a channel, at 20µs of its virtual time", "--- FAIL: TestA (leak)", "leak"},
		{"panic: send on closed channel", "panic: send on closed channel\n", "panics"},
		{"race detected", "WARNING: DATA RACE\n", "race"},
		{"still running after 20s", "", "hangs"},
		{"TestA: leaks_test.go:3: 1, want 2", "--- FAIL: TestA\n    leaks_test.go:3: 1, want 2\n", "fails"},
	} {
		if got := verdict(tt.problem, tt.story); got != tt.want {
			t.Errorf("%q %q: %s, want %s", tt.problem, tt.story, got, tt.want)
		}
	}
}

// The lines of the tool are read for what they are.
func TestReadLines(t *testing.T) {
	const lines = `{"package":"a","seed":1,"ok":true}
{"package":"a","seed":2,"ok":false,"error":"failed","story":"--- FAIL: TestA\nWARNING: DATA RACE"}
{"package":"a","seed":2,"ok":false,"error":"failed","story":"smaller","minimised":{"minimal":true,"deviations":[7,1]}}
{"package":"a","seed":null,"vacuous":["x"]}
`
	found, runs, err := read([]byte(lines))
	want := Found{Seed: 2, Verdict: "race", Error: "failed", Deviations: [2]int{7, 1}, Minimal: true, Story: "smaller"}
	if err != nil || runs != 1 || found != want {
		t.Errorf("%+v, %d runs, %v; want %+v, 1 run", found, runs, err, want)
	}
	if _, _, err := read([]byte(`{"package":"a","seed":null,"empty":"no test"}`)); err == nil {
		t.Error("a sweep without tests is read as one without failures")
	}
}
