package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"samerun/internal/gocmd"
)

// fullAfter takes n bytes, as a disk that is nearly full.
type fullAfter struct{ n int }

func (w *fullAfter) Write(p []byte) (int, error) {
	if len(p) <= w.n {
		w.n -= len(p)
		return len(p), nil
	}
	n := w.n
	w.n = 0
	return n, syscall.ENOSPC
}

// Whatever a verb prints, it is not well if that cannot be written.
func TestOutputThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	dir, err := fixtureDir()
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{"help", "help test", "help replay", "test -h", "goflags -h", "shrink -h", "overlay -h", "doctor -h"}
	if os.Getenv("SAMERUN_LONG") != "" {
		lines = append(lines, "test -seeds 1 -run TestGood ./zoo", "test -json -seeds 1 -run TestGood ./zoo", "overlay", "overlay -diff", "goflags")
	}
	for _, line := range lines {
		for _, room := range []int{0, 20} {
			var errOut bytes.Buffer
			a := &app{&fullAfter{room}, &errOut, gocmd.Caller{Dir: dir, Environ: append(gocmd.ChildEnviron(os.Environ()), "SAMERUN_OVERLAY=off")}}
			code := a.main(t.Context(), strings.Fields(line))
			if code != exitMisuse || strings.Count(errOut.String(), syscall.ENOSPC.Error()) != 1 {
				t.Errorf("%s, with room for %d bytes: exit status %d, %q", line, room, code, errOut.String())
			}
		}
	}
}

// A file that is no regular one holds nobody up, and a record has room or is an error.
func TestFilesThatAreNone(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe.json")
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		t.Skip("no named pipes here: ", err)
	}
	for line, want := range map[string]string{
		"replay " + pipe: "the replay file " + pipe + " cannot be read: it is a named pipe, not a regular file",
		"shrink " + pipe: "the replay file " + pipe + " cannot be read: it is a named pipe, not a regular file",
		"test -seeds 1 -picks " + pipe + " ./calm":  "-picks " + pipe + ": it cannot be read: it is a named pipe, not a regular file",
		"test -seeds 1 -record " + pipe + " ./calm": "-record " + pipe + ": it is a named pipe, not a regular file",
		"test -seeds 1 -record /dev/full ./calm":    "-record /dev/full: it is a device, not a regular file",
	} {
		a := runUnmodifiedTool(t, line)
		if a.code != exitMisuse || !strings.Contains(a.stdout+a.stderr, want) {
			t.Errorf("%s: exit status %d\n%s%swant %s", line, a.code, a.stdout, a.stderr, want)
		}
	}
	empty := filepath.Join(t.TempDir(), "empty.picks")
	if err := errors.Join(os.WriteFile(empty, nil, 0o666)); err != nil {
		t.Fatal(err)
	}
	a := runUnmodifiedTool(t, "test -seeds 1 -picks "+empty+" ./calm")
	a.want(t, exitMisuse, a.stderr, "-picks "+empty+": it has no test: it is empty, or was cut off")
}

// A record that is of another test, or whose deviations are not met, does not pass.
func TestRecordsThatDoNotFit(t *testing.T) {
	takesLong(t)
	t.Parallel()
	record := filepath.Join(t.TempDir(), "record")
	a := runUnmodifiedTool(t, "test -seeds 3 -run ^TestFirst$ -record "+record+" ./mains")
	a.want(t, exitOK, a.stdout, "ok ")
	a = runUnmodifiedTool(t, "test -seeds 3 -run ^TestFirst$ -picks "+record+" ./mains")
	a.want(t, exitOK, a.stdout, "ok ")
	a = runUnmodifiedTool(t, "test -seeds 3 -run ^TestEnds$ -picks "+record+" ./mains")
	a.want(t, exitFailure, a.stdout, "FAIL  ./mains  TestEnds\n", "the record has nothing of this test")
	data, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(record, append(data, "turn 7 0.000000000s 0/2 00000000000000aa +1@1 x.Y:1\n"...), 0o666); err != nil {
		t.Fatal(err)
	}
	a = runUnmodifiedTool(t, "test -seeds 3 -run ^TestFirst$ -picks "+record+" ./mains")
	a.want(t, exitFailure, a.stdout, "FAIL  ./mains  TestFirst\n", "the record does not fit this code: 0 of its 1 deviations were met")
}
