package sim

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samerun/internal/host/hosttest"
)

// The folder of a node is its own, the same after a restart, and is gone when the test has ended.
func TestDir(t *testing.T) {
	var a, b, again string
	ran := false
	t.Run("run", func(t *testing.T) {
		hosttest.Run(t, 1, func(h *hosttest.Host) {
			ran = true
			TestWith(hosttest.T{T: t, Host: h}, Config{}, func(w *World) {
				n0, n1 := w.Node("n/0"), w.Node("n1")
				n1.FileSystem(Ordered)
				n0.Start(func() {
					if again = n0.Dir(); a == "" {
						a = again
						if err := os.WriteFile(filepath.Join(a, "f"), []byte("x"), 0o666); err != nil {
							w.Fail(err)
						}
					}
				})
				n1.Start(func() { b = n1.Dir() })
				w.Sleep(time.Millisecond)
				n0.Restart()
				w.Sleep(time.Millisecond)
				if data, err := os.ReadFile(filepath.Join(again, "f")); err != nil || string(data) != "x" {
					w.Failf("%q, %v", data, err)
				}
			}, Goroutines)
			for i, want := range []struct {
				dir   string
				level int
			}{{a, 0}, {b, 1}} {
				if dir, level := h.DiskOf(i + 1); dir != want.dir || level != want.level || dir == "" {
					t.Errorf("the host has %s of level %d for node %d, want %s, %d", dir, level, i+1, want.dir, want.level)
				}
			}
		})
	})
	if !ran {
		t.Skip("with the race detector there is no host here")
	}
	if a != again || a == b || filepath.Base(a) != "1-n_0" {
		t.Errorf("the folders are %s, then %s, and %s", a, again, b)
	}
	for _, dir := range []string{a, filepath.Dir(b)} {
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("%s is there still: %v", dir, err)
		}
	}
}

// What cannot be is told in a sentence.
func TestDirBadInput(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // Run has nobody who would remove folders
	for _, c := range []struct {
		fn   func(w *World)
		want string
	}{
		{func(w *World) { w.Main().Dir() }, "Node.Dir was called on the main node, which is the scenario itself and never crashes; use another node, or t.TempDir"},
		{func(w *World) { w.Node("n").FileSystem(7) }, "Node.FileSystem of n was given file system 7; it is Posix, Ordered or Strict"},
		{func(w *World) { w.Node("n").Dir(); w.Node("n").FileSystem(Strict) }, "Node.FileSystem of n was called after Node.Dir, when its files were of posix already; call it before"},
	} {
		r := onHost(t, Config{Seed: 1}, c.fn)
		if r.Err == nil || !strings.Contains(r.Err.Error(), c.want) {
			t.Errorf("got %v\nwant %s", r.Err, c.want)
		}
	}
	for _, op := range []string{"Node.Dir", "Node.FileSystem"} {
		says(t, Config{Seed: 1}, func(w *World) {
			if op == "Node.Dir" {
				w.Node("n").Dir()
			} else {
				w.Node("n").FileSystem(Strict)
			}
		}, op+" was called on n, which runs tasks, and those have no real files; use Node.Disk, or sim.Goroutines")
	}
}

// The host is told of faults of disks, for each node that they name, while they last; what it
// says that they have done is counted, and told as elements that do the same.
func TestFaultsOfFiles(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // Run has nobody who would remove folders
	var log []string
	var hits []string
	s := schedule(t, 300*ms,
		`{"kind":"torn","at":"10ms","for":"40ms","nodes":["a","b"],"file":"wal"}`,
		`{"kind":"lose","nodes":["b"],"nth":2,"file":"wal/"}`,
		`{"kind":"crashat","for":"50ms","nodes":["%rack"],"nth":7,"file":"wal"}`,
		`{"kind":"unsynced","at":"200ms","nodes":["*"],"ppm":500000}`,
		`{"kind":"crash","at":"150ms","for":"20ms","nodes":["a"]}`,
	)
	var r *Report
	hosttest.Run(t, 1, func(h *hosttest.Host) {
		cfg, p := probing(Config{Seed: 1, host: h, Trace: func(r Record) {
			if r.What != FaultBegins && r.What != FaultEnds {
				log = append(log, strings.Join(strings.Fields(r.String()), " "))
			}
		}})
		note := func(w *World, what string) {
			log = append(log, fmt.Sprint(what, ": ", strings.Join(h.DiskRules(), ", ")))
		}
		r = Run(cfg, func(w *World) {
			a, b := w.Node("a"), w.Node("b")
			w.Domain("rack", b)
			w.Inject(s, time.Second)
			a.Start(func() { a.Dir() })
			b.Start(func() { b.Dir() })
			note(w, "at once")
			w.Sleep(20 * ms)
			note(w, "20ms")
			h.DiskStrike(2, `torn nth=2 sectors=-6 node=1 file="wal"`)
			h.DiskStrike(2, `torn nth=3 sectors=1 node=9 file="wal"`) // of no node that is known
			h.DiskStrike(2, `nonsense`)
			h.DiskStrike(1, `crashat nth=7 node=2 file="wal"`)
			w.Sleep(5 * ms)
			log = append(log, fmt.Sprintf("b is up: %v", b.Up()))
			h.DiskStrike(0, "") // lose has struck
			w.Sleep(60 * ms)
			log = append(log, fmt.Sprintf("b is up: %v, boot %d", b.Up(), b.Boot()))
			note(w, "85ms")
			h.DiskStrike(-1, `lose nth=1 node=1 file="a \"b\""`) // not in a crash: of no element
			w.Sleep(150 * ms)
			note(w, "235ms")
			w.Sleep(100 * ms)
			note(w, "in the quiet period")
		})
		for _, h := range p.Hits {
			hits = append(hits, fmt.Sprintf("%d %v", h.Index, h.Message))
		}
	})
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	want(t, "story", strings.Join(log, "\n"), strings.TrimPrefix(strings.TrimSuffix(`
0.000000s boot a (boot 1)
0.000000s boot b (boot 1)
at once: lose 2 wal/, crashat 2 wal
20ms: lose 2 wal/, crashat 2 wal, torn 1 wal, torn 2 wal
0.020000s crash b (boot 1)
b is up: false
0.070000s note b change #2 of the names in wal/ is lost
0.070000s boot b (boot 2)
b is up: true, boot 2
85ms: lose 2 wal/, crashat 2 wal
0.150000s crash a (boot 1)
0.170000s boot a (boot 2)
235ms: lose 2 wal/, crashat 2 wal, unsynced 1 , unsynced 2 
0.300000s quiet
in the quiet period: 
`, "\n"), "\n"))
	want(t, "hits", strings.Join(hits, "; "), `0 torn  a  write #2 to wal  sectors 1 3; -1 lose  a  write #1 to "a \"b\""`)
	for i, fired := range []uint64{3, 1, 1, 0, 1} {
		want(t, fmt.Sprint("element ", i), r.Outcomes[i].Fired, fired)
	}
}
