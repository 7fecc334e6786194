package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samerun/sim/replay"
)

// What a world has seen until its process died is told, and the failure is minimised to its faults.
func TestDyingWorlds(t *testing.T) {
	takesLong(t)
	t.Parallel()
	m := moduleOf(t, "dies", "")
	for _, c := range []struct {
		how, says string
		faults    int
	}{
		{"fatal", "fatal error: sync: unlock of unlocked mutex", 1},
		{"panic", "panic: it dies", 1},
		{"exit", "os.Exit(3)", 1},
		{"deadlock", "deadlock in TestDies", 1},
	} {
		a := m.run("test -seeds 1 -shrink 1h ./dies", "DIES="+c.how)
		a.want(t, exitFailure, a.stdout, c.says, "minimised in ", "3 faults → 1, ", "sometimes \"not reached\" never happened in 1 seed")
		if strings.Contains(a.stdout, `sometimes "reached"`) {
			t.Errorf("%s\n%s", c.how, a.stdout)
		}
		files, err := filepath.Glob(filepath.Join(m.dir, "dies", "testdata", "replay", "*.json"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%s: %v %q", c.how, err, files)
		}
		if p, err := replay.Read(files[0]); err != nil || !p.Settings.Scenario || p.Schedule.Size() != c.faults || len(p.Idle) > 0 {
			t.Errorf("%s: %v %+v", c.how, err, p)
		}
		a = m.run("replay dies/testdata/replay/"+filepath.Base(files[0]), "DIES="+c.how)
		a.want(t, exitSame, a.stdout, "the same run to the bit")
		if err := os.RemoveAll(filepath.Join(m.dir, "dies", "testdata")); err != nil {
			t.Fatal(err)
		}
	}
	m = moduleOf(t, "diesplain", "")
	a := m.run("test -seeds 1-50 -shrink 1h -faults flaky ./diesplain")
	a.want(t, exitFailure, a.stdout, "fatal error: sync: unlock of unlocked mutex", " → 1, ", "\n    faults:\n")
	if strings.Contains(a.stdout, "(met nothing)") || strings.Contains(a.stdout, "not know") {
		t.Error(a.stdout)
	}
}
