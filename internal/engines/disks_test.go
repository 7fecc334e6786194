package engines

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// journal is a log of ordinary Go below a folder: lines, each acknowledged when it is synced.
type journal struct {
	f      *os.File
	noSync bool
}

// openJournal reads the lines that are there.
func openJournal(dir string, noSync bool) (j *journal, lines []string, err error) {
	path := filepath.Join(dir, "wal")
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, nil, err
	}
	d, err := os.Open(dir)
	if err == nil {
		err = errors.Join(d.Sync(), d.Close())
	}
	if err != nil {
		return nil, nil, err
	}
	return &journal{f, noSync}, strings.Fields(string(data)), nil
}

// add appends a line.
func (j *journal) add(line string) error {
	if _, err := j.f.WriteString(line + "\n"); err != nil {
		return err
	}
	if j.noSync {
		return nil
	}
	return j.f.Sync()
}

// keeps is a world in which a node keeps a journal, and what is acknowledged must stay.
func keeps(noSync bool, s fault.Schedule) func(w *sim.World) {
	return func(w *sim.World) {
		n := w.Node("n")
		w.Inject(s, 2*time.Second)
		acked := 0
		n.Run(func() error {
			j, lines, err := openJournal(n.Dir(), noSync)
			if err != nil {
				return err
			}
			w.Logf("%d lines", len(lines))
			if len(lines) < acked {
				w.Fail(&sim.PropertyError{Name: "what is acknowledged stays", At: w.Elapsed(), Err: fmt.Errorf("%d of %d lines", len(lines), acked)})
			}
			acked = len(lines)
			for range w.Steps("lines", 20, sim.Durations{Min: 10 * time.Millisecond, Max: 30 * time.Millisecond}) {
				if err := j.add(fmt.Sprint("line", acked)); err != nil {
					w.Logf("%v", err)
					return nil
				}
				acked++
			}
			return nil
		})
		time.Sleep(2 * time.Second)
	}
}

// diskCases are schedules, and how a journal that syncs, and one that does not, fares.
var diskCases = []struct {
	name     string
	noSync   bool
	elements string
	fails    bool
	fired    []uint64
}{
	{"crash", false, `{"kind":"crash","at":"100ms","for":"10ms","nodes":["n"]}`, false, []uint64{1}},
	{"crash without sync", true, `{"kind":"crash","at":"100ms","for":"10ms","nodes":["n"]}`, true, []uint64{1}},
	{"all survives", true, `{"kind":"crash","at":"100ms","for":"10ms","nodes":["n"]},{"kind":"unsynced","nodes":["n"],"ppm":1000000}`, false, []uint64{1, 2}},
	{"one is lost", true, `{"kind":"crash","at":"100ms","for":"10ms","nodes":["n"]},{"kind":"lose","nodes":["n"],"nth":2,"file":"wal"}`, true, []uint64{1, 1}},
	{"one of another file is lost", true, `{"kind":"crash","at":"100ms","for":"10ms","nodes":["n"]},{"kind":"lose","nodes":["n"],"nth":2,"file":"snapshot"}`, false, []uint64{1, 0}},
	{"a crash in the third operation", false, `{"kind":"crashat","for":"10ms","nodes":["n"],"nth":3,"file":"wal"}`, false, []uint64{1}},
	{"a crash in the fourth", false, `{"kind":"crashat","for":"10ms","nodes":["n"],"nth":4,"file":"wal"}`, false, []uint64{1}},
	{"never so many operations", false, `{"kind":"crashat","for":"10ms","nodes":["n"],"nth":4000,"file":"wal"}`, false, []uint64{0}},
	{"a sync fails", false, `{"kind":"syncfail","nodes":["n"],"nth":3,"file":"wal"},{"kind":"crash","at":"1s","for":"10ms","nodes":["n"]}`, false, []uint64{1, 1}},
	{"no space", false, `{"kind":"nospace","at":"100ms","nodes":["n"],"bytes":10}`, false, []uint64{2}},
	{"slow", false, `{"kind":"slowdisk","at":"100ms","for":"100ms","nodes":["n"],"min":"1ms","max":"5ms"}`, false, []uint64{2}},
}

// TestHostDisks runs one of them, at the seed of the process.
func TestHostDisks(t *testing.T) {
	onHost(t)
	for _, c := range diskCases {
		if c.name != os.Getenv("ENGINES_DISK") {
			continue
		}
		s, err := fault.Parse([]byte(`{"faults":[` + c.elements + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		x := &quietly{T: t}
		sim.Test(x, func(w *sim.World) {
			keeps(c.noSync, s)(w)
			for i, o := range w.Outcomes() {
				fmt.Printf("element %d: %d %s\n", i, min(o.Fired, 2), o.Why)
			}
		}, sim.Goroutines)
		fmt.Printf("BEGIN\n%s\nEND\n", endOf(x.said))
	}
}

// Files of ordinary Go below the folder of a node are lost, torn and spoilt as the schedule says, on
// each seed, in the same way whatever the processors do.
func TestDisksOnTheHost(t *testing.T) {
	switch runtime.GOOS + "/" + runtime.GOARCH {
	case "linux/amd64", "linux/arm64", "linux/riscv64":
	default:
		t.Skip("no disks here")
	}
	for _, c := range diskCases {
		t.Run(c.name, func(t *testing.T) {
			for _, seed := range []uint64{0, 1} {
				one := run(t, "^TestHostDisks$", seed, "ENGINES_DISK="+c.name, "GOMAXPROCS=1")
				two := run(t, "^TestHostDisks$", seed, "ENGINES_DISK="+c.name, "GOMAXPROCS=4", "GOGC=5")
				if one.digests() != two.digests() || one.digests() == "" {
					t.Errorf("seed %d: %s and %s\n%s", seed, one.digests(), two.digests(), one.out)
				}
				if fails := strings.Contains(one.out, "what is acknowledged stays"); fails != c.fails {
					t.Errorf("seed %d: fails is %v\n%s", seed, fails, one.out)
				}
				for i, fired := range c.fired {
					if !c.fails && !strings.Contains(one.out, fmt.Sprintf("element %d: %d", i, fired)) {
						t.Errorf("seed %d: element %d did not take effect as often as %d\n%s", seed, i, fired, one.out)
					}
				}
			}
		})
	}
}
