package main

import (
	"os"
	"path/filepath"
	"testing"
)

// What a world itself does from several goroutines, such as to save and to decide what a
// fault befalls, is no race of the program: the runtime tells the detector of maps, whoever
// uses them.
func TestWorldHasNoRaces(t *testing.T) {
	takesLong(t)
	t.Parallel()
	m := mixedCopy(t)
	dir := filepath.Join(m.dir, "race")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "race_test.go"), []byte(raceless), 0o666); err != nil {
		t.Fatal(err)
	}
	a := m.run("test -race -shrink 0 -seeds 1-5 ./race")
	a.want(t, exitOK, a.stdout, "5 seeds, no failure")

	// One that the program has is told as by Go, and its file is the same race.
	if err := os.WriteFile(filepath.Join(dir, "race_test.go"), []byte(racing), 0o666); err != nil {
		t.Fatal(err)
	}
	a = m.run("test -race -shrink 0 -seeds 1 ./race")
	a.want(t, exitFailure, a.stdout, "FAIL  ./race  TestRacing\n", "\n    WARNING: DATA RACE\n", "race_test.go:12")
	files, err := filepath.Glob(filepath.Join(dir, "testdata/replay/*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%q, %v", files, err)
	}
	a = m.run("replay -race " + filepath.ToSlash(files[0]))
	a.want(t, exitSame, a.stdout, "the same run to the bit")
}

const racing = `package race

import (
	"testing"
	"time"

	"samerun/sim"
)

var v int

func count() { v++ }

func TestRacing(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		w.Node("a").Start(count)
		w.Node("b").Start(count)
		w.Sleep(time.Second)
	}, sim.Goroutines)
}
`

const raceless = `package race

import (
	"net"
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

func TestRaceless(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		for _, name := range []string{"a", "b"} {
			n := w.Node(name)
			n.Run(func() error {
				for _, key := range []string{"x", "y"} {
					go func() {
						for {
							n.Save(key, append(n.Load("x"), 1))
							time.Sleep(time.Millisecond)
						}
					}()
				}
				c, err := net.ListenPacket("udp", ":9")
				if err != nil {
					return err
				}
				to := &net.UDPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 9}
				for {
					c.WriteTo([]byte("x"), to)
					time.Sleep(time.Millisecond)
				}
			})
		}
		w.Inject(fault.Chaos(), time.Second)
		time.Sleep(time.Second)
	}, sim.Goroutines)
}
`
