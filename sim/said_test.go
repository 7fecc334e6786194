package sim

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// What a scenario says when it marks the test as failed is in the story, whichever way
// it says it. The scenarios run in a process of their own, where t is a real one.
func TestWhatAFailingTestSaid(t *testing.T) {
	const variable = "SAMERUN_TEST_SAID"
	ways := map[string]func(t *testing.T, w *World){
		"Fatal":  func(t *testing.T, w *World) { t.Fatal("boom", 7) },
		"Fatalf": func(t *testing.T, w *World) { t.Log("noise"); t.Fatalf("boom %d", 7) },
		"Error":  func(t *testing.T, w *World) { t.Error("boom 7\nin two lines") },
		"Errorf": func(t *testing.T, w *World) { t.Logf("one"); t.Errorf("two"); t.Logf("three") },
		"Fail":   func(t *testing.T, w *World) { t.Fail() },
		"task":   func(t *testing.T, w *World) { w.Go("x", func() { t.Fatal("boom") }) },
		"many": func(t *testing.T, w *World) {
			for i := range 100 {
				t.Log("line", i)
			}
			t.Fatal("boom")
		},
	}
	if way := os.Getenv(variable); way != "" {
		Test(t, func(w *World) {
			t.Log("of all seeds")
			w.Sleep(time.Second)
			if w.Seed() == 3 {
				ways[way](t, w)
			}
			w.Sleep(time.Second)
		})
		return
	}
	place := regexp.MustCompile(`said_test\.go:[0-9]+: `)
	for way, want := range map[string]string{
		"Fatal":  "failed at 1s, and said: boom 7\n before that it said:\n of all seeds\n seed 3,",
		"Fatalf": "failed at 1s, and said: boom 7\n before that it said:\n of all seeds\n noise\n seed 3,",
		"Error":  "failed, and said:\n of all seeds\n boom 7\n in two lines\n seed 3,",
		"Errorf": "failed, and said:\n of all seeds\n one\n two\n three\n seed 3,",
		"Fail":   "failed, and said: of all seeds\n seed 3,",
		"task":   "failed at 1s, and said: boom\n before",
		"many":   "failed at 1s, and said: boom\n before that it said:\n … 89 entries before, and\n line 88\n",
	} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestWhatAFailingTestSaid$")
		cmd.Env = append(os.Environ(), variable+"="+way, "SAMERUN_SEEDS=1-5", "SAMERUN_SHRINK=0", "SAMERUN_OUT="+t.TempDir())
		out, _ := cmd.CombinedOutput()
		var lines []string
		for line := range strings.Lines(string(out)) {
			lines = append(lines, strings.TrimSpace(place.ReplaceAllString(line, "")))
		}
		if text := strings.Join(lines, "\n "); !strings.Contains(text, "the scenario marked the test as "+want) {
			t.Errorf("%s: the output lacks %q:\n%s", way, want, out)
		}
	}
	// With -v package testing keeps nothing, and the output has it.
	cmd := exec.Command(os.Args[0], "-test.v", "-test.run=^TestWhatAFailingTestSaid$")
	cmd.Env = append(os.Environ(), variable+"=Fatal", "SAMERUN_SEED=3", "SAMERUN_SHRINK=0", "SAMERUN_OUT="+t.TempDir())
	out, _ := cmd.CombinedOutput()
	wantIn(t, string(out), ": boom 7", "the scenario marked the test as failed at 1s (the test's own output says why)")
}
