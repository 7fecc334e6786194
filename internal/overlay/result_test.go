package overlay

import (
	"os"
	"strings"
	"testing"

	"samerun/internal/wire"
)

// The line that the overlay prints about a test by hand is a wire.Result, and says
// all that ordinary Go has to say in one. That it says nothing else is what run
// checks each time.
func TestResultLine(t *testing.T) {
	out, text, _ := runAll(t, binary(t, "ends"), "^TestTellsAll$", "SAMERUN_SEED=5")
	results, err := wire.Read(text)
	if err != nil || len(results) != 3 {
		t.Fatalf("%d results of one test, want its beginning, its end, and the end of all: %v\n%s", len(results), err, out)
	}
	if r := results[0]; r.Test != "TestTellsAll" || !r.Began {
		t.Errorf("%s", text)
	}
	if r := results[2]; r.Ended == nil || r.Ended.Code != 1 {
		t.Errorf("%s", text)
	}
	got := results[1]
	if got.Test != "TestTellsAll" || got.Seed != 5 || got.OK || len(got.Digest) != 16 || got.VirtualNS < 1e9 || got.Events == 0 ||
		got.Left != 1 || got.IO == 0 || got.Processes != 1 || got.Refused != "127.0.0.1:1" || !strings.HasSuffix(got.Escaped, "/so\"me\u0001") {
		t.Errorf("%s\n%s", text, out)
	}
}

// A test that starts other processes is told from one that starts none.
func TestProcessesAreCounted(t *testing.T) {
	for test, want := range map[string]int{"TestStarts": 1, "TestCommand": 2, "TestPipe": 0} {
		out, text, _ := run(t, binary(t, "ends"), "^"+test+"$", "SAMERUN_SEED=5")
		results, err := wire.Read(text)
		if err != nil || len(results) != 1 || !results[0].OK || results[0].Processes != want {
			t.Errorf("%s: %+v %v, want %d processes\n%s", test, results, err, want, out)
		}
	}
}

// A process of ordinary tests that is asked for many seeds says so: without any it would
// run as if nobody had asked.
func TestManySeeds(t *testing.T) {
	exe := binary(t, "ends")
	out, text, code := runAll(t, exe, "^TestBusy$", "SAMERUN_SEED=", "SAMERUN_SEEDS=1-3")
	const want = "samerun: SAMERUN_SEEDS=1-3 is set, and a process of ordinary tests runs one seed: set SAMERUN_SEED to one, or run samerun test -seeds 1-3\n"
	if code != 2 || out != want || text != "" {
		t.Errorf("exit status %d, want 2: %s%s", code, out, text)
	}
	for _, set := range [][]string{{"SAMERUN_SEED=5", "SAMERUN_SEEDS=1-3"}, {"SAMERUN_SEED=5", "SAMERUN_SEEDS="}, {"SAMERUN_SEED=", "SAMERUN_SEEDS="}} {
		if out, _, code := runAll(t, exe, "^TestStarts$", set...); code != 0 {
			t.Errorf("%q: exit status %d\n%s", set, code, out)
		}
	}
}

// Where a test begins in the output is marked for the tool, and for nobody else.
func TestMarks(t *testing.T) {
	exe := binary(t, "ends")
	out, _, _ := runAll(t, exe, "^(TestStarts|TestFails|TestFatal)$", "SAMERUN_SEED=5")
	rest := out
	for _, want := range []string{wire.Begins + "TestFatal\n", "cannot go on"} {
		_, after, ok := strings.Cut(rest, want)
		if !ok {
			t.Errorf("%q is missing, or not in its place:\n%s", want, out)
		}
		rest = after
	}
	out, _, _ = runAll(t, exe, "^TestFails$", "SAMERUN_SEED=5", "SAMERUN_RESULTS=")
	if strings.Contains(out, wire.Begins) {
		t.Errorf("a mark that nobody takes out:\n%s", out)
	}
}

// A process that ends in the middle of a test leaves the line with which that began, one
// that it died, and none about the end of all.
func TestResultOfAProcessThatLeaves(t *testing.T) {
	out, text, code := runAll(t, binary(t, "ends"), "^(TestFails|TestLeaves)$", "SAMERUN_SEED=5")
	results, err := wire.Read(text)
	if err != nil || code != 0 || len(results) != 4 || results[1].OK || !results[2].Began || results[2].Test != "TestLeaves" || !results[3].Died {
		t.Errorf("%v, exit status %d\n%s\n%s", err, code, text, out)
	}
	out, text, _ = runAll(t, binary(t, "ends"), "^TestNone$", "SAMERUN_SEED=5")
	results, err = wire.Read(text)
	if err != nil || len(results) != 1 || results[0].Ended == nil || results[0].Ended.Code != 0 {
		t.Errorf("%v\n%s\n%s", err, text, out)
	}
}

// A record that finds no room ends the process, and says why.
func TestRecordWithoutRoom(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full here")
	}
	for test, want := range map[string]string{
		"TestBusy":  "samerun: the record cannot be written whole: ",
		"TestPanic": "samerun: the record cannot be written whole\n",
	} {
		out, _, code := runAll(t, binary(t, "ends"), "^"+test+"$", "SAMERUN_SEED=5", "SAMERUN_RECORD=/dev/full")
		if code != 2 || !strings.Contains(out, want) {
			t.Errorf("%s: exit status %d, want 2 and %q\n%s", test, code, want, out)
		}
	}
}
