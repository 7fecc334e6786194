package ordinary

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samerun/internal/tracefile"
)

// A run stands at the turn that the event is, or at the next one; behind the last at that.
func TestTurnAt(t *testing.T) {
	run := &tracefile.Trace{}
	for i, kind := range []tracefile.Kind{tracefile.Boot, tracefile.Turn, tracefile.Draw, tracefile.Go, tracefile.Turn, tracefile.Turn, tracefile.Fail} {
		run.Events = append(run.Events, tracefile.Event{N: uint64(i + 1), Kind: kind})
	}
	for event, want := range []uint64{1, 1, 2, 2, 2, 3, 3} {
		if turn, err := turnAt(run, &run.Events[event]); turn != want || err != nil {
			t.Errorf("event %d: turn %d %v, and not %d", event+1, turn, err, want)
		}
	}
	if _, err := turnAt(&tracefile.Trace{Events: run.Events[:1]}, &run.Events[0]); err == nil {
		t.Error("there is a turn in a run without any")
	}
}

// The record of a run that was stopped is how that of the whole run begins, or it is another run.
func TestIsPrefix(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return file
	}
	long := strings.Repeat("x", 200000)
	whole := put("whole", "one\ntwo\n"+long+"\nthree\n")
	for part, want := range map[string]string{
		"":                                   "",
		"one\n":                              "",
		"one\ntwo\n" + long + "\n":           "",
		"one\ntwo\n" + long + "\nthree\n":    "",
		"one\ntoo\n":                         "line 2 of its record differs",
		"one\ntw":                            "differs",
		"one\ntwo\n" + long[1:] + "y\n":      "differs",
		"one\ntwo\n" + long + "\nthree\n4\n": "differs",
	} {
		err := isPrefix(put("part", part), whole)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v", part, err)
		}
	}
	// Where a channel is in memory is no part of a run; who waits, for what, and who holds it are.
	const waits = "waits 3 0.1s 0ff3 chan_receive %s %s a.f:1\n"
	whole = put("whole", fmt.Sprintf(waits, "c000048280", "0ce5"))
	if err := isPrefix(put("part", fmt.Sprintf(waits, "c000099990", "0ce5")), whole); err != nil {
		t.Error(err)
	}
	if err := isPrefix(put("part", fmt.Sprintf(waits, "c000048280", "ffff")), whole); err == nil {
		t.Error("another one holds it")
	}
	if err := isPrefix(filepath.Join(dir, "none"), whole); err == nil {
		t.Error("a record that is not there is a prefix")
	}
}
