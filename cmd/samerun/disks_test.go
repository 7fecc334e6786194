package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samerun/sim/fault"
	"samerun/sim/replay"
)

// diskStore is a test of goroutines whose node keeps the last number that it has acknowledged in a
// file, replaced as a whole. SYNC and SYNCDIR stand where a careful program syncs.
const diskStore = `package disks

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

func save(dir string, n int) error {
	temp, err := os.Create(filepath.Join(dir, "number.tmp"))
	if err != nil {
		return err
	}
	defer temp.Close()
	if _, err := temp.WriteString(strconv.Itoa(n)); err != nil {
		return err
	}
	SYNC
	if err := os.Rename(temp.Name(), filepath.Join(dir, "number")); err != nil {
		return err
	}
	SYNCDIR
	return nil
}

func sync(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func TestNumbers(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		n := w.Node("n0")
		w.Node("n1").Start(func() {})
		w.Inject(fault.Mix{Name: "power", MaxDown: 1, Rules: []fault.Rule{
			{Kind: fault.Crash, Rate: 500, For: fault.Durations{Min: 10 * time.Millisecond, Max: 100 * time.Millisecond}},
			{Kind: fault.Unsynced, PPM: fault.Range{Min: 100_000, Max: 800_000}},
			{Kind: fault.SlowDisk, Rate: 300, Delay: fault.Durations{Min: time.Millisecond, Max: 2 * time.Millisecond}, For: fault.Durations{Min: 100 * time.Millisecond, Max: time.Second}},
			{Kind: fault.Pause, Rate: 300, For: fault.Durations{Min: 10 * time.Millisecond, Max: 100 * time.Millisecond}},
		}}, 4*time.Second)
		acked, tried := 0, 0
		n.Run(func() error {
			have := 0
			data, err := os.ReadFile(filepath.Join(n.Dir(), "number"))
			if err == nil {
				have, err = strconv.Atoi(string(data))
			} else if os.IsNotExist(err) {
				err = nil
			}
			if err != nil || have < acked || have > tried {
				w.Fail(&sim.PropertyError{Name: "what is acknowledged stays", At: w.Elapsed(), Err: fmt.Errorf("%q is there, from %d to %d should be: %v", data, acked, tried, err)})
			}
			acked = have
			for range w.Steps("saves", 60, sim.Durations{Min: 20 * time.Millisecond, Max: 80 * time.Millisecond}) {
				tried++
				if err := save(n.Dir(), tried); err != nil {
					return err
				}
				acked = tried
			}
			return nil
		})
		time.Sleep(4 * time.Second)
	}, sim.Goroutines)
}
`

// A store on real files that leaves out a sync is found out: the smallest failure is a crash and the
// one operation that was lost, and is the same when it is run again. One that leaves out none is
// right at each seed.
func TestDisksOfNodes(t *testing.T) {
	takesLong(t)
	t.Parallel()
	m := newModule(t)
	const synced, dirSynced = "if err := temp.Sync(); err != nil {\n\t\treturn err\n\t}", "if err := sync(dir); err != nil {\n\t\treturn err\n\t}"
	type store struct {
		name, file, dir string
		lost            string // the file whose operation is lost
	}
	for _, c := range firstOrAll(1, []store{
		{"no sync of the file", "", dirSynced, "number.tmp"},
		{"right", synced, dirSynced, ""},
		{"no sync of the folder", synced, "", "/"},
	}) {
		if err := os.RemoveAll(filepath.Join(m.dir, "disks")); err != nil { // what is saved there, too
			t.Fatal(err)
		}
		m.write("disks/disks_test.go", strings.NewReplacer("SYNCDIR", c.dir, "SYNC", c.file).Replace(diskStore))
		a := m.run([]string{"test", "-seeds", "1-30", "-shrink", "1h", "./disks"})
		if c.lost == "" {
			a.want(t, exitOK, a.stdout, "ok    ./disks  TestNumbers  30 seeds\n")
			continue
		}
		a.want(t, exitFailure, a.stdout, "FAIL  ./disks  TestNumbers\n", "what is acknowledged stays", " is lost")
		_, rest, _ := strings.Cut(a.stdout, "    saved: ")
		file, _, _ := strings.Cut(rest, "\n")
		p, err := replay.Read(filepath.Join(m.dir, file))
		if err != nil {
			t.Fatalf("%s: %v\n%s", c.name, err, a.stdout)
		}
		kinds := map[fault.Kind]fault.Fault{}
		for _, f := range p.Schedule.Faults {
			kinds[f.Kind] = f
		}
		if lose := kinds[fault.Lose]; p.Schedule.Size() != 2 || kinds[fault.Crash].Kind == "" || lose.File != c.lost {
			t.Errorf("%s: what is left is\n%v", c.name, p.Schedule)
		}
		a = m.run([]string{"replay", file})
		a.want(t, exitSame, a.stdout, "the same run to the bit")
	}
}
