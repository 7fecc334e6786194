package overlay

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// drawLine takes apart a line of a record about a draw, or about a goroutine that starts.
var drawLine = regexp.MustCompile(`^(?:draw \d+ (\S+ \S+) (\S+) (\S+)|go \d+ (\S+))`)

// keyedDraws returns what the record of a run of the folder keys has: what was drawn, by
// the goroutine, the stream and the number; and the goroutines.
func keyedDraws(t *testing.T, exe string, env ...string) map[string]string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "record")
	out, _, code := run(t, exe, ".", append(env, "SAMERUN_SEED=12", "SAMERUN_RECORD="+file)...)
	data, err := os.ReadFile(file)
	if code != 0 || err != nil {
		t.Fatal(code, err, out)
	}
	draws := make(map[string]string)
	for line := range strings.Lines(string(data)) {
		switch m := drawLine.FindStringSubmatch(line); {
		case m == nil:
		case m[4] != "":
			draws["goroutine "+m[4]] = ""
		default:
			draws[m[3]+" "+m[1]] = m[2]
		}
	}
	return draws
}

// What one goroutine does moves no draw of another: D4. Nor does it matter how the
// compiler numbers function literals, and what it makes inline.
func TestDrawsAreKeyed(t *testing.T) {
	plain := keyedDraws(t, binary(t, "keys"))
	for name, other := range map[string]map[string]string{
		"with more of the program elsewhere": keyedDraws(t, binary(t, "keys", "-tags=edited")),
		"without inlining":                   keyedDraws(t, binary(t, "keys", "-gcflags=-l", "-tags=plain")),
		"with another strategy":              keyedDraws(t, binary(t, "keys"), "SAMERUN_STRATEGY=walk"),
	} {
		both, byStream := 0, make(map[string]int)
		for key, drawn := range plain {
			got, found := other[key]
			stream := strings.Fields(key)[1]
			// Whether there was somebody else to go first is up to the course.
			if !found && !strings.Contains(" point stall timer begin ", " "+stream+" ") || found && got != drawn {
				t.Errorf("%s: %s is %q, was %q", name, key, got, drawn)
			}
			if found {
				both++
				byStream[stream]++
			}
		}
		for _, stream := range []string{"user", "map", "select", "timer", "point", "stall", "start", "begin"} {
			if byStream[stream] == 0 {
				t.Errorf("%s: no draw from the stream %s is in both", name, stream)
			}
		}
		if name == "without inlining" && len(other) != len(plain) {
			t.Errorf("%s: %d draws and goroutines, were %d", name, len(other), len(plain))
		}
		if both*4 < len(plain)*3 {
			t.Errorf("%s: only %d of %d draws and goroutines are the same", name, both, len(plain))
		}
	}
	// That of the test, 4 workers, and those of each: by WaitGroup.Go, by itself, one for each
	// time that a timer fires, and a coroutine.
	n := 0
	for key := range plain {
		if strings.HasPrefix(key, "goroutine ") {
			n++
		}
	}
	if want := 1 + 4*(1+2+1+1+3+1); n != want {
		t.Errorf("%d goroutines with identities of their own, want %d", n, want)
	}
}
