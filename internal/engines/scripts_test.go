package engines

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"samerun/internal/faultscript"
	"samerun/internal/host/hosttest"
	"samerun/sim"
)

// scripts are the files of testdata/faults, by the kind of fault that each has.
func scripts(t *testing.T) []string {
	files, err := filepath.Glob("../../testdata/faults/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	return files
}

// observing runs a script on an engine, and returns what may be observed of its runs: each
// with its lines sorted, since the order within an instant is the engine's own.
func observing(t *testing.T, file string, run func(cfg sim.Config, scenario func(w *sim.World))) string {
	var all, lines []string
	s := faultscript.New()
	s.Observe(func(cfg sim.Config, scenario func(w *sim.World)) {
		lines = nil
		run(cfg, scenario)
		slices.Sort(lines)
		all = append(all, fmt.Sprintf("run %d", len(all)+1), strings.Join(lines, "\n"))
	}, func(line string) { lines = append(lines, line) })
	datadriven.RunTest(t, file, s.Do)
	return strings.Join(all, "\n")
}

func scriptOnTasks(t *testing.T, file string) string {
	return observing(t, file, func(cfg sim.Config, scenario func(w *sim.World)) {
		cfg.Strategy = "fifo"
		if r := sim.Run(cfg, scenario); r.Err != nil {
			t.Errorf("%s: %v", file, r.Err)
		}
	})
}

// The scripts of faults, one for each kind, tell the same story on both engines.
func TestScriptsAgree(t *testing.T) {
	for _, file := range scripts(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want := scriptOnTasks(t, file)
			got := observing(t, file, func(cfg sim.Config, scenario func(w *sim.World)) {
				seed := cfg.Seed
				cfg.Seed = 0
				hosttest.Run(t, seed, func(h *hosttest.Host) {
					sim.TestWith(hosttest.T{T: t, Host: h}, cfg, scenario, sim.Goroutines)
				})
			})
			if got != want || !strings.Contains(want, "took effect") {
				t.Errorf("tasks:\n%s\ngoroutines:\n%s", want, got)
			}
		})
	}
}

// TestHostScripts prints what may be observed of the scripts at the seed of the process.
func TestHostScripts(t *testing.T) {
	h := onHost(t)
	for _, file := range scripts(t) {
		fmt.Printf("BEGIN %s\n%s\nEND\n", filepath.Base(file), observing(t, file, func(cfg sim.Config, scenario func(w *sim.World)) {
			if cfg.Seed == h.Seed() {
				cfg.Seed = 0
				sim.TestWith(t, cfg, scenario, sim.Goroutines)
			}
		}))
	}
}

// So they do where goroutines are those of the changed standard library.
func TestScriptsAgreeOnTheHost(t *testing.T) {
	r := run(t, "^TestHostScripts$", 1, "SAMERUN_TURN_NS=100")
	if !r.ok {
		t.Fatal(r.out)
	}
	for _, file := range scripts(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "seed=") {
			continue // its runs have other seeds than the process
		}
		want := scriptOnTasks(t, file)
		_, got, _ := strings.Cut(r.out, "BEGIN "+filepath.Base(file)+"\n")
		if got, _, _ = strings.Cut(got, "\nEND\n"); got != want {
			t.Errorf("%s: tasks:\n%s\ngoroutines:\n%s", file, want, got)
		}
	}
}
