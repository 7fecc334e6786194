package overlay

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
)

// A new goroutine goes before the next step of the one that started it on some seeds, with
// each kind of strategy, not in the calm run, and never if goroutines are to begin late.
func TestTheNewOneGoesFirst(t *testing.T) {
	exe := binary(t, "gofirst")
	for _, test := range []string{"TestWithoutLocks", "TestOfWaitGroup", "TestWithLock"} {
		for _, c := range []struct {
			name  string
			env   []string
			first uint64
			some  bool
		}{
			{"walk", nil, 1, true},
			{"random", []string{"SAMERUN_STRATEGY=random"}, 1, true},
			{"pct", []string{"SAMERUN_STRATEGY=pct:2:16"}, 1, true},
			{"calm", []string{"SAMERUN_STRATEGY=fifo"}, 0, false},
			{"late", []string{"SAMERUN_GO=late"}, 1, false},
			{"late pct", []string{"SAMERUN_GO=late", "SAMERUN_STRATEGY=pct:2:16"}, 1, false},
		} {
			t.Run(test+" "+c.name, func(t *testing.T) {
				t.Parallel()
				var failed atomic.Int64
				for seed := c.first; seed < c.first+40 && (failed.Load() == 0 || !c.some); seed++ {
					if _, _, code := run(t, exe, "^"+test+"$", append(c.env, fmt.Sprintf("SAMERUN_SEED=%d", seed))...); code != 0 {
						failed.Add(1)
					}
				}
				if (failed.Load() > 0) != c.some {
					t.Errorf("%d seeds fail", failed.Load())
				}
			})
		}
	}
}

// A goroutine that was started begins late on some seeds, under strategies that hold others up
// at points, too: never in the calm run. The run is the same again, alone and with
// other collections, and its record has a line that is enough for a replay.
func TestTheNewOneBeginsLate(t *testing.T) {
	exe := binary(t, "gofirst")
	for _, test := range []string{"TestBegunByThen", "TestGroupBegunByThen"} {
		for _, c := range []struct {
			name, strategy string
			first          int
			some           bool
		}{
			{"walk", "", 1, true},
			{"late walk", "SAMERUN_GO=late", 1, true},
			{"random", "SAMERUN_STRATEGY=random", 1, true},
			{"pct", "SAMERUN_STRATEGY=pct:2:16", 1, true},
			{"fifo", "SAMERUN_STRATEGY=fifo", 1, false},
			{"delay", "SAMERUN_STRATEGY=delay:2:16", 1, false},
			{"calm", "", 0, false},
			{"no time", "SAMERUN_TURN_NS=0", 1, false},
		} {
			t.Run(test+" "+c.name, func(t *testing.T) {
				t.Parallel()
				last := c.first + 300
				if !c.some {
					last = c.first + 60
				}
				if c.name == "calm" {
					last = 0
				}
				for seed := c.first; seed <= last; seed++ {
					env := []string{fmt.Sprintf("SAMERUN_SEED=%d", seed), c.strategy}
					_, _, code := run(t, exe, "^"+test+"$", env...)
					switch {
					case code == 0:
						continue
					case !c.some:
						t.Fatalf("seed %d fails", seed)
					}
					beginsLateAgain(t, exe, test, env)
					return
				}
				if c.some {
					t.Error("no seed fails")
				}
			})
		}
	}
}

var begunLate = regexp.MustCompile(`(?m)^draw \d+ begin 1 [0-9a-f]{16} [0-9a-f]{16} .*gofirst\.Test\w+:\d+$`)

// beginsLateAgain runs one seed again, recorded, and then the line alone of the goroutine
// that begins late.
func beginsLateAgain(t *testing.T, exe, test string, env []string) {
	file := filepath.Join(t.TempDir(), "record")
	_, results, code := run(t, exe, "^"+test+"$", append(env, "SAMERUN_RECORD="+file, "GOGC=10", "GOMAXPROCS=1")...)
	if code != 1 {
		t.Fatalf("recorded, the exit status is %d", code)
	}
	if _, again, _ := run(t, exe, "^"+test+"$", append(env, "GOGC=400", "GOMAXPROCS=8")...); again != results {
		t.Errorf("again, it differs:\n%s", differences(results, again))
	}
	record, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	line := begunLate.Find(record)
	if line == nil {
		t.Fatalf("no goroutine begins late in\n%s", record)
	}
	head, _, _ := strings.Cut(string(record), "\n")
	picks := filepath.Join(t.TempDir(), "picks")
	if err := os.WriteFile(picks, []byte(head+"\n"+string(line)+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if out, _, code := run(t, exe, "^"+test+"$", append(env, "SAMERUN_PICKS="+picks)...); code != 1 || strings.Contains(out, "does not fit") {
		t.Errorf("the exit status of the replay is %d:\n%s", code, out)
	}
	picks += "2"
	if err := os.WriteFile(picks, []byte(head+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, _, code := run(t, exe, "^"+test+"$", append(env, "SAMERUN_PICKS="+picks)...); code != 0 {
		t.Errorf("without that line the exit status is %d", code)
	}
}

// However many there are, all begin.
func TestAllBeginInTheEnd(t *testing.T) {
	exe := binary(t, "gofirst")
	for seed := range 20 {
		if out, _, code := run(t, exe, "^TestAllBeginInTheEnd$", fmt.Sprintf("SAMERUN_SEED=%d", seed)); code != 0 {
			t.Errorf("seed %d: exit status %d:\n%s", seed, code, out)
		}
	}
}
